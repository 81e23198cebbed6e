//! The stacked contractive autoencoder against tests/reference/contractive_stacked.py; its training and its walk.

use std::collections::BTreeMap;
use std::rc::Rc;

use bottleneck::data::PIXELS;
use bottleneck::data::dataset::gather;
use bottleneck::data::random::Purpose;
use bottleneck::models::Autoencoder;
use bottleneck::models::batch::{Batch, Labels};
use bottleneck::models::contractive_stacked::{ContractiveStacked, ContractiveStackedConfig};
use bottleneck::models::sampler::Sampler;
use bottleneck::training::Catalogue;
use bottleneck::weights::{self, Tensors};
use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use serde::Deserialize;
use serde_json::Value;

mod support;

use support::digits;
use support::reference::{Array, close, drawn, gradients, values};

#[derive(Deserialize)]
struct Reference {
    config: ContractiveStackedConfig,
    images: Array,
    weights: BTreeMap<String, Array>,
    phases: Vec<Phase>,
    /// Of each step of the walk, draws from N(0, 1), one row for each image.
    noise: Vec<Vec<f32>>,
    /// `[batch, code, input]`.
    jacobians: Array,
    noisy: Array,
    means: Array,
}

#[derive(Deserialize)]
struct Phase {
    examples: Array,
    parts: BTreeMap<String, f32>,
    gradients: BTreeMap<String, Array>,
}

impl Reference {
    fn read() -> Self {
        serde_json::from_str(include_str!("reference/contractive_stacked.json"))
            .expect("what contractive_stacked.py wrote")
    }

    fn model(&self, device: &Device) -> ContractiveStacked {
        let tensors: Tensors = self.weights.iter().map(|(name, array)| (name.clone(), array.data())).collect();
        drawn(|| weights::apply(self.config.init(device), tensors).expect("all tensors"))
    }
}

#[test]
fn losses_and_gradients_of_all_phases_are_the_references() {
    let device = Device::flex().autodiff();
    let reference = Reference::read();
    let model = reference.model(&device).train();
    for (number, phase) in reference.phases.iter().enumerate() {
        let examples = phase.examples.tensor(&device);
        let batch = Batch {
            input: examples.clone(),
            target: examples,
            labels: Labels(vec![None; phase.examples.shape[0]]),
            phase: number,
            progress: 0.5,
            sampler: Sampler::fixed(reference.noise.clone(), &device),
        };
        let loss = model.loss(&batch);
        assert_eq!(loss.parts.len(), phase.parts.len());
        for (name, part) in &loss.parts {
            close(name, &values(part.clone()), &[phase.parts[*name]]);
        }
        let found = gradients(&model, &loss.total());
        assert_eq!(found.keys().collect::<Vec<_>>(), phase.gradients.keys().collect::<Vec<_>>(), "of phase {number}");
        for (name, gradient) in &found {
            close(name, gradient, &phase.gradients[name].values);
        }
    }
}

#[test]
fn the_inner_layer_learns_on_the_outer_codes() {
    let device = Device::flex();
    let reference = Reference::read();
    let model = reference.model(&device);
    let images = reference.images.tensor(&device);
    assert!(model.phase_inputs(images.clone(), 0).is_none());
    let codes = model.phase_inputs(images, 1).expect("codes");
    close("outer codes", &values(codes), &reference.phases[1].examples.values);
}

#[test]
fn a_step_of_the_walk_is_the_references() {
    let device = Device::flex();
    let reference = Reference::read();
    let model = reference.model(&device);
    let images = reference.images.tensor(&device);
    let jacobians = model.encoder_jacobian(images.clone()).expect("it has one");
    assert_eq!(jacobians.dims().to_vec(), reference.jacobians.shape);
    close("the Jacobians", &values(jacobians), &reference.jacobians.values);

    let sampler = Sampler::fixed(reference.noise[..1].to_vec(), &device);
    let step = model.chain_step(images, &sampler).expect("it has a chain");
    close("noisy", &values(step.noisy.clone()), &reference.noisy.values);
    close("means", &values(step.means.clone()), &reference.means.values);
    close("the next images", &values(step.next(&sampler)), &reference.means.values);
}

#[test]
fn without_noise_a_step_is_the_reconstruction() {
    let device = Device::flex();
    let model =
        drawn(|| ContractiveStackedConfig::new().with_hidden(20).with_code(10).with_walk_sigma(0.0).init(&device));
    let images = test_images(&device);
    let sampler = Sampler::new(1, Purpose::Chain, 0, &device);
    let step = model.chain_step(images.clone(), &sampler).expect("it has a chain");
    close("noisy", &values(step.noisy), &values(images.clone()));
    close("means", &values(step.means), &values(model.reconstruct(images)));
}

/// Twenty test digits.
fn test_images(device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(gather(&digits("test-digits"), 0..20), [20, PIXELS]), device)
}

/// A short training of smaller layers: the first learns, the second alone, then both; and the walk leads back better than it did.
#[test]
fn layers_learn_one_after_the_other_and_then_together() {
    let catalogue = Catalogue::all();
    let entry = catalogue.get(ContractiveStacked::ID).expect("it is in the catalogue");
    let mut settings: Value = serde_json::from_str(&entry.describe().presets[0].settings).expect("JSON");
    settings["model"]["hidden"] = 100.into();
    settings["model"]["code"] = 60.into();
    settings["recipe"]["epochs"] = 8.into();
    settings["recipe"]["batch"] = 50.into();
    let train = Rc::new(digits("t10k").slice(1_000..3_000));
    let plan = entry.plan(&settings.to_string()).expect("settings");
    let mut run = drawn(|| plan.begin(train, &Device::flex()).expect("a run"));
    let images = test_images(&Device::flex());
    let error = |model: &dyn weights::TrainedModel| -> f32 {
        (model.reconstruct(images.clone()) - images.clone()).square().mean().into_scalar()
    };
    let outer = |model: &dyn weights::TrainedModel| values(model.phase_inputs(images.clone(), 1).expect("outer codes"));
    // What ten steps of the walk make of the images, beside the images.
    let walked = |model: &dyn weights::TrainedModel| -> f32 {
        let mut walked = images.clone();
        for number in 0..10 {
            let sampler = Sampler::new(1, Purpose::Chain, number, &Device::flex());
            walked = model.chain_step(walked, &sampler).expect("it has a chain").next(&sampler);
        }
        (walked - images.clone()).square().mean().into_scalar()
    };
    let mut after = vec![run.trained()];
    for phase in 0..3 {
        while run.phase() == phase && !run.is_done() {
            run.step();
        }
        after.push(run.trained());
    }
    let [at_first, first, second, last] = &after[..] else { unreachable!("three phases") };
    assert!(outer(&**at_first) != outer(&**first), "the first phase trains the outer layer");
    assert!(outer(&**first) == outer(&**second), "the second leaves it as it is");
    assert!(outer(&**second) != outer(&**last), "the third trains both");
    let errors = [first, second, last].map(|model| error(&**model));
    assert!(errors[1] < errors[0] && errors[2] < 0.045, "errors {errors:?}: the mean digit has 0.067");
    let walks = [second, last].map(|model| walked(&**model));
    assert!(walks[1] < 0.9 * walks[0], "errors of the walk {walks:?}");
}
