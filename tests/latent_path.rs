//! What "Seeing inside" tells of the ways between two codes of the variational autoencoder.

use bottleneck::analysis::latent::path;
use bottleneck::data::dataset::Dataset;
use bottleneck::training::Catalogue;
use bottleneck::training::evaluation::codes;
use bottleneck::weights::TrainedModel;
use burn::tensor::{Device, Tensor, TensorData};
use futures::executor::block_on;
use support::{VAE, digits, file};

mod support;

/// Codes that are decoded at once.
const BATCH: usize = 1_000;

/// The share of the pixels decoded from `codes` that are grey, between 0.2 and 0.8.
fn grey_share(model: &dyn TrainedModel, codes: &[Vec<f32>]) -> f64 {
    let is_grey = |&pixel: &f32| (0.2..=0.8).contains(&pixel);
    let (mut grey, mut all) = (0, 0);
    for codes in codes.chunks(BATCH) {
        let shape = [codes.len(), codes[0].len()];
        let codes = Tensor::from_data(TensorData::new(codes.concat(), shape), &Device::flex());
        let pixels: Vec<f32> = model.decode(codes).into_data().iter().collect();
        grey += pixels.iter().filter(|&pixel| is_grey(pixel)).count();
        all += pixels.len();
    }
    grey as f64 / all as f64
}

/// Each test image of the first half with one of the second.
#[test]
fn halfway_there_is_more_grey_on_the_straight_line_than_on_the_sphere_as_the_chapter_says() {
    let catalogue = Catalogue::all();
    let entry = catalogue.get(VAE).expect("it is in the catalogue");
    let model = entry.load(&file("models/vae.safetensors"), &Device::flex()).expect("good weights");
    let test = digits("t10k");
    let codes: Vec<Vec<f32>> =
        block_on(codes(&*model, &test)).unwrap().chunks_exact(model.shape().code()).map(<[f32]>::to_vec).collect();
    let (from, to) = codes.split_at(test.count() / 2);
    let halfway = |spherical| -> Vec<Vec<f32>> {
        from.iter().zip(to).map(|(from, to)| path(from, to, 3, spherical).swap_remove(1)).collect()
    };
    let [ends, straight, spherical] =
        [codes.clone(), halfway(false), halfway(true)].map(|codes| 100.0 * grey_share(&*model, &codes));
    println!("{ends:.2} % at the ends, {straight:.2} % straight, {spherical:.2} % on the sphere");
    assert!(ends < spherical && spherical < straight);
    for language in ["en", "zh"] {
        let chapter = String::from_utf8(file(&format!("content/{language}/inside.md"))).expect("a chapter");
        for share in [ends, straight, spherical] {
            assert!(chapter.contains(&format!("{share:.1} %")), "{share:.1} % in {language}");
        }
    }
}
