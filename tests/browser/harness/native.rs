//! The same engine, run here: what the page must show.

use bottleneck::engine::device::open_cpu;
use bottleneck::engine::engine::Engine;
use bottleneck::engine::protocol::{Answer, Code, Command, Image, ModelId, Noise, Sweep};
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

    pub fn rebuild(&self, model: ModelId, image: &Image, noise: Noise) -> Rebuilt {
        match self.answer(Command::Reconstruct { model, image: image.clone(), noise }) {
            Answer::Reconstruct { input, output, code, .. } => Rebuilt { input, output, code },
            other => panic!("{other:?}"),
        }
    }

    pub fn decode(&self, code: &Code) -> Image {
        match self.answer(Command::Decode { model: ModelId::Vae, code: code.clone() }) {
            Answer::Decode { image } => image,
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
