//! The log of API calls, for tests. It never holds a password or a token.

use std::collections::VecDeque;

use serde_json::{Map, Value, json};

use crate::http::call::Call;
use crate::world::timestamp::Timestamp;

/// Limit of logged calls; the oldest are dropped.
const MAX_CALLS: usize = 20_000;

/// Limit of all logged bodies together; the oldest calls are dropped.
const MAX_BYTES: usize = 64 << 20;

/// Calls, oldest first.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    calls: VecDeque<Map<String, Value>>,
    dropped: usize,
    bytes: usize,
}

/// Number of a logged call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EntryNumber(usize);

impl RequestLog {
    /// Logs a call that has arrived.
    pub(crate) fn add(
        &mut self,
        call: &Call,
        operator: Option<&str>,
        at: Timestamp,
    ) -> EntryNumber {
        let body = Some(call.body.as_str()).filter(|body| !body.is_empty() && !call.has_secret());
        self.bytes += body.map_or(0, str::len);
        while self.calls.len() >= MAX_CALLS || self.bytes > MAX_BYTES {
            let Some(oldest) = self.calls.pop_front() else { break };
            let text = oldest.get("body").and_then(Value::as_str);
            self.bytes = self.bytes.saturating_sub(text.map_or(0, str::len));
            self.dropped += 1;
        }
        let number = self.dropped + self.calls.len();
        let headers: Map<String, Value> = call
            .headers_with_prefix("x-curfew-")
            .map(|(name, value)| (title_case(name), value.into()))
            .collect();
        let entry = json!({
            "number": number,
            "time": at.millis(),
            "method": call.method.as_str(),
            "path": call.redacted_path(),
            "query": call.query,
            "body": body,
            "status": null,
            "operator": operator,
            "fault": null,
            "headers": headers,
        });
        if let Value::Object(entry) = entry {
            self.calls.push_back(entry);
        }
        EntryNumber(number)
    }

    /// Adds the result; `status` is `None` when no answer was sent.
    pub(crate) fn complete(
        &mut self,
        number: EntryNumber,
        status: Option<u16>,
        fault: Option<&str>,
    ) {
        let index = number.0.checked_sub(self.dropped);
        if let Some(entry) = index.and_then(|index| self.calls.get_mut(index)) {
            entry.insert("status".to_owned(), status.into());
            entry.insert("fault".to_owned(), fault.into());
        }
    }

    /// All calls.
    pub(crate) fn json(&self) -> Value {
        Value::from(self.calls.iter().cloned().map(Value::from).collect::<Vec<_>>())
    }
}

/// `x-curfew-app` as `X-Curfew-App`.
fn title_case(name: &str) -> String {
    let word = |word: &str| {
        let mut chars = word.chars();
        let first = chars.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(chars).collect::<String>()
    };
    name.split('-').map(word).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderMap, HeaderValue, Method};
    use std::net::Ipv4Addr;

    fn log_call(log: &mut RequestLog, path: &str) -> EntryNumber {
        let mut headers = HeaderMap::new();
        headers.insert("x-curfew-app", HeaderValue::from_static("1"));
        headers.insert("x-f5-auth-token", HeaderValue::from_static("secret"));
        let uri = path.parse().unwrap();
        let peer = Ipv4Addr::LOCALHOST.into();
        let call = Call::new(Method::POST, &uri, headers, peer, b"{\"secret\":1}");
        log.add(&call, None, Timestamp::default())
    }

    #[test]
    fn logs_no_secrets() {
        let mut log = RequestLog::default();
        log_call(&mut log, "/mgmt/shared/authn/login");
        log_call(&mut log, "/mgmt/shared/authz/tokens/secret");
        let text = log.json().to_string();
        assert!(!text.contains("secret"), "{text}");
        assert!(text.contains("X-Curfew-App"), "{text}");
    }

    #[test]
    fn long_bodies_drop_the_oldest_calls() {
        let mut log = RequestLog::default();
        let uri = "/mgmt/x".parse().unwrap();
        let body = vec![b'a'; MAX_BYTES / 4];
        for _ in 0..9 {
            let peer = Ipv4Addr::LOCALHOST.into();
            let call = Call::new(Method::POST, &uri, HeaderMap::new(), peer, &body);
            log.add(&call, None, Timestamp::default());
        }
        let numbers: Vec<_> = log.calls.iter().map(|call| call["number"].clone()).collect();
        assert_eq!(numbers, [5, 6, 7, 8]);
    }

    #[test]
    fn drops_the_oldest_and_still_finds_the_rest() {
        let mut log = RequestLog::default();
        for _ in 0..MAX_CALLS {
            log_call(&mut log, "/mgmt/x");
        }
        let last = log_call(&mut log, "/mgmt/y");
        log.complete(last, Some(200), Some("floats"));
        log.complete(EntryNumber(0), Some(500), None);
        let all = log.json();
        let calls = all.as_array().unwrap();
        assert_eq!(calls.len(), MAX_CALLS);
        assert_eq!((&calls[0]["number"], &calls[0]["status"]), (&json!(1), &Value::Null));
        assert_eq!(calls[MAX_CALLS - 1]["status"], 200);
    }
}
