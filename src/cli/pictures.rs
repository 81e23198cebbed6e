//! `train --pictures`: what each model makes of the same test digits, and what it draws by itself, as images for a table.

use std::error::Error;

use burn::tensor::{Device, Tensor, TensorData};
use futures::executor::block_on;

use super::Outcome;
use super::files::{Files, replace, sets};
use super::parzen;
use crate::data::dataset::{first_of_each, gather};
use crate::data::{IMAGE_SIDE, PIXELS};
use crate::protocol::ExampleKind;
use crate::training::Entry;
use crate::training::evaluation::read;

/// The digits: one image of each stands in a picture.
const CLASSES: u8 = 10;

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
    let digits = gather(&test, first_of_each(&test, CLASSES).into_iter());
    let shape = [digits.len() / PIXELS, PIXELS];
    let images = Tensor::<2>::from_data(TensorData::new(digits.clone(), shape), &model.device());
    let rebuilt = block_on(read(model.reconstruct(images)))?;
    let mut pictures = vec![("test".to_string(), digits), (entry.id().name().to_string(), rebuilt)];
    if parzen::applies(entry) {
        let drawn = block_on(read(parzen::samples(&*model, &train, CLASSES.into())))?;
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
