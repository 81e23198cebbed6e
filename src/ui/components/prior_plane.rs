//! Codes beside draws of the distribution that they are to follow, and whether training has come to nothing.

use leptos::prelude::*;

use super::explained::Explained;
use super::picture::Picture;
use crate::client::SlotKey;
use crate::protocol::{ModelId, Prior, PriorView, Report, Views};
use crate::ui::charts::layout::scatter::{DigitPoints, ScatterLayout};
use crate::ui::charts::layout::table::centre_rows;
use crate::ui::charts::scatter::Scatter;
use crate::ui::charts::values::Values;
use crate::ui::format::four_digits;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::engine_handle::EngineHandle;
use crate::ui::state::requests::use_decoded;

/// The style of a ring that is not there.
const HIDDEN: &str = "display:none";

/// In place of a digit: draws that are of none have the colour of the text.
const NO_DIGIT: usize = 10;

/// Steps of a run before which nothing is said of it, as many as an epoch of all images takes by 100: at first the error of every model is
/// large.
const FIRST_STEPS: usize = 550;
/// Codes are in one place where their mean distance is less than this share of that of draws of the prior.
const POINT: f32 = 0.1;
/// A squared error per pixel, after an epoch, with which the reconstruction is hardly better than the mean digit, whose error is 0.067.
const MEAN_DIGIT: f32 = 0.06;
/// The discriminator's loss in nats below which it tells nearly all codes from draws of the prior: where it tells nothing it is 0.693.
const TOLD_APART: f32 = 0.05;

/// Two clouds on one scale, the energy distance between them, and the digit of `model` at a place of the plane that a person chooses. Where
/// codes have more than two numbers, the others are 0 there; where more than the prior's numbers make a code, no place can be chosen.
#[component]
pub fn PriorPlane(
    testids: [&'static str; 2],
    decoded: &'static str,
    distance: &'static str,
    /// For the requests at places.
    slot_key: SlotKey,
    #[prop(into)] model: Signal<ModelId>,
    views: RwSignal<Views>,
) -> impl IntoView {
    let i18n = use_i18n();
    let layout = move || views.with(|views| views.prior.as_ref().map(|view| ScatterLayout::new(&view.draws)));
    let codes = Signal::derive(move || {
        let paths = |view: &PriorView| ScatterLayout::new(&view.draws).paths(&view.codes, &view.labels);
        views.with(|views| views.prior.as_ref().map(paths)).unwrap_or_default()
    });
    let draws = Signal::derive(move || {
        let paths = |view: &PriorView| {
            let layout = ScatterLayout::new(&view.draws);
            match view.prior {
                Prior::Normal => vec![DigitPoints { digit: NO_DIGIT, path: layout.path(&view.draws), name: None }],
                _ => layout.paths(&view.draws, &view.labels),
            }
        };
        views.with(|views| views.prior.as_ref().map(paths)).unwrap_or_default()
    });
    let place = RwSignal::new(None);
    Effect::new(move || {
        model.track();
        place.set(None);
    });
    let numbers = Memo::new(move |_| {
        views.with(|views| views.prior.as_ref().filter(|view| view.numbers == view.code).map(|view| view.numbers))
    });
    let is_open = Signal::derive(move || numbers.get().is_some());
    let point = Memo::new(move |_| Some(layout()?.point(place.get()?)));
    let code = Signal::derive(move || {
        let mut code = point.get()?.to_vec();
        code.resize(numbers.get()?, 0.0);
        Some(code)
    });
    let image = use_decoded(slot_key, model, code);
    let ring = move || match place.get() {
        Some([x, y]) => format!("transform:translate({x:.1}px,{y:.1}px)"),
        None => HIDDEN.to_string(),
    };
    let at = move || match point.get() {
        Some(point) => {
            let [x, y] = point.map(|number| format!("{number:.2}").replace('-', "−"));
            t_string!(i18n, prior.decoded, x = x, y = y)
        }
        None => t_string!(i18n, prior.choose).to_string(),
    };
    let others = move || match numbers.get().unwrap_or_default().saturating_sub(2) {
        0 => String::new(),
        count => t_string!(i18n, prior.others, count = count),
    };
    let told = move || {
        let told = |view: &PriorView| {
            let [distance, chance] = [view.energy_distance, view.chance].map(|value| four_digits(value.into()));
            t_string!(i18n, prior.distance, distance = distance, chance = chance)
        };
        views.with(|views| views.prior.as_ref().map(told)).unwrap_or_default()
    };
    let rows = move || {
        let [codes, draws] = [t_string!(i18n, prior.codes), t_string!(i18n, prior.draws)];
        let centres = |view: &PriorView| {
            let [digit, count] = [t_string!(i18n, values.digit), t_string!(i18n, values.count)];
            if view.prior != Prior::Normal {
                let axes = [codes, draws].into_iter().flat_map(|name| [0, 1].map(|axis| format!("{name}, {axis}")));
                let names = [digit, count].into_iter().map(str::to_string).chain(axes).collect();
                return centre_rows(names, "", &view.labels, &[&view.codes, &view.draws]);
            }
            let mut rows =
                centre_rows([digit, count, "x", "y"].map(str::to_string).to_vec(), "", &view.labels, &[&view.codes]);
            // Draws of no digit are all in one row.
            rows.extend(centre_rows(Vec::new(), draws, &[], &[&view.draws]).into_iter().skip(1));
            rows
        };
        views.with(|views| views.prior.as_ref().map(centres)).unwrap_or_default()
    };
    let measured = move || views.with(|views| views.prior.as_ref().map(|view| view.energy_distance.to_string()));
    view! {
        <div class="clouds prior-clouds" data-distance=measured>
            <div class="cloud">
                <Scatter
                    testid=testids[0]
                    label=move || t_string!(i18n, prior.codes)
                    paths=codes
                    ring=ring
                    place=place
                    is_open=is_open
                />
                <span aria-hidden="true">{move || t_string!(i18n, prior.codes)}</span>
            </div>
            <div class="cloud">
                <Scatter
                    testid=testids[1]
                    label=move || t_string!(i18n, prior.draws)
                    paths=draws
                    ring=ring
                    place=place
                    is_open=is_open
                />
                <span aria-hidden="true">{move || t_string!(i18n, prior.draws)}</span>
            </div>
            <div class="cloud prior-decoded" hidden=move || !is_open.get()>
                <Picture testid=decoded image=image label=at />
                <span aria-live="polite">{at} {others}</span>
            </div>
            <Values rows=Signal::derive(rows) />
        </div>
        <p class="hint">
            <Explained testid=distance text=told about=move || t_string!(i18n, prior.about_distance) />
        </p>
    }
}

/// A sentence where the run of `model` has collapsed: the codes in one place or of no use to the decoder, or all told from draws of the prior.
#[component]
pub fn CollapseNotice(model: RwSignal<ModelId>, views: RwSignal<Views>) -> impl IntoView {
    let i18n = use_i18n();
    let run = expect_context::<EngineHandle>().run;
    // None before the end of the first epoch, whose points the loss is of.
    let loss = move |part: &str| {
        run.with(|run| {
            let is_this = |report: &Report| {
                let progress = report.progress;
                report.model == model.get() && progress.epoch > 0 && progress.step >= FIRST_STEPS
            };
            let is_this = run.report.as_ref().is_some_and(is_this);
            run.training.last().filter(|_| is_this).and_then(|point| point.loss(Some(part)))
        })
    };
    let collapse = Memo::new(move |_| {
        let spread = views.with(|views| views.prior.as_ref().map(|view| view.spread));
        match (loss("squared_error"), loss("discriminator")) {
            (Some(_), _) if spread.is_some_and(|spread| spread < POINT) => "point",
            (Some(error), Some(_)) if error > MEAN_DIGIT => "point",
            (_, Some(loss)) if loss < TOLD_APART => "told-apart",
            _ => "",
        }
    });
    let sentence = move || match collapse.get() {
        "point" => t_string!(i18n, prior.point),
        "told-apart" => t_string!(i18n, prior.told_apart),
        _ => "",
    };
    view! {
        <p role="status" data-testid="collapse" data-collapse=move || collapse.get()>
            {sentence}
        </p>
    }
}
