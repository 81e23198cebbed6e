//! A training run as a person begins and watches it.

use super::page::Page;
use super::wait::wait_for;

pub const LINEAR: &str = "#/train?model=linear";
/// Turns the linear model's knobs to ten thousand short steps: no test sees their end.
pub const LONG: [(&str, f64); 3] = [("knob-examples", 300.0), ("knob-batch", 30.0), ("knob-epochs", 1000.0)];
/// The share of such a run that a step is.
pub const STEP: f64 = 1e-4;

/// How much of the run is done, 0 to 1, in JavaScript.
pub const SHARE: &str = "document.querySelector('[data-testid=progress] progress').value";

/// Sets the knobs and begins a run.
#[track_caller]
pub fn begin(page: &Page, knobs: &[(&str, f64)]) {
    page.wait_until("the settings", "document.querySelector('[data-testid=knob-batch]') !== null");
    for &(knob, number) in knobs {
        set(page, knob, number);
    }
    page.click("train");
}

#[track_caller]
pub fn set(page: &Page, knob: &str, number: f64) {
    page.wait_until("its field", &format!("document.querySelector('[data-testid={knob}]') !== null"));
    page.run(&format!(
        "const field = document.querySelector('[data-testid={knob}]');
        field.value = {number};
        field.dispatchEvent(new Event('input', {{ bubbles: true }}));"
    ));
}

/// [`SHARE`] now.
#[track_caller]
pub fn share(page: &Page) -> f64 {
    page.evaluate(SHARE).parse().expect("a share")
}

/// Waits until more of the run is done than this share.
#[track_caller]
pub fn wait_for_share(page: &Page, than: f64) {
    wait_for(&format!("a run beyond {than}"), || {
        let share = share(page);
        if share > than { Ok(()) } else { Err(format!("{share}; {}", standing(page))) }
    });
}

pub fn loss(page: &Page) -> Option<f64> {
    page.text("loss").parse().ok()
}

#[track_caller]
pub fn wait_for_loss(page: &Page) -> f64 {
    wait_for("a loss", || loss(page).ok_or_else(|| standing(page)))
}

#[track_caller]
pub fn wait_for_state(page: &Page, state: &str) {
    wait_for(&format!("a run that is {state}"), || {
        if page.text("progress").contains(state) { Ok(()) } else { Err(standing(page)) }
    });
}

/// Waits until another run can begin: the one before is over.
#[track_caller]
pub fn wait_until_over(page: &Page) {
    page.wait_until("the next run can begin", "!document.querySelector('[data-testid=train]').disabled");
}

/// What the caption of the gallery says: the error of the model in use.
#[track_caller]
pub fn gallery_error(page: &Page) -> String {
    page.evaluate("document.querySelector('.gallery .step-error').innerText")
}

/// What the page says of the run, and of problems.
fn standing(page: &Page) -> String {
    format!("{}; {}", page.text("progress"), page.text("error"))
}
