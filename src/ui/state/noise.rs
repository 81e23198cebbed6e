//! The noise that a run's settings have, read as plain data.

use serde_json::Value;

/// How strong the noise was that a model learnt to take away, by the JSON of its settings: the largest sigma and the largest dropout
/// rate; None where there was none.
pub fn strongest_noise(settings: &str) -> Option<(f32, f32)> {
    let settings: Value = serde_json::from_str(settings).ok()?;
    let corruption = &settings["recipe"]["corruption"];
    Some((corruption["sigma"].as_f64()? as f32, corruption["dropout"].as_f64()? as f32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_that_of_the_recipe() {
        let settings = r#"{"model": {}, "recipe": {"corruption": {"sigma": 1.5, "dropout": 0.9}}}"#;
        assert_eq!(strongest_noise(settings), Some((1.5, 0.9)));
        assert_eq!(strongest_noise(r#"{"recipe": {"corruption": null}}"#), None);
        assert_eq!(strongest_noise(""), None);
    }
}
