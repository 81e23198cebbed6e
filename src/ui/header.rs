//! The head of the page: name, chapters, device, loading, language, colours.

use leptos::prelude::*;
use leptos_i18n::t_string;

use super::i18n::{Locale, use_i18n};
use super::lab::{DeviceState, Lab, Load};
use super::language;
use super::route::{Chapter, Router};
use super::sentence::{asset_name, device_name};
use super::theme::{Theme, use_theme};
use crate::engine::client::{Preference, Reason};

/// The bar at the top.
#[component]
pub fn Header() -> impl IntoView {
    let i18n = use_i18n();
    let router = expect_context::<Router>();
    let theme = use_theme();
    let switch_language = move |_| {
        let next = if i18n.get_locale_untracked() == Locale::en { Locale::zh } else { Locale::en };
        language::choose(i18n, next);
    };
    let chapter_name = move |chapter| match chapter {
        Chapter::Denoising => t_string!(i18n, draw.chapter),
        Chapter::Variational => t_string!(i18n, latent.chapter),
    };
    let links = Chapter::ALL.map(|chapter| {
        view! {
            <a
                href=format!("#/{}", chapter.name())
                aria-current=move || (router.visited.get().chapter == Some(chapter)).then_some("true")
            >
                {move || chapter_name(chapter)}
            </a>
        }
    });
    let themes = Theme::ALL.map(|choice| {
        let name = move || match choice {
            Theme::Auto => t_string!(i18n, theme.auto),
            Theme::Light => t_string!(i18n, theme.light),
            Theme::Dark => t_string!(i18n, theme.dark),
        };
        view! {
            <option value=choice.name() selected=move || theme.get() == choice>
                {name}
            </option>
        }
    });
    view! {
        <a class="skip" href="#draw">{move || t_string!(i18n, skip)}</a>
        <header class="head">
            <a class="brand" href="#/">
                <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
                    <path d="M3 3v18l7-6.5v-5zM21 3v18l-7-6.5v-5z" />
                </svg>
                <span class="brand-name">"Bottleneck"</span>
            </a>
            <nav class="chapters" aria-label=move || t_string!(i18n, nav)>{links}</nav>
            <div class="settings">
                <DeviceChoice />
                <select
                    class="quiet"
                    data-testid="theme"
                    aria-label=move || t_string!(i18n, theme.label)
                    on:change=move |event| theme.set(Theme::from_name(&event_target_value(&event)))
                >
                    {themes}
                </select>
                <button class="quiet" data-testid="language" on:click=switch_language lang=move || {
                    if i18n.get_locale() == Locale::en { "zh" } else { "en" }
                }>{move || t_string!(i18n, language)}</button>
            </div>
        </header>
        <StatusLine />
    }
}

/// Where the models are to run.
#[component]
fn DeviceChoice() -> impl IntoView {
    let i18n = use_i18n();
    let lab = expect_context::<Lab>();
    let choices = [Preference::Auto, Preference::WebGpu, Preference::Cpu].map(|choice| {
        let name = move || match choice {
            Preference::Auto => t_string!(i18n, device.auto),
            Preference::WebGpu => t_string!(i18n, device.webgpu),
            Preference::Cpu => t_string!(i18n, device.cpu),
        };
        view! {
            <option value=choice.name() selected=move || lab.preference.get() == choice>
                {name}
            </option>
        }
    });
    let choose = move |event| {
        lab.preference.set(Preference::from_name(&event_target_value(&event)));
        lab.restart();
    };
    view! {
        <label class="choice">
            <span>{move || t_string!(i18n, device.label)}</span>
            <select data-testid="device-choice" on:change=choose>
                {choices}
            </select>
        </label>
    }
}

/// The device that computes, and why; what is still loading. As high from the first paint as ever after.
#[component]
fn StatusLine() -> impl IntoView {
    let i18n = use_i18n();
    let lab = expect_context::<Lab>();
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
    view! {
        <div class="status">
            <p class="device" data-testid="device" data-ready=move || matches!(lab.device.get(), DeviceState::Ready { .. }).to_string()>
                {device}
            </p>
            <p class="loading" data-testid="loading" role="status">{loading}</p>
            <progress
                class="loading-bar"
                class:gone=move || { share() >= 1.0 }
                max="1"
                prop:value=share
                aria-label=move || t_string!(i18n, loading.label)
            ></progress>
        </div>
    }
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
