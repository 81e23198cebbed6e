//! Every model by every preset, and by settings that none has, with weights to be told apart, and what the engine makes of twenty examples.

use std::collections::BTreeMap;
use std::rc::Rc;

use bottleneck::data::dataset::gather;
use bottleneck::data::plane::{PLANES, Plane};
use bottleneck::data::random::Purpose;
use bottleneck::models::Autoencoder;
use bottleneck::models::batch::{Batch, Labels};
use bottleneck::models::catalogue::{ModelVisitor, visit_all};
use bottleneck::models::classifier::CLASSES;
use bottleneck::models::priors::classes_or_draws;
use bottleneck::models::sampler::Sampler;
use bottleneck::models::settings::Settings;
use bottleneck::protocol::{CodePrior, ExampleKind, ModelId, Prior};
use bottleneck::training::learner::{Learner, ModuleLearner};
use bottleneck::weights::{self, Precision, SEED, TrainedModel, WithWeights};
use burn::tensor::loss::cross_entropy_with_logits;
use burn::tensor::{Device, Tensor, TensorData};
use futures::executor::block_on;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::support::digits;

pub const EXAMPLES: usize = 20;

/// A model by a preset, or by settings that no preset has.
pub struct Case {
    pub model: ModelId,
    pub preset: &'static str,
    /// Of the run.
    pub settings: Value,
    /// A safetensors file as the page gives it.
    pub weights: Vec<u8>,
    pub trained: Rc<dyn TrainedModel>,
    pub inputs: Inputs,
}

/// What programs and engine are given, each by rows.
#[derive(Clone, Serialize)]
pub struct Inputs {
    /// What a model draws its pixels by, before anything else: of all examples.
    #[serde(skip)]
    pixel_draws: Vec<Vec<f32>>,
    pub examples: Vec<Vec<f32>>,
    pub noisy: Vec<Vec<f32>>,
    pub epsilon: Vec<Vec<f32>>,
    /// What the steps of a chain draw, by name and step; nothing where the model has none.
    #[serde(flatten)]
    pub chain: BTreeMap<&'static str, Vec<Vec<Vec<f32>>>>,
    pub classes: Vec<Vec<f32>>,
    /// Draws of the prior, as many as examples; nothing where the model has no prior to be drawn from.
    pub draws: Vec<Vec<f32>>,
    /// What the engine's model draws beside the epsilon to come to these.
    #[serde(skip)]
    drawn: Vec<Vec<f32>>,
    /// Whether the first of these comes before the epsilon.
    #[serde(skip)]
    is_class_first: bool,
}

/// The names of what a step of a chain draws, in the order in which it draws them.
const DRAWS: [&str; 5] = ["kept", "coins", "before", "after", "uniform"];

/// What comes out.
#[derive(Deserialize)]
pub struct Outputs {
    pub codes: Vec<f32>,
    pub rebuilt: Vec<f32>,
    /// Of each phase.
    pub losses: Vec<f32>,
}

struct Cases(Vec<Case>);

impl ModelVisitor for Cases {
    fn visit<M: Autoencoder>(&mut self) {
        let presets = M::lesson().presets.into_iter().map(|preset| {
            let settings = Settings { model: preset.config, recipe: preset.recipe, seed: SEED };
            (preset.name, serde_json::from_str::<Value>(&weights::to_json(&settings)).unwrap())
        });
        let mut cases: Vec<_> = presets.collect();
        // A share of the examples that comes to two and a half, which all must round alike.
        let mut half = cases[0].1.clone();
        if let Some(share) = half.pointer_mut("/model/lifetime_sparsity") {
            *share = (2.5 / EXAMPLES as f64).into();
            cases.push(("half", half));
        }
        for (preset, json) in cases {
            let settings = Settings::parse::<M>(&json.to_string()).unwrap();
            let begun = ModuleLearner::<M>::initialise(settings, &Device::flex()).trained(0);
            let weights = with_biases(&block_on(begun.to_file(Precision::Single)).unwrap());
            let trained = Rc::new(WithWeights::<M>::load(&weights, &Device::flex()).unwrap());
            let is_binary = json.pointer("/model/binarises") == Some(&true.into());
            let steps = json.pointer("/model/walkback").and_then(Value::as_u64);
            let inputs = Inputs::of(&*trained, steps, is_binary);
            self.0.push(Case { model: M::ID, preset, settings: json, weights, trained, inputs });
        }
    }
}

/// Every preset of every model, and what stands beside them.
pub fn cases() -> Vec<Case> {
    let mut cases = Cases(Vec::new());
    visit_all(&mut cases);
    cases.0
}

/// A file with biases other than 0, which fresh ones are.
fn with_biases(file: &[u8]) -> Vec<u8> {
    let (mut tensors, metadata) = (weights::read_tensors(file).unwrap(), weights::read_metadata(file).unwrap());
    for tensor in tensors.values_mut().filter(|tensor| tensor.shape().len() == 1) {
        let width = tensor.num_elements();
        *tensor = TensorData::new(wave(width, 1.3).map(|x| 0.1 * x).collect::<Vec<_>>(), [width]);
    }
    weights::write(&tensors, Precision::Single, Some(metadata))
}

/// The classes of the examples: ten, in turns.
pub fn labels() -> Labels {
    Labels((0..EXAMPLES).map(|row| Some((row % CLASSES) as u8)).collect())
}

/// Numbers in [-1, 1] without a pattern.
fn wave(count: usize, frequency: f32) -> impl Iterator<Item = f32> {
    (0..count).map(move |n| (n as f32 * frequency).sin())
}

impl Inputs {
    /// For a loss of so many steps of a chain, where the model has one; of images of 0 and 1 for a model that draws such pixels.
    fn of(model: &dyn TrainedModel, steps: Option<u64>, is_binary: bool) -> Self {
        let shape = model.shape();
        let mut examples = match shape.examples {
            ExampleKind::Digits => gather(&digits("test-digits"), 0..EXAMPLES),
            ExampleKind::Plane => gather(&Plane::new(PLANES[0]), 0..EXAMPLES),
        };
        if is_binary {
            examples.iter_mut().for_each(|pixel| *pixel = pixel.round());
        }
        let noisy: Vec<f32> =
            examples.iter().zip(wave(examples.len(), 2.1)).map(|(x, noise)| x + 0.3 * noise).collect();
        // Of a code that holds more than what is drawn, the rest is the class, which is drawn before.
        let drawn_numbers = shape.prior.map_or(shape.code(), |prior| prior.numbers);
        let epsilon: Vec<f32> = wave(EXAMPLES * drawn_numbers, 0.7).collect();
        let rows = |values: Vec<f32>| values.chunks(values.len() / EXAMPLES).map(<[f32]>::to_vec).collect::<Vec<_>>();
        let step = |name: &str, step: u64| {
            let (pixels, codes) = (EXAMPLES * shape.input(), EXAMPLES * shape.code());
            let wave = |count, frequency: f32| wave(count, frequency + 0.1 * step as f32);
            let coins = |least: f32, x: f32| f32::from(u8::from(x > least));
            rows(match name {
                "kept" => wave(pixels, 2.3).map(|x| coins(-0.3, x)).collect(),
                "coins" => wave(pixels, 3.1).map(|x| coins(0.0, x)).collect(),
                "before" => wave(codes, 0.7).collect(),
                "after" => wave(codes, 1.1).collect(),
                _ => wave(pixels, 1.9).map(|x| (x + 1.0) / 2.0).collect(),
            })
        };
        let draws_of = |steps: u64| {
            let names = if draws_pixels(model) { &DRAWS[..] } else { &["before"] };
            names.iter().map(|&name| (name, (0..steps).map(|at| step(name, at)).collect())).collect()
        };
        // Uniform numbers would tell the classes if no label were known; what the prior takes of the others follows from what it is.
        let uniform = |frequency: f32| wave(EXAMPLES, frequency).map(|x| (x + 1.0) / 2.01).collect::<Vec<_>>();
        let (first, second) = match shape.prior.map(|prior| prior.prior) {
            Some(Prior::Mixture) => (wave(EXAMPLES, 1.7).collect(), wave(EXAMPLES, 2.9).collect()),
            Some(Prior::SwissRoll) => (uniform(1.7), wave(EXAMPLES * 2, 2.9).collect()),
            _ => (wave(EXAMPLES * drawn_numbers, 1.7).collect(), Vec::new()),
        };
        let drawn = vec![uniform(0.9), first, second];
        let sampler = Sampler::fixed(drawn.clone(), &Device::flex());
        let classes = classes_or_draws(&labels(), &sampler);
        let of_prior =
            shape.prior.map(|CodePrior { prior, numbers, .. }| prior.draw(numbers, classes.clone(), &sampler));
        // Whatever is drawn, pixels of 0 and 1 stay what they are.
        let pixel_draws = if is_binary { vec![vec![0.5; examples.len()]] } else { vec![] };
        Inputs {
            pixel_draws,
            examples: rows(examples),
            noisy: rows(noisy),
            epsilon: rows(epsilon),
            chain: steps.map(draws_of).unwrap_or_default(),
            classes: rows(values(classes)),
            draws: of_prior.map(|draws| rows(values(draws))).unwrap_or_default(),
            drawn,
            is_class_first: drawn_numbers < shape.code(),
        }
    }

    /// In the order in which a loss draws them.
    fn draws(&self) -> Vec<Vec<f32>> {
        let steps = self.chain.values().next().map_or(0, Vec::len);
        let names = || DRAWS.into_iter().filter(|name| self.chain.contains_key(name));
        let of_chain = (0..steps).flat_map(|step| names().map(move |name| self.chain[name][step].concat()));
        let mut of_code = self.drawn.clone();
        of_code.insert(usize::from(self.is_class_first), self.epsilon.concat());
        let after_pixels = if steps == 0 { of_code } else { of_chain.collect() };
        self.pixel_draws.iter().cloned().chain(after_pixels).collect()
    }
}

/// Whether the chain of a model that has one draws pixels, and not noise on the code alone.
fn draws_pixels(model: &dyn TrainedModel) -> bool {
    let image = Tensor::zeros([1, model.shape().input()], &model.device());
    let sampler = Sampler::new(0, Purpose::Samples, 0, &model.device());
    model.chain_step(image, &sampler).is_some_and(|step| step.draws_pixels)
}

/// Rows as a tensor.
pub fn tensor(rows: &[Vec<f32>], device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(rows.concat(), [rows.len(), rows[0].len()]), device)
}

pub fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter().collect()
}

impl Case {
    /// What the engine's model gives.
    fn expected(&self) -> Outputs {
        let device = Device::flex().autodiff();
        let model = self.trained.differentiable();
        let [examples, noisy] = [&self.inputs.examples, &self.inputs.noisy].map(|rows| tensor(rows, &device));
        let is_denoising = !self.settings["recipe"]["corruption"].is_null();
        let loss = |phase| {
            let input = if is_denoising { noisy.clone() } else { examples.clone() };
            let codes = model.phase_inputs(examples.clone(), phase);
            let batch = Batch {
                input: codes.clone().unwrap_or(input),
                target: codes.unwrap_or(examples.clone()),
                labels: labels(),
                phase,
                progress: 0.5,
                sampler: Sampler::fixed(self.inputs.draws(), &device),
            };
            model.loss(&batch).total().into_scalar()
        };
        let codes = model.encode(examples.clone());
        Outputs {
            // As the model gives them; the engine clips them to show them.
            rebuilt: values(model.decode_by_layer(codes.clone()).last()),
            codes: values(codes),
            losses: (0..=model.last_phase()).map(loss).collect(),
        }
    }

    /// Fails where a program gives something else than the engine.
    pub fn compare(&self, language: &str, found: &Outputs) {
        let expected = self.expected();
        for (what, found, expected) in [
            ("code", &found.codes, &expected.codes),
            ("output", &found.rebuilt, &expected.rebuilt),
            ("loss", &found.losses, &expected.losses),
        ] {
            let label = format!("{} {} in {language}, {what}", self.model, self.preset);
            assert_eq!(found.len(), expected.len(), "{label}");
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() < 1e-4 * expected.abs().max(1.0), "{label}: {found}, not {expected}");
            }
        }
    }

    /// Fails where a file that a program trained is not taken, or tells classes worse than before; of a model that tells none, where it
    /// reconstructs worse.
    pub fn has_learnt(&self, language: &str, file: &[u8]) {
        let label = format!("{} {} in {language}", self.model, self.preset);
        let catalogue = bottleneck::training::Catalogue::all();
        let entry = catalogue.get(self.model).expect("a model");
        let trained = entry.load(file, &Device::flex()).unwrap_or_else(|error| panic!("{label}: {error}"));
        let told: Value = serde_json::from_str(&trained.origin().settings).unwrap();
        let examples = tensor(&self.inputs.examples, &Device::flex());
        let error = |model: &dyn TrainedModel| -> f32 {
            let error = match model.classify(examples.clone()) {
                Some(scores) => cross_entropy_with_logits(scores.clone(), labels().one_hot(CLASSES, &scores.device())),
                None => (model.reconstruct(examples.clone()) - examples.clone()).square().mean(),
            };
            error.into_scalar()
        };
        let (before, after) = (error(&*self.trained), error(&*trained));
        assert!(after < before, "{label}: {after} after {before}, {}", told["model"]);
    }
}
