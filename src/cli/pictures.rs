//! `train --pictures`: what each model makes of the same test digits, and what it draws by itself, as images for a table.

use std::error::Error;

use burn::tensor::{Device, Tensor, TensorData};
use futures::executor::block_on;

use super::Outcome;
use super::files::{Files, replace, sets};
use super::parzen;
use crate::data::dataset::{Dataset, gather};
use crate::data::{IMAGE_SIDE, PIXELS};
use crate::protocol::ExampleKind;
use crate::training::Entry;
use crate::training::evaluation::read;

/// Images side by side: one of each digit.
const COUNT: usize = 10;

/// Writes into `www/models/pictures` the first test image of each digit (`test.png`), the model's reconstructions of them (`<model>.png`),
/// and where it draws images ten of those (`<model>-samples.png`).
///
/// # Errors
/// If a file cannot be read or written.
pub fn write(entry: &dyn Entry, files: &Files) -> Result<Outcome, Box<dyn Error>> {
    let model = entry.load(&files.read_weights()?, &Device::flex())?;
    if model.shape().examples != ExampleKind::Digits {
        return Ok(Outcome::Good);
    }
    let (train, _, test) = sets(files.data())?;
    let first = |digit| (0..test.count()).find(|&at| test.label(at).map(usize::from) == Some(digit));
    let first: Vec<usize> = (0..COUNT).filter_map(first).collect();
    let digits = gather(&test, first.into_iter());
    let images = Tensor::<2>::from_data(TensorData::new(digits.clone(), [COUNT, PIXELS]), &model.device());
    let rebuilt = block_on(read(model.reconstruct(images)))?;
    let mut pictures = vec![("test".to_string(), digits), (entry.id().name().to_string(), rebuilt)];
    if parzen::applies(entry) {
        let drawn = block_on(read(parzen::samples(&*model, &train, COUNT)))?;
        pictures.push((format!("{}-samples", entry.id().name()), drawn));
    }
    for (name, pixels) in pictures {
        let path = files.picture(&name);
        replace(&path, &png(&pixels)?)?;
        println!("Wrote {}.", path.display());
    }
    Ok(Outcome::Good)
}

/// Images in [0, 1], one after another, side by side in one grey PNG.
fn png(images: &[f32]) -> Result<Vec<u8>, png::EncodingError> {
    let count = images.len() / PIXELS;
    let pixel =
        |row: usize, column: usize| images[column / IMAGE_SIDE * PIXELS + row * IMAGE_SIDE + column % IMAGE_SIDE];
    let bytes = (0..IMAGE_SIDE).flat_map(|row| (0..count * IMAGE_SIDE).map(move |column| (row, column)));
    let bytes: Vec<u8> =
        bytes.map(|(row, column)| (pixel(row, column).clamp(0.0, 1.0) * 255.0).round() as u8).collect();
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, (count * IMAGE_SIDE) as u32, IMAGE_SIDE as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_compression(png::Compression::High);
    encoder.write_header()?.write_image_data(&bytes)?;
    Ok(file)
}
