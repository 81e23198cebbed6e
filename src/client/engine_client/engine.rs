//! One engine as the client sees it: its worker, the files that it has, and the requests put to it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::client::process::Process;
use crate::client::queue::RequestQueue;
use crate::client::requirements::Requirements;
use crate::protocol::{Asset, Command, EngineError, FetchAsset, ModelId, RequestMessage};

/// The id of requests whose answer nobody waits for: the queue counts from 1.
const UNANSWERED: u64 = 0;

/// What has become of a file.
pub enum AssetState {
    /// The engine has been told to fetch it.
    Coming,
    Usable,
    Unusable(EngineError),
}

/// An engine, or where requests wait for one.
#[derive(Default)]
pub struct Engine {
    pub process: Option<Process>,
    pub ready: bool,
    pub assets: HashMap<Asset, AssetState>,
    pub queue: RequestQueue,
}

impl Engine {
    /// Why `command` cannot be answered, where a file that it needs could not be had.
    pub fn refusal(&self, command: &Command) -> Option<EngineError> {
        Requirements::of(command).assets().find_map(|asset| match self.assets.get(&asset) {
            Some(AssetState::Unusable(error)) => Some(error.clone()),
            _ => None,
        })
    }

    /// Ends its worker; its requests wait for the next.
    pub fn end(&mut self) {
        self.ready = false;
        self.assets.clear();
        self.queue.put_back();
        self.process = None;
    }

    /// Sends whatever may go, and asks for the files that the rest waits for: weights kept under the names `in_use`, else the shipped ones.
    pub fn pump(&mut self, in_use: &HashMap<ModelId, String>) {
        let Engine { process: Some(process), ready: true, assets, queue } = self else { return };
        for asset in queue.wanted() {
            if let Entry::Vacant(place) = assets.entry(asset) {
                place.insert(AssetState::Coming);
                let kept = match asset {
                    Asset::Weights(model) => in_use.get(&model).cloned(),
                    _ => None,
                };
                process.send(RequestMessage { id: UNANSWERED, command: FetchAsset { asset, kept }.into() });
            }
        }
        for (id, command) in queue.start(|asset| matches!(assets.get(&asset), Some(AssetState::Usable))) {
            process.send(RequestMessage { id, command });
        }
    }
}
