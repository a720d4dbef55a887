//! Real sockets: unencoded URLs, as the specification prints them but HTTP libraries would not send
//! them, and TLS.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use bigiq_simulator::fault::plan::FaultPlan;
use bigiq_simulator::server::listener::{Listener, serve};
use bigiq_simulator::server::router::router;
use bigiq_simulator::server::tls::{CertificateKind, Identity};
use bigiq_simulator::simulator::Simulator;
use bigiq_simulator::world::setup::Setup;
use rstest::rstest;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::samples;

async fn start(identity: Option<&Identity>) -> SocketAddr {
    let listener = Listener::bind((Ipv4Addr::LOCALHOST, 0).into()).await.unwrap();
    let address = listener.address().unwrap();
    let app = router(Simulator::new(Setup::default(), FaultPlan::default()), None);
    tokio::spawn(serve(listener, app, identity.map(Identity::acceptor)));
    address
}

/// Sends the request unchanged and reads one answer: status, headers, body.
async fn exchange(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    request: &[u8],
) -> (u16, String, String) {
    stream.write_all(request).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    let mut body = vec![0; length.parse().unwrap()];
    stream.read_exact(&mut body).await.unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, head, String::from_utf8(body).unwrap())
}

async fn sign_in(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> String {
    let body = r#"{"username":"admin","password":"admin"}"#;
    let request = format!(
        "POST /mgmt/shared/authn/login HTTP/1.1\r\nHost: bigiq.example.test\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let (status, head, body) = exchange(stream, request.as_bytes()).await;
    assert_eq!(status, 200, "{head}{body}");
    let reply: Value = serde_json::from_str(&body).unwrap();
    reply["token"]["token"].as_str().unwrap().to_owned()
}

fn get(target: &str, token: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nHost: bigiq.example.test\r\nX-F5-Auth-Token: {token}\r\n\r\n")
        .into_bytes()
}

#[rstest]
#[case::section_1_one_address(samples::request("1-request").target, Some(1))]
#[case::section_1_several_addresses(
    format!("/mgmt/cm/system/machineid-resolver?{}", samples::text("1-request-several").trim()),
    Some(0)
)]
#[case::section_1_several_known_addresses(
    "/mgmt/cm/system/machineid-resolver?$filter=('address' eq '10.255.4.124' or 'address' eq \"192.0.2.12\" )".replace('"', "'"),
    Some(2)
)]
#[case::section_1_7_access_groups(samples::request("1.7-request").target, None)]
#[case::section_3_selected_fields(
    samples::request("3-request-select").target.replace("1834e57c-94a2-42eb-860a-1d5cf67ba9bf", "b3c02bb2-594e-44e1-bce7-eceb607111fb"),
    None
)]
#[tokio::test]
async fn an_unencoded_url_is_answered(#[case] target: String, #[case] items: Option<usize>) {
    let mut stream = TcpStream::connect(start(None).await).await.unwrap();
    let token = sign_in(&mut stream).await;
    // Twice on one connection: the first request must not affect the second.
    for _ in 0..2 {
        let (status, head, body) = exchange(&mut stream, &get(&target, &token)).await;
        assert_eq!(status, 200, "{head}{body}");
        let reply: Value = serde_json::from_str(&body).unwrap();
        if let Some(items) = items {
            assert_eq!(reply["items"].as_array().unwrap().len(), items, "{target}");
        }
    }
}

#[tokio::test]
async fn every_answer_has_the_headers_of_the_front_end() {
    let mut stream = TcpStream::connect(start(None).await).await.unwrap();
    let token = sign_in(&mut stream).await;
    for (target, kind, closes) in [
        ("/info/system", "application/json; charset=UTF-8", false),
        ("/mgmt/shared/echo", "application/json; charset=UTF-8", false),
        ("/mgmt/no/such", "application/json; charset=UTF-8", true),
    ] {
        let (_, head, _) = exchange(&mut stream, &get(target, &token)).await;
        for header in [
            &format!("content-type: {kind}"),
            "server: webd",
            "cache-control: no-store, no-cache, must-revalidate",
            "pragma: no-cache",
            "expires: -1",
        ] {
            assert!(head.lines().any(|line| line == header), "{target}: {header} in {head}");
        }
        assert_eq!(head.contains("connection: close"), closes, "{target}");
        assert!(!head.to_lowercase().contains("access-control-"), "{head}");
        assert!(!head.to_lowercase().contains("set-cookie"), "{head}");
    }
}

#[rstest]
#[case::valid(CertificateKind::San, "localhost", None)]
#[case::valid_by_address(CertificateKind::San, "127.0.0.1", None)]
#[case::name_in_the_common_name_only(CertificateKind::CnOnly, "localhost", Some("NotValidForName"))]
#[case::expired(CertificateKind::Expired, "localhost", Some("Expired"))]
#[case::for_another_name(CertificateKind::San, "another.example.test", Some("NotValidForName"))]
#[tokio::test]
async fn a_verifying_client_accepts_only_the_valid_certificate(
    #[case] kind: CertificateKind,
    #[case] name: &'static str,
    #[case] refused: Option<&str>,
) {
    let identity = Identity::generate(kind).unwrap();
    let address = start(Some(&identity)).await;
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(identity.authority_pem.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from(name).unwrap();
    let connected = TlsConnector::from(Arc::new(config)).connect(name, stream).await;
    match (connected, refused) {
        (Ok(mut stream), None) => {
            sign_in(&mut stream).await;
        }
        (Err(error), Some(reason)) => assert!(format!("{error:?}").contains(reason), "{error:?}"),
        (Ok(_), Some(reason)) => panic!("connected in spite of {reason}"),
        (Err(error), None) => panic!("{error}"),
    }
}
