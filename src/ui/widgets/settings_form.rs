//! The settings of the next run.

use leptos::prelude::*;

use super::super::element::{El, el, option, value_of, words};
use super::super::language::{t_string, use_i18n};
use super::super::sentence::{knob_name, preset_name, range};
use super::super::training::Plan;
use crate::protocol::Knob;

/// The preset, and a field for every knob that the model has. Nothing can be changed while a run is under way.
pub fn settings_form(plan: Plan) -> El {
    let i18n = use_i18n();
    let presets = move || {
        let presets = plan.presets.get();
        let preset = |(number, (name, _)): (usize, (String, String))| {
            option(&number.to_string(), words(move || preset_name(i18n, &name)), move || number == 0)
        };
        presets.into_iter().enumerate().map(preset).collect()
    };
    let choose = move |event| {
        if let Ok(preset) = value_of(&event).parse() {
            plan.choose(preset);
        }
    };
    let fields = move || {
        plan.replaced.track();
        let number_of = |knob: Knob| plan.settings.with_untracked(|settings| knob.get(settings));
        Knob::ALL.into_iter().filter_map(|knob| Some(field(plan, knob, number_of(knob)?))).collect()
    };
    let preset = el("label", "setting").children([
        el("span", "").text(words(move || t_string!(i18n, train.preset))),
        el("select", "").set("data-testid", "preset").on("change", choose).each(presets),
    ]);
    el("fieldset", "settings-form").flag("disabled", move || plan.is_under_way()).children([preset]).each(fields)
}

/// The field of a knob; what the knob cannot be set to is refused there and then.
fn field(plan: Plan, knob: Knob, number: f64) -> El {
    let i18n = use_i18n();
    let refused = move || plan.refused.with(|refused| refused.contains(&knob));
    // Single precision is what the engine computes with, and has no tail of digits that nobody typed.
    let value = if knob.is_integer() { number.to_string() } else { (number as f32).to_string() };
    let id = format!("{knob:?}");
    el("label", "setting").children([
        el("span", "").text(words(move || knob_name(i18n, knob))),
        el("input", "")
            .set("type", "number")
            .set("step", "any")
            .set("inputmode", "decimal")
            .set("autocomplete", "off")
            .set("value", value)
            .set("data-testid", format!("knob-{}", id.to_lowercase()))
            .set("aria-describedby", &id)
            .live("aria-invalid", move || refused().to_string())
            .on("input", move |event| plan.turn(knob, &value_of(&event))),
        el("small", "refusal")
            .set("id", &id)
            .set("role", "status")
            .text(words(move || if refused() { range(i18n, knob) } else { String::new() })),
    ])
}
