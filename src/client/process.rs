//! One engine's worker as the page sees it: its start, its signs of life, its end.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::{StreamExt, select};
use gloo::events::EventListener;
use gloo::net::http;
use gloo::timers::callback::Timeout;
use gloo::worker::Spawnable;
use js_sys::Promise;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{BroadcastChannel, MessageEvent};

use crate::protocol::{DeviceKind, EngineError, Event, Request};
use crate::worker::host::EngineHost;
use crate::worker::side_channel::{self, SideChannelMessage};

/// An engine that says nothing for this long while it starts is given up.
const SILENCE_LIMIT_MS: u32 = 45_000;

/// What comes from an engine's worker.
pub enum ProcessEvent {
    /// Bytes of the engine's program.
    Progress {
        loaded: u64,
        total: Option<u64>,
    },
    Event(Event),
    /// The worker has ended, or never began. The last sign.
    Ended(EngineError),
}

/// A running worker; dropping it ends the worker.
pub struct Process {
    pub kind: DeviceKind,
    /// Whether it can train.
    pub trains: bool,
    outgoing: UnboundedSender<Request>,
    shared: Rc<Shared>,
    _listener: EventListener,
}

struct Shared {
    channel: BroadcastChannel,
    on_sign: Box<dyn Fn(ProcessEvent)>,
    ended: Cell<bool>,
    /// Runs out when a starting engine falls silent; None once it is ready.
    patience: RefCell<Option<Timeout>>,
}

impl Process {
    /// Starts the worker of `kind`, one that can train if it must; everything that comes from it, its failure to start too,
    /// goes to `on_sign`.
    pub fn spawn(
        kind: DeviceKind,
        must_train: bool,
        on_sign: impl Fn(ProcessEvent) + 'static,
    ) -> Result<Self, EngineError> {
        let trains = must_train || kind == DeviceKind::WebGpu;
        let name = format!("bottleneck-{:x}", (js_sys::Math::random() * 2f64.powi(53)) as u64);
        let channel = BroadcastChannel::new(&name).map_err(|_| EngineError::NoWorkers)?;
        let shared = Rc::new(Shared {
            channel,
            on_sign: Box::new(on_sign),
            ended: Cell::new(false),
            patience: RefCell::new(None),
        });
        let listener = EventListener::new(&shared.channel, "message", {
            let shared = shared.clone();
            move |event| {
                let message = event.dyn_ref::<MessageEvent>().and_then(|event| side_channel::read(&event.data()));
                if let Some(message) = message {
                    shared.hear(message);
                }
            }
        });
        shared.wait_again();
        let (outgoing, requests) = unbounded();
        spawn_local(converse(loader_url(kind, trains, &name), requests, shared.clone()));
        Ok(Self { kind, trains, outgoing, shared, _listener: listener })
    }

    pub fn send(&self, request: Request) {
        // Fails only when the worker has ended; that is a sign of its own.
        let _ = self.outgoing.unbounded_send(request);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.shared.ended.set(true);
        self.shared.patience.take();
        side_channel::say(&self.shared.channel, &SideChannelMessage::End);
        self.shared.channel.close();
    }
}

impl Shared {
    fn sign(&self, sign: ProcessEvent) {
        if !self.ended.get() {
            (self.on_sign)(sign);
        }
    }

    fn end(&self, problem: EngineError) {
        self.patience.take();
        if !self.ended.replace(true) {
            (self.on_sign)(ProcessEvent::Ended(problem));
        }
    }

    fn hear(self: &Rc<Self>, message: SideChannelMessage) {
        if self.patience.borrow().is_some() {
            self.wait_again();
        }
        match message {
            SideChannelMessage::Alive { locked: true } => spawn_local(watch(self.clone())),
            SideChannelMessage::Alive { locked: false } | SideChannelMessage::End => {}
            SideChannelMessage::Progress { loaded, total } => self.sign(ProcessEvent::Progress { loaded, total }),
            SideChannelMessage::NotStarted { reason } => self.end(EngineError::NotStarted(reason)),
            SideChannelMessage::Crashed { reason } => self.end(EngineError::Crashed(reason)),
        }
    }

    fn wait_again(self: &Rc<Self>) {
        let shared = self.clone();
        let timeout = Timeout::new(SILENCE_LIMIT_MS, move || {
            shared.end(EngineError::NotStarted(format!("no sign of life for {} s", SILENCE_LIMIT_MS / 1000)));
        });
        self.patience.replace(Some(timeout));
    }
}

fn loader_url(kind: DeviceKind, trains: bool, link: &str) -> String {
    let engine = match (kind, trains) {
        (DeviceKind::Cpu, false) => "engine_cpu",
        (DeviceKind::Cpu, true) => "trainer_cpu",
        (DeviceKind::WebGpu, _) => "engine_gpu",
    };
    format!("./engine_loader.js?engine={engine}&link={link}&version={}", env!("CARGO_PKG_VERSION"))
}

/// Carries requests to the worker and its events back, until either side ends.
async fn converse(loader: String, mut requests: UnboundedReceiver<Request>, shared: Rc<Shared>) {
    // A worker whose script is missing ends without a word, so the script is asked for first.
    match http::Request::get(&loader).send().await {
        Ok(response) if response.ok() => {}
        Ok(response) => return shared.end(EngineError::NotStarted(format!("HTTP {}", response.status()))),
        Err(error) => return shared.end(EngineError::NotStarted(error.to_string())),
    }
    if shared.ended.get() {
        return;
    }
    let mut bridge = EngineHost::spawner().as_module(true).with_loader(true).spawn(&loader);
    loop {
        select! {
            event = bridge.next() => match event {
                Some(event) => {
                    if matches!(event, Event::Ready { .. }) {
                        shared.patience.take();
                    }
                    match event {
                        Event::Stopped { problem } => shared.end(problem),
                        event => shared.sign(ProcessEvent::Event(event)),
                    }
                }
                None => return shared.end(EngineError::Vanished),
            },
            request = requests.next() => match request {
                Some(request) => bridge.send_input(request),
                None => return,
            },
        }
    }
}

/// Waits for the web lock that the worker holds as long as it lives.
async fn watch(shared: Rc<Shared>) {
    let granted = Closure::once_into_js(|_lock: JsValue| JsValue::UNDEFINED);
    if JsFuture::from(request_lock(&shared.channel.name(), &granted)).await.is_ok() {
        shared.end(EngineError::Vanished);
    }
}

#[wasm_bindgen]
extern "C" {
    // web-sys keeps the lock manager behind an unstable flag.
    #[wasm_bindgen(js_namespace = ["navigator", "locks"], js_name = request)]
    fn request_lock(name: &str, callback: &JsValue) -> Promise;
}
