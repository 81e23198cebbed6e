//! `train --bound`: a bound of the log-likelihood of binarised test images under a variational autoencoder, by importance sampling.

use std::error::Error;
use std::ops::Range;

use burn::module::Module;
use burn::tensor::Device;
use futures::executor::block_on;

use super::Outcome;
use super::files::{Files, sets};
use crate::analysis::importance::log_mean_exp;
use crate::analysis::parzen::LogLikelihood;
use crate::data::dataset::Dataset;
use crate::data::random::Purpose;
use crate::models::Autoencoder;
use crate::models::sampler::Sampler;
use crate::models::variational::Variational;
use crate::training::Entry;
use crate::training::evaluation::{example_rows, read};
use crate::weights::{DeviceError, load_own};

/// Samples of the posterior of an image, as Burda et al. 2016 take.
pub const SAMPLES: usize = 5_000;
/// Test images that the bound is averaged over, the first: all take half an hour on two cores.
const IMAGES: usize = 1_000;
/// Samples that are decoded at a time: their pixels stay in a processor's cache.
const BATCH: usize = 500;
/// Seed of the pixels and of the samples.
const SEED: u64 = 0;
/// Images between two lines on how far it is.
const LINE: usize = 100;

/// Prints the mean bound of the first [`IMAGES`] test images, each pixel drawn as 0 or 1 with its brightness as the probability of 1, by 1
/// sample and by [`SAMPLES`].
///
/// # Errors
/// If a file cannot be read, or is of another model than a variational autoencoder that learnt from such images.
pub fn measure(entry: &dyn Entry, files: &Files) -> Result<Outcome, Box<dyn Error>> {
    if entry.id() != Variational::ID {
        return Err(format!("{} gives no distribution of codes", entry.id()).into());
    }
    let (model, config) = load_own::<Variational>(&files.read_weights()?, &Device::flex())?;
    if !config.binarises {
        return Err(
            "these weights learnt from pixels between 0 and 1: train vae --preset binarised --output FOLDER first, \
                    then give the same FOLDER"
                .into(),
        );
    }
    let (_, _, test) = sets(files.data())?;
    let (mut one, mut many) = (vec![], vec![]);
    for start in (0..IMAGES.min(test.count())).step_by(LINE) {
        for bound in block_on(bounds(&model, &test, start..(start + LINE).min(test.count()), SAMPLES))? {
            one.push(bound.by_one);
            many.push(bound.by_all);
        }
        let so_far = LogLikelihood::of(&many);
        println!("  {} images: {:.2} ± {:.2}", many.len(), so_far.mean, so_far.standard_error);
    }
    for (samples, values) in [(1, one), (SAMPLES, many)] {
        let LogLikelihood { mean, standard_error } = LogLikelihood::of(&values);
        println!("{}: at least {mean:.2} ± {standard_error:.2} nats by {samples} samples of the code", entry.id());
    }
    Ok(Outcome::Good)
}

/// Bounds of the log-likelihood of an image, in nats.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// By one sample: the mean over many of such bounds is the evidence lower bound.
    pub by_one: f64,
    pub by_all: f64,
}

/// The bounds of the examples of these numbers of `data`, binarised, by so many `samples`.
///
/// # Errors
/// If the device does not give them back.
pub async fn bounds(
    model: &Variational,
    data: &dyn Dataset,
    numbers: Range<usize>,
    samples: usize,
) -> Result<Vec<Bounds>, DeviceError> {
    let device = model.devices()[0].clone();
    let mut found = vec![];
    for number in numbers {
        let sampler = Sampler::new(SEED, Purpose::Samples, number as u64, &device);
        let image = sampler.draw_pixels(example_rows(data, number..number + 1, &device));
        let code = model.posterior(image.clone()).mean.dims()[1];
        let mut weights = vec![];
        for start in (0..samples).step_by(BATCH) {
            let epsilon = sampler.normal([BATCH.min(samples - start), code]);
            weights.extend(read(model.log_importance_weights(image.clone(), epsilon)).await?);
        }
        found.push(Bounds { by_one: f64::from(weights[0]), by_all: log_mean_exp(&weights) });
    }
    Ok(found)
}
