//! What a linear classifier can tell from codes: how good a representation is for something that it was not learnt for.

use burn::tensor::{Device, Tensor, TensorData};

use super::files::Examples;
use crate::analysis::ridge::RidgeSums;
use crate::data::dataset::{Dataset, gather};
use crate::training::evaluation::read;
use crate::weights::DeviceError;

/// The digits.
const CLASSES: usize = 10;

/// Weight of the squared weights beside the squared errors of all 55,000 images.
const LAMBDA: f64 = 10.0;

/// Examples that are encoded at a time.
const BATCH: usize = 500;

/// Why there is no classifier.
#[derive(Debug, thiserror::Error)]
pub enum ClassifierError {
    #[error(transparent)]
    Device(#[from] DeviceError),
    #[error(
        "no linear classifier can be fitted to the codes: they hardly differ from image to image, or are not finite"
    )]
    Codes,
}

/// The share of the test images that ridge regression of the digits, one-hot, on `encode`'s codes of the training images takes for
/// another digit. Examples without a class are left out.
///
/// # Errors
/// If the device does not give the codes back, or regression on them has no solution in finite numbers.
pub async fn linear_classifier_error(
    encode: impl Fn(Tensor<2>) -> Tensor<2>,
    device: &Device,
    examples: &Examples,
) -> Result<f64, ClassifierError> {
    let mut known: Option<RidgeSums> = None;
    for (images, labels) in labelled_batches(&*examples.train, device) {
        let codes = encode(images);
        let [count, width] = codes.dims();
        let targets: Vec<f32> = labels.iter().flat_map(|&label| one_hot(label)).collect();
        let targets = Tensor::<2>::from_data(TensorData::new(targets, [count, CLASSES]), device);
        let sums = [
            codes.clone().sum_dim(0),
            targets.clone().sum_dim(0),
            codes.clone().transpose().matmul(codes.clone()),
            codes.transpose().matmul(targets),
        ];
        let mut read_sums = Vec::new();
        for sum in sums {
            read_sums.push(read(sum).await?.into_iter().map(f64::from).collect::<Vec<_>>());
        }
        let [inputs, targets, gram, products] = &read_sums[..] else { unreachable!("four sums") };
        known.get_or_insert_with(|| RidgeSums::new(width, CLASSES)).add(count, inputs, targets, gram, products);
    }
    let ridge = known.and_then(|sums| sums.solve(LAMBDA)).ok_or(ClassifierError::Codes)?;
    let (mut wrong, mut all) = (0, 0);
    for (images, labels) in labelled_batches(&*examples.test, device) {
        let codes = encode(images);
        let [_, width] = codes.dims();
        let codes = read(codes).await?;
        wrong += codes.chunks_exact(width).zip(&labels).filter(|(code, label)| ridge.classify(code) != **label).count();
        all += labels.len();
    }
    Ok(wrong as f64 / all as f64)
}

/// The examples whose class is known, as tensors `[batch, width]`, and their classes.
pub(super) fn labelled_batches<'a>(
    data: &'a dyn Dataset,
    device: &'a Device,
) -> impl Iterator<Item = (Tensor<2>, Vec<usize>)> + 'a {
    let labelled: Vec<(usize, usize)> =
        (0..data.count()).filter_map(|index| data.label(index).map(|label| (index, usize::from(label)))).collect();
    let starts = (0..labelled.len()).step_by(BATCH);
    starts.map(move |start| {
        let part = &labelled[start..(start + BATCH).min(labelled.len())];
        let rows = gather(data, part.iter().map(|&(index, _)| index));
        let rows = Tensor::from_data(TensorData::new(rows, [part.len(), data.width()]), device);
        (rows, part.iter().map(|&(_, label)| label).collect())
    })
}

fn one_hot(label: usize) -> [f32; CLASSES] {
    std::array::from_fn(|class| f32::from(u8::from(class == label)))
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use futures::executor::block_on;

    use super::*;

    /// One number each, of two classes.
    struct Numbers;

    impl Dataset for Numbers {
        fn count(&self) -> usize {
            1_000
        }

        fn width(&self) -> usize {
            1
        }

        fn read(&self, index: usize, row: &mut [f32]) {
            row.fill((index % 2) as f32);
        }

        fn label(&self, index: usize) -> Option<u8> {
            Some((index % 2) as u8)
        }
    }

    #[test]
    fn codes_without_a_classifier_are_an_error() {
        let examples = Examples { train: Rc::new(Numbers), validation: None, test: Rc::new(Numbers) };
        let error =
            |factor: f32| block_on(linear_classifier_error(|numbers| numbers * factor, &Device::flex(), &examples));
        assert_eq!(error(1.0).unwrap(), 0.0);
        for factor in [f32::NAN, f32::INFINITY] {
            assert!(matches!(error(factor), Err(ClassifierError::Codes)), "codes times {factor}");
        }
    }
}
