//! Digits at codes drawn from the prior.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::super::element::{El, button, cast, derive, effect, el, focus, words};
use super::super::lab::EngineHandle;
use super::super::language::{t_string, use_i18n};
use super::super::latent;
use super::super::sight::in_sight;
use super::picture::picture;
use crate::client::SlotKey;
use crate::protocol::{Answer, Code, Command, Image, ModelId, VARIATIONAL_CODE};

const COUNT: usize = 60;
const ID: &str = "generated-many";

fn id_of(number: usize) -> String {
    format!("many-{number}")
}

/// The digits at codes of the variational autoencoder's prior; a click on one sets `code` to its own.
pub fn sixty_digits(code: RwSignal<Code>) -> El {
    let i18n = use_i18n();
    let lab = expect_context::<EngineHandle>();
    let draw = || (0..COUNT).map(|_| latent::draw_from_prior(VARIATIONAL_CODE)).collect::<Vec<_>>();
    let codes = RwSignal::new(draw());
    let images = RwSignal::new(Vec::<Image>::new());
    // Those of the images: others may have been asked for.
    let shown = RwSignal::new(Vec::new());
    let in_sight = in_sight(ID);
    effect(move || {
        lab.follow(ModelId::Vae);
        let codes = codes.get();
        if in_sight.get() {
            let command = Command::Decode { model: ModelId::Vae, codes: codes.clone() };
            lab.ask(SlotKey::Generate, command, move |answer| {
                if let Answer::Decode { images: decoded } = answer {
                    images.set(decoded);
                    shown.set(codes);
                }
            });
        }
    });
    // One stop for the Tab key, at which arrow keys go from digit to digit.
    let stop = RwSignal::new(0);
    let key_down = move |event| {
        let event: KeyboardEvent = cast(event);
        let at = stop.get_untracked();
        let next = match event.key().as_str() {
            "ArrowRight" | "ArrowDown" => (at + 1) % COUNT,
            "ArrowLeft" | "ArrowUp" => (at + COUNT - 1) % COUNT,
            _ => return,
        };
        event.prevent_default();
        stop.set(next);
        focus(&id_of(next));
    };
    let digit = move |number: usize| {
        let image = derive(move || images.with(|images| images.get(number).cloned()));
        let label = words(move || t_string!(i18n, latent.many_one, number = number + 1));
        el("button", "leads-to")
            .set("type", "button")
            .set("id", id_of(number))
            .live("tabindex", move || if stop.get() == number { "0" } else { "-1" })
            .on("click", move |_| code.set(codes.with_untracked(|codes| codes[number].clone())))
            .children([picture("", image, label)])
    };
    el("div", "panel many").set("id", ID).children([
        el("div", "many-head").children([
            el("h3", "").text(words(move || t_string!(i18n, latent.many))),
            el("p", "hint").text(words(move || t_string!(i18n, latent.many_hint))),
            button("many-again", words(move || t_string!(i18n, latent.many_again)), move || codes.set(draw())),
        ]),
        el("div", "many-digits").on("keydown", key_down).children((0..COUNT).map(digit)),
    ])
}
