//! The state of a worker: the engine, and all that requests and arriving files need beside it.

use std::collections::BTreeSet;

use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};

use super::downloads::{self, Arrival};
use super::events::{Events, send};
use super::store::Store;
use crate::engine::Engine;
use crate::protocol::{
    Answer, Asset, Command, ControlRun, DeleteRun, EngineError, Event, ExportWeights, FetchAsset, GetGallery,
    ImportWeights, ModelId, RequestMessage, RestoreWeights, SaveWeights,
};

mod runs;
mod saved_items;

use runs::{PendingRun, Saving};

pub struct WorkerState {
    engine: Engine,
    events: Events,
    arrived: UnboundedSender<Arrival>,
    store: Store,
    saving: Saving,
    /// A run that waits for the training set.
    pending: Option<PendingRun>,
    /// Whether the training set is on its way.
    fetching: bool,
    /// Whether the principal components are on their way, or could not be had.
    components_requested: bool,
    /// Models whose weights the page knows to be there.
    announced: BTreeSet<ModelId>,
}

impl WorkerState {
    /// The state around `engine`, and where what it fetches arrives. Nothing is fetched before it is asked for.
    pub fn new(engine: Engine, events: Events) -> (Self, UnboundedReceiver<Arrival>) {
        let (arrived, arrivals) = unbounded();
        let (store, saving) = (Store::default(), Saving::default());
        let state = WorkerState {
            engine,
            events,
            arrived,
            store,
            saving,
            pending: None,
            fetching: false,
            components_requested: false,
            announced: BTreeSet::new(),
        };
        (state, arrivals)
    }

    pub fn is_training(&self) -> bool {
        self.engine.is_training()
    }

    /// Answers a request; one that begins a run, once the run has begun.
    pub async fn take_request(&mut self, RequestMessage { id, command }: RequestMessage) {
        let answer = match command {
            Command::Train(request) => return self.train(id, request).await,
            Command::RecoverRun(request) => return self.recover_run(id, request).await,
            Command::RestoreWeights(RestoreWeights { model }) => {
                return downloads::fetch_shipped(id, model, &self.events, &self.arrived);
            }
            Command::ControlRun(ControlRun { control }) => self.control(control).await.map(Answer::ControlRun),
            Command::FetchAsset(FetchAsset { asset, kept }) => {
                self.fetch(asset, kept).await;
                Ok(Answer::FetchAsset(()))
            }
            Command::ListSaved(_) => self.list_saved().await.map(Answer::ListSaved),
            Command::SaveWeights(SaveWeights { model, name }) => self.keep(model, name).await.map(Answer::SaveWeights),
            Command::UseWeights(request) => self.use_kept(request.model, &request.name).await.map(Answer::UseWeights),
            Command::DeleteWeights(request) => self.delete_weights(&request).await.map(Answer::DeleteWeights),
            Command::DeleteRun(DeleteRun { model }) => self.delete_run(model).await.map(Answer::DeleteRun),
            Command::ExportWeights(ExportWeights { model }) => {
                self.engine.export(model, &today()).await.map(Answer::ExportWeights)
            }
            Command::ImportWeights(ImportWeights { model, file }) => {
                self.import(model, &file).await.map(Answer::ImportWeights)
            }
            command => {
                if let Command::GetGallery(GetGallery { model }) = command
                    && self.engine.compares(model)
                {
                    self.fetch_components();
                }
                self.engine.answer(command).await
            }
        };
        self.answer(id, answer);
    }

    pub async fn take_arrival(&mut self, arrival: Arrival) {
        match arrival {
            // What was learnt or loaded meanwhile is newer.
            Arrival::Weights(model, _) if self.engine.has_weights(model) => self.announce(model),
            Arrival::Weights(model, bytes) => {
                let outcome = match bytes {
                    Ok(bytes) => self.put_into_use(model, &bytes).await,
                    Err(error) => Err(error),
                };
                if let Err(error) = outcome {
                    self.send(Event::Unusable { asset: Asset::Weights(model), error });
                }
            }
            Arrival::Shipped(id, model, bytes) => {
                let outcome = match bytes {
                    Ok(bytes) => self.put_into_use(model, &bytes).await,
                    Err(error) => Err(error),
                };
                self.answer(id, outcome.map(Answer::RestoreWeights));
            }
            Arrival::PrincipalComponents(bytes) => {
                let outcome =
                    bytes.and_then(|bytes| self.engine.load_components(&bytes).map_err(EngineError::Components));
                self.send_outcome(Asset::PrincipalComponents, outcome);
            }
            Arrival::TestDigits(digits) => {
                let outcome = digits.map(|digits| self.engine.use_test_digits(digits));
                self.send_outcome(Asset::TestDigits, outcome);
            }
            Arrival::TestSet(digits) => {
                let outcome = digits.map(|digits| self.engine.use_test_set(digits));
                self.send_outcome(Asset::TestSet, outcome);
            }
            Arrival::TrainingSet(digits) => {
                self.fetching = false;
                let outcome = digits.map(|digits| self.engine.use_training_set(digits));
                self.send_outcome(Asset::TrainingSet, outcome.clone());
                self.begin_pending(outcome).await;
            }
        }
    }

    /// Fetches the files of `asset`; `kept` is for weights.
    async fn fetch(&mut self, asset: Asset, kept: Option<String>) {
        match asset {
            Asset::Weights(model) => self.fetch_weights(model, kept).await,
            Asset::TestDigits => downloads::fetch_test_digits(&self.events, &self.arrived),
            Asset::TestSet => downloads::fetch_test_set(&self.events, &self.arrived),
            Asset::TrainingSet => self.fetch_training_set(),
            Asset::PrincipalComponents => self.fetch_components(),
            // It answers this.
            Asset::Program(_) => {}
        }
    }

    /// Fetches the training set, unless it is on its way.
    fn fetch_training_set(&mut self) {
        if !std::mem::replace(&mut self.fetching, true) {
            downloads::fetch_training_set(&self.events, &self.arrived);
        }
    }

    /// Fetches the principal components, once, with the first thing that is compared with them.
    fn fetch_components(&mut self) {
        if !std::mem::replace(&mut self.components_requested, true) {
            downloads::fetch_components(&self.events, &self.arrived);
        }
    }

    /// Puts the weights of a file into use. A device that computes wrongly with them ends the engine.
    async fn put_into_use(&mut self, model: ModelId, file: &[u8]) -> Result<(), EngineError> {
        self.engine.load_weights(model, file)?;
        #[cfg(feature = "webgpu")]
        if let Err(error) = self.engine.verify_weights(model, file).await {
            self.send(Event::Stopped { error });
            // The page ends the worker.
            std::future::pending::<()>().await;
        }
        self.announced.insert(model);
        self.send(Event::Loaded { asset: Asset::Weights(model) });
        Ok(())
    }

    /// Weights that could not be fetched are there as soon as some are learnt.
    fn announce(&mut self, model: ModelId) {
        if self.engine.has_weights(model) && self.announced.insert(model) {
            self.send(Event::Loaded { asset: Asset::Weights(model) });
        }
    }

    pub fn send(&self, event: Event) {
        send(&self.events, event);
    }

    fn answer(&self, id: u64, answer: Result<Answer, EngineError>) {
        self.send(Event::Answered { id, answer });
    }

    fn send_outcome(&self, asset: Asset, outcome: Result<(), EngineError>) {
        self.send(match outcome {
            Ok(()) => Event::Loaded { asset },
            Err(error) => Event::Unusable { asset, error },
        });
    }
}

/// `YYYY-MM-DD`, UTC.
fn today() -> String {
    let now = String::from(js_sys::Date::new_0().to_iso_string());
    now.split('T').next().unwrap_or_default().to_string()
}
