//! The main of an engine's program.

use gloo::worker::Registrable;
use wasm_bindgen::JsCast;
use web_sys::{BroadcastChannel, DedicatedWorkerGlobalScope, UrlSearchParams};

use super::host::EngineHost;
use super::side_channel::{self, SideChannelMessage};

/// The whole main of an engine's program.
pub fn run() {
    report_panics();
    EngineHost::registrar().register();
}

/// A panic ends the program: its words go to the page over the side channel, and the worker closes.
fn report_panics() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let channel = UrlSearchParams::new_with_str(&scope.location().search())
        .ok()
        .and_then(|query| query.get("channel"))
        .and_then(|name| BroadcastChannel::new(&name).ok());
    std::panic::set_hook(Box::new(move |info| {
        if let Some(channel) = &channel {
            side_channel::send(channel, &SideChannelMessage::Crashed { reason: info.to_string() });
        }
        scope.close();
    }));
}
