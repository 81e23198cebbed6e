//! Yielding to the worker's event loop between two steps, so that messages that wait are taken in. A timer would be delayed by
//! 4 ms; a message to oneself is not.

use std::cell::RefCell;
use std::future::pending;
use std::rc::Rc;

use futures::channel::oneshot::{self, Sender};
use gloo::events::EventListener;
use wasm_bindgen::JsValue;
use web_sys::{MessageChannel, MessagePort};

/// A message channel to oneself.
pub struct EventLoop {
    port: MessagePort,
    waiting: Rc<RefCell<Option<Sender<()>>>>,
    _listener: EventListener,
}

impl EventLoop {
    /// # Panics
    /// Where there are no message channels; every browser with workers has them.
    pub fn new() -> Self {
        let channel = MessageChannel::new().expect("message channels");
        let waiting = Rc::new(RefCell::new(None::<Sender<()>>));
        let listener = EventListener::new(&channel.port1(), "message", {
            let waiting = waiting.clone();
            move |_| {
                if let Some(sender) = waiting.take() {
                    // Nobody listens any more where a command came first.
                    let _ = sender.send(());
                }
            }
        });
        channel.port1().start();
        EventLoop { port: channel.port2(), waiting, _listener: listener }
    }

    /// Comes back when the messages that wait now are taken in; never, where it is not `needed`.
    pub async fn yield_to(&self, needed: bool) {
        if !needed {
            return pending().await;
        }
        let (sender, yielded) = oneshot::channel();
        self.waiting.replace(Some(sender));
        if self.port.post_message(&JsValue::UNDEFINED).is_ok() {
            // The sender is replaced only when this one is dropped.
            let _ = yielded.await;
        }
    }
}
