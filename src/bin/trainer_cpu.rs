//! The engine on the CPU that trains too, as a worker.
fn main() {
    #[cfg(target_family = "wasm")]
    bottleneck::worker::run();
}
