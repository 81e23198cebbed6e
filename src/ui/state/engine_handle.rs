//! What the page knows of the engine (the device, what is loaded, what went wrong), and how it requests from it.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::alerts::{Alerts, Outcome};
use super::loads::Loads;
use super::run::Run;
use crate::client::{Client, Notice, Preference, Reason, SlotKey};
use crate::protocol::{
    Asset, DeviceKind, EngineError, ListModels, ModelDescription, ModelId, Request, RunState, Shape,
};
use crate::ui::dom::measured::measured_run;

/// The device line.
#[derive(Clone, Debug, PartialEq)]
pub enum DeviceState {
    Choosing,
    Starting { device: DeviceKind },
    Ready { device: DeviceKind, name: String },
    Stopped,
}

impl DeviceState {
    /// The name in `data-state`.
    pub const fn name(&self) -> &'static str {
        match self {
            DeviceState::Choosing => "choosing",
            DeviceState::Starting { .. } => "starting",
            DeviceState::Ready { .. } => "ready",
            DeviceState::Stopped => "stopped",
        }
    }

    /// The device, where one is chosen and runs.
    pub const fn kind(&self) -> Option<DeviceKind> {
        match self {
            DeviceState::Starting { device } | DeviceState::Ready { device, .. } => Some(*device),
            DeviceState::Choosing | DeviceState::Stopped => None,
        }
    }
}

/// What the page does with a request's error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OnError {
    /// Shows it, unless it is of a file that cannot be had: that was shown when it was found out. For what the page requests
    /// by itself.
    ShowOnce,
    /// Shows it every time, as having led to this. For what the person clicked for.
    Show(Outcome),
}

/// How often the weights of a model changed.
#[derive(Clone, Default)]
struct Changes {
    all: ArcRwSignal<u32>,
    /// Without those by the steps of a run that goes on.
    settled: ArcRwSignal<u32>,
}

/// The page's engines, as signals. Provided as a context.
#[derive(Clone, Copy)]
pub struct EngineHandle {
    client: StoredValue<Option<Client>, LocalStorage>,
    pub preference: RwSignal<Preference>,
    pub device: RwSignal<DeviceState>,
    pub reason: RwSignal<Reason>,
    /// Whether the CPU answers what a person waits for beside the GPU.
    pub is_divided: RwSignal<bool>,
    pub loads: RwSignal<Loads>,
    pub alerts: RwSignal<Alerts>,
    /// Counts the engines started: what shows an engine's answers requests again when it changes.
    pub engines: RwSignal<u32>,
    /// Model by model, how often the weights in use changed.
    changes: StoredValue<BTreeMap<ModelId, Changes>>,
    /// The models that there are; none before the first engine answers.
    pub models: RwSignal<Vec<ModelDescription>>,
    /// The latest run.
    pub run: RwSignal<Run>,
    /// How many of how many test images an answer under way has.
    pub computing: RwSignal<Option<(u32, u32)>>,
}

impl EngineHandle {
    /// Starts an engine where `preference` says.
    pub fn start(preference: Preference) -> Self {
        let engine = Self {
            client: StoredValue::new_local(None),
            preference: RwSignal::new(preference),
            device: RwSignal::new(DeviceState::Choosing),
            reason: RwSignal::new(Reason::Chosen),
            is_divided: RwSignal::new(false),
            loads: RwSignal::new(Loads::default()),
            alerts: RwSignal::new(Alerts::default()),
            engines: RwSignal::new(0),
            changes: StoredValue::new(BTreeMap::new()),
            models: RwSignal::new(Vec::new()),
            run: RwSignal::new(Run::default()),
            computing: RwSignal::new(None),
        };
        let client = Client::new(move |notice| engine.notice(notice));
        client.start(preference);
        engine.client.set_value(Some(client));
        Effect::new(move || {
            engine.engines.track();
            if engine.models.with_untracked(Vec::is_empty) {
                engine.request(SlotKey::Models, ListModels {}, OnError::ShowOnce, move |models| {
                    engine.models.set(models);
                });
            }
        });
        engine
    }

    /// Starts anew, on the device that is preferred now; what went wrong before is forgotten.
    pub fn restart(self) {
        self.alerts.set(Alerts::default());
        self.client.with_value(|client| {
            if let Some(client) = client {
                client.start(self.preference.get_untracked());
            }
        });
    }

    /// Lets the effect that calls it run again when `model` would answer otherwise than before.
    pub fn track(self, model: ModelId) {
        self.engines.track();
        self.changes_of(model).all.track();
    }

    /// As [`track`](Self::track), but of a run its pauses and its end alone: for what takes the engine seconds.
    pub fn track_settled(self, model: ModelId) {
        self.engines.track();
        self.changes_of(model).settled.track();
    }

    /// Other weights of `model` are in use.
    pub fn changed(self, model: ModelId) {
        let Changes { all, settled } = self.changes_of(model);
        all.update(|count| *count += 1);
        settled.update(|count| *count += 1);
    }

    fn changes_of(self, model: ModelId) -> Changes {
        self.changes.try_update_value(|changes| changes.entry(model).or_default().clone()).unwrap_or_default()
    }

    /// Whether the engine has this file.
    pub fn has(self, asset: Asset) -> Memo<bool> {
        Memo::new(move |_| self.loads.with(|loads| loads.has(asset)))
    }

    /// Whether the engine will never have this file.
    pub fn is_unusable(self, asset: Asset) -> Memo<bool> {
        Memo::new(move |_| self.loads.with(|loads| loads.is_unusable(asset)))
    }

    /// Whether no engine runs any more.
    pub fn is_stopped(self) -> bool {
        self.device.with(|device| *device == DeviceState::Stopped)
    }

    /// What the engine tells of `model`; None before it has, or where it has no such model.
    pub fn describe(self, model: ModelId) -> Option<ModelDescription> {
        self.models.with(|models| models.iter().find(|description| description.model == model).cloned())
    }

    /// The shape of the shipped `model`; None before the engine has told it.
    pub fn shipped_shape(self, model: ModelId) -> Option<Shape> {
        Some(self.describe(model)?.presets.first()?.shape.clone())
    }

    /// Withdraws the run that waits for its engine; false where none does.
    pub fn withdraw_run(self) -> bool {
        self.client.with_value(|client| client.as_ref().is_some_and(Client::withdraw_run))
    }

    /// Requests from the engine; see [`Client::request`]. `reply` gets the error too.
    pub fn try_request<R: Request>(
        self,
        slot: SlotKey,
        request: R,
        reply: impl FnOnce(Result<R::Answer, EngineError>) + 'static,
    ) {
        self.client.with_value(|client| {
            if let Some(client) = client {
                client.request(slot, request, reply);
            }
        });
    }

    /// Requests from the engine; an error is shown as `on_error` says.
    pub fn request<R: Request>(
        self,
        slot: SlotKey,
        request: R,
        on_error: OnError,
        reply: impl FnOnce(R::Answer) + 'static,
    ) {
        self.try_request(slot, request, move |answer| match answer {
            Ok(answer) => reply(answer),
            Err(error) => self.show(error, on_error),
        });
    }

    /// Shows what went wrong.
    pub fn show(self, error: EngineError, on_error: OnError) {
        match on_error {
            OnError::ShowOnce if error.is_of_a_file() => {}
            OnError::ShowOnce => self.alert(error, Outcome::Partial),
            OnError::Show(outcome) => self.alert(error, outcome),
        }
    }

    fn alert(self, error: EngineError, outcome: Outcome) {
        self.alerts.update(|alerts| alerts.add(error, outcome));
    }

    fn notice(self, notice: Notice) {
        match notice {
            Notice::Starting { device, reason } => {
                if let Reason::FellBack(error) = &reason {
                    self.alert(error.clone(), Outcome::FellBack);
                }
                self.device.set(DeviceState::Starting { device });
                self.reason.set(reason);
                self.loads.set(Loads::default());
                self.computing.set(None);
                self.engines.update(|count| *count += 1);
            }
            Notice::Interactive { runs } => self.is_divided.set(runs),
            Notice::Ready { device, name } => {
                self.loads.update(|loads| loads.finish(Asset::Program(device)));
                self.device.set(DeviceState::Ready { device, name });
            }
            Notice::Progress { asset, loaded, total } => {
                self.loads.update(|loads| loads.progress(asset, loaded, total));
            }
            Notice::Loaded { asset } => self.loads.update(|loads| loads.finish(asset)),
            Notice::Unusable { asset, error } => {
                self.loads.update(|loads| loads.fail(asset));
                self.alert(error, Outcome::Partial);
            }
            Notice::Restarting { error } => self.alert(error, Outcome::Restarted),
            Notice::Alert { error } => self.alert(error, Outcome::Refused),
            Notice::Computing { done, total } => self.computing.set((done < total).then_some((done, total))),
            Notice::Training(report) => {
                if let RunState::Failed(error) = &report.state {
                    self.alert(error.clone(), Outcome::Refused);
                }
                match report.state {
                    RunState::Loading | RunState::Running => {
                        self.changes_of(report.model).all.update(|count| *count += 1);
                    }
                    _ => self.changed(report.model),
                }
                self.run.update(|run| {
                    run.fold(report);
                    measured_run(run);
                });
            }
            // What becomes of the engine is reported next.
            Notice::Recovering { model, error } => {
                self.alerts.update(|alerts| alerts.add_recovering(error, model));
            }
            Notice::Stopped { error } => {
                self.device.set(DeviceState::Stopped);
                self.run.update(|run| run.report = None);
                self.alert(error, Outcome::Stopped);
            }
        }
    }
}
