//! How a link holds the settings of a run: `key:number,key:number`, what differs from a preset.

use serde_json::Value;

use crate::protocol::Setting;

/// Sets in the preset's `settings` what a link says of these `fields`. What is not among them, or not in its range, stays as the preset
/// has it. `number` parses one number: the page passes the browser's parser, as std's is large.
pub fn apply(link: &str, fields: &[(Setting, f64)], settings: &mut Value, number: impl Fn(&str) -> Option<f64>) {
    for (key, text) in link.split(',').filter_map(|change| change.split_once(':')) {
        let setting = fields.iter().map(|(setting, _)| setting).find(|setting| setting.key == key);
        if let (Some(setting), Some(number)) = (setting, number(text)) {
            // A number out of range is left out.
            drop(setting.set(settings, number));
        }
    }
}

/// The `fields` whose numbers are not those of the `preset`, as a link's text.
pub fn changes(fields: Vec<(Setting, f64)>, preset: &Value) -> String {
    let changed = |(setting, number): (Setting, f64)| {
        (setting.get(preset) != Some(number)).then(|| format!("{}:{number}", setting.key))
    };
    fields.into_iter().filter_map(changed).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn settings_survive_their_link() {
        let known = [
            Setting::count("epochs", "/recipe/epochs", (1.0, 1_000.0)),
            Setting::number("kl_weight", "/model/kl_weight", (0.0, 10.0)),
        ];
        let with_numbers = |settings: &Value| -> Vec<_> {
            let number = |setting: &Setting| Some((setting.clone(), setting.get(settings)?));
            known.iter().filter_map(number).collect()
        };
        let preset = json!({"model": {"kl_weight": 1.0}, "recipe": {"epochs": 60}});
        let made = |link: &str| {
            let mut settings = preset.clone();
            apply(link, &with_numbers(&preset), &mut settings, |text| text.parse().ok());
            settings
        };
        let settings = made("kl_weight:0.5,epochs:3");
        assert_eq!(settings, json!({"model": {"kl_weight": 0.5}, "recipe": {"epochs": 3}}));
        assert_eq!(changes(with_numbers(&settings), &preset), "epochs:3,kl_weight:0.5");
        assert_eq!(made("kl_weight:11,epochs:x,depth:3,epochs,"), preset, "out of range, no number, unknown, cut");
        assert_eq!(changes(with_numbers(&preset), &preset), "");
    }
}
