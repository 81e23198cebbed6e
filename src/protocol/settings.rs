//! The settings of a run that a person can change, and how far.
//!
//! A run's settings are one JSON object, `{"model": Config, "recipe": Recipe, "seed": u64}`. A [`Setting`] is one number in it; each
//! model says which it has.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A number in the settings of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    /// What the page looks up its name and its explanation by.
    pub key: Cow<'static, str>,
    /// Where its number stands in the settings, as a JSON pointer (RFC 6901).
    pub pointer: Cow<'static, str>,
    /// The least and the largest that it can be set to.
    pub range: (f64, f64),
    /// Whether it counts something.
    pub is_integer: bool,
    /// Whether it is shown before anyone asks for all of them.
    pub is_common: bool,
}

/// A number that a setting cannot be set to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[error("{key} goes from {} to {}", range.0, range.1)]
pub struct OutOfRange {
    pub key: String,
    pub range: (f64, f64),
}

impl Setting {
    /// Any number of a range.
    pub const fn number(key: &'static str, pointer: &'static str, range: (f64, f64)) -> Self {
        Setting { key: Cow::Borrowed(key), pointer: Cow::Borrowed(pointer), range, is_integer: false, is_common: true }
    }

    /// A whole number of a range.
    pub const fn count(key: &'static str, pointer: &'static str, range: (f64, f64)) -> Self {
        Setting { key: Cow::Borrowed(key), pointer: Cow::Borrowed(pointer), range, is_integer: true, is_common: true }
    }

    /// The same, shown on demand.
    #[must_use]
    pub fn on_demand(self) -> Self {
        Setting { is_common: false, ..self }
    }

    /// Its number in `settings`; None where they have no such place.
    pub fn get(&self, settings: &Value) -> Option<f64> {
        settings.pointer(&self.pointer)?.as_f64()
    }

    /// Sets it in `settings`, where they have it.
    ///
    /// # Errors
    /// Refuses a number out of range, or broken where the setting counts; `settings` stay as they were.
    pub fn set(&self, settings: &mut Value, number: f64) -> Result<(), OutOfRange> {
        self.check(number)?;
        if let Some(place) = settings.pointer_mut(&self.pointer) {
            *place = if self.is_integer { Value::from(number as u64) } else { Value::from(number) };
        }
        Ok(())
    }

    /// # Errors
    /// Refuses a number out of range, or broken where the setting counts. What is not a number is in no range.
    pub fn check(&self, number: f64) -> Result<(), OutOfRange> {
        let (least, largest) = self.range;
        let is_whole = !self.is_integer || number.fract() == 0.0;
        match (least..=largest).contains(&number) && is_whole {
            true => Ok(()),
            false => Err(OutOfRange { key: self.key.to_string(), range: self.range }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const CODE: Setting = Setting::count("code", "/model/code", (1.0, 2_000.0));
    const RATE: Setting = Setting::number("learning_rate", "/recipe/learning_rate", (1e-6, 1.0));
    const SIGMA: Setting = Setting::number("sigma", "/recipe/corruption/sigma", (0.0, 2.0));

    #[test]
    fn a_setting_is_where_the_settings_have_its_place() {
        let mut settings = json!({"model": {"code": 20}, "recipe": {"learning_rate": 0.001, "corruption": null}});
        assert_eq!(CODE.get(&settings), Some(20.0));
        assert_eq!(SIGMA.get(&settings), None);
        assert_eq!(SIGMA.set(&mut settings, 0.5), Ok(()), "there is nothing to set");
        assert_eq!(CODE.set(&mut settings, 30.0), Ok(()));
        assert_eq!(settings.pointer("/model/code"), Some(&json!(30)), "a count stays a whole number");
    }

    #[test]
    fn what_is_out_of_range_is_refused_and_changes_nothing() {
        let mut settings = json!({"model": {"code": 20}, "recipe": {"learning_rate": 0.001}});
        let before = settings.clone();
        for (setting, number) in [(&CODE, 0.0), (&CODE, 2.5), (&RATE, 0.0), (&RATE, f64::NAN), (&RATE, f64::INFINITY)] {
            let refused = Err(OutOfRange { key: setting.key.to_string(), range: setting.range });
            assert_eq!(setting.set(&mut settings, number), refused, "{number}");
        }
        assert_eq!(settings, before);
    }
}
