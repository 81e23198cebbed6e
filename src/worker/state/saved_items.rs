//! What the browser keeps for the person: weights by name, runs that were not finished.

use super::WorkerState;
use crate::protocol::{DeleteWeights, EngineError, Event, LATEST, ModelId, SavedItems, StoredWeights};
use crate::worker::downloads;
use crate::worker::store::ObjectStore;

impl WorkerState {
    pub(super) async fn list_saved(&self) -> Result<SavedItems, EngineError> {
        Ok(SavedItems {
            runs: self.store.list(ObjectStore::Runs).await?,
            weights: self.store.list(ObjectStore::Weights).await?,
        })
    }

    pub(super) async fn keep(&self, model: ModelId, name: String) -> Result<(), EngineError> {
        let weights = self.engine.weights(model).await?;
        let key = key(model, &name);
        self.store
            .put(ObjectStore::Weights, &key, &StoredWeights { model, name, saved: js_sys::Date::now() }, &weights)
            .await
    }

    /// Keeps the weights in use, so that the next engine has them too.
    pub(super) async fn keep_latest(&mut self, model: ModelId) {
        if !self.engine.has_weights(model) {
            return;
        }
        match self.keep(model, LATEST.to_string()).await {
            Ok(()) => self.send(Event::Kept { model }),
            Err(error @ EngineError::Storage(_)) => self.alert_once(error),
            // A lost device is told by itself.
            Err(_) => {}
        }
    }

    /// Puts the weights of a person's file into use.
    pub(super) async fn import(&mut self, model: ModelId, file: &[u8]) -> Result<(), EngineError> {
        self.put_into_use(model, file).await?;
        self.keep_latest(model).await;
        Ok(())
    }

    /// Puts kept weights into use, or fetches the shipped ones.
    pub(super) async fn fetch_weights(&mut self, model: ModelId, kept: Option<String>) {
        if self.engine.has_weights(model) {
            // What was learnt or loaded meanwhile is newer.
            return self.announce(model);
        }
        if let Some(name) = kept {
            match self.use_kept(model, &name).await {
                Ok(()) => return,
                Err(error) => self.send(Event::Alert { error }),
            }
        }
        downloads::fetch_weights(model, &self.events, &self.arrived);
    }

    pub(super) async fn use_kept(&mut self, model: ModelId, name: &str) -> Result<(), EngineError> {
        let weights = self.store.get(ObjectStore::Weights, &key(model, name)).await?;
        let missing = || EngineError::Storage(format!("there is no {name}"));
        self.put_into_use(model, &weights.ok_or_else(missing)?).await
    }

    pub(super) async fn delete_weights(&self, request: &DeleteWeights) -> Result<(), EngineError> {
        self.store.delete(ObjectStore::Weights, &key(request.model, &request.name)).await
    }

    /// Deletes the saved run, unless it is the one under way.
    pub(super) async fn delete_run(&self, model: ModelId) -> Result<(), EngineError> {
        if self.engine.in_training() == Some(model) {
            return Ok(());
        }
        self.store.delete(ObjectStore::Runs, model.name()).await
    }
}

fn key(model: ModelId, name: &str) -> String {
    format!("{}/{name}", model.name())
}
