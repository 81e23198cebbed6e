//! The chapter's figure: a look inside any model.

use leptos::prelude::*;

use super::{
    ADVERSARIAL, ADVERSARIAL_STYLE, CONTRACTIVE, CONTRACTIVE_STACKED, CONVOLUTIONAL, CONVOLUTIONAL_DENOISING, DEEP,
    DENOISING, GSN, LAYERWISE, LINEAR, SPARSE, STACKED, TIED, VARIATIONAL, WINNER_TAKE_ALL,
    WINNER_TAKE_ALL_CONVOLUTIONAL,
};
use crate::protocol::ModelId;
use crate::ui::components::inside::InsideViews;
use crate::ui::components::model_choice::{ModelChoice, use_linked_model};

const MODELS: &[ModelId] = &[
    STACKED,
    LINEAR,
    DEEP,
    TIED,
    LAYERWISE,
    DENOISING,
    CONVOLUTIONAL,
    CONVOLUTIONAL_DENOISING,
    SPARSE,
    CONTRACTIVE,
    CONTRACTIVE_STACKED,
    WINNER_TAKE_ALL,
    WINNER_TAKE_ALL_CONVOLUTIONAL,
    VARIATIONAL,
    ADVERSARIAL,
    ADVERSARIAL_STYLE,
    GSN,
];

/// One view at a time of one model.
#[component]
pub fn InsideFigure() -> impl IntoView {
    let model = use_linked_model(MODELS);
    view! {
        <figure class="figure inside panel">
            <ModelChoice models=MODELS model=model />
            <InsideViews model=model />
        </figure>
    }
}
