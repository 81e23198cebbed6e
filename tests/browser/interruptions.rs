//! A run outlives what interrupts it: a reload, the end of its engine, another device, a tab that nobody sees.

use crate::harness::run::{LINEAR, LONG, SHARE, STEP, begin, share, wait_for_loss, wait_for_share, wait_for_state};
use crate::harness::{Device, KEEP_WORKERS, Visit};
use crate::on_both_devices;

on_both_devices![a_hidden_tab_goes_on_with_its_run, a_run_goes_on_after_a_reload];

fn a_hidden_tab_goes_on_with_its_run(device: Device) {
    let page = Visit::on(device).link(LINEAR).ready();
    begin(&page, &LONG);
    wait_for_loss(&page);
    let before = share(&page);
    // Ten reports, each of at least a step: more than can have been on their way when the page was hidden.
    page.hide_until_changed(SHARE, 10);
    let seen = share(&page);
    assert!(seen > before + 9.5 * STEP, "what was learnt unseen is kept: {seen} after {before}");
    wait_for_share(&page, seen + 10.0 * STEP);
    assert_eq!(page.text("error"), "");
}

fn a_run_goes_on_after_a_reload(device: Device) {
    let page = Visit::on(device).link(LINEAR).ready();
    begin(&page, &LONG);
    wait_for_loss(&page);
    page.click("pause");
    wait_for_state(&page, "paused");
    let paused = share(&page);

    page.reload();
    page.wait_until("the offer to go on", "document.querySelector('[data-testid=recover]') !== null");
    page.click("recover");
    wait_for_share(&page, 0.0);
    assert!(share(&page) > paused * 0.999, "it goes on from where it was, {paused}");
    assert_eq!(page.complaints(), Vec::<String>::new());
}

#[test]
fn a_run_whose_engine_is_killed_goes_on_with_the_next() {
    let page = Visit::on(Device::WebGpu).link(LINEAR).before_load(KEEP_WORKERS).ready();
    begin(&page, &LONG);
    wait_for_loss(&page);
    let before = share(&page);
    page.run("window.workers.at(-1).terminate()");
    page.wait_for_device("CPU");
    wait_for_share(&page, before);
    page.wait_for_error(&["CPU", "snapshot"]);
}

#[test]
fn a_run_moves_to_another_device() {
    let page = Visit::on(Device::WebGpu).link(LINEAR).ready();
    begin(&page, &LONG);
    wait_for_loss(&page);
    let before = share(&page);
    page.choose("device-choice", "cpu");
    page.wait_for_device("CPU");
    wait_for_share(&page, before);
    assert_eq!(page.text("error"), "");
}
