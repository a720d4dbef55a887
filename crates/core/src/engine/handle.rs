//! Takes an input, and then does what is due.

use super::effect::{Effect, Purpose};
use super::input::{Input, Now};
use super::state::{Engine, REST, Turn};
use std::time::Duration;

/// The shortest sleep.
const SHORTEST: Duration = Duration::from_millis(10);

impl Engine {
    /// Takes an input and returns what to do. The last effect is always [`Effect::WakeIn`].
    pub fn handle(&mut self, now: Now, input: Input) -> Vec<Effect> {
        let mut turn = Turn { now, effects: Vec::new(), wake: REST };
        self.note_clock(now);
        self.take(&mut turn, input);
        self.send_due(&mut turn);
        self.poll_due(&mut turn);
        self.search_due(&mut turn);
        self.watch_due(&mut turn);
        self.read_early(&mut turn);
        self.compare_due(&mut turn);
        let wake = turn.wake.max(SHORTEST);
        turn.push(Effect::WakeIn(wake));
        turn.effects
    }

    fn take(&mut self, turn: &mut Turn, input: Input) {
        match input {
            Input::Timer => {}
            Input::Confirmed { confirmed, id, storing, before } => {
                self.confirm(turn, confirmed, &id, storing, before.as_ref());
            }
            Input::Stored { write, is_stored } => self.note_stored(turn, write, is_stored),
            Input::Answered { job, answer } => self.note_answer(turn, job, answer),
            Input::TaskRead { job, answer } => self.note_task(turn, job, answer),
            Input::TasksRead { purpose, answer } => match purpose {
                Purpose::Before(batch) => self.note_tasks_before(turn, &batch, answer.ok()),
                Purpose::Poll => self.note_task_list(turn, answer),
                Purpose::Search => self.note_search_page(turn, answer),
            },
            Input::SessionsRead(live) => self.note_sessions(turn, live),
            Input::EarlyRead { device, answer } => self.note_early(turn, &device, answer),
            Input::SessionsKnown { job, before } => self.note_before(turn, job, before.as_ref()),
            Input::CancelAsked(job) => self.ask_cancel(turn, job),
            Input::CancelAnswered { job, answer } => self.note_cancel(turn, job, answer),
            Input::Pause { batch, pause } => self.pause(turn, &batch, pause),
            Input::Drop(batch) => self.drop_rest(turn, &batch),
            Input::PollAll => self.poll_all(),
            Input::Compare(jobs) => self.compare_again(turn, &jobs),
            Input::Watch { jobs, minutes } => self.watch(turn, &jobs, minutes),
            Input::Page { hidden, online } => self.note_page(hidden, online),
            Input::SignedIn(account) => self.note_sign_in(turn, account),
            Input::SignInEnded => self.is_signed_in = false,
            Input::SignedOut(account) => self.note_sign_out(turn, &account),
            Input::Restored(batches) => self.restore(turn, batches),
            Input::Elsewhere(request) => self.note_elsewhere(turn, request),
            Input::TaskElsewhere { bigiq, task } => self.note_task_elsewhere(&bigiq, task),
            Input::ForgetElsewhere => self.forget_elsewhere(turn),
            Input::WhatIsInFlight { bigiq } => self.report_in_flight(turn, &bigiq),
        }
    }
}
