//! A run outlives what interrupts it: a reload, the end of its engine, another device, a tab that nobody sees.

use serde_json::Value;

use crate::harness::run::{LINEAR, LONG, STEP, begin, step, wait_for_loss, wait_for_state, wait_for_step};
use crate::harness::{Device, KEEP_WORKERS, Page, Visit, wait_for};
use crate::on_both_devices;

/// More steps than a run reports at once after it has begun: what goes on beyond them has not begun again.
const FAR: u64 = 30;

/// From now on `window.steps` are the steps at which the page shows a run that can go on.
const WATCH_STEPS: &str = "
    window.steps = [];
    new MutationObserver(() => {
        const { state, step } = document.querySelector('[data-testid=progress]').dataset;
        if (state === 'running' || state === 'paused') window.steps.push(Number(step));
    }).observe(document.body, { subtree: true, attributeFilter: ['data-step'] });";

on_both_devices![a_hidden_tab_goes_on_with_its_run, a_run_goes_on_after_a_reload];

fn a_hidden_tab_goes_on_with_its_run(device: Device) {
    let page = Visit::on(device).link(LINEAR).ready();
    begin(&page, &LONG);
    wait_for_loss(&page);
    let before = step(&page);
    // Ten reports, each of at least a step: more than can have been on their way when the page was hidden.
    page.hide_until_changed(STEP, 10);
    let seen = wait_for_step(&page, before + 9);
    wait_for_step(&page, seen + 10);
    wait_for_state(&page, "running");
    assert_eq!(page.text("error"), "");
}

fn a_run_goes_on_after_a_reload(device: Device) {
    let page = Visit::on(device).link(LINEAR).ready();
    let saved = pause_far_on(&page);

    page.reload();
    page.wait_until("the offer to go on", "document.querySelector('[data-testid=recover]') !== null");
    page.run(WATCH_STEPS);
    page.click("recover");
    goes_on_from(&page, saved);
    assert_eq!(page.complaints(), Vec::<String>::new());
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_run_whose_engine_is_killed_goes_on_with_the_next() {
    let page = Visit::on(Device::WebGpu).link(LINEAR).before_load(KEEP_WORKERS).ready();
    let saved = pause_far_on(&page);
    page.click("pause");
    wait_for_step(&page, saved + 10);
    page.run(WATCH_STEPS);
    page.run("window.workers.at(-1).terminate()");
    page.wait_for_outcome("fell-back");
    page.wait_for_device(Device::Cpu);
    goes_on_from(&page, saved);
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_run_moves_to_another_device() {
    let page = Visit::on(Device::WebGpu).link(LINEAR).ready();
    let saved = pause_far_on(&page);
    page.click("pause");
    wait_for_step(&page, saved + 10);
    page.run(WATCH_STEPS);
    page.choose("device-choice", "cpu");
    page.wait_for_device(Device::Cpu);
    goes_on_from(&page, saved);
    assert_eq!(page.text("error"), "");
}

/// Begins a run and pauses it after more than [`FAR`] steps; the last one at which it is known to be saved.
fn pause_far_on(page: &Page) -> u64 {
    begin(page, &LONG);
    wait_for_loss(page);
    // In small strides: a slow machine gets on, only not there at once.
    for stride in (0..=FAR).step_by(10) {
        wait_for_step(page, stride);
    }
    page.click("pause");
    wait_for_state(page, "paused");
    let paused = step(page);
    // A step is saved too. A worker does one thing after the other: once it has done another, it has saved the run.
    page.click("step");
    let saved = wait_for_step(page, paused);
    page.click("step");
    wait_for_step(page, saved);
    saved
}

/// Waits until the run goes on, and has gone far; no step that the page shows from [`WATCH_STEPS`] on is before `saved`.
fn goes_on_from(page: &Page, saved: u64) {
    let shown = || -> Vec<u64> {
        let shown = page.run("return window.steps");
        shown.as_array().into_iter().flatten().filter_map(Value::as_u64).collect()
    };
    let none_is_before = |shown: &[u64]| {
        assert!(shown.iter().all(|&step| step >= saved), "it goes on from {saved}, not with {shown:?}");
    };
    none_is_before(&wait_for("a run that goes on", || {
        let shown = shown();
        if shown.len() > 2 { Ok(shown) } else { Err(format!("steps {shown:?}; {}", page.text("error"))) }
    }));
    wait_for_state(page, "running");
    wait_for_step(page, saved + FAR);
    // One that began anew later would have come to this step as well.
    none_is_before(&shown());
}
