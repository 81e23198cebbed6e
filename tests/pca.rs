//! PCA of MNIST's training images against the figures that the project measures itself by.

use std::path::Path;

use bottleneck::analysis::pca::{Moments, Pca};
use bottleneck::cli::files::Files;
use bottleneck::data::split::split;
use bottleneck::protocol::ModelId;

#[test]
fn the_errors_on_the_test_images_are_those_known() {
    let files = Files::new(ModelId::Vae, Path::new("www/data/mnist"), Path::new(""), Path::new(""));
    let (train, _) = split(&files.train_images().unwrap());
    let pca = Pca::fit(&Moments::of(&train));
    let test = Moments::of(&files.test_images().unwrap());
    for (count, expected) in [(2, 0.05566), (20, 0.02354), (30, 0.01768), (150, 0.00342), (784, 0.0)] {
        let found = pca.first(count).squared_error(&test);
        assert!((found - expected).abs() < 0.51e-5, "{count} components: {found}");
    }
}
