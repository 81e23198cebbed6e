//! Waiting without asserting on time: the limit is only there so that a test that fails comes to an end.

use std::thread::sleep;
use std::time::{Duration, Instant};

/// WebGPU on a processor is slow, and a test machine has few of them, with other tests and other work on them.
const PATIENCE: Duration = Duration::from_secs(900);
const PAUSE: Duration = Duration::from_millis(60);

/// What `attempt` gives as soon as it succeeds; `what` and its last complaint are told when it never does.
#[track_caller]
pub fn wait_for<T>(what: &str, mut attempt: impl FnMut() -> Result<T, String>) -> T {
    let start = Instant::now();
    loop {
        match attempt() {
            Ok(value) => return value,
            Err(complaint) if start.elapsed() > PATIENCE => {
                panic!("waited {} s for {what}: {complaint}", PATIENCE.as_secs());
            }
            Err(_) => sleep(PAUSE),
        }
    }
}
