//! Every model that Bottleneck has. A model is added by one file beside this one, one line here and its texts.

use super::Autoencoder;
use super::{
    adversarial, adversarial_style, classifier, contractive, contractive_stacked, convolutional,
    convolutional_denoising, deep, denoising, gsn, layerwise, linear, sparse, stacked, tied, variational,
    winner_take_all, winner_take_all_convolutional,
};

/// Something done with the type of each model.
pub trait ModelVisitor {
    fn visit<M: Autoencoder>(&mut self);
}

/// Calls `visitor` with the type of each model, in the order in which they are shown.
pub fn visit_all(visitor: &mut impl ModelVisitor) {
    visitor.visit::<linear::LinearAutoencoder>();
    visitor.visit::<stacked::Stacked>();
    visitor.visit::<tied::Tied>();
    visitor.visit::<layerwise::Layerwise>();
    visitor.visit::<deep::Deep>();
    visitor.visit::<convolutional::Convolutional>();
    visitor.visit::<denoising::Denoising>();
    visitor.visit::<convolutional_denoising::ConvolutionalDenoising>();
    visitor.visit::<sparse::Sparse>();
    visitor.visit::<contractive::Contractive>();
    visitor.visit::<contractive_stacked::ContractiveStacked>();
    visitor.visit::<winner_take_all::WinnerTakeAll>();
    visitor.visit::<winner_take_all_convolutional::ConvolutionalWinnerTakeAll>();
    visitor.visit::<variational::Variational>();
    visitor.visit::<adversarial::Adversarial>();
    visitor.visit::<adversarial_style::AdversarialStyle>();
    visitor.visit::<gsn::Gsn>();
    visitor.visit::<classifier::Classifier>();
}
