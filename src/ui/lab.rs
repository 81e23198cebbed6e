//! What the page knows of the engine: the device, what is loaded, what went wrong.

use leptos::prelude::*;

use super::training::Run;
use crate::client::{Client, Notice, Preference, Reason, SlotKey};
use crate::protocol::{Answer, Asset, Command, DeviceKind, EngineError, ModelId, RunState};

/// The device line.
#[derive(Clone, Debug, PartialEq)]
pub enum DeviceState {
    Choosing,
    Starting { device: DeviceKind },
    Ready { device: DeviceKind, name: String },
    Stopped,
}

/// How far a file has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    pub asset: Asset,
    pub loaded: u64,
    pub total: Option<u64>,
    pub done: bool,
}

/// What a problem led to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    /// Only what needs the thing at fault is missing.
    Partial,
    /// Nothing was done; to start the engine again would not help.
    Refused,
    /// The page goes on with the CPU.
    FellBack,
    /// The engine was started again.
    Restarted,
    /// Nothing is computed any more.
    Stopped,
}

/// A problem that the person has not dismissed yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    pub problem: EngineError,
    pub aftermath: Outcome,
    /// The model whose training it interrupted, and that goes on from its last snapshot.
    pub recovering: Option<ModelId>,
}

/// The page's one engine, as signals. Provided as a context.
#[derive(Clone, Copy)]
pub struct EngineHandle {
    client: StoredValue<Client, LocalStorage>,
    pub preference: RwSignal<Preference>,
    pub device: RwSignal<DeviceState>,
    pub reason: RwSignal<Reason>,
    pub loads: RwSignal<Vec<Load>>,
    pub troubles: RwSignal<Vec<Alert>>,
    /// Counts the engines started: what shows an engine's answers asks again when it changes.
    pub engines: RwSignal<u32>,
    /// Counts, model by model, how often the weights in use changed.
    changes: [RwSignal<u32>; ModelId::ALL.len()],
    /// The latest run.
    pub run: RwSignal<Run>,
}

impl EngineHandle {
    /// Starts an engine where `preference` says.
    pub fn start(preference: Preference) -> Self {
        let device = RwSignal::new(DeviceState::Choosing);
        let reason = RwSignal::new(Reason::Chosen);
        let loads = RwSignal::new(Vec::new());
        let troubles = RwSignal::new(Vec::new());
        let engines = RwSignal::new(0);
        let changes = ModelId::ALL.map(|_| RwSignal::new(0));
        let run = RwSignal::new(Run::default());
        let client = Client::new(move |notice| match notice {
            Notice::Starting { device: kind, reason: why } => {
                if let Reason::FellBack(problem) = &why {
                    add(troubles, problem.clone(), Outcome::FellBack);
                }
                device.set(DeviceState::Starting { device: kind });
                reason.set(why);
                loads.set(Vec::new());
                engines.update(|count| *count += 1);
            }
            Notice::Ready { device: kind, name } => {
                finish(loads, Asset::Program(kind));
                device.set(DeviceState::Ready { device: kind, name });
            }
            Notice::Progress { asset, loaded, total } => {
                set_load(loads, Load { asset, loaded, total, done: false });
            }
            Notice::Loaded { asset } => finish(loads, asset),
            Notice::Unusable { asset, problem } => {
                loads.update(|loads| loads.retain(|load| load.asset != asset));
                add(troubles, problem, Outcome::Partial);
            }
            Notice::Restarting { problem } => add(troubles, problem, Outcome::Restarted),
            Notice::Trouble { problem } => add(troubles, problem, Outcome::Refused),
            Notice::Training(report) => {
                if let RunState::Failed(problem) = &report.state {
                    add(troubles, problem.clone(), Outcome::Refused);
                }
                changes[report.model as usize].update(|count| *count += 1);
                run.update(|run| run.take(report));
            }
            Notice::Recovering { model, problem } => {
                // What becomes of the engine is told next.
                add(troubles, problem.clone(), Outcome::Partial);
                troubles.update(|troubles| {
                    troubles
                        .iter_mut()
                        .filter(|trouble| trouble.problem == problem)
                        .for_each(|trouble| trouble.recovering = Some(model));
                });
            }
            Notice::Stopped { problem } => {
                device.set(DeviceState::Stopped);
                run.update(|run| run.report = None);
                add(troubles, problem, Outcome::Stopped);
            }
        });
        client.start(preference);
        Self {
            client: StoredValue::new_local(client),
            preference: RwSignal::new(preference),
            device,
            reason,
            loads,
            troubles,
            engines,
            changes,
            run,
        }
    }

    /// Lets the effect that calls it run again when `model` would answer otherwise than before.
    pub fn follow(&self, model: ModelId) {
        self.engines.track();
        self.changes[model as usize].track();
    }

    /// Whether the engine has this file.
    pub fn has(&self, asset: Asset) -> Memo<bool> {
        let loads = self.loads;
        Memo::new(move |_| loads.with(|loads| loads.iter().any(|load| load.asset == asset && load.done)))
    }

    /// Other weights of `model` are in use.
    pub fn changed(&self, model: ModelId) {
        self.changes[model as usize].update(|count| *count += 1);
    }

    /// Starts anew, on the device that is preferred now; what went wrong before is forgotten.
    pub fn restart(&self) {
        self.troubles.set(Vec::new());
        self.client.with_value(|client| client.start(self.preference.get_untracked()));
    }

    /// Asks the engine; see [`Client::ask`]. What goes wrong is the caller's to tell.
    pub fn try_ask(&self, lane: SlotKey, command: Command, reply: impl FnOnce(Result<Answer, EngineError>) + 'static) {
        self.client.with_value(|client| client.ask(lane, command, reply));
    }

    /// Asks the engine for what the page shows by itself. What goes wrong is shown, but for a file that cannot be had: that
    /// was shown when it was found out.
    pub fn ask(&self, lane: SlotKey, command: Command, reply: impl FnOnce(Answer) + 'static) {
        let lab = *self;
        self.try_ask(lane, command, move |answer| match answer {
            Ok(answer) => reply(answer),
            Err(problem) => lab.tell(problem),
        });
    }

    /// Shows what went wrong with what the page asked by itself.
    pub fn tell(&self, problem: EngineError) {
        if !problem.is_of_a_file() {
            add(self.troubles, problem, Outcome::Partial);
        }
    }

    /// Shows that something the page is made of could not be had; another engine would not help.
    pub fn miss(&self, problem: EngineError) {
        add(self.troubles, problem, Outcome::Refused);
    }

    /// Asks the engine for what the person clicked for. What goes wrong is shown again at every click.
    pub fn ask_by_click(&self, lane: SlotKey, command: Command, reply: impl FnOnce(Answer) + 'static) {
        self.ask_and(lane, command, Outcome::Partial, reply);
    }

    /// Has the engine do something that it may refuse.
    pub fn order(&self, lane: SlotKey, command: Command, reply: impl FnOnce(Answer) + 'static) {
        self.ask_and(lane, command, Outcome::Refused, reply);
    }

    fn ask_and(&self, lane: SlotKey, command: Command, aftermath: Outcome, reply: impl FnOnce(Answer) + 'static) {
        let troubles = self.troubles;
        self.try_ask(lane, command, move |answer| match answer {
            Ok(answer) => reply(answer),
            Err(problem) => add(troubles, problem, aftermath),
        });
    }
}

/// Shows a problem; of one that is shown already, what it has led to now.
fn add(troubles: RwSignal<Vec<Alert>>, problem: EngineError, aftermath: Outcome) {
    troubles.update(|troubles| match troubles.iter_mut().find(|trouble| trouble.problem == problem) {
        Some(trouble) => trouble.aftermath = aftermath,
        None => troubles.push(Alert { problem, aftermath, recovering: None }),
    });
}

fn finish(loads: RwSignal<Vec<Load>>, asset: Asset) {
    loads.update(|loads| loads.iter_mut().filter(|load| load.asset == asset).for_each(|load| load.done = true));
}

fn set_load(loads: RwSignal<Vec<Load>>, load: Load) {
    loads.update(|loads| match loads.iter_mut().find(|other| other.asset == load.asset) {
        Some(other) => *other = load,
        None => loads.push(load),
    });
}
