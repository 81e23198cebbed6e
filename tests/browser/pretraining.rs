//! Unsupervised pretraining: what was recorded, and a point of it run again.

use crate::harness::run::wait_for_state;
use crate::harness::{Device, Visit, wait_for};

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_recorded_point_sets_its_run_up() {
    let page = Visit::on(Device::Cpu).link("#/pretraining").ready();
    let curves = "document.querySelectorAll('[data-testid=pretraining] .curve').length";
    page.wait_until("the curves of five ways, and their spread", &format!("{curves} === 10"));
    let cells = "[...document.querySelectorAll('.pretraining tbody td')].map((cell) => cell.innerText)";
    let measured = format!("{cells}.filter((cell) => /^\\d\\d\\.\\d ± \\d\\.\\d$/.test(cell)).length >= 15");
    page.wait_until("figures of few labels at least", &measured);
    page.wait_until("the settings", "document.querySelector('[data-testid=knob-labels]') !== null");
    page.click_on(".pretraining a[href*='preset=scratch&set=labels:1000,']");
    page.wait_until("its labels", "document.querySelector('[data-testid=knob-labels]').value === '1000'");
    assert_eq!((page.value("preset"), page.value("knob-seed")), ("4".to_string(), "1".to_string()));
    let pretrains = "document.querySelector('[data-testid=knob-pretrainingepochs]') !== null";
    assert_eq!(page.evaluate(pretrains), "false", "there is none from scratch");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_run_tells_how_many_test_digits_it_tells() {
    let link = "#/pretraining?preset=scratch&set=labels:100,tuning_epochs:20,seed:1";
    let page = Visit::on(Device::Cpu).link(link).ready();
    page.wait_until("the settings", "document.querySelector('[data-testid=knob-labels]')?.value === '100'");
    page.click("train");
    wait_for_state(&page, "done");
    wait_for("a test accuracy", || {
        let told = page.text("accuracy");
        let share = told.split_whitespace().rev().nth(1).and_then(|number| number.parse::<f64>().ok());
        if share.is_some_and(|share| (60.0..90.0).contains(&share)) { Ok(()) } else { Err(told) }
    });
    // The laboratory is for autoencoders.
    page.go("#/train");
    page.wait_until("its models", "document.querySelector('[data-testid=model-vae]') !== null");
    assert_eq!(page.evaluate("document.querySelector('[data-testid=model-classifier]') === null"), "true");
}
