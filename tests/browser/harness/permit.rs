//! Who may have a browser open: as many pages at a time as there are processors, or one alone that measures time.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::available_parallelism;

static PERMITS: Permits =
    Permits { open: Mutex::new(Open { shared: 0, alone: false, waiting: 0 }), changed: Condvar::new() };

struct Permits {
    open: Mutex<Open>,
    changed: Condvar,
}

struct Open {
    /// How many pages are open beside one another.
    shared: usize,
    /// Whether a page is open that must be alone.
    alone: bool,
    /// How many wait to be alone; while one does, no other page opens, or it would wait for the end of all tests.
    waiting: usize,
}

/// The right to a page, until it is dropped.
pub struct Permit {
    alone: bool,
}

impl Permit {
    /// Waits for a processor that no other page has.
    pub fn shared() -> Permit {
        let most = available_parallelism().map_or(1, usize::from);
        let busy = |open: &mut Open| open.alone || open.waiting > 0 || open.shared >= most;
        let mut open = PERMITS.changed.wait_while(lock(), busy).unwrap_or_else(PoisonError::into_inner);
        open.shared += 1;
        Permit { alone: false }
    }

    /// Waits until no other page is open.
    pub fn alone() -> Permit {
        let mut open = lock();
        open.waiting += 1;
        let busy = |open: &mut Open| open.alone || open.shared > 0;
        let mut open = PERMITS.changed.wait_while(open, busy).unwrap_or_else(PoisonError::into_inner);
        open.waiting -= 1;
        open.alone = true;
        Permit { alone: true }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut open = lock();
        if self.alone {
            open.alone = false;
        } else {
            open.shared -= 1;
        }
        drop(open);
        PERMITS.changed.notify_all();
    }
}

fn lock() -> MutexGuard<'static, Open> {
    PERMITS.open.lock().unwrap_or_else(PoisonError::into_inner)
}
