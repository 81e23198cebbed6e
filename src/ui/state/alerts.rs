//! The errors shown to the person, and what each led to.

use crate::protocol::{EngineError, ModelId};

/// What an error led to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    /// Only what needs the thing at fault is missing.
    Partial,
    /// Nothing was done; starting the engine again would not help.
    Refused,
    /// The page goes on with the CPU.
    FellBack,
    /// The engine was started again.
    Restarted,
    /// Nothing is computed any more.
    Stopped,
}

impl Outcome {
    /// The name in `data-outcomes`.
    pub const fn name(self) -> &'static str {
        match self {
            Outcome::Partial => "partial",
            Outcome::Refused => "refused",
            Outcome::FellBack => "fell-back",
            Outcome::Restarted => "restarted",
            Outcome::Stopped => "stopped",
        }
    }
}

/// An error that the person has not dismissed yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    pub error: EngineError,
    pub outcome: Outcome,
    /// The model whose training it interrupted, and that goes on from its last snapshot.
    pub recovering: Option<ModelId>,
}

/// All of them, each error once, in the order in which they came.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Alerts(Vec<Alert>);

impl Alerts {
    /// Adds an error; of one that is there already, changes what it led to.
    pub fn add(&mut self, error: EngineError, outcome: Outcome) {
        match self.0.iter_mut().find(|alert| alert.error == error) {
            Some(alert) => alert.outcome = outcome,
            None => self.0.push(Alert { error, outcome, recovering: None }),
        }
    }

    /// Adds an error that interrupted the training of `model`.
    pub fn add_recovering(&mut self, error: EngineError, model: ModelId) {
        self.add(error.clone(), Outcome::Partial);
        self.0.iter_mut().filter(|alert| alert.error == error).for_each(|alert| alert.recovering = Some(model));
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Alert> {
        self.0.iter()
    }

    /// Whether starting the engine again may help.
    pub fn can_retry(&self) -> bool {
        self.0.iter().any(|alert| matches!(alert.outcome, Outcome::Partial | Outcome::Stopped))
    }

    /// The names of the errors, for `data-errors`.
    pub fn error_names(&self) -> String {
        self.0.iter().map(|alert| error_name(&alert.error)).collect::<Vec<_>>().join(" ")
    }

    /// The names of the outcomes, for `data-outcomes`.
    pub fn outcome_names(&self) -> String {
        self.0.iter().map(|alert| alert.outcome.name()).collect::<Vec<_>>().join(" ")
    }
}

fn error_name(error: &EngineError) -> &'static str {
    match error {
        EngineError::Fetch { .. } => "fetch",
        EngineError::UnknownModel(_) => "unknown-model",
        EngineError::Weights { .. } => "weights",
        EngineError::Components(_) => "components",
        EngineError::Data { .. } => "data",
        EngineError::Unpack { .. } => "unpack",
        EngineError::NotLoaded(_) => "not-loaded",
        EngineError::Malformed(_) => "malformed",
        EngineError::OtherAnswer(_) => "other-answer",
        EngineError::DeviceRefused(_) => "device-refused",
        EngineError::DeviceLost(_) => "device-lost",
        EngineError::WrongAnswers { .. } => "wrong-answers",
        EngineError::Crashed(_) => "crashed",
        EngineError::Vanished => "vanished",
        EngineError::NotStarted(_) => "not-started",
        EngineError::NoWorkers => "no-workers",
        EngineError::NotFinite => "not-finite",
        EngineError::OutOfRange(_) => "out-of-range",
        EngineError::Settings(_) => "settings",
        EngineError::Diverged => "diverged",
        EngineError::Storage(_) => "storage",
        EngineError::Snapshot { .. } => "snapshot",
        EngineError::NoTrainer => "no-trainer",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_shown_once_with_its_latest_outcome() {
        let mut alerts = Alerts::default();
        alerts.add_recovering(EngineError::Vanished, ModelId::new("vae"));
        alerts.add(EngineError::Diverged, Outcome::Refused);
        alerts.add(EngineError::Vanished, Outcome::Restarted);
        assert_eq!(alerts.error_names(), "vanished diverged");
        assert_eq!(alerts.outcome_names(), "restarted refused");
        assert_eq!(alerts.iter().next().and_then(|alert| alert.recovering), Some(ModelId::new("vae")));
        assert!(!alerts.can_retry());
    }
}
