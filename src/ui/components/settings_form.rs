//! The settings of the next run.

use leptos::prelude::*;

use crate::protocol::Knob;
use crate::ui::i18n::messages::{knob_name, preset_name, range};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::training_setup::TrainingSetup;

/// The preset, and a field for every setting that the model has. Nothing can be changed while a run is under way.
#[component]
pub fn SettingsForm(setup: TrainingSetup) -> impl IntoView {
    let i18n = use_i18n();
    let presets = move || {
        let option = |(number, (name, _)): (usize, (String, String))| {
            view! {
                <option value=number prop:selected=number == 0>
                    {move || preset_name(i18n, &name)}
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
    // A field is made anew only when the settings are replaced: what is being typed into it stays.
    let fields = move || {
        setup.replaced.track();
        let number_of = |knob: Knob| setup.settings.with_untracked(|settings| knob.get(settings));
        let field = |knob| Some(view! { <Setting setup=setup knob=knob number=number_of(knob)? /> });
        Knob::ALL.into_iter().filter_map(field).collect_view()
    };
    view! {
        <fieldset class="settings-form" disabled=move || setup.is_under_way()>
            <label class="setting">
                <span>{move || t_string!(i18n, train.preset)}</span>
                <select data-testid="preset" on:change=choose>
                    {presets}
                </select>
            </label>
            {fields}
        </fieldset>
    }
}

/// The field of a setting; what it cannot be set to is refused there and then.
#[component]
fn Setting(setup: TrainingSetup, knob: Knob, number: f64) -> impl IntoView {
    let i18n = use_i18n();
    let refused = move || setup.refused.with(|refused| refused.contains(&knob));
    // Single precision is what the engine computes with, and has no tail of digits that nobody typed.
    let value = if knob.is_integer() { number.to_string() } else { (number as f32).to_string() };
    let id = format!("{knob:?}");
    view! {
        <label class="setting">
            <span>{move || knob_name(i18n, knob)}</span>
            <input
                type="number"
                step="any"
                inputmode="decimal"
                autocomplete="off"
                value=value
                data-testid=format!("knob-{}", id.to_lowercase())
                aria-describedby=id.clone()
                aria-invalid=move || refused().to_string()
                on:input=move |event| setup.set(knob, &event_target_value(&event))
            />
            <small class="refusal" id=id role="status">
                {move || refused().then(|| range(i18n, knob))}
            </small>
        </label>
    }
}
