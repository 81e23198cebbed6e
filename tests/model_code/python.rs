//! The programs in Python compute what the engine computes, and can be trained on, with PyTorch itself.

use std::fs;
use std::path::Path;
use std::process::Command as Process;

use bottleneck::ui::state::model_code::{PYTHON, with_settings};

use crate::case::{Case, cases};
use crate::rust::put_files;
use crate::settings::program;

const INTERPRETER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/.tools/torch/bin/python");
const OUTPUTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/model_code/outputs.py");

/// Epochs that a program trains for.
const EPOCHS: usize = 20;

#[test]
#[ignore = "needs the tests' PyTorch: make test runs it"]
fn every_model_is_the_engines_in_python_and_trains() {
    assert!(Path::new(INTERPRETER).exists(), "there is no {INTERPRETER}: run `tools/setup.sh test` first");
    let folder = std::env::temp_dir().join(format!("bottleneck-torch-{}", std::process::id()));
    let mut cases = cases();
    let folders: Vec<_> = cases.iter().map(|case| folder.join(format!("{}-{}", case.model, case.preset))).collect();
    for (case, folder) in cases.iter_mut().zip(&folders) {
        if case.settings["recipe"]["corruption"].is_null() {
            case.inputs.noisy.clone_from(&case.inputs.examples);
        }
        fs::create_dir_all(folder).unwrap();
        put_files(case, folder);
        fs::write(folder.join("inputs.json"), serde_json::to_vec(&case.inputs).unwrap()).unwrap();
        fs::write(folder.join(format!("{}.{PYTHON}", case.model)), shortened(case)).unwrap();
    }
    let python = Process::new(INTERPRETER).arg(OUTPUTS).args(&folders).output().unwrap();
    assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
    for (case, folder) in cases.iter().zip(&folders) {
        let read = |name: &str| fs::read(folder.join(name)).unwrap();
        case.compare("Python", &serde_json::from_slice(&read("outputs.json")).unwrap());
        case.has_learnt("Python", &read(&format!("{}_trained.safetensors", case.model)));
    }
    fs::remove_dir_all(&folder).unwrap();
}

/// The case's program, which trains for few epochs.
fn shortened(case: &Case) -> String {
    let mut settings = case.settings.clone();
    settings["recipe"]["epochs"] = EPOCHS.into();
    with_settings(&program(case.model.name(), PYTHON), &settings)
}
