//! Begins a run, says to it what to do next, and tells how it is.

use leptos::prelude::*;

use super::super::element::{El, button, el, words};
use super::super::language::{t_string, use_i18n};
use super::super::sentence::model_name;
use super::super::training::{Plan, Run};
use super::plot::four_digits;
use crate::client::SlotKey;
use crate::protocol::{Command, Control, Progress, RunState};

/// The buttons of a run.
pub fn run_controls(plan: Plan) -> El {
    let i18n = use_i18n();
    let lab = plan.lab;
    let train = move || {
        let (model, settings) = (plan.model.get_untracked(), plan.settings.with_untracked(ToString::to_string));
        lab.run.update(|run| run.renew(model));
        lab.order(SlotKey::Train, Command::Train { model, settings }, |_| ());
    };
    let pause = move || {
        let paused = lab.run.with_untracked(Run::is_paused);
        control(plan, if paused { Control::Resume } else { Control::Pause });
    };
    let reset = move || {
        let model = plan.model.get_untracked();
        if lab.run.with_untracked(Run::under_way) == Some(model) {
            control(plan, Control::Stop);
        }
        lab.order(SlotKey::File, Command::Restore { model }, move |_| {
            lab.changed(model);
            if lab.run.with_untracked(|run| run.report.as_ref().is_none_or(|report| report.model == model)) {
                lab.run.set(Run::default());
            }
        });
    };
    let idle = move || !plan.is_under_way();
    let pause_label = words(move || match lab.run.with(Run::is_paused) {
        true => t_string!(i18n, train.resume),
        false => t_string!(i18n, train.pause),
    });
    el("div", "run-controls").children([
        button("train", words(move || t_string!(i18n, train.train)), train)
            .set("class", "primary")
            .flag("disabled", move || !plan.is_ready()),
        button("pause", pause_label, pause).flag("disabled", idle),
        button("step", words(move || t_string!(i18n, train.step)), move || control(plan, Control::Step))
            .live("title", move || t_string!(i18n, train.step_hint))
            .flag("disabled", idle),
        button("stop", words(move || t_string!(i18n, train.stop)), move || control(plan, Control::Stop))
            .flag("disabled", idle),
        button("reset-run", words(move || t_string!(i18n, train.reset)), reset)
            .live("title", move || t_string!(i18n, train.reset_hint)),
    ])
}

/// Says to the run under way what to do next.
pub fn control(plan: Plan, what: Control) {
    plan.lab.order(SlotKey::Control, Command::Control(what), |_| ());
}

/// How far the run is, how fast, and its loss.
pub fn run_status(plan: Plan) -> El {
    let i18n = use_i18n();
    let run = plan.lab.run;
    let state = move || {
        run.with(|run| {
            let Some(report) = &run.report else { return t_string!(i18n, train.none).to_string() };
            let Progress { epoch, epochs, .. } = report.progress;
            let state = match report.state {
                RunState::Loading => return t_string!(i18n, train.loading).into(),
                RunState::Running => t_string!(i18n, train.running),
                RunState::Paused => t_string!(i18n, train.paused),
                RunState::Done => t_string!(i18n, train.done),
                RunState::Stopped => t_string!(i18n, train.stopped),
                RunState::Failed(_) => t_string!(i18n, train.failed),
            };
            let (epoch, model) = ((epoch + 1).min(epochs), model_name(i18n, report.model));
            t_string!(i18n, train.progress, model = model, state = state, epoch = epoch, epochs = epochs)
        })
    };
    let speed = move || {
        run.with(|run| match &run.report {
            Some(report) if report.images_per_second > 0.0 && report.state == RunState::Running => {
                let Progress { step, steps, batch, .. } = report.progress;
                let left = (steps.saturating_sub(step) * batch) as f32 / report.images_per_second;
                let speed = format!("{:.0}", report.images_per_second);
                t_string!(i18n, train.speed, speed = speed, time = clock(left as u32))
            }
            _ => "\u{a0}".into(),
        })
    };
    let share = move || {
        run.with(|run| {
            let progress = run.report.as_ref().map(|report| report.progress);
            progress.map_or(0.0, |Progress { step, steps, .. }| step as f64 / steps.max(1) as f64)
        })
    };
    let loss = move || {
        let loss = run.with(|run| run.training.last().and_then(|mark| mark.loss(None)));
        loss.map_or("–".to_string(), |loss| four_digits(loss.into()))
    };
    let label = words(state);
    el("div", "run-status").children([
        el("div", "progress").set("data-testid", "progress").children([
            el("progress", "").set("max", 1).prop("value", move || share().to_string()).label(label.clone()),
            el("p", "").text(label),
            el("p", "speed").text(words(speed)),
        ]),
        el("p", "loss").children([
            el("span", "").text(words(move || t_string!(i18n, train.loss))),
            el("output", "").set("data-testid", "loss").text(words(loss)),
        ]),
    ])
}

/// Seconds as a clock has them: 1:05:20, 3:20.
pub fn clock(seconds: u32) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}
