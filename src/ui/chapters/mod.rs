//! The page's chapters: which figure each begins with, and which models it trains.

use leptos::prelude::*;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use self::adversarial::PriorFigure;
use self::chain::ChainFigure;
use self::contractive::ContractiveFigure;
use self::convolutional::ConvolutionalFigure;
use self::denoising::DenoisingFigure;
use self::inside::InsideFigure;
use self::rebuild::RebuildFigure;
use self::variational::LatentFigure;
use self::winner_take_all::WinnerTakeAllFigure;
use crate::protocol::ModelId;
use crate::ui::components::model_table::ModelTable;
use crate::ui::components::part::Part;
use crate::ui::state::route::Chapter;

mod adversarial;
mod chain;
mod contractive;
mod convolutional;
mod denoising;
mod inside;
pub mod page;
mod rebuild;
mod variational;
mod winner_take_all;

const LINEAR: ModelId = ModelId::new("linear");
const STACKED: ModelId = ModelId::new("stacked");
const DEEP: ModelId = ModelId::new("deep");
const TIED: ModelId = ModelId::new("tied");
const LAYERWISE: ModelId = ModelId::new("layerwise");
const DENOISING: ModelId = ModelId::new("denoising");
const CONVOLUTIONAL: ModelId = ModelId::new("convolutional");
const CONVOLUTIONAL_DENOISING: ModelId = ModelId::new("convolutional_denoising");
const SPARSE: ModelId = ModelId::new("sparse");
const CONTRACTIVE: ModelId = ModelId::new("contractive");
const CONTRACTIVE_STACKED: ModelId = ModelId::new("contractive_stacked");
const WINNER_TAKE_ALL: ModelId = ModelId::new("wta");
const WINNER_TAKE_ALL_CONVOLUTIONAL: ModelId = ModelId::new("wta_convolutional");
const VARIATIONAL: ModelId = ModelId::new("vae");
const ADVERSARIAL: ModelId = ModelId::new("adversarial");
const ADVERSARIAL_STYLE: ModelId = ModelId::new("adversarial_style");
const GSN: ModelId = ModelId::new("gsn");
const CLASSIFIER: ModelId = ModelId::new("classifier");

/// The chapter's figure.
fn figure(chapter: Chapter) -> AnyView {
    let rebuild = |models: &'static [ModelId]| view! { <RebuildFigure models=models /> }.into_any();
    let rebuild_by_numbers =
        |models: &'static [ModelId]| view! { <RebuildFigure models=models by_numbers=true /> }.into_any();
    match chapter {
        // The first is what a first visit waits for: of those of 150 numbers the one with the fewest weights.
        Chapter::Start => rebuild_by_numbers(&[TIED, DEEP, VARIATIONAL, LINEAR]),
        Chapter::Autoencoder => rebuild(&[STACKED]),
        Chapter::Linear => rebuild(&[LINEAR]),
        Chapter::Stacked => rebuild_by_numbers(&[STACKED, DEEP]),
        Chapter::Tied => rebuild(&[TIED, STACKED]),
        Chapter::Layerwise => rebuild(&[LAYERWISE, STACKED]),
        Chapter::Sparse => rebuild(&[SPARSE]),
        // The first has a figure that is made when the site is built.
        Chapter::Pretraining | Chapter::Train | Chapter::About => ().into_any(),
        _ => view! { <Part load=move || part_figure(chapter) /> }.into_any(),
    }
}

/// Whether the chapter's figure is in the part of the program that [`load_figures`] fetches.
const fn is_figure_in_part(chapter: Chapter) -> bool {
    matches!(
        chapter,
        Chapter::Contractive
            | Chapter::WinnerTakeAll
            | Chapter::Denoising
            | Chapter::Convolutional
            | Chapter::Variational
            | Chapter::Adversarial
            | Chapter::Gsn
            | Chapter::Inside
            | Chapter::Compare
    )
}

/// The figure of a chapter that has it in a part of the program.
#[wasm_split(figures, fallible, preload(load_figures))]
fn part_figure(chapter: Chapter) -> Result<AnyView, SplitLoaderError> {
    Ok(match chapter {
        Chapter::Contractive => view! { <ContractiveFigure /> }.into_any(),
        Chapter::WinnerTakeAll => view! { <WinnerTakeAllFigure /> }.into_any(),
        Chapter::Denoising => view! { <DenoisingFigure /> }.into_any(),
        Chapter::Convolutional => view! { <ConvolutionalFigure /> }.into_any(),
        Chapter::Variational => view! { <LatentFigure /> }.into_any(),
        Chapter::Adversarial => view! { <PriorFigure /> }.into_any(),
        Chapter::Gsn => view! { <ChainFigure /> }.into_any(),
        Chapter::Inside => view! { <InsideFigure /> }.into_any(),
        Chapter::Compare => view! { <ModelTable chapter_of=chapter_of /> }.into_any(),
        _ => ().into_any(),
    })
}

/// The models that can be trained in the chapter; all in the laboratory.
fn trained(chapter: Chapter) -> &'static [ModelId] {
    match chapter {
        Chapter::Linear => &[LINEAR],
        Chapter::Stacked => &[STACKED, DEEP],
        Chapter::Tied => &[TIED],
        Chapter::Layerwise => &[LAYERWISE],
        Chapter::Denoising => &[DENOISING],
        Chapter::Convolutional => &[CONVOLUTIONAL, CONVOLUTIONAL_DENOISING],
        Chapter::Sparse => &[SPARSE],
        Chapter::Contractive => &[CONTRACTIVE, CONTRACTIVE_STACKED],
        Chapter::WinnerTakeAll => &[WINNER_TAKE_ALL, WINNER_TAKE_ALL_CONVOLUTIONAL],
        Chapter::Variational => &[VARIATIONAL],
        Chapter::Adversarial => &[ADVERSARIAL, ADVERSARIAL_STYLE],
        Chapter::Gsn => &[GSN],
        Chapter::Pretraining => &[CLASSIFIER],
        Chapter::Start
        | Chapter::Autoencoder
        | Chapter::Inside
        | Chapter::Compare
        | Chapter::Train
        | Chapter::About => &[],
    }
}

/// Where the model is trained; the laboratory if nowhere else.
fn chapter_of(model: ModelId) -> Chapter {
    Chapter::ALL.into_iter().find(|&chapter| trained(chapter).contains(&model)).unwrap_or(Chapter::Train)
}
