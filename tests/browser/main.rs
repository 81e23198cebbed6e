//! The built site in a real browser: Chromium, with a WebGPU adapter and without.
//!
//! `make build` leaves the site in dist/; these tests serve it below a sub-path and do what a person does. A test that
//! fails leaves a picture of the page in target/browser/.

mod harness;

mod accessibility;
mod adversarial;
mod chain;
mod compare;
mod console;
mod convolutional;
mod devices;
mod drawing;
mod exercises;
mod failures;
mod files;
mod first_visit;
mod inside;
mod interruptions;
mod kept_state;
mod keyboard;
mod latent;
mod layout;
mod links;
mod memory;
mod model_code;
mod motion;
mod offline;
mod presentation;
mod pretraining;
mod storage;
mod training;
mod training_by_model;
mod views;
mod weights;
mod winner_take_all;

/// Makes two tests of each function: with a WebGPU adapter and without.
macro_rules! on_both_devices {
    ($($test:ident),* $(,)?) => {
        mod webgpu {
            $(
                #[test]
                #[ignore = "needs the built site: make test runs it"]
                fn $test() {
                    super::$test(crate::harness::Device::WebGpu);
                }
            )*
        }
        mod cpu {
            $(
                #[test]
                #[ignore = "needs the built site: make test runs it"]
                fn $test() {
                    super::$test(crate::harness::Device::Cpu);
                }
            )*
        }
    };
}
use on_both_devices;
