//! The bar at the top: name, chapters, device, colours, language.

use leptos::prelude::*;

use crate::client::Preference;
use crate::ui::i18n::{Locale, language, t_string, use_i18n};
use crate::ui::state::engine_handle::EngineHandle;
use crate::ui::state::route::Chapter;
use crate::ui::state::router::Router;
use crate::ui::state::theme::{Theme, use_theme};

/// The bar at the top.
#[component]
pub fn Header() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <header class="head">
            <a class="skip" href="#draw">
                {move || t_string!(i18n, skip)}
            </a>
            <a class="brand" href="#/">
                <span class="mark">
                    <svg viewBox="0 0 24 24" aria-hidden="true">
                        <path d="M3 3v18l7-6.5v-5zM21 3v18l-7-6.5v-5z" />
                    </svg>
                </span>
                <span class="brand-name">"Bottleneck"</span>
            </a>
            <nav class="chapters" aria-label=move || t_string!(i18n, nav)>
                {Chapter::ALL.map(|chapter| view! { <ChapterLink chapter=chapter /> })}
            </nav>
            <div class="settings">
                <DeviceChoice />
                <ThemeChoice />
                <button
                    type="button"
                    class="quiet"
                    data-testid="language"
                    lang=move || if i18n.get_locale() == Locale::en { "zh" } else { "en" }
                    on:click=move |_| language::switch(i18n)
                >
                    {move || t_string!(i18n, language)}
                </button>
            </div>
        </header>
    }
}

#[component]
fn ChapterLink(chapter: Chapter) -> impl IntoView {
    let i18n = use_i18n();
    let router = expect_context::<Router>();
    let name = move || match chapter {
        Chapter::Denoising => t_string!(i18n, draw.chapter),
        Chapter::Variational => t_string!(i18n, latent.chapter),
        Chapter::Train => t_string!(i18n, train.chapter),
    };
    let is_current = move || router.visited.with(|visit| (visit.chapter == Some(chapter)).then_some("page"));
    view! {
        <a href=format!("#/{}", chapter.name()) aria-current=is_current>
            {name}
        </a>
    }
}

/// Where the models are to run.
#[component]
fn DeviceChoice() -> impl IntoView {
    let i18n = use_i18n();
    let engine = expect_context::<EngineHandle>();
    let choose = move |event| {
        engine.preference.set(Preference::from_name(&event_target_value(&event)));
        engine.restart();
    };
    let options = [Preference::Auto, Preference::WebGpu, Preference::Cpu].map(|choice| {
        let name = move || match choice {
            Preference::Auto => t_string!(i18n, device.auto),
            Preference::WebGpu => t_string!(i18n, device.webgpu),
            Preference::Cpu => t_string!(i18n, device.cpu),
        };
        view! {
            <option value=choice.name() prop:selected=move || engine.preference.get() == choice>
                {name}
            </option>
        }
    });
    // The label's text is hidden where the screen is narrow.
    view! {
        <label class="choice">
            <span>{move || t_string!(i18n, device.label)}</span>
            <select
                data-testid="device-choice"
                aria-label=move || t_string!(i18n, device.label)
                on:change=choose
            >
                {options}
            </select>
        </label>
    }
}

#[component]
fn ThemeChoice() -> impl IntoView {
    let i18n = use_i18n();
    let theme = use_theme();
    let options = Theme::ALL.map(|choice| {
        let name = move || match choice {
            Theme::Auto => t_string!(i18n, theme.auto),
            Theme::Light => t_string!(i18n, theme.light),
            Theme::Dark => t_string!(i18n, theme.dark),
        };
        view! {
            <option value=choice.name() prop:selected=move || theme.get() == choice>
                {name}
            </option>
        }
    });
    view! {
        <select
            class="quiet"
            data-testid="theme"
            aria-label=move || t_string!(i18n, theme.label)
            on:change=move |event| theme.set(Theme::from_name(&event_target_value(&event)))
        >
            {options}
        </select>
    }
}
