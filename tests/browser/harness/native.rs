//! The same engine, run here: what the page must show.

use std::io::Read;

use bottleneck::engine::Engine;
use bottleneck::engine::device::open_cpu;
use bottleneck::protocol::{
    Code, Control, Decode, DecodeSweep, GetGallery, Image, ModelId, Noise, Reconstruct, Reconstruction, Request, Sweep,
};
use bottleneck::training::Catalogue;
use flate2::read::GzDecoder;
use futures::executor::block_on;

pub const DENOISING: ModelId = ModelId::new("denoising");
pub const VAE: ModelId = ModelId::new("vae");

/// Numbers in a code of the shipped variational autoencoder: the page has as many sliders.
pub const VAE_CODE: usize = 20;

/// How far a pixel may be from the native engine's, with the half step that a byte is off at most.
const TOLERANCE: f64 = 1e-2 + 0.5 / 255.0;

/// The engine on this machine's CPU with the committed weights.
pub struct Native(Engine);

impl Native {
    pub fn new() -> Native {
        let mut engine = Engine::new(open_cpu().device, Catalogue::all());
        for model in engine.describe().into_iter().map(|description| description.model) {
            let path = format!("www/models/{model}.safetensors");
            let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
            engine.load_weights(model, &bytes).expect("the committed weights are good");
        }
        Native(engine)
    }

    /// The gallery of `model`, originals and then reconstructions, after a run by its first preset with `settings` changed.
    pub fn trained(model: ModelId, settings: &[(&str, f64)]) -> Vec<u8> {
        let mut engine = Engine::new(open_cpu().device, Catalogue::all());
        let [images, labels] = ["images-idx3", "labels-idx1"].map(|kind| unpacked(&format!("t10k-{kind}-ubyte.gz")));
        engine.load_test_set(&images, &labels).expect("a good test set");
        let [images, labels] = ["images-idx3", "labels-idx1"].map(|kind| unpacked(&format!("train-{kind}-ubyte.gz")));
        engine.load_training_set(&images, &labels).expect("a good training set");
        let models = engine.describe().into_iter();
        let description = models.into_iter().find(|description| description.model == model).expect("it is one of ours");
        let mut changed = serde_json::from_str(&description.presets[0].settings).expect("JSON");
        for &(key, number) in settings {
            let setting = description.settings.iter().find(|setting| setting.key == key).expect("it has this setting");
            setting.set(&mut changed, number).expect("a number in its range");
        }
        let plan = engine.plan(model, &changed.to_string()).expect("good settings");
        engine.begin(model, plan).expect("a run");
        block_on(engine.control(Control::Resume)).expect("a device that works");
        while engine.is_training() {
            block_on(engine.advance()).expect("a device that works");
        }
        let gallery = Native(engine).request(GetGallery { model });
        [gallery.originals, gallery.reconstructions].concat().concat()
    }

    pub fn reconstruct(&self, model: ModelId, image: &Image, noise: Noise) -> Reconstruction {
        self.request(Reconstruct { model, image: image.clone(), noise })
    }

    pub fn decode(&self, code: &Code) -> Image {
        self.request(Decode { model: VAE, codes: vec![code.clone()] }).remove(0)
    }

    pub fn sweep(&self, code: &Code, sweep: Sweep) -> Vec<Image> {
        self.request(DecodeSweep { model: VAE, code: code.clone(), sweep })
    }

    fn request<R: Request>(&self, request: R) -> R::Answer {
        block_on(self.0.answer(request.into())).and_then(R::unwrap).expect("the native engine answers")
    }
}

fn unpacked(name: &str) -> Vec<u8> {
    let path = format!("www/data/mnist/{name}");
    let file = std::fs::File::open(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut bytes = Vec::new();
    GzDecoder::new(file).read_to_end(&mut bytes).expect("a gzip file");
    bytes
}

/// Whether two images agree within [`TOLERANCE`] at every pixel; the complaint names the worst.
pub fn close(name: &str, found: &[u8], expected: &[u8]) -> Result<(), String> {
    if found.len() != expected.len() {
        return Err(format!("{name}: {} pixels in place of {}", found.len(), expected.len()));
    }
    let differences = found.iter().zip(expected).map(|(&a, &b)| a.abs_diff(b));
    match differences.enumerate().max_by_key(|&(_, difference)| difference) {
        Some((pixel, difference)) if f64::from(difference) / 255.0 > TOLERANCE => {
            Err(format!("{name}: pixel {pixel} is {} in place of {}", found[pixel], expected[pixel]))
        }
        _ => Ok(()),
    }
}
