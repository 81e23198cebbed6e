//! What a model makes of many examples, beside what PCA makes of them.

mod support;

use bottleneck::analysis::histogram::HISTOGRAM_BINS;
use bottleneck::engine::Engine;
use bottleneck::protocol::{
    CodesView, Control, GetGallery, GetTestDigit, GetViews, ModelId, Noise, Projections, Reconstruct, Reconstruction,
    Views,
};
use bottleneck::training::Catalogue;
use futures::executor::block_on;
use support::{DEEP, LINEAR, SPARSE, STACKED, VAE, engine, file, request, training_engine};

fn compared_engine() -> Engine {
    let mut engine = engine();
    engine.load_components(&file("models/pca.safetensors")).expect("good components");
    engine
}

fn projections(engine: &Engine, model: ModelId) -> Option<Projections> {
    request(engine, GetGallery { model }).expect("a gallery").pca
}

fn views(engine: &Engine, model: ModelId) -> Views {
    request(engine, GetViews { model }).expect("views")
}

/// The share of the variance of `targets` that the best affine map of `points` explains.
fn explained(points: &[[f32; 2]], targets: &[[f32; 2]]) -> f64 {
    let centred = |cloud: &[[f32; 2]]| -> Vec<[f64; 2]> {
        let mean = [0, 1].map(|axis| cloud.iter().map(|p| f64::from(p[axis])).sum::<f64>() / cloud.len() as f64);
        cloud.iter().map(|p| [f64::from(p[0]) - mean[0], f64::from(p[1]) - mean[1]]).collect()
    };
    let product =
        |a: &[[f64; 2]], i: usize, b: &[[f64; 2]], j: usize| -> f64 { a.iter().zip(b).map(|(a, b)| a[i] * b[j]).sum() };
    let (x, y) = (centred(points), centred(targets));
    let [xx, xy, yy] = [(0, 0), (0, 1), (1, 1)].map(|(i, j)| product(&x, i, &x, j));
    let determinant = xx * yy - xy * xy;
    let held = |axis: usize| {
        let (a, b) = (product(&x, 0, &y, axis), product(&x, 1, &y, axis));
        (a * (yy * a - xy * b) + b * (xx * b - xy * a)) / determinant
    };
    (held(0) + held(1)) / (product(&y, 0, &y, 0) + product(&y, 1, &y, 1))
}

#[test]
fn pca_stands_beside_a_model_as_soon_as_its_components_are_there() {
    let coming = projections(&engine(), LINEAR).expect("few enough components");
    assert_eq!((coming.components, coming.images.len()), (2, 0));
    let engine = compared_engine();
    let errors = [(LINEAR, 2), (VAE, 20), (DEEP, 30), (STACKED, 150)].map(|(model, components)| {
        let pca = projections(&engine, model).expect("few enough components");
        assert_eq!((pca.components, pca.images.len()), (components, 10));
        pca.error
    });
    assert!(errors.is_sorted_by(|a, b| a > b), "more components leave less: {errors:?}");
    // Of all test images it is 0.0555 and 0.00273; these are ten of them.
    assert!((0.03..0.08).contains(&errors[0]) && (0.001..0.006).contains(&errors[3]), "{errors:?}");
    assert_eq!(projections(&engine, SPARSE), None, "PCA needs no more than 784 numbers");
}

#[test]
fn the_codes_are_those_of_the_first_test_digits() {
    let engine = compared_engine();
    let CodesView { codes, pca, labels } = views(&engine, LINEAR).codes.expect("codes of two numbers");
    assert_eq!((codes.len(), pca.len(), labels.len()), (1_000, 1_000, 1_000));
    assert_eq!(labels[..10], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9], "the first ten test digits");
    let image = request(&engine, GetTestDigit { digit: 7, nth: 0 }).expect("a test digit");
    let noise = Noise { sigma: 0.0, dropout: 0.0, seed: 0 };
    let Reconstruction { code, .. } = request(&engine, Reconstruct { model: LINEAR, image, noise }).expect("a code");
    assert!(code.iter().zip(codes[0]).all(|(a, b)| (a - b).abs() < 1e-4), "{code:?} {:?}", codes[0]);
    let explained = explained(&codes, &pca);
    assert!(explained > 0.98, "the clouds are one but for an affine map: {explained}");
    assert_eq!(views(&engine, DEEP), Views::default(), "30 numbers are no point of a plane");
}

#[test]
fn the_points_of_a_plane_are_where_pca_puts_them() {
    let mut engine = training_engine(Catalogue::all());
    let model = LINEAR;
    let linear = engine.describe().into_iter().find(|description| description.model == model).expect("the linear one");
    let plane = linear.presets.iter().find(|preset| preset.name == "plane").expect("the plane");
    let plan = engine.plan(model, &plane.settings).expect("good settings");
    engine.begin(model, plan).expect("a run");
    block_on(engine.control(Control::Resume)).expect("a device that works");
    while engine.is_training() {
        block_on(engine.advance()).expect("a device that works");
    }
    let CodesView { codes, pca, labels } = views(&engine, model).codes.expect("codes of two numbers");
    assert_eq!((codes.len(), pca.len(), labels.len()), (200, 200, 0));
    let explained = explained(&codes, &pca);
    assert!(explained > 0.99, "the clouds are one but for an affine map: {explained}");
}

#[test]
fn activations_are_counted_where_codes_are_activations() {
    let engine = engine();
    let shares = views(&engine, SPARSE).activations.expect("activations");
    assert_eq!(shares.len(), HISTOGRAM_BINS);
    assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    let centre = |bin: usize| (bin as f64 + 0.5) / HISTOGRAM_BINS as f64;
    let mean: f64 = shares.iter().enumerate().map(|(bin, share)| centre(bin) * share).sum();
    // The bins are 0.05 wide: the mean, which must be within 0.08 and 0.12, is known to half of that.
    assert!((0.055..0.145).contains(&mean), "{mean}");
    assert!(shares[0] > 0.75, "most are next to 0: {shares:?}");
    assert_eq!(views(&engine, VAE).activations, None);
}

/// The whole test set takes long: while the model learns it is not counted.
#[test]
fn of_a_classifier_the_test_images_that_it_tells_are_counted_when_it_rests() {
    let model = ModelId::new("classifier");
    let card: serde_json::Value = serde_json::from_slice(&file("models/classifier.json")).expect("a card");
    let engine = engine();
    let accuracy = views(&engine, model).accuracy.expect("it classifies");
    assert!((accuracy - card["metrics"]["accuracy"].as_f64().expect("a number")).abs() < 1e-3, "{accuracy}");
    assert_eq!(views(&engine, STACKED).accuracy, None);

    let mut engine = training_engine(Catalogue::all());
    engine.load_weights(model, &file("models/classifier.safetensors")).expect("good weights");
    let description =
        engine.describe().into_iter().find(|description| description.model == model).expect("it is listed");
    let plan = engine.plan(model, &description.presets[0].settings).expect("good settings");
    engine.begin(model, plan).expect("a run");
    assert!(views(&engine, model).accuracy.is_some(), "it is paused");
    block_on(engine.control(Control::Resume)).expect("a run");
    assert_eq!(views(&engine, model).accuracy, None);
}
