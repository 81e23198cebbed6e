//! The latent space of the variational autoencoder: sliders, the digit that they make, a plane of digits.

use std::cell::Cell;

use gloo::timers::callback::Timeout;
use leptos::prelude::*;

use super::super::app::ModelInput;
use super::super::element::{El, button, derive, effect, el, option, value_of, words};
use super::super::lab::EngineHandle;
use super::super::language::{t_string, use_i18n};
use super::super::latent::{self, EXTENT};
use super::super::rebuilt::CLEAN;
use super::super::route::{Chapter, Router, Visit};
use super::super::widgets::field::{field, sweep};
use super::super::widgets::generated::sixty_digits;
use super::super::widgets::latent_slider::latent_slider;
use super::super::widgets::picture::picture;
use crate::client::SlotKey;
use crate::protocol::{Answer, Code, Command, Image, ModelId, VARIATIONAL_CODE};

/// The plane and the address follow when the sliders have rested this long, so that the digit itself is never late.
const REST_MS: u32 = 120;

/// The images at both ends of every slider.
#[derive(Clone, Debug, Default, PartialEq)]
struct Ends {
    low: Vec<Image>,
    high: Vec<Image>,
}

pub fn chapter() -> El {
    let i18n = use_i18n();
    let lab = expect_context::<EngineHandle>();
    let router = expect_context::<Router>();
    let origin = || vec![0.0; VARIATIONAL_CODE];
    let code_of = move |visit: &Visit| latent::from_query(&visit.query, VARIATIONAL_CODE).unwrap_or_else(origin);
    let code: RwSignal<Code> = RwSignal::new(router.visited.with_untracked(code_of));
    let first = Cell::new(true);
    effect(move || {
        let visit = router.visited.get();
        if !first.replace(false) && visit.chapter == Some(Chapter::Variational) {
            code.set(code_of(&visit));
        }
    });
    let rested = use_rested(code, router);
    let generated = use_generated(code);
    let ends = use_ends(code);
    let dimensions = RwSignal::new([0, 1]);
    choose_plane(ends, dimensions);
    let images = use_plane(rested, dimensions);

    let ModelInput(seen) = expect_context();
    let encode = move || {
        let Some(image) = seen.get_untracked() else { return };
        let command = Command::Reconstruct { model: ModelId::Vae, image, noise: CLEAN };
        lab.ask_by_click(SlotKey::Encode, command, move |answer| {
            if let Answer::Reconstruct { code: encoded, .. } = answer {
                code.set(encoded.into_iter().map(latent::clamp).collect());
            }
        });
    };
    let sliders = (0..VARIATIONAL_CODE).map(|dimension| {
        let end =
            |which: fn(&Ends) -> &Vec<Image>| derive(move || ends.with(|ends| which(ends).get(dimension).cloned()));
        latent_slider(code, dimension, [end(|ends| &ends.low), end(|ends| &ends.high)])
    });
    let name = words(move || t_string!(i18n, latent.generated));
    let generated =
        el("figure", "step").children([picture("generated", generated, name.clone()), el("figcaption", "").text(name)]);
    let tools = el("div", "generated-tools").children([
        button("encode", words(move || t_string!(i18n, latent.encode)), encode)
            .live("title", move || t_string!(i18n, latent.encode_hint))
            .flag("disabled", move || seen.with(Option::is_none)),
        button("random", words(move || t_string!(i18n, latent.random)), move || {
            code.set(latent::draw_from_prior(VARIATIONAL_CODE));
        })
        .live("title", move || t_string!(i18n, latent.random_hint)),
        button("reset", words(move || t_string!(i18n, latent.reset)), move || code.set(origin())),
    ]);
    let plane_name = words(move || t_string!(i18n, latent.field));
    let plane_head = el("div", "plane-head").children([
        el("h3", "").text(plane_name.clone()),
        axis(dimensions, 0),
        axis(dimensions, 1),
    ]);
    let plane = el("div", "panel plane").children([
        plane_head,
        field(code, dimensions, images, plane_name),
        el("p", "hint").text(words(move || t_string!(i18n, latent.field_hint))),
    ]);
    let lead = el("div", "lead").children([
        el("h2", "").text(words(move || t_string!(i18n, latent.title))),
        el("p", "").text(words(move || t_string!(i18n, latent.lead))),
    ]);
    let body = el("div", "latent").children([
        el("div", "panel generated-panel").children([generated, tools]),
        el("div", "panel sliders").children(sliders),
        plane,
    ]);
    el("section", "chapter").set("id", Chapter::Variational.name()).children([lead, body, sixty_digits(code)])
}

/// Which dimension one axis of the plane shows.
fn axis(dimensions: RwSignal<[usize; 2]>, which: usize) -> El {
    let i18n = use_i18n();
    let options = (0..VARIATIONAL_CODE).map(|dimension| {
        let name = words(move || t_string!(i18n, latent.axis, dimension = dimension));
        option(&dimension.to_string(), name, move || dimensions.get()[which] == dimension)
    });
    let choose = move |event| {
        if let Ok(dimension) = value_of(&event).parse() {
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
    el("label", "choice").children([
        el("span", "").text(words(name)),
        el("select", "")
            .set("data-testid", if which == 0 { "axis-across" } else { "axis-up" })
            .on("change", choose)
            .children(options),
    ])
}

/// The code when it has rested; the address notes it then.
fn use_rested(code: RwSignal<Code>, router: Router) -> Signal<Code> {
    let rested = RwSignal::new(code.get_untracked());
    let timer = StoredValue::new_local(None::<Timeout>);
    effect(move || {
        let now = code.get();
        timer.set_value(Some(Timeout::new(REST_MS, move || {
            if rested.with_untracked(|before| *before != now) {
                router.note(Chapter::Variational, latent::to_query(&now));
                rested.set(now);
            }
        })));
    });
    rested.into()
}

/// The image at the code.
fn use_generated(code: RwSignal<Code>) -> Signal<Option<Image>> {
    let lab = expect_context::<EngineHandle>();
    let image = RwSignal::new(None);
    effect(move || {
        lab.follow(ModelId::Vae);
        lab.ask(SlotKey::Decode, Command::Decode { model: ModelId::Vae, codes: vec![code.get()] }, move |answer| {
            if let Answer::Decode { images } = answer {
                image.set(images.into_iter().next());
            }
        });
    });
    image.into()
}

/// Where each slider leads from the code.
fn use_ends(code: RwSignal<Code>) -> Signal<Ends> {
    let lab = expect_context::<EngineHandle>();
    let ends = RwSignal::new(Ends::default());
    effect(move || {
        lab.follow(ModelId::Vae);
        let command = Command::Traverse { model: ModelId::Vae, code: code.get(), extent: EXTENT };
        lab.ask(SlotKey::Traverse, command, move |answer| {
            if let Answer::Traverse { low, high } = answer {
                ends.set(Ends { low, high });
            }
        });
    });
    ends.into()
}

/// The images of the plane through the code. They stay the same while the code moves within the plane.
fn use_plane(code: Signal<Code>, dimensions: RwSignal<[usize; 2]>) -> Signal<Vec<Image>> {
    let lab = expect_context::<EngineHandle>();
    let images = RwSignal::new(Vec::new());
    let plane = Memo::new(move |_| {
        let dimensions = dimensions.get();
        let mut code = code.get();
        dimensions.iter().for_each(|&dimension| code[dimension] = 0.0);
        (code, dimensions)
    });
    effect(move || {
        lab.follow(ModelId::Vae);
        let (code, dimensions) = plane.get();
        lab.ask(
            SlotKey::Sweep,
            Command::Sweep { model: ModelId::Vae, code, sweep: sweep(dimensions) },
            move |answer| {
                if let Answer::Sweep { images: swept } = answer {
                    images.set(swept);
                }
            },
        );
    });
    images.into()
}

/// Once the first traversal is there, shows the two dimensions that change the image most.
fn choose_plane(ends: Signal<Ends>, dimensions: RwSignal<[usize; 2]>) {
    let chosen = StoredValue::new(false);
    effect(move || {
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
