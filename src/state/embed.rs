//! Embedding in a portal's frame: the portal may suggest values for the form and set theme and accent; it receives the state of
//! jobs and the height that the page needs. It can't confirm, and receives nothing secret.

use super::{ConfigStore, Form, Jobs, Preferences};
use crate::web::{dom, effect_since, portal};
use curfew_core::app::{Portal, SuggestedBy};
use curfew_core::ids::JobId;
use curfew_core::job::{End, Finding, Job, Phase};
use rustc_hash::FxHashMap;

/// The frame's minimum height, in CSS pixels.
const LEAST_HEIGHT: f64 = 480.0;

/// Starts to listen to the portal, if there is one.
pub fn connect_portal(config: ConfigStore, form: Form, jobs: Jobs, preferences: Preferences) {
    if !portal::is_framed() {
        return;
    }
    dom::set_root_attribute("data-embedded", Some(""));
    let origins = config.with(|config| config.embed_parents.clone());
    for origin in &origins {
        // Only the parent's own origin receives it.
        portal::send(origin, r#"{"type":"curfew:ready"}"#);
    }
    portal::listen(origins.clone(), move |origin, text| {
        let by = SuggestedBy::portal(origin);
        // A portal that sends thousands of messages must not keep the frame busy.
        if !form.suggestions.may_read(&by) {
            return;
        }
        match Portal::parse(&text) {
            Some(Portal::Prefill(values)) => form.suggestions.add(by, values),
            Some(Portal::Theme { scheme, accent }) => {
                if let Some(scheme) = scheme {
                    preferences.apply_theme(scheme);
                }
                if let Some(accent) = accent {
                    dom::set_root_property("--portal", accent.as_str());
                    dom::set_root_property("--portal-ink", accent.ink());
                }
            }
            None => {}
        }
    });
    let send =
        { move |text: String| origins.iter().for_each(|origin| portal::send(origin, &text)) };
    let report_height = send.clone();
    dom::on_height(move |height| {
        let height = height.max(LEAST_HEIGHT).ceil() as u32;
        report_height(format!(r#"{{"type":"curfew:height","height":{height}}}"#));
    });
    effect_since(move |before: Option<FxHashMap<JobId, &'static str>>| {
        let mut before = before.unwrap_or_default();
        for entry in jobs.all() {
            let (id, word) = entry.job.with(|job| (job.id().clone(), word(job)));
            if before.get(&id) != Some(&word) {
                // Ids are generated here, so they need no escaping.
                send(format!(r#"{{"type":"curfew:job","job":"{id}","state":"{word}"}}"#));
                before.insert(id, word);
            }
        }
        before
    });
}

/// The state of a job, in the words of `embed.js`.
fn word(job: &Job) -> &'static str {
    match job.phase() {
        Phase::Confirmed | Phase::Sending => "sending",
        Phase::NotSent(_) => "not-sent",
        Phase::Rejected(_) => "rejected",
        Phase::Unknown { .. } => "unknown",
        Phase::Watched { .. } => "running",
        Phase::Ended(End::Success) => match job.verdict().map(curfew_core::job::Verdict::finding) {
            Some(Finding::Verified) => "verified",
            _ => "finished",
        },
        Phase::Ended(End::Incomplete(_)) => "incomplete",
        Phase::Ended(End::Failed) => "failed",
        Phase::Ended(End::Cancelled) => "cancelled",
        Phase::Ended(End::Gone) => "gone",
    }
}
