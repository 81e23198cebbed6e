//! A few steps of training of each of the later models, in the page and natively: convolutions and pooling, the
//! winners of a batch, several optimisers and phases, and their gradients.

use bottleneck::protocol::ModelId;

use crate::harness::run::{begin, wait_for_state};
use crate::harness::{Device, Native, Visit, close, wait_for};

/// 100 images in two steps: in each phase, where a model has several.
const SETTINGS: [(&str, f64); 3] = [("examples", 100.0), ("batch", 50.0), ("epochs", 1.0)];

const MODELS: [&str; 9] = [
    "contractive",
    "contractive_stacked",
    "convolutional",
    "convolutional_denoising",
    "gsn",
    "wta",
    "wta_convolutional",
    "adversarial",
    "adversarial_style",
];

/// On a software adapter a step of each takes most of a minute, and Adam makes much of gradients that rounding alone tells from 0.
#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_few_steps_come_to_what_they_come_to_natively() {
    let page = Visit::on(Device::Cpu).link("#/train?model=linear").ready();
    let knobs = SETTINGS.map(|(key, number)| (format!("knob-{key}"), number));
    for model in MODELS {
        page.go(&format!("#/train?model={model}"));
        page.wait_until(
            model,
            &format!("document.querySelector('[data-testid=model-{model}]').ariaSelected === 'true'"),
        );
        page.wait_for_picture("gallery");
        begin(&page, &knobs.each_ref().map(|(knob, number)| (knob.as_str(), *number)));
        wait_for_state(&page, "done");
        let images = Native::trained(ModelId::named(model), &SETTINGS);
        wait_for(&format!("the native engine's gallery of {model}"), || {
            close("the gallery", &page.picture("gallery").tiles().concat(), &images)
        });
    }
    assert_eq!(page.text("error"), "");
    assert_eq!(page.complaints(), Vec::<String>::new());
}
