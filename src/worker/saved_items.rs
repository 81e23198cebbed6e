//! What the browser keeps for the person: weights by name, runs that were not finished.

use super::downloads;
use super::state::WorkerState;
use super::store::Shelf;
use crate::protocol::{Answer, EngineError, Event, ModelId, StoredWeights};

impl WorkerState {
    pub(super) async fn stored(&self) -> Result<Answer, EngineError> {
        Ok(Answer::Stored {
            runs: self.store.list(Shelf::Runs).await?,
            weights: self.store.list(Shelf::Weights).await?,
        })
    }

    pub(super) async fn keep(&self, model: ModelId, name: String) -> Result<(), EngineError> {
        let weights = self.engine.weights(model).await?;
        let key = key(model, &name);
        self.store.put(Shelf::Weights, &key, &StoredWeights { model, name, saved: js_sys::Date::now() }, &weights).await
    }

    /// Keeps the weights in use, so that the next engine has them too.
    pub(super) async fn keep_latest(&mut self, model: ModelId) {
        if !self.engine.has_weights(model) {
            return;
        }
        match self.keep(model, String::new()).await {
            Ok(()) => self.send(Event::Kept { model }),
            Err(problem @ EngineError::Storage(_)) => self.tell_once(problem),
            // A lost device is told by itself.
            Err(_) => {}
        }
    }

    /// Puts the weights of a person's file into use.
    pub(super) async fn import(&mut self, model: ModelId, file: &[u8]) -> Result<(), EngineError> {
        self.put_into_use(model, file)?;
        self.keep_latest(model).await;
        Ok(())
    }

    /// Has kept weights come, or the shipped ones.
    pub(super) async fn fetch(&mut self, model: ModelId, kept: Option<String>) {
        if self.engine.has_weights(model) {
            // What was learnt or loaded meanwhile is newer.
            return self.announce(model);
        }
        if let Some(name) = kept {
            match self.use_kept(model, &name).await {
                Ok(()) => return,
                Err(problem) => self.send(Event::Trouble { problem }),
            }
        }
        downloads::fetch_weights(model, &self.events, &self.arrived);
    }

    pub(super) async fn use_kept(&mut self, model: ModelId, name: &str) -> Result<(), EngineError> {
        let weights = self.store.get(Shelf::Weights, &key(model, name)).await?;
        let missing = || EngineError::Storage(format!("there is no {name}"));
        self.put_into_use(model, &weights.ok_or_else(missing)?)
    }

    pub(super) async fn forget(&self, model: ModelId, name: &str) -> Result<(), EngineError> {
        self.store.delete(Shelf::Weights, &key(model, name)).await
    }

    /// Deletes the saved run, unless it is the one under way.
    pub(super) async fn discard(&self, model: ModelId) -> Result<(), EngineError> {
        if self.engine.in_training() == Some(model) {
            return Ok(());
        }
        self.store.delete(Shelf::Runs, model.name()).await
    }
}

fn key(model: ModelId, name: &str) -> String {
    format!("{}/{name}", model.name())
}
