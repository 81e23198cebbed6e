//! A training run as the page has it: its latest report, its losses so far, the settings of the next one.

use leptos::prelude::*;
use serde_json::Value;

use super::element::effect;
use super::lab::EngineHandle;
use super::number::number;
use crate::client::SlotKey;
use crate::protocol::{Answer, Command, Knob, ModelId, Report, RunState};

/// As many marks at most: more than a chart has pixels are thinned out.
const MOST_MARKS: usize = 800;

/// The parts of a loss at a step, by name.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    pub step: usize,
    pub parts: Vec<(String, f32)>,
}

impl Mark {
    /// The part of that name; without a name, all of them together. None where it has no such part.
    pub fn loss(&self, part: Option<&str>) -> Option<f32> {
        match part {
            Some(name) => self.parts.iter().find(|(other, _)| other == name).map(|&(_, loss)| loss),
            None => Some(self.parts.iter().map(|(_, loss)| loss).sum()),
        }
    }
}

/// The latest run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Run {
    pub report: Option<Report>,
    pub training: Vec<Mark>,
    pub validation: Vec<Mark>,
    /// The training losses of the model's run before, to be compared with.
    pub before: Vec<Mark>,
}

impl Run {
    /// Makes room for the next run, of `model`.
    pub fn renew(&mut self, model: ModelId) {
        let Self { report, training, before, .. } = std::mem::take(self);
        if report.is_none_or(|report| report.model == model) {
            self.before = if training.is_empty() { before } else { training };
        }
    }

    /// Takes up a report. What was noted of another model's run is forgotten, and what was noted of steps that the engine has
    /// gone back behind.
    pub fn take(&mut self, report: Report) {
        if self.report.as_ref().is_some_and(|before| before.model != report.model) {
            *self = Self::default();
        }
        let step = report.progress.step;
        note(&mut self.training, step, &report.losses);
        note(&mut self.validation, step, &report.validation);
        self.report = Some(report);
    }

    /// The model that is being trained.
    pub fn under_way(&self) -> Option<ModelId> {
        let under_way =
            |report: &&Report| matches!(report.state, RunState::Loading | RunState::Running | RunState::Paused);
        self.report.as_ref().filter(under_way).map(|report| report.model)
    }

    pub fn is_paused(&self) -> bool {
        self.report.as_ref().is_some_and(|report| report.state == RunState::Paused)
    }
}

fn note(marks: &mut Vec<Mark>, step: usize, parts: &[(String, f32)]) {
    marks.retain(|mark| mark.step < step || (mark.step == step && parts.is_empty()));
    if !parts.is_empty() {
        marks.push(Mark { step, parts: parts.to_vec() });
    }
    if marks.len() > MOST_MARKS {
        let mut number = 0;
        marks.retain(|_| {
            number += 1;
            number % 2 == 0
        });
    }
}

/// What the next run is to be. Copied about.
#[derive(Clone, Copy)]
pub struct Plan {
    pub lab: EngineHandle,
    pub model: RwSignal<ModelId>,
    /// Names and settings, the settings as JSON.
    pub presets: RwSignal<Vec<(String, String)>>,
    pub settings: RwSignal<Value>,
    /// Counts how often the settings were replaced as a whole.
    pub replaced: RwSignal<u32>,
    /// The settings whose fields hold what they cannot be set to.
    pub refused: RwSignal<Vec<Knob>>,
}

impl Plan {
    pub fn new(lab: EngineHandle, model: ModelId) -> Self {
        let plan = Self {
            lab,
            model: RwSignal::new(model),
            presets: RwSignal::new(Vec::new()),
            settings: RwSignal::new(Value::Null),
            replaced: RwSignal::new(0),
            refused: RwSignal::new(Vec::new()),
        };
        effect(move || {
            let model = plan.model.get();
            plan.put(Vec::new());
            lab.ask(SlotKey::Presets(model), Command::Presets { model }, move |answer| {
                if let Answer::Presets { presets } = answer
                    && plan.model.get_untracked() == model
                {
                    plan.put(presets);
                }
            });
        });
        plan
    }

    fn put(&self, presets: Vec<(String, String)>) {
        self.presets.set(presets);
        self.choose(0);
    }

    /// Takes up the settings of a preset.
    pub fn choose(&self, preset: usize) {
        let settings = self.presets.with_untracked(|presets| {
            presets.get(preset).and_then(|(_, settings)| serde_json::from_str(settings).ok())
        });
        self.settings.set(settings.unwrap_or_default());
        self.refused.set(Vec::new());
        self.replaced.update(|count| *count += 1);
    }

    /// Sets a knob to what was typed, or notes that it cannot be set to that.
    pub fn turn(&self, knob: Knob, typed: &str) {
        let number = number(typed).unwrap_or(f64::NAN);
        let turned = self.settings.try_update(|settings| knob.set(settings, number).is_ok()).unwrap_or_default();
        self.refused.update(|refused| {
            refused.retain(|&other| other != knob);
            if !turned {
                refused.push(knob);
            }
        });
    }

    /// Whether a run can begin.
    pub fn is_ready(&self) -> bool {
        !self.settings.with(Value::is_null) && self.refused.with(Vec::is_empty) && !self.is_under_way()
    }

    /// Whether any model is being trained.
    pub fn is_under_way(&self) -> bool {
        self.lab.run.with(|run| run.under_way().is_some())
    }
}
