//! Random calls, alone and while the simulator is told random things.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::target::{Sent, Target, Token};
use crate::words;

/// Whatever happened, it still answers.
fn still_there(target: &Target) {
    let reset = Sent {
        method: "POST".to_owned(),
        target: "/_sim/reset".to_owned(),
        token: Token::None,
        header: None,
        body: Vec::new(),
    };
    assert_eq!(target.send(&reset).unwrap().0, 200);
    let look = Sent { method: "GET".to_owned(), target: "/info/system".to_owned(), ..reset };
    assert_eq!(target.send(&look).unwrap().0, 200);
}

/// A thousand cases, or as many more as `PROPTEST_CASES` says.
fn config() -> ProptestConfig {
    let config = ProptestConfig::default();
    ProptestConfig { cases: config.cases.max(1_000), ..config }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_calls_are_answered(calls in vec(words::call(), 1..12)) {
        let mut target = Target::new(20);
        for call in &calls {
            target.sign_in();
            target.send(call);
        }
        still_there(&target);
    }

    #[test]
    fn any_calls_are_answered_by_a_simulator_that_was_told_anything(
        steps in vec((words::control(), vec(words::call(), 0..5)), 1..5)
    ) {
        let mut target = Target::new(20);
        for (told, calls) in &steps {
            target.send(told);
            target.is_broken |= told.target == "/_sim/faults";
            for call in calls {
                target.sign_in();
                target.send(call);
            }
        }
        still_there(&target);
    }
}
