//! The server without a socket: one request in, one answer out. With a frozen clock it needs no async runtime, so a test
//! decides alone when anything happens.

use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;

use super::respond::Abort;
use super::router::attached_router;
use crate::simulator::Simulator;

/// A server in this process. Clones share the simulator.
#[derive(Debug, Clone)]
pub struct InProcess(Router);

/// The connection ended without an answer, or in the middle of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoAnswer;

impl InProcess {
    /// A server for this simulator, without a site.
    pub fn new(simulator: Simulator) -> Self {
        Self(attached_router(simulator))
    }

    /// Answers one request. A wait, as of a slow answer, ends when a request to `/_sim/clock` has moved the clock far
    /// enough. Run the future to its end: a dropped one may leave the call without its effect, which a real server
    /// never does.
    ///
    /// # Errors
    /// [`NoAnswer`].
    pub async fn answer(&self, request: Request<String>) -> Result<Response<Vec<u8>>, NoAnswer> {
        let answered = TowerToHyperService::new(self.0.clone()).call(request.map(Body::from));
        let response = answered.await.unwrap_or_else(|never: Infallible| match never {});
        let (parts, body) = response.into_parts();
        if parts.extensions.get::<Abort>().is_some() {
            return Err(NoAnswer);
        }
        let body = axum::body::to_bytes(body, usize::MAX).await.map_err(|_| NoAnswer)?;
        Ok(Response::from_parts(parts, body.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::plan::FaultPlan;
    use crate::world::setup::Setup;
    use futures_util::FutureExt;
    use rstest::rstest;
    use serde_json::{Value, json};
    use std::pin::pin;

    fn server() -> InProcess {
        let setup = Setup { frozen: true, ..Setup::default() };
        InProcess::new(Simulator::new(setup, FaultPlan::default()))
    }

    fn post(path: &str, body: &Value) -> Request<String> {
        Request::post(path).body(body.to_string()).unwrap()
    }

    fn login() -> Request<String> {
        post("/mgmt/shared/authn/login", &json!({"username": "admin", "password": "admin"}))
    }

    /// Polls without a runtime. An answer that is cut short takes a second poll.
    fn now<F: Future>(future: F) -> Option<F::Output> {
        let mut future = pin!(future);
        (0..2).find_map(|_| future.as_mut().now_or_never())
    }

    /// Sets the fault of the next sign-in.
    fn set_fault(server: &InProcess, fault: &Value) {
        let plan = json!([{"path": "/mgmt/shared/authn/login", "count": 1, "fault": fault}]);
        let got = now(server.answer(post("/_sim/faults", &plan))).unwrap().unwrap();
        assert_eq!(got.status(), 200, "{}", String::from_utf8_lossy(got.body()));
    }

    #[test]
    fn a_call_is_answered_without_a_runtime() {
        let got = now(server().answer(login())).unwrap().unwrap();
        assert_eq!(got.status(), 200);
        assert!(got.headers().contains_key("date"));
        let body: Value = serde_json::from_slice(got.body()).unwrap();
        assert_eq!(body["username"], "admin");
    }

    #[rstest]
    #[case("drop-before-effect")]
    #[case("drop-after-effect")]
    #[case("reset")]
    #[case("truncate")]
    fn a_connection_that_ends_early_is_no_answer(#[case] kind: &str) {
        let server = server();
        set_fault(&server, &json!({"kind": kind}));
        assert_eq!(now(server.answer(login())).unwrap().unwrap_err(), NoAnswer);
        assert!(now(server.answer(login())).unwrap().is_ok());
    }

    #[rstest]
    #[case("delay")]
    #[case("stall")]
    fn a_wait_ends_when_the_clock_is_moved(#[case] kind: &str) {
        let server = server();
        set_fault(&server, &json!({"kind": kind, "ms": 3_000}));
        let mut slow = pin!(server.answer(login()));
        for (moved, is_answered) in [(0, false), (2_999, false), (1, true)] {
            now(server.answer(post("/_sim/clock", &json!({"advanceMs": moved})))).unwrap().unwrap();
            assert_eq!(now(slow.as_mut()).is_some(), is_answered, "{moved}");
        }
    }
}
