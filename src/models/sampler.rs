//! Random draws of a training step that are the same on every platform and need no state in a snapshot.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use burn::tensor::{Device, Tensor, TensorData};
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use crate::data::random::{Purpose, stream};

/// Draws of one step: they follow from the seed, the step's number, and the order in which the step asks for them.
#[derive(Clone, Debug)]
pub struct Sampler(Rc<RefCell<Source>>);

#[derive(Debug)]
enum Source {
    Seeded { seed: u64, purpose: Purpose, index: u64, draws: u64, device: Device },
    Fixed(VecDeque<Vec<f32>>, Device),
}

impl Sampler {
    /// The draws number `index` (below 2^40) for `purpose` under `seed`, as tensors on `device`.
    pub fn new(seed: u64, purpose: Purpose, index: u64, device: &Device) -> Self {
        let device = device.clone();
        Self(Rc::new(RefCell::new(Source::Seeded { seed, purpose, index, draws: 0, device })))
    }

    /// These values, one after another, whatever is drawn: to compare a loss with one that was computed elsewhere.
    pub fn fixed(draws: impl IntoIterator<Item = Vec<f32>>, device: &Device) -> Self {
        Self(Rc::new(RefCell::new(Source::Fixed(draws.into_iter().collect(), device.clone()))))
    }

    /// Independent draws from N(0, 1).
    pub fn normal<const D: usize>(&self, shape: [usize; D]) -> Tensor<D> {
        self.draw(shape, |rng| StandardNormal.sample(rng))
    }

    /// Independent draws from the uniform distribution over [0, 1).
    pub fn uniform<const D: usize>(&self, shape: [usize; D]) -> Tensor<D> {
        self.draw(shape, RngExt::random::<f32>)
    }

    /// Independent draws: 1 with probability `p`, else 0.
    pub fn bernoulli<const D: usize>(&self, p: f32, shape: [usize; D]) -> Tensor<D> {
        self.draw(shape, |rng| f32::from(u8::from(rng.random::<f32>() < p)))
    }

    /// Pixels of 0 or 1, each 1 with its probability of `means`, of the same shape.
    pub fn draw_pixels<const D: usize>(&self, means: Tensor<D>) -> Tensor<D> {
        let uniform = self.uniform(means.dims());
        means.greater(uniform).float()
    }

    fn draw<const D: usize>(&self, shape: [usize; D], one: impl Fn(&mut ChaCha8Rng) -> f32) -> Tensor<D> {
        let count = shape.iter().product();
        let (values, device) = match &mut *self.0.borrow_mut() {
            Source::Seeded { seed, purpose, index, draws, device } => {
                let mut rng = stream(*seed, *purpose, (*draws << 40) | *index);
                *draws += 1;
                ((0..count).map(|_| one(&mut rng)).collect(), device.clone())
            }
            Source::Fixed(draws, device) => {
                (draws.pop_front().expect("a draw for each that is asked for"), device.clone())
            }
        };
        Tensor::from_data(TensorData::new(values, shape), &device)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(tensor: Tensor<1>) -> Vec<f32> {
        tensor.into_data().iter().collect()
    }

    #[test]
    fn draws_follow_from_seed_step_and_order() {
        let sampler = |seed, step| Sampler::new(seed, Purpose::Epsilon, step, &Device::flex());
        let (first, second) = (sampler(1, 5), sampler(1, 5));
        let draws = [first.normal([8]), first.normal([8])].map(values);
        assert_ne!(draws[0], draws[1], "each draw of a step is another");
        assert_eq!(draws, [second.normal([8]), second.normal([8])].map(values));
        assert!([sampler(2, 5), sampler(1, 6)].iter().all(|other| values(other.normal([8])) != draws[0]));
    }

    #[test]
    fn draws_have_their_moments() {
        const COUNT: usize = 100_000;
        let sampler = Sampler::new(1, Purpose::Epsilon, 0, &Device::flex());
        let mean = |values: &[f32]| values.iter().map(|&value| f64::from(value)).sum::<f64>() / COUNT as f64;
        let square = |values: &[f32]| values.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>() / COUNT as f64;
        let (normal, uniform) = (values(sampler.normal([COUNT])), values(sampler.uniform([COUNT])));
        let bernoulli = values(sampler.bernoulli(0.3, [COUNT]));
        for (name, found, expected) in [
            ("mean of N(0, 1)", mean(&normal), 0.0),
            ("variance of N(0, 1)", square(&normal), 1.0),
            ("mean of U(0, 1)", mean(&uniform), 0.5),
            ("second moment of U(0, 1)", square(&uniform), 1.0 / 3.0),
            ("mean of Bernoulli(0.3)", mean(&bernoulli), 0.3),
        ] {
            assert!((found - expected).abs() < 0.02, "{name}: {found}");
        }
        assert!(bernoulli.iter().all(|value| [0.0, 1.0].contains(value)));
    }
}
