//! The network that tells codes from draws of a prior, and what it and the encoder against it minimise.
//!
//! Reference: I. Goodfellow et al., "Generative Adversarial Nets", NIPS 2014, section 3; with classes: A. Makhzani et al., "Adversarial
//! Autoencoders", arXiv:1511.05644 (2015), section 2.3.

use burn::module::Module;
use burn::tensor::{Device, Tensor};

use super::classifier::CLASSES;
use super::objective::cross_entropy;
use super::relu_network::ReluNetwork;

/// Codes, and the classes of what they are of if it is told, to the logit of their being draws of the prior.
#[derive(Module, Debug)]
pub struct Discriminator {
    network: ReluNetwork,
    #[module(skip)]
    has_labels: bool,
}

impl Discriminator {
    /// Of codes of `code` numbers, with hidden layers of these widths.
    pub fn new(code: usize, hidden: &[usize], has_labels: bool, device: &Device) -> Self {
        let inputs = code + if has_labels { CLASSES } else { 0 };
        Discriminator { network: ReluNetwork::new(inputs, hidden.iter().copied(), 1, device), has_labels }
    }

    /// Codes `[batch, code]` and their classes `[batch, 10]`, a 1 in each row, to logits `[batch, 1]`.
    pub fn logits(&self, codes: Tensor<2>, classes: Tensor<2>) -> Tensor<2> {
        let inputs = if self.has_labels { Tensor::cat(vec![codes, classes], 1) } else { codes };
        self.network.forward(inputs)
    }

    /// The cross-entropy of telling `draws` of the prior from `codes`, both `[batch, code]` of the same `classes`, in nats per code: half
    /// of -log D(z) - log(1 - D(q)). Where it tells nothing it is log 2 = 0.693, where it tells all it is 0.
    pub fn loss(&self, draws: Tensor<2>, codes: Tensor<2>, classes: Tensor<2>) -> Tensor<1> {
        let logits = |codes| self.logits(codes, classes.clone());
        let (of_draws, of_codes) = (logits(draws), logits(codes));
        let ones = of_draws.ones_like();
        let zeros = of_codes.zeros_like();
        cross_entropy(Tensor::cat(vec![of_draws, of_codes], 0), Tensor::cat(vec![ones, zeros], 0)).mean()
    }

    /// What the encoder minimises against it, -log D(q) in nats per code (Goodfellow et al., the end of section 3): log 2 where the
    /// discriminator tells nothing, large where it tells all.
    pub fn generator_loss(&self, codes: Tensor<2>, classes: Tensor<2>) -> Tensor<1> {
        let logits = self.logits(codes, classes);
        let ones = logits.ones_like();
        cross_entropy(logits, ones).mean()
    }
}
