//! What outlives a visit: bytes in the browser's IndexedDB, and beside them what is told about them.

use std::cell::RefCell;

use idb::{Database, Transaction, TransactionMode};
use js_sys::Uint8Array;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};

use crate::protocol::EngineError;

const NAME: &str = "bottleneck";
/// Raised when a kind is added.
const VERSION: u32 = 1;

/// A kind of things that are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectStore {
    /// Snapshots of runs, by model.
    Runs,
    /// Weights, by model and name.
    Weights,
}

impl ObjectStore {
    const ALL: [ObjectStore; 2] = [ObjectStore::Runs, ObjectStore::Weights];

    /// The object store of the bytes, and that of what is told about them, as JSON.
    const fn stores(self) -> [&'static str; 2] {
        match self {
            ObjectStore::Runs => ["runs", "about-runs"],
            ObjectStore::Weights => ["weights", "about-weights"],
        }
    }
}

/// The browser's storage for this site. Every error is a [`EngineError::Storage`] with the browser's words.
#[derive(Default)]
pub struct Store {
    database: RefCell<Option<Database>>,
}

impl Store {
    /// Stores `bytes` under `key`, in place of what was there.
    pub async fn put(
        &self,
        kind: ObjectStore,
        key: &str,
        about: &impl Serialize,
        bytes: &[u8],
    ) -> Result<(), EngineError> {
        let about = serde_json::to_string(about).map_err(|error| EngineError::Storage(error.to_string()))?;
        let values: [JsValue; 2] = [Uint8Array::from(bytes).into(), about.into()];
        let transaction = self.begin(kind, TransactionMode::ReadWrite).await?;
        for (store, value) in kind.stores().into_iter().zip(&values) {
            // The transaction tells whether it succeeded.
            drop(transaction.object_store(store).map_err(failed)?.put(value, Some(&key.into())).map_err(failed)?);
        }
        finish(transaction).await
    }

    /// The bytes under `key`; None where there are none.
    pub async fn get(&self, kind: ObjectStore, key: &str) -> Result<Option<Vec<u8>>, EngineError> {
        let [bytes, _] = kind.stores();
        let transaction = self.begin(kind, TransactionMode::ReadOnly).await?;
        let request = transaction.object_store(bytes).map_err(failed)?.get(JsValue::from(key)).map_err(failed)?;
        let found = request.await.map_err(failed)?;
        Ok(found.and_then(|bytes| bytes.dyn_into::<Uint8Array>().ok()).map(|bytes| bytes.to_vec()))
    }

    /// Deletes what is under `key`, if anything.
    pub async fn delete(&self, kind: ObjectStore, key: &str) -> Result<(), EngineError> {
        let transaction = self.begin(kind, TransactionMode::ReadWrite).await?;
        for store in kind.stores() {
            drop(transaction.object_store(store).map_err(failed)?.delete(JsValue::from(key)).map_err(failed)?);
        }
        finish(transaction).await
    }

    /// What is told about everything of this kind; what an older build told otherwise is left out.
    pub async fn list<T: DeserializeOwned>(&self, kind: ObjectStore) -> Result<Vec<T>, EngineError> {
        let [_, about] = kind.stores();
        let transaction = self.begin(kind, TransactionMode::ReadOnly).await?;
        let request = transaction.object_store(about).map_err(failed)?.get_all(None, None).map_err(failed)?;
        let found = request.await.map_err(failed)?;
        Ok(found.iter().filter_map(|about| serde_json::from_str(&about.as_string()?).ok()).collect())
    }

    async fn begin(&self, kind: ObjectStore, mode: TransactionMode) -> Result<Transaction, EngineError> {
        if self.database.borrow().is_none() {
            let mut builder = Database::builder(NAME).version(VERSION);
            for store in ObjectStore::ALL.into_iter().flat_map(ObjectStore::stores) {
                builder = builder.add_object_store(idb::ObjectStore::builder(store));
            }
            let database = builder.build().await.map_err(failed)?;
            self.database.replace(Some(database));
        }
        let database = self.database.borrow();
        let database = database.as_ref().expect("it was opened above");
        database.transaction(&kind.stores(), mode).map_err(failed)
    }
}

async fn finish(transaction: Transaction) -> Result<(), EngineError> {
    // A full disk aborts the transaction, which tells why when it is over.
    let handle = JsValue::from(transaction);
    let transaction = |handle| Transaction::try_from(handle).map_err(failed);
    if transaction(handle.clone())?.await.map_err(failed)?.is_committed() {
        return Ok(());
    }
    let reason = transaction(handle)?.error().map(|error| format!("{}: {}", error.name(), error.message()));
    Err(EngineError::Storage(reason.unwrap_or_else(|| "the browser took it back".to_string())))
}

fn failed(error: idb::Error) -> EngineError {
    EngineError::Storage(error.to_string())
}
