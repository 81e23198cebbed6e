//! The engine inside its worker: opens the device, fetches what the engine needs, answers in turn.

use std::cell::Cell;
use std::future::pending;
use std::pin::pin;
use std::rc::Rc;

use futures::channel::mpsc::unbounded;
use futures::stream::FusedStream;
use futures::{FutureExt, SinkExt, StreamExt, select_biased};
use gloo::worker::reactor::ReactorScope;
use wasm_bindgen_futures::spawn_local;

use super::event_loop::EventLoop;
use super::events::{Events, send};
use super::inbox::{Inbox, Incoming};
use super::state::WorkerState;
use crate::engine::Engine;
use crate::engine::device::{self, Opened};
use crate::protocol::{EngineError, Event, RequestMessage};
use crate::training::Catalogue;

/// Serves one page until it goes away.
pub async fn serve(scope: ReactorScope<RequestMessage, Event>) {
    let (mut outlet, requests) = scope.split();
    let requests = requests.fuse();
    let (events, mut queue) = unbounded();
    spawn_local(async move {
        while let Some(event) = queue.next().await {
            if outlet.send(event).await.is_err() {
                break;
            }
        }
    });
    match open(events.clone()).await {
        Ok((engine, ready)) => {
            send(&events, ready);
            work(engine, requests, events).await;
        }
        Err(error) => {
            send(&events, Event::Stopped { error });
            // The page ends the worker. Returning would close the channel before the event is sent.
            pending::<()>().await;
        }
    }
}

/// An engine on the GPU that is known to compute rightly, and what the page is told of it.
#[cfg(feature = "webgpu")]
async fn open(events: Events) -> Result<(Engine, Event), EngineError> {
    let lost = move |reason| send(&events, Event::Stopped { error: EngineError::DeviceLost(reason) });
    let Opened { device, kind, name } = device::open_webgpu(lost).await?;
    let engine = Engine::new(device, Catalogue::all());
    let answer_ms = engine.verify_device().await?.as_secs_f64() * 1000.0;
    Ok((engine, Event::Ready { device: kind, name, answer_ms }))
}

#[cfg(not(feature = "webgpu"))]
async fn open(_events: Events) -> Result<(Engine, Event), EngineError> {
    let Opened { device, kind, name } = device::open_cpu();
    Ok((Engine::new(device, Catalogue::all()), Event::Ready { device: kind, name, answer_ms: 0.0 }))
}

/// Answers in turn; in between, a run under way takes its steps, one at a time, so that no command waits for longer. What takes all test images
/// for seconds is left between two batches for what comes meanwhile, such as a drawing, and gone on with afterwards, the newest first.
async fn work(mut engine: Engine, requests: impl FusedStream<Item = RequestMessage> + Unpin, events: Events) {
    let event_loop = Rc::new(EventLoop::new());
    let between_batches = Rc::new(Cell::new(false));
    engine.on_progress({
        let (events, event_loop, between_batches) = (events.clone(), event_loop.clone(), between_batches.clone());
        move |done, total| {
            send(&events, Event::Computing { done, total });
            let (event_loop, between_batches) = (event_loop.clone(), between_batches.clone());
            // The event is on its way when the messages before it are taken in.
            Box::pin(async move {
                between_batches.set(true);
                event_loop.yield_to(true).await;
                between_batches.set(false);
            })
        }
    });
    let (mut state, arrivals) = WorkerState::new(engine, events);
    let mut inbox = Inbox::new(requests, arrivals);
    let (mut left, mut next) = (Vec::<RequestMessage>::new(), None);
    loop {
        let incoming = match next.take() {
            Some(incoming) => incoming,
            None => {
                let has_work = state.is_training() || !left.is_empty();
                let mut turn = pin!(event_loop.yield_to(has_work).fuse());
                select_biased! {
                    incoming = inbox.next(|| true) => incoming,
                    () = turn => Incoming::Turn,
                }
            }
        };
        let request = match incoming {
            Incoming::Request(request) => Some(request),
            Incoming::Turn => left.pop(),
            Incoming::Arrival(arrival) => {
                state.take_arrival(arrival).await;
                continue;
            }
            Incoming::End => break,
        };
        let Some(request) = request else {
            if let Err(error) = state.advance().await {
                state.send(Event::Stopped { error });
                // The page ends the worker, as above.
                pending::<()>().await;
            }
            continue;
        };
        // A program that does not train refuses them.
        let can_be_left = cfg!(feature = "training") && request.command.goes_through_test_set();
        let same = can_be_left.then(|| request.clone());
        between_batches.set(false);
        let mut answered = pin!(state.take_request(request).fuse());
        next = select_biased! {
            incoming = inbox.next(|| can_be_left && between_batches.get()) => Some(incoming),
            () = answered => None,
        };
        if next.is_some() {
            left.extend(same);
        }
    }
}
