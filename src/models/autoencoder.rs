//! What every autoencoder says of itself: training, evaluation and the page need no more.

use burn::config::Config;
use burn::module::Module;
use burn::tensor::{Device, Tensor};

use super::activations::Activations;
use super::batch::{Batch, Loss};
use super::lesson::Lesson;
use super::optimisers::Optimisers;
use super::recipe::{Phase, Recipe};
use super::sampler::Sampler;
use crate::protocol::{ModelId, Shape};

/// Name of the optimiser of a model that has one for all its parameters.
pub const WHOLE: &str = "";

/// A network that reconstructs its input from a code.
pub trait Autoencoder: Module + 'static {
    /// Its name in commands, links and file names.
    const ID: ModelId;

    type Config: Config + Clone + Default;

    /// A model with random weights.
    fn init(config: &Self::Config, device: &Device) -> Self;

    /// The layers as drawn, the code, what it learns from, and what its codes mean.
    fn shape(config: &Self::Config) -> Shape;

    /// How it is trained, measured and compared, and what of that can be changed.
    fn lesson() -> Lesson<Self::Config>;

    /// Inputs `[batch, input]` through the layers of the encoder, the codes `[batch, code]` last; their mean where they are
    /// stochastic.
    fn encode_by_layer(&self, inputs: Tensor<2>) -> Activations;

    /// Codes `[batch, code]` through the layers of the decoder, the outputs `[batch, input]` last, images in [0, 1].
    fn decode_by_layer(&self, codes: Tensor<2>) -> Activations;

    /// The weights between the examples and the layers next to them, of layers that are fully connected or convolutions.
    fn outer_weights(&self) -> Option<OuterWeights> {
        None
    }

    /// The Jacobian of the code with respect to the inputs `[batch, input]`, in closed form: dh_j / dx_i at `[batch, j, i]`, `[batch,
    /// code, input]`. None where it has none that is simple.
    fn encoder_jacobian(&self, _inputs: Tensor<2>) -> Option<Tensor<3>> {
        None
    }

    /// What training minimises in the phase of `batch`. The forward pass may be another than in use.
    fn loss(&self, batch: &Batch) -> Loss;

    /// What is trained one after another; [`Batch::phase`] tells the loss which.
    fn phases(recipe: &Recipe, _config: &Self::Config) -> Vec<Phase> {
        vec![Phase::whole(recipe)]
    }

    /// What `phase` learns from in place of the `examples`, `[batch, input]`: codes of an earlier phase, `[batch, any]`, computed
    /// once when the phase begins. The phase must not change the parameters that they follow from. None: the examples.
    fn phase_inputs(&self, _examples: Tensor<2>, _phase: usize) -> Option<Tensor<2>> {
        None
    }

    /// One step of training, and its loss. A model with several optimisers says here which part learns from which loss.
    fn step(self, batch: &Batch, optimisers: &mut Optimisers) -> (Self, Loss) {
        let loss = self.loss(batch);
        (optimisers.step(WHOLE, self, loss.total()), loss)
    }

    /// Inputs `[batch, input]` to the scores of classes, `[batch, classes]`: the largest is the class. None where it does not classify.
    fn classify(&self, _inputs: Tensor<2>) -> Option<Tensor<2>> {
        None
    }

    /// One step of the Markov chain that draws images, from images `[batch, input]`. None where the model has none; its
    /// [shape](Shape::has_chain) tells.
    fn chain_step(&self, _images: Tensor<2>, _sampler: &Sampler) -> Option<ChainStep> {
        None
    }

    /// Inputs `[batch, input]` to codes `[batch, code]`; the mean where codes are stochastic.
    fn encode(&self, inputs: Tensor<2>) -> Tensor<2> {
        self.encode_by_layer(inputs).last()
    }

    /// Codes `[batch, code]` to what a linear classifier is given of them, `[batch, features]`: codes that are large maps are pooled.
    fn features(&self, codes: Tensor<2>) -> Tensor<2> {
        codes
    }

    /// Codes `[batch, code]` to outputs `[batch, input]`, images in [0, 1].
    fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        self.decode_by_layer(codes).last()
    }

    /// Inputs `[batch, input]`, which may be noisy, to outputs of the same shape.
    fn reconstruct(&self, inputs: Tensor<2>) -> Tensor<2> {
        self.decode(self.encode(inputs))
    }
}

/// A step of a Markov chain of images.
pub struct ChainStep {
    /// The images that it began from with noise, `[batch, input]`.
    pub noisy: Tensor<2>,
    /// The means of the next images' pixels, in [0, 1], `[batch, input]`.
    pub means: Tensor<2>,
    /// Whether the next images' pixels are drawn, 0 or 1; else they are their means.
    pub draws_pixels: bool,
}

impl ChainStep {
    /// The next images, of the same shape.
    pub fn next(&self, sampler: &Sampler) -> Tensor<2> {
        if self.draws_pixels { sampler.draw_pixels(self.means.clone()) } else { self.means.clone() }
    }
}

/// Weights that can be looked at as examples or, of convolutions, as parts of images: there a unit is a map, and its weights a filter of
/// `kernel` x `kernel`.
pub struct OuterWeights {
    /// Of the first layer of the encoder, `[input, units]` or `[kernel * kernel, maps]`: a column is what a unit looks for.
    pub first: Tensor<2>,
    /// Of the last layer of the decoder, `[units, input]` or `[maps, kernel * kernel]`: a row is what a unit adds to the output.
    pub last: Tensor<2>,
}
