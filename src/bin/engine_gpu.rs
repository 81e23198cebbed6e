//! The engine on WebGPU, as a worker.
fn main() {
    #[cfg(target_family = "wasm")]
    bottleneck::worker::run();
}
