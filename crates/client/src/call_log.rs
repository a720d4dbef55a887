//! The result of each call since the sign-in, for diagnostics: which endpoints answer here, and which calls failed
//! recently. Neither successful answers nor tokens are kept. Separate from the client because signing in doesn't need
//! it, so it loads later.

use crate::error::ApiError;
use bigiq::Endpoint;
use bigiq::call::ENDPOINTS;
use curfew_core::timestamp::Timestamp;
use std::cell::RefCell;

/// How many failures are kept.
const KEPT: usize = 20;
/// An error body larger than this, in bytes, is not kept.
const LARGEST: usize = 32 * 1024;

/// A call that failed.
#[derive(Debug)]
pub struct FailedCall {
    /// When it failed.
    pub at: Timestamp,
    /// The endpoint's name.
    pub call: &'static str,
    /// Why it failed.
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

/// Which endpoints this BIG-IQ has answered, by name.
#[derive(Debug, Default)]
pub struct EndpointStatus {
    /// Those whose last call succeeded.
    pub answered: Vec<&'static str>,
    /// Those whose last call failed.
    pub failed: Vec<&'static str>,
    /// Those not called yet.
    pub unasked: Vec<&'static str>,
}

thread_local! {
    static LAST: RefCell<Vec<(&'static str, bool)>> = const { RefCell::new(Vec::new()) };
    static FAILED_CALLS: RefCell<Vec<FailedCall>> = const { RefCell::new(Vec::new()) };
}

/// Notes the result of a call.
#[inline(never)]
pub(crate) fn note(endpoint: &'static Endpoint, error: Option<&ApiError>, now: Timestamp) {
    let call = endpoint.name;
    LAST.with_borrow_mut(|last| {
        last.retain(|(name, _)| *name != call);
        last.push((call, error.is_none()));
    });
    if let Some(error) = error {
        FAILED_CALLS.with_borrow_mut(|calls| {
            if calls.len() == KEPT {
                calls.remove(0);
            }
            let mut error = error.clone();
            if let ApiError::Refused { body, .. } = &mut error
                && body.len() > LARGEST
            {
                body.clear();
            }
            calls.push(FailedCall { at: now, call, error });
        });
    }
}

/// Forgets everything, as at a sign-out.
pub fn forget_notes() {
    LAST.set(Vec::new());
    FAILED_CALLS.set(Vec::new());
}

/// Calls `tell` with each of the last calls that failed, the newest last.
pub fn each_failed_call(tell: &mut dyn FnMut(&FailedCall)) {
    FAILED_CALLS.with_borrow(|calls| calls.iter().for_each(tell));
}

/// Which endpoints this BIG-IQ has answered.
pub fn endpoint_status() -> EndpointStatus {
    let mut status = EndpointStatus::default();
    LAST.with_borrow(|last| {
        for endpoint in ENDPOINTS.iter().filter(|endpoint| !endpoint.open) {
            let names = match last.iter().find(|(name, _)| *name == endpoint.name) {
                Some((_, true)) => &mut status.answered,
                Some((_, false)) => &mut status.failed,
                None => &mut status.unasked,
            };
            names.push(endpoint.name);
        }
    });
    status
}
