//! What follows when an engine ends: another takes its place, and a run and weights go on from what the browser keeps.

use std::rc::Rc;

use super::{Notice, Shared, State};
use crate::client::choice::Reason;
use crate::client::queue::{Pending, Reply};
use crate::client::routing::{Role, changed_model};
use crate::client::slot::SlotKey;
use crate::protocol::{
    Answer, Command, DeleteWeights, DeviceKind, EngineError, ImportWeights, ModelId, RecoverRun, Report,
    RestoreWeights, RunState, UseWeights,
};

/// A CPU engine that crashes is started again this many times before the page gives up.
const RESTARTS: u32 = 2;

impl Shared {
    /// A reply that also notes which weights are in use, and where, once `command` is done.
    pub(super) fn note_use(self: &Rc<Self>, command: &Command, reply: Reply) -> Reply {
        let changed = changed_model(command);
        if changed.is_none() && !matches!(command, Command::DeleteWeights(_)) {
            return reply;
        }
        let command = command.clone();
        if let Some(model) = changed {
            self.state.borrow_mut().kept.remove(&model);
        }
        let weak = Rc::downgrade(self);
        Box::new(move |answer| {
            if let (Ok(_), Some(shared)) = (&answer, weak.upgrade()) {
                let mut state = shared.state.borrow_mut();
                let State { in_use, on_main, kept, unkept, .. } = &mut *state;
                on_main.extend(changed);
                changed.into_iter().for_each(|model| drop(unkept.remove(&model)));
                match command {
                    Command::UseWeights(UseWeights { model, name }) => {
                        in_use.insert(model, name);
                        kept.insert(model);
                    }
                    Command::RestoreWeights(RestoreWeights { model }) => {
                        in_use.remove(&model);
                        kept.insert(model);
                    }
                    // They are kept before this is answered, where the browser keeps anything.
                    Command::ImportWeights(ImportWeights { model, file }) if !kept.contains(&model) => {
                        unkept.insert(model, file);
                    }
                    Command::DeleteWeights(DeleteWeights { model, name }) if in_use.get(&model) == Some(&name) => {
                        drop(in_use.remove(&model));
                    }
                    _ => {}
                }
                drop(state);
                changed.into_iter().for_each(|model| shared.share_weights(model));
            }
            reply(answer);
        })
    }

    pub(super) fn take_report(self: &Rc<Self>, report: Report) {
        let under_way = matches!(report.state, RunState::Loading | RunState::Running | RunState::Paused);
        let mut state = self.state.borrow_mut();
        state.run = under_way.then(|| report.clone());
        state.on_main.insert(report.model);
        if report.progress.step > 0 {
            state.unkept.remove(&report.model);
        }
        if under_way {
            state.kept.remove(&report.model);
        }
        drop(state);
        let model = report.model;
        (self.notify)(Notice::Training(report));
        self.share_weights(model);
    }

    /// Has the interactive engine put the weights of `model` into use that the main one has, where the browser has kept them: then it answers
    /// again what a person waits for.
    fn share_weights(self: &Rc<Self>, model: ModelId) {
        let mut state = self.state.borrow_mut();
        let State { interactive, in_use, kept, generation, .. } = &mut *state;
        let Some(engine) = interactive.as_mut().filter(|_| kept.contains(&model)) else { return };
        let (name, generation) = (in_use.get(&model).cloned(), *generation);
        let command = match name.clone() {
            Some(name) => UseWeights { model, name }.into(),
            None => RestoreWeights { model }.into(),
        };
        let weak = Rc::downgrade(self);
        let reply = move |answer: Result<Answer, EngineError>| {
            let Some(shared) = weak.upgrade() else { return };
            let mut state = shared.state.borrow_mut();
            let is_same = state.generation == generation && state.in_use.get(&model) == name.as_ref();
            if answer.is_ok() && is_same && state.kept.contains(&model) {
                state.on_main.remove(&model);
            }
        };
        engine.queue.put(SlotKey::Weights, Pending { command, reply: Box::new(reply) });
        drop(state);
        self.pump();
    }

    /// Gives a new engine the files that the one before had from a person alone.
    pub(super) fn import_again(self: &Rc<Self>) {
        let files = self.state.borrow_mut().unkept.drain().collect::<Vec<_>>();
        for (model, file) in files {
            let command = ImportWeights { model, file }.into();
            // That it could not be had was said when it was imported.
            let reply = self.note_use(&command, Box::new(|_| ()));
            self.state.borrow_mut().main.queue.put_first(SlotKey::Weights, Pending { command, reply });
        }
    }

    /// An engine has ended by itself: goes on with the CPU while that makes sense.
    pub(super) fn take_end(self: &Rc<Self>, role: Role, error: EngineError) {
        if role == Role::Interactive {
            return self.take_interactive_end(error);
        }
        self.tell_of_recovery(&error);
        let (ended, trained) = {
            let state = self.state.borrow();
            let process = state.main.process.as_ref();
            (process.map(|process| process.kind), process.is_some_and(|process| process.trains))
        };
        if ended == Some(DeviceKind::WebGpu) {
            return self.spawn(DeviceKind::Cpu, Reason::FellBack(error), false);
        }
        let reason = self.state.borrow().reason.clone();
        if trained && matches!(error, EngineError::NotStarted(_)) {
            return self.give_up_training(error, reason);
        }
        let given_up = self.state.borrow_mut().main.queue.give_up();
        self.end_engines();
        for pending in given_up {
            (pending.reply)(Err(error.clone()));
        }
        let crashed = matches!(error, EngineError::Crashed(_) | EngineError::Vanished);
        let restarts = self.state.borrow().restarts;
        if crashed && restarts < RESTARTS {
            self.state.borrow_mut().restarts += 1;
            (self.notify)(Notice::Restarting { error });
            self.spawn(DeviceKind::Cpu, reason, false);
        } else {
            let withdrawn = self.state.borrow_mut().main.queue.withdraw_fifo();
            for pending in withdrawn {
                (pending.reply)(Err(error.clone()));
            }
            (self.notify)(Notice::Stopped { error });
        }
    }

    /// The engine beside the GPU's has ended: the GPU answers, however long it takes.
    fn take_interactive_end(self: &Rc<Self>, error: EngineError) {
        let mut state = self.state.borrow_mut();
        let given_up = state.interactive.as_mut().map(|engine| engine.queue.give_up()).unwrap_or_default();
        state.end_interactive();
        drop(state);
        for pending in given_up {
            (pending.reply)(Err(error.clone()));
        }
        self.notify_interactive();
        (self.notify)(Notice::Alert { error });
        self.pump();
    }

    /// The program that trains cannot be had: the one that does not goes on with the rest. What only the other can answer is refused from now on,
    /// or the page, which asks each new engine, would have it started again and again.
    fn give_up_training(self: &Rc<Self>, error: EngineError, reason: Reason) {
        self.end_engines();
        let mut state = self.state.borrow_mut();
        let run = state.run.take();
        state.no_trainer = Some(error.clone());
        let withdrawn = state.main.queue.withdraw_for_trainer();
        drop(state);
        if let Some(run) = run {
            self.take_report(Report { state: RunState::Failed(error.clone()), images_per_second: 0.0, ..run });
        }
        for pending in withdrawn {
            (pending.reply)(Err(error.clone()));
        }
        self.spawn(DeviceKind::Cpu, reason, false);
    }

    /// The engine has ended by itself: tells what becomes of the run, if there was one.
    fn tell_of_recovery(&self, error: &EngineError) {
        let run = self.state.borrow().run.as_ref().map(|run| run.model);
        if let Some(model) = run {
            (self.notify)(Notice::Recovering { model, error: error.clone() });
        }
    }

    /// Lets a new engine go on with the run of the one before, paused if it was.
    pub(super) fn recover(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        // A command that was to begin a run is put to the new engine all the same.
        let Some(run) = state.run.clone().filter(|_| state.main.queue.is_free(SlotKey::Train)) else { return };
        let command = RecoverRun { model: run.model, resumes: run.state != RunState::Paused }.into();
        let weak = Rc::downgrade(self);
        let reply = move |answer| {
            if let (Some(shared), Err(error)) = (weak.upgrade(), answer) {
                shared.take_report(Report { state: RunState::Failed(error), images_per_second: 0.0, ..run });
            }
        };
        state.main.queue.put(SlotKey::Train, Pending { command, reply: Box::new(reply) });
    }
}
