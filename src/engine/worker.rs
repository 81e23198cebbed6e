//! The engine inside its worker: opens the device, fetches what the engine needs, answers in turn.

use std::future::pending;

use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::{SinkExt, StreamExt, select};
use gloo::worker::Registrable;
use gloo::worker::reactor::ReactorScope;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{BroadcastChannel, DedicatedWorkerGlobalScope, UrlSearchParams};

use super::device::{self, Opened};
use super::engine::Engine;
use super::fetch::{self, file};
use super::host::EngineHost;
use super::link::{self, LinkMessage};
use super::protocol::{Asset, Event, ModelId, Problem, Request};

/// The whole main of an engine's program.
pub fn run() {
    report_panics();
    EngineHost::registrar().register();
}

/// A panic ends the program: its words go to the page over the link, and the worker closes.
fn report_panics() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let channel = UrlSearchParams::new_with_str(&scope.location().search())
        .ok()
        .and_then(|query| query.get("link"))
        .and_then(|name| BroadcastChannel::new(&name).ok());
    std::panic::set_hook(Box::new(move |info| {
        if let Some(channel) = &channel {
            link::say(channel, &LinkMessage::Crashed { reason: info.to_string() });
        }
        scope.close();
    }));
}

/// Files that arrived, or could not.
enum Arrival {
    Weights(ModelId, Result<Vec<u8>, Problem>),
    TestSet(Result<(Vec<u8>, Vec<u8>), Problem>),
}

/// Serves one page until it goes away.
pub async fn serve(scope: ReactorScope<Request, Event>) {
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
        Ok(Opened { device, kind, name }) => {
            send(&events, Event::Ready { device: kind, name });
            answer_all(Engine::new(device), requests, events).await;
        }
        Err(problem) => {
            send(&events, Event::Stopped { problem });
            // The page ends the worker. Returning would close the line before this has gone over it.
            pending::<()>().await;
        }
    }
}

#[cfg(feature = "webgpu")]
async fn open(events: UnboundedSender<Event>) -> Result<Opened, Problem> {
    device::open_webgpu(move |reason| {
        send(&events, Event::Stopped { problem: Problem::DeviceLost(reason) });
    })
    .await
}

#[cfg(not(feature = "webgpu"))]
async fn open(_events: UnboundedSender<Event>) -> Result<Opened, Problem> {
    Ok(device::open_cpu())
}

async fn answer_all(
    mut engine: Engine,
    mut requests: impl futures::stream::FusedStream<Item = Request> + Unpin,
    events: UnboundedSender<Event>,
) {
    let mut arrivals = fetch_all(&events);
    loop {
        select! {
            request = requests.next() => {
                let Some(Request { id, command }) = request else { break };
                let answer = engine.answer(command).await;
                send(&events, Event::Answered { id, answer });
            }
            arrival = arrivals.select_next_some() => send(&events, take_in(&mut engine, arrival)),
        }
    }
}

/// Starts every download at once.
fn fetch_all(events: &UnboundedSender<Event>) -> UnboundedReceiver<Arrival> {
    let (arrived, arrivals) = unbounded();
    for model in ModelId::ALL {
        let (events, arrived) = (events.clone(), arrived.clone());
        spawn_local(async move {
            let bytes = fetch::bytes(&file::weights(model), Asset::Weights(model), &events).await;
            let _ = arrived.unbounded_send(Arrival::Weights(model, bytes));
        });
    }
    let events = events.clone();
    spawn_local(async move {
        let _ = arrived.unbounded_send(Arrival::TestSet(fetch::test_set(&events).await));
    });
    arrivals
}

fn take_in(engine: &mut Engine, arrival: Arrival) -> Event {
    let (asset, outcome) = match arrival {
        Arrival::Weights(model, bytes) => {
            let outcome = bytes.and_then(|bytes| {
                engine.load_weights(model, &bytes).map_err(|error| Problem::Weights { model, error })
            });
            (Asset::Weights(model), outcome)
        }
        Arrival::TestSet(files) => {
            let outcome = files.and_then(|(images, labels)| {
                let loaded = engine.load_test_set(&images, &labels);
                loaded.map_err(|error| Problem::Data { file: file::TEST_IMAGES.into(), error })
            });
            (Asset::TestSet, outcome)
        }
    };
    match outcome {
        Ok(()) => Event::Loaded { asset },
        Err(problem) => Event::Unusable { asset, problem },
    }
}

pub(super) fn send(events: &UnboundedSender<Event>, event: Event) {
    // The other end lives as long as the worker.
    let _ = events.unbounded_send(event);
}
