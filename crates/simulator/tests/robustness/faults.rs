//! What a fault does to the bytes on a real socket, where no library smooths it over.

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

/// All that comes back for one call that meets a fault, until the connection closes, and whether that was in order.
async fn ended(fault: serde_json::Value) -> (String, io::Result<usize>) {
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

/// The same, however it ends.
async fn answer(fault: serde_json::Value) -> String {
    ended(fault).await.0
}

/// Length promised in the head, and length of the body that came.
fn lengths(answer: &str) -> (usize, usize) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let promised = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    (promised.parse().unwrap(), body.len())
}

#[rstest]
#[case(json!({"kind": "drop-before-effect"}))]
#[case(json!({"kind": "drop-after-effect"}))]
#[tokio::test]
async fn a_dropped_call_gets_not_one_byte_and_an_orderly_end(#[case] fault: serde_json::Value) {
    let (answer, end) = ended(fault).await;
    assert_eq!((answer.as_str(), end.unwrap()), ("", 0));
}

#[rstest]
#[case(false)]
#[case(true)]
#[tokio::test]
async fn a_reset_call_gets_not_one_byte_and_a_reset(#[case] after_effect: bool) {
    let (answer, end) = ended(json!({"kind": "reset", "afterEffect": after_effect})).await;
    assert_eq!((answer.as_str(), end.unwrap_err().kind()), ("", io::ErrorKind::ConnectionReset));
}

#[tokio::test]
async fn a_cut_answer_is_half_of_what_was_promised() {
    let (promised, came) = lengths(&answer(json!({"kind": "truncate"})).await);
    assert_eq!(came, promised / 2);
}

#[tokio::test]
async fn a_stalled_answer_comes_whole_in_the_end() {
    let (promised, came) = lengths(&answer(json!({"kind": "stall", "ms": 20})).await);
    assert_eq!(came, promised);
}

#[tokio::test]
async fn a_page_is_a_page_and_says_when_to_come_again() {
    let page = answer(json!({"kind": "html", "status": 503, "retryAfter": 7})).await;
    assert!(page.starts_with("HTTP/1.1 503 "), "{page}");
    assert!(
        page.contains("\r\nretry-after: 7\r\n") && page.contains("<hr><center>webd</center>"),
        "{page}"
    );
}
