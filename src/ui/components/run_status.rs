//! How far the run is, how fast, and its loss.

use leptos::prelude::*;

use super::explained::Explained;
use crate::protocol::{Progress, Report, RunState};
use crate::ui::format::{clock, four_digits};
use crate::ui::i18n::{I18n, t_string, use_i18n};
use crate::ui::state::content::Content;
use crate::ui::state::engine_handle::EngineHandle;
use crate::ui::state::run::Run;

/// How far the run is, how fast, and its loss.
#[component]
pub fn RunStatus() -> impl IntoView {
    let i18n = use_i18n();
    let content = expect_context::<Content>();
    let run = expect_context::<EngineHandle>().run;
    let state = move || run.with(|run| state_text(i18n, content, run.report.as_ref()));
    // A screen reader is told when this changes, and not of every epoch.
    let announced = move || run.with(|run| run.report.as_ref().map(|report| state_name(i18n, &report.state)));
    let steps = Memo::new(move |_| run.with(Run::steps));
    let share = move || {
        let (step, steps) = steps.get();
        step as f64 / steps.max(1) as f64
    };
    let loss = move || {
        let loss = run.with(|run| run.training.last().and_then(|point| point.loss(None)));
        loss.map_or("–".to_string(), |loss| four_digits(loss.into()))
    };
    view! {
        <div class="run-status">
            <div
                class="progress"
                data-testid="progress"
                data-state=move || run.with(Run::state_name)
                data-step=move || steps.get().0
                data-steps=move || steps.get().1
            >
                <progress max="1" prop:value=share aria-label=state></progress>
                <p>{state}</p>
                <p class="visually-hidden" role="status">
                    {announced}
                </p>
                <p class="speed">
                    <Explained
                        testid="speed"
                        text=move || run.with(|run| speed_text(i18n, run.report.as_ref()))
                        about=move || t_string!(i18n, about.speed)
                    />
                </p>
            </div>
            <p class="loss">
                <Explained
                    testid="loss-name"
                    text=move || t_string!(i18n, train.loss)
                    about=move || t_string!(i18n, about.loss)
                />
                <output data-testid="loss">{loss}</output>
            </p>
        </div>
    }
}

fn state_text(i18n: I18n, content: Content, report: Option<&Report>) -> String {
    let Some(report) = report else { return t_string!(i18n, train.none).to_string() };
    let Progress { epoch, epochs, .. } = report.progress;
    let state = state_name(i18n, &report.state);
    if report.state == RunState::Loading {
        return state.to_string();
    }
    let (epoch, model) = ((epoch + 1).min(epochs), content.model_name(report.model));
    t_string!(i18n, train.progress, model = model, state = state, epoch = epoch, epochs = epochs)
}

fn state_name(i18n: I18n, state: &RunState) -> &'static str {
    match state {
        RunState::Loading => t_string!(i18n, train.loading),
        RunState::Running => t_string!(i18n, train.running),
        RunState::Paused => t_string!(i18n, train.paused),
        RunState::Done => t_string!(i18n, train.done),
        RunState::Stopped => t_string!(i18n, train.stopped),
        RunState::Failed(_) => t_string!(i18n, train.failed),
    }
}

fn speed_text(i18n: I18n, report: Option<&Report>) -> String {
    match report {
        Some(report) if report.images_per_second > 0.0 && report.state == RunState::Running => {
            let Progress { step, steps, batch, .. } = report.progress;
            let left = (steps.saturating_sub(step) * batch) as f32 / report.images_per_second;
            let speed = format!("{:.0}", report.images_per_second);
            t_string!(i18n, train.speed, speed = speed, time = clock(left as u32))
        }
        _ => String::new(),
    }
}
