//! A platform whose answers a test writes itself. Its clocks stand still.

use crate::virtual_browser::{START, Sent};
use curfew_client::platform::{Clock, NoResponse, Request, Response, Transport};
use curfew_client::signed_in::SignedIn;
use curfew_client::signed_out::{Secret, SignedOut};
use futures::executor::block_on;
use futures::future::{LocalBoxFuture, ready};
use std::cell::RefCell;

/// An answer, or that there is none.
pub(crate) type Answer = Result<Response, NoResponse>;

/// Answers sign-ins and exchanges by itself, and all other requests with `answer`.
pub(crate) struct Scripted<F> {
    answer: F,
    sent: RefCell<Vec<Sent>>,
}

/// An answer with this status and body.
pub(crate) fn answer(status: u16, body: &str) -> Answer {
    Ok(Response { status, body: body.as_bytes().to_vec(), ..Response::default() })
}

const TOKENS: &str =
    r#"{"username":"manager","token":{"token":"access"},"refreshToken":{"token":"refresh"}}"#;

impl<F: Fn(&Sent) -> Answer + 'static> Scripted<F> {
    /// A client that is signed in, and what it sends.
    pub(crate) fn signed_in(answer: F) -> (SignedIn, &'static Self) {
        let platform: &'static Self =
            Box::leak(Box::new(Self { answer, sent: RefCell::default() }));
        let signed_out = SignedOut::new(String::new(), platform);
        let client = block_on(signed_out.sign_in("manager", &Secret::new("manager"), None));
        (client.unwrap(), platform)
    }

    /// What was sent, without sign-ins and exchanges.
    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.sent.borrow().clone()
    }
}

impl<F> Clock for Scripted<F> {
    fn epoch_ms(&self) -> i64 {
        START
    }

    fn monotonic_ms(&self) -> f64 {
        0.0
    }
}

impl<F: Fn(&Sent) -> Answer> Transport for Scripted<F> {
    fn send<'a>(&'a self, request: Request<'a>) -> LocalBoxFuture<'a, Answer> {
        let sent = Sent::of(&request);
        if sent.target.starts_with("/mgmt/shared/authn/") {
            return Box::pin(ready(answer(200, TOKENS)));
        }
        let answer = (self.answer)(&sent);
        self.sent.borrow_mut().push(sent);
        Box::pin(ready(answer))
    }
}
