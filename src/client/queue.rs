//! The queue in front of an engine. Each lane has at most one command at work and one waiting: a newer command takes
//! the place of the waiting one, so that a drawing in progress never builds up a backlog.

use std::collections::BTreeMap;

use crate::protocol::{Answer, Asset, Command, EngineError, ModelId};

/// Commands of one lane replace each other; those of different lanes do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SlotKey {
    TestDigit,
    Denoise,
    Reconstruct,
    /// The drawing as the model chosen for training gives it back.
    Rebuild,
    Encode,
    Decode,
    Traverse,
    Sweep,
    Gallery(ModelId),
    Views(ModelId),
    /// Digits at codes drawn from the prior.
    Generate,
    Presets(ModelId),
    /// A run's beginning: from settings, or from where an earlier one was left.
    Train,
    Control,
    Stored,
    /// What is kept in the browser: keep, use, forget, discard.
    Store,
    /// Weights as files: export, import, and the shipped ones.
    File,
}

/// Called with the answer; not at all when a newer command took this one's place.
pub type Reply = Box<dyn FnOnce(Result<Answer, EngineError>)>;

/// A command on its way, with the reply it owes.
pub struct Pending {
    pub command: Command,
    pub reply: Reply,
}

#[derive(Default)]
struct Queue {
    at_work: Option<(u64, Pending)>,
    waiting: Option<Pending>,
}

/// All lanes of one client.
#[derive(Default)]
pub struct RequestQueue {
    queues: BTreeMap<SlotKey, Queue>,
    last_id: u64,
}

impl RequestQueue {
    /// Lets `ask` wait in `lane`, in place of what waited there.
    pub fn put(&mut self, lane: SlotKey, ask: Pending) {
        self.queues.entry(lane).or_default().waiting = Some(ask);
    }

    /// Whether `lane` has no command, at work or waiting.
    pub fn is_free(&self, lane: SlotKey) -> bool {
        self.queues.get(&lane).is_none_or(|queue| queue.at_work.is_none() && queue.waiting.is_none())
    }

    /// Moves every waiting command to work whose lane is free and whose files are all `ready`, and returns them under new
    /// numbers.
    pub fn start(&mut self, ready: impl Fn(Asset) -> bool) -> Vec<(u64, Command)> {
        let mut started = Vec::new();
        for queue in self.queues.values_mut() {
            if queue.at_work.is_none()
                && let Some(ask) = queue.waiting.take_if(|ask| needed(&ask.command).all(&ready))
            {
                self.last_id += 1;
                started.push((self.last_id, ask.command.clone()));
                queue.at_work = Some((self.last_id, ask));
            }
        }
        started
    }

    /// The files that waiting commands need.
    pub fn wanted(&self) -> impl Iterator<Item = Asset> + '_ {
        self.queues.values().filter_map(|queue| queue.waiting.as_ref()).flat_map(|ask| needed(&ask.command))
    }

    /// Takes the command numbered `id` out of work.
    pub fn finish(&mut self, id: u64) -> Option<Pending> {
        let queue = self.queues.values_mut().find(|queue| matches!(queue.at_work, Some((at_work, _)) if at_work == id));
        queue?.at_work.take().map(|(_, ask)| ask)
    }

    /// Whether a command waits in `lane`.
    pub fn is_waiting(&self, lane: SlotKey) -> bool {
        self.queues.get(&lane).is_some_and(|queue| queue.waiting.is_some())
    }

    /// Takes out the command that waits in `lane`.
    pub fn withdraw_from(&mut self, lane: SlotKey) -> Option<Pending> {
        self.queues.get_mut(&lane)?.waiting.take()
    }

    /// Takes out every waiting command that needs `asset`.
    pub fn withdraw(&mut self, asset: Asset) -> Vec<Pending> {
        let waiting = self.queues.values_mut();
        waiting
            .filter_map(|queue| queue.waiting.take_if(|ask| needed(&ask.command).any(|file| file == asset)))
            .collect()
    }

    /// The engine is gone: what was at work waits again, unless something newer does.
    pub fn put_back(&mut self) {
        for queue in self.queues.values_mut() {
            if let Some((_, ask)) = queue.at_work.take() {
                queue.waiting.get_or_insert(ask);
            }
        }
    }

    /// The engine is gone and what was at work may be why: it is given up.
    pub fn give_up(&mut self) -> Vec<Pending> {
        self.queues.values_mut().filter_map(|queue| queue.at_work.take()).map(|(_, ask)| ask).collect()
    }
}

/// The files that a command cannot be answered without.
pub fn needed(command: &Command) -> impl Iterator<Item = Asset> + use<> {
    let (model, test_set) = match command {
        Command::TestDigit { .. } => (None, true),
        Command::Reconstruct { model, .. }
        | Command::Decode { model, .. }
        | Command::Traverse { model, .. }
        | Command::Sweep { model, .. } => (Some(*model), false),
        Command::Gallery { model } | Command::Views { model } => (Some(*model), true),
        _ => (None, false),
    };
    model.map(Asset::Weights).into_iter().chain(test_set.then_some(Asset::TestSet))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use super::*;

    const VAE: Asset = Asset::Weights(ModelId::Vae);

    fn decode(z: f32) -> Command {
        Command::Decode { model: ModelId::Vae, codes: vec![vec![z]] }
    }

    fn ask(command: Command) -> Pending {
        Pending { command, reply: Box::new(|_| ()) }
    }

    fn started(lanes: &mut RequestQueue) -> Vec<Command> {
        lanes.start(|_| true).into_iter().map(|(_, command)| command).collect()
    }

    #[test]
    fn only_the_newest_waits_while_one_is_at_work() {
        let mut lanes = RequestQueue::default();
        lanes.put(SlotKey::Decode, ask(decode(1.0)));
        let at_work = lanes.start(|_| true);
        for z in [2.0, 3.0, 4.0] {
            lanes.put(SlotKey::Decode, ask(decode(z)));
            assert_eq!(started(&mut lanes), [], "the lane is taken");
        }
        assert!(lanes.finish(at_work[0].0).is_some());
        assert_eq!(started(&mut lanes), [decode(4.0)]);
    }

    #[test]
    fn lanes_do_not_wait_for_each_other() {
        let mut lanes = RequestQueue::default();
        lanes.put(SlotKey::Decode, ask(decode(1.0)));
        lanes.put(SlotKey::Sweep, ask(decode(2.0)));
        assert_eq!(started(&mut lanes).len(), 2);
    }

    #[test]
    fn a_lane_is_free_until_asked_and_after_the_answer() {
        let mut lanes = RequestQueue::default();
        assert!(lanes.is_free(SlotKey::Train));
        lanes.put(SlotKey::Train, ask(Command::Recover { model: ModelId::Vae }));
        assert!(!lanes.is_free(SlotKey::Train) && lanes.is_free(SlotKey::Control));
        let id = lanes.start(|_| false)[0].0;
        assert!(!lanes.is_free(SlotKey::Train));
        lanes.finish(id);
        assert!(lanes.is_free(SlotKey::Train));
    }

    #[test]
    fn a_command_waits_for_its_file() {
        let mut lanes = RequestQueue::default();
        lanes.put(SlotKey::Decode, ask(decode(1.0)));
        lanes.put(SlotKey::TestDigit, ask(Command::TestDigit { digit: 1, nth: 0 }));
        assert_eq!(lanes.start(|asset| asset == Asset::TestSet).len(), 1);
        assert_eq!(lanes.withdraw(VAE).len(), 1);
        assert_eq!(started(&mut lanes), []);
    }

    #[test]
    fn a_command_waits_for_all_of_its_files() {
        let mut lanes = RequestQueue::default();
        lanes.put(SlotKey::Views(ModelId::Vae), ask(Command::Views { model: ModelId::Vae }));
        for there in [VAE, Asset::TestSet] {
            assert_eq!(lanes.start(|asset| asset == there).len(), 0, "{there:?} alone is not enough");
        }
        assert_eq!(started(&mut lanes), [Command::Views { model: ModelId::Vae }]);
    }

    #[test]
    fn a_waiting_command_tells_its_file_and_can_be_withdrawn() {
        let mut lanes = RequestQueue::default();
        lanes.put(SlotKey::Decode, ask(decode(1.0)));
        assert!(lanes.is_waiting(SlotKey::Decode) && !lanes.is_waiting(SlotKey::Train));
        assert_eq!(lanes.wanted().collect::<Vec<_>>(), [VAE]);
        assert!(lanes.withdraw_from(SlotKey::Decode).is_some());
        assert!(!lanes.is_waiting(SlotKey::Decode));
        assert_eq!(lanes.wanted().count(), 0);
    }

    #[test]
    fn what_was_at_work_is_done_by_the_next_engine_unless_something_newer_waits() {
        let mut lanes = RequestQueue::default();
        for lane in [SlotKey::Decode, SlotKey::Sweep] {
            lanes.put(lane, ask(decode(1.0)));
        }
        assert_eq!(started(&mut lanes).len(), 2);
        lanes.put(SlotKey::Sweep, ask(decode(2.0)));
        lanes.put_back();
        assert_eq!(started(&mut lanes), [decode(1.0), decode(2.0)]);
    }

    #[test]
    fn a_late_answer_to_an_engine_that_is_gone_finishes_nothing() {
        let replies = Rc::new(RefCell::new(0));
        let mut lanes = RequestQueue::default();
        let reply = {
            let replies = replies.clone();
            Box::new(move |_| *replies.borrow_mut() += 1)
        };
        lanes.put(SlotKey::Decode, Pending { command: decode(1.0), reply });
        let first = lanes.start(|_| true)[0].0;
        lanes.put_back();
        let second = lanes.start(|_| true)[0].0;
        assert!(lanes.finish(first).is_none());
        let ask = lanes.finish(second).expect("the second is at work");
        (ask.reply)(Err(EngineError::Vanished));
        assert_eq!(*replies.borrow(), 1);
    }
}
