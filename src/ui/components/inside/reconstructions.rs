//! Test images over what the model makes of them over what that has more and less; the error of each digit.

use leptos::prelude::*;

use super::Inside;
use crate::client::SlotKey;
use crate::protocol::{GetTestErrors, Image, RebuildTestImages, RebuiltImages, TestErrors};
use crate::ui::charts::values::Values;
use crate::ui::components::explained::Explained;
use crate::ui::components::picture::{Differences, Pictures, difference};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::answers::{use_answer, use_settled_answer};
use crate::ui::state::linked::use_linked_text;

/// Images that are shown at a time: in groups, which lie beside one another where there is room.
const SHOWN: usize = 10;
const IN_GROUP: usize = 5;

/// The name of the selection in links, and of two that are no digit.
const IMAGES: &str = "images";
const RANDOM: &str = "random";
const WORST: &str = "worst";

/// Which test images are shown.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Selection {
    /// Ten by chance, other ones at each turn.
    Random,
    /// Of one digit.
    Digit(u8),
    /// Those of the largest errors.
    Worst,
}

impl Selection {
    /// The numbers of the images, from the place `turn` on; those of any come after `start`.
    fn numbers(self, errors: &TestErrors, turn: usize, start: usize) -> Vec<u32> {
        let count = errors.errors.len().max(1);
        let from = turn * SHOWN;
        match self {
            // Steps that are prime to the number of images come to all of them.
            Selection::Random => (from..from + SHOWN).map(|at| ((at * 7919 + start) % count) as u32).collect(),
            Selection::Worst => errors.worst.iter().cycle().skip(from % count).take(SHOWN).copied().collect(),
            Selection::Digit(digit) => {
                let all: Vec<u32> =
                    (0..).zip(&errors.labels).filter(|(_, label)| **label == digit).map(|(at, _)| at).collect();
                all.iter().cycle().skip(from % all.len().max(1)).take(SHOWN.min(all.len())).copied().collect()
            }
        }
    }

    fn all() -> impl Iterator<Item = Self> {
        [Selection::Random, Selection::Worst].into_iter().chain((0..10).map(Selection::Digit))
    }

    /// Its name in links.
    fn name(self) -> String {
        match self {
            Selection::Random => RANDOM.to_string(),
            Selection::Worst => WORST.to_string(),
            Selection::Digit(digit) => digit.to_string(),
        }
    }

    fn parse(value: &str) -> Self {
        match value {
            WORST => Selection::Worst,
            digit => digit.parse().ok().filter(|digit| *digit < 10).map_or(Selection::Random, Selection::Digit),
        }
    }
}

/// How well the model rebuilds the test images.
#[component]
pub fn Reconstructions() -> impl IntoView {
    let i18n = use_i18n();
    let Inside { model, .. } = expect_context();
    let chosen = use_linked_text(IMAGES);
    let selection = Memo::new(move |_| chosen.with(|chosen| Selection::parse(chosen.as_deref().unwrap_or(RANDOM))));
    let turn = RwSignal::new(0_usize);
    // By chance, and the same as long as the view is open.
    let start = (js_sys::Math::random() * 10_000.0) as usize;
    let errors = use_settled_answer(SlotKey::TestErrors, model, |model| Some(GetTestErrors { model }));
    let rebuilt = use_answer(SlotKey::TestImages, model, move |model| {
        let (selection, turn) = (selection.get(), turn.get());
        let numbers = errors.with(|errors| errors.as_ref().map(|errors| selection.numbers(errors, turn, start)))?;
        Some(RebuildTestImages { model, numbers })
    });
    let mean = move || {
        errors.with(|errors| {
            let Some(TestErrors { errors, .. }) = errors else { return t_string!(i18n, inside.computing).to_string() };
            let mean = errors.iter().map(|&error| f64::from(error)).sum::<f64>() / errors.len().max(1) as f64;
            t_string!(i18n, inside.mean_error, error = format!("{mean:.5}"))
        })
    };
    let class_rows = move || {
        let means = errors.with(|errors| errors.as_ref().map(|errors| errors.class_means.clone())).unwrap_or_default();
        let mut rows = vec![vec![t_string!(i18n, values.digit).to_string(), t_string!(i18n, inside.error).to_string()]];
        rows.extend((0..).zip(means).map(|(digit, mean): (u8, f32)| vec![digit.to_string(), format!("{mean:.5}")]));
        rows
    };
    let class_bars = move || {
        let means = errors.with(|errors| errors.as_ref().map(|errors| errors.class_means.clone())).unwrap_or_default();
        let largest = means.iter().fold(f32::MIN_POSITIVE, |largest, &mean| largest.max(mean));
        let bar = |(digit, mean): (usize, f32)| {
            view! {
                <span>{digit}</span>
                <span class="class-bar" style=format!("width:{:.1}%", mean / largest * 100.0)></span>
                <span>{format!("{mean:.4}")}</span>
            }
        };
        means.into_iter().enumerate().map(bar).collect_view()
    };
    let option = move |named: Selection| {
        let text = move || match named {
            Selection::Random => t_string!(i18n, inside.random).to_string(),
            Selection::Worst => t_string!(i18n, inside.worst).to_string(),
            Selection::Digit(digit) => t_string!(i18n, inside.digit, digit = digit),
        };
        view! { <option value=named.name() prop:selected=move || selection.get() == named>{text}</option> }
    };
    view! {
        <div class="inside-tools">
            <label>
                {move || t_string!(i18n, inside.show)}
                <select
                    data-testid="inside-selection"
                    on:change=move |event| {
                        turn.set(0);
                        chosen.set(Some(event_target_value(&event)).filter(|chosen| chosen != RANDOM));
                    }
                >
                    {Selection::all().map(option).collect_view()}
                </select>
            </label>
            <button type="button" data-testid="inside-more" on:click=move |_| turn.update(|turn| *turn += 1)>
                {move || t_string!(i18n, inside.others)}
            </button>
            <span aria-live="polite">
                <Explained testid="inside-mean" class="hint" text=mean about=move || t_string!(i18n, inside.about_mean_error) />
            </span>
        </div>
        <div class="rebuilt-rows">
            <div class="row-names hint">
                <span>{move || t_string!(i18n, inside.original)}</span>
                <span>{move || t_string!(i18n, picture.reconstruction)}</span>
                <Explained
                    testid="rebuilt-difference"
                    text=move || t_string!(i18n, picture.difference)
                    about=move || t_string!(i18n, picture.difference_hint)
                />
                <span>{move || t_string!(i18n, inside.error)}</span>
            </div>
            <RebuiltGroup testids=["inside-rebuilt", "inside-differences"] rebuilt=rebuilt from=0 />
            <RebuiltGroup testids=["inside-rebuilt-on", "inside-differences-on"] rebuilt=rebuilt from=IN_GROUP />
        </div>
        <h2>
            <Explained testid="by-class" text=move || t_string!(i18n, inside.by_class) about=move || t_string!(i18n, inside.about_by_class) />
        </h2>
        <div class="class-bars" data-testid="class-bars" role="img" aria-label=move || t_string!(i18n, inside.by_class)>
            {class_bars}
        </div>
        <Values rows=Signal::derive(class_rows) />
    }
}

/// The images of a group, those from the number `from` on: over what the model makes of them, the difference and the error of each.
#[component]
fn RebuiltGroup(testids: [&'static str; 2], rebuilt: RwSignal<Option<RebuiltImages>>, from: usize) -> impl IntoView {
    let i18n = use_i18n();
    let part = move |images: &[Image]| images.iter().skip(from).take(IN_GROUP).cloned().collect::<Vec<_>>();
    let images = Signal::derive(move || {
        rebuilt.with(|rebuilt| {
            let both = rebuilt.iter().flat_map(|all| [&all.originals, &all.reconstructions]);
            both.flat_map(|images| part(images)).collect::<Vec<_>>()
        })
    });
    let differences = Signal::derive(move || {
        rebuilt.with(|rebuilt| {
            let pairs = rebuilt.iter().flat_map(|all| all.originals.iter().zip(&all.reconstructions));
            pairs.skip(from).take(IN_GROUP).map(|(original, rebuilt)| difference(original, rebuilt)).collect::<Vec<_>>()
        })
    });
    let errors = move || {
        let errors = rebuilt.with(|rebuilt| rebuilt.as_ref().map(|rebuilt| rebuilt.errors.clone())).unwrap_or_default();
        let of_group = errors.into_iter().skip(from).take(IN_GROUP);
        of_group.map(|error| view! { <span>{format!("{error:.4}")}</span> }).collect_view()
    };
    view! {
        <div class="rebuilt-group">
            <Pictures
                testid=testids[0]
                images=images
                columns=IN_GROUP
                rows=2
                label=move || t_string!(i18n, inside.rebuilt_label)
            />
            <Differences
                testid=testids[1]
                differences=differences
                columns=IN_GROUP
                label=move || t_string!(i18n, picture.difference)
            />
            <div class="each-error hint" data-testid="inside-errors">{errors}</div>
        </div>
    }
}
