//! The page's client: chooses the device, starts the engine, sends requests, and goes on when the engine ends.

use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::rc::{Rc, Weak};

use js_sys::Reflect;
use wasm_bindgen_futures::spawn_local;

use super::choice::{Preference, Reason, choose};
use super::process::{Process, ProcessEvent};
use super::queue::{Pending, Reply, RequestQueue, SlotKey, needed};
use crate::protocol::{
    Asset, Command, DeviceKind, EngineError, Event, FetchAsset, LATEST, ModelId, Report, Request, RequestMessage,
};

/// The id of requests whose answer nobody waits for: the queue counts from 1.
const UNANSWERED: u64 = 0;

mod recovery;

/// What the client tells the page, unasked.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    /// An engine is being started.
    Starting {
        device: DeviceKind,
        reason: Reason,
    },
    /// It computes; `name` is the adapter's own, or empty.
    Ready {
        device: DeviceKind,
        name: String,
    },
    Progress {
        asset: Asset,
        loaded: u64,
        total: Option<u64>,
    },
    Loaded {
        asset: Asset,
    },
    /// A file could not be had; the rest goes on.
    Unusable {
        asset: Asset,
        error: EngineError,
    },
    /// The CPU engine ended and is being started again.
    Restarting {
        error: EngineError,
    },
    /// How the run under way is.
    Training(Report),
    /// Something that nobody asked for failed, such as keeping a snapshot; the rest goes on.
    Alert {
        error: EngineError,
    },
    /// The engine ended while `model` was trained; the run goes on from its last snapshot.
    Recovering {
        model: ModelId,
        error: EngineError,
    },
    /// No engine runs any more.
    Stopped {
        error: EngineError,
    },
}

/// What has become of a file.
enum AssetState {
    /// The engine has been told to fetch it.
    Coming,
    Usable,
    Unusable(EngineError),
}

struct State {
    process: Option<Process>,
    reason: Reason,
    ready: bool,
    restarts: u32,
    /// Counts the engines started, so that a late event of an earlier one is not taken for the present one's.
    generation: u32,
    queue: RequestQueue,
    assets: HashMap<Asset, AssetState>,
    /// The latest of the run under way; None when there is none.
    run: Option<Report>,
    /// Where a model's weights are not the shipped ones, the name that they are kept under: the next engine has them too.
    in_use: HashMap<ModelId, String>,
}

struct Shared {
    state: RefCell<State>,
    notify: Box<dyn Fn(Notice)>,
}

/// One engine for one page.
#[derive(Clone)]
pub struct Client(Rc<Shared>);

impl Client {
    /// A client that tells `notify` what happens. Files are fetched when a request needs them. Nothing starts before [`Client::start`].
    pub fn new(notify: impl Fn(Notice) + 'static) -> Self {
        let state = State {
            process: None,
            reason: Reason::Chosen,
            ready: false,
            restarts: 0,
            generation: 0,
            queue: RequestQueue::default(),
            assets: HashMap::new(),
            run: None,
            in_use: HashMap::new(),
        };
        Self(Rc::new(Shared { state: RefCell::new(state), notify: Box::new(notify) }))
    }

    /// Starts an engine where `preference` says, in place of the one that runs.
    pub fn start(&self, preference: Preference) {
        let generation = self.0.end_engine();
        if !Reflect::has(&js_sys::global(), &"Worker".into()).unwrap_or(false) {
            (self.0.notify)(Notice::Stopped { error: EngineError::NoWorkers });
            return;
        }
        let shared = self.0.clone();
        spawn_local(async move {
            let (device, reason) = choose(preference).await;
            if shared.state.borrow().generation == generation {
                shared.state.borrow_mut().restarts = 0;
                shared.spawn(device, reason);
            }
        });
    }

    /// Puts `request` into the slot `key`; `reply` gets the answer, unless a newer picture takes its place first.
    pub fn request<R: Request>(
        &self,
        key: SlotKey,
        request: R,
        reply: impl FnOnce(Result<R::Answer, EngineError>) + 'static,
    ) {
        self.put(key, request.into(), Box::new(|answer| reply(answer.and_then(R::unwrap))));
    }

    fn put(&self, key: SlotKey, command: Command, reply: Reply) {
        let unusable = needed(&command).find_map(|asset| match self.0.state.borrow().assets.get(&asset) {
            Some(AssetState::Unusable(error)) => Some(error.clone()),
            _ => None,
        });
        match unusable {
            Some(error) => reply(Err(error)),
            None => {
                let reply = self.0.note_use(&command, reply);
                self.0.state.borrow_mut().queue.put(key, Pending { command, reply });
                self.0.pump();
            }
        }
    }
}

impl Shared {
    /// Ends the engine that runs; its commands wait for the next. Returns the new generation.
    fn end_engine(&self) -> u32 {
        let mut state = self.state.borrow_mut();
        let process = state.process.take();
        state.ready = false;
        state.generation += 1;
        state.assets.clear();
        state.queue.put_back();
        let generation = state.generation;
        drop(state);
        drop(process);
        generation
    }

    fn spawn(self: &Rc<Self>, device: DeviceKind, reason: Reason) {
        let generation = self.end_engine();
        self.state.borrow_mut().reason = reason.clone();
        (self.notify)(Notice::Starting { device, reason });
        let weak = Rc::downgrade(self);
        let must_train = {
            let state = self.state.borrow();
            state.run.is_some() || state.queue.is_waiting(SlotKey::Train)
        };
        match Process::spawn(device, must_train, move |event| take_process_event(&weak, generation, event)) {
            Ok(process) => self.state.borrow_mut().process = Some(process),
            Err(error) => (self.notify)(Notice::Stopped { error }),
        }
    }

    fn take_event(self: &Rc<Self>, event: Event) {
        match event {
            Event::Ready { device, name } => {
                self.state.borrow_mut().ready = true;
                self.recover();
                (self.notify)(Notice::Ready { device, name });
            }
            Event::Progress { asset, loaded, total } => (self.notify)(Notice::Progress { asset, loaded, total }),
            Event::Loaded { asset } => {
                self.state.borrow_mut().assets.insert(asset, AssetState::Usable);
                (self.notify)(Notice::Loaded { asset });
            }
            Event::Unusable { asset, error } => {
                let mut state = self.state.borrow_mut();
                state.assets.insert(asset, AssetState::Unusable(error.clone()));
                let withdrawn = state.queue.withdraw(asset);
                drop(state);
                for pending in withdrawn {
                    (pending.reply)(Err(error.clone()));
                }
                (self.notify)(Notice::Unusable { asset, error });
            }
            Event::Answered { id, answer } => {
                let pending = self.state.borrow_mut().queue.finish(id);
                // The next command goes out before the page draws this one's answer.
                self.pump();
                if let Some(pending) = pending {
                    (pending.reply)(answer);
                }
            }
            Event::Training(report) => self.take_report(report),
            Event::Kept { model } => drop(self.state.borrow_mut().in_use.insert(model, LATEST.to_string())),
            Event::Alert { error } => (self.notify)(Notice::Alert { error }),
            // The process reports it as its end.
            Event::Stopped { .. } => {}
        }
        self.pump();
    }

    /// Sends whatever may go. An engine that cannot train makes room for one that can where a run is to begin.
    fn pump(self: &Rc<Self>) {
        let state = self.state.borrow();
        let makes_room = state.ready
            && state.queue.is_waiting(SlotKey::Train)
            && state.process.as_ref().is_some_and(|process| !process.trains);
        let reason = state.reason.clone();
        drop(state);
        if makes_room {
            return self.spawn(DeviceKind::Cpu, reason);
        }
        let mut state = self.state.borrow_mut();
        let State { process: Some(process), ready: true, queue, assets, in_use, .. } = &mut *state else { return };
        for asset in queue.wanted() {
            if let Entry::Vacant(place) = assets.entry(asset) {
                place.insert(AssetState::Coming);
                let kept = match asset {
                    Asset::Weights(model) => in_use.get(&model).cloned(),
                    _ => None,
                };
                process.send(RequestMessage { id: UNANSWERED, command: FetchAsset { asset, kept }.into() });
            }
        }
        for (id, command) in queue.start(|asset| matches!(assets.get(&asset), Some(AssetState::Usable))) {
            process.send(RequestMessage { id, command });
        }
    }
}

fn take_process_event(shared: &Weak<Shared>, generation: u32, event: ProcessEvent) {
    let Some(shared) = shared.upgrade().filter(|shared| shared.state.borrow().generation == generation) else { return };
    match event {
        ProcessEvent::Progress { loaded, total } => {
            let device = shared.state.borrow().process.as_ref().map(|process| process.kind);
            if let Some(device) = device {
                (shared.notify)(Notice::Progress { asset: Asset::Program(device), loaded, total });
            }
        }
        ProcessEvent::Event(event) => shared.take_event(event),
        ProcessEvent::Ended(error) => shared.take_end(error),
    }
}
