//! The latent space of the variational autoencoder: sliders, the digit that they make, a plane of digits.

use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use leptos_i18n::t_string;

use super::super::app::Seen;
use super::super::i18n::use_i18n;
use super::super::lab::Lab;
use super::super::latent::{self, EXTENT};
use super::super::route::{Chapter, Router};
use super::super::widgets::field::{Field, sweep};
use super::super::widgets::latent_slider::LatentSlider;
use super::super::widgets::picture::Picture;
use crate::engine::client::Lane;
use crate::engine::protocol::{Answer, Code, Command, Image, ModelId, Noise, VARIATIONAL_CODE};

/// The plane and the address follow when the sliders have rested this long, so that the digit itself is never late.
const REST_MS: u32 = 120;

/// The images at both ends of every slider.
#[derive(Clone, Debug, Default, PartialEq)]
struct Ends {
    low: Vec<Image>,
    high: Vec<Image>,
}

#[component]
pub fn VariationalChapter() -> impl IntoView {
    let i18n = use_i18n();
    let lab = expect_context::<Lab>();
    let router = expect_context::<Router>();
    let origin = || vec![0.0; VARIATIONAL_CODE];
    let code: RwSignal<Code> = RwSignal::new(
        router
            .visited
            .with_untracked(|visit| latent::from_query(&visit.query, VARIATIONAL_CODE))
            .unwrap_or_else(origin),
    );
    Effect::new(move |before: Option<()>| {
        let visit = router.visited.get();
        if before.is_some() && visit.chapter == Some(Chapter::Variational) {
            code.set(latent::from_query(&visit.query, VARIATIONAL_CODE).unwrap_or_else(origin));
        }
    });
    let rested = use_rested(code, router);
    let generated = use_generated(code);
    let ends = use_ends(code);
    let dimensions = RwSignal::new([0, 1]);
    choose_plane(ends, dimensions);
    let images = use_plane(rested, dimensions);

    let Seen(seen) = expect_context();
    let encode = move |_| {
        let Some(image) = seen.get_untracked() else { return };
        let noise = Noise { sigma: 0.0, dropout: 0.0, seed: 0 };
        lab.ask_by_click(Lane::Encode, Command::Reconstruct { model: ModelId::Vae, image, noise }, move |answer| {
            if let Answer::Reconstruct { code: encoded, .. } = answer {
                code.set(encoded.into_iter().map(latent::clamp).collect());
            }
        });
    };
    let sliders = (0..VARIATIONAL_CODE).map(|dimension| {
        view! {
            <LatentSlider
                code
                dimension
                low=Signal::derive(move || ends.with(|ends| ends.low.get(dimension).cloned()))
                high=Signal::derive(move || ends.with(|ends| ends.high.get(dimension).cloned()))
                low_label=Signal::derive(move || t_string!(i18n, latent.low, dimension = dimension))
                high_label=Signal::derive(move || t_string!(i18n, latent.high, dimension = dimension))
                label=Signal::derive(move || t_string!(i18n, latent.slider, dimension = dimension))
                hint=Signal::derive(move || t_string!(i18n, latent.slider_hint).to_string())
            />
        }
    });
    view! {
        <section id=Chapter::Variational.name() class="chapter">
            <div class="lead">
                <h2>{move || t_string!(i18n, latent.title)}</h2>
                <p>{move || t_string!(i18n, latent.lead)}</p>
            </div>
            <div class="latent">
                <div class="panel generated-panel">
                    <figure class="step">
                        <Picture
                            image=generated
                            label=Signal::derive(move || t_string!(i18n, latent.generated).to_string())
                            testid="generated"
                        />
                        <figcaption>{move || t_string!(i18n, latent.generated)}</figcaption>
                    </figure>
                    <div class="generated-tools">
                        <button
                            data-testid="encode"
                            title=move || t_string!(i18n, latent.encode_hint)
                            disabled=move || seen.with(Option::is_none)
                            on:click=encode
                        >
                            {move || t_string!(i18n, latent.encode)}
                        </button>
                        <button
                            data-testid="random"
                            title=move || t_string!(i18n, latent.random_hint)
                            on:click=move |_| code.set(latent::draw_from_prior(VARIATIONAL_CODE))
                        >
                            {move || t_string!(i18n, latent.random)}
                        </button>
                        <button data-testid="reset" on:click=move |_| code.set(origin())>
                            {move || t_string!(i18n, latent.reset)}
                        </button>
                    </div>
                </div>
                <div class="panel sliders">{sliders.collect_view()}</div>
                <div class="panel plane">
                    <div class="plane-head">
                        <h3>{move || t_string!(i18n, latent.field)}</h3>
                        <Axis dimensions which=0 />
                        <Axis dimensions which=1 />
                    </div>
                    <Field code dimensions images label=Signal::derive(move || t_string!(i18n, latent.field).to_string()) />
                    <p class="hint">{move || t_string!(i18n, latent.field_hint)}</p>
                </div>
            </div>
        </section>
    }
}

/// Which dimension one axis of the plane shows.
#[component]
fn Axis(dimensions: RwSignal<[usize; 2]>, which: usize) -> impl IntoView {
    let i18n = use_i18n();
    let options = (0..VARIATIONAL_CODE).map(|dimension| {
        view! {
            <option value=dimension selected=move || dimensions.get()[which] == dimension>
                {move || t_string!(i18n, latent.axis, dimension = dimension)}
            </option>
        }
    });
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
    view! {
        <label class="choice">
            <span>{move || if which == 0 { t_string!(i18n, latent.across) } else { t_string!(i18n, latent.up) }}</span>
            <select data-testid=if which == 0 { "axis-across" } else { "axis-up" } on:change=choose>
                {options.collect_view()}
            </select>
        </label>
    }
}

/// The code when it has rested; the address notes it then.
fn use_rested(code: RwSignal<Code>, router: Router) -> Signal<Code> {
    let rested = RwSignal::new(code.get_untracked());
    let timer = StoredValue::new_local(None::<Timeout>);
    Effect::new(move |_| {
        let now = code.get();
        timer.set_value(Some(Timeout::new(REST_MS, move || {
            if rested.with_untracked(|before| *before != now) {
                router.note(Chapter::Variational, &latent::to_query(&now));
                rested.set(now);
            }
        })));
    });
    rested.into()
}

/// The image at the code.
fn use_generated(code: RwSignal<Code>) -> Signal<Option<Image>> {
    let lab = expect_context::<Lab>();
    let image = RwSignal::new(None);
    Effect::new(move |_| {
        lab.engines.track();
        lab.ask(Lane::Decode, Command::Decode { model: ModelId::Vae, code: code.get() }, move |answer| {
            if let Answer::Decode { image: decoded } = answer {
                image.set(Some(decoded));
            }
        });
    });
    image.into()
}

/// Where each slider leads from the code.
fn use_ends(code: RwSignal<Code>) -> Signal<Ends> {
    let lab = expect_context::<Lab>();
    let ends = RwSignal::new(Ends::default());
    Effect::new(move |_| {
        lab.engines.track();
        let command = Command::Traverse { model: ModelId::Vae, code: code.get(), extent: EXTENT };
        lab.ask(Lane::Traverse, command, move |answer| {
            if let Answer::Traverse { low, high } = answer {
                ends.set(Ends { low, high });
            }
        });
    });
    ends.into()
}

/// The images of the plane through the code. They stay the same while the code moves within the plane.
fn use_plane(code: Signal<Code>, dimensions: RwSignal<[usize; 2]>) -> Signal<Vec<Image>> {
    let lab = expect_context::<Lab>();
    let images = RwSignal::new(Vec::new());
    let plane = Memo::new(move |_| {
        let dimensions = dimensions.get();
        let mut code = code.get();
        dimensions.iter().for_each(|&dimension| code[dimension] = 0.0);
        (code, dimensions)
    });
    Effect::new(move |_| {
        lab.engines.track();
        let (code, dimensions) = plane.get();
        lab.ask(Lane::Sweep, Command::Sweep { model: ModelId::Vae, code, sweep: sweep(dimensions) }, move |answer| {
            if let Answer::Sweep { images: swept } = answer {
                images.set(swept);
            }
        });
    });
    images.into()
}

/// Once the first traversal is there, shows the two dimensions that change the image most.
fn choose_plane(ends: Signal<Ends>, dimensions: RwSignal<[usize; 2]>) {
    let chosen = StoredValue::new(false);
    Effect::new(move |_| {
        ends.with(|ends| {
            if ends.low.is_empty() || chosen.get_value() {
                return;
            }
            chosen.set_value(true);
            let change = |dimension: &usize| -> u32 {
                let pairs = ends.low[*dimension].iter().zip(&ends.high[*dimension]);
                pairs.map(|(&low, &high)| u32::from(low.abs_diff(high))).sum()
            };
            let mut order: Vec<usize> = (0..ends.low.len()).collect();
            order.sort_by_key(|dimension| std::cmp::Reverse(change(dimension)));
            if let [across, up, ..] = order[..] {
                dimensions.set([across, up]);
            }
        });
    });
}
