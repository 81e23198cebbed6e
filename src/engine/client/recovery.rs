//! A run outlives its engine, and so do weights: the next engine goes on from what the browser keeps.

use std::rc::Rc;

use super::{Lane, Notice, Shared};
use crate::engine::lanes::{Ask, Reply};
use crate::engine::protocol::{Command, Control, Problem, Report, RunState};

/// What the engine keeps the weights under that were learnt or loaded last.
pub(super) const LATEST: &str = "";

impl Shared {
    /// A reply that also notes which weights are in use once `command` is done.
    pub(super) fn note_use(self: &Rc<Self>, command: &Command, reply: Reply) -> Reply {
        let command = match command {
            Command::Use { .. } | Command::Restore { .. } | Command::Forget { .. } => command.clone(),
            _ => return reply,
        };
        let weak = Rc::downgrade(self);
        Box::new(move |answer| {
            if let (Ok(_), Some(shared)) = (&answer, weak.upgrade()) {
                let in_use = &mut shared.state.borrow_mut().in_use;
                match command {
                    Command::Use { model, name } => drop(in_use.insert(model, name)),
                    Command::Restore { model } => drop(in_use.remove(&model)),
                    Command::Forget { model, name } if in_use.get(&model) == Some(&name) => drop(in_use.remove(&model)),
                    _ => {}
                }
            }
            reply(answer);
        })
    }

    pub(super) fn take_report(&self, report: Report) {
        let under_way = matches!(report.state, RunState::Loading | RunState::Running | RunState::Paused);
        self.state.borrow_mut().run = under_way.then(|| report.clone());
        (self.notify)(Notice::Training(report));
    }

    /// The engine has ended by itself: tells what becomes of the run, if there was one.
    pub(super) fn tell_of_recovery(&self, problem: &Problem) {
        let run = self.state.borrow().run.as_ref().map(|run| run.model);
        if let Some(model) = run {
            (self.notify)(Notice::Recovering { model, problem: problem.clone() });
        }
    }

    /// Lets a new engine go on with the run of the one before, paused if it was.
    pub(super) fn recover(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        // A command that was to begin a run is put to the new engine all the same.
        let Some(run) = state.run.clone().filter(|_| state.lanes.is_free(Lane::Train)) else { return };
        let command = Command::Recover { model: run.model };
        let weak = Rc::downgrade(self);
        let reply = move |answer| {
            let Some(shared) = weak.upgrade() else { return };
            match answer {
                Ok(_) if run.state == RunState::Paused => {}
                Ok(_) => shared.resume(),
                Err(problem) => {
                    shared.take_report(Report { state: RunState::Failed(problem), images_per_second: 0.0, ..run });
                }
            }
        };
        state.lanes.put(Lane::Train, Ask { command, reply: Box::new(reply) });
    }

    fn resume(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        // What the person has asked for meanwhile counts.
        if state.lanes.is_free(Lane::Control) {
            let command = Command::Control(Control::Resume);
            state.lanes.put(Lane::Control, Ask { command, reply: Box::new(|_| ()) });
        }
        drop(state);
        self.pump();
    }
}
