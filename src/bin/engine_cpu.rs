//! The engine on the CPU, as a worker.
fn main() {
    #[cfg(target_family = "wasm")]
    bottleneck::worker::run();
}
