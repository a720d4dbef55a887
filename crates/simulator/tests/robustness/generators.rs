//! Generators of random calls. They use words that mean something to BIG-IQ, so that most calls get
//! past the first check.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value};

use crate::test_server::{TestRequest, Token};

const SEGMENTS: &[&str] = &[
    "mgmt",
    "info",
    "system",
    "cm",
    "shared",
    "access",
    "tasks",
    "kill-sessions",
    "machineid-resolver",
    "resolver",
    "device-groups",
    "devices",
    "stats",
    "rest-proxy",
    "tm",
    "sys",
    "failover",
    "apm",
    "access-info",
    "authn",
    "login",
    "exchange",
    "authz",
    "tokens",
    "echo",
    "failover-state",
    "device-reference-query",
    "cm-access-allBigIpDevices",
    "cm-bigip-allBigIpDevices",
    "cm-bigip-cluster_BlueCluster",
    "TestGroup",
    "98901455-6384-47cd-bc41-00a39dfe338f",
    "b7d1e2c3-5f46-4b89-a0c1-7e8f9d0a1b43",
    "b3c02bb2-594e-44e1-bce7-eceb607111fb",
    "",
    "..",
    ".",
    "%2e%2e",
    "%2F",
    "%ff",
    "%",
    "%00",
    "%C3%BC",
    "a+b",
    "x",
];
const PATHS: &[&str] = &[
    "/info/system",
    "/mgmt/shared/authn/login",
    "/mgmt/shared/authn/exchange",
    "/mgmt/shared/authz/tokens",
    "/mgmt/shared/echo",
    "/mgmt/shared/failover-state",
    "/mgmt/cm/system/machineid-resolver",
    "/mgmt/cm/shared/device-reference-query",
    "/mgmt/cm/access/tasks/kill-sessions",
    "/mgmt/cm/access/tasks/kill-sessions/b3c02bb2-594e-44e1-bce7-eceb607111fb",
    "/mgmt/shared/resolver/device-groups",
    "/mgmt/shared/resolver/device-groups/cm-access-allBigIpDevices/devices",
    "/mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices/stats",
    "/mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices/98901455-6384-47cd-bc41-00a39dfe338f/rest-proxy/mgmt/tm/apm/access-info",
];
const OPTIONS: &[&str] = &[
    "$filter",
    "$select",
    "$orderby",
    "$top",
    "$skip",
    "$expand",
    "$count",
    "%24filter",
    "$",
    "x",
    "",
];
const WORDS: &[&str] = &[
    "address",
    "hostname",
    "'properties/cm:access:access_group'",
    "properties",
    "devicesReference",
    "eq",
    "ne",
    "and",
    "or",
    "(",
    ")",
    "'",
    "''",
    "'*a*'",
    "*",
    "desc",
    "asc",
    ",",
    "/",
    "true",
    "0",
    "1",
    "-1",
    "18446744073709551615",
    "99999999999999999999",
    "NaN",
    "",
    "ü",
    "lastUpdateMicros",
];
const NAMES: &[&str] = &[
    "action",
    "userName",
    "username",
    "password",
    "loginProviderName",
    "loginReference",
    "link",
    "accessGroupNames",
    "clusterNames",
    "deviceReferences",
    "deviceReference",
    "sessions",
    "sessionIds",
    "status",
    "refreshToken",
    "token",
    "machineId",
    "address",
    "hostname",
    "module",
    "devices",
    "seed",
    "sessionsPerDevice",
    "settings",
    "now",
    "frozen",
    "advanceMs",
    "profile",
    "acceptedStatus",
    "accessSeconds",
    "refreshSeconds",
    "latencyMs",
    "forbiddenStatus",
    "returningPerMille",
    "failureShape",
    "restProxy",
    "nodeRole",
    "corsOrigins",
    "path",
    "method",
    "skip",
    "count",
    "chance",
    "fault",
    "kind",
    "ms",
    "bytes",
    "name",
    "value",
    "seconds",
    "set",
    "remove",
];
const TEXTS: &[&str] = &[
    "KILL_BY_USER",
    "KILL_ALL_SESSIONS",
    "KILL_BY_LIST_OF_SESSIONS",
    "user2",
    "TestGroup",
    "BlueCluster",
    "CANCEL_REQUESTED",
    "STARTED",
    "https://localhost/mgmt/cm/system/machineid-resolver/98901455-6384-47cd-bc41-00a39dfe338f",
    "/mgmt/",
    "admin",
    "fault-floats",
    "fault-restart",
    "CorpRadius",
    "5.2",
    "7.1",
    "8.x",
    "everyone",
    "strings",
    "9999-12-31T23:59:59Z",
    "0000-01-01T00:00:00Z",
    "1970-01-01T00:00:00-23:59",
    "\u{0}",
    "ü\u{202e}",
    "",
    "a\r\nb",
];

pub(crate) fn method() -> impl Strategy<Value = String> {
    let methods = &[
        "GET", "GET", "POST", "POST", "PATCH", "DELETE", "PUT", "HEAD", "OPTIONS", "TRACE",
        "CONNECT", "PURGE",
    ];
    select(&methods[..]).prop_map(str::to_owned)
}

fn path() -> impl Strategy<Value = String> {
    let tail = vec(select(SEGMENTS), 0..3);
    prop_oneof![
        4 => (select(PATHS), prop::option::weighted(0.3, tail)).prop_map(|(path, tail)| match tail {
            Some(tail) => format!("{path}/{}", tail.join("/")),
            None => path.to_owned(),
        }),
        2 => vec(select(SEGMENTS), 0..9).prop_map(|parts| format!("/mgmt/{}", parts.join("/"))),
        1 => "/[!-~]{0,40}",
    ]
}

/// Mostly valid options with extreme values, sometimes an invalid one.
fn query() -> impl Strategy<Value = String> {
    let number =
        select(&["0", "1", "3", "18446744073709551615", "99999999999999999999", "-1", ""][..]);
    let number = (select(&["$top", "$skip"][..]), number)
        .prop_map(|(name, value)| format!("{name}={value}"));
    let field = || {
        select(
            &[
                "address",
                "hostname",
                "properties/cm-access-allBigIpDevices/imported",
                "items",
                "status",
                "ü",
                "a/b/c",
            ][..],
        )
    };
    let literal =
        select(&["'10.255.4.124'", "'*'", "'**a*'", "true", "''", "'o''x'", "STARTED"][..]);
    let compare = (field(), select(&["eq", "ne", "gt"][..]), literal)
        .prop_map(|(name, op, value)| format!("{name}+{op}+{value}"));
    let filter = (vec(compare, 1..4), select(&["+or+", "+and+", "+"][..]))
        .prop_map(|(parts, word)| format!("$filter={}", parts.join(word)));
    let order = (field(), select(&["", "+desc", "+asc", "+up"][..]))
        .prop_map(|(name, way)| format!("$orderby={name}{way}"));
    let names = vec(field(), 0..4);
    let names = (select(&["$select", "$expand"][..]), names)
        .prop_map(|(name, fields)| format!("{name}={}", fields.join(",")));
    let noise = (select(OPTIONS), vec(select(WORDS), 0..8), select(&["+", ""][..]))
        .prop_map(|(name, words, between)| format!("{name}={}", words.join(between)));
    let printable = "[ -~]{0,30}".prop_map(|text| text.replace(' ', "%20"));
    let option =
        prop_oneof![4 => number, 4 => filter, 2 => order, 2 => names, 1 => noise, 1 => printable];
    vec(option, 0..4).prop_map(|options| options.join("&"))
}

/// JSON with names and strings that mean something to BIG-IQ, and numbers at the limits of their
/// ranges.
pub(crate) fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        select(&[0, 1, -1, 7, 200, 300, 65_536, i64::MAX, i64::MIN, u32::MAX as i64][..])
            .prop_map(Value::from),
        Just(Value::from(u64::MAX)),
        any::<f64>().prop_map(Value::from),
        select(TEXTS).prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((select(NAMES), inner), 0..6).prop_map(|fields| {
                let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value));
                Value::from(fields.collect::<Map<_, _>>())
            }),
        ]
    })
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    // An almost valid kill.
    let kill = (select(TEXTS), select(TEXTS), json()).prop_map(|(action, user, target)| {
        let list = Value::from(vec![target.clone(), Value::from("TestGroup")]);
        serde_json::json!({"action": action, "userName": user, "accessGroupNames": list, "sessions": target}).to_string()
    });
    let broken =
        (json(), any::<prop::sample::Index>(), any::<u8>()).prop_map(|(value, at, byte)| {
            let mut text = value.to_string().into_bytes();
            let at = at.index(text.len());
            text[at] = byte;
            text
        });
    prop_oneof![
        Just(Vec::new()),
        json().prop_map(|value| value.to_string().into_bytes()),
        kill.prop_map(String::into_bytes),
        broken,
        vec(any::<u8>(), 0..60),
    ]
}

pub(crate) fn call() -> impl Strategy<Value = TestRequest> {
    let token = prop_oneof![
        6 => Just(Token::Good),
        1 => Just(Token::None),
        1 => vec(any::<u8>(), 0..20).prop_map(Token::Odd),
    ];
    let names = &[
        "origin",
        "authorization",
        "accept-encoding",
        "content-type",
        "content-length",
        "x-curfew-app",
        "expect",
    ];
    let header = prop::option::weighted(
        0.3,
        (select(&names[..]).prop_map(str::to_owned), vec(any::<u8>(), 0..20)),
    );
    (method(), path(), query(), token, header, body()).prop_map(
        |(method, path, query, token, header, body)| {
            let target = if query.is_empty() { path } else { format!("{path}?{query}") };
            TestRequest { method, target, token, header, body }
        },
    )
}

/// A control call. Only small inventories: large ones are slow to build.
pub(crate) fn control() -> impl Strategy<Value = TestRequest> {
    let paths = &[
        "/_sim/clock",
        "/_sim/settings",
        "/_sim/faults",
        "/_sim/reset",
        "/_sim/sessions",
        "/_sim/requests",
        "/_sim/unsimulated",
    ];
    let fault = (select(KINDS), json(), select(PATHS)).prop_map(|(kind, fields, path)| {
        let mut fault = serde_json::json!({"kind": kind, "ms": u32::MAX, "bytes": u64::MAX, "name": "hostname", "value": -1,
            "seconds": i64::MIN, "status": 999, "address": "::1", "retryAfter": u64::MAX, "afterEffect": true,
            "set": {"": fields, "/items/0/id": 7, "/": null}, "remove": ["", "/", "/items/99999999999999999999"]});
        keep_known(&mut fault, kind);
        serde_json::json!([{"path": format!("{path}*"), "fault": fault}])
    });
    let calls = prop_oneof![
        2 => (method(), select(&paths[..]), json()).prop_map(|(method, path, body)| (method, path, body)),
        3 => fault.prop_map(|rules| ("POST".to_owned(), "/_sim/faults", rules)),
        3 => settings().prop_map(|settings| ("POST".to_owned(), "/_sim/settings", settings)),
        2 => clock().prop_map(|change| ("POST".to_owned(), "/_sim/clock", change)),
        1 => (settings(), clock()).prop_map(|(settings, clock)| {
            let mut start = serde_json::json!({"settings": settings, "devices": 20, "seed": u64::MAX});
            for name in ["now", "frozen"] {
                start[name] = clock[name].clone();
            }
            ("POST".to_owned(), "/_sim/reset", start)
        }),
    ];
    calls.prop_map(|(method, path, mut body)| {
        limit_sizes(&mut body);
        let body = body.to_string().into_bytes();
        TestRequest { method, target: path.to_owned(), token: Token::None, header: None, body }
    })
}

const KINDS: &[&str] = &[
    "status",
    "html",
    "drop-before-effect",
    "drop-after-effect",
    "reset",
    "delay",
    "stall",
    "truncate",
    "content-type",
    "oversized",
    "invalid-utf8",
    "floats",
    "unknown-enum",
    "extra-fields",
    "missing-field",
    "null-field",
    "duplicate-ids",
    "odd-ids",
    "huge-string",
    "wrong-total",
    "edit",
    "clock-skew",
    "restart",
    "revoke-access",
    "revoke-refresh",
    "source-address",
    "task-gone",
    "status-regress",
    "cancel-requested",
    "finished-without-result",
];

/// Valid settings with extreme values.
fn settings() -> impl Strategy<Value = Value> {
    let seconds = || select(&[0, 1, -1, 300, i64::MAX, i64::MIN][..]);
    let status = || select(&[0_u16, 99, 200, 204, 304, 999, 1_000, u16::MAX][..]);
    let millis = || select(&[0, 1, 350, u64::MAX][..]);
    let one = prop_oneof![
        seconds().prop_map(|n| ("accessSeconds", Value::from(n))),
        seconds().prop_map(|n| ("refreshSeconds", Value::from(n))),
        status().prop_map(|n| ("acceptedStatus", Value::from(n))),
        status().prop_map(|n| ("forbiddenStatus", Value::from(n))),
        (millis(), millis())
            .prop_map(|(least, most)| ("latencyMs", serde_json::json!([least, most]))),
        millis().prop_map(|n| ("returningPerMille", Value::from(n))),
        select(&["5.2", "7.1", "8.x"][..]).prop_map(|profile| ("profile", Value::from(profile))),
        select(&["none", "strings", "objects", "failure-details"][..])
            .prop_map(|shape| ("failureShape", Value::from(shape))),
        select(TEXTS).prop_map(|flag| ("groupFlag", Value::from(flag))),
        select(TEXTS).prop_map(|origin| ("corsOrigins", serde_json::json!([origin]))),
        any::<bool>().prop_map(|on| ("addressBinding", Value::from(on))),
        any::<bool>().prop_map(|on| ("fullFirstReply", Value::from(on))),
    ];
    vec(one, 1..4).prop_map(|all| {
        all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>().into()
    })
}

fn clock() -> impl Strategy<Value = Value> {
    let now = select(
        &[
            "1970-01-01T00:00:00Z",
            "0000-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
            "2026-01-01T00:00:00+14:00",
        ][..],
    );
    let advance = select(&[0, 1, -1, 75_000, i64::MAX, i64::MIN][..]);
    (prop::option::of(now), prop::option::of(advance), prop::option::of(any::<bool>()))
        .prop_map(|(now, advance, frozen)| serde_json::json!({"now": now, "advanceMs": advance, "frozen": frozen}))
}

/// Keeps only the fields that this kind of fault has.
fn keep_known(fault: &mut Value, kind: &str) {
    let known: &[&str] = match kind {
        "status" | "html" => &["status", "retryAfter", "afterEffect"],
        "delay" => &["ms", "afterEffect"],
        "stall" => &["ms"],
        "oversized" => &["bytes"],
        "missing-field" | "null-field" => &["name"],
        "huge-string" => &["name", "bytes"],
        "wrong-total" => &["value"],
        "edit" => &["set", "remove"],
        "clock-skew" => &["seconds"],
        "source-address" => &["address"],
        "content-type" => &["value"],
        "restart" => &["seconds", "status"],
        _ => &[],
    };
    let fault = fault.as_object_mut().unwrap();
    fault.retain(|name, _| name == "kind" || known.contains(&name.as_str()));
    match kind {
        "restart" => drop(fault.insert("seconds".to_owned(), u32::MAX.into())),
        "content-type" => drop(fault.insert("value".to_owned(), "a\r\nb: c".into())),
        // The largest allowed size is slow; larger ones are refused.
        "oversized" | "huge-string" => drop(fault.insert("bytes".to_owned(), 1_000_000.into())),
        _ => {}
    }
}

fn limit_sizes(body: &mut Value) {
    match body {
        Value::Array(items) => items.iter_mut().for_each(limit_sizes),
        Value::Object(map) => {
            for (name, value) in map {
                if matches!(name.as_str(), "devices" | "sessionsPerDevice")
                    && value.as_u64().is_some_and(|n| n > 40)
                {
                    *value = 40.into();
                }
                limit_sizes(value);
            }
        }
        _ => {}
    }
}
