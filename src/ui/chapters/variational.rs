//! The latent space of the variational autoencoder: sliders, the digit that they make, a plane of digits.

use std::cmp::Reverse;

use leptos::prelude::*;

use super::VARIATIONAL;
use crate::client::SlotKey;
use crate::protocol::{Code, Traversal};
use crate::ui::components::draw_panel::follow_link;
use crate::ui::components::explained::ExplainedButton;
use crate::ui::components::latent_slider::LatentSlider;
use crate::ui::components::picture::Picture;
use crate::ui::components::prior_samples::PriorSamples;
use crate::ui::components::step::Step;
use crate::ui::components::sweep_grid::{SweepGrid, sweep};
use crate::ui::dom::debounce::use_debounced;
use crate::ui::dom::number::parse_number;
use crate::ui::format::subscript;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::engine_handle::EngineHandle;
use crate::ui::state::latent::{changes, draw_from_prior, first_code, format_code, parse_code};
use crate::ui::state::model_input::ModelInput;
use crate::ui::state::requests::{request_code, use_decoded, use_sweep, use_traversal};
use crate::ui::state::router::Router;

/// The code's name in links.
const KEY: &str = "z";

/// The plane and the address follow when the sliders have rested this long, so that the digit itself is never late.
const DEBOUNCE_MS: u64 = 120;

/// The sliders of a code, the digit that they make, and digits around it.
#[component]
pub fn LatentFigure() -> impl IntoView {
    let engine = expect_context::<EngineHandle>();
    follow_link();
    let size = Memo::new(move |_| engine.shipped_shape(VARIATIONAL).map(|shape| shape.code()));
    view! {
        <figure class="figure">
            {move || match size.get() {
                Some(size) => view! { <LatentSpace size=size /> }.into_any(),
                None => view! { <div class="latent-loading" hidden=move || engine.is_stopped()></div> }.into_any(),
            }}
        </figure>
    }
}

/// Sliders for the `size` numbers of a code, the digit at it, a plane of digits through it, and digits drawn from the prior.
#[component]
fn LatentSpace(size: usize) -> impl IntoView {
    let i18n = use_i18n();
    let code = use_linked_code(size);
    let debounced = use_debounced(code.into(), DEBOUNCE_MS);
    let router = expect_context::<Router>();
    Effect::new(move || note_code(router, &debounced.get()));
    let traversal = use_traversal(VARIATIONAL, code);
    let dimensions = use_plane_dimensions(traversal);
    let images = use_sweep(VARIATIONAL, debounced, Signal::derive(move || sweep(dimensions.get())));

    let slider = move |dimension: usize| {
        let end = move |which: fn(&Traversal) -> &Vec<_>| {
            Signal::derive(move || traversal.with(|traversal| which(traversal).get(dimension).cloned()))
        };
        view! {
            <LatentSlider
                code=code
                dimension=dimension
                low=end(|traversal| &traversal.low)
                high=end(|traversal| &traversal.high)
            />
        }
    };
    view! {
        <div class="latent">
            <div class="panel generated-panel">
                <Step
                    name="generated"
                    image=use_decoded(
                        SlotKey::Decode,
                        Signal::stored(VARIATIONAL),
                        Signal::derive(move || Some(code.get())),
                    )
                    caption=move || t_string!(i18n, latent.generated)
                />
                <CodeTools code=code />
            </div>
            <div class="panel sliders">
                {(0..size).map(slider).collect_view()}
                <p class="hint">{move || t_string!(i18n, latent.slider_hint)}</p>
            </div>
            <div class="panel plane">
                <div class="plane-head">
                    <h2>{move || t_string!(i18n, latent.field)}</h2>
                    <Axis size=size dimensions=dimensions which=0 />
                    <Axis size=size dimensions=dimensions which=1 />
                </div>
                <SweepGrid
                    code=code
                    dimensions=dimensions
                    images=images
                    label=move || t_string!(i18n, latent.field)
                />
                <p class="hint">{move || t_string!(i18n, latent.field_hint)}</p>
            </div>
        </div>
        <PriorSamples model=VARIATIONAL code=code />
    }
}

/// Buttons that set all sliders.
#[component]
fn CodeTools(code: RwSignal<Code>) -> impl IntoView {
    let i18n = use_i18n();
    let engine = expect_context::<EngineHandle>();
    let ModelInput(image) = expect_context();
    let encode = move |()| {
        if let Some(image) = image.get_untracked() {
            let size = code.with_untracked(Vec::len);
            request_code(engine, VARIATIONAL, image, move |encoded| {
                // The weights in use may be of another size than the shipped ones.
                if encoded.len() == size {
                    code.set(encoded);
                }
            });
        }
    };
    view! {
        <div class="generated-tools">
            <div class="to-encode">
                <Picture testid="seen" image=image label=move || t_string!(i18n, picture.seen) />
                <ExplainedButton
                    testid="encode"
                    text=move || t_string!(i18n, latent.encode)
                    about=move || t_string!(i18n, latent.encode_hint)
                    disabled=Signal::derive(move || image.with(Option::is_none))
                    press=encode
                />
            </div>
            <ExplainedButton
                testid="random"
                text=move || t_string!(i18n, latent.random)
                about=move || t_string!(i18n, latent.random_hint)
                press=move |()| code.update(|code| *code = draw_from_prior(code.len(), js_sys::Math::random))
            />
            <button type="button" data-testid="reset" on:click=move |_| code.update(|code| code.fill(0.0))>
                {move || t_string!(i18n, latent.reset)}
            </button>
        </div>
    }
}

/// Which dimension one axis of the plane shows.
#[component]
fn Axis(size: usize, dimensions: RwSignal<[usize; 2]>, which: usize) -> impl IntoView {
    let i18n = use_i18n();
    let option = move |dimension: usize| {
        view! {
            <option value=dimension prop:selected=move || dimensions.get()[which] == dimension>
                {move || t_string!(i18n, latent.axis, dimension = subscript(dimension))}
            </option>
        }
    };
    let choose = move |event| {
        if let Ok(dimension) = event_target_value(&event).parse() {
            // The same dimension cannot lie on both axes: they change places.
            dimensions.update(|axes| {
                if axes[1 - which] == dimension {
                    axes.swap(0, 1);
                } else {
                    axes[which] = dimension;
                }
            });
        }
    };
    let name = move || if which == 0 { t_string!(i18n, latent.across) } else { t_string!(i18n, latent.up) };
    view! {
        <label class="choice">
            <span>{name}</span>
            <select data-testid=if which == 0 { "axis-across" } else { "axis-up" } on:change=choose>
                {(0..size).map(option).collect_view()}
            </select>
        </label>
    }
}

/// The code that the sliders stand at: that of the link, else that of a digit.
fn use_linked_code(size: usize) -> RwSignal<Code> {
    let router = expect_context::<Router>();
    let code = RwSignal::new(first_code(size));
    router.on_visit(move |query| {
        if let Some(linked) = query.get(KEY).and_then(|text| parse_code(&text, size, parse_number)) {
            code.set(linked);
        } else {
            // A link to something else of the chapter leaves the sliders as they are.
            note_code(router, &code.get_untracked());
        }
    });
    code
}

/// Notes the code in the address.
fn note_code(router: Router, code: &Code) {
    let text = format_code(code);
    router.note(KEY, (*code != first_code(code.len())).then_some(text.as_str()));
}

/// The dimensions of the plane: once the first traversal is there, the two that change the image most.
fn use_plane_dimensions(traversal: RwSignal<Traversal>) -> RwSignal<[usize; 2]> {
    let dimensions = RwSignal::new([0, 1]);
    let chosen = StoredValue::new(false);
    Effect::new(move || {
        traversal.with(|Traversal { low, high }| {
            if low.is_empty() || chosen.get_value() {
                return;
            }
            chosen.set_value(true);
            let changes = changes(low, high);
            let mut order: Vec<usize> = (0..low.len()).collect();
            order.sort_by_key(|&dimension| Reverse(changes[dimension]));
            if let [across, up, ..] = order[..] {
                dimensions.set([across, up]);
            }
        });
    });
    dimensions
}
