//! What a browser refuses, and engines that end: the page says so and goes on.

use crate::devices::sliders_make_digits;
use crate::harness::run::{LINEAR, LONG, begin, wait_for_loss, wait_for_state};
use crate::harness::{DENOISE, Device, KEEP_WORKERS, LATENT, Page, Pointer, Served, Visit, page_program, wait_for};

/// Lets a test take the GPU away.
const LOSABLE_GPU: &str = "
    const request = GPUAdapter.prototype.requestDevice;
    GPUAdapter.prototype.requestDevice = async function (...args) {
        const device = await request.apply(this, args);
        new BroadcastChannel('test').onmessage = () => device.destroy();
        return device;
    };";
const REFUSING_GPU: &str = "
    if (self.GPUAdapter) {
        GPUAdapter.prototype.requestDevice = async () => { throw new DOMException('no device today', 'OperationError'); };
    }";
/// What is read from the GPU is not what it computed.
const WRONG_GPU: &str = "
    if (self.GPUBuffer) {
        const map = GPUBuffer.prototype.getMappedRange;
        GPUBuffer.prototype.getMappedRange = function (...args) {
            const range = map.apply(this, args);
            if (this.usage & GPUBufferUsage.MAP_READ) new Float32Array(range).fill(0.7);
            return range;
        };
    }";
/// The program that trains begins when it is told to.
const LATE_TRAINER: &str = "
    if (new URL(self.location.href).searchParams.get('engine') === 'trainer_cpu') {
        await new Promise((resolve) => { new BroadcastChannel('test').onmessage = resolve; });
    }";
const SILENT_GPU: &str = "
    if (new URL(self.location.href).searchParams.get('engine') === 'engine_gpu') await new Promise(() => {});";

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_gpu_worker_is_killed_and_the_cpu_goes_on() {
    let page = Visit::on(Device::WebGpu).link(DENOISE).before_load(KEEP_WORKERS).ready();
    page.draw_three(Pointer::Mouse);
    page.wait_for_picture("denoised");
    falls_back(&page, &["vanished"], &[], || kill_worker(&page));
    assert!(page.picture("seen").is_drawn(), "the drawing is still there");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_gpu_worker_is_killed_while_it_starts() {
    let page = Visit::on(Device::WebGpu).before_load(KEEP_WORKERS).open();
    page.wait_until("a worker", "window.workers.length > 0");
    falls_back(&page, &["vanished", "not-started"], &[], || kill_worker(&page));
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_gpu_is_lost_and_the_cpu_goes_on() {
    let page = Visit::on(Device::WebGpu).link(LATENT).before_engine(LOSABLE_GPU).ready();
    page.wait_for_picture("generated");
    falls_back(&page, &["device-lost"], &[], || drop(page.run("new BroadcastChannel('test').postMessage('lose')")));
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_gpu_that_computes_wrongly_is_found_out_before_it_shows_anything() {
    let page = Visit::on(Device::WebGpu).link(LATENT).before_engine(WRONG_GPU).open();
    falls_back(&page, &["wrong-answers"], &[], || ());
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn webgpu_refuses_its_device() {
    let page = Visit::on(Device::WebGpu).before_engine(REFUSING_GPU).open();
    falls_back(&page, &["device-refused"], &["no device today"], || ());
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_gpu_engines_program_is_missing() {
    let page = Visit::on(Device::WebGpu).replace("engine_gpu_bg.wasm", Served::Missing).open();
    falls_back(&page, &["not-started"], &["404"], || ());
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_gpu_engines_program_is_cut_off() {
    let half = |mut bytes: Vec<u8>| bytes.drain(..bytes.len() / 2).collect();
    let page = Visit::on(Device::WebGpu).edit("engine_gpu_bg.wasm", half).open();
    falls_back(&page, &["not-started"], &[], || ());
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_gpu_engines_script_is_broken() {
    let broken = Served::Bytes(b"throw new Error('no luck today');".to_vec());
    let page = Visit::on(Device::WebGpu).replace("engine_gpu.js", broken).open();
    falls_back(&page, &["not-started"], &["no luck today"], || ());
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_gpu_engine_that_says_nothing_is_given_up() {
    let page = Visit::on(Device::WebGpu).before_engine(SILENT_GPU).open();
    falls_back(&page, &["not-started"], &[], || ());
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_program_that_trains_is_missing() {
    const PROGRAM: &str = "trainer_cpu_bg.wasm";
    let page = Visit::on(Device::Cpu).link("#/inside?model=linear&view=codes").replace(PROGRAM, Served::Missing).open();
    page.wait_for_error("not-started", &["404"]);
    works(&page);
    let asked = || page.site.requested().iter().filter(|file| file.starts_with(PROGRAM)).count();
    assert_eq!(asked(), 1, "an engine was started for each answer that it alone can give");

    page.site.restore(PROGRAM);
    page.go(LINEAR);
    begin(&page, &[("knob-examples", 300.0), ("knob-epochs", 1.0)]);
    wait_for_state(&page, "done");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_run_that_waits_for_its_program_can_be_stopped() {
    let page = Visit::on(Device::Cpu).link(LINEAR).before_engine(LATE_TRAINER).ready();
    let label = page.text("pause");
    begin(&page, &LONG);
    wait_for_state(&page, "loading");
    page.click("stop");
    wait_for_state(&page, "none");
    assert_eq!(page.text("pause"), label);
    // It is told again until it has begun to listen.
    let go_on = "new BroadcastChannel('test').postMessage('go on')";
    page.wait_until(
        "the program",
        &format!("({go_on}, document.querySelector('[data-testid=device]').dataset.state === 'ready')"),
    );
    page.wait_until_ready();
    page.wait_for_picture("gallery");
    wait_for_state(&page, "none");
    page.click("train");
    wait_for_loss(&page);
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_killed_cpu_engine_is_started_again_and_then_given_up() {
    let page = Visit::on(Device::Cpu).link(LATENT).before_load(KEEP_WORKERS).ready();
    for started in 1..=2 {
        page.wait_for_picture("generated");
        kill_worker(&page);
        page.wait_for_error("vanished", &[]);
        page.wait_for_outcome("restarted");
        page.wait_until("another worker", &format!("window.workers.length > {started}"));
        page.wait_until_ready();
    }
    works(&page);
    kill_worker(&page);
    page.wait_for_outcome("stopped");
    assert_eq!(page.data("device", "state"), "stopped");
    page.click_on("[data-testid=error] button:not([data-testid=dismiss])");
    page.wait_until_ready();
    works(&page);
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn without_workers_one_can_still_draw() {
    let page = Visit::on(Device::Cpu).link(DENOISE).before_load("delete window.Worker;").open();
    page.wait_for_error("no-workers", &[]);
    page.draw_three(Pointer::Mouse);
    page.wait_for_picture("seen");
    page.wait_for_blank(&["denoised", "reconstruction"]);
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn without_simd_there_is_a_sentence() {
    let page = Visit::on(Device::Cpu).before_load("WebAssembly.validate = () => false;").open();
    page.wait_for_error("no-simd", &[]);
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn without_webassembly_there_is_a_sentence() {
    let page = Visit::on(Device::Cpu).before_load("delete window.WebAssembly;").open();
    page.wait_for_error("no-webassembly", &[]);
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn without_webgpu_the_cpu_computes() {
    let page = Visit::on(Device::WebGpu).before_load("delete Navigator.prototype.gpu;").ready();
    assert_eq!(page.data("device", "device"), "cpu");
    works(&page);
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn parts_of_the_program_that_cannot_be_had_are_asked_for_again() {
    let [figures, training] = ["split_figures.wasm", "split_training.wasm"].map(page_program);
    let half = |mut bytes: Vec<u8>| bytes.drain(..bytes.len() / 2).collect();
    let visit = Visit::on(Device::Cpu).replace(&figures, Served::Missing).edit(&training, half);
    let page = visit.ready();
    assert!(!page.site.requested().contains(&figures), "the start page needs no other figure");
    page.go(LATENT);
    let [in_chapter, in_training] = [".chapter > .part-failed", ".training .part-failed"];
    let is_there = |place: &str| format!("document.querySelector('{place}') !== null");
    page.wait_until("a sentence in the figure's place", &is_there(in_chapter));
    page.wait_until("a sentence in the training panel's place", &is_there(in_training));
    page.wait_until("the chapter's text", &is_there(".chapter > .prose:not(:empty)"));

    // In vain once more: the button stays, and the keyboard's focus on it.
    let asked = || page.site.requested().iter().filter(|&file| *file == figures).count();
    let (before, retry) = (asked(), format!("document.querySelector('{in_chapter} button')"));
    page.run(&format!("window.retry = {retry}; retry.focus(); retry.click()"));
    wait_for("another request for the part", || {
        (asked() > before).then_some(()).ok_or_else(|| format!("{before} requests"))
    });
    page.wait_until("a button to press", "retry.getAttribute('aria-busy') === 'false'");
    page.wait_until("the same button", &format!("{retry} === retry && document.activeElement === retry"));

    for (file, place, filled) in
        [(&figures, in_chapter, ".figure .latent"), (&training, in_training, ".training .train-bench")]
    {
        page.site.restore(file);
        page.click_on(&format!("{place} button"));
        page.wait_until("the part in its place", &is_there(filled));
    }
    page.wait_until("no sentence", "document.querySelector('.part-failed') === null");
    sliders_make_digits(&page);
}

/// After `blow` the page tells of an error of one of these kinds, with these facts, and the CPU goes on in the same page.
fn falls_back(page: &Page, kinds: &[&str], facts: &[&str], blow: impl FnOnce()) {
    page.run("window.unreloaded = true");
    blow();
    page.wait_for_outcome("fell-back");
    let (errors, text) = (page.errors(), page.text("error"));
    assert!(kinds.iter().any(|&kind| errors.contains(kind)), "{errors:?}: {text}");
    assert!(facts.iter().all(|fact| text.contains(fact)), "{facts:?}: {text}");
    page.wait_for_device(Device::Cpu);
    works(page);
    assert_eq!(page.evaluate("window.unreloaded"), "true", "the page was loaded again");
}

/// Sliders make digits.
fn works(page: &Page) {
    page.go(LATENT);
    sliders_make_digits(page);
}

fn kill_worker(page: &Page) {
    page.run("window.workers.at(-1).terminate()");
}
