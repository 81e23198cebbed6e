//! The drawing as a model gives it back.

use std::cell::Cell;

use leptos::prelude::*;

use super::element::effect;

use super::lab::EngineHandle;
use crate::client::SlotKey;
use crate::protocol::{Answer, Command, Image, ModelId, Noise};

/// No noise at all.
pub const CLEAN: Noise = Noise { sigma: 0.0, dropout: 0.0, seed: 0 };

/// A model's answer to an image.
#[derive(Clone, Debug, PartialEq)]
pub struct Rebuilt {
    pub input: Image,
    pub input_error: f32,
    pub output: Image,
    pub output_error: f32,
}

/// What the model makes of the drawing with `noise`; None for blank paper.
pub fn use_rebuilt(
    lane: SlotKey,
    model: Signal<ModelId>,
    seen: Signal<Option<Image>>,
    noise: Signal<Noise>,
) -> RwSignal<Option<Rebuilt>> {
    let lab = expect_context::<EngineHandle>();
    let rebuilt = RwSignal::new(None);
    let before = Cell::new(None);
    effect(move || {
        let (model, noise) = (model.get(), noise.get());
        lab.follow(model);
        if before.replace(Some(model)) != Some(model) {
            rebuilt.set(None);
        }
        let Some(image) = seen.get() else { return rebuilt.set(None) };
        lab.try_ask(lane, Command::Reconstruct { model, image, noise }, move |answer| match answer {
            // The paper may have been cleared meanwhile: blank paper shows no ghost.
            Ok(Answer::Reconstruct { input, input_error, output, output_error, .. })
                if seen.with_untracked(Option::is_some) =>
            {
                rebuilt.set(Some(Rebuilt { input, input_error, output, output_error }));
            }
            Ok(_) => {}
            // A model that is trained on something else than images has none to show.
            Err(_) if lane == SlotKey::Rebuild => rebuilt.set(None),
            Err(problem) => lab.tell(problem),
        });
    });
    rebuilt
}
