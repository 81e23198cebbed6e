//! The page's chapters: which figure each begins with, and which models it trains.

use leptos::prelude::*;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use self::adversarial::PriorFigure;
use self::chain::ChainFigure;
use self::contractive::ContractiveFigure;
use self::convolutional::ConvolutionalFigure;
use self::denoising::DenoisingFigure;
use self::inside::InsideFigure;
use self::page::ChapterLoading;
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

/// A chapter's figure.
#[derive(Clone, Copy)]
enum Figure {
    /// None, or one that is made when the site is built.
    None,
    Rebuild {
        models: &'static [ModelId],
        by_numbers: bool,
    },
    InPart(PartFigure),
}

/// A figure that is in a part of the program, which [`load_figures`] fetches.
#[derive(Clone, Copy)]
enum PartFigure {
    Chain,
    Contractive,
    Convolutional,
    Denoising,
    Inside,
    Latent,
    ModelTable,
    Prior,
    WinnerTakeAll,
}

impl Figure {
    const fn of(chapter: Chapter) -> Self {
        const fn rebuild(models: &'static [ModelId]) -> Figure {
            Figure::Rebuild { models, by_numbers: false }
        }
        const fn rebuild_by_numbers(models: &'static [ModelId]) -> Figure {
            Figure::Rebuild { models, by_numbers: true }
        }
        match chapter {
            // The first is what a first visit waits for: of those of 150 numbers the one with the fewest weights.
            Chapter::Start => rebuild_by_numbers(&[TIED, DEEP, VARIATIONAL, LINEAR]),
            Chapter::Autoencoder => rebuild(&[STACKED]),
            Chapter::Linear => rebuild(&[LINEAR]),
            Chapter::Stacked => rebuild_by_numbers(&[STACKED, DEEP]),
            Chapter::Tied => rebuild(&[TIED, STACKED]),
            Chapter::Layerwise => rebuild(&[LAYERWISE, STACKED]),
            Chapter::Sparse => rebuild(&[SPARSE]),
            Chapter::Contractive => Figure::InPart(PartFigure::Contractive),
            Chapter::WinnerTakeAll => Figure::InPart(PartFigure::WinnerTakeAll),
            Chapter::Denoising => Figure::InPart(PartFigure::Denoising),
            Chapter::Convolutional => Figure::InPart(PartFigure::Convolutional),
            Chapter::Variational => Figure::InPart(PartFigure::Latent),
            Chapter::Adversarial => Figure::InPart(PartFigure::Prior),
            Chapter::Gsn => Figure::InPart(PartFigure::Chain),
            Chapter::Inside => Figure::InPart(PartFigure::Inside),
            Chapter::Compare => Figure::InPart(PartFigure::ModelTable),
            // The first has a figure that is made when the site is built.
            Chapter::Pretraining | Chapter::Train | Chapter::About => Figure::None,
        }
    }

    fn view(self) -> AnyView {
        match self {
            Figure::None => ().into_any(),
            Figure::Rebuild { models, by_numbers } => {
                view! { <RebuildFigure models=models by_numbers=by_numbers /> }.into_any()
            }
            Figure::InPart(figure) => {
                view! { <Part preload=load_figures view=move || part_figure(figure) loading=ChapterLoading /> }
                    .into_any()
            }
        }
    }
}

#[wasm_split(figures, fallible, preload(load_figures))]
fn part_figure(figure: PartFigure) -> Result<AnyView, SplitLoaderError> {
    Ok(match figure {
        PartFigure::Chain => view! { <ChainFigure /> }.into_any(),
        PartFigure::Contractive => view! { <ContractiveFigure /> }.into_any(),
        PartFigure::Convolutional => view! { <ConvolutionalFigure /> }.into_any(),
        PartFigure::Denoising => view! { <DenoisingFigure /> }.into_any(),
        PartFigure::Inside => view! { <InsideFigure /> }.into_any(),
        PartFigure::Latent => view! { <LatentFigure /> }.into_any(),
        PartFigure::ModelTable => view! { <ModelTable chapter_of=chapter_of /> }.into_any(),
        PartFigure::Prior => view! { <PriorFigure /> }.into_any(),
        PartFigure::WinnerTakeAll => view! { <WinnerTakeAllFigure /> }.into_any(),
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
