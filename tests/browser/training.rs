//! Training in the tab: a run begins, is paused, stepped, resumed and stopped; it outlives its engine and its page.

use bottleneck::engine::protocol::{Knob, ModelId};

use crate::harness::{Device, KEEP_WORKERS, Native, Page, Visit, close, wait_for};
use crate::on_both_devices;

const LINEAR: &str = "#/train?model=linear";
const STACKED: &str = "#/train?model=stacked";

/// Tasks of the page that took longer than 50 ms are what the browser calls long.
const WATCH_LONG_TASKS: &str = "
    window.longest = 0;
    new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
    }).observe({ type: 'longtask' });";

/// Lets a test ask how much memory the engine's program has.
const TELL_MEMORY: &str = "
    const instantiate = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...args) => {
        const made = await instantiate.apply(WebAssembly, args);
        const line = new BroadcastChannel('memory');
        line.onmessage = () => line.postMessage(made.instance.exports.memory.buffer.byteLength);
        return made;
    };";
const HEAR_OF_MEMORY: &str = "
    window.memoryLine = new BroadcastChannel('memory');
    window.memoryLine.onmessage = ({ data }) => { window.memory = data; };";

on_both_devices![a_run_is_paused_stepped_resumed_and_stopped];

fn a_run_is_paused_stepped_resumed_and_stopped(device: Device) {
    let page = Visit::on(device).link(LINEAR).ready();
    begin(&page, &[("knob-examples", 300.0), ("knob-batch", 30.0), ("knob-epochs", 1000.0)]);
    let first = wait_for_loss(&page);

    page.click("pause");
    wait_for_state(&page, "paused");
    let paused = share(&page);
    page.click("step");
    wait_for("one more step", || later(&page, paused));
    wait_for_state(&page, "paused");
    let stepped = share(&page);
    assert!((stepped - paused - 1e-4).abs() < 1e-6, "one step of ten thousand: from {paused} to {stepped}");

    page.click("pause");
    wait_for("the run to go on", || later(&page, stepped + 0.01));
    page.wait_for_picture("gallery");
    assert!(loss(&page).is_some_and(|now| now < first), "the loss falls: from {first} to {:?}", loss(&page));
    page.click("stop");
    wait_for_state(&page, "stopped");
    page.wait_until("the next run can begin", "!document.querySelector('[data-testid=train]').disabled");
    assert_eq!(page.complaints(), Vec::<String>::new());
}

#[test]
fn fifty_steps_come_to_what_they_come_to_natively() {
    let knobs = [(Knob::Examples, 500.0), (Knob::Batch, 100.0), (Knob::Epochs, 10.0)];
    let page = Visit::on(Device::Cpu).link("#/train?model=vae").ready();
    begin(&page, &[("knob-examples", 500.0), ("knob-batch", 100.0), ("knob-epochs", 10.0)]);
    wait_for_state(&page, "all epochs are done");
    let images = Native::trained(ModelId::Vae, &knobs);
    wait_for("the native engine's gallery", || {
        close("the gallery", &page.picture("gallery").tiles().concat(), &images)
    });
}

#[test]
fn a_setting_out_of_range_is_refused_at_its_field() {
    let page = Visit::on(Device::Cpu).link(LINEAR).ready();
    set(&page, "knob-batch", 0.0);
    page.wait_until("a refusal", "document.querySelector('[data-testid=knob-batch]').ariaInvalid === 'true'");
    page.wait_until("no run can begin", "document.querySelector('[data-testid=train]').disabled");
    set(&page, "knob-batch", 30.0);
    page.wait_until("a run can begin", "!document.querySelector('[data-testid=train]').disabled");
}

#[test]
fn a_run_goes_on_after_a_reload_and_its_weights_can_be_kept() {
    let page = Visit::on(Device::Cpu).link(STACKED).ready();
    begin(&page, &[("knob-examples", 1000.0), ("knob-batch", 50.0), ("knob-epochs", 500.0)]);
    wait_for_loss(&page);
    page.click("pause");
    wait_for_state(&page, "paused");
    let paused = share(&page);

    page.reload();
    page.wait_until("the offer to go on", "document.querySelector('[data-testid=recover]') !== null");
    page.click("recover");
    wait_for("the run of before", || later(&page, paused * 0.999));
    page.click("stop");
    wait_for_state(&page, "stopped");

    page.run(
        "const name = document.querySelector('[data-testid=keep-name]');
        name.value = 'of mine';
        name.dispatchEvent(new Event('input', { bubbles: true }));",
    );
    page.click("keep");
    wait_for_kept(&page);
    page.reload();
    wait_for_kept(&page);
    assert_eq!(page.complaints(), Vec::<String>::new());
}

#[test]
fn a_file_is_loaded_and_one_of_another_model_is_refused() {
    let page = Visit::on(Device::Cpu).link(LINEAR).ready();
    page.wait_for_picture("gallery");
    let error = "document.querySelector('.gallery .step-error').innerText";
    let shipped = page.evaluate(error);
    begin(&page, &[("knob-examples", 300.0), ("knob-epochs", 1.0)]);
    wait_for_state(&page, "all epochs are done");
    page.wait_until("other pictures", &format!("{error} !== '{shipped}'"));
    import(&page, "linear");
    page.wait_until("the file's pictures", &format!("{error} === '{shipped}'"));
    assert_eq!(page.text("error"), "");
    import(&page, "deep");
    page.wait_for_error(&["deep"]);
    page.wait_until("the pictures of before", &format!("{error} === '{shipped}'"));
}

#[test]
fn a_run_whose_engine_is_killed_goes_on_with_the_next() {
    let page = Visit::on(Device::WebGpu).link(LINEAR).before_load(KEEP_WORKERS).ready();
    begin(&page, &[("knob-examples", 300.0), ("knob-batch", 30.0), ("knob-epochs", 1000.0)]);
    wait_for_loss(&page);
    let before = share(&page);
    page.run("window.workers.at(-1).terminate()");
    page.wait_for_device("CPU");
    wait_for("the run to go on", || later(&page, before));
    page.wait_for_error(&["CPU", "snapshot"]);
}

#[test]
fn a_run_moves_to_another_device() {
    let page = Visit::on(Device::WebGpu).link(LINEAR).ready();
    begin(&page, &[("knob-examples", 300.0), ("knob-batch", 30.0), ("knob-epochs", 1000.0)]);
    wait_for_loss(&page);
    let before = share(&page);
    page.choose("device-choice", "cpu");
    page.wait_for_device("CPU");
    wait_for("the run to go on", || later(&page, before));
    assert_eq!(page.text("error"), "");
}

#[test]
fn the_page_stays_smooth_while_a_model_trains() {
    let page = Visit::on(Device::Cpu).link(STACKED).ready();
    begin(&page, &[("knob-examples", 5000.0), ("knob-epochs", 500.0)]);
    wait_for_loss(&page);
    page.run(WATCH_LONG_TASKS);
    let before = share(&page);
    wait_for("a hundred steps", || later(&page, before + 100.0 / 16_500.0));
    let longest: f64 = page.evaluate("window.longest").parse().expect("a number");
    // Generous: a busy test machine stretches what takes a tenth of it.
    assert!(longest < 250.0, "a task of the page took {longest} ms");
}

#[test]
fn memory_does_not_grow_over_two_thousand_steps() {
    let page = Visit::on(Device::Cpu).link(LINEAR).before_load(HEAR_OF_MEMORY).before_engine(TELL_MEMORY).ready();
    begin(&page, &[("knob-examples", 300.0), ("knob-batch", 30.0), ("knob-epochs", 1000.0)]);
    let after = |steps: f64| {
        wait_for("the steps", || later(&page, steps / 10_000.0));
        page.run("window.memory = 0; window.memoryLine.postMessage('how much?')");
        page.wait_until("the engine's answer", "window.memory > 0");
        page.evaluate("window.memory").parse::<f64>().expect("bytes")
    };
    let (early, late) = (after(500.0), after(2_500.0));
    // A step's batch alone is 94 kB: a leak of it would be 188 MB.
    assert!(late - early < 16e6, "from {early} bytes to {late}");
}

/// Sets the knobs and begins a run.
fn begin(page: &Page, knobs: &[(&str, f64)]) {
    page.wait_until("the settings", "document.querySelector('[data-testid=knob-batch]') !== null");
    for &(knob, number) in knobs {
        set(page, knob, number);
    }
    page.click("train");
}

fn set(page: &Page, knob: &str, number: f64) {
    page.wait_until("its field", &format!("document.querySelector('[data-testid={knob}]') !== null"));
    page.run(&format!(
        "const field = document.querySelector('[data-testid={knob}]');
        field.value = {number};
        field.dispatchEvent(new Event('input', {{ bubbles: true }}));"
    ));
}

/// Loads the shipped file of `model` as a person does a file of theirs.
fn import(page: &Page, model: &str) {
    page.run(&format!(
        "fetch('models/{model}.safetensors').then((file) => file.blob()).then((blob) => {{
            const files = new DataTransfer();
            files.items.add(new File([blob], '{model}.safetensors'));
            const field = document.querySelector('[data-testid=import]');
            field.files = files.files;
            field.dispatchEvent(new Event('change', {{ bubbles: true }}));
        }})"
    ));
}

/// How much of the run is done, 0 to 1.
fn share(page: &Page) -> f64 {
    page.evaluate("document.querySelector('[data-testid=progress] progress').value").parse().expect("a share")
}

fn later(page: &Page, than: f64) -> Result<(), String> {
    let share = share(page);
    if share > than { Ok(()) } else { Err(format!("{share}; {}; {}", page.text("progress"), page.text("error"))) }
}

fn loss(page: &Page) -> Option<f64> {
    page.text("loss").parse().ok()
}

fn wait_for_loss(page: &Page) -> f64 {
    wait_for("a loss", || loss(page).ok_or_else(|| format!("{}; {}", page.text("progress"), page.text("error"))))
}

fn wait_for_state(page: &Page, state: &str) {
    wait_for(&format!("a run that is {state}"), || {
        let progress = page.text("progress");
        if progress.contains(state) { Ok(()) } else { Err(format!("{progress}; {}", page.text("error"))) }
    });
}

fn wait_for_kept(page: &Page) {
    wait_for("the kept weights", || {
        let kept = page.text("kept");
        if kept.contains("of mine") { Ok(()) } else { Err(format!("{kept}; {}", page.text("error"))) }
    });
}
