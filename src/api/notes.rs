//! What came of the calls of one sign-in, for diagnostics: which endpoints answer here, and what failed lately. It must
//! not keep an answer that went well, nor a token.

use super::ApiError;
use crate::rt::time;
use bigiq::Endpoint;
use bigiq::call::ENDPOINTS;
use curfew_core::Moment;

/// So many failures are kept.
const KEPT: usize = 20;

/// A call that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lapse {
    /// When.
    pub at: Moment,
    /// The endpoint's name.
    pub call: &'static str,
    /// Why.
    pub error: ApiError,
}

impl Lapse {
    /// The Java stack under BIG-IQ's error, without values.
    pub fn stack(&self) -> Vec<String> {
        match &self.error {
            ApiError::Refused { body, .. } => bigiq::stack(body),
            _ => Vec::new(),
        }
    }
}

/// What this BIG-IQ was seen to answer: names of endpoints.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offer {
    /// Answered well when they were last asked.
    pub answered: Vec<&'static str>,
    /// Failed when they were last asked.
    pub failed: Vec<&'static str>,
    /// Not asked yet.
    pub unasked: Vec<&'static str>,
}

/// The notes.
#[derive(Debug, Default)]
pub(super) struct Notes {
    last: Vec<(&'static str, bool)>,
    lapses: Vec<Lapse>,
}

impl Notes {
    /// Notes what came of a call.
    pub(super) fn note(&mut self, endpoint: &'static Endpoint, error: Option<&ApiError>) {
        let call = endpoint.name;
        self.last.retain(|(name, _)| *name != call);
        self.last.push((call, error.is_none()));
        if let Some(error) = error {
            if self.lapses.len() == KEPT {
                self.lapses.remove(0);
            }
            self.lapses.push(Lapse { at: Moment(time::epoch_ms()), call, error: error.clone() });
        }
    }

    pub(super) fn lapses(&self) -> Vec<Lapse> {
        self.lapses.clone()
    }

    pub(super) fn offer(&self) -> Offer {
        let mut offer = Offer::default();
        for endpoint in ENDPOINTS.iter().filter(|endpoint| !endpoint.open) {
            let last = self.last.iter().find(|(name, _)| *name == endpoint.name);
            let names = match last {
                Some((_, true)) => &mut offer.answered,
                Some((_, false)) => &mut offer.failed,
                None => &mut offer.unasked,
            };
            names.push(endpoint.name);
        }
        offer
    }
}
