//! Training in the tab: a run begins, is paused, stepped, resumed and stopped, and says so when it fails.

use crate::harness::run::{
    LINEAR, LONG, begin, gallery_error, loss, set, step, wait_for_loss, wait_for_state, wait_for_step, wait_until_over,
};
use crate::harness::{Device, LINEAR_MODEL, Native, VAE, Visit, close, wait_for};
use crate::on_both_devices;

/// From now on `window.blocked()` is the share of the time that the page spent in what the browser calls long tasks, of more than 50 ms.
const WATCH_LONG_TASKS: &str = "
    const start = performance.now();
    let sum = 0;
    new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) sum += duration;
    }).observe({ type: 'longtask' });
    window.blocked = () => sum / (performance.now() - start);";

on_both_devices![a_run_is_paused_stepped_resumed_and_stopped];

fn a_run_is_paused_stepped_resumed_and_stopped(device: Device) {
    let page = Visit::on(device).link(LINEAR).ready();
    begin(&page, &LONG);
    let first = wait_for_loss(&page);

    page.click("pause");
    wait_for_state(&page, "paused");
    let paused = step(&page);
    page.click("step");
    wait_for_step(&page, paused);
    wait_for_state(&page, "paused");
    let stepped = step(&page);
    assert_eq!(stepped, paused + 1, "one step");
    assert_eq!(page.data("progress", "steps"), "1000000");

    page.click("pause");
    // A software adapter does a few steps a second beside the views.
    wait_for_step(&page, stepped + if device == Device::WebGpu { 10 } else { 100 });
    page.wait_for_picture("gallery");
    assert!(loss(&page).is_some_and(|now| now < first), "the loss falls: from {first} to {:?}", loss(&page));
    page.click("stop");
    wait_for_state(&page, "stopped");
    wait_until_over(&page);
    assert_eq!(page.complaints(), Vec::<String>::new());
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_run_before_stays_on_the_chart() {
    let page = Visit::on(Device::Cpu).link(LINEAR).ready();
    let curve = |class: &str| {
        page.evaluate(&format!("document.querySelector('[data-testid=chart] .curve.{class}')?.getAttribute('d') ?? ''"))
    };
    begin(&page, &LONG);
    wait_for_loss(&page);
    assert_eq!(curve("before"), "", "there was none before");
    page.click("stop");
    wait_until_over(&page);
    begin(&page, &[("knob-learningrate", 0.001)]);
    wait_for_loss(&page);
    assert!(curve("before").starts_with('M') && curve("training").starts_with('M'));
    page.click("reset-run");
    wait_for("an empty chart", || match curve("before") {
        empty if empty.is_empty() => Ok(()),
        other => Err(other),
    });
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn fifty_steps_come_to_what_they_come_to_natively() {
    let settings = [("examples", 500.0), ("batch", 100.0), ("epochs", 10.0)];
    let page = Visit::on(Device::Cpu).link("#/train?model=vae").ready();
    begin(&page, &[("knob-examples", 500.0), ("knob-batch", 100.0), ("knob-epochs", 10.0)]);
    wait_for_state(&page, "done");
    let images = Native::trained(VAE, &settings);
    wait_for("the native engine's gallery", || {
        close("the gallery", &page.picture("gallery").tiles().concat(), &images)
    });
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_setting_out_of_range_is_refused_at_its_field() {
    let page = Visit::on(Device::Cpu).link(LINEAR).ready();
    set(&page, "knob-batch", 0.0);
    page.wait_until("a refusal", "document.querySelector('[data-testid=knob-batch]').ariaInvalid === 'true'");
    page.wait_until("no run can begin", "document.querySelector('[data-testid=train]').disabled");
    set(&page, "knob-batch", 30.0);
    page.wait_until("a run can begin", "!document.querySelector('[data-testid=train]').disabled");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_run_that_diverges_stops_and_leaves_good_weights() {
    let page = Visit::on(Device::Cpu).link(LINEAR).ready();
    page.wait_for_picture("gallery");
    let shipped = gallery_error(&page);
    begin(&page, &[("knob-learningrate", 1.0), ("knob-examples", 300.0)]);
    page.wait_for_error("diverged", &[]);
    wait_for_state(&page, "failed");
    wait_until_over(&page);
    let good = Native::good_galleries(LINEAR_MODEL, &[("learning_rate", 1.0), ("examples", 300.0)]);
    wait_for("the pictures of good weights", || {
        let error = gallery_error(&page);
        let shown = page.picture("gallery").tiles().concat();
        let is_good = good.iter().any(|gallery| close("the gallery", &shown, gallery).is_ok());
        if is_good && error != shipped { Ok(()) } else { Err(format!("{error}; {} galleries would do", good.len())) }
    });
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_page_stays_smooth_while_a_model_trains() {
    let page = Visit::on(Device::Cpu).link("#/train?model=stacked").alone().ready();
    begin(&page, &[("knob-examples", 5000.0), ("knob-epochs", 500.0)]);
    wait_for_loss(&page);
    page.run(WATCH_LONG_TASKS);
    wait_for_step(&page, step(&page) + 100);
    let blocked: f64 = page.evaluate("window.blocked()").parse().expect("a number");
    // Nearly all of it, were the steps taken in the page; a share is the same on a slow machine, where the steps are slow too.
    assert!(blocked < 0.5, "the page was blocked for {blocked} of the time");
}
