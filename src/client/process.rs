//! One engine's worker as the page sees it: its start, its events, its end.

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

use crate::protocol::{DeviceKind, EngineError, Event, RequestMessage};
use crate::worker::host::EngineHost;
use crate::worker::side_channel::{self, SideChannelMessage};

/// An engine that says nothing for this long while it starts is given up.
const STARTUP_TIMEOUT_MS: u32 = 45_000;

/// What comes from an engine's worker.
pub enum ProcessEvent {
    /// Bytes of the engine's program.
    Progress {
        loaded: u64,
        total: Option<u64>,
    },
    Event(Event),
    /// The worker has ended, or never began. The last event.
    Ended(EngineError),
}

/// A running worker; dropping it ends the worker.
pub struct Process {
    pub kind: DeviceKind,
    /// Whether it can train.
    pub trains: bool,
    outgoing: UnboundedSender<RequestMessage>,
    shared: Rc<Shared>,
    _listener: EventListener,
}

struct Shared {
    channel: BroadcastChannel,
    on_event: Box<dyn Fn(ProcessEvent)>,
    ended: Cell<bool>,
    /// Runs out when a starting engine falls silent; None once it is ready.
    startup_timeout: RefCell<Option<Timeout>>,
}

impl Process {
    /// Starts the worker of `kind`, one that can train if it must; everything that comes from it, its failure to start too,
    /// goes to `on_event`.
    pub fn spawn(
        kind: DeviceKind,
        must_train: bool,
        on_event: impl Fn(ProcessEvent) + 'static,
    ) -> Result<Self, EngineError> {
        let trains = must_train || kind == DeviceKind::WebGpu;
        let name = format!("bottleneck-{:x}", (js_sys::Math::random() * 2f64.powi(53)) as u64);
        let channel = BroadcastChannel::new(&name).map_err(|_| EngineError::NoWorkers)?;
        let shared = Rc::new(Shared {
            channel,
            on_event: Box::new(on_event),
            ended: Cell::new(false),
            startup_timeout: RefCell::new(None),
        });
        let listener = EventListener::new(&shared.channel, "message", {
            let shared = shared.clone();
            move |event| {
                let message = event.dyn_ref::<MessageEvent>().and_then(|event| side_channel::read(&event.data()));
                if let Some(message) = message {
                    shared.take_message(message);
                }
            }
        });
        shared.restart_timeout();
        let (outgoing, requests) = unbounded();
        spawn_local(converse(loader_url(kind, trains, &name), requests, shared.clone()));
        Ok(Self { kind, trains, outgoing, shared, _listener: listener })
    }

    pub fn send(&self, request: RequestMessage) {
        // Fails only when the worker has ended; that is an event of its own.
        let _ = self.outgoing.unbounded_send(request);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.shared.ended.set(true);
        self.shared.startup_timeout.take();
        side_channel::send(&self.shared.channel, &SideChannelMessage::End);
        self.shared.channel.close();
    }
}

impl Shared {
    fn emit(&self, event: ProcessEvent) {
        if !self.ended.get() {
            (self.on_event)(event);
        }
    }

    fn end(&self, error: EngineError) {
        self.startup_timeout.take();
        if !self.ended.replace(true) {
            (self.on_event)(ProcessEvent::Ended(error));
        }
    }

    fn take_message(self: &Rc<Self>, message: SideChannelMessage) {
        if self.startup_timeout.borrow().is_some() {
            self.restart_timeout();
        }
        match message {
            SideChannelMessage::Alive { locked: true } => spawn_local(watch(self.clone())),
            SideChannelMessage::Alive { locked: false } | SideChannelMessage::End => {}
            SideChannelMessage::Progress { loaded, total } => self.emit(ProcessEvent::Progress { loaded, total }),
            SideChannelMessage::NotStarted { reason } => self.end(EngineError::NotStarted(reason)),
            SideChannelMessage::Crashed { reason } => self.end(EngineError::Crashed(reason)),
        }
    }

    fn restart_timeout(self: &Rc<Self>) {
        let shared = self.clone();
        let timeout = Timeout::new(STARTUP_TIMEOUT_MS, move || {
            shared.end(EngineError::NotStarted(format!("no message for {} s", STARTUP_TIMEOUT_MS / 1000)));
        });
        self.startup_timeout.replace(Some(timeout));
    }
}

fn loader_url(kind: DeviceKind, trains: bool, channel: &str) -> String {
    let engine = match (kind, trains) {
        (DeviceKind::Cpu, false) => "engine_cpu",
        (DeviceKind::Cpu, true) => "trainer_cpu",
        (DeviceKind::WebGpu, _) => "engine_gpu",
    };
    format!("./engine_loader.js?engine={engine}&channel={channel}&version={}", env!("CARGO_PKG_VERSION"))
}

/// Carries requests to the worker and its events back, until either side ends.
async fn converse(loader: String, mut requests: UnboundedReceiver<RequestMessage>, shared: Rc<Shared>) {
    // A worker whose script is missing ends without a message, so the script is asked for first.
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
                        shared.startup_timeout.take();
                    }
                    match event {
                        Event::Stopped { error } => shared.end(error),
                        event => shared.emit(ProcessEvent::Event(event)),
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
