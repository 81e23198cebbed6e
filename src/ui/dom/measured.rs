//! Tells www/measured.js what the reader measures; names are those of [`results`](crate::ui::state::results).

use wasm_bindgen::prelude::wasm_bindgen;

use crate::protocol::{Reconstruction, RunState};
use crate::ui::state::results::{OF_FIGURES, OF_RUNS};
use crate::ui::state::run::Run;

#[wasm_bindgen]
extern "C" {
    /// A number of what a link set up; without a link, of what a figure shows now.
    #[wasm_bindgen(js_namespace = bottleneck, js_name = measured)]
    pub fn measured(name: &str, link: &str, number: f64);
}

/// A number of a code is active above this.
const ACTIVE: f32 = 0.25;

/// What a figure shows: as it stands, and by the link that set it up, where one did.
pub fn measured_figure(result: &Reconstruction, link: &str) {
    let active = result.code.iter().filter(|number| **number > ACTIVE).count();
    let numbers = [result.output_error.into(), result.input_error.into(), active as f64];
    for (name, number) in OF_FIGURES.into_iter().zip(numbers) {
        measured(name, "", number);
        if !link.is_empty() {
            measured(name, link, number);
        }
    }
}

/// What a run came to that a link set up, once it is done.
pub fn measured_run(run: &Run) {
    if run.link.is_empty() || run.report.as_ref().is_none_or(|report| report.state != RunState::Done) {
        return;
    }
    for (name, points) in OF_RUNS.into_iter().zip([&run.training, &run.validation]) {
        let Some(point) = points.last() else { continue };
        measured(name, &run.link, point.loss(None).unwrap_or_default().into());
        for (part, loss) in &point.parts {
            measured(&format!("{name}.{part}"), &run.link, (*loss).into());
        }
    }
}
