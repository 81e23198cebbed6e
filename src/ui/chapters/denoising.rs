//! Draw a digit, add noise, and see it denoised and rebuilt while you draw.

use leptos::prelude::*;

use super::super::app::ModelInput;
use super::super::cards::{layers, strongest_noise, use_card};
use super::super::drawing::Drawing;
use super::super::element::{El, Words, button, derive, el, words};
use super::super::language::{t_string, use_i18n};
use super::super::rebuilt::{CLEAN, Rebuilt, use_rebuilt};
use super::super::route::Chapter;
use super::super::sentence::model_name;
use super::super::widgets::draw_canvas::draw_canvas;
use super::super::widgets::hourglass::{hourglass, widths};
use super::super::widgets::picture::picture;
use super::super::widgets::range::range;
use super::super::widgets::test_digit::put_test_digit;
use crate::client::SlotKey;
use crate::protocol::{Card, Image, ModelId, Noise};

/// How far the noise sliders go until the model's card says how strong the noise of its training was.
const STRONGEST_NOISE: (f32, f32) = (1.25, 0.9);

/// A space that keeps the line's height.
const NO_ERROR: &str = "\u{a0}";

pub fn chapter() -> El {
    let i18n = use_i18n();
    let ModelInput(seen) = expect_context();
    let drawing = expect_context::<RwSignal<Drawing>>();
    let brush = RwSignal::new(22.0);
    let lead = el("div", "lead").children([
        el("h2", "").text(words(move || t_string!(i18n, draw.title))),
        el("p", "").text(words(move || t_string!(i18n, draw.lead))),
    ]);
    let label = words(move || t_string!(i18n, draw.canvas));
    let paper = draw_canvas(drawing, seen, brush, label, words(move || t_string!(i18n, draw.hint)));
    let panel = el("div", "panel draw-panel").set("id", "draw").children([paper]).children(draw_tools(drawing, brush));
    el("section", "chapter")
        .set("id", Chapter::Denoising.name())
        .children([lead, el("div", "bench").children([panel, pipeline(seen.into())])])
}

fn draw_tools(drawing: RwSignal<Drawing>, brush: RwSignal<f32>) -> [El; 2] {
    let i18n = use_i18n();
    let put = put_test_digit();
    let digits = (0..10u8).map(|digit| {
        let label = words(move || t_string!(i18n, draw.sample_of, digit = digit));
        let title = label.clone();
        el("button", "digit")
            .set("data-testid", format!("sample-{digit}"))
            .live("title", move || title())
            .label(label)
            .on("click", move |_| put(digit))
            .say(digit)
    });
    let any = move || put((js_sys::Math::random() * 10.0) as u8);
    let any = button("sample", words(move || t_string!(i18n, draw.sample)), any)
        .set("class", "wide")
        .live("title", move || t_string!(i18n, draw.sample_hint));
    let tools = el("div", "tools").children([
        button("draw-undo", words(move || t_string!(i18n, draw.undo)), move || drawing.update(Drawing::undo))
            .flag("disabled", move || drawing.with(|drawing| !drawing.can_undo())),
        button("draw-clear", words(move || t_string!(i18n, draw.clear)), move || drawing.update(Drawing::clear))
            .flag("disabled", move || drawing.with(Drawing::is_empty)),
        range("brush", words(move || t_string!(i18n, draw.brush)), brush, (8.0, Signal::stored(44.0)), (1.0, 0)),
    ]);
    [tools, el("div", "samples").children([any]).children(digits)]
}

/// The picture that the models see, with its noise, denoised, and reconstructed.
fn pipeline(seen: Signal<Option<Image>>) -> El {
    let i18n = use_i18n();
    let sigma = RwSignal::new(0.5);
    let dropout = RwSignal::new(0.0);
    let seed = RwSignal::new(1u64);
    let noise = derive(move || Noise { sigma: sigma.get(), dropout: dropout.get(), seed: seed.get() });
    let denoised = use_rebuilt(SlotKey::Denoise, Signal::stored(ModelId::Denoising), seen, noise);
    let reconstructed = use_rebuilt(SlotKey::Reconstruct, Signal::stored(ModelId::Vae), seen, Signal::stored(CLEAN));
    let (denoising_card, vae_card) =
        (use_card(Signal::stored(ModelId::Denoising)), use_card(Signal::stored(ModelId::Vae)));
    let strongest =
        move || denoising_card.with(|card| card.as_ref().and_then(strongest_noise)).unwrap_or(STRONGEST_NOISE);
    let denoising_figures = move || {
        denoising_card.with(|card| {
            let card = card.as_ref()?;
            let metric = |name: &str| Some(format!("{:.4}", card.metrics.get(name)?));
            let (a, b, c) = (
                metric("squared_error_sigma_0.5")?,
                metric("squared_error_sigma_1.0")?,
                metric("squared_error_dropout_0.3")?,
            );
            let figures = t_string!(i18n, card.denoising, a = a, b = b, c = c, epochs = card.epochs, seed = card.seed);
            Some(format!("{figures} {}", t_string!(i18n, card.linear)))
        })
    };
    let vae_figures = move || {
        vae_card.with(|card| {
            let card = card.as_ref()?;
            let loss = format!("{:.1}", card.metrics.get("loss")?);
            Some(t_string!(i18n, card.vae, loss = loss, epochs = card.epochs, seed = card.seed))
        })
    };
    let strongest_of = |which: fn((f32, f32)) -> f32| (0.0, derive(move || which(strongest())));
    let controls = el("div", "noise-controls").children([
        range("noise", words(move || t_string!(i18n, noise.gaussian)), sigma, strongest_of(|s| s.0), (0.05, 2)),
        range("dropout", words(move || t_string!(i18n, noise.dropout)), dropout, strongest_of(|s| s.1), (0.05, 2)),
        button("noise-again", words(move || t_string!(i18n, noise.again)), move || seed.update(|seed| *seed += 1)),
    ]);
    let reconstruction = words(move || t_string!(i18n, picture.reconstruction));
    el("div", "panel pipeline").children([
        step("seen", seen, words(|| NO_ERROR), words(move || t_string!(i18n, picture.seen))),
        controls,
        step(
            "noisy",
            part(denoised, |r| r.input.clone()),
            error(denoised, |r| r.input_error),
            words(move || t_string!(i18n, picture.noisy)),
        ),
        through("through-denoising", denoising_card, words(move || model_name(i18n, ModelId::Denoising))),
        step(
            "denoised",
            part(denoised, |r| r.output.clone()),
            error(denoised, |r| r.output_error),
            words(move || t_string!(i18n, picture.denoised)),
        ),
        through("through-vae", vae_card, words(move || model_name(i18n, ModelId::Vae))),
        step(
            "reconstruction",
            part(reconstructed, |r| r.output.clone()),
            error(reconstructed, |r| r.output_error),
            reconstruction,
        ),
        el("div", "figures").children([
            el("p", "").text(words(move || denoising_figures().unwrap_or_default())),
            el("p", "").text(words(move || vae_figures().unwrap_or_default())),
        ]),
    ])
}

/// An image of a model's answer.
fn part(rebuilt: RwSignal<Option<Rebuilt>>, take: fn(&Rebuilt) -> Image) -> Signal<Option<Image>> {
    derive(move || rebuilt.with(|rebuilt| rebuilt.as_ref().map(take)))
}

/// An error of a model's answer.
fn error(rebuilt: RwSignal<Option<Rebuilt>>, take: fn(&Rebuilt) -> f32) -> Words {
    let i18n = use_i18n();
    words(move || match rebuilt.with(|rebuilt| rebuilt.as_ref().map(take)) {
        Some(error) => t_string!(i18n, picture.error, value = format!("{error:.4}")),
        None => NO_ERROR.to_string(),
    })
}

/// A picture with its name and its error. It lies in the grid's area of its own name.
fn step(name: &'static str, image: Signal<Option<Image>>, error: Words, caption: Words) -> El {
    let i18n = use_i18n();
    el("figure", "step").set("style", format!("grid-area:{name}")).children([
        picture(name, image, caption.clone()),
        el("figcaption", "").text(caption).children([el("span", "step-error")
            .set("data-testid", format!("{name}-error"))
            .live("title", move || t_string!(i18n, picture.error_hint))
            .text(error)]),
    ])
}

/// The network between two pictures.
fn through(area: &'static str, card: RwSignal<Option<Card>>, label: Words) -> El {
    let sizes = derive(move || card.with(|card| card.as_ref().map(|card| layers(&card.config)).unwrap_or_default()));
    el("div", "through").set("style", format!("grid-area:{area}")).children([
        el("span", "through-name").text(label.clone()),
        hourglass(sizes, label),
        el("span", "through-sizes").text(words(move || widths(&sizes.get()))),
    ])
}
