//! What the browser keeps for the person: weights by name, runs that were not finished.

use super::desk::Desk;
use crate::engine::protocol::{Answer, ModelId, Problem, StoredWeights};
use crate::engine::store::Shelf;

impl Desk {
    pub(super) async fn stored(&self) -> Result<Answer, Problem> {
        Ok(Answer::Stored {
            runs: self.store.list(Shelf::Runs).await?,
            weights: self.store.list(Shelf::Weights).await?,
        })
    }

    pub(super) async fn keep(&self, model: ModelId, name: String) -> Result<(), Problem> {
        let weights = self.engine.weights(model).await?;
        let key = key(model, &name);
        self.store.put(Shelf::Weights, &key, &StoredWeights { model, name, saved: js_sys::Date::now() }, &weights).await
    }

    pub(super) async fn use_kept(&mut self, model: ModelId, name: &str) -> Result<(), Problem> {
        let weights = self.store.get(Shelf::Weights, &key(model, name)).await?;
        let missing = || Problem::Storage(format!("there is no {name}"));
        self.put_into_use(model, &weights.ok_or_else(missing)?)
    }

    pub(super) async fn forget(&self, model: ModelId, name: &str) -> Result<(), Problem> {
        self.store.delete(Shelf::Weights, &key(model, name)).await
    }

    /// Deletes the saved run, unless it is the one under way.
    pub(super) async fn discard(&self, model: ModelId) -> Result<(), Problem> {
        if self.engine.in_training() == Some(model) {
            return Ok(());
        }
        self.store.delete(Shelf::Runs, model.name()).await
    }
}

fn key(model: ModelId, name: &str) -> String {
    format!("{}/{name}", model.name())
}
