//! Weights and unfinished runs that the browser keeps.

use leptos::prelude::*;

use super::alerts::Outcome;
use super::engine_handle::OnError;
use super::training_setup::TrainingSetup;
use crate::client::SlotKey;
use crate::protocol::{Answer, Command, ModelId, StoredRun, StoredWeights};

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

    /// Keeps the model's weights in use under `name`.
    pub fn keep(self, model: ModelId, name: String) {
        self.change(SlotKey::Store, Command::Keep { model, name }, model);
    }

    /// Puts kept weights into use, and shows their model.
    pub fn put_into_use(self, model: ModelId, name: String) {
        self.setup.model.set(model);
        self.change(SlotKey::Store, Command::Use { model, name }, model);
    }

    /// Deletes kept weights.
    pub fn delete(self, model: ModelId, name: String) {
        self.change(SlotKey::Store, Command::Forget { model, name }, model);
    }

    /// Deletes the run that can be recovered.
    pub fn discard_run(self, model: ModelId) {
        self.change(SlotKey::Store, Command::Discard { model }, model);
    }

    /// Puts the weights of a safetensors file into use.
    pub fn import(self, model: ModelId, file: Vec<u8>) {
        self.change(SlotKey::File, Command::Import { model, file }, model);
    }

    /// Requests the model's weights as a safetensors file, and its card as JSON.
    pub fn export(self, model: ModelId, reply: impl FnOnce(Vec<u8>, String) + 'static) {
        let on_error = OnError::Show(Outcome::Refused);
        self.setup.engine.request(SlotKey::File, Command::Export { model }, on_error, move |answer| {
            if let Answer::Exported { weights, card } = answer {
                reply(weights, card);
            }
        });
    }

    fn read(self) {
        self.setup.engine.request(SlotKey::Stored, Command::Stored, OnError::ShowOnce, move |answer| {
            if let Answer::Stored { runs, weights } = answer {
                self.runs.set(runs);
                self.weights.set(weights);
            }
        });
    }

    /// Has the engine change what is kept or in use, and reads again.
    fn change(self, slot: SlotKey, command: Command, model: ModelId) {
        self.setup.engine.request(slot, command, OnError::Show(Outcome::Refused), move |_| {
            self.setup.engine.changed(model);
            self.read();
        });
    }
}
