//! The bar at the top: contents, name, device, colours, language.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use super::contents::CONTENTS;
use crate::client::Preference;
use crate::ui::dom::focus::focus;
use crate::ui::i18n::{Locale, language, t_string, use_i18n};
use crate::ui::state::engine_handle::EngineHandle;
use crate::ui::state::theme::Theme;

/// The bar at the top. `contents_open` says whether the contents are shown where the screen has no room for them beside the chapter.
#[component]
pub fn Header(contents_open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    // A hash link would be a chapter's.
    let skip = move |event: MouseEvent| {
        event.prevent_default();
        focus("main");
    };
    view! {
        <header class="head">
            <a class="skip" href="#main" on:click=skip>
                {move || t_string!(i18n, skip)}
            </a>
            <div class="bar">
                <button
                    type="button"
                    class="contents-button"
                    data-testid="contents-button"
                    aria-controls=CONTENTS
                    aria-expanded=move || contents_open.get().to_string()
                    on:click=move |_| contents_open.update(|open| *open = !*open)
                >
                    {move || t_string!(i18n, contents.menu)}
                </button>
                <a class="brand" href="#/">
                    <span class="mark">
                        <svg viewBox="0 0 24 24" aria-hidden="true">
                            <path d="M3 3v18l7-6.5v-5zM21 3v18l-7-6.5v-5z" />
                        </svg>
                    </span>
                    <span class="brand-name">"Bottleneck"</span>
                </a>
            </div>
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
    let theme = expect_context::<RwSignal<Theme>>();
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
