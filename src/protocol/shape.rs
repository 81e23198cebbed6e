//! What the page needs to know of a model to draw it and to choose views of it.

use serde::{Deserialize, Serialize};

use crate::data::PIXELS;
use crate::data::plane::COORDINATES;

/// The layers of a model, what it learns from, and what its codes mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    /// Numbers in each layer, from the input to the output.
    pub layers: Vec<usize>,
    /// Which of the layers is the code.
    pub code_layer: usize,
    pub examples: ExampleKind,
    pub codes: CodeKind,
    /// What training makes the codes follow; None where it is nothing, or a part of the loss.
    #[serde(default)]
    pub prior: Option<CodePrior>,
    /// Whether it draws images by a Markov chain.
    #[serde(default)]
    pub has_chain: bool,
    /// What each layer's numbers are as maps, those of a convolution; None of a layer that has none. Empty where no layer has.
    #[serde(default)]
    pub maps: Vec<Option<MapSize>>,
}

/// Square maps, one after another, each row by row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapSize {
    pub maps: usize,
    /// Numbers in a row of a map, and rows.
    pub side: usize,
}

impl MapSize {
    /// Numbers in all maps.
    pub const fn numbers(self) -> usize {
        self.maps * self.side * self.side
    }

    /// The number in the middle of the first map, of all its numbers, row by row.
    pub fn middle(self) -> usize {
        (self.side / 2) * (self.side + 1)
    }
}

/// Numbers of the widest layer that is kept of all test images, in 164 MB. Of a wider one, which is maps, each map's largest number is.
pub const WIDEST: usize = 4_096;

impl Shape {
    /// Layers `input`, `hidden`, `code`, then the same way back.
    pub fn mirrored(input: usize, hidden: &[usize], code: usize, codes: CodeKind) -> Self {
        let encoder = [&[input], hidden].concat();
        let decoder = encoder.iter().rev().copied();
        let layers: Vec<usize> = encoder.iter().copied().chain([code]).chain(decoder).collect();
        Shape {
            layers,
            code_layer: encoder.len(),
            examples: ExampleKind::Digits,
            codes,
            prior: None,
            has_chain: false,
            maps: Vec::new(),
        }
    }

    /// The same layers, learning from other examples.
    pub fn of(self, examples: ExampleKind) -> Self {
        Shape { examples, ..self }
    }

    /// The same layers, of a model whose codes are made to follow `prior`.
    pub fn with_prior(self, prior: CodePrior) -> Self {
        Shape { prior: Some(prior), ..self }
    }

    /// The same layers, of a model that draws images by a Markov chain.
    pub fn with_chain(self) -> Self {
        Shape { has_chain: true, ..self }
    }

    /// The same layers, some of which are maps.
    pub fn with_maps(self, maps: impl IntoIterator<Item = Option<MapSize>>) -> Self {
        Shape { maps: maps.into_iter().collect(), ..self }
    }

    /// The maps that a layer is; None where it is none.
    pub fn maps_of(&self, layer: usize) -> Option<MapSize> {
        self.maps.get(layer).copied().flatten()
    }

    /// Numbers in an example.
    pub fn input(&self) -> usize {
        self.layers.first().copied().unwrap_or_default()
    }

    /// Whether a code has more than [`WIDEST`] numbers.
    pub fn has_wide_codes(&self) -> bool {
        self.code() > WIDEST
    }

    /// Numbers in a code.
    pub fn code(&self) -> usize {
        self.layers.get(self.code_layer).copied().unwrap_or_default()
    }
}

/// Examples that the project has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ExampleKind {
    /// MNIST's images, 784 pixels in [0, 1].
    Digits,
    /// Points of three coordinates about a tilted plane.
    Plane,
}

impl ExampleKind {
    /// Numbers in an example.
    pub const fn width(self) -> usize {
        match self {
            ExampleKind::Digits => PIXELS,
            ExampleKind::Plane => COORDINATES,
        }
    }
}

/// A distribution that codes are made to follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prior {
    /// N(0, 1) in each number.
    Normal,
    /// Ten Gaussians of two numbers, one for each class, at equal angles about the origin, each stretched outwards.
    Mixture,
    /// A roll of two numbers, along which the classes lie one after another.
    SwissRoll,
}

/// The distribution that a part of a code is made to follow.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CodePrior {
    pub prior: Prior,
    /// How many numbers of the code follow it: the first.
    pub numbers: usize,
    /// The standard deviation of the Gaussian noise that training puts on each of these numbers: with it they follow the prior.
    pub deviation: f64,
}

/// What the numbers of a code are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CodeKind {
    /// Any numbers.
    Real,
    /// Activations in [0, 1].
    Activations,
    /// Close to draws from N(0, 1), so that such draws can be decoded.
    Normal,
    /// Maps of `height` x `width` numbers, channel after channel.
    Images { channels: usize, height: usize, width: usize },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mirrored_shape_goes_back_the_way_it_came() {
        let shape = Shape::mirrored(784, &[500, 100], 20, CodeKind::Normal);
        assert_eq!(shape.layers, [784, 500, 100, 20, 100, 500, 784]);
        assert_eq!((shape.input(), shape.code()), (784, 20));
    }
}
