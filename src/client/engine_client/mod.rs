//! The page's client: chooses the device, starts the engines, sends requests, and goes on when an engine ends.
//!
//! Where the page chooses a GPU by itself, a CPU engine answers what a person waits for until the GPU computes, and for good where the
//! GPU takes longer than a frame to answer: a software adapter, or a browser that is slow to read from a GPU.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::{Rc, Weak};

use js_sys::Reflect;
use wasm_bindgen_futures::spawn_local;

use super::choice::{Reason, choose};
use super::preference::Preference;
use super::process::{Process, ProcessEvent};
use super::queue::{Pending, Reply};
use super::requirements::{EngineKind, Requirements};
use super::routing::{Role, is_slow, role_of};
use super::slot::SlotKey;
use crate::protocol::{Asset, Command, DeviceKind, EngineError, Event, LATEST, ModelId, Report, Request};

mod engine;
mod recovery;

use engine::{AssetState, Engine};

/// What the client tells the page, unasked.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    /// An engine is being started.
    Starting {
        device: DeviceKind,
        reason: Reason,
    },
    /// Whether a CPU engine beside the GPU's answers what a person waits for.
    Interactive {
        runs: bool,
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
    /// An answer that takes `total` test images has `done` of them.
    Computing {
        done: u32,
        total: u32,
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

struct State {
    main: Engine,
    /// Beside a GPU alone.
    interactive: Option<Engine>,
    /// The models whose weights in use the main engine alone has.
    on_main: BTreeSet<ModelId>,
    /// Of these, the ones whose weights the browser has kept as they are.
    kept: BTreeSet<ModelId>,
    reason: Reason,
    restarts: u32,
    /// Why the program that trains cannot be had, once that was tried.
    no_trainer: Option<EngineError>,
    /// Counts the engines started, so that a late event of an earlier one is not taken for the present one's.
    generation: u32,
    /// The latest of the run under way; None when there is none.
    run: Option<Report>,
    /// Where a model's weights are not the shipped ones, the name that they are kept under: the next engine has them too.
    in_use: HashMap<ModelId, String>,
    /// The files that a person loaded and that the browser has not kept: the next engine is given them again.
    unkept: HashMap<ModelId, Vec<u8>>,
}

impl State {
    fn engine(&mut self, role: Role) -> Option<&mut Engine> {
        match role {
            Role::Main => Some(&mut self.main),
            Role::Interactive => self.interactive.as_mut(),
        }
    }

    /// The interactive engine is not needed, or gone: the main one answers what it has not.
    fn end_interactive(&mut self) {
        if let Some(mut engine) = self.interactive.take() {
            engine.end();
            self.main.queue.absorb(engine.queue);
        }
    }
}

struct Shared {
    state: RefCell<State>,
    notify: Box<dyn Fn(Notice)>,
}

/// The engines of one page.
#[derive(Clone)]
pub struct Client(Rc<Shared>);

impl Client {
    /// A client that tells `notify` what happens. Files are fetched when a request needs them. Nothing starts before [`Client::start`].
    pub fn new(notify: impl Fn(Notice) + 'static) -> Self {
        let state = State {
            main: Engine::default(),
            interactive: None,
            on_main: BTreeSet::new(),
            kept: BTreeSet::new(),
            reason: Reason::Chosen,
            restarts: 0,
            no_trainer: None,
            generation: 0,
            run: None,
            in_use: HashMap::new(),
            unkept: HashMap::new(),
        };
        Self(Rc::new(Shared { state: RefCell::new(state), notify: Box::new(notify) }))
    }

    /// Starts an engine where `preference` says, in place of the one that runs.
    pub fn start(&self, preference: Preference) {
        let generation = self.0.end_engines();
        if !Reflect::has(&js_sys::global(), &"Worker".into()).unwrap_or(false) {
            (self.0.notify)(Notice::Stopped { error: EngineError::NoWorkers });
            return;
        }
        let shared = self.0.clone();
        spawn_local(async move {
            let (device, reason) = choose(preference).await;
            if shared.state.borrow().generation == generation {
                let mut state = shared.state.borrow_mut();
                (state.restarts, state.no_trainer) = (0, None);
                drop(state);
                let is_divided = preference == Preference::Auto && device == DeviceKind::WebGpu;
                shared.spawn(device, reason, is_divided);
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

    /// Withdraws the run that waits for its engine, which gets no reply; false where none does.
    pub fn withdraw_run(&self) -> bool {
        let mut state = self.0.state.borrow_mut();
        let is_withdrawn = !state.main.queue.withdraw_from(SlotKey::Train).is_empty();
        if is_withdrawn {
            // One that has waited for its examples before is not to be gone on with either.
            state.run = None;
        }
        is_withdrawn
    }

    fn put(&self, key: SlotKey, command: Command, reply: Reply) {
        let reply = self.0.note_use(&command, reply);
        let mut state = self.0.state.borrow_mut();
        if key == SlotKey::Train {
            // Somebody asks for it: it is tried again.
            state.no_trainer = None;
        } else if Requirements::of(&command).engine == EngineKind::Trainer
            && let Some(error) = state.no_trainer.clone()
        {
            drop(state);
            return reply(Err(error));
        }
        let role = if state.interactive.is_some() { role_of(&command, &state.on_main) } else { Role::Main };
        if let Some(other) = state.engine(role.other()) {
            other.queue.supersede(key);
        }
        let Some(engine) = state.engine(role) else { return };
        if let Some(error) = engine.refusal(&command) {
            drop(state);
            return reply(Err(error));
        }
        engine.queue.put(key, Pending { command, reply });
        drop(state);
        self.0.pump();
    }
}

impl Shared {
    /// Ends the engines that run; their commands wait for the next. Returns the new generation.
    fn end_engines(&self) -> u32 {
        let mut state = self.state.borrow_mut();
        state.main.end();
        state.end_interactive();
        state.on_main.clear();
        state.kept.clear();
        state.generation += 1;
        state.generation
    }

    /// Starts an engine on `device`; where the work `is_divided`, an interactive one beside it.
    fn spawn(self: &Rc<Self>, device: DeviceKind, reason: Reason, is_divided: bool) {
        let generation = self.end_engines();
        self.state.borrow_mut().reason = reason.clone();
        (self.notify)(Notice::Starting { device, reason });
        let begin = |device, must_train, role| {
            let weak = Rc::downgrade(self);
            Process::spawn(device, must_train, move |event| take_process_event(&weak, generation, role, event))
        };
        if is_divided && let Ok(process) = begin(DeviceKind::Cpu, false, Role::Interactive) {
            let mut state = self.state.borrow_mut();
            let State { main, on_main, unkept, .. } = &mut *state;
            on_main.extend(unkept.keys());
            let queue = main.queue.split_off(|command| role_of(command, on_main) == Role::Interactive);
            state.interactive = Some(Engine { process: Some(process), queue, ..Engine::default() });
        }
        self.notify_interactive();
        let must_train = {
            let state = self.state.borrow();
            state.run.is_some() || state.main.queue.is_waiting_for_trainer()
        };
        match begin(device, must_train, Role::Main) {
            Ok(process) => {
                self.state.borrow_mut().main.process = Some(process);
                self.import_again();
            }
            Err(error) => (self.notify)(Notice::Stopped { error }),
        }
    }

    fn notify_interactive(&self) {
        let runs = self.state.borrow().interactive.is_some();
        (self.notify)(Notice::Interactive { runs });
    }

    fn take_event(self: &Rc<Self>, role: Role, event: Event) {
        let mut state = self.state.borrow_mut();
        let Some(engine) = state.engine(role) else { return };
        match event {
            Event::Ready { device, name, answer_ms } => {
                engine.ready = true;
                drop(state);
                match role {
                    Role::Main => self.take_ready(device, name, answer_ms),
                    Role::Interactive => (self.notify)(Notice::Loaded { asset: Asset::Program(device) }),
                }
            }
            Event::Progress { asset, loaded, total } => {
                drop(state);
                (self.notify)(Notice::Progress { asset, loaded, total });
            }
            Event::Loaded { asset } => {
                engine.assets.insert(asset, AssetState::Usable);
                drop(state);
                (self.notify)(Notice::Loaded { asset });
            }
            Event::Unusable { asset, error } => {
                engine.assets.insert(asset, AssetState::Unusable(error.clone()));
                let withdrawn = engine.queue.withdraw(asset);
                drop(state);
                for pending in withdrawn {
                    (pending.reply)(Err(error.clone()));
                }
                (self.notify)(Notice::Unusable { asset, error });
            }
            Event::Answered { id, answer } => {
                let pending = engine.queue.finish(id);
                drop(state);
                // The next command goes out before the page draws this one's answer.
                self.pump();
                if let Some(pending) = pending {
                    (pending.reply)(answer);
                }
            }
            Event::Computing { done, total } => {
                drop(state);
                (self.notify)(Notice::Computing { done, total });
            }
            Event::Training(report) => {
                drop(state);
                self.take_report(report);
            }
            Event::Kept { model } => {
                state.in_use.insert(model, LATEST.to_string());
                state.kept.insert(model);
                drop(state);
            }
            Event::Alert { error } => {
                drop(state);
                (self.notify)(Notice::Alert { error });
            }
            // The process reports it as its end.
            Event::Stopped { .. } => drop(state),
        }
        self.pump();
    }

    /// The main engine computes: one that answers within a frame needs no other beside it.
    fn take_ready(self: &Rc<Self>, device: DeviceKind, name: String, answer_ms: f64) {
        if !is_slow(answer_ms) {
            self.state.borrow_mut().end_interactive();
        }
        self.recover();
        self.notify_interactive();
        (self.notify)(Notice::Ready { device, name });
    }

    /// Sends whatever may go. An engine that cannot train makes room for one that can where one is needed.
    fn pump(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        let State { main, interactive, in_use, .. } = &mut *state;
        if let Some(engine) = interactive {
            engine.pump(in_use);
        }
        let cannot_train = main.process.as_ref().is_some_and(|process| !process.trains);
        if main.ready && cannot_train && main.queue.is_waiting_for_trainer() {
            let reason = state.reason.clone();
            drop(state);
            return self.spawn(DeviceKind::Cpu, reason, false);
        }
        main.pump(in_use);
    }
}

fn take_process_event(shared: &Weak<Shared>, generation: u32, role: Role, event: ProcessEvent) {
    let Some(shared) = shared.upgrade().filter(|shared| shared.state.borrow().generation == generation) else { return };
    match event {
        ProcessEvent::Progress { loaded, total } => {
            let device = shared.state.borrow_mut().engine(role).and_then(|engine| Some(engine.process.as_ref()?.kind));
            if let Some(device) = device {
                (shared.notify)(Notice::Progress { asset: Asset::Program(device), loaded, total });
            }
        }
        ProcessEvent::Event(event) => shared.take_event(role, event),
        ProcessEvent::Ended(error) => shared.take_end(role, error),
    }
}
