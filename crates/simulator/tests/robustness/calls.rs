//! Random calls, without and with random control calls in between.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::generators;
use crate::test_server::{TestRequest, TestServer, Token};

/// After everything, the simulator still answers.
fn assert_still_answers(server: &TestServer) {
    let reset = TestRequest {
        method: "POST".to_owned(),
        target: "/_sim/reset".to_owned(),
        token: Token::None,
        header: None,
        body: Vec::new(),
    };
    assert_eq!(server.send(&reset).unwrap().0, 200);
    let info = TestRequest { method: "GET".to_owned(), target: "/info/system".to_owned(), ..reset };
    assert_eq!(server.send(&info).unwrap().0, 200);
}

/// At least 1,000 cases; more if `PROPTEST_CASES` says so.
fn config() -> ProptestConfig {
    let config = ProptestConfig::default();
    ProptestConfig { cases: config.cases.max(1_000), ..config }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn random_calls_are_answered(calls in vec(generators::call(), 1..12)) {
        let mut server = TestServer::new(20);
        for call in &calls {
            server.sign_in();
            server.send(call);
        }
        assert_still_answers(&server);
    }

    #[test]
    fn random_calls_are_answered_after_random_control_calls(
        steps in vec((generators::control(), vec(generators::call(), 0..5)), 1..5)
    ) {
        let mut server = TestServer::new(20);
        for (control, calls) in &steps {
            server.send(control);
            server.has_faults |= control.target == "/_sim/faults";
            for call in calls {
                server.sign_in();
                server.send(call);
            }
        }
        assert_still_answers(&server);
    }
}
