//! The Parzen window estimate: of a Gaussian, whose value is known, and against tests/reference/parzen.py.

use bottleneck::analysis::parzen::{LogLikelihood, ParzenWindow};
use bottleneck::cli::parzen::{Estimate, estimate};
use bottleneck::data::dataset::Dataset;
use bottleneck::data::random::{Purpose, stream};
use burn::tensor::{Device, Tensor, TensorData};
use futures::executor::block_on;
use rand_distr::{Distribution, StandardNormal};
use serde_json::Value;

/// Rows of `width` numbers.
struct Rows {
    values: Vec<f32>,
    width: usize,
}

impl Dataset for Rows {
    fn count(&self) -> usize {
        self.values.len() / self.width
    }

    fn width(&self) -> usize {
        self.width
    }

    fn read(&self, index: usize, row: &mut [f32]) {
        row.copy_from_slice(&self.values[index * self.width..][..self.width]);
    }
}

impl Rows {
    /// Draws from N(0, 1) in every place.
    fn normal(seed: u64, count: usize, width: usize) -> Self {
        let mut rng = stream(seed, Purpose::Samples, 0);
        Rows { values: (0..count * width).map(|_| StandardNormal.sample(&mut rng)).collect(), width }
    }

    fn of(value: &Value) -> Self {
        let values = numbers(&value["values"]).into_iter().map(|number| number as f32).collect();
        Rows { values, width: value["shape"][1].as_u64().unwrap() as usize }
    }

    fn tensor(&self) -> Tensor<2> {
        Tensor::from_data(TensorData::new(self.values.clone(), [self.count(), self.width]), &Device::flex())
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

/// Samples of N(0, 1) with windows of width s are N(0, 1 + s^2): E log p(x) of x from N(0, 1) is -width / 2 (log(2 pi (1 + s^2)) +
/// 1 / (1 + s^2)).
#[test]
fn a_known_gaussian_has_its_known_value() {
    let (sigma, width) = (0.3_f64, 2);
    let samples = Rows::normal(1, 10_000, width);
    let [validation, test] = [(2, 2_000), (3, 10_000)].map(|(seed, count)| Rows::normal(seed, count, width));
    let found = block_on(estimate(&ParzenWindow::new(samples.tensor()), &validation, &test, &[sigma])).unwrap();
    let variance = 1.0 + sigma.powi(2);
    let expected = -(width as f64) / 2.0 * ((2.0 * std::f64::consts::PI * variance).ln() + 1.0 / variance);
    let LogLikelihood { mean, standard_error } = found.test;
    assert!((mean - expected).abs() < 3.0 * standard_error, "{mean} ± {standard_error}, not {expected}");
    assert!((0.005..0.015).contains(&standard_error), "about 1 / (1 + s^2) / sqrt(10,000): {standard_error}");
}

/// The window is as wide as the distribution about a sample, which is known here: a Gaussian about one point.
#[test]
fn the_sigma_chosen_is_the_distributions() {
    let scaled = |seed| {
        let Rows { values, width } = Rows::normal(seed, 2_000, 5);
        Rows { values: values.into_iter().map(|value| 0.2 * value).collect(), width }
    };
    let window = ParzenWindow::new(Tensor::zeros([1, 5], &Device::flex()));
    let sigmas: Vec<f64> = (1..=10).map(|twentieths| f64::from(twentieths) / 20.0).collect();
    let found = block_on(estimate(&window, &scaled(1), &scaled(2), &sigmas)).unwrap();
    assert_eq!(found.sigma, 0.2);
    // Minus the entropy of the Gaussian.
    let expected = -5.0 / 2.0 * (2.0 * std::f64::consts::PI * std::f64::consts::E * 0.04).ln();
    let LogLikelihood { mean, standard_error } = found.test;
    assert!((mean - expected).abs() < 3.0 * standard_error, "{mean} ± {standard_error}, not {expected}");
}

#[test]
fn numpy_comes_to_the_same() {
    let expected: Value = serde_json::from_str(include_str!("reference/parzen.json")).unwrap();
    let [samples, validation, test] = ["samples", "validation", "test"].map(|name| Rows::of(&expected[name]));
    let window = ParzenWindow::new(samples.tensor());
    let Estimate { sigma, test: found } =
        block_on(estimate(&window, &validation, &test, &numbers(&expected["sigmas"]))).unwrap();
    assert_eq!(sigma, expected["sigma"].as_f64().unwrap());
    for (name, value) in [("mean", found.mean), ("standard_error", found.standard_error)] {
        assert!((value - expected[name].as_f64().unwrap()).abs() < 1e-4, "{name}: {value}");
    }
    let far = window.log_likelihoods(window.squared_distances(test.tensor() + 3.0), 0.1);
    for (found, expected) in far.into_data().iter::<f64>().zip(numbers(&expected["far"])) {
        assert!((found / expected - 1.0).abs() < 1e-4, "{found}, not {expected}");
    }
}
