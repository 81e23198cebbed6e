//! The drawing rebuilt by sparse codes, and by the strokes of a convolutional winner-take-all autoencoder: its dictionary, its maps, and who
//! wins in them.

use leptos::prelude::*;

use super::rebuild::RebuildFigure;
use super::{SPARSE, WINNER_TAKE_ALL, WINNER_TAKE_ALL_CONVOLUTIONAL};
use crate::client::SlotKey;
use crate::ui::components::feature_maps::FeatureMaps;
use crate::ui::components::step::Step;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::model_input::ModelInput;
use crate::ui::state::requests::{CLEAN, part, use_reconstruction};

/// The drawing and its reconstructions; the convolutional model's dictionary and maps.
#[component]
pub fn WinnerTakeAllFigure() -> impl IntoView {
    let i18n = use_i18n();
    let ModelInput(image) = expect_context();
    let model = Signal::stored(WINNER_TAKE_ALL_CONVOLUTIONAL);
    let result = use_reconstruction(SlotKey::ReconstructBeside, model, image.into(), Signal::stored(CLEAN));
    view! {
        <RebuildFigure models=&[WINNER_TAKE_ALL, SPARSE] />
        <figure class="figure panel strokes" data-testid="strokes">
            <FeatureMaps model=RwSignal::new(WINNER_TAKE_ALL_CONVOLUTIONAL) is_dictionary=true />
            <div class="strokes-steps">
                <Step name="strokes-seen" image=image caption=move || t_string!(i18n, picture.seen) />
                <Step
                    name="strokes-reconstruction"
                    image=part(result, |result| result.output.clone())
                    error=part(result, |result| result.output_error)
                    caption=move || t_string!(i18n, picture.reconstruction)
                />
            </div>
        </figure>
    }
}
