//! A training run as a person begins and watches it.

use super::page::Page;
use super::wait::wait_for;

pub const LINEAR: &str = "#/train?model=linear";
/// Sets the linear model to a million short steps: no test sees their end.
pub const LONG: [(&str, f64); 3] = [("knob-examples", 30000.0), ("knob-batch", 30.0), ("knob-epochs", 1000.0)];
/// How many steps the run of the page has done, in JavaScript; 0 while there is none.
pub const STEP: &str = "Number(document.querySelector('[data-testid=progress]')?.dataset.step ?? 0)";

/// Sets the settings and begins a run.
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
    page.set_value(knob, &number.to_string(), "input");
}

/// [`STEP`] now.
#[track_caller]
pub fn step(page: &Page) -> u64 {
    page.evaluate(STEP).parse().expect("a number of steps")
}

/// Waits until the run has done more steps than these, and says how many.
#[track_caller]
pub fn wait_for_step(page: &Page, beyond: u64) -> u64 {
    wait_for(&format!("a run beyond step {beyond}"), || {
        let step = step(page);
        if step > beyond { Ok(step) } else { Err(format!("{step}; {}", standing(page))) }
    })
}

pub fn loss(page: &Page) -> Option<f64> {
    page.text("loss").parse().ok()
}

#[track_caller]
pub fn wait_for_loss(page: &Page) -> f64 {
    wait_for("a loss", || loss(page).ok_or_else(|| standing(page)))
}

/// Waits until the run is `none`, `loading`, `running`, `paused`, `done`, `stopped` or `failed`.
#[track_caller]
pub fn wait_for_state(page: &Page, state: &str) {
    wait_for(&format!("a run that is {state}"), || {
        if page.data("progress", "state") == state { Ok(()) } else { Err(standing(page)) }
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

/// The number in such a caption.
pub fn mean_squared_error(caption: &str) -> Option<f64> {
    caption.trim_start_matches("MSE ").parse().ok()
}

/// What the page says of the run, and of problems.
fn standing(page: &Page) -> String {
    format!("{}: {}; {}", page.data("progress", "state"), page.text("progress"), page.text("error"))
}

/// Loads the shipped weights of `model`, after `change` (JavaScript) was made to their `bytes`, as a person does a file of theirs.
#[track_caller]
pub fn import(page: &Page, model: &str, change: &str) {
    page.run_async(&format!(
        "const bytes = new Uint8Array(await (await fetch('models/{model}.safetensors')).arrayBuffer());
        {change}
        const files = new DataTransfer();
        files.items.add(new File([bytes], '{model}.safetensors'));
        const field = document.querySelector('[data-testid=import]');
        field.files = files.files;
        field.dispatchEvent(new Event('change', {{ bubbles: true }}));"
    ));
}
