//! Weights as files: they are downloaded with their card, and loaded again.

use std::fs;

use bottleneck::weights::{Tensors, read_tensors};
use serde_json::{Value, json};

use crate::harness::run::{LINEAR, begin, gallery_error, import, mean_squared_error, wait_for_state};
use crate::harness::{Device, KEEP_WORKERS, Page, Visit, wait_for};
use crate::on_both_devices;

/// A run that is over at once.
const SHORT: [(&str, f64); 2] = [("knob-examples", 300.0), ("knob-epochs", 1.0)];

#[test]
#[ignore = "needs the built site: make test runs it"]
fn weights_and_their_card_are_downloaded() {
    let page = Visit::on(Device::Cpu).link(LINEAR).ready();
    begin(&page, &SHORT);
    wait_for_state(&page, "done");
    page.click("export");
    page.click("export-card");

    let file = |name| wait_for(name, || fs::read(page.downloads().join(name)).map_err(|error| error.to_string()));
    let tensors = read_tensors(&file("linear.safetensors")).expect("a safetensors file");
    assert_eq!(
        shapes(&tensors),
        [
            ("decoder.bias", vec![784]),
            ("decoder.weight", vec![2, 784]),
            ("encoder.bias", vec![2]),
            ("encoder.weight", vec![784, 2]),
        ]
    );
    let card: Value = serde_json::from_slice(&file("linear.json")).expect("a card");
    assert_eq!(card["model"], "linear");
    assert_eq!(card["config"], json!({ "input": 784, "code": 2 }));
    assert_eq!((&card["epochs"], &card["parameters"]), (&json!(1), &json!(784 * 2 + 2 + 2 * 784 + 784)));
    let recipe = &card["recipe"];
    assert_eq!((&recipe["examples"], &recipe["epochs"]), (&json!(300), &json!(1)), "{recipe}");
    assert_eq!(page.text("error"), "");
}

on_both_devices![a_file_is_loaded_and_one_of_another_model_is_refused];

fn a_file_is_loaded_and_one_of_another_model_is_refused(device: Device) {
    let page = Visit::on(device).link(LINEAR).ready();
    page.wait_for_picture("gallery");
    let shipped = gallery_error(&page);
    begin(&page, &SHORT);
    wait_for_state(&page, "done");
    wait_for("other pictures", || if gallery_error(&page) == shipped { Err(shipped.clone()) } else { Ok(()) });
    import(&page, "linear", "");
    wait_for_gallery(&page, &shipped);
    assert_eq!(page.text("error"), "");
    import(&page, "deep", "");
    page.wait_for_error("weights", &["deep"]);
    wait_for_gallery(&page, &shipped);
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn what_was_learnt_outlives_its_engine() {
    let page = Visit::on(Device::WebGpu).link(LINEAR).before_load(KEEP_WORKERS).ready();
    page.wait_for_picture("gallery");
    let shipped = gallery_error(&page);
    begin(&page, &SHORT);
    wait_for_state(&page, "done");
    wait_for_latest(&page);
    let mut same = 0;
    let mut learnt = shipped.clone();
    wait_for("pictures that stay", || {
        let now = gallery_error(&page);
        same = if now == learnt && now != shipped { same + 1 } else { 0 };
        learnt = now;
        if same >= 10 { Ok(()) } else { Err(learnt.clone()) }
    });
    page.run("window.workers.at(-1).terminate()");
    page.wait_for_device(Device::Cpu);
    wait_for("the pictures of before", || {
        let (found, learnt) = (gallery_error(&page), mean_squared_error(&learnt).expect("an error"));
        // The other device rounds otherwise.
        if mean_squared_error(&found).is_some_and(|found| (found - learnt).abs() < 2e-4) { Ok(()) } else { Err(found) }
    });
    page.reload();
    wait_for_latest(&page);
}

/// Waits for the weights that are kept by themselves.
fn wait_for_latest(page: &Page) {
    page.wait_until("the latest weights", "!!document.querySelector('[data-testid=kept][data-latest=true]')");
}

fn shapes(tensors: &Tensors) -> Vec<(&str, Vec<usize>)> {
    tensors.iter().map(|(name, tensor)| (name.as_str(), tensor.shape().to_vec())).collect()
}

/// Waits for the pictures of the weights that have this error.
fn wait_for_gallery(page: &Page, error: &str) {
    wait_for(&format!("pictures of {error}"), || {
        let found = gallery_error(page);
        if found == error { Ok(()) } else { Err(found) }
    });
}
