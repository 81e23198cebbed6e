//! The engine on WebGPU, as a worker.

#[cfg(target_family = "wasm")]
#[expect(unsafe_code, reason = "the linker makes this function; it takes and gives nothing")]
unsafe extern "C" {
    /// Runs what crates have registered to run before `main`: CubeCL's compiler registers some 5,000 entries by `inventory`. A module that
    /// never calls it is taken for a command, and each of its functions that JavaScript calls runs all of them first: a training step of
    /// the linear model took 155 ms before anything reached the GPU, where it takes 2.
    safe fn __wasm_call_ctors();
}

fn main() {
    #[cfg(target_family = "wasm")]
    {
        __wasm_call_ctors();
        bottleneck::worker::run();
    }
}
