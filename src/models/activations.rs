//! A forward pass, layer by layer.

use burn::tensor::Tensor;

/// What each layer of a network gives, `[batch, width]`, from the input on.
#[derive(Clone, Debug)]
pub struct Activations {
    before: Vec<Tensor<2>>,
    last: Tensor<2>,
}

impl Activations {
    /// The input, `[batch, input]`, before any layer.
    pub fn new(input: Tensor<2>) -> Self {
        Activations { before: Vec::new(), last: input }
    }

    /// These and what `layer` makes of the last.
    #[must_use]
    pub fn then(mut self, layer: impl FnOnce(Tensor<2>) -> Tensor<2>) -> Self {
        let next = layer(self.last.clone());
        self.before.push(std::mem::replace(&mut self.last, next));
        self
    }

    /// Those of the last layer.
    pub fn last(self) -> Tensor<2> {
        self.last
    }

    /// Those of all layers, the input first.
    pub fn into_layers(self) -> Vec<Tensor<2>> {
        let Activations { mut before, last } = self;
        before.push(last);
        before
    }
}
