//! Memory does not grow while a model trains: neither that of the engine's program nor that of the GPU.

use std::ops::Range;

use crate::harness::run::{LINEAR, LONG, begin, wait_for_step};
use crate::harness::{Device, Page, Visit};

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

/// The GPU's buffers. One that is only let go, for garbage collection to find, counts: nobody knows when that is.
const OF_GPU: &str = "
    let held = 0;
    const bytes = () => held;
    const create = GPUDevice.prototype.createBuffer;
    GPUDevice.prototype.createBuffer = function (...args) {
        const buffer = create.apply(this, args);
        held += buffer.size;
        return buffer;
    };
    const { destroy } = GPUBuffer.prototype;
    GPUBuffer.prototype.destroy = function () {
        held -= this.size;
        destroy.call(this);
    };";

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_programs_memory_does_not_grow() {
    let page = visit(Device::Cpu, OF_PROGRAM);
    begin(&page, &LONG);
    let (early, late) = over_steps(&page, 2_000);
    // A step's batch alone is 94 kB: a leak of it would be 188 MB.
    assert!(late - early < 16e6, "from {early} bytes to {late}");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_gpus_buffers_do_not_grow() {
    let page = visit(Device::WebGpu, OF_GPU);
    // Points in place of images: a software adapter takes a third of the time.
    page.wait_until("the presets", "document.querySelector('[data-testid=preset]').options.length > 1");
    page.choose("preset", "1");
    // Of 200 points: ten steps an epoch.
    begin(&page, &[("knob-batch", 20.0), ("knob-epochs", 1000.0)]);
    let (early, late) = over_steps(&page, 500);
    // No buffer is smaller than 256 bytes: a leak of one a step would be 128 kB.
    assert!(late - early < 64e3, "from {early} bytes to {late}");
}

/// A visit whose engine's worker counts bytes by a script.
fn visit(device: Device, counts: &str) -> Page {
    Visit::on(device).link(LINEAR).before_load(HEAR).before_engine(&format!("{counts}{TELL}")).alone().ready()
}

/// The bytes after 500 of a run's steps, and after so many more.
fn over_steps(page: &Page, more: u64) -> (f64, f64) {
    let after = |steps: Range<u64>| {
        // In small strides: a slow machine gets on, only not to the end at once.
        for step in steps.step_by(20) {
            wait_for_step(page, step);
        }
        page.run("window.memory = 0; window.memoryLine.postMessage('how much?')");
        page.wait_until("the engine's answer", "window.memory > 0");
        page.evaluate("window.memory").parse().expect("bytes")
    };
    (after(0..501), after(520..500 + more + 1))
}
