//! The settings of the next run.

use leptos::prelude::*;

use super::explained::Explanation;
use crate::protocol::{PresetDescription, Setting};
use crate::ui::i18n::messages::range;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::content::Content;
use crate::ui::state::training_setup::TrainingSetup;

/// The preset, and a field for every setting that the model has, the less common ones on demand unless it `shows_all`. Nothing can be changed
/// while a run is under way.
#[component]
pub fn SettingsForm(setup: TrainingSetup, shows_all: bool) -> impl IntoView {
    let i18n = use_i18n();
    let content = expect_context::<Content>();
    let presets = move || {
        let option = |(number, preset): (usize, PresetDescription)| {
            view! {
                <option value=number prop:selected=move || setup.preset.get() == number>
                    {move || content.preset_name(&preset.name)}
                </option>
            }
        };
        setup.presets.get().into_iter().enumerate().map(option).collect_view()
    };
    let choose = move |event| {
        if let Ok(preset) = event_target_value(&event).parse() {
            setup.choose_preset(preset);
        }
    };
    // Fields take the numbers of the settings only when those are replaced: what is being typed stays.
    let fields = move |is_common: bool| {
        move || {
            setup.replaced.track();
            let field = |(setting, number)| view! { <SettingField setup=setup setting=setting number=number /> };
            let fields = setup.fields().into_iter();
            fields.filter(|(setting, _)| setting.is_common == is_common).map(field).collect_view()
        }
    };
    view! {
        <fieldset class="settings-form" disabled=move || setup.is_under_way()>
            <div class="setting explains">
                <Explanation id="preset-about" about=move || t_string!(i18n, about.preset) />
                <label class="explained-name" for="preset">{move || t_string!(i18n, train.preset)}</label>
                <select id="preset" data-testid="preset" aria-describedby="preset-about" on:change=choose>
                    {presets}
                </select>
            </div>
            {fields(true)}
            <details class="more-settings" open=shows_all>
                <summary>{move || t_string!(i18n, train.more)}</summary>
                <div class="settings-fields">{fields(false)}</div>
            </details>
        </fieldset>
    }
}

/// The field of a setting and what it does; what it cannot be set to is refused there and then.
#[component]
fn SettingField(setup: TrainingSetup, setting: Setting, number: f64) -> impl IntoView {
    let i18n = use_i18n();
    let content = expect_context::<Content>();
    let Setting { key, range: limits, is_integer, .. } = setting.clone();
    let key = StoredValue::new(key.to_string());
    let refused = move || setup.refused.with(|refused| key.with_value(|key| refused.contains(key)));
    // Single precision is what the engine computes with, and has no tail of digits that nobody typed.
    let value = if is_integer { number.to_string() } else { (number as f32).to_string() };
    let about = move || key.with_value(|key| content.text(&format!("/settings/{key}/about")));
    let [field, explanation, refusal] =
        ["", "-about", "-refusal"].map(|part| key.with_value(|key| format!("setting-{key}{part}")));
    view! {
        <div class="setting explains">
            <Explanation id=explanation.clone() about=about />
            <label class="explained-name" for=field.clone()>{move || key.with_value(|key| content.setting_name(key))}</label>
            <input
                id=field
                type="number"
                step="any"
                inputmode="decimal"
                autocomplete="off"
                prop:value=value
                data-testid=key.with_value(|key| format!("knob-{}", key.replace('_', "")))
                aria-describedby=format!("{explanation} {refusal}")
                aria-invalid=move || refused().to_string()
                on:input=move |event| setup.set(&setting, &event_target_value(&event))
            />
            <small class="refusal" id=refusal role="status">
                {move || refused().then(|| range(i18n, limits, is_integer))}
            </small>
        </div>
    }
}
