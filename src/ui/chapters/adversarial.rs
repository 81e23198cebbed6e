//! Draw a digit, and see ten in its style; beside it the codes of many digits and the distribution that they follow.

use leptos::prelude::*;

use super::{ADVERSARIAL, ADVERSARIAL_STYLE};
use crate::client::SlotKey;
use crate::ui::components::draw_panel::DrawPanel;
use crate::ui::components::prior_plane::PriorPlane;
use crate::ui::components::step::ReconstructionSteps;
use crate::ui::components::style_row::StyleRow;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::model_input::ModelInput;
use crate::ui::state::requests::{CLEAN, part, use_reconstruction, use_views};

/// The code space beside the prior, the drawing, its reconstruction, and ten digits in its style.
#[component]
pub fn PriorFigure() -> impl IntoView {
    let i18n = use_i18n();
    let ModelInput(image) = expect_context();
    let model = Signal::stored(ADVERSARIAL_STYLE);
    let result = use_reconstruction(SlotKey::Reconstruct, model, image.into(), Signal::stored(CLEAN));
    let views = use_views(RwSignal::new(ADVERSARIAL), signal(true).0, SlotKey::FigureViews);
    view! {
        <figure class="figure bench">
            <DrawPanel />
            <div class="panel prior-panel">
                <div class="prior-steps">
                    <ReconstructionSteps names=["seen", "reconstruction"] image=image result=result />
                </div>
                <StyleRow model=ADVERSARIAL_STYLE code=part(result, |result| result.code.clone()) />
                <div class="prior-codes">
                    <h2>{move || t_string!(i18n, prior.title)}</h2>
                    <PriorPlane
                        testids=["figure-prior-codes", "figure-prior-draws"]
                        decoded="figure-prior-decoded"
                        distance="figure-prior-distance"
                        slot_key=SlotKey::FigurePriorPlace
                        model=Signal::stored(ADVERSARIAL)
                        views=views
                    />
                </div>
            </div>
        </figure>
    }
}
