//! Large input: a query or a body at the limit must not block the simulator.

use rstest::rstest;

use crate::test_server::{TestRequest, TestServer, Token};

/// About the longest request target.
const LONG: usize = 8_000;

fn repeated(part: &str) -> String {
    part.repeat(LONG / part.len())
}

#[rstest]
#[case::or(format!("$filter=a+eq+b{}", repeated("+or+properties/x+eq+1")))]
#[case::brackets(format!("$filter={}", repeated("(")))]
#[case::wildcards(format!("$filter=hostname+eq+'{}'", repeated("*a")))]
#[case::orders(format!("$orderby=a{}", repeated(",a+desc")))]
#[case::selected(format!("$select=a{}", repeated(",b")))]
#[case::expanded(format!("$expand=a{}", repeated(",b")))]
#[case::options(repeated("$top=1&"))]
#[case::escapes(format!("$filter={}", repeated("%25%zz")))]
fn a_long_query_on_a_large_inventory(#[case] query: String) {
    let server = TestServer::new(10_000);
    for path in ["/mgmt/cm/system/machineid-resolver", "/mgmt/shared/resolver/device-groups"] {
        let request = TestRequest {
            method: "GET".to_owned(),
            target: format!("{path}?{query}"),
            token: Token::Good,
            header: None,
            body: Vec::new(),
        };
        let (status, _) = server.send(&request).unwrap();
        assert!(matches!(status, 200 | 400), "{status}");
    }
}

#[rstest]
#[case::nested("[".repeat(8_000_000))]
#[case::wide(format!("{{\"action\":\"KILL_BY_LIST_OF_SESSIONS\",\"sessions\":[{}null]}}", "{},".repeat(1_000_000)))]
#[case::sessions(format!(
    "{{\"action\":\"KILL_BY_LIST_OF_SESSIONS\",\"sessions\":[{}null]}}",
    r#"{"deviceReference":{"link":"/98901455-6384-47cd-bc41-00a39dfe338f"},"sessionIds":["a"]},"#.repeat(20_000)
))]
#[case::devices(format!(
    "{{\"action\":\"KILL_ALL_SESSIONS\",\"deviceReferences\":[{}null]}}",
    r#"{"link":"/98901455-6384-47cd-bc41-00a39dfe338f"},"#.repeat(100_000)
))]
#[case::too_long(" ".repeat(9_000_000))]
fn a_long_body(#[case] body: String) {
    let server = TestServer::new(20);
    let path = "/mgmt/cm/access/tasks/kill-sessions";
    let request = |method: &str, body: String| TestRequest {
        method: method.to_owned(),
        target: path.to_owned(),
        token: Token::Good,
        header: None,
        body: body.into_bytes(),
    };
    let (status, _) = server.send(&request("POST", body)).unwrap();
    assert!(matches!(status, 200 | 400 | 413), "{status}");
    let (status, _) = server.send(&request("GET", String::new())).unwrap();
    assert_eq!(status, 200);
}

#[test]
fn the_front_end_refuses_a_target_that_is_too_long() {
    let request = TestRequest {
        method: "GET".to_owned(),
        target: format!("/mgmt/cm/system/machineid-resolver?$select={}", "a".repeat(8_192)),
        token: Token::Good,
        header: None,
        body: Vec::new(),
    };
    assert_eq!(TestServer::new(1).send(&request).unwrap().0, 414);
}
