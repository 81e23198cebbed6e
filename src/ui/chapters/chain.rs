//! Draw a digit, and let the chain of a generative stochastic network go on from it.

use leptos::prelude::*;

use super::GSN;
use crate::ui::components::chain::Chain;
use crate::ui::components::draw_panel::DrawPanel;
use crate::ui::components::step::Step;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::model_input::ModelInput;

/// The drawing, and the chain from it.
#[component]
pub fn ChainFigure() -> impl IntoView {
    let i18n = use_i18n();
    let ModelInput(image) = expect_context();
    view! {
        <figure class="figure bench">
            <DrawPanel />
            <div class="panel chain-panel">
                <Step name="seen" image=image caption=move || t_string!(i18n, picture.seen) />
                <Chain model=GSN start=image.into() draws_pixels=true />
            </div>
        </figure>
    }
}
