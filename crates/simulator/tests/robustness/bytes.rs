//! Bytes on a real socket that are not HTTP, or that are incomplete.

use std::net::Ipv4Addr;

use bigiq_simulator::fault::plan::FaultPlan;
use bigiq_simulator::server::listener::{Listener, serve};
use bigiq_simulator::server::router::router;
use bigiq_simulator::simulator::Simulator;
use bigiq_simulator::world::setup::Setup;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let head =
        "(GET|POST|get|\\x16) [ -~ü]{0,60} HTTP/[0-9.]{1,4}(\r\n[ -~]{0,30}){0,4}(\r\n\r\n)?";
    prop_oneof![
        vec(any::<u8>(), 0..300),
        head.prop_map(String::into_bytes),
        (head.prop_map(String::into_bytes), vec(any::<u8>(), 0..100))
            .prop_map(|(head, tail)| [head, tail].concat()),
    ]
}

#[tokio::test]
async fn invalid_bytes_on_one_connection_do_not_affect_others() {
    let listener = Listener::bind((Ipv4Addr::LOCALHOST, 0).into()).await.unwrap();
    let address = listener.address().unwrap();
    tokio::spawn(serve(
        listener,
        router(Simulator::new(Setup::default(), FaultPlan::default()), None),
        None,
    ));
    let mut runner = TestRunner::deterministic();
    for _ in 0..400 {
        let invalid = bytes().new_tree(&mut runner).unwrap().current();
        let mut stream = TcpStream::connect(address).await.unwrap();
        // The server may refuse it before everything is sent.
        let _ = stream.write_all(&invalid).await;
        let _ = stream.shutdown().await;
        let _ = stream.read_to_end(&mut Vec::new()).await;
    }
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream
        .write_all(b"GET /info/system HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .await
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}
