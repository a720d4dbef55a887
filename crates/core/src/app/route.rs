//! The page that is shown, read from the URL's fragment. Hash routes work in any folder and need no support from the web
//! server. An unknown address is a route too, not an error.

use crate::ids::{BatchId, JobId, TaskId};
use std::fmt;

/// A page of the app.
///
/// ```
/// use curfew_core::app::Route;
/// use curfew_core::ids::{BatchId, JobId};
///
/// let Route::Kill(prefill) = Route::parse("#/kill?user=user2&cluster=Blue") else { return };
/// assert_eq!(prefill.users, ["user2"]);
/// assert_eq!(prefill.clusters, ["Blue"]);
/// assert_eq!(Route::parse("#/jobs/1a"), Route::Batch(BatchId::new("1a")));
/// assert_eq!(Route::parse("#/jobs/1a.2"), Route::Job(JobId::new("1a.2")));
/// assert_eq!(Route::parse("#/nope"), Route::NotFound("/nope".into()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// The empty fragment: the search for sessions.
    Find,
    /// `#/kill`: the form, with what a link filled in.
    Kill(Prefill),
    /// `#/jobs`: all jobs.
    Jobs,
    /// `#/jobs/<id>`: one job.
    Job(JobId),
    /// `#/jobs/<id>`: the jobs of one plan.
    Batch(BatchId),
    /// `#/tasks/<id>`: a task of BIG-IQ's list.
    Task(TaskId),
    /// `#/diagnostics`: versions and self-checks.
    Diagnostics,
    /// Any other address, unchanged.
    NotFound(String),
}

/// What a deep link or a portal fills in. Neither submits the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prefill {
    /// User names.
    pub users: Vec<String>,
    /// Access groups.
    pub groups: Vec<String>,
    /// Clusters.
    pub clusters: Vec<String>,
    /// Devices by machine id, host name or address.
    pub devices: Vec<String>,
    /// Whether all clusters and all other devices are targets.
    pub everywhere: bool,
    /// Reason or ticket number, from a portal only.
    pub reason: Option<String>,
}

impl Prefill {
    /// Whether the link fills in nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn parse(query: &str) -> Self {
        let mut prefill = Self::default();
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = decode(value);
            if value.trim().is_empty() {
                continue;
            }
            match name {
                "user" => prefill.users.push(value),
                "group" => prefill.groups.push(value),
                "cluster" => prefill.clusters.push(value),
                "device" => prefill.devices.push(value),
                "everywhere" => prefill.everywhere = true,
                // Also `reason`, which 0.1.0 accepted: why a kill is needed is the operator's own statement.
                // guard: link-reason
                _ => {}
            }
        }
        prefill
    }
}

impl Route {
    /// The page that a sign-in leads to.
    pub fn home() -> Self {
        Self::Find
    }

    /// The form, with nothing filled in.
    pub fn kill() -> Self {
        Self::Kill(Prefill::default())
    }

    /// Whether a fragment (without `#`) is a link to a plan. The sign-in page says so, without the code that reads links.
    pub fn is_link(fragment: &str) -> bool {
        let values = fragment.strip_prefix("/kill?").unwrap_or_default().split('&');
        let fills = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or_default();
            // guard: link-waits
            matches!(name, "user" | "group" | "cluster" | "device" | "everywhere")
                && !value.is_empty()
        };
        values.into_iter().any(fills)
    }

    /// Reads a fragment, with or without `#`.
    pub fn parse(fragment: &str) -> Self {
        let bare = fragment.strip_prefix('#').unwrap_or(fragment);
        let (path, query) = bare.split_once('?').unwrap_or((bare, ""));
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        match parts.as_slice() {
            [] => Self::Find,
            ["kill"] => Self::Kill(Prefill::parse(query)),
            ["jobs"] => Self::Jobs,
            ["jobs", id] => Self::of_jobs(decode(id)),
            ["tasks", id] => Self::Task(TaskId::new(decode(id))),
            ["diagnostics"] => Self::Diagnostics,
            _ => Self::NotFound(bare.to_owned()),
        }
    }

    /// A job's id has a dot before its number; a batch's id has none.
    fn of_jobs(id: String) -> Self {
        if id.contains('.') { Self::Job(JobId::new(id)) } else { Self::Batch(BatchId::new(id)) }
    }

    /// The link to this page, with `#`. The values of a deep link are read once and not written back.
    pub fn href(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kill(_) => f.write_str("#/kill"),
            Self::Find => f.write_str("#/"),
            Self::Jobs => f.write_str("#/jobs"),
            Self::Job(id) => write!(f, "#/jobs/{}", bigiq::odata::encode(id.as_str())),
            Self::Batch(id) => write!(f, "#/jobs/{}", bigiq::odata::encode(id.as_str())),
            Self::Task(id) => write!(f, "#/tasks/{}", bigiq::odata::encode(id.as_str())),
            Self::Diagnostics => f.write_str("#/diagnostics"),
            Self::NotFound(path) => write!(f, "#{path}"),
        }
    }
}

/// Percent-decodes a text, with `+` as a space. Invalid escapes are kept and invalid UTF-8 is replaced.
pub(super) fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let ahead = rest.clone();
        let escaped = (byte == b'%').then(|| hex(rest.next()).zip(hex(rest.next()))).flatten();
        match (byte, escaped) {
            (_, Some((high, low))) => bytes.push(high * 16 + low),
            (b'+', None) => bytes.push(b' '),
            (other, None) => {
                bytes.push(other);
                rest = ahead;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: Option<u8>) -> Option<u8> {
    char::from(digit?).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("", Route::home())]
    #[case("#/", Route::home())]
    #[case("#", Route::Find)]
    #[case("#/kill", Route::kill())]
    #[case("#/find", Route::NotFound("/find".into()))]
    #[case("#/jobs", Route::Jobs)]
    #[case("#/jobs/", Route::Jobs)]
    #[case("#/jobs/a%20b", Route::Batch("a b".into()))]
    // In a fragment, `.` is an ordinary name.
    #[case("#/jobs/.", Route::Job(".".into()))]
    #[case("#/tasks/7c", Route::Task("7c".into()))]
    #[case("#/tasks", Route::NotFound("/tasks".into()))]
    #[case("#/diagnostics", Route::Diagnostics)]
    #[case("#/nope/x", Route::NotFound("/nope/x".into()))]
    fn routes(#[case] fragment: &str, #[case] expected: Route) {
        assert_eq!(Route::parse(fragment), expected);
    }

    #[test]
    fn deep_links_fill_in() {
        let link = "#/kill?user=user2&user=EXAMPLE%5Cuser+3&group=G1&cluster=Blue&device=lone&reason=INC%2D1&x=1&group=&everywhere=";
        assert_eq!(
            Route::parse(link),
            Route::Kill(Prefill {
                users: vec!["user2".into(), "EXAMPLE\\user 3".into()],
                groups: vec!["G1".into()],
                clusters: vec!["Blue".into()],
                devices: vec!["lone".into()],
                everywhere: false,
                reason: None,
            })
        );
        let everywhere = Route::parse("#/kill?user=user2&everywhere=1");
        let expected =
            Prefill { users: vec!["user2".into()], everywhere: true, ..Prefill::default() };
        assert_eq!(everywhere, Route::Kill(expected));
        assert_eq!(Route::parse(link).href(), "#/kill");
        // The sign-in page says that a link waits if it fills in something.
        for (fragment, waits) in [
            (&link[1..], true),
            ("/kill?everywhere=1", true),
            ("/kill?cluster=Blue", true),
            ("/kill?user=&group=", false),
            ("/kill?reason=INC-1&x=1", false),
            ("/kill?user", false),
            ("/kill", false),
            ("/jobs?user=user2", false),
            ("", false),
        ] {
            assert_eq!(Route::is_link(fragment), waits, "{fragment}");
            let filled =
                matches!(Route::parse(fragment), Route::Kill(filled) if !filled.is_empty());
            assert_eq!(filled, waits, "{fragment}");
        }
        assert_eq!(decode("100%"), "100%");
        assert_eq!(decode("%zz%4"), "%zz%4");
    }

    proptest! {
        #[test]
        fn a_job_link_leads_back(id in "[a-zA-Z0-9 /?#%+é-]{1,20}") {
            let route = Route::of_jobs(id);
            prop_assert_eq!(Route::parse(&route.href()), route);
        }

        #[test]
        fn a_task_link_leads_back(id in "[a-zA-Z0-9 /?#%+é-]{1,20}") {
            let route = Route::Task(TaskId::new(id));
            prop_assert_eq!(Route::parse(&route.href()), route);
        }

        #[test]
        fn any_fragment_is_some_route(text in "\\PC{0,40}") {
            let route = Route::parse(&text);
            prop_assert!(route.href().starts_with('#'));
        }
    }
}
