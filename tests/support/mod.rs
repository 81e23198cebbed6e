//! The engine natively, with the committed files.
#![allow(dead_code, reason = "each test uses a part of it")]

use std::io::Read;
use std::path::Path;

use bottleneck::data::PIXELS;
use bottleneck::data::labelled::LabelledImages;
use bottleneck::engine::Engine;
use bottleneck::protocol::{EngineError, ModelId, Request};
use bottleneck::training::{Catalogue, Entry};
use burn::tensor::Device;
use flate2::read::GzDecoder;
use futures::executor::block_on;

pub mod reference;

pub const DEEP: ModelId = ModelId::new("deep");
pub const DENOISING: ModelId = ModelId::new("denoising");
pub const LINEAR: ModelId = ModelId::new("linear");
pub const SPARSE: ModelId = ModelId::new("sparse");
pub const STACKED: ModelId = ModelId::new("stacked");
pub const VAE: ModelId = ModelId::new("vae");

/// Numbers in a code of the shipped variational autoencoder.
pub const VAE_CODE: usize = 20;

/// What `engine` answers.
pub fn request<R: Request>(engine: &Engine, request: R) -> Result<R::Answer, EngineError> {
    block_on(engine.answer(request.into())).and_then(R::unwrap)
}

/// A file of `www/`.
pub fn file(path: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("www").join(path)).expect("a committed file")
}

/// A gzip file of `www/`, unpacked.
pub fn unpacked(path: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    GzDecoder::new(&file(path)[..]).read_to_end(&mut bytes).expect("a gzip file");
    bytes
}

/// The two IDX files of a set of MNIST, unpacked: images and labels.
pub fn idx_files(set: &str) -> [Vec<u8>; 2] {
    ["images-idx3", "labels-idx1"].map(|kind| unpacked(&format!("data/mnist/{set}-{kind}-ubyte.gz")))
}

/// A set of MNIST.
pub fn digits(set: &str) -> LabelledImages {
    let [images, labels] = idx_files(set);
    LabelledImages::parse(&images, &labels).expect("good files")
}

/// Test images that an engine with a part of the test set has: a part is enough, and faster.
pub const IMAGES: usize = 600;

/// An engine with a part of the test set and the shipped weights of these models.
pub fn engine_with_part_of_test_set(models: &[ModelId]) -> Engine {
    let mut engine = Engine::new(Device::flex(), Catalogue::all());
    for model in models {
        engine.load_weights(*model, &file(&format!("models/{model}.safetensors"))).expect("good weights");
    }
    engine.use_test_set(part_of_test_set());
    engine
}

pub fn part_of_test_set() -> LabelledImages {
    digits("t10k").slice(0..IMAGES)
}

/// An engine with the test digits, the test set and the shipped weights of all models.
pub fn engine() -> Engine {
    let mut engine = Engine::new(Device::flex(), Catalogue::all());
    for model in Catalogue::all().entries().map(Entry::id) {
        engine.load_weights(model, &file(&format!("models/{}.safetensors", model.name()))).expect("good weights");
    }
    engine.use_test_digits(digits("test-digits"));
    engine.use_test_set(digits("t10k"));
    engine
}

/// Images of the training set that [`training_engine`] has: 600 to train on, 5,000 for validation.
pub const TRAINING_IMAGES: usize = 5_600;

/// An engine with the test digits and the test set, and a training set cut from it: that is read faster.
pub fn training_engine(catalogue: Catalogue) -> Engine {
    let mut engine = Engine::new(Device::flex(), catalogue);
    engine.use_test_digits(digits("test-digits"));
    let [images, labels] = idx_files("t10k");
    engine.use_test_set(LabelledImages::parse(&images, &labels).expect("good files"));
    let (images, labels) = training_set(&images, &labels);
    engine.use_training_set(LabelledImages::parse(&images, &labels).expect("good files"));
    engine
}

/// The first [`TRAINING_IMAGES`] of two IDX files.
pub fn training_set(images: &[u8], labels: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let cut = |file: &[u8], length: usize| {
        let mut cut = file[..length].to_vec();
        cut[4..8].copy_from_slice(&(TRAINING_IMAGES as u32).to_be_bytes());
        cut
    };
    (cut(images, 16 + TRAINING_IMAGES * PIXELS), cut(labels, 8 + TRAINING_IMAGES))
}
