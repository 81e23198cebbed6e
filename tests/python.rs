//! A file that the page writes opens in Python, as a shipped one does, and gives the same outputs there.

use std::fs;
use std::path::Path;
use std::process::Command as Process;

use bottleneck::cli::files::{Files, digits};
use bottleneck::data::PIXELS;
use bottleneck::engine::Engine;
use bottleneck::models::Autoencoder;
use bottleneck::models::variational::Variational;
use bottleneck::training::Catalogue;
use bottleneck::weights;
use burn::tensor::{Device, Tensor, TensorData};
use futures::executor::block_on;

const PYTHON: &str = ".tools/python/bin/python";
const IMAGES: usize = 20;

#[test]
#[ignore = "needs the tests' Python: make test runs it"]
fn an_exported_file_gives_the_same_outputs_in_python() {
    let mut engine = Engine::new(Device::flex(), Catalogue::all());
    engine.load_weights(Variational::ID, &shipped()).unwrap();
    let exported = block_on(engine.export(Variational::ID, "2026-01-01")).expect("a file").weights;
    assert!(exported.len() > 3 * shipped().len(), "what is downloaded is float32");
    same_outputs("exported", &exported);
}

#[test]
#[ignore = "needs the tests' Python: make test runs it"]
fn a_shipped_file_gives_the_same_outputs_in_python() {
    same_outputs("shipped", &shipped());
}

fn shipped() -> Vec<u8> {
    let files = Files::new(Variational::ID, Path::new("www/data/mnist"), Path::new("www/models"), Path::new("runs"));
    files.read_weights().unwrap()
}

/// Runs the model of a weights file in Python and here.
fn same_outputs(label: &str, weights: &[u8]) {
    assert!(Path::new(PYTHON).exists(), "there is no {PYTHON}: run `tools/setup.sh test` first");
    let images = digits(Path::new("www/data/mnist")).unwrap().1.images;
    let pixels: Vec<f32> = (0..IMAGES).flat_map(|n| images.pixels(n)).map(|&byte| f32::from(byte) / 255.0).collect();
    let folder = std::env::temp_dir().join(format!("bottleneck-{label}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let (file, input) = (folder.join("vae.safetensors"), folder.join("images.f32"));
    fs::write(&file, weights).unwrap();
    fs::write(&input, pixels.iter().flat_map(|pixel| pixel.to_le_bytes()).collect::<Vec<u8>>()).unwrap();
    let python = Process::new(PYTHON).arg("tests/reference/reconstruct.py").args([&file, &input]).output().unwrap();
    fs::remove_dir_all(&folder).unwrap();
    assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
    let theirs: Vec<f32> = python.stdout.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();

    let (model, _) = weights::load_own::<Variational>(weights, &Device::flex()).unwrap();
    let input = Tensor::<2>::from_data(TensorData::new(pixels, [IMAGES, PIXELS]), &Device::flex());
    let ours: Vec<f32> = model.reconstruct(input).into_data().iter().collect();
    assert_eq!(ours.len(), theirs.len());
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert!((ours - theirs).abs() < 1e-4, "{label}: {ours}, and {theirs} in Python");
    }
}
