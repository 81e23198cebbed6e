//! Memory does not grow while a model trains: neither that of the engine's program nor that of the GPU.

use crate::harness::run::{LINEAR, LONG, STEP, begin, wait_for_share};
use crate::harness::{Device, Visit};

/// Lets a test ask a worker for its `bytes()`, which the script that follows defines.
const TELL: &str = "
    const line = new BroadcastChannel('memory');
    line.onmessage = () => line.postMessage(bytes());";
const HEAR: &str = "
    window.memoryLine = new BroadcastChannel('memory');
    window.memoryLine.onmessage = ({ data }) => { window.memory = data; };";

/// The memory of the engine's program.
const OF_PROGRAM: &str = "
    let memory;
    const bytes = () => memory.buffer.byteLength;
    const instantiate = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...args) => {
        const made = await instantiate.apply(WebAssembly, args);
        memory = made.instance.exports.memory;
        return made;
    };";

/// The GPU's buffers.
const OF_GPU: &str = "
    let held = 0, made = 0, given = 0, garbage = 0;
    const bytes = () => { console.warn(`held ${held} made ${made} given ${given} garbage ${garbage}`); return held; };
    const registry = new FinalizationRegistry(() => { garbage += 1; });
    const create = GPUDevice.prototype.createBuffer;
    GPUDevice.prototype.createBuffer = function (...args) {
        const buffer = create.apply(this, args);
        held += buffer.size;
        made += 1;
        registry.register(buffer, 0, buffer);
        return buffer;
    };
    const destroy = GPUBuffer.prototype.destroy;
    GPUBuffer.prototype.destroy = function () {
        held -= this.size;
        given += 1;
        registry.unregister(this);
        destroy.call(this);
    };";

#[test]
fn the_programs_memory_does_not_grow() {
    let (early, late) = over_two_thousand_steps(Device::Cpu, OF_PROGRAM);
    // A step's batch alone is 94 kB: a leak of it would be 188 MB.
    assert!(late - early < 16e6, "from {early} bytes to {late}");
}

#[test]
fn the_gpus_buffers_do_not_grow() {
    let (early, late) = over_two_thousand_steps(Device::WebGpu, OF_GPU);
    assert!(late - early < 16e6, "from {early} bytes to {late}");
}

/// The bytes that a script counts after 500 steps of a run, and after 2,000 more.
fn over_two_thousand_steps(device: Device, counts: &str) -> (f64, f64) {
    let page = Visit::on(device).link(LINEAR).before_load(HEAR).before_engine(&format!("{counts}{TELL}")).ready();
    begin(&page, &LONG);
    let after = |steps: f64| {
        wait_for_share(&page, steps * STEP);
        page.run("window.memory = 0; window.memoryLine.postMessage('how much?')");
        page.wait_until("the engine's answer", "window.memory > 0");
        page.evaluate("window.memory").parse().expect("bytes")
    };
    (after(500.0), after(2_500.0))
}
