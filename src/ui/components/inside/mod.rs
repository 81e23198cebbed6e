//! Looking inside a model: what it rebuilds well and badly, its weights, what excites a unit, its layers at work, and its code space.

use leptos::ev::{Event, KeyboardEvent};
use leptos::prelude::*;
use web_sys::Element;

use self::code_space::CodeSpace;
use self::layers::Layers;
use self::reconstructions::Reconstructions;
use self::unit::UnitView;
use self::weights::Weights;
use super::model_choice;
use crate::client::SlotKey;
use crate::protocol::{ExampleKind, GetShape, ModelId, Shape};
use crate::ui::dom::focus::focus;
use crate::ui::dom::keys::plain_key;
use crate::ui::i18n::{I18n, t_string, use_i18n};
use crate::ui::state::answers::use_answer;
use crate::ui::state::engine_handle::EngineHandle;
use crate::ui::state::inside_view::InsideView;
use crate::ui::state::router::Router;

mod code_space;
mod film;
mod layers;
mod maximisation;
mod reconstructions;
mod unit;
mod weights;

/// The names of a view, a layer and a unit in links.
const VIEW: &str = "view";
const LAYER: &str = "layer";
const UNIT: &str = "unit";

/// The id of the panel that the tabs choose.
const PANEL: &str = "inside-panel";

/// What is looked at. Provided as a context.
#[derive(Clone, Copy)]
struct Inside {
    model: RwSignal<ModelId>,
    view: RwSignal<InsideView>,
    /// Counted from the input, which is 0.
    layer: RwSignal<usize>,
    unit: RwSignal<usize>,
    /// Of the weights in use; of the shipped ones until the engine has told.
    shape: Memo<Option<Shape>>,
    /// The numbers in each layer.
    layers: Memo<Vec<usize>>,
}

/// The id of a view's tab.
fn tab_id(view: InsideView) -> String {
    format!("view-{}", view.name())
}

/// An activation as it is shown, in brackets what the activation function was applied to.
fn activation(activation: f32, before: Option<f32>) -> String {
    match before {
        Some(before) => format!("{activation:.3} ({before:.3})"),
        None => format!("{activation:.3}"),
    }
}

fn name(view: InsideView, i18n: I18n) -> &'static str {
    match view {
        InsideView::Reconstructions => t_string!(i18n, inside.reconstructions),
        InsideView::Weights => t_string!(i18n, inside.weights),
        InsideView::Unit => t_string!(i18n, inside.unit),
        InsideView::Layers => t_string!(i18n, inside.layers),
        InsideView::Codes => t_string!(i18n, inside.codes),
    }
}

fn about(view: InsideView, i18n: I18n) -> &'static str {
    match view {
        InsideView::Reconstructions => t_string!(i18n, inside.about_reconstructions),
        InsideView::Weights => t_string!(i18n, inside.about_weights),
        InsideView::Unit => t_string!(i18n, inside.about_unit),
        InsideView::Layers => t_string!(i18n, inside.about_layers),
        InsideView::Codes => t_string!(i18n, inside.about_codes),
    }
}

/// Has what was `chosen` for a model go with it, unless a link names both.
fn reset_with_model(model: RwSignal<ModelId>, chosen: RwSignal<Option<String>>) {
    let router = expect_context::<Router>();
    let linked = StoredValue::new(None::<String>);
    router.on_visit(move |query| linked.set_value(query.get(model_choice::KEY)));
    Effect::new(move |was: Option<ModelId>| {
        let model = model.get();
        let by_link = linked.try_update_value(Option::take).flatten();
        if was.is_some_and(|was| was != model) && by_link.as_deref() != Some(model.name()) {
            chosen.set(None);
        }
        model
    });
}

impl Inside {
    /// Follows links, and the address follows what is looked at.
    fn linked(model: RwSignal<ModelId>) -> Self {
        let (router, engine) = (expect_context::<Router>(), expect_context::<EngineHandle>());
        let (view, layer, unit) = (RwSignal::new(InsideView::Reconstructions), RwSignal::new(1), RwSignal::new(0));
        router.on_visit(move |query| {
            if let Some(name) = query.get(VIEW)
                && let Some(named) = InsideView::from_name(&name)
            {
                view.set(named);
            }
            for (name, signal) in [(LAYER, layer), (UNIT, unit)] {
                if let Some(number) = query.number(name) {
                    signal.set(number.max(0.0) as usize);
                }
            }
        });
        Effect::new(move |is_first: Option<bool>| {
            let (view, layer, unit) = (view.get(), layer.get(), unit.get());
            if is_first == Some(false) {
                router.note(VIEW, Some(view.name()));
                router.note(LAYER, Some(&layer.to_string()));
                router.note(UNIT, Some(&unit.to_string()));
            }
            false
        });
        let in_use = use_answer(SlotKey::ShapeInUse, model, |model| Some(GetShape { model, settings: None }));
        let shape = Memo::new(move |_| in_use.get().or_else(|| engine.shipped_shape(model.get())));
        let layers = Memo::new(move |_| shape.get().map(|shape| shape.layers).unwrap_or_default());
        Inside { model, view, layer, unit, shape, layers }
    }

    /// Looks at a unit of a layer.
    fn show_unit(self, layer: usize, unit: usize) {
        self.layer.set(layer);
        self.unit.set(unit);
        self.view.set(InsideView::Unit);
    }
}

/// One view at a time of a model with the weights that are in use.
#[component]
pub fn InsideViews(model: RwSignal<ModelId>) -> impl IntoView {
    let i18n = use_i18n();
    let inside = Inside::linked(model);
    let computing = expect_context::<EngineHandle>().computing;
    provide_context(inside);
    let view = inside.view;
    let key_down = move |event: KeyboardEvent| {
        let at = InsideView::ALL.into_iter().position(|tab| tab == view.get_untracked()).unwrap_or_default();
        let next = match plain_key(&event).as_str() {
            "ArrowRight" => (at + 1) % InsideView::ALL.len(),
            "ArrowLeft" => (at + InsideView::ALL.len() - 1) % InsideView::ALL.len(),
            _ => return,
        };
        event.prevent_default();
        view.set(InsideView::ALL[next]);
        focus(&tab_id(InsideView::ALL[next]));
    };
    let tab = move |tab: InsideView| {
        let is_chosen = move || view.get() == tab;
        view! {
            <button
                type="button"
                class="tab"
                role="tab"
                id=tab_id(tab)
                data-testid=tab_id(tab)
                aria-controls=PANEL
                aria-selected=move || is_chosen().to_string()
                tabindex=move || if is_chosen() { "0" } else { "-1" }
                on:click=move |_| view.set(tab)
            >
                {move || name(tab, i18n)}
            </button>
        }
    };
    let has_images = Memo::new(move |_| {
        inside.shape.with(|shape| shape.as_ref().is_none_or(|shape| shape.examples == ExampleKind::Digits))
    });
    // The weights of a convolution are not between units and pixels.
    let has_maps =
        Memo::new(move |_| inside.shape.with(|shape| shape.as_ref().is_some_and(|shape| shape.maps_of(1).is_some())));
    let shown = move || match view.get() {
        _ if !has_images.get() => view! { <p>{move || t_string!(i18n, inside.no_images)}</p> }.into_any(),
        InsideView::Reconstructions => view! { <Reconstructions /> }.into_any(),
        InsideView::Weights => view! { <Weights /> }.into_any(),
        InsideView::Unit => view! { <UnitView /> }.into_any(),
        InsideView::Layers => view! { <Layers /> }.into_any(),
        InsideView::Codes => view! { <CodeSpace /> }.into_any(),
    };
    view! {
        <div class="tabs" role="tablist" aria-label=move || t_string!(i18n, inside.views) on:keydown=key_down>
                {InsideView::ALL.map(tab)}
            </div>
            <div class="inside-view" id=PANEL role="tabpanel" aria-labelledby=move || tab_id(view.get())>
                <p class="hint">
                    {move || match view.get() {
                        InsideView::Weights if has_maps.get() => t_string!(i18n, inside.about_filters),
                        view => about(view, i18n),
                    }}
                </p>
                // It keeps its place: what comes moves nothing.
                <progress
                    class="computing"
                    aria-label=move || t_string!(i18n, inside.computing)
                    data-testid="computing"
                    class:idle=move || computing.with(Option::is_none)
                    value=move || computing.get().map_or(0, |(done, _)| done)
                    max=move || computing.get().map_or(1, |(_, total)| total)
                ></progress>
                {shown}
            </div>
    }
}

/// The views, folded: they take all test images and seconds. A link to one of them unfolds them.
#[component]
pub fn FoldedViews(model: RwSignal<ModelId>) -> impl IntoView {
    let i18n = use_i18n();
    let is_linked = expect_context::<Router>().query().get(VIEW).is_some();
    let is_open = RwSignal::new(is_linked);
    let toggle = move |event: Event| is_open.set(event_target::<Element>(&event).has_attribute("open"));
    view! {
        <details class="inside" open=is_linked on:toggle=toggle>
            <summary data-testid="look-inside">{move || t_string!(i18n, chapter.inside)}</summary>
            <Show when=move || is_open.get()>
                <InsideViews model=model />
            </Show>
        </details>
    }
}
