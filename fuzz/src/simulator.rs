//! The simulator's request handling: every request gets an answer, without a panic and without a hang.

#[expect(dead_code, reason = "the simulator's own tests use more of it")]
#[path = "../../crates/simulator/tests/robustness/test_server.rs"]
mod test_server;

use test_server::{TestRequest, TestServer, Token};

/// Requests, one after the other, separated by a zero byte: a line with method, space and target, then the body.
pub fn simulator(data: &[u8]) {
    let server = TestServer::new(6);
    for request in data.split(|byte| *byte == 0).take(8) {
        let (line, body) =
            request.split_at(request.iter().position(|b| *b == b'\n').unwrap_or(request.len()));
        let line = String::from_utf8_lossy(line);
        let (method, target) = line.split_once(' ').unwrap_or(("GET", &line));
        // The control paths belong to the tests, and can use more resources than a laptop has.
        if target.starts_with("/_sim") {
            continue;
        }
        let body = body.get(1..).unwrap_or_default().to_vec();
        let (method, target) = (method.to_owned(), target.to_owned());
        server.send(&TestRequest { method, target, token: Token::Good, header: None, body });
    }
}
