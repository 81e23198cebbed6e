//! Convolutions with max-pooling, and the transposed convolutions that go the same way back.

use burn::nn::conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig};
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::nn::{Initializer, PaddingConfig2d};
use burn::tensor::{Device, Tensor};

use super::autoencoder::OuterWeights;
use crate::data::IMAGE_SIDE;

/// How many times smaller the sides of a map are after max-pooling, and larger after a transposed convolution.
pub const STRIDE: usize = 2;

/// Sides of an image's maps after they were halved once, twice, and a third time, rounded up.
pub const OUTER_SIDE: usize = IMAGE_SIDE / STRIDE;
pub const INNER_SIDE: usize = OUTER_SIDE / STRIDE;
pub const DEEP_SIDE: usize = INNER_SIDE.div_ceil(STRIDE);

/// Side of a transposed convolution's filters, twice the stride, so that each output pixel is under as many of their weights as any other.
pub const TRANSPOSED_KERNEL: usize = 2 * STRIDE;

/// A convolution with `kernel` x `kernel` weights for each pair of maps: `[batch, inputs, side, side]` to `[batch, outputs, side, side]`,
/// with zeros around the maps.
///
/// Weights from N(0, 2 / n), n being the numbers that one of the output's is summed from (K. He et al., "Delving Deep into Rectifiers",
/// ICCV 2015, eq. 10), biases 0.
pub fn convolution(inputs: usize, outputs: usize, kernel: usize, device: &Device) -> Conv2d {
    let config = Conv2dConfig::new([inputs, outputs], [kernel; 2]).with_padding(PaddingConfig2d::Same);
    let mut layer = config.with_initializer(he(inputs * kernel * kernel)).init(device);
    layer.bias = Some(Initializer::Zeros.init([outputs], device));
    layer
}

/// Max-pooling of squares of 2 x 2 that do not overlap: `[batch, maps, side, side]` to `[batch, maps, side / 2, side / 2]`.
pub fn max_pooling() -> MaxPool2d {
    MaxPool2dConfig::new([STRIDE; 2]).with_strides([STRIDE; 2]).init()
}

/// A convolution that halves the side: `[batch, inputs, side, side]` to `[batch, outputs, side / 2, side / 2]`, with an odd kernel rounded
/// up. First weights as those of a [`convolution`].
pub fn strided_convolution(inputs: usize, outputs: usize, kernel: usize, device: &Device) -> Conv2d {
    let config = Conv2dConfig::new([inputs, outputs], [kernel; 2]).with_stride([STRIDE; 2]);
    let config = config.with_padding(PaddingConfig2d::Explicit(
        padding(kernel),
        padding(kernel),
        padding(kernel),
        padding(kernel),
    ));
    let mut layer = config.with_initializer(he(inputs * kernel * kernel)).init(device);
    layer.bias = Some(Initializer::Zeros.init([outputs], device));
    layer
}

/// A transposed convolution, the way back of a [`strided_convolution`]: `[batch, inputs, side, side]` to `[batch, outputs, 2 side, 2 side]`,
/// with an odd kernel one less. First weights as those of a [`convolution`].
pub fn transposed_convolution(inputs: usize, outputs: usize, kernel: usize, device: &Device) -> ConvTranspose2d {
    let config = ConvTranspose2dConfig::new([inputs, outputs], [kernel; 2]);
    let config = config.with_stride([STRIDE; 2]).with_padding([padding(kernel); 2]);
    // Of the kernel's weights only each second in either direction meets an output pixel.
    let mut layer = config.with_initializer(he((inputs * kernel * kernel).div_ceil(STRIDE * STRIDE))).init(device);
    layer.bias = Some(Initializer::Zeros.init([outputs], device));
    layer
}

/// The filters of a convolution of images, and of a transposed one that gives images.
pub fn outer_weights(first: &Conv2d, last: &ConvTranspose2d) -> OuterWeights {
    let filters = |weight: Tensor<4>| weight.flatten::<2>(1, 3);
    OuterWeights { first: filters(first.weight.val()).transpose(), last: filters(last.weight.val()) }
}

/// `[batch, maps * side * side]` as maps, `[batch, maps, side, side]`.
pub fn maps(numbers: Tensor<2>, side: usize) -> Tensor<4> {
    let [batch, count] = numbers.dims();
    numbers.reshape([batch, count / (side * side), side, side])
}

/// Maps as `[batch, maps * side * side]`.
pub fn numbers(maps: Tensor<4>) -> Tensor<2> {
    maps.flatten(1, 3)
}

/// Zeros on either side of a map that is halved.
fn padding(kernel: usize) -> usize {
    (kernel - 1) / 2
}

/// He's initialisation of weights of which `summed` go into a number.
fn he(summed: usize) -> Initializer {
    Initializer::Normal { mean: 0.0, std: (2.0 / summed as f64).sqrt() }
}
