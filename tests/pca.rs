//! PCA of MNIST's training images against the figures that the project measures itself by.

use std::path::Path;

use bottleneck::analysis::pca::{Moments, Pca};
use bottleneck::cli::files::digits;

#[test]
fn the_errors_on_the_test_images_are_those_known() {
    let (train, test) = digits(Path::new("www/data/mnist")).unwrap();
    let pca = Pca::fit(&Moments::of(&train));
    let test = Moments::of(&test);
    for (count, expected) in [(2, 0.05566), (20, 0.02354), (30, 0.01768), (150, 0.00342), (784, 0.0)] {
        let found = pca.first(count).squared_error(&test);
        assert!((found - expected).abs() < 0.51e-5, "{count} components: {found}");
    }
}
