//! The noise that a figure adds, as links hold it; the noise that a run's settings have, read as plain data.

use serde_json::Value;

use crate::protocol::Noise;

/// The names in links: of sigma, of the dropout rate, and of the draw of both.
pub const NOISE: &str = "noise";
pub const DROPOUT: &str = "dropout";
pub const DRAW: &str = "draw";

/// How the figure begins.
pub const FIRST: Noise = Noise { sigma: 0.5, dropout: 0.0, seed: 1 };

/// How far the noise sliders go until the engine has told how strong the noise of the model's training was.
pub const STRONGEST: (f32, f32) = (1.5, 0.9);

/// The noise that a link names, by the numbers that it holds.
pub fn linked_noise(number: impl Fn(&str) -> Option<f64>) -> Noise {
    let within = |name, first: f32, most| number(name).map_or(first, |number| number as f32).clamp(0.0, most);
    Noise {
        sigma: within(NOISE, FIRST.sigma, STRONGEST.0),
        dropout: within(DROPOUT, FIRST.dropout, STRONGEST.1),
        seed: number(DRAW).map_or(FIRST.seed, |number| number as u64),
    }
}

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
    fn a_link_names_its_noise_within_the_sliders() {
        assert_eq!(linked_noise(|_| None), FIRST);
        let number =
            |name: &str| [(NOISE, 9.0), (DRAW, 3.0)].into_iter().find(|pair| pair.0 == name).map(|pair| pair.1);
        assert_eq!(linked_noise(number), Noise { sigma: STRONGEST.0, dropout: 0.0, seed: 3 });
    }

    #[test]
    fn noise_is_that_of_the_recipe() {
        let settings = r#"{"model": {}, "recipe": {"corruption": {"sigma": 1.5, "dropout": 0.9}}}"#;
        assert_eq!(strongest_noise(settings), Some((1.5, 0.9)));
        assert_eq!(strongest_noise(r#"{"recipe": {"corruption": null}}"#), None);
        assert_eq!(strongest_noise(""), None);
    }
}
