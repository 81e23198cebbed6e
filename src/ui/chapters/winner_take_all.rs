//! The drawing rebuilt by sparse codes, and by the strokes of a convolutional winner-take-all autoencoder: its dictionary, its maps, and who
//! wins in them.

use leptos::prelude::*;

use super::rebuild::RebuildFigure;
use super::{SPARSE, WINNER_TAKE_ALL, WINNER_TAKE_ALL_CONVOLUTIONAL};
use crate::client::SlotKey;
use crate::ui::components::feature_maps::FeatureMaps;
use crate::ui::components::step::ReconstructionSteps;
use crate::ui::state::model_input::ModelInput;
use crate::ui::state::requests::{CLEAN, use_reconstruction};

/// The drawing and its reconstructions; the convolutional model's dictionary and maps.
#[component]
pub fn WinnerTakeAllFigure() -> impl IntoView {
    let ModelInput(image) = expect_context();
    let model = Signal::stored(WINNER_TAKE_ALL_CONVOLUTIONAL);
    let result = use_reconstruction(SlotKey::ReconstructBeside, model, image.into(), Signal::stored(CLEAN));
    view! {
        <RebuildFigure models=&[WINNER_TAKE_ALL, SPARSE] />
        <figure class="figure panel strokes" data-testid="strokes">
            <FeatureMaps model=RwSignal::new(WINNER_TAKE_ALL_CONVOLUTIONAL) is_dictionary=true />
            <div class="strokes-steps">
                <ReconstructionSteps names=["strokes-seen", "strokes-reconstruction"] image=image result=result />
            </div>
        </figure>
    }
}
