//! Looking inside a model: what it rebuilds well and badly, its weights, what excites a unit, its layers at work, and its code space.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use self::code_space::CodeSpace;
use self::layers::Layers;
use self::reconstructions::Reconstructions;
use self::unit::UnitView;
use self::weights::Weights;
use super::{DEEP, DENOISING, LAYERWISE, LINEAR, SPARSE, STACKED, TIED, VARIATIONAL};
use crate::protocol::ModelId;
use crate::ui::components::model_choice::{ModelChoice, use_linked_model};
use crate::ui::dom::focus::focus;
use crate::ui::i18n::{I18n, t_string, use_i18n};
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

const MODELS: &[ModelId] = &[STACKED, LINEAR, DEEP, TIED, LAYERWISE, DENOISING, SPARSE, VARIATIONAL];

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
    /// The numbers in each layer of the model in use.
    layers: Memo<Vec<usize>>,
}

/// The id of a view's tab.
fn tab_id(view: InsideView) -> String {
    format!("view-{}", view.name())
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

impl Inside {
    /// Follows links, and the address follows what is looked at.
    fn linked() -> Self {
        let (router, engine) = (expect_context::<Router>(), expect_context::<EngineHandle>());
        let model = use_linked_model(MODELS);
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
        let layers =
            Memo::new(move |_| engine.shipped_shape(model.get()).map(|shape| shape.layers).unwrap_or_default());
        Inside { model, view, layer, unit, layers }
    }

    /// Looks at a unit of a layer.
    fn show_unit(self, layer: usize, unit: usize) {
        self.layer.set(layer);
        self.unit.set(unit);
        self.view.set(InsideView::Unit);
    }
}

/// One view at a time of one model.
#[component]
pub fn InsideFigure() -> impl IntoView {
    let i18n = use_i18n();
    let inside = Inside::linked();
    provide_context(inside);
    let view = inside.view;
    let key_down = move |event: KeyboardEvent| {
        let at = InsideView::ALL.into_iter().position(|tab| tab == view.get_untracked()).unwrap_or_default();
        let next = match event.key().as_str() {
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
    let shown = move || match view.get() {
        InsideView::Reconstructions => view! { <Reconstructions /> }.into_any(),
        InsideView::Weights => view! { <Weights /> }.into_any(),
        InsideView::Unit => view! { <UnitView /> }.into_any(),
        InsideView::Layers => view! { <Layers /> }.into_any(),
        InsideView::Codes => view! { <CodeSpace /> }.into_any(),
    };
    view! {
        <figure class="figure inside panel">
            <ModelChoice models=MODELS model=inside.model />
            <div class="tabs" role="tablist" aria-label=move || t_string!(i18n, inside.views) on:keydown=key_down>
                {InsideView::ALL.map(tab)}
            </div>
            <div class="inside-view" id=PANEL role="tabpanel" aria-labelledby=move || tab_id(view.get())>
                <p class="hint">{move || about(view.get(), i18n)}</p>
                {shown}
            </div>
        </figure>
    }
}
