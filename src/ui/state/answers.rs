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
    shown: RwSignal<ModelId>,
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
        let model = shown.get();
        track(engine, model);
        let request = request(model);
        if before.replace(Some(model)) != Some(model) || request.is_none() {
            answer.set(None);
        }
        if let Some(request) = request {
            engine.try_request(slot, request, move |found| match found {
                Err(error) if !matches!(error, EngineError::Malformed(_)) => {
                    engine.computing.set(None);
                    engine.show(error, OnError::ShowOnce);
                }
                // The figure is gone by then, or shows another model.
                _ if shown.try_get_untracked() != Some(model) => {}
                // None: weights of another shape came meanwhile; the shape's own answer is on its way.
                found => drop(answer.try_set(found.ok())),
            });
        }
    });
    answer
}
