//! What the browser keeps for a person, and what happens when it keeps no more.

use crate::harness::run::{LINEAR, LONG, begin, step, wait_for_loss, wait_for_state, wait_for_step};
use crate::harness::{Device, Page, Visit, wait_for};
use crate::on_both_devices;

on_both_devices![kept_weights_are_there_after_a_reload];

fn kept_weights_are_there_after_a_reload(device: Device) {
    let page = Visit::on(device).link(LINEAR).ready();
    page.wait_for_picture("gallery");
    keep(&page);
    wait_for_kept(&page);
    page.reload();
    wait_for_kept(&page);
    assert_eq!(page.complaints(), Vec::<String>::new());
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_full_storage_is_told_and_the_run_goes_on() {
    let page = Visit::on(Device::Cpu).link(LINEAR).ready();
    // The browser trusts for half a minute what it found free: it must not have looked before.
    page.limit_storage(Some(1));
    begin(&page, &LONG);
    told(&page);
    wait_for_loss(&page);
    page.click("pause");
    wait_for_state(&page, "paused");
    let paused = step(&page);

    keep(&page);
    told(&page);
    assert_eq!(page.text("kept"), "");

    page.click("pause");
    wait_for_step(&page, paused + 100);
    page.limit_storage(None);
    keep(&page);
    wait_for_kept(&page);
    assert_eq!(page.text("error"), "");
    assert_eq!(page.complaints(), Vec::<String>::new());
}

/// Waits until the page tells of a full storage, and dismisses it.
fn told(page: &Page) {
    page.wait_for_error("storage", &[]);
    page.click("dismiss");
}

/// What a person calls their weights.
const NAME: &str = "of mine";

/// Keeps the weights in use.
fn keep(page: &Page) {
    page.run(&format!(
        "const name = document.querySelector('[data-testid=keep-name]');
        name.value = '{NAME}';
        name.dispatchEvent(new Event('input', {{ bubbles: true }}));"
    ));
    page.click("keep");
}

fn wait_for_kept(page: &Page) {
    wait_for("the kept weights", || {
        let kept = page.text("kept");
        if kept.contains(NAME) { Ok(()) } else { Err(format!("{kept}; {}", page.text("error"))) }
    });
}
