//! A training run, folded from its reports.

use crate::protocol::{ModelId, Progress, Report, RunState};

/// Points of a curve at most: more than a chart has pixels are thinned out.
const MOST_POINTS: usize = 800;

/// The parts of a loss at a step, by name.
#[derive(Clone, Debug, PartialEq)]
pub struct LossPoint {
    pub step: usize,
    pub parts: Vec<(String, f32)>,
}

impl LossPoint {
    /// The part of that name; without a name, all of them together. None where it has no such part.
    pub fn loss(&self, part: Option<&str>) -> Option<f32> {
        match part {
            Some(name) => self.parts.iter().find(|(other, _)| other == name).map(|&(_, loss)| loss),
            None => Some(self.parts.iter().map(|(_, loss)| loss).sum()),
        }
    }
}

/// The latest run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Run {
    pub report: Option<Report>,
    pub training: Vec<LossPoint>,
    pub validation: Vec<LossPoint>,
    /// The training losses of the model's run before, to be compared with.
    pub before: Vec<LossPoint>,
    /// The link that set it up; empty where none did, or something was changed.
    pub link: String,
}

impl Run {
    /// Begins the next run, of `model`, as `link` set it up: it waits for what it needs.
    pub fn begin(&mut self, model: ModelId, link: String) {
        let waiting = Some(Report::without_progress(model, RunState::Loading));
        let next = Run { link, report: waiting, ..Self::default() };
        let Self { report, training, before, .. } = std::mem::replace(self, next);
        if report.is_none_or(|report| report.model == model) {
            self.before = if training.is_empty() { before } else { training };
        }
    }

    /// The run will not begin.
    pub fn refuse(&mut self) {
        if self.is_loading() {
            self.report = None;
        }
    }

    /// Folds a report in. The losses of another model's run are dropped, and those of steps that the engine has gone back behind.
    pub fn fold(&mut self, report: Report) {
        if self.report.as_ref().is_some_and(|before| before.model != report.model) {
            *self = Self::default();
        }
        let step = report.progress.step;
        // A run that waits for its examples does not know yet how far it is: what was recorded stays.
        if report.progress.steps == 0 && !self.training.is_empty() {
            let progress = self.report.as_ref().map_or(report.progress, |before| before.progress);
            self.report = Some(Report { progress, ..report });
            return;
        }
        record(&mut self.training, step, &report.losses);
        record(&mut self.validation, step, &report.validation);
        self.report = Some(report);
    }

    /// The model that is being trained.
    pub fn under_way(&self) -> Option<ModelId> {
        let under_way =
            |report: &&Report| matches!(report.state, RunState::Loading | RunState::Running | RunState::Paused);
        self.report.as_ref().filter(under_way).map(|report| report.model)
    }

    /// The state's name in `data-state`.
    pub fn state_name(&self) -> &'static str {
        match self.report.as_ref().map(|report| &report.state) {
            None => "none",
            Some(RunState::Loading) => "loading",
            Some(RunState::Running) => "running",
            Some(RunState::Paused) => "paused",
            Some(RunState::Done) => "done",
            Some(RunState::Stopped) => "stopped",
            Some(RunState::Failed(_)) => "failed",
        }
    }

    /// Steps done, and those of the whole run.
    pub fn steps(&self) -> (usize, usize) {
        self.report.as_ref().map_or((0, 0), |Report { progress: Progress { step, steps, .. }, .. }| (*step, *steps))
    }

    pub fn is_loading(&self) -> bool {
        self.report.as_ref().is_some_and(|report| report.state == RunState::Loading)
    }

    pub fn is_paused(&self) -> bool {
        self.report.as_ref().is_some_and(|report| report.state == RunState::Paused)
    }
}

fn record(points: &mut Vec<LossPoint>, step: usize, parts: &[(String, f32)]) {
    points.retain(|point| point.step < step || (point.step == step && parts.is_empty()));
    if !parts.is_empty() {
        points.push(LossPoint { step, parts: parts.to_vec() });
    }
    if points.len() > MOST_POINTS {
        let mut number = 0;
        points.retain(|_| {
            number += 1;
            number % 2 == 0
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEEP: ModelId = ModelId::new("deep");
    const VAE: ModelId = ModelId::new("vae");

    fn report(model: ModelId, step: usize, loss: f32) -> Report {
        let progress = Progress { step, steps: 10, epoch: 0, epochs: 1, batch: 100 };
        let losses = vec![("squared_error".to_string(), loss), ("l2".to_string(), 1.0)];
        Report { model, state: RunState::Running, progress, images_per_second: 0.0, losses, validation: Vec::new() }
    }

    #[test]
    fn reports_fold_into_curves() {
        let mut run = Run::default();
        assert_eq!((run.state_name(), run.steps()), ("none", (0, 0)));
        [1, 2, 3].into_iter().for_each(|step| run.fold(report(VAE, step, step as f32)));
        run.fold(report(VAE, 2, 9.0));
        let losses = |run: &Run, part| run.training.iter().map(|point| point.loss(part)).collect::<Vec<_>>();
        assert_eq!(losses(&run, Some("squared_error")), [Some(1.0), Some(9.0)], "the engine went back to step 2");
        assert_eq!(losses(&run, None), [Some(2.0), Some(10.0)]);
        assert_eq!((run.under_way(), run.state_name(), run.steps()), (Some(VAE), "running", (2, 10)));
        run.begin(VAE, "#/variational?set=seed:1".to_string());
        assert_eq!((run.before.len(), run.training.len()), (2, 0));
        run.fold(report(VAE, 1, 1.0));
        assert_eq!(run.link, "#/variational?set=seed:1");
        run.fold(report(DEEP, 1, 1.0));
        assert_eq!(run.link, "", "no link set that run up");
        run.fold(report(VAE, 1, 1.0));
        assert_eq!((run.before.len(), run.training.len()), (0, 1), "another model's curves are dropped");
    }
}
