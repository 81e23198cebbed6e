//! The engine natively, with the committed files.

use std::io::Read;
use std::path::Path;

use bottleneck::engine::Engine;
use bottleneck::protocol::ModelId;
use burn::tensor::Device;
use flate2::read::GzDecoder;

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

/// An engine with the test set and the shipped weights of all models.
pub fn engine() -> Engine {
    let mut engine = Engine::new(Device::flex());
    for model in ModelId::ALL {
        engine.load_weights(model, &file(&format!("models/{}.safetensors", model.name()))).expect("good weights");
    }
    let (images, labels) = ("data/mnist/t10k-images-idx3-ubyte.gz", "data/mnist/t10k-labels-idx1-ubyte.gz");
    engine.load_test_set(&unpacked(images), &unpacked(labels)).expect("a good test set");
    engine
}
