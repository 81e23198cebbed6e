//! A few steps of training of each of the later models, in the page and natively: convolutions and pooling, the
//! winners of a batch, several optimisers and phases, and their gradients.

use bottleneck::protocol::ModelId;

use crate::harness::run::{begin, wait_for_state};
use crate::harness::{Device, Native, Page, Visit, close, mean_difference, wait_for};

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

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_few_steps_come_to_what_they_come_to_natively() {
    let page = Visit::on(Device::Cpu).link("#/train?model=linear").ready();
    for model in MODELS {
        train(&page, model, &SETTINGS);
        let images = Native::trained(ModelId::named(model), &SETTINGS);
        wait_for(&format!("the native engine's gallery of {model}"), || {
            close("the gallery", &page.picture("gallery").tiles().concat(), &images)
        });
    }
    assert_eq!(page.text("error"), "");
    assert_eq!(page.complaints(), Vec::<String>::new());
}

/// The gradients of convolutions and pooling, and of the winners of a batch, in WebGPU's shaders. Adam makes much of gradients that rounding
/// alone tells from 0, so a pixel here and there may be another: on average they are the same. Few steps, for a software adapter takes
/// seconds for each.
#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_few_steps_on_webgpu_come_to_what_they_come_to_natively() {
    const THREE_STEPS: [(&str, f64); 3] = [("examples", 120.0), ("batch", 40.0), ("epochs", 1.0)];
    const ONE_STEP: [(&str, f64); 3] = [("examples", 120.0), ("batch", 120.0), ("epochs", 1.0)];
    let page = Visit::on(Device::WebGpu).link("#/train?model=linear").ready();
    for model in ["convolutional", "wta"] {
        train(&page, model, &THREE_STEPS);
        let id = ModelId::named(model);
        let images = Native::trained(id, &THREE_STEPS);
        let learnt = mean_difference(&images, &Native::trained(id, &ONE_STEP));
        wait_for(&format!("the native engine's gallery of {model}"), || {
            let difference = mean_difference(&page.picture("gallery").tiles().concat(), &images);
            if difference < learnt / 20.0 { Ok(()) } else { Err(format!("{difference} of {learnt}")) }
        });
    }
    assert_eq!(page.text("error"), "");
    assert_eq!(page.complaints(), Vec::<String>::new());
}

/// Trains the model in the laboratory with these settings, to the end.
fn train(page: &Page, model: &str, settings: &[(&str, f64); 3]) {
    page.go(&format!("#/train?model={model}"));
    page.wait_until(model, &format!("document.querySelector('[data-testid=model-{model}]').ariaSelected === 'true'"));
    page.wait_for_picture("gallery");
    let knobs = settings.map(|(key, number)| (format!("knob-{key}"), number));
    begin(page, &knobs.each_ref().map(|(knob, number)| (knob.as_str(), *number)));
    wait_for_state(page, "done");
}
