//! Yielding to the worker's event loop between two steps, so that messages that wait are taken in. A timer would be delayed by
//! 4 ms; a message to oneself is not.

use std::cell::{Cell, RefCell};
use std::future::pending;
use std::rc::Rc;

use futures::channel::oneshot::{self, Sender};
use gloo::events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageChannel, MessageEvent, MessagePort};

/// Who waits for the message of which number.
type Waiting = Rc<RefCell<Option<(f64, Sender<()>)>>>;

/// A message channel to oneself.
pub struct EventLoop {
    port: MessagePort,
    /// Numbers the messages: one whose sender is gone may still be on its way when the next is sent.
    last: Cell<f64>,
    waiting: Waiting,
    _listener: EventListener,
}

impl EventLoop {
    /// # Panics
    /// Where there are no message channels; every browser with workers has them.
    pub fn new() -> Self {
        let channel = MessageChannel::new().expect("message channels");
        let waiting = Waiting::default();
        let listener = EventListener::new(&channel.port1(), "message", {
            let waiting = waiting.clone();
            move |event| {
                let number = event.dyn_ref::<MessageEvent>().and_then(|event| event.data().as_f64());
                if let Some((_, sender)) = waiting.borrow_mut().take_if(|(own, _)| Some(*own) == number) {
                    // Nobody listens any more where a command came first.
                    let _ = sender.send(());
                }
            }
        });
        channel.port1().start();
        EventLoop { port: channel.port2(), last: Cell::new(0.0), waiting, _listener: listener }
    }

    /// Comes back when the messages that wait now are taken in; never, where it is not `needed`.
    pub async fn yield_to(&self, needed: bool) {
        if !needed {
            return pending().await;
        }
        let (sender, yielded) = oneshot::channel();
        let number = self.last.get() + 1.0;
        self.last.set(number);
        self.waiting.replace(Some((number, sender)));
        if self.port.post_message(&JsValue::from(number)).is_ok() {
            // The sender is replaced only when this one is dropped.
            let _ = yielded.await;
        }
    }
}
