//! The same engine, run here: what the page must show.

use std::io::Read;
use std::rc::Rc;

use bottleneck::data::labelled::LabelledImages;
use bottleneck::data::split::split;
use bottleneck::engine::Engine;
use bottleneck::engine::device::open_cpu;
use bottleneck::protocol::{
    Code, Decode, DecodeSweep, GetGallery, Image, ModelId, Noise, Reconstruct, Reconstruction, Request, Sweep,
};
use bottleneck::training::{Catalogue, Run};
use bottleneck::weights::{Precision, TrainedModel};
use flate2::read::GzDecoder;
use futures::executor::block_on;

pub const DENOISING: ModelId = ModelId::new("denoising");
pub const LINEAR_MODEL: ModelId = ModelId::new("linear");
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
        let mut native = Native(Engine::new(open_cpu().device, Catalogue::all()));
        native.load_test_digits();
        let mut run = native.begin(model, settings);
        while !run.is_done() {
            run.step();
        }
        native.gallery(&*run.trained())
    }

    /// The galleries that a diverging run may leave: those of the weights that its steps began with, while the loss that they had
    /// was at most ten times the first.
    pub fn good_galleries(model: ModelId, settings: &[(&str, f64)]) -> Vec<Vec<u8>> {
        let mut native = Native(Engine::new(open_cpu().device, Catalogue::all()));
        native.load_test_digits();
        let mut run = native.begin(model, settings);
        let (mut first, mut galleries) = (None, Vec::new());
        while !run.is_done() {
            let before = run.trained();
            run.step();
            let loss = block_on(run.losses()).expect("a device that works")[0].1;
            if loss > 10.0 * *first.get_or_insert(loss) {
                break;
            }
            galleries.push(native.gallery(&*before));
        }
        galleries
    }

    fn load_test_digits(&mut self) {
        let [images, labels] =
            ["images-idx3", "labels-idx1"].map(|kind| unpacked(&format!("test-digits-{kind}-ubyte.gz")));
        self.0.use_test_digits(LabelledImages::parse(&images, &labels).expect("good test digits"));
    }

    /// The run of the model's first preset with `settings` changed, on the training images that the page has.
    fn begin(&self, model: ModelId, settings: &[(&str, f64)]) -> Run {
        let models = self.0.describe().into_iter();
        let description = models.into_iter().find(|description| description.model == model).expect("it is one of ours");
        let mut changed = serde_json::from_str(&description.presets[0].settings).expect("JSON");
        for &(key, number) in settings {
            let setting = description.settings.iter().find(|setting| setting.key == key).expect("it has this setting");
            setting.set(&mut changed, number).expect("a number in its range");
        }
        let plan = self.0.plan(model, &changed.to_string()).expect("good settings");
        let [images, labels] = ["images-idx3", "labels-idx1"].map(|kind| unpacked(&format!("train-{kind}-ubyte.gz")));
        let (train, _) = split(&LabelledImages::parse(&images, &labels).expect("good digits"));
        plan.begin(Rc::new(train), &open_cpu().device).expect("a run")
    }

    fn gallery(&mut self, trained: &dyn TrainedModel) -> Vec<u8> {
        let file = block_on(trained.to_file(Precision::Single)).expect("a device that works");
        self.0.load_weights(trained.id(), &file).expect("its own file");
        let gallery = self.request(GetGallery { model: trained.id() });
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

/// How far the pixels of two images are from each other on average, in [0, 1].
pub fn mean_difference(one: &[u8], other: &[u8]) -> f64 {
    assert_eq!(one.len(), other.len());
    let differences = one.iter().zip(other).map(|(&a, &b)| f64::from(a.abs_diff(b)) / 255.0);
    differences.sum::<f64>() / one.len() as f64
}
