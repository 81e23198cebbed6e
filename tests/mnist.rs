//! The MNIST files that are shipped, and drawings made like them.

use std::io::Read;
use std::path::Path;

use bottleneck::data::IMAGE_SIDE;
use bottleneck::data::dataset::Dataset;
use bottleneck::data::drawing::to_mnist;
use bottleneck::data::idx::{Images, parse_images, parse_labels};
use bottleneck::data::labelled::LabelledImages;
use bottleneck::data::split::split;
use flate2::read::GzDecoder;

fn unpacked(file: &str) -> Vec<u8> {
    let packed = std::fs::read(Path::new("www/data/mnist").join(file)).unwrap();
    let mut bytes = Vec::new();
    GzDecoder::new(packed.as_slice()).read_to_end(&mut bytes).unwrap();
    bytes
}

fn test_images() -> Images {
    parse_images(&unpacked("t10k-images-idx3-ubyte.gz")).unwrap()
}

#[test]
fn the_shipped_files_are_mnist() {
    let images = parse_images(&unpacked("train-images-idx3-ubyte.gz")).unwrap();
    let labels = parse_labels(&unpacked("train-labels-idx1-ubyte.gz")).unwrap();
    assert_eq!((images.count(), labels.len()), (60_000, 60_000));
    assert_eq!(labels[..10], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    let (train, validation) = split(&LabelledImages::unlabelled(images.clone()));
    assert_eq!((train.count(), validation.count()), (55_000, 5_000));
    assert_eq!(validation.images.pixels(0), images.pixels(55_000));

    let labels = parse_labels(&unpacked("t10k-labels-idx1-ubyte.gz")).unwrap();
    assert_eq!((test_images().count(), labels.len()), (10_000, 10_000));
    assert_eq!(labels[..10], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
}

#[test]
fn the_test_digits_are_the_first_of_the_test_set() {
    let [digits, all] = ["test-digits", "t10k"].map(|set| {
        let [images, labels] = ["images-idx3", "labels-idx1"].map(|kind| unpacked(&format!("{set}-{kind}-ubyte.gz")));
        LabelledImages::parse(&images, &labels).unwrap()
    });
    assert_eq!(digits.count(), 500);
    let same = |number| digits.images.pixels(number) == all.images.pixels(number);
    assert!((0..500).all(|number| same(number) && digits.label(number) == all.label(number)));
    for digit in 0..10 {
        let count = (0..500).filter(|&number| digits.label(number) == Some(digit)).count();
        assert!(count >= 40, "{count} of {digit}");
    }
}

/// Each pixel as a square of `factor` pixels, `left` and `top` from the corner of a larger raster.
fn enlarged(pixels: &[u8], factor: usize, left: usize, top: usize) -> (Vec<u8>, usize) {
    let side = IMAGE_SIDE * factor + left.max(top);
    let mut raster = vec![0; side * side];
    for (index, &pixel) in pixels.iter().enumerate() {
        let (x, y) = (index % IMAGE_SIDE * factor + left, index / IMAGE_SIDE * factor + top);
        for row in y..y + factor {
            raster[row * side + x..][..factor].fill(pixel);
        }
    }
    (raster, side)
}

#[test]
fn a_digit_drawn_large_and_off_centre_comes_back() {
    let images = test_images();
    for index in 0..1_000 {
        let digit = images.pixels(index);
        let (raster, side) = enlarged(digit, 10, 7 * (index % 5), 11 * (index % 3));
        assert_eq!(to_mnist(&raster, side, side).unwrap(), digit, "test image {index}");
    }
}
