//! Where the models run, and that the page says so.

use bottleneck::protocol::Noise;

use crate::harness::run::{LINEAR, LONG, begin, wait_for_loss, wait_for_state};
use crate::harness::{DENOISE, Device, KEEP_WORKERS, LATENT, LINEAR_MODEL, Native, Page, Visit, close, wait_for};
use crate::on_both_devices;

/// A GPU that takes its time to be read from, as in a browser that polls it.
const SLOW_GPU: &str = "
    if (self.GPUBuffer) {
        const map = GPUBuffer.prototype.mapAsync;
        GPUBuffer.prototype.mapAsync = async function (...args) {
            await new Promise((done) => setTimeout(done, 100));
            return map.apply(this, args);
        };
    }";

/// A GPU that is never read.
const UNREADABLE_GPU: &str = "
    if (self.GPUBuffer) GPUBuffer.prototype.mapAsync = () => new Promise(() => {});";

on_both_devices![the_device_line_says_where_the_models_run, every_request_is_for_a_file_of_the_site];

fn the_device_line_says_where_the_models_run(device: Device) {
    let page = Visit::on(device).ready();
    assert_eq!(page.data("device", "device"), device.name());
    let label = match device {
        Device::WebGpu => "WebGPU",
        Device::Cpu => "CPU",
    };
    assert!(page.text("device").starts_with(label), "{}", page.text("device"));
    assert_ne!(page.data("device", "reason"), "", "why this one");
    assert_eq!(asks_for_gpu_engine(&page), device == Device::WebGpu);
    assert_eq!(page.text("error"), "");
}

fn every_request_is_for_a_file_of_the_site(device: Device) {
    let page = Visit::on(device).ready();
    page.wait_for_picture("reconstruction");
    page.go(DENOISE);
    page.click("sample");
    page.wait_for_picture("denoised");
    page.go(LATENT);
    page.wait_for_picture("generated");
    for asked in page.site.requested() {
        assert!(page.site.has(&asked), "{asked}");
    }
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_link_forces_the_cpu() {
    let page = Visit::on(Device::WebGpu).link("?device=cpu").ready();
    assert_eq!(page.data("device", "device"), "cpu");
    assert!(!asks_for_gpu_engine(&page));
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_link_asks_for_webgpu_in_vain_where_there_is_none() {
    let page = Visit::on(Device::Cpu).link("?device=webgpu").ready();
    assert_eq!(page.data("device", "device"), "cpu");
    assert!(!asks_for_gpu_engine(&page));
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_person_can_change_the_device() {
    let page = Visit::on(Device::WebGpu).link("?device=cpu#/variational").ready();
    page.wait_for_picture("generated");
    for device in [Device::WebGpu, Device::Cpu] {
        page.choose("device-choice", device.name());
        page.wait_for_device(device);
        page.click("random");
        page.wait_for_picture("generated");
        assert_eq!(page.text("error"), "");
    }
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_cpu_answers_until_the_gpu_computes() {
    let page = Visit::on(Device::WebGpu).automatic().link(LATENT).before_engine(UNREADABLE_GPU).open();
    page.wait_until("sliders", "document.querySelector('[data-testid=latent-4]') !== null");
    sliders_make_digits(&page);
    assert_eq!((page.data("device", "state"), page.data("device", "divided")), ("starting".into(), "true".into()));
    assert_eq!(page.text("error"), "");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_slow_gpu_trains_and_the_cpu_answers() {
    let page =
        Visit::on(Device::WebGpu).automatic().link(LINEAR).before_load(KEEP_WORKERS).before_engine(SLOW_GPU).ready();
    assert_eq!((page.data("device", "device"), page.data("device", "divided")), ("webgpu".into(), "true".into()));
    begin(&page, &LONG);
    wait_for_loss(&page);
    page.go(LATENT);
    sliders_make_digits(&page);
    // Without the CPU's engine the GPU answers, and the run goes on.
    page.run("window.workers.find((worker) => worker.engine === 'engine_cpu').terminate()");
    page.wait_until("the GPU alone", "document.querySelector('[data-testid=device]').dataset.divided === 'false'");
    sliders_make_digits(&page);
    page.go(LINEAR);
    wait_for_loss(&page);
    assert_eq!(page.data("device", "device"), "webgpu");
}

/// While a model learns, its drawings are the GPU's to answer; when the run has ended, the CPU has its weights too.
#[test]
#[ignore = "needs the built site: make test runs it"]
fn what_a_slow_gpu_has_learnt_the_cpu_answers_with() {
    let page =
        Visit::on(Device::WebGpu).automatic().link(LINEAR).before_load(KEEP_WORKERS).before_engine(SLOW_GPU).ready();
    page.run(
        "const gpu = window.workers.find((worker) => worker.engine === 'engine_gpu');
        const post = gpu.postMessage.bind(gpu);
        window.sent = 0;
        gpu.postMessage = (...args) => { window.sent += 1; return post(...args); };",
    );
    let shipped = page.wait_for_picture("gallery").tiles();
    begin(&page, &[("knob-examples", 500.0), ("knob-batch", 100.0), ("knob-epochs", 1.0)]);
    wait_for_state(&page, "done");
    wait_for("the gallery of what was learnt", || {
        if page.picture("gallery").tiles() == shipped { Err("that of the shipped weights".to_string()) } else { Ok(()) }
    });
    let sent = || page.evaluate("window.sent");
    page.click("train-sample");
    page.wait_for_picture("train-rebuilt");
    wait_for("an answer without the GPU", || {
        let (before, shown) = (sent(), page.picture("train-rebuilt").pixels);
        page.click("train-sample");
        wait_for("another digit", || {
            if page.picture("train-rebuilt").pixels == shown { Err("the same".to_string()) } else { Ok(()) }
        });
        if sent() == before { Ok(()) } else { Err(format!("{} messages to the GPU", sent())) }
    });
    let [seen, rebuilt] = ["train-seen", "train-rebuilt"].map(|picture| page.picture(picture).pixels);
    let noise = Noise { sigma: 0.0, dropout: 0.0, seed: 0 };
    let by_shipped = Native::new().reconstruct(LINEAR_MODEL, &seen, noise).output;
    assert!(close("the digit", &rebuilt, &by_shipped).is_err(), "the CPU's engine has the shipped weights");
    assert_ne!(page.picture("gallery").tiles(), shipped);
    assert_eq!(page.text("error"), "");
}

/// The digits are those that the model makes of the sliders' code.
pub fn sliders_make_digits(page: &Page) {
    let native = Native::new();
    for z in [2.0, -1.5] {
        page.slide("latent-4", z);
        wait_for("the sliders' digit", || {
            close("generated", &page.picture("generated").pixels, &native.decode(&page.code()))
        });
    }
}

fn asks_for_gpu_engine(page: &Page) -> bool {
    page.site.requested().iter().any(|asked| asked.contains("engine_gpu"))
}
