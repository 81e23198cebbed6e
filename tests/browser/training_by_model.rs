//! A few steps of training of each of the later models, in the page and natively: convolutions and pooling, the
//! winners of a batch, several optimisers and phases, and their gradients.

use bottleneck::protocol::ModelId;

use crate::harness::run::{begin, wait_for_state};
use crate::harness::{Device, Native, Visit, close, wait_for};
use crate::on_both_devices;

/// 100 images in two steps: in each phase, where a model has several.
const SETTINGS: [(&str, f64); 3] = [("examples", 100.0), ("batch", 50.0), ("epochs", 1.0)];

const MODELS: &[&str] = &[
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

/// Those whose operations no earlier model has: the winners of a batch; convolutions and pooling. A software adapter takes most of a minute to
/// prepare the kernels of a model.
const ON_A_GPU: &[&str] = &["wta", "convolutional"];

on_both_devices![a_few_steps_come_to_what_they_come_to_natively];

fn a_few_steps_come_to_what_they_come_to_natively(device: Device) {
    let page = Visit::on(device).link("#/train?model=linear").ready();
    let knobs = SETTINGS.map(|(key, number)| (format!("knob-{key}"), number));
    for &model in if device == Device::WebGpu { ON_A_GPU } else { MODELS } {
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
