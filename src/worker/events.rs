//! Events on their way to the page.

use futures::channel::mpsc::UnboundedSender;

use crate::protocol::Event;

/// Where events go.
pub type Events = UnboundedSender<Event>;

/// Sends `event` to the page.
pub fn send(events: &Events, event: Event) {
    // The other end lives as long as the worker.
    let _ = events.unbounded_send(event);
}
