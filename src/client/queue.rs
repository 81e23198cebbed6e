//! The queue in front of an engine: one command of each slot is at work, others wait.
//!
//! In most slots a newer request replaces the one that waits: a drawing in progress never builds up a backlog. In a FIFO slot every
//! request is carried out, one after another.

use std::collections::{BTreeMap, VecDeque};

use super::requirements::{EngineKind, Requirements};
use super::slot::SlotKey;
use crate::protocol::{Answer, Asset, Command, EngineError};

/// Called with the answer; not at all when a newer command took this one's place.
pub type Reply = Box<dyn FnOnce(Result<Answer, EngineError>)>;

/// A command on its way, with the reply it owes.
pub struct Pending {
    pub command: Command,
    pub reply: Reply,
}

#[derive(Default)]
struct Slot {
    at_work: Option<(u64, Pending)>,
    waiting: VecDeque<Pending>,
}

/// All slots of one client.
#[derive(Default)]
pub struct RequestQueue {
    slots: BTreeMap<SlotKey, Slot>,
    last_id: u64,
}

impl RequestQueue {
    /// Lets `pending` wait in `key`: behind what waits there in a FIFO slot, else in its place.
    pub fn put(&mut self, key: SlotKey, pending: Pending) {
        let waiting = &mut self.slots.entry(key).or_default().waiting;
        if !key.is_fifo() {
            waiting.clear();
        }
        waiting.push_back(pending);
    }

    /// Lets `pending` wait in the FIFO slot `key` before all that waits there.
    pub fn put_first(&mut self, key: SlotKey, pending: Pending) {
        self.slots.entry(key).or_default().waiting.push_front(pending);
    }

    /// Whether `key` has no command, at work or waiting.
    pub fn is_free(&self, key: SlotKey) -> bool {
        self.slots.get(&key).is_none_or(|slot| slot.at_work.is_none() && slot.waiting.is_empty())
    }

    /// Moves the first waiting command of every free slot to work whose files are all `ready`, and returns them under new
    /// numbers.
    pub fn start(&mut self, ready: impl Fn(Asset) -> bool) -> Vec<(u64, Command)> {
        let mut started = Vec::new();
        for slot in self.slots.values_mut().filter(|slot| slot.at_work.is_none()) {
            if let Some(pending) =
                slot.waiting.pop_front_if(|pending| Requirements::of(&pending.command).assets().all(&ready))
            {
                self.last_id += 1;
                started.push((self.last_id, pending.command.clone()));
                slot.at_work = Some((self.last_id, pending));
            }
        }
        started
    }

    /// The files that waiting commands need.
    pub fn wanted(&self) -> impl Iterator<Item = Asset> + '_ {
        self.slots
            .values()
            .flat_map(|slot| &slot.waiting)
            .flat_map(|pending| Requirements::of(&pending.command).assets())
    }

    /// Takes the command numbered `id` out of work.
    pub fn finish(&mut self, id: u64) -> Option<Pending> {
        let slot = self.slots.values_mut().find(|slot| matches!(slot.at_work, Some((at_work, _)) if at_work == id));
        slot?.at_work.take().map(|(_, pending)| pending)
    }

    /// Whether a command waits in `key`.
    pub fn is_waiting(&self, key: SlotKey) -> bool {
        self.slots.get(&key).is_some_and(|slot| !slot.waiting.is_empty())
    }

    /// Whether a command waits that takes an engine that trains.
    pub fn is_waiting_for_trainer(&self) -> bool {
        self.slots
            .values()
            .flat_map(|slot| &slot.waiting)
            .any(|pending| Requirements::of(&pending.command).engine == EngineKind::Trainer)
    }

    /// Takes out the commands that wait in `key`.
    pub fn withdraw_from(&mut self, key: SlotKey) -> Vec<Pending> {
        self.slots.get_mut(&key).map(|slot| slot.waiting.drain(..).collect()).unwrap_or_default()
    }

    /// Takes out every waiting command that takes an engine that trains.
    pub fn withdraw_for_trainer(&mut self) -> Vec<Pending> {
        self.withdraw_where(|requirements| requirements.engine == EngineKind::Trainer)
    }

    /// Takes out every waiting command that needs `asset`.
    pub fn withdraw(&mut self, asset: Asset) -> Vec<Pending> {
        self.withdraw_where(|requirements| requirements.assets().any(|file| file == asset))
    }

    fn withdraw_where(&mut self, is_needing: impl Fn(Requirements) -> bool) -> Vec<Pending> {
        let mut withdrawn = Vec::new();
        for slot in self.slots.values_mut() {
            let (needing, rest): (VecDeque<_>, VecDeque<_>) =
                slot.waiting.drain(..).partition(|pending| is_needing(Requirements::of(&pending.command)));
            slot.waiting = rest;
            withdrawn.extend(needing);
        }
        withdrawn
    }

    /// The engine is gone: what was at work waits again, unless something newer is to replace it.
    pub fn put_back(&mut self) {
        for (key, slot) in &mut self.slots {
            if let Some((_, pending)) = slot.at_work.take()
                && (key.is_fifo() || slot.waiting.is_empty())
            {
                slot.waiting.push_front(pending);
            }
        }
    }

    /// Another engine has a newer command for `key`: what is here is not to be answered any more.
    pub fn supersede(&mut self, key: SlotKey) {
        if let Some(slot) = self.slots.get_mut(&key).filter(|_| !key.is_fifo()) {
            slot.waiting.clear();
            if let Some((_, pending)) = &mut slot.at_work {
                pending.reply = Box::new(|_| ());
            }
        }
    }

    /// Takes out the waiting commands that another engine is to answer.
    pub fn split_off(&mut self, is_others: impl Fn(&Command) -> bool) -> Self {
        let mut other = Self::default();
        for (&key, slot) in &mut self.slots {
            let (others, own) = slot.waiting.drain(..).partition(|pending| is_others(&pending.command));
            slot.waiting = own;
            other.slots.entry(key).or_default().waiting = others;
        }
        other
    }

    /// Takes over what waits in `other`, whose engine is gone.
    pub fn absorb(&mut self, other: Self) {
        for (key, slot) in other.slots {
            for pending in slot.waiting {
                self.put(key, pending);
            }
        }
    }

    /// Takes out all that waits in FIFO slots: no engine will do it.
    pub fn withdraw_fifo(&mut self) -> Vec<Pending> {
        let slots = self.slots.iter_mut().filter(|(key, _)| key.is_fifo() || **key == SlotKey::Train);
        slots.flat_map(|(_, slot)| slot.waiting.drain(..)).collect()
    }

    /// The engine is gone and what was at work may be why: it is given up.
    pub fn give_up(&mut self) -> Vec<Pending> {
        self.slots.values_mut().filter_map(|slot| slot.at_work.take()).map(|(_, pending)| pending).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use super::*;
    use crate::protocol::{
        Decode, DeleteWeights, GetCodeMap, GetGallery, GetTestDigit, GetViews, ModelId, RecoverRun, Train,
    };

    const MODEL: ModelId = ModelId::new("vae");
    const WEIGHTS: Asset = Asset::Weights(MODEL);

    fn decode(z: f32) -> Command {
        Decode { model: MODEL, codes: vec![vec![z]] }.into()
    }

    fn delete(name: &str) -> Command {
        DeleteWeights { model: MODEL, name: name.to_string() }.into()
    }

    fn pending(command: impl Into<Command>) -> Pending {
        Pending { command: command.into(), reply: Box::new(|_| ()) }
    }

    fn started(queue: &mut RequestQueue) -> Vec<Command> {
        queue.start(|_| true).into_iter().map(|(_, command)| command).collect()
    }

    #[test]
    fn only_the_newest_waits() {
        let mut queue = RequestQueue::default();
        queue.put(SlotKey::Decode, pending(decode(1.0)));
        let at_work = queue.start(|_| true);
        for z in [2.0, 3.0, 4.0] {
            queue.put(SlotKey::Decode, pending(decode(z)));
            assert_eq!(started(&mut queue), [], "the slot is taken");
        }
        assert!(queue.finish(at_work[0].0).is_some());
        assert_eq!(started(&mut queue), [decode(4.0)]);
    }

    #[test]
    fn a_fifo_slot_carries_out_every_request() {
        let mut queue = RequestQueue::default();
        for name in ["a", "b", "c"] {
            queue.put(SlotKey::Weights, pending(delete(name)));
        }
        for name in ["a", "b", "c"] {
            let at_work = queue.start(|_| true);
            assert_eq!(at_work.iter().map(|(_, command)| command).collect::<Vec<_>>(), [&delete(name)]);
            queue.finish(at_work[0].0);
        }
        assert!(queue.is_free(SlotKey::Weights));
    }

    #[test]
    fn a_fifo_slot_keeps_its_order_when_the_engine_is_gone() {
        let mut queue = RequestQueue::default();
        queue.put(SlotKey::Weights, pending(delete("a")));
        queue.start(|_| true);
        queue.put(SlotKey::Weights, pending(delete("b")));
        queue.put_back();
        queue.put_first(SlotKey::Weights, pending(delete("before them")));
        for name in ["before them", "a", "b"] {
            assert_eq!(started(&mut queue), [delete(name)]);
            assert_eq!(queue.give_up().len(), 1);
        }
    }

    #[test]
    fn slots_do_not_wait_for_each_other() {
        let mut queue = RequestQueue::default();
        queue.put(SlotKey::Decode, pending(decode(1.0)));
        queue.put(SlotKey::Sweep, pending(decode(2.0)));
        assert_eq!(started(&mut queue).len(), 2);
    }

    #[test]
    fn a_slot_is_free_until_used_and_after_the_answer() {
        let mut queue = RequestQueue::default();
        assert!(queue.is_free(SlotKey::Train));
        queue.put(SlotKey::Train, pending(RecoverRun { model: MODEL, resumes: false }));
        assert!(!queue.is_free(SlotKey::Train) && queue.is_free(SlotKey::Control));
        let id = queue.start(|_| false)[0].0;
        assert!(!queue.is_free(SlotKey::Train));
        queue.finish(id);
        assert!(queue.is_free(SlotKey::Train));
    }

    #[test]
    fn a_command_waits_for_all_of_its_files() {
        let (gallery, views) = (Command::from(GetGallery { model: MODEL }), Command::from(GetViews { model: MODEL }));
        let waiting =
            [(SlotKey::Gallery(MODEL), gallery, Asset::TestDigits), (SlotKey::Views(MODEL), views, Asset::TestSet)];
        for (key, command, digits) in waiting {
            let mut queue = RequestQueue::default();
            queue.put(key, pending(command.clone()));
            for there in [WEIGHTS, digits] {
                assert_eq!(queue.start(|asset| asset == there).len(), 0, "{there:?} alone is not enough");
            }
            let both = queue.start(|asset| [WEIGHTS, digits].contains(&asset));
            assert_eq!(both.into_iter().map(|(_, command)| command).collect::<Vec<_>>(), [command]);
        }
    }

    #[test]
    fn what_needs_a_file_that_cannot_be_had_is_withdrawn() {
        let mut queue = RequestQueue::default();
        queue.put(SlotKey::Decode, pending(decode(1.0)));
        queue.put(SlotKey::TestDigit, pending(GetTestDigit { digit: 1, nth: 0 }));
        assert_eq!(queue.wanted().collect::<Vec<_>>(), [Asset::TestDigits, WEIGHTS]);
        assert_eq!(queue.withdraw(WEIGHTS).len(), 1);
        assert!(queue.is_free(SlotKey::Decode) && queue.is_waiting(SlotKey::TestDigit));
        assert_eq!(queue.withdraw_from(SlotKey::TestDigit).len(), 1);
        assert_eq!(queue.wanted().count(), 0);
    }

    #[test]
    fn what_takes_a_trainer_is_withdrawn_and_nothing_else() {
        let mut queue = RequestQueue::default();
        queue.put(SlotKey::Decode, pending(decode(1.0)));
        queue.put(SlotKey::Train, pending(Train { model: MODEL, settings: String::new() }));
        queue.put(SlotKey::CodeMap, pending(GetCodeMap { model: MODEL }));
        assert!(queue.is_waiting_for_trainer());
        assert_eq!(queue.withdraw_for_trainer().len(), 2);
        assert!(!queue.is_waiting_for_trainer() && queue.is_waiting(SlotKey::Decode));
    }

    #[test]
    fn what_was_at_work_is_done_by_the_next_engine_unless_something_newer_waits() {
        let mut queue = RequestQueue::default();
        for key in [SlotKey::Decode, SlotKey::Sweep] {
            queue.put(key, pending(decode(1.0)));
        }
        assert_eq!(started(&mut queue).len(), 2);
        queue.put(SlotKey::Sweep, pending(decode(2.0)));
        queue.put_back();
        assert_eq!(started(&mut queue), [decode(1.0), decode(2.0)]);
    }

    #[test]
    fn what_another_engine_has_a_newer_command_for_is_not_answered() {
        let answers = Rc::new(RefCell::new(0));
        let (mut queue, mut other) = (RequestQueue::default(), RequestQueue::default());
        for _ in 0..2 {
            let answers = answers.clone();
            let reply = Box::new(move |_| *answers.borrow_mut() += 1);
            queue.put(SlotKey::Decode, Pending { command: decode(1.0), reply });
            other.put(SlotKey::Decode, Pending { command: decode(2.0), reply: Box::new(|_| ()) });
            if let Some((id, _)) = queue.start(|_| true).first() {
                queue.supersede(SlotKey::Decode);
                (queue.finish(*id).expect("it is at work").reply)(Err(EngineError::Vanished));
            }
        }
        assert_eq!(*answers.borrow(), 0);
        queue.absorb(other);
        let mut again = queue.split_off(|command| *command == decode(2.0));
        assert_eq!((started(&mut queue), started(&mut again)), (Vec::new(), vec![decode(2.0)]));
    }

    #[test]
    fn a_late_answer_to_an_engine_that_is_gone_finishes_nothing() {
        let replies = Rc::new(RefCell::new(0));
        let mut queue = RequestQueue::default();
        let reply = {
            let replies = replies.clone();
            Box::new(move |_| *replies.borrow_mut() += 1)
        };
        queue.put(SlotKey::Decode, Pending { command: decode(1.0), reply });
        let first = queue.start(|_| true)[0].0;
        queue.put_back();
        let second = queue.start(|_| true)[0].0;
        assert!(queue.finish(first).is_none());
        let pending = queue.finish(second).expect("the second is at work");
        (pending.reply)(Err(EngineError::Vanished));
        assert_eq!(*replies.borrow(), 1);
    }
}
