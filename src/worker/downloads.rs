//! Files on their way to a worker.

use std::future::Future;

use futures::channel::mpsc::UnboundedSender;
use wasm_bindgen_futures::spawn_local;

use super::events::Events;
use super::fetch::{self, file};
use crate::data::labelled::LabelledImages;
use crate::protocol::{Asset, EngineError, ModelId};

/// Files that arrived, or could not.
pub enum Arrival {
    Weights(ModelId, Result<Vec<u8>, EngineError>),
    /// The shipped weights again, for the request of that number.
    Shipped(u64, ModelId, Result<Vec<u8>, EngineError>),
    PrincipalComponents(Result<Vec<u8>, EngineError>),
    TestDigits(Result<LabelledImages, EngineError>),
    TestSet(Result<LabelledImages, EngineError>),
    TrainingSet(Result<LabelledImages, EngineError>),
}

pub fn fetch_weights(model: ModelId, events: &Events, arrived: &UnboundedSender<Arrival>) {
    let events = events.clone();
    fetch(arrived, async move { Arrival::Weights(model, weights(model, &events).await) });
}

pub fn fetch_components(events: &Events, arrived: &UnboundedSender<Arrival>) {
    let events = events.clone();
    fetch(arrived, async move {
        let bytes = fetch::bytes(file::PRINCIPAL_COMPONENTS, Asset::PrincipalComponents, &events);
        Arrival::PrincipalComponents(bytes.await)
    });
}

pub fn fetch_test_digits(events: &Events, arrived: &UnboundedSender<Arrival>) {
    fetch_digits(Arrival::TestDigits, file::TEST_DIGITS, Asset::TestDigits, events, arrived);
}

pub fn fetch_test_set(events: &Events, arrived: &UnboundedSender<Arrival>) {
    fetch_digits(Arrival::TestSet, file::TEST_SET, Asset::TestSet, events, arrived);
}

pub fn fetch_training_set(events: &Events, arrived: &UnboundedSender<Arrival>) {
    fetch_digits(Arrival::TrainingSet, file::TRAINING_SET, Asset::TrainingSet, events, arrived);
}

fn fetch_digits(
    arrival: fn(Result<LabelledImages, EngineError>) -> Arrival,
    set: &'static str,
    asset: Asset,
    events: &Events,
    arrived: &UnboundedSender<Arrival>,
) {
    let events = events.clone();
    fetch(arrived, async move { arrival(fetch::digits(set, asset, &events).await) });
}

/// Fetches the shipped weights again: the browser has them in its cache, so that the engine need not keep them.
pub fn fetch_shipped(id: u64, model: ModelId, events: &Events, arrived: &UnboundedSender<Arrival>) {
    let events = events.clone();
    fetch(arrived, async move { Arrival::Shipped(id, model, weights(model, &events).await) });
}

async fn weights(model: ModelId, events: &Events) -> Result<Vec<u8>, EngineError> {
    fetch::bytes(&file::weights(model), Asset::Weights(model), events).await
}

fn fetch(arrived: &UnboundedSender<Arrival>, arrival: impl Future<Output = Arrival> + 'static) {
    let arrived = arrived.clone();
    spawn_local(async move {
        // The other end lives as long as the worker.
        let _ = arrived.unbounded_send(arrival.await);
    });
}
