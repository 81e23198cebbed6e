//! The drawing rebuilt by a convolutional autoencoder, its filters and maps, and two denoisers beside each other.

use leptos::prelude::*;

use super::denoising::{NoiseControls, use_linked_noise};
use super::rebuild::RebuildFigure;
use super::{CONVOLUTIONAL, CONVOLUTIONAL_DENOISING, DENOISING, STACKED};
use crate::client::SlotKey;
use crate::ui::components::feature_maps::FeatureMaps;
use crate::ui::components::step::Step;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::model_input::ModelInput;
use crate::ui::state::requests::{part, use_reconstruction};

/// The drawing and its reconstruction, the convolutional model's filters and maps, the drawing with noise denoised twice.
#[component]
pub fn ConvolutionalFigure() -> impl IntoView {
    view! {
        <RebuildFigure models=&[CONVOLUTIONAL, STACKED] />
        <figure class="figure panel">
            <FeatureMaps model=RwSignal::new(CONVOLUTIONAL) />
        </figure>
        <Denoisers />
    }
}

/// What the fully connected and the convolutional denoiser make of the same noisy image.
#[component]
fn Denoisers() -> impl IntoView {
    let i18n = use_i18n();
    let ModelInput(image) = expect_context();
    let choice = use_linked_noise();
    let noise = Signal::derive(move || choice.get());
    let connected = use_reconstruction(SlotKey::Denoise, Signal::stored(DENOISING), image.into(), noise);
    let convolutional =
        use_reconstruction(SlotKey::DenoiseBeside, Signal::stored(CONVOLUTIONAL_DENOISING), image.into(), noise);
    view! {
        <figure class="figure panel denoisers" data-testid="denoisers">
            <h2>{move || t_string!(i18n, maps.denoised)}</h2>
            <div class="denoisers-steps">
                <Step
                    name="noisy"
                    image=part(connected, |result| result.input.clone())
                    error=part(connected, |result| result.input_error)
                    caption=move || t_string!(i18n, picture.noisy)
                />
                <Step
                    name="denoised"
                    image=part(connected, |result| result.output.clone())
                    error=part(connected, |result| result.output_error)
                    caption=move || t_string!(i18n, maps.connected)
                />
                <Step
                    name="denoised-convolutional"
                    image=part(convolutional, |result| result.output.clone())
                    error=part(convolutional, |result| result.output_error)
                    caption=move || t_string!(i18n, maps.convolutional)
                />
            </div>
            <NoiseControls choice=choice />
        </figure>
    }
}
