//! Sizes of a model that no device should be asked to make.

use serde_json::Value;

/// The largest number in a model's Config, and the longest list.
const LARGEST: f64 = 2_000.0;
const LONGEST: usize = 16;

/// Refuses a run's settings whose model has a size that is absurd.
///
/// # Errors
/// Names the number.
pub fn check(settings: &Value) -> Result<(), String> {
    within(&settings["model"])
}

fn within(value: &Value) -> Result<(), String> {
    match value {
        Value::Number(number) if number.as_f64().is_none_or(|number| number > LARGEST) => {
            Err(format!("{number} is more than {LARGEST}"))
        }
        Value::Array(values) if values.len() > LONGEST => Err(format!("{} is more than {LONGEST}", values.len())),
        Value::Array(values) => values.iter().try_for_each(within),
        Value::Object(fields) => fields.values().try_for_each(within),
        _ => Ok(()),
    }
}
