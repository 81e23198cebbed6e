//! What the browser keeps for a person, and what happens when it keeps no more.

use crate::harness::run::{
    LINEAR, LONG, begin, gallery_error, import, step, wait_for_loss, wait_for_state, wait_for_step,
};
use crate::harness::{Device, KEEP_WORKERS, Page, Visit, wait_for};
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
fn what_is_kept_is_not_replaced_by_one_press() {
    let page = Visit::on(Device::Cpu).link(LINEAR).ready();
    page.wait_for_picture("gallery");
    let wait_for_entries = |count: usize| {
        let entries = "document.querySelectorAll('[data-testid=kept]').length";
        page.wait_until(&format!("{count} entries"), &format!("{entries} === {count}"));
    };
    page.click("keep");
    wait_for_entries(1);
    page.click("keep");
    wait_for_entries(2);

    keep(&page);
    wait_for_entries(3);
    keep(&page);
    page.wait_until("a question", "document.querySelector('[data-testid=keep]').dataset.asked === 'true'");
    page.click("keep");
    page.wait_until("an answer", "document.querySelector('[data-testid=keep]').dataset.asked === 'false'");
    // One thing after the other: this is kept after the one that was asked about.
    page.click("keep");
    wait_for_entries(4);
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn while_a_model_trains_no_other_weights_of_it_are_put_into_use() {
    let page = Visit::on(Device::Cpu).link(LINEAR).ready();
    page.wait_for_picture("gallery");
    keep(&page);
    wait_for_kept(&page);
    let refused = |refused: bool| {
        for control in ["use", "import"] {
            let disabled = format!("document.querySelector('[data-testid={control}]').disabled === {refused}");
            page.wait_until(control, &disabled);
        }
        let told = "document.querySelector('[data-testid=weights-in-training]') !== null";
        page.wait_until("the reason", &format!("({told}) === {refused}"));
    };
    refused(false);
    begin(&page, &LONG);
    wait_for_loss(&page);
    refused(true);
    page.click("stop");
    refused(false);
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

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_file_that_cannot_be_kept_outlives_its_engine() {
    let page = Visit::on(Device::Cpu).link(LINEAR).before_load(KEEP_WORKERS).ready();
    page.wait_for_picture("gallery");
    let shipped = gallery_error(&page);
    page.limit_storage(Some(1));
    // A part of its numbers is 0.
    import(&page, "linear", "bytes.fill(0, bytes.length - 3000);");
    told(&page);
    let of_file = wait_for("the file's pictures", || {
        let error = gallery_error(&page);
        if error.is_empty() || error == shipped { Err(error) } else { Ok(error) }
    });
    page.run("window.workers.at(-1).terminate()");
    page.wait_for_outcome("restarted");
    page.wait_until_ready();
    // Another model's pictures in between: those of the file are asked for again.
    page.click("model-stacked");
    wait_for("other pictures", || {
        let error = gallery_error(&page);
        if error.is_empty() || error == of_file { Err(error) } else { Ok(()) }
    });
    page.click("model-linear");
    wait_for("the file's pictures again", || {
        let error = gallery_error(&page);
        if error == of_file { Ok(()) } else { Err(error) }
    });
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
    page.set_value("keep-name", NAME, "input");
    page.click("keep");
}

fn wait_for_kept(page: &Page) {
    wait_for("the kept weights", || {
        let kept = page.text("kept");
        if kept.contains(NAME) { Ok(()) } else { Err(format!("{kept}; {}", page.text("error"))) }
    });
}
