//! What the next run is to be (model, preset, settings), and the requests that begin, control and reset a run.

use leptos::prelude::*;
use serde_json::Value;

use super::alerts::Outcome;
use super::engine_handle::{EngineHandle, OnError};
use super::run::Run;
use crate::client::SlotKey;
use crate::protocol::{Answer, Command, Control, Knob, ModelId};
use crate::ui::dom::number::parse_number;

/// The model that is shown when the link names none, where the page has it: what the others vary.
const FIRST: &str = "stacked";

/// What the next run is to be.
#[derive(Clone, Copy)]
pub struct TrainingSetup {
    pub engine: EngineHandle,
    pub model: RwSignal<ModelId>,
    /// Names and settings, the settings as JSON.
    pub presets: RwSignal<Vec<(String, String)>>,
    pub settings: RwSignal<Value>,
    /// Counts how often the settings were replaced as a whole.
    pub replaced: RwSignal<u32>,
    /// The settings whose fields hold what they cannot be set to.
    pub refused: RwSignal<Vec<Knob>>,
}

impl TrainingSetup {
    /// The setup of a model; of the plainest one where none is given.
    pub fn new(engine: EngineHandle, model: Option<ModelId>) -> Self {
        let model = model.or_else(|| FIRST.parse().ok()).unwrap_or(ModelId::ALL[0]);
        let setup = Self {
            engine,
            model: RwSignal::new(model),
            presets: RwSignal::new(Vec::new()),
            settings: RwSignal::new(Value::Null),
            replaced: RwSignal::new(0),
            refused: RwSignal::new(Vec::new()),
        };
        Effect::new(move || {
            let model = setup.model.get();
            setup.set_presets(Vec::new());
            engine.request(SlotKey::Presets(model), Command::Presets { model }, OnError::ShowOnce, move |answer| {
                if let Answer::Presets { presets } = answer
                    && setup.model.get_untracked() == model
                {
                    setup.set_presets(presets);
                }
            });
        });
        setup
    }

    fn set_presets(self, presets: Vec<(String, String)>) {
        self.presets.set(presets);
        self.choose_preset(0);
    }

    /// Takes the settings of a preset.
    pub fn choose_preset(self, preset: usize) {
        let settings = self.presets.with_untracked(|presets| {
            presets.get(preset).and_then(|(_, settings)| serde_json::from_str(settings).ok())
        });
        self.settings.set(settings.unwrap_or_default());
        self.refused.set(Vec::new());
        self.replaced.update(|count| *count += 1);
    }

    /// Sets a setting to what was typed, or notes that it cannot be set to that.
    pub fn set(self, knob: Knob, typed: &str) {
        let number = parse_number(typed).unwrap_or(f64::NAN);
        let is_set = self.settings.try_update(|settings| knob.set(settings, number).is_ok()).unwrap_or_default();
        self.refused.update(|refused| {
            refused.retain(|&other| other != knob);
            if !is_set {
                refused.push(knob);
            }
        });
    }

    /// Whether a run can begin.
    pub fn is_ready(self) -> bool {
        !self.settings.with(Value::is_null) && self.refused.with(Vec::is_empty) && !self.is_under_way()
    }

    /// Whether any model is being trained.
    pub fn is_under_way(self) -> bool {
        self.engine.run.with(|run| run.under_way().is_some())
    }

    /// Begins a run.
    pub fn train(self) {
        let (model, settings) = (self.model.get_untracked(), self.settings.with_untracked(ToString::to_string));
        self.engine.run.update(|run| run.begin(model));
        self.request(SlotKey::Train, Command::Train { model, settings }, || ());
    }

    /// Tells the run under way what to do next.
    pub fn control(self, control: Control) {
        self.request(SlotKey::Control, Command::Control(control), || ());
    }

    /// Pauses the run under way, or resumes it.
    pub fn pause_or_resume(self) {
        let paused = self.engine.run.with_untracked(Run::is_paused);
        self.control(if paused { Control::Resume } else { Control::Pause });
    }

    /// Goes on with the run of an earlier visit.
    pub fn recover(self, model: ModelId) {
        self.model.set(model);
        self.request(SlotKey::Train, Command::Recover { model }, move || self.control(Control::Resume));
    }

    /// Stops the model's run, puts the shipped weights into use again, and clears the chart.
    pub fn reset(self) {
        let (engine, model) = (self.engine, self.model.get_untracked());
        if engine.run.with_untracked(Run::under_way) == Some(model) {
            self.control(Control::Stop);
        }
        self.request(SlotKey::File, Command::Restore { model }, move || {
            engine.changed(model);
            if engine.run.with_untracked(|run| run.report.as_ref().is_none_or(|report| report.model == model)) {
                engine.run.set(Run::default());
            }
        });
    }

    fn request(self, slot: SlotKey, command: Command, done: impl FnOnce() + 'static) {
        self.engine.request(slot, command, OnError::Show(Outcome::Refused), move |_| done());
    }
}
