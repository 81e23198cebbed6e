//! Which engine answers what, where a GPU that takes its time has a CPU engine beside it.

use std::collections::BTreeSet;

use super::requirements::{EngineKind, Requirements};
use crate::protocol::{Command, ModelId};

/// How long an answer may take that a person waits for: a frame, in milliseconds.
const FRAME_MS: f64 = 1000.0 / 60.0;

/// The two engines that a page can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Trains, and answers whatever no other engine does.
    Main,
    /// A CPU engine beside a GPU: answers what a person waits for.
    Interactive,
}

impl Role {
    pub const fn other(self) -> Self {
        match self {
            Role::Main => Role::Interactive,
            Role::Interactive => Role::Main,
        }
    }
}

/// Whether an engine that takes this long to answer needs one beside it.
pub fn is_slow(answer_ms: f64) -> bool {
    answer_ms > FRAME_MS
}

/// The engine for `command` where there are both; the weights of the models in `on_main` are in the main one alone.
pub fn role_of(command: &Command, on_main: &BTreeSet<ModelId>) -> Role {
    let Requirements { engine, weights, .. } = Requirements::of(command);
    let is_on_main = weights.is_some_and(|model| on_main.contains(&model));
    if engine == EngineKind::Interactive && !is_on_main { Role::Interactive } else { Role::Main }
}

/// The model whose weights in use `command` changes, once it is done.
pub fn changed_model(command: &Command) -> Option<ModelId> {
    match command {
        Command::UseWeights(request) => Some(request.model),
        Command::RestoreWeights(request) => Some(request.model),
        Command::ImportWeights(request) => Some(request.model),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Decode, GetTestDigit, GetViews, RestoreWeights, Train};

    const VAE: ModelId = ModelId::new("vae");
    const DEEP: ModelId = ModelId::new("deep");

    #[test]
    fn what_a_person_waits_for_goes_to_the_interactive_engine_unless_it_has_other_weights() {
        let on_main = BTreeSet::from([VAE]);
        let decode = |model| Command::from(Decode { model, codes: Vec::new() });
        assert_eq!(role_of(&decode(DEEP), &on_main), Role::Interactive);
        assert_eq!(role_of(&decode(VAE), &on_main), Role::Main);
        assert_eq!(role_of(&GetTestDigit { digit: 1, nth: 0 }.into(), &on_main), Role::Interactive);
        assert_eq!(role_of(&GetViews { model: DEEP }.into(), &on_main), Role::Main, "it computes for seconds");
        let train = Train { model: DEEP, settings: String::new() }.into();
        assert_eq!((role_of(&train, &on_main), changed_model(&train)), (Role::Main, None));
        assert_eq!(changed_model(&RestoreWeights { model: VAE }.into()), Some(VAE));
    }

    #[test]
    fn an_engine_is_slow_that_takes_longer_than_a_frame() {
        assert!(!is_slow(0.0) && !is_slow(16.0) && is_slow(17.0));
    }
}
