//! A forward pass, layer by layer.

use burn::tensor::Tensor;

/// What each layer of a network gives, `[batch, width]`, from the input on.
#[derive(Clone, Debug)]
pub struct Activations {
    before: Vec<Tensor<2>>,
    last: Tensor<2>,
    /// What activation functions were applied to, each with the number of its layer from the input, which is 0.
    before_activation: Vec<(usize, Tensor<2>)>,
}

impl Activations {
    /// The input, `[batch, input]`, before any layer.
    pub fn new(input: Tensor<2>) -> Self {
        Activations { before: Vec::new(), last: input, before_activation: Vec::new() }
    }

    /// These and what `layer` makes of the last.
    #[must_use]
    pub fn then(mut self, layer: impl FnOnce(Tensor<2>) -> Tensor<2>) -> Self {
        let next = layer(self.last.clone());
        self.before.push(std::mem::replace(&mut self.last, next));
        self
    }

    /// These and what an activation function, which grows with its input, makes of the outputs of `layer`, which are kept too.
    #[must_use]
    pub fn then_activated(
        mut self,
        layer: impl FnOnce(Tensor<2>) -> Tensor<2>,
        activation: impl FnOnce(Tensor<2>) -> Tensor<2>,
    ) -> Self {
        let outputs = layer(self.last.clone());
        self.before_activation.push((self.before.len() + 1, outputs.clone()));
        self.then(|_| activation(outputs))
    }

    /// Number of layers, the input among them.
    pub fn depth(&self) -> usize {
        self.before.len() + 1
    }

    /// Those of the last layer.
    pub fn last(self) -> Tensor<2> {
        self.last
    }

    /// Those of all layers, the input first.
    pub fn into_layers(self) -> Vec<Tensor<2>> {
        let Activations { mut before, last, .. } = self;
        before.push(last);
        before
    }

    /// Those of all layers, the input first; in place of what an activation function gives what it was applied to, which has a slope where
    /// a ReLU has none and an ELU hardly one.
    pub fn into_layers_before_activation(mut self) -> Vec<Tensor<2>> {
        let before_activation = std::mem::take(&mut self.before_activation);
        let mut layers = self.into_layers();
        before_activation.into_iter().for_each(|(layer, outputs)| layers[layer] = outputs);
        layers
    }
}
