//! Answers that follow the model that a figure shows.

use std::cell::Cell;

use leptos::prelude::*;

use super::engine_handle::{EngineHandle, OnError};
use crate::client::SlotKey;
use crate::protocol::{EngineError, ModelId, Request};

/// The answer to `request`, which is asked again whenever what it reads changes or `model` would answer otherwise; None until it is
/// there, where there is nothing to ask, and for another model than before.
pub fn use_answer<R>(
    slot: SlotKey,
    model: RwSignal<ModelId>,
    request: impl Fn(ModelId) -> Option<R> + 'static,
) -> RwSignal<Option<R::Answer>>
where
    R: Request + 'static,
    R::Answer: Send + Sync + 'static,
{
    use_tracked_answer(slot, model, EngineHandle::track, request)
}

/// As [`use_answer`], of all test images: a run under way is not asked again before it pauses or ends.
pub fn use_settled_answer<R>(
    slot: SlotKey,
    model: RwSignal<ModelId>,
    request: impl Fn(ModelId) -> Option<R> + 'static,
) -> RwSignal<Option<R::Answer>>
where
    R: Request + 'static,
    R::Answer: Send + Sync + 'static,
{
    use_tracked_answer(slot, model, EngineHandle::track_settled, request)
}

fn use_tracked_answer<R>(
    slot: SlotKey,
    model: RwSignal<ModelId>,
    track: fn(EngineHandle, ModelId),
    request: impl Fn(ModelId) -> Option<R> + 'static,
) -> RwSignal<Option<R::Answer>>
where
    R: Request + 'static,
    R::Answer: Send + Sync + 'static,
{
    let engine = expect_context::<EngineHandle>();
    let answer = RwSignal::new(None);
    let before = Cell::new(None);
    Effect::new(move || {
        let model = model.get();
        track(engine, model);
        let request = request(model);
        if before.replace(Some(model)) != Some(model) || request.is_none() {
            answer.set(None);
        }
        if let Some(request) = request {
            engine.try_request(slot, request, move |found| match found {
                // The figure may be gone by then.
                Ok(found) => drop(answer.try_set(Some(found))),
                // Weights of another shape came meanwhile; the shape's own answer is on its way.
                Err(EngineError::Malformed(_)) => drop(answer.try_set(None)),
                Err(error) => {
                    engine.computing.set(None);
                    engine.show(error, OnError::ShowOnce);
                }
            });
        }
    });
    answer
}
