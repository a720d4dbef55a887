//! What a fault does to the bytes on a real socket, which a library would hide.

use std::io;
use std::net::Ipv4Addr;

use bigiq_simulator::fault::plan::FaultPlan;
use bigiq_simulator::server::listener::{Listener, serve};
use bigiq_simulator::server::router::router;
use bigiq_simulator::simulator::Simulator;
use bigiq_simulator::world::setup::Setup;
use rstest::rstest;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Everything that one call with a fault receives until the connection closes, and whether it
/// closed normally.
async fn read_to_end(fault: serde_json::Value) -> (String, io::Result<usize>) {
    let rules = json!([{"path": "/info/system", "fault": fault}]);
    let plan: FaultPlan = serde_json::from_value(rules).unwrap();
    let listener = Listener::bind((Ipv4Addr::LOCALHOST, 0).into()).await.unwrap();
    let address = listener.address().unwrap();
    tokio::spawn(serve(listener, router(Simulator::new(Setup::default(), plan), None), None));
    let mut stream = TcpStream::connect(address).await.unwrap();
    let call = b"GET /info/system HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(call).await.unwrap();
    let mut all = Vec::new();
    let end = stream.read_to_end(&mut all).await;
    (String::from_utf8_lossy(&all).into_owned(), end)
}

/// Everything that the call receives.
async fn read_answer(fault: serde_json::Value) -> String {
    read_to_end(fault).await.0
}

/// Promised content length, and length of the received body.
fn lengths(answer: &str) -> (usize, usize) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let promised = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    (promised.parse().unwrap(), body.len())
}

#[rstest]
#[case(json!({"kind": "drop-before-effect"}))]
#[case(json!({"kind": "drop-after-effect"}))]
#[tokio::test]
async fn a_dropped_call_gets_no_bytes_and_a_normal_end(#[case] fault: serde_json::Value) {
    let (answer, end) = read_to_end(fault).await;
    assert_eq!((answer.as_str(), end.unwrap()), ("", 0));
}

#[rstest]
#[case(false)]
#[case(true)]
#[tokio::test]
async fn a_reset_call_gets_no_bytes_and_a_reset(#[case] after_effect: bool) {
    let (answer, end) = read_to_end(json!({"kind": "reset", "afterEffect": after_effect})).await;
    assert_eq!((answer.as_str(), end.unwrap_err().kind()), ("", io::ErrorKind::ConnectionReset));
}

#[tokio::test]
async fn a_truncated_answer_has_half_of_the_promised_body() {
    let (promised, received) = lengths(&read_answer(json!({"kind": "truncate"})).await);
    assert_eq!(received, promised / 2);
}

#[tokio::test]
async fn a_stalled_answer_arrives_completely() {
    let (promised, received) = lengths(&read_answer(json!({"kind": "stall", "ms": 20})).await);
    assert_eq!(received, promised);
}

#[tokio::test]
async fn a_page_has_its_status_and_retry_after() {
    let page = read_answer(json!({"kind": "html", "status": 503, "retryAfter": 7})).await;
    assert!(page.starts_with("HTTP/1.1 503 "), "{page}");
    assert!(
        page.contains("\r\nretry-after: 7\r\n") && page.contains("<hr><center>webd</center>"),
        "{page}"
    );
}
