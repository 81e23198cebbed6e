//! The settings of a run that a person can change, and how far.
//!
//! A run's settings are one JSON object, `{"model": Config, "recipe": Recipe, "seed": u64}`. A knob is one number in it, so a
//! model has the knobs whose place its settings have, and nothing else need know which.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A number in the settings of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Knob {
    LearningRate,
    Batch,
    Epochs,
    /// Training images, the first of the training set.
    Examples,
    /// Numbers in a code.
    Code,
    /// Standard deviation of the Gaussian noise put on the input.
    Sigma,
    /// Rate of the dropout put on the input.
    Dropout,
    /// The mean activation that a code's units are to have.
    Sparsity,
    SparsityWeight,
    KlWeight,
    /// Weight of half the sum of the squared weights.
    L2,
    Seed,
}

/// A number that a knob cannot be set to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[error("{knob:?} goes from {} to {}", knob.range().0, knob.range().1)]
pub struct OutOfRange {
    pub knob: Knob,
}

impl Knob {
    pub const ALL: [Knob; 12] = [
        Knob::LearningRate,
        Knob::Batch,
        Knob::Epochs,
        Knob::Examples,
        Knob::Code,
        Knob::Sigma,
        Knob::Dropout,
        Knob::Sparsity,
        Knob::SparsityWeight,
        Knob::KlWeight,
        Knob::L2,
        Knob::Seed,
    ];

    /// Where its number stands in the settings, as a JSON pointer (RFC 6901).
    pub const fn pointer(self) -> &'static str {
        match self {
            Knob::LearningRate => "/recipe/learning_rate",
            Knob::Batch => "/recipe/batch",
            Knob::Epochs => "/recipe/epochs",
            Knob::Examples => "/recipe/examples",
            Knob::Code => "/model/code",
            Knob::Sigma => "/recipe/corruption/sigma",
            Knob::Dropout => "/recipe/corruption/dropout",
            Knob::Sparsity => "/model/sparsity",
            Knob::SparsityWeight => "/model/sparsity_weight",
            Knob::KlWeight => "/model/kl_weight",
            Knob::L2 => "/model/l2",
            Knob::Seed => "/seed",
        }
    }

    /// The least and the largest that it can be set to.
    pub const fn range(self) -> (f64, f64) {
        match self {
            Knob::LearningRate => (1e-6, 1.0),
            Knob::Batch => (1.0, 2_000.0),
            Knob::Epochs => (1.0, 1_000.0),
            Knob::Examples => (100.0, 55_000.0),
            Knob::Code => (1.0, 2_000.0),
            Knob::Sigma => (0.0, 2.0),
            Knob::Dropout => (0.0, 0.95),
            Knob::Sparsity => (0.001, 0.5),
            Knob::SparsityWeight | Knob::KlWeight => (0.0, 100.0),
            Knob::L2 => (0.0, 1.0),
            Knob::Seed => (0.0, 4_294_967_295.0),
        }
    }

    /// Whether it counts something.
    pub const fn is_integer(self) -> bool {
        matches!(self, Knob::Batch | Knob::Epochs | Knob::Examples | Knob::Code | Knob::Seed)
    }

    /// Its number in `settings`; None where the model has no such knob.
    pub fn get(self, settings: &Value) -> Option<f64> {
        settings.pointer(self.pointer())?.as_f64()
    }

    /// Sets it in `settings`, where they have it.
    ///
    /// # Errors
    /// Refuses a number out of range, or broken where the knob counts; `settings` stay as they were.
    pub fn set(self, settings: &mut Value, number: f64) -> Result<(), OutOfRange> {
        self.admit(number)?;
        if let Some(place) = settings.pointer_mut(self.pointer()) {
            *place = if self.is_integer() { Value::from(number as u64) } else { Value::from(number) };
        }
        Ok(())
    }

    /// Refuses the settings whose knobs are out of range.
    ///
    /// # Errors
    /// Names the first such knob.
    pub fn check(settings: &Value) -> Result<(), OutOfRange> {
        Knob::ALL.into_iter().try_for_each(|knob| knob.get(settings).map_or(Ok(()), |number| knob.admit(number)))
    }

    fn admit(self, number: f64) -> Result<(), OutOfRange> {
        let (least, largest) = self.range();
        let whole = !self.is_integer() || number.fract() == 0.0;
        // What is not a number is in no range.
        if (least..=largest).contains(&number) && whole { Ok(()) } else { Err(OutOfRange { knob: self }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_knob_is_where_the_settings_have_its_place() {
        let mut settings =
            json!({"model": {"code": 20}, "recipe": {"learning_rate": 0.001, "corruption": null}, "seed": 1});
        assert_eq!(Knob::Code.get(&settings), Some(20.0));
        assert_eq!(Knob::Sigma.get(&settings), None);
        assert_eq!(Knob::Sigma.set(&mut settings, 0.5), Ok(()), "there is nothing to set");
        assert_eq!(Knob::Code.set(&mut settings, 30.0), Ok(()));
        assert_eq!(settings.pointer("/model/code"), Some(&json!(30)), "a count stays a whole number");
    }

    #[test]
    fn what_is_out_of_range_is_refused_and_changes_nothing() {
        let mut settings = json!({"model": {"code": 20}, "recipe": {"learning_rate": 0.001}, "seed": 1});
        let before = settings.clone();
        for (knob, number) in [
            (Knob::Code, 0.0),
            (Knob::Code, 2.5),
            (Knob::LearningRate, 0.0),
            (Knob::LearningRate, f64::NAN),
            (Knob::LearningRate, f64::INFINITY),
            (Knob::Seed, -1.0),
        ] {
            assert_eq!(knob.set(&mut settings, number), Err(OutOfRange { knob }), "{number}");
        }
        assert_eq!(settings, before);
        assert_eq!(Knob::check(&settings), Ok(()));
        settings["recipe"]["learning_rate"] = json!(2.0);
        assert_eq!(Knob::check(&settings), Err(OutOfRange { knob: Knob::LearningRate }));
    }
}
