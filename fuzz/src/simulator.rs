//! The simulator's request handling: every request gets an answer, without a panic and without a hang.

#[expect(dead_code, reason = "the simulator's own tests use more of it")]
#[path = "../../crates/simulator/tests/robustness/target.rs"]
mod target;

use target::{Sent, Target, Token};

/// Requests, one after the other, separated by a zero byte: a line with method, space and target, then the body.
pub fn simulator(data: &[u8]) {
    let target = Target::new(6);
    for request in data.split(|byte| *byte == 0).take(8) {
        let (line, body) =
            request.split_at(request.iter().position(|b| *b == b'\n').unwrap_or(request.len()));
        let line = String::from_utf8_lossy(line);
        let (method, path) = line.split_once(' ').unwrap_or(("GET", &line));
        // The control paths belong to the tests, and can use more resources than a laptop has.
        if path.starts_with("/_sim") {
            continue;
        }
        let body = body.get(1..).unwrap_or_default().to_vec();
        let (method, target_path) = (method.to_owned(), path.to_owned());
        target.send(&Sent { method, target: target_path, token: Token::Good, header: None, body });
    }
}
