//! What the next run is to be (model, preset, settings), and the requests that begin, control and reset a run.

use leptos::prelude::*;
use serde_json::Value;

use super::alerts::Outcome;
use super::engine_handle::{EngineHandle, OnError};
use super::route::Chapter;
use super::router::Router;
use super::run::Run;
use super::settings_link;
use crate::client::SlotKey;
use crate::protocol::{
    Control, ControlRun, GetShape, ModelId, PresetDescription, RecoverRun, Request, RestoreWeights, Setting, Shape,
    Train,
};
use crate::ui::dom::number::parse_number;

/// The names in links: of the model, of its preset, and of what differs from that. Outside the laboratory `model` is what the figure shows: there
/// a choice of what is trained has a name of its own.
const MODEL: &str = "model";
const TRAINED: &str = "train";
pub const PRESET: &str = "preset";
pub const CHANGES: &str = "set";

/// What the next run is to be.
#[derive(Clone, Copy)]
pub struct TrainingSetup {
    pub engine: EngineHandle,
    pub model: RwSignal<ModelId>,
    pub presets: Memo<Vec<PresetDescription>>,
    /// The number of the preset that the settings began as.
    pub preset: RwSignal<usize>,
    /// JSON.
    pub settings: RwSignal<Value>,
    /// Counts how often the settings were replaced as a whole.
    pub replaced: RwSignal<u32>,
    /// The keys of the settings whose fields hold what they cannot be set to.
    pub refused: RwSignal<Vec<String>>,
    /// The shape that the settings make.
    pub shape: RwSignal<Option<Shape>>,
    /// The link that set a run up, and the settings that it made.
    linked: [StoredValue<String>; 2],
}

impl TrainingSetup {
    /// The setup of one of `models`, which the engine has told, by the link; the address follows it.
    pub fn linked(engine: EngineHandle, models: &[ModelId]) -> Self {
        let setup = Self::new(engine, models[0]);
        let has_choice = models.len() > 1;
        let router = expect_context::<Router>();
        let is_laboratory = router.chapter.get_untracked() == Chapter::Train;
        let models = models.to_vec();
        let first = models[0];
        let key = if is_laboratory { MODEL } else { TRAINED };
        let note = move || {
            if has_choice {
                router.note(key, Some(setup.model.get_untracked().name()));
            }
            setup.note(router);
        };
        router.on_visit(move |query| {
            let (preset, changes) = (query.get(PRESET), query.get(CHANGES));
            let sets_up = preset.is_some() || changes.is_some();
            // A link to a run may name its model as the figure's: as it was written, for the figure may have noted its own by now.
            let name = query.get(key).or_else(|| router.written().get(MODEL).filter(|_| sets_up));
            let named = name.and_then(|name| models.iter().find(|model| model.name() == name));
            let chosen = setup.model.get_untracked();
            // A chapter's run is of its first model, where a link names none.
            let unnamed = if sets_up && !is_laboratory { first } else { chosen };
            let model = named.copied().unwrap_or(unnamed);
            if model != chosen || sets_up {
                setup.take(model, preset.as_deref(), changes.as_deref());
                let made = setup.settings.with_untracked(ToString::to_string);
                [router.link(), made].into_iter().zip(setup.linked).for_each(|(text, place)| place.set_value(text));
                note();
            } else if model != first || setup.is_changed() {
                // A link to something else of the chapter leaves the settings as they are.
                note();
            }
        });
        Effect::new(move |was: Option<()>| {
            setup.model.track();
            setup.preset.track();
            setup.settings.track();
            if was.is_some() {
                note();
            }
        });
        setup
    }

    /// Whether the settings are others than the first preset's.
    fn is_changed(self) -> bool {
        untrack(|| self.preset.get() > 0 || !self.changes().is_empty())
    }

    /// Notes the preset, and what differs from it, in the address.
    fn note(self, router: Router) {
        let (number, changes) = (self.preset.get_untracked(), untrack(|| self.changes()));
        let preset = self.presets.with_untracked(|presets| presets.get(number).map(|preset| preset.name.clone()));
        router.note(PRESET, preset.as_deref().filter(|_| number > 0));
        router.note(CHANGES, Some(changes.as_str()).filter(|changes| !changes.is_empty()));
    }

    fn new(engine: EngineHandle, model: ModelId) -> Self {
        let model = RwSignal::new(model);
        let description = move || engine.describe(model.get());
        let setup = Self {
            engine,
            model,
            presets: Memo::new(move |_| description().map(|description| description.presets).unwrap_or_default()),
            preset: RwSignal::new(0),
            settings: RwSignal::new(Value::Null),
            replaced: RwSignal::new(0),
            refused: RwSignal::new(Vec::new()),
            shape: RwSignal::new(None),
            linked: [StoredValue::default(), StoredValue::default()],
        };
        setup.choose_preset(0);
        let json = Memo::new(move |_| setup.settings.with(ToString::to_string));
        Effect::new(move || {
            let (settings, model) = (json.get(), model.get_untracked());
            engine.try_request(SlotKey::Shape, GetShape { model, settings: Some(settings) }, move |answer| {
                // Settings that make no run are refused at their fields; the drawing stays.
                if let (Ok(shape), true) = (answer, setup.model.try_get_untracked() == Some(model)) {
                    setup.shape.set(Some(shape));
                }
            });
        });
        setup
    }

    /// What can be changed, with the numbers that the settings have.
    pub fn fields(self) -> Vec<(Setting, f64)> {
        let description = untrack(|| self.engine.describe(self.model.get()));
        let settings = description.map(|description| description.settings);
        let with_number = |setting: Setting| {
            let number = self.settings.with_untracked(|settings| setting.get(settings))?;
            Some((setting, number))
        };
        settings.unwrap_or_default().into_iter().filter_map(with_number).collect()
    }

    /// Chooses another model, by its first preset.
    pub fn choose_model(self, model: ModelId) {
        if model != self.model.get_untracked() {
            self.take(model, None, None);
        }
    }

    /// Sets everything up as a link says: a preset by its name, and [what differs](settings_link) from it.
    fn take(self, model: ModelId, preset: Option<&str>, changes: Option<&str>) {
        self.model.set(model);
        let named =
            |presets: &Vec<PresetDescription>| presets.iter().position(|found| Some(found.name.as_str()) == preset);
        self.choose_preset(self.presets.with_untracked(named).unwrap_or_default());
        if let Some(changes) = changes {
            let fields = self.fields();
            self.settings.update(|settings| settings_link::apply(changes, &fields, settings, parse_number));
        }
        self.replaced.update(|count| *count += 1);
    }

    /// How the settings differ from the preset's, as a link holds it.
    fn changes(self) -> String {
        let preset = self.presets.with(|presets| presets.get(self.preset.get()).map(|preset| preset.settings.clone()));
        let preset: Value = preset.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
        self.settings.track();
        settings_link::changes(self.fields(), &preset)
    }

    /// Takes the settings and the shape of a preset.
    pub fn choose_preset(self, preset: usize) {
        self.preset.set(preset);
        let preset = self.presets.with_untracked(|presets| presets.get(preset).cloned());
        let settings = preset.as_ref().and_then(|preset| serde_json::from_str(&preset.settings).ok());
        self.shape.set(preset.map(|preset| preset.shape));
        self.settings.set(settings.unwrap_or_default());
        self.refused.set(Vec::new());
        self.replaced.update(|count| *count += 1);
    }

    /// Sets a setting to what was typed, or notes that it cannot be set to that.
    pub fn set(self, setting: &Setting, typed: &str) {
        let number = parse_number(typed).unwrap_or(f64::NAN);
        let is_set = setting.check(number).is_ok();
        if is_set {
            // It was checked.
            self.settings.update(|settings| drop(setting.set(settings, number)));
        }
        self.refused.update(|refused| {
            refused.retain(|other| *other != setting.key);
            if !is_set {
                refused.push(setting.key.to_string());
            }
        });
    }

    /// Whether a run can begin.
    pub fn is_ready(self) -> bool {
        !self.settings.with(Value::is_null)
            && self.refused.with(Vec::is_empty)
            && !self.is_under_way()
            && !self.engine.is_stopped()
    }

    /// Whether any model is being trained.
    pub fn is_under_way(self) -> bool {
        self.engine.run.with(|run| run.under_way().is_some())
    }

    /// Begins a run.
    pub fn train(self) {
        let (model, settings) = (self.model.get_untracked(), self.settings.with_untracked(ToString::to_string));
        let [link, made] = self.linked.map(|text| text.get_value());
        // Settings of another model are other settings.
        let link = if settings == made { link } else { String::new() };
        let engine = self.engine;
        engine.run.update(|run| run.begin(model, link));
        engine.try_request(SlotKey::Train, Train { model, settings }, move |answer| {
            if let Err(error) = answer {
                engine.run.update(Run::refuse);
                engine.show(error, OnError::Show(Outcome::Refused));
            }
        });
    }

    /// Tells the run under way what to do next.
    pub fn control(self, control: Control) {
        self.request(SlotKey::Control, ControlRun { control }, || ());
    }

    /// Ends the run under way, or the waiting for its engine.
    pub fn stop(self) {
        if self.engine.withdraw_run() {
            self.engine.run.update(Run::refuse);
        } else {
            self.control(Control::Stop);
        }
    }

    /// Pauses the run under way, or resumes it.
    pub fn pause_or_resume(self) {
        let paused = self.engine.run.with_untracked(Run::is_paused);
        self.control(if paused { Control::Resume } else { Control::Pause });
    }

    /// Goes on with the run of an earlier visit.
    pub fn recover(self, model: ModelId) {
        self.choose_model(model);
        self.request(SlotKey::Train, RecoverRun { model, resumes: true }, || ());
    }

    /// Stops the model's run, puts the shipped weights into use again, and clears the chart.
    pub fn reset(self) {
        let (engine, model) = (self.engine, self.model.get_untracked());
        if engine.run.with_untracked(Run::under_way) == Some(model) {
            self.stop();
        }
        self.request(SlotKey::Weights, RestoreWeights { model }, move || {
            engine.changed(model);
            if engine.run.with_untracked(|run| run.report.as_ref().is_none_or(|report| report.model == model)) {
                engine.run.set(Run::default());
            }
        });
    }

    fn request<R: Request>(self, slot: SlotKey, request: R, done: impl FnOnce() + 'static) {
        self.engine.request(slot, request, OnError::Show(Outcome::Refused), move |_| done());
    }
}
