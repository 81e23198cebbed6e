//! The drawing rebuilt by a contractive autoencoder, and the walk of a stacked one from it.

use leptos::prelude::*;

use super::rebuild::RebuildFigure;
use super::{CONTRACTIVE, CONTRACTIVE_STACKED, SPARSE};
use crate::ui::components::chain::Chain;
use crate::ui::components::step::Step;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::model_input::ModelInput;

/// The drawing and its reconstruction; below, the walk from the drawing.
#[component]
pub fn ContractiveFigure() -> impl IntoView {
    let i18n = use_i18n();
    let ModelInput(image) = expect_context();
    view! {
        <RebuildFigure models=&[CONTRACTIVE, SPARSE] />
        <figure class="figure panel chain-panel" data-testid="walk">
            <h2>{move || t_string!(i18n, chain.walk)}</h2>
            <Step name="walk-start" image=image caption=move || t_string!(i18n, picture.seen) />
            <Chain model=CONTRACTIVE_STACKED start=image.into() draws_pixels=false />
        </figure>
    }
}
