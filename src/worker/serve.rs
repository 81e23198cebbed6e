//! The engine inside its worker: opens the device, fetches what the engine needs, answers in turn.

use std::future::pending;
use std::rc::Rc;

use futures::channel::mpsc::unbounded;
use futures::stream::FusedStream;
use futures::{FutureExt, SinkExt, StreamExt, select_biased};
use gloo::worker::reactor::ReactorScope;
use wasm_bindgen_futures::spawn_local;

use super::event_loop::EventLoop;
use super::events::{Events, send};
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

/// Answers in turn; in between, a run under way takes its steps, one at a time, so that no command waits for longer.
async fn work(mut engine: Engine, mut requests: impl FusedStream<Item = RequestMessage> + Unpin, events: Events) {
    let event_loop = Rc::new(EventLoop::new());
    engine.on_progress({
        let (events, event_loop) = (events.clone(), event_loop.clone());
        move |done, total| {
            send(&events, Event::Computing { done, total });
            let event_loop = event_loop.clone();
            // The event is on its way when the messages before it are taken in.
            Box::pin(async move { event_loop.yield_to(true).await })
        }
    });
    let (mut state, mut arrivals) = WorkerState::new(engine, events);
    loop {
        let mut turn = std::pin::pin!(event_loop.yield_to(state.is_training()).fuse());
        select_biased! {
            request = requests.next() => match request {
                Some(request) => state.take_request(request).await,
                None => break,
            },
            arrival = arrivals.select_next_some() => state.take_arrival(arrival).await,
            () = turn => if let Err(error) = state.advance().await {
                state.send(Event::Stopped { error });
                // The page ends the worker, as above.
                pending::<()>().await;
            },
        }
    }
}
