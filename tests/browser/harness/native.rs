//! The same engine, run here: what the page must show.

use std::io::Read;

use bottleneck::engine::Engine;
use bottleneck::engine::device::open_cpu;
use bottleneck::protocol::{Answer, Code, Command, Control, Image, Knob, ModelId, Noise, Sweep};
use flate2::read::GzDecoder;
use futures::executor::block_on;

/// How far a pixel may be from the native engine's, with the half step that a byte is off at most.
const TOLERANCE: f64 = 1e-2 + 0.5 / 255.0;

/// The engine on this machine's CPU with the committed weights.
pub struct Native(Engine);

/// What a model makes of an image.
pub struct Rebuilt {
    pub input: Image,
    pub output: Image,
    pub code: Code,
}

impl Native {
    pub fn new() -> Native {
        let mut engine = Engine::new(open_cpu().device);
        for model in ModelId::ALL {
            let path = format!("www/models/{}.safetensors", model.name());
            let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
            engine.load_weights(model, &bytes).expect("the committed weights are good");
        }
        Native(engine)
    }

    /// The gallery of `model`, originals and then reconstructions, after a run by its first preset with `knobs` turned.
    pub fn trained(model: ModelId, knobs: &[(Knob, f64)]) -> Vec<u8> {
        let mut engine = Engine::new(open_cpu().device);
        let images = unpacked("t10k-images-idx3-ubyte.gz");
        engine.load_test_set(&images, &unpacked("t10k-labels-idx1-ubyte.gz")).expect("a good test set");
        engine.load_training_set(&unpacked("train-images-idx3-ubyte.gz")).expect("a good training set");
        let Ok(Answer::Presets { presets }) = block_on(engine.answer(Command::Presets { model })) else {
            panic!("no presets");
        };
        let mut settings = serde_json::from_str(&presets[0].1).expect("JSON");
        for &(knob, number) in knobs {
            knob.set(&mut settings, number).expect("a number in its range");
        }
        engine.begin(model, &settings.to_string()).expect("good settings");
        block_on(engine.control(Control::Resume)).expect("a device that works");
        while engine.is_training() {
            block_on(engine.advance()).expect("a device that works");
        }
        match Native(engine).answer(Command::Gallery { model }) {
            Answer::Gallery { originals, reconstructions, .. } => [originals, reconstructions].concat().concat(),
            other => panic!("{other:?}"),
        }
    }

    pub fn rebuild(&self, model: ModelId, image: &Image, noise: Noise) -> Rebuilt {
        match self.answer(Command::Reconstruct { model, image: image.clone(), noise }) {
            Answer::Reconstruct { input, output, code, .. } => Rebuilt { input, output, code },
            other => panic!("{other:?}"),
        }
    }

    pub fn decode(&self, code: &Code) -> Image {
        match self.answer(Command::Decode { model: ModelId::Vae, codes: vec![code.clone()] }) {
            Answer::Decode { mut images } => images.remove(0),
            other => panic!("{other:?}"),
        }
    }

    pub fn sweep(&self, code: &Code, sweep: Sweep) -> Vec<Image> {
        match self.answer(Command::Sweep { model: ModelId::Vae, code: code.clone(), sweep }) {
            Answer::Sweep { images } => images,
            other => panic!("{other:?}"),
        }
    }

    fn answer(&self, command: Command) -> Answer {
        block_on(self.0.answer(command)).expect("the native engine answers")
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
