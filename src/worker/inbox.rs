//! What comes to a worker: the page's requests, and the files that it has fetched.

use std::future::poll_fn;
use std::task::{Context, Poll};

use futures::channel::mpsc::UnboundedReceiver;
use futures::future::{FusedFuture, FutureExt};
use futures::stream::{FusedStream, StreamExt};

use super::downloads::Arrival;
use crate::protocol::RequestMessage;

/// What a worker does next.
pub enum Incoming {
    Request(RequestMessage),
    Arrival(Arrival),
    /// Nothing came: what takes long goes on.
    Turn,
    /// The page has gone.
    End,
}

/// Requests, and behind them files.
pub struct Inbox<R> {
    requests: R,
    arrivals: UnboundedReceiver<Arrival>,
}

impl<R: FusedStream<Item = RequestMessage> + Unpin> Inbox<R> {
    pub const fn new(requests: R, arrivals: UnboundedReceiver<Arrival>) -> Self {
        Inbox { requests, arrivals }
    }

    /// What comes next, while it `is_open`: whoever closes it sees to it that the task goes on when it opens.
    pub fn next(&mut self, is_open: impl Fn() -> bool + Unpin) -> impl FusedFuture<Output = Incoming> + Unpin {
        poll_fn(move |context| if is_open() { self.poll(context) } else { Poll::Pending }).fuse()
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Incoming> {
        if let Poll::Ready(request) = self.requests.poll_next_unpin(context) {
            return Poll::Ready(request.map_or(Incoming::End, Incoming::Request));
        }
        // The state has the other end.
        self.arrivals.poll_next_unpin(context).map(|arrival| arrival.map_or(Incoming::End, Incoming::Arrival))
    }
}
