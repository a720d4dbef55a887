//! The binary: the line that scripts wait for, its options, and its control paths.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// A running simulator, which ends with the test.
struct Running {
    child: Child,
    address: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct HttpResponse {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl HttpResponse {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.head))
    }
}

fn run(args: &[&str]) -> Running {
    let mut child = Command::new(env!("CARGO_BIN_EXE_bigiq-simulator"))
        .args(["--listen", "127.0.0.1:0"])
        .args(args)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line
        .trim()
        .strip_prefix("bigiq-simulator: listening on http://")
        .unwrap_or_else(|| panic!("{line}"));
    let address = address.trim_end_matches('/').to_owned();
    Running { child, address }
}

fn send(simulator: &Running, method: &str, path: &str, body: &str) -> HttpResponse {
    send_with_headers(simulator, method, path, body, "")
}

fn send_with_headers(
    simulator: &Running,
    method: &str,
    path: &str,
    body: &str,
    headers: &str,
) -> HttpResponse {
    let mut stream = TcpStream::connect(&simulator.address).unwrap();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(answer[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    HttpResponse { status, head, body: answer[end + 4..].to_vec() }
}

fn scratch_folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn options_and_control_paths_keep_their_format() {
    let simulator = run(&["--devices", "30", "--seed", "7", "--set", "returningPerMille=0"]);
    let sessions = send(&simulator, "GET", "/_sim/sessions", "").json();
    let first = sessions[0].as_object().unwrap();
    assert_eq!(first.keys().collect::<Vec<_>>(), ["device", "id", "user", "clientIp"]);
    let stopped =
        send(&simulator, "POST", "/_sim/clock", r#"{"frozen":true,"now":"2026-01-01T00:00:00Z"}"#)
            .json();
    assert_eq!(
        stopped,
        json!({"now": "2026-01-01T00:00:00.000Z", "nowMs": 1_767_225_600_000_i64, "frozen": true})
    );
    let later = send(&simulator, "POST", "/_sim/clock", r#"{"advanceMs":1500}"#).json();
    assert_eq!(later["nowMs"], 1_767_225_601_500_i64);
    for (name, status) in [("admin", 200), ("manager", 200), ("viewer", 200), ("nobody", 401)] {
        let body = json!({"username": name, "password": name}).to_string();
        assert_eq!(
            send(&simulator, "POST", "/mgmt/shared/authn/login", &body).status,
            status,
            "{name}"
        );
    }
    let seen = send(&simulator, "GET", "/_sim/requests", "").json();
    let logged = seen[0].as_object().unwrap();
    let keys = [
        "number", "time", "method", "path", "query", "body", "status", "operator", "fault",
        "headers",
    ];
    assert_eq!(logged.keys().collect::<Vec<_>>(), keys);
    assert_eq!(seen.as_array().unwrap().len(), 4);
    let reset = send(&simulator, "POST", "/_sim/reset", r#"{"devices":25}"#).json();
    assert_eq!(reset["devices"], 27, "the BIG-IQ and its peer are listed too");
    assert_eq!(send(&simulator, "GET", "/_sim/requests", "").json(), json!([]));
    assert_eq!(send(&simulator, "POST", "/_sim/reset", "nonsense").status, 400);
}

#[test]
fn the_same_seed_builds_the_same_sessions() {
    let estate = |seed: &str| {
        let simulator = run(&["--seed", seed, "--devices", "40"]);
        send(&simulator, "GET", "/_sim/sessions", "").json()
    };
    assert_eq!(estate("3"), estate("3"));
    assert_ne!(estate("3"), estate("4"));
}

#[test]
fn a_scenario_sets_the_start_and_the_faults() {
    let folder = scratch_folder("scenario");
    let file = folder.join("scenario.json");
    let scenario = json!({
        "start": {"devices": 20, "settings": {"profile": "5.2"}, "frozen": true},
        "faults": [{"path": "/info/system", "count": 1, "fault": {"kind": "html", "status": 502}}],
    });
    std::fs::write(&file, scenario.to_string()).unwrap();
    let simulator = run(&["--scenario", file.to_str().unwrap()]);
    assert_eq!(send(&simulator, "GET", "/info/system", "").status, 502);
    assert_eq!(send(&simulator, "GET", "/info/system", "").status, 200);
    assert_eq!(send(&simulator, "GET", "/_sim/settings", "").json()["profile"], "5.2");
    assert_eq!(send(&simulator, "GET", "/_sim/clock", "").json()["frozen"], true);
}

#[test]
fn a_report_of_the_self_check_sets_the_profile_and_single_settings_override_it() {
    let report = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/self-check/report.json");
    let pages = r#"accessPages={"limit":3}"#;
    let simulator = run(&["--profile-from", report, "--set", pages, "--set", "accessList=absent"]);
    let settings = send(&simulator, "GET", "/_sim/settings", "").json();
    assert_eq!(
        (&settings["profile"], &settings["groupFlag"]),
        (&json!("7.1"), &json!("cm:access:config_group"))
    );
    assert_eq!(
        (&settings["accessPages"]["limit"], &settings["accessList"]),
        (&json!(3), &json!("absent"))
    );
    assert_eq!(send(&simulator, "GET", "/info/system", "").status, 404);
    send(&simulator, "POST", "/_sim/reset", "");
    assert_eq!(send(&simulator, "GET", "/_sim/settings", "").json(), settings, "a reset keeps it");
}

#[test]
fn invalid_options_are_reported_and_nothing_starts() {
    let folder = scratch_folder("nonsense");
    let file = folder.join("scenario.json");
    std::fs::write(&file, r#"[{"path":"/a","fault":{"kind":"meteor"}}]"#).unwrap();
    for (args, words) in [
        (vec!["--scenario", file.to_str().unwrap()], "scenario.json"),
        (vec!["--scenario", "/no/such/file"], "/no/such/file"),
        (vec!["--profile-from", file.to_str().unwrap()], "scenario.json"),
        (vec!["--profile-from", "/no/such/file"], "/no/such/file"),
        (vec!["--profile-from", "/no/such/file", "--profile", "8.x"], "--profile"),
        (vec!["--set", "nonsense=1"], "nonsense"),
        (vec!["--devices", "many"], "many"),
        (vec!["--site", "/no/such/folder"], "/no/such/folder"),
    ] {
        let out = Command::new(env!("CARGO_BIN_EXE_bigiq-simulator"))
            .args(["--listen", "127.0.0.1:0"])
            .args(&args)
            .output()
            .unwrap();
        let stderr = String::from_utf8(out.stderr).unwrap();
        assert!(!out.status.success(), "{args:?}");
        assert!(stderr.contains(words), "{args:?}: {stderr}");
    }
}

#[test]
fn the_site_is_served_with_strict_headers_compression_and_caching() {
    let folder = scratch_folder("site");
    for (name, text) in [
        ("index.html", "<!doctype html>"),
        ("app-0123456789abcdef.js", "plain"),
        ("app-0123456789abcdef.js.br", "brotli"),
        ("app-0123456789abcdef.js.gz", "gzip"),
        ("app-0123456789abcdef_bg.wasm", "wasm"),
    ] {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let simulator = run(&["--site", folder.to_str().unwrap()]);
    let HttpResponse { status, head, body } = send(&simulator, "GET", "/", "");
    assert_eq!((status, body.as_slice()), (200, b"<!doctype html>".as_slice()));
    for header in [
        "content-type: text/html; charset=utf-8",
        "content-security-policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; \
         img-src 'self' data:; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src 'none'; \
         require-trusted-types-for 'script'; trusted-types default",
        "x-content-type-options: nosniff",
        "referrer-policy: no-referrer",
        "cross-origin-opener-policy: same-origin",
        "cross-origin-resource-policy: same-origin",
        "cache-control: no-cache",
    ] {
        assert!(head.lines().any(|line| line == header), "{header} in {head}");
    }
    let script = "/app-0123456789abcdef.js";
    for (offer, coding, text) in [
        ("Accept-Encoding: gzip, deflate, br\r\n", Some("br"), "brotli"),
        ("Accept-Encoding: gzip\r\n", Some("gzip"), "gzip"),
        ("Accept-Encoding: br;q=0, gzip;q=0.5\r\n", Some("gzip"), "gzip"),
        ("Accept-Encoding: brotli\r\n", None, "plain"),
        ("", None, "plain"),
    ] {
        let HttpResponse { status, head, body } =
            send_with_headers(&simulator, "GET", script, "", offer);
        assert_eq!((status, body.as_slice()), (200, text.as_bytes()));
        assert_eq!(head.lines().find_map(|line| line.strip_prefix("content-encoding: ")), coding);
        for header in [
            "content-type: text/javascript; charset=utf-8",
            "cache-control: public, max-age=31536000, immutable",
            "vary: Accept-Encoding",
        ] {
            assert!(head.lines().any(|line| line == header), "{header} in {head}");
        }
    }
    let head = send(&simulator, "GET", "/app-0123456789abcdef_bg.wasm", "").head;
    assert!(head.contains("content-type: application/wasm"), "{head}");
    let HttpResponse { status, head, body } = send(&simulator, "HEAD", "/", "");
    assert_eq!((status, body.len()), (200, 0), "{head}");
    let outside =
        ["/../Cargo.toml", "/%2e%2e/Cargo.toml", "/%2Fetc/passwd", "/a%5C..%5Cb", "/a%00b"];
    for missing in [&["/no.js"], outside.as_slice()].concat() {
        assert_eq!(send(&simulator, "GET", missing, "").status, 404, "{missing}");
    }
    assert_eq!(send(&simulator, "POST", "/", "").status, 405);
}
