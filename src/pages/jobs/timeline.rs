//! The progress and the log of a job as components draw them.

use crate::pages::error_text::bigiq_quote;
use crate::ui::{LogLine, StepState as Mark, StepperPoint, Tone};
use curfew_core::job::{Event, Job, Observation, ProgressStep, Source, Stage, StepState};
use text::sentences::error::{Sentence, message};
use text::sentences::{event, verification};
use text::{exact, short, span};

/// How often its task was polled.
pub(super) fn polls(job: &Job) -> usize {
    let is_poll = |event: &&Event| matches!(event.source, Source::Poll | Source::Collection);
    // What BIG-IQ resolved came with a poll that has its own line.
    let own = |event: &&Event| !matches!(event.what, Observation::Resolved(_));
    job.events().iter().filter(is_poll).filter(own).map(|event| event.times as usize).sum()
}

/// The progress of a job as points.
pub(super) fn progress(job: &Job) -> Vec<StepperPoint> {
    let error = job.snapshot().and_then(|snapshot| snapshot.error.as_deref().map(message));
    let proof = job.verdict().map(verification::summary);
    points(&job.progress(), error.as_deref(), proof.as_deref())
}

/// Steps as points, with remarks where one failed and where sessions were compared.
pub(super) fn points(
    steps: &[ProgressStep],
    error: Option<&str>,
    proof: Option<&str>,
) -> Vec<StepperPoint> {
    let point = |step: &ProgressStep| {
        let label = match step.stage {
            Stage::Sent => text::step_sent(),
            Stage::Accepted => text::step_accepted(),
            Stage::ResolveDevices => text::step_resolve(),
            Stage::Kill => text::step_kill(),
            Stage::Done => text::step_done(),
            Stage::Verified => text::step_verified(),
        };
        let (state, status) = match step.state {
            StepState::Pending => (Mark::Pending, text::state_pending()),
            StepState::Current => (Mark::Current, text::state_current()),
            StepState::Done => (Mark::Done, text::state_done()),
            StepState::Failed => (Mark::Failed, text::state_failed()),
            StepState::Unknown => (Mark::Unknown, text::state_unknown()),
        };
        // A failed task ends without reaching its last steps.
        let at = step.at.filter(|_| state != Mark::Pending);
        // Steps seen in the same poll have no time between them.
        let took = step.span.filter(|took| at.is_some() && !took.is_zero());
        let (note, note_lang) = match (step.stage, state) {
            (Stage::Verified, _) => (proof, None),
            // BIG-IQ's own words.
            (_, Mark::Failed) => (error, Some("en")),
            _ => (None, None),
        };
        StepperPoint {
            state,
            status,
            label,
            when: at.map(|at| short(at).into_text()).unwrap_or_default(),
            span: took.map(|took| text::span_after(&span(took))).unwrap_or_default(),
            note: note.unwrap_or_default().to_owned(),
            note_lang,
        }
    };
    steps.iter().map(point).collect()
}

/// One line of the log.
pub(super) fn line(what: &Event, operator: &str) -> LogLine {
    let (mut text, mut quote) = (String::new(), None);
    for sentence in event::event(what, operator) {
        match sentence {
            Sentence::Own(own) => text = own,
            Sentence::BigIq(message) => quote = Some(bigiq_quote(&message)),
        }
    }
    LogLine {
        at_ms: what.at.0,
        time: short(what.at).into_text(),
        exact: exact(what.at).into_text(),
        text,
        quote,
    }
}

/// The answer to the latest cancel request, if BIG-IQ did not accept it and the task runs.
pub(super) fn cancel_answer(job: &Job, operator: &str) -> Option<LogLine> {
    let is_answer = |event: &&Event| {
        let what = &event.what;
        matches!(what, Observation::CancelRefused(_) | Observation::CancelLost(_))
            || *what == Observation::CancelAsked
    };
    let last = job.events().iter().rev().find(is_answer)?;
    let is_open = job.is_watched() && last.what != Observation::CancelAsked;
    is_open.then(|| line(last, operator))
}

/// The tone of a headline, for components.
pub(super) fn tone(of: text::sentences::job::Tone) -> Tone {
    use text::sentences::job::Tone as Of;
    match of {
        Of::Info => Tone::Info,
        Of::Good => Tone::Good,
        Of::Warning => Tone::Warning,
        Of::Error => Tone::Error,
    }
}
