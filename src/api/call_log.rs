//! What came of the calls since the sign-in, for diagnostics: which endpoints answer here, and what failed lately. It must
//! not keep an answer that went well, nor a token. Not in the client: nothing of it is needed to sign in, nor loaded then.

use super::ApiError;
use crate::web::time;
use bigiq::Endpoint;
use bigiq::call::ENDPOINTS;
use curfew_core::timestamp::Timestamp;
use std::cell::RefCell;

/// So many failures are kept.
const KEPT: usize = 20;
/// The body of an error that is larger, in bytes, is not kept.
const LARGEST: usize = 32 * 1024;

/// A call that failed.
#[derive(Debug)]
pub struct FailedCall {
    /// When.
    pub at: Timestamp,
    /// The endpoint's name.
    pub call: &'static str,
    /// Why.
    pub error: ApiError,
}

impl FailedCall {
    /// The Java stack under BIG-IQ's error, without values.
    pub fn stack(&self) -> Vec<String> {
        match &self.error {
            ApiError::Refused { body, .. } => bigiq::java_stack(body),
            _ => Vec::new(),
        }
    }
}

/// What this BIG-IQ was seen to answer: names of endpoints.
#[derive(Debug, Default)]
pub struct EndpointStatus {
    /// Answered well when they were last asked.
    pub answered: Vec<&'static str>,
    /// Failed when they were last asked.
    pub failed: Vec<&'static str>,
    /// Not asked yet.
    pub unasked: Vec<&'static str>,
}

thread_local! {
    static LAST: RefCell<Vec<(&'static str, bool)>> = const { RefCell::new(Vec::new()) };
    static LAPSES: RefCell<Vec<FailedCall>> = const { RefCell::new(Vec::new()) };
}

/// Notes what came of a call.
#[inline(never)]
pub(super) fn note(endpoint: &'static Endpoint, error: Option<&ApiError>) {
    let call = endpoint.name;
    LAST.with_borrow_mut(|last| {
        last.retain(|(name, _)| *name != call);
        last.push((call, error.is_none()));
    });
    if let Some(error) = error {
        LAPSES.with_borrow_mut(|lapses| {
            if lapses.len() == KEPT {
                lapses.remove(0);
            }
            let mut error = error.clone();
            if let ApiError::Refused { body, .. } = &mut error
                && body.len() > LARGEST
            {
                body.clear();
            }
            lapses.push(FailedCall { at: Timestamp(time::epoch_ms()), call, error });
        });
    }
}

/// Forgets all, as at a sign-out.
pub fn forget_notes() {
    LAST.set(Vec::new());
    LAPSES.set(Vec::new());
}

/// Tells each of the last calls that failed, the newest last.
pub fn each_lapse(tell: &mut dyn FnMut(&FailedCall)) {
    LAPSES.with_borrow(|lapses| lapses.iter().for_each(tell));
}

/// What this BIG-IQ was seen to answer.
pub fn offer() -> EndpointStatus {
    let mut offer = EndpointStatus::default();
    LAST.with_borrow(|last| {
        for endpoint in ENDPOINTS.iter().filter(|endpoint| !endpoint.open) {
            let names = match last.iter().find(|(name, _)| *name == endpoint.name) {
                Some((_, true)) => &mut offer.answered,
                Some((_, false)) => &mut offer.failed,
                None => &mut offer.unasked,
            };
            names.push(endpoint.name);
        }
    });
    offer
}
