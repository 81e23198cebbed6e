//! A broadcast channel between a worker and the page that works before the engine runs and after it has crashed. Its other half is `www/engine_loader.js`.

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use web_sys::BroadcastChannel;

/// A message, as JSON: `{"Alive": {"locked": true}}`, `"End"`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SideChannelMessage {
    /// The worker runs; with `locked` it holds the web lock named as the channel until it ends.
    Alive { locked: bool },
    /// Bytes of the engine's program that have arrived.
    Progress { loaded: u64, total: Option<u64> },
    /// The engine's program could not be had or started.
    NotStarted { reason: String },
    /// The engine panicked; nothing more will come from it.
    Crashed { reason: String },
    /// From the page: the worker is to end at once.
    End,
}

/// Sends `message`; a channel that is closed swallows it.
pub fn send(channel: &BroadcastChannel, message: &SideChannelMessage) {
    if let Ok(text) = serde_json::to_string(message) {
        // The only error is a closed channel: there is nobody left to tell.
        let _ = channel.post_message(&JsValue::from_str(&text));
    }
}

/// Reads what a message event carried; None when it is not one of ours.
pub fn read(data: &JsValue) -> Option<SideChannelMessage> {
    serde_json::from_str(&data.as_string()?).ok()
}
