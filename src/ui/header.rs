//! The head of the page: name, chapters, device, loading, language, colours.

use leptos::prelude::*;

use super::element::{El, button, el, option, value_of, words};
use super::i18n::Locale;
use super::lab::{DeviceState, EngineHandle, Load};
use super::language::{t_string, use_i18n};
use super::route::{Chapter, Router};
use super::sentence::{asset_name, device_name};
use super::theme::{Theme, use_theme};
use crate::client::{Preference, Reason};

/// An hourglass on its side.
const MARK: &str =
    r#"<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M3 3v18l7-6.5v-5zM21 3v18l-7-6.5v-5z"/></svg>"#;

/// The bar at the top, and the line under it.
pub fn header() -> [El; 3] {
    let i18n = use_i18n();
    let router = expect_context::<Router>();
    let theme = use_theme();
    let switch_language = move || {
        let next = if untrack(|| i18n.get_locale()) == Locale::en { Locale::zh } else { Locale::en };
        i18n.choose(next);
    };
    let links = Chapter::ALL.map(|chapter| {
        let name = words(move || match chapter {
            Chapter::Denoising => t_string!(i18n, draw.chapter),
            Chapter::Variational => t_string!(i18n, latent.chapter),
            Chapter::Train => t_string!(i18n, train.chapter),
        });
        el("a", "")
            .set("href", format!("#/{}", chapter.name()))
            .live("aria-current", move || (router.visited.get().chapter == Some(chapter)).to_string())
            .text(name)
    });
    let themes = Theme::ALL.map(|choice| {
        let name = words(move || match choice {
            Theme::Auto => t_string!(i18n, theme.auto),
            Theme::Light => t_string!(i18n, theme.light),
            Theme::Dark => t_string!(i18n, theme.dark),
        });
        option(choice.name(), name, move || theme.get() == choice)
    });
    let brand = el("a", "brand")
        .set("href", "#/")
        .children([el("span", "mark").prop("innerHTML", || MARK), el("span", "brand-name").say("Bottleneck")]);
    let themes = el("select", "quiet")
        .set("data-testid", "theme")
        .label(words(move || t_string!(i18n, theme.label)))
        .on("change", move |event| theme.set(Theme::from_name(&value_of(&event))))
        .children(themes);
    let language = button("language", words(move || t_string!(i18n, language)), switch_language)
        .set("class", "quiet")
        .live("lang", move || if i18n.get_locale() == Locale::en { "zh" } else { "en" });
    let head = el("header", "head").children([
        brand,
        el("nav", "chapters").label(words(move || t_string!(i18n, nav))).children(links),
        el("div", "settings").children([device_choice(), themes, language]),
    ]);
    let skip = el("a", "skip").set("href", "#draw").text(words(move || t_string!(i18n, skip)));
    [skip, head, status_line()]
}

/// Where the models are to run.
fn device_choice() -> El {
    let i18n = use_i18n();
    let lab = expect_context::<EngineHandle>();
    let choices = [Preference::Auto, Preference::WebGpu, Preference::Cpu].map(|choice| {
        let name = words(move || match choice {
            Preference::Auto => t_string!(i18n, device.auto),
            Preference::WebGpu => t_string!(i18n, device.webgpu),
            Preference::Cpu => t_string!(i18n, device.cpu),
        });
        option(choice.name(), name, move || lab.preference.get() == choice)
    });
    let choose = move |event| {
        lab.preference.set(Preference::from_name(&value_of(&event)));
        lab.restart();
    };
    el("label", "choice").children([
        el("span", "").text(words(move || t_string!(i18n, device.label))),
        el("select", "").set("data-testid", "device-choice").on("change", choose).children(choices),
    ])
}

/// The device that computes, and why; what is still loading. As high from the first paint as ever after.
fn status_line() -> El {
    let i18n = use_i18n();
    let lab = expect_context::<EngineHandle>();
    let device = move || {
        let reason = move || match lab.reason.get() {
            Reason::Chosen => t_string!(i18n, device.chosen),
            Reason::AdapterFound { software: false } => t_string!(i18n, device.adapter),
            Reason::AdapterFound { software: true } => t_string!(i18n, device.software),
            Reason::NoAdapter => t_string!(i18n, device.no_adapter),
            Reason::NoWebGpu => t_string!(i18n, device.no_webgpu),
            Reason::FellBack(_) => t_string!(i18n, device.fell_back),
        };
        match lab.device.get() {
            DeviceState::Choosing => t_string!(i18n, device.choosing).to_string(),
            DeviceState::Stopped => t_string!(i18n, device.stopped).to_string(),
            DeviceState::Starting { device } => {
                format!("{} · {} · {}", device_name(i18n, device), t_string!(i18n, device.starting), reason())
            }
            DeviceState::Ready { device, name } if name.is_empty() => {
                format!("{} · {}", device_name(i18n, device), reason())
            }
            DeviceState::Ready { device, name } => format!("{} · {name} · {}", device_name(i18n, device), reason()),
        }
    };
    let loading = move || {
        lab.loads.with(|loads| match loads.iter().find(|load| !load.done) {
            Some(load) => {
                let bytes = match load.total {
                    Some(total) => {
                        t_string!(i18n, loading.of, loaded = megabytes(load.loaded), total = megabytes(total))
                    }
                    None => t_string!(i18n, loading.so_far, loaded = megabytes(load.loaded)),
                };
                format!("{}: {bytes}", asset_name(i18n, load.asset))
            }
            None if loads.len() > 1 => t_string!(i18n, loading.done).to_string(),
            None => String::new(),
        })
    };
    let share = move || lab.loads.with(|loads| share(loads));
    let ready = move || matches!(lab.device.get(), DeviceState::Ready { .. }).to_string();
    el("div", "status").children([
        el("p", "device").set("data-testid", "device").live("data-ready", ready).text(words(device)),
        el("p", "loading").set("data-testid", "loading").set("role", "status").text(words(loading)),
        el("progress", "")
            .live("class", move || if share() >= 1.0 { "loading-bar gone" } else { "loading-bar" })
            .set("max", 1)
            .prop("value", move || share().to_string())
            .label(words(move || t_string!(i18n, loading.label))),
    ])
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1e6)
}

/// How much of what is known to be needed has come, 0 to 1.
fn share(loads: &[Load]) -> f64 {
    let loaded: u64 = loads.iter().map(|load| load.loaded).sum();
    let total: u64 =
        loads.iter().map(|load| if load.done { load.loaded } else { load.total.unwrap_or(2 * load.loaded) }).sum();
    if loads.is_empty() || loads.iter().any(|load| !load.done) {
        (loaded as f64 / total.max(1) as f64).min(0.99)
    } else {
        1.0
    }
}
