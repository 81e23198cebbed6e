//! Weights and unfinished runs that the browser keeps.

use leptos::prelude::*;

use super::alerts::Outcome;
use super::engine_handle::OnError;
use super::training_setup::TrainingSetup;
use crate::client::SlotKey;
use crate::protocol::{
    DeleteRun, DeleteWeights, ExportWeights, ImportWeights, ListSaved, ModelId, Request, SaveWeights, StoredRun,
    StoredWeights, UseWeights,
};

/// What the browser keeps.
#[derive(Clone, Copy)]
pub struct SavedItems {
    pub setup: TrainingSetup,
    pub runs: RwSignal<Vec<StoredRun>>,
    pub weights: RwSignal<Vec<StoredWeights>>,
}

impl SavedItems {
    /// Reads the browser's storage now, and again with every engine and after every run.
    pub fn new(setup: TrainingSetup) -> Self {
        let saved = Self { setup, runs: RwSignal::new(Vec::new()), weights: RwSignal::new(Vec::new()) };
        let under_way = Memo::new(move |_| setup.is_under_way());
        Effect::new(move || {
            setup.engine.engines.track();
            if !under_way.get() {
                saved.read();
            }
        });
        saved
    }

    /// Whether weights of `model` are kept under `name`.
    pub fn has(self, model: ModelId, name: &str) -> bool {
        self.weights.with(|weights| weights.iter().any(|kept| kept.model == model && kept.name == name))
    }

    /// `name`, or where weights of `model` are kept under it, with the first number that makes it another.
    pub fn free_name(self, model: ModelId, name: &str) -> String {
        let numbered = (2..).map(|number| format!("{name} ({number})"));
        std::iter::once(name.to_string()).chain(numbered).find(|name| !self.has(model, name)).unwrap_or_default()
    }

    /// Keeps the model's weights in use under `name`, in place of what was kept under it.
    pub fn keep(self, model: ModelId, name: String) {
        self.change(SaveWeights { model, name }, || ());
    }

    /// Puts kept weights into use, and shows their model.
    pub fn put_into_use(self, model: ModelId, name: String) {
        self.setup.choose_model(model);
        self.change(UseWeights { model, name }, move || self.setup.engine.changed(model));
    }

    /// Deletes kept weights.
    pub fn delete(self, model: ModelId, name: String) {
        self.change(DeleteWeights { model, name }, || ());
    }

    /// Deletes the run that can be recovered.
    pub fn discard_run(self, model: ModelId) {
        self.change(DeleteRun { model }, || ());
    }

    /// Puts the weights of a safetensors file into use.
    pub fn import(self, model: ModelId, file: Vec<u8>) {
        self.change(ImportWeights { model, file }, move || self.setup.engine.changed(model));
    }

    /// Requests the model's weights as a safetensors file, and its card as JSON.
    pub fn export(self, model: ModelId, reply: impl FnOnce(Vec<u8>, String) + 'static) {
        let on_error = OnError::Show(Outcome::Refused);
        self.setup.engine.request(SlotKey::Weights, ExportWeights { model }, on_error, move |exported| {
            reply(exported.weights, exported.card);
        });
    }

    fn read(self) {
        self.setup.engine.request(SlotKey::Saved, ListSaved {}, OnError::ShowOnce, move |saved| {
            self.runs.set(saved.runs);
            self.weights.set(saved.weights);
        });
    }

    /// Has the engine change what is kept or in use, then reads again.
    fn change<R: Request>(self, request: R, done: impl FnOnce() + 'static) {
        self.setup.engine.request(SlotKey::Weights, request, OnError::Show(Outcome::Refused), move |_| {
            done();
            self.read();
        });
    }
}
