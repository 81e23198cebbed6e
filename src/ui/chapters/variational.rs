//! The latent space of the variational autoencoder: sliders, the digit that they make, a plane of digits.

use std::cell::Cell;
use std::cmp::Reverse;

use leptos::prelude::*;
use leptos_use::signal_debounced;

use crate::protocol::{Code, ModelId, Traversal};
use crate::ui::components::latent_slider::LatentSlider;
use crate::ui::components::picture::Picture;
use crate::ui::components::prior_samples::PriorSamples;
use crate::ui::components::sweep_grid::{SweepGrid, sweep};
use crate::ui::dom::number::parse_number;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::engine_handle::EngineHandle;
use crate::ui::state::latent::{draw_from_prior, format_code, parse_code};
use crate::ui::state::model_input::ModelInput;
use crate::ui::state::requests::{request_code, use_decoded, use_sweep, use_traversal};
use crate::ui::state::route::{Chapter, Visit};
use crate::ui::state::router::{Router, query_value};

/// The model of the chapter.
pub const VARIATIONAL: ModelId = ModelId::new("vae");

/// The code's name in links.
const KEY: &str = "z";

/// The plane and the address follow when the sliders have rested this long, so that the digit itself is never late.
const REST_MS: f64 = 120.0;

#[component]
pub fn VariationalChapter() -> impl IntoView {
    let i18n = use_i18n();
    let engine = expect_context::<EngineHandle>();
    let size = Memo::new(move |_| engine.shipped_shape(VARIATIONAL).map(|shape| shape.code()));
    view! {
        <section class="chapter" id=Chapter::Variational.name()>
            <div class="lead">
                <h2>{move || t_string!(i18n, latent.title)}</h2>
                <p>{move || t_string!(i18n, latent.lead)}</p>
            </div>
            {move || match size.get() {
                Some(size) => view! { <LatentSpace size=size /> }.into_any(),
                None => view! { <div class="latent-loading" hidden=move || engine.is_stopped()></div> }.into_any(),
            }}
        </section>
    }
}

/// Sliders for the `size` numbers of a code, the digit at it, a plane of digits through it, and digits drawn from the prior.
#[component]
fn LatentSpace(size: usize) -> impl IntoView {
    let i18n = use_i18n();
    let code = use_linked_code(size);
    let rested = signal_debounced(code, REST_MS);
    note_code(rested);
    let traversal = use_traversal(VARIATIONAL, code);
    let dimensions = use_plane_dimensions(traversal);
    let images = use_sweep(VARIATIONAL, rested, Signal::derive(move || sweep(dimensions.get())));

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
                <figure class="step">
                    <Picture
                        testid="generated"
                        image=use_decoded(VARIATIONAL, code)
                        label=move || t_string!(i18n, latent.generated)
                    />
                    <figcaption>{move || t_string!(i18n, latent.generated)}</figcaption>
                </figure>
                <CodeTools code=code />
            </div>
            <div class="panel sliders">{(0..size).map(slider).collect_view()}</div>
            <div class="panel plane">
                <div class="plane-head">
                    <h3>{move || t_string!(i18n, latent.field)}</h3>
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
    let encode = move |_| {
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
            <button
                type="button"
                data-testid="encode"
                title=move || t_string!(i18n, latent.encode_hint)
                disabled=move || image.with(Option::is_none)
                on:click=encode
            >
                {move || t_string!(i18n, latent.encode)}
            </button>
            <button
                type="button"
                data-testid="random"
                title=move || t_string!(i18n, latent.random_hint)
                on:click=move |_| code.update(|code| *code = draw_from_prior(code.len(), js_sys::Math::random))
            >
                {move || t_string!(i18n, latent.random)}
            </button>
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
                {move || t_string!(i18n, latent.axis, dimension = dimension)}
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

/// The code that the sliders stand at; it follows links.
fn use_linked_code(size: usize) -> RwSignal<Code> {
    let router = expect_context::<Router>();
    let code_of = move |visit: &Visit| {
        let text = query_value(&visit.query, KEY);
        text.and_then(|text| parse_code(&text, size, parse_number)).unwrap_or_else(|| vec![0.0; size])
    };
    let code = RwSignal::new(router.visited.with_untracked(code_of));
    let first = Cell::new(true);
    Effect::new(move || {
        let visit = router.visited.get();
        if !first.replace(false) && visit.chapter == Some(Chapter::Variational) {
            code.set(code_of(&visit));
        }
    });
    code
}

/// Notes the code in the address when it changes.
fn note_code(code: Signal<Code>) {
    let router = expect_context::<Router>();
    let noted = StoredValue::new(code.get_untracked());
    Effect::new(move || {
        let code = code.get();
        if noted.with_value(|noted| *noted != code) {
            let text = format_code(&code);
            router.note(Chapter::Variational, text.as_deref().map(|text| (KEY, text)));
            noted.set_value(code);
        }
    });
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
            let change = |dimension: &usize| -> u32 {
                let pairs = low[*dimension].iter().zip(&high[*dimension]);
                pairs.map(|(&low, &high)| u32::from(low.abs_diff(high))).sum()
            };
            let mut order: Vec<usize> = (0..low.len()).collect();
            order.sort_by_key(|dimension| Reverse(change(dimension)));
            if let [across, up, ..] = order[..] {
                dimensions.set([across, up]);
            }
        });
    });
    dimensions
}
