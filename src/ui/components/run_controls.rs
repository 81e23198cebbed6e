//! Begins a run, and tells it what to do next.

use leptos::prelude::*;

use super::explained::ExplainedButton;
use crate::protocol::Control;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::run::Run;
use crate::ui::state::training_setup::TrainingSetup;

/// The buttons of a run.
#[component]
pub fn RunControls(setup: TrainingSetup) -> impl IntoView {
    let i18n = use_i18n();
    let run = setup.engine.run;
    let is_idle = move || !setup.is_under_way();
    // Before it has begun a run can be stopped, and nothing else.
    let is_waiting = move || is_idle() || run.with(Run::is_loading);
    let pause_label = move || match run.with(Run::is_paused) {
        true => t_string!(i18n, train.resume),
        false => t_string!(i18n, train.pause),
    };
    view! {
        <div class="run-controls">
            <button
                type="button"
                class="primary"
                data-testid="train"
                disabled=move || !setup.is_ready()
                on:click=move |_| setup.train()
            >
                {move || t_string!(i18n, train.train)}
            </button>
            <button type="button" data-testid="pause" disabled=is_waiting on:click=move |_| setup.pause_or_resume()>
                {pause_label}
            </button>
            <ExplainedButton
                testid="step"
                text=move || t_string!(i18n, train.step)
                about=move || t_string!(i18n, train.step_hint)
                disabled=Signal::derive(is_waiting)
                press=move |()| setup.control(Control::Step)
            />
            <button type="button" data-testid="stop" disabled=is_idle on:click=move |_| setup.stop()>
                {move || t_string!(i18n, train.stop)}
            </button>
            <ExplainedButton
                testid="reset-run"
                text=move || t_string!(i18n, train.reset)
                about=move || t_string!(i18n, train.reset_hint)
                press=move |()| setup.reset()
            />
        </div>
    }
}
