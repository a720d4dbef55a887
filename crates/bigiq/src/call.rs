//! Every call that a client may make, in one table, and the paths and bodies of these calls. Tests compare the proxies'
//! allow-lists and the client with this table.

use crate::auth::{self, Provider};
use crate::kill::KillRequest;
use crate::odata::{self, Filter};
use crate::secret::Secret;

/// The HTTP methods in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads. Safe to repeat.
    Get,
    /// Signs in, exchanges a token or starts a kill. Never repeated automatically.
    Post,
    /// Changes a task.
    Patch,
    /// Revokes a token.
    Delete,
}

impl Method {
    /// The method's name in HTTP.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A method and a path. `{}` in the path stands for exactly one non-empty segment.
#[derive(Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// A short name for logs, diagnostics and tests.
    pub name: &'static str,
    /// HTTP method.
    pub method: Method,
    /// Path without a query.
    pub path: &'static str,
    /// Whether it is called without a token, before sign-in.
    pub open: bool,
}

const DEVICES: &str = "/mgmt/shared/resolver/device-groups/cm-access-allBigIpDevices/devices";
const TASKS: &str = "/mgmt/cm/access/tasks/kill-sessions";

/// The fields of a device that the inventory reads.
const DEVICE_FIELDS: &str =
    "uuid,machineId,hostname,address,managementAddress,state,version,product,properties";

macro_rules! endpoints {
    ($($(#[$doc:meta])* $id:ident: $method:ident $path:expr, $open:literal;)*) => {
        $($(#[$doc])* pub static $id: Endpoint =
            Endpoint { name: stringify!($id), method: Method::$method, path: $path, open: $open };)*
        /// All endpoints. Allow-lists are compared with this list.
        pub static ENDPOINTS: &[&Endpoint] = &[$(&$id),*];
    };
}

endpoints! {
    /// Information available before sign-in: the providers, and whether the system has started (captured).
    INFO: Get "/info/system", true;
    /// Signs in (documented).
    LOGIN: Post "/mgmt/shared/authn/login", true;
    /// Exchanges a refresh token for a new access token (documented).
    EXCHANGE: Post "/mgmt/shared/authn/exchange", true;
    /// Revokes a token (captured). The only URL that contains a token.
    FORGET: Delete "/mgmt/shared/authz/tokens/{}", false;
    /// The devices that Access manages, with flat properties (captured).
    ACCESS_DEVICES: Get DEVICES, false;
    /// Health of all devices (captured).
    DEVICE_STATS: Get "/mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices/stats", false;
    /// Device groups, filtered to access groups (documented, section 1.7).
    DEVICE_GROUPS: Get "/mgmt/shared/resolver/device-groups/", false;
    /// The trusted devices, filtered by address (documented, section 1).
    RESOLVER: Get "/mgmt/cm/system/machineid-resolver", false;
    /// One trusted device (documented, section 1.6).
    RESOLVER_ITEM: Get "/mgmt/cm/system/machineid-resolver/{}", false;
    /// A device's HA role, through BIG-IQ's REST proxy (captured; optional).
    DEVICE_FAILOVER: Get "/mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices/{}/rest-proxy/mgmt/tm/sys/failover", false;
    /// A device's live sessions, through BIG-IQ's REST proxy (inferred; optional).
    DEVICE_SESSIONS: Get "/mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices/{}/rest-proxy/mgmt/tm/apm/access-info", false;
    /// Whether this BIG-IQ is a standby (captured; optional).
    OWN_FAILOVER: Get "/mgmt/shared/failover-state", false;
    /// The operator's permissions (captured in a list of URIs; its shape is not published). Only the self-check calls it.
    PERMISSIONS: Get "/mgmt/shared/authz/effective-permissions", false;
    /// Starts a kill (documented, section 2).
    KILL: Post TASKS, false;
    /// All kill tasks (documented, section 3.2).
    TASK_LIST: Get TASKS, false;
    /// One kill task (documented, section 3).
    TASK: Get "/mgmt/cm/access/tasks/kill-sessions/{}", false;
    /// Requests that a kill task is cancelled (inferred from the status names; off by default).
    CANCEL: Patch "/mgmt/cm/access/tasks/kill-sessions/{}", false;
}

/// A request that is ready to be sent. Its target is encoded, and relative to the origin.
///
/// ```
/// use bigiq::{Call, Method};
///
/// let call = Call::task("4f1b7a2e");
/// assert_eq!(call.endpoint.method, Method::Get);
/// assert_eq!(call.target, "/mgmt/cm/access/tasks/kill-sessions/4f1b7a2e");
/// assert_eq!(call.body, None);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Call {
    /// The endpoint that is called.
    pub endpoint: &'static Endpoint,
    /// Path and query, percent-encoded, starting with a slash.
    pub target: String,
    /// JSON body.
    pub body: Option<String>,
}

impl std::fmt::Debug for Call {
    // Targets and bodies may contain tokens and passwords.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.endpoint.method.as_str(), self.endpoint.path)
    }
}

impl Call {
    fn new(endpoint: &'static Endpoint) -> Self {
        Self { endpoint, target: endpoint.path.to_owned(), body: None }
    }

    fn with_segment(endpoint: &'static Endpoint, segment: &str) -> Self {
        let target = endpoint.path.replacen("{}", &odata::encode_segment(segment), 1);
        Self { endpoint, target, body: None }
    }

    fn query(mut self, name: &str, value: &str) -> Self {
        self.target.push(if self.target.contains('?') { '&' } else { '?' });
        self.target.push_str(name);
        self.target.push('=');
        self.target.push_str(&odata::encode(value));
        self
    }

    fn body(mut self, body: String) -> Self {
        self.body = Some(body);
        self
    }

    /// Reads the list of providers and whether the system has started.
    pub fn info() -> Self {
        Self::new(&INFO)
    }

    /// Signs in. A provider of `None` stands for BIG-IQ's local users, for whom no provider is sent (captured).
    pub fn login(user: &str, password: &Secret, provider: Option<&Provider>) -> Self {
        Self::new(&LOGIN).body(auth::login_body(user, password, provider))
    }

    /// Exchanges a refresh token for a new access token.
    pub fn exchange(refresh: &Secret) -> Self {
        Self::new(&EXCHANGE).body(auth::exchange_body(refresh))
    }

    /// Revokes a token.
    pub fn forget(token: &Secret) -> Self {
        Self::with_segment(&FORGET, token.expose())
    }

    /// Reads a page of the devices that Access manages, with only the fields that Curfew uses.
    pub fn access_devices(skip: usize, top: usize) -> Self {
        Self::new(&ACCESS_DEVICES)
            .query("$select", DEVICE_FIELDS)
            .query("$top", &top.to_string())
            .query("$skip", &skip.to_string())
    }

    /// Reads the access groups. `flag` is the property that marks an access group; its name differs between versions (captured).
    pub fn access_groups(flag: GroupFlag) -> Self {
        let filter = Filter::marked(flag.property());
        Self::new(&DEVICE_GROUPS)
            .query("$filter", filter.as_str())
            .query("$select", "groupName,displayName")
    }

    /// Reads the health of all devices.
    pub fn device_stats() -> Self {
        Self::new(&DEVICE_STATS)
    }

    /// Reads the trusted devices that match a filter.
    pub fn resolver(filter: &Filter) -> Self {
        Self::new(&RESOLVER).query("$filter", filter.as_str())
    }

    /// Reads a page of all trusted devices, with the fields of [`Self::access_devices`] (documented, section 1: "used with or
    /// without a filter").
    pub fn trusted_devices(skip: usize, top: usize) -> Self {
        Self::new(&RESOLVER)
            .query("$select", DEVICE_FIELDS)
            .query("$top", &top.to_string())
            .query("$skip", &skip.to_string())
    }

    /// Reads one trusted device.
    pub fn resolver_item(machine_id: &str) -> Self {
        Self::with_segment(&RESOLVER_ITEM, machine_id)
    }

    /// Reads a device's HA role.
    pub fn device_failover(machine_id: &str) -> Self {
        Self::with_segment(&DEVICE_FAILOVER, machine_id)
    }

    /// Reads at most `top` of a device's live sessions.
    pub fn device_sessions(machine_id: &str, top: usize) -> Self {
        Self::with_segment(&DEVICE_SESSIONS, machine_id).query("$top", &top.to_string())
    }

    /// Reads whether this BIG-IQ is a standby.
    pub fn own_failover() -> Self {
        Self::new(&OWN_FAILOVER)
    }

    /// Reads the operator's permissions.
    pub fn permissions() -> Self {
        Self::new(&PERMISSIONS)
    }

    /// Reads the first device that Access manages, with two query options that F5 does not document: `$count`, and `$select` of
    /// a single property. The self-check shows whether BIG-IQ supports them.
    pub fn odd_devices() -> [Self; 2] {
        [("$count", "true"), ("$select", "properties/imported")]
            .map(|(name, value)| Self::new(&ACCESS_DEVICES).query(name, value).query("$top", "1"))
    }

    /// Sends an invalid filter, to learn what BIG-IQ's error looks like.
    pub fn broken_filter() -> Self {
        Self::new(&RESOLVER).query("$filter", "('address' eq")
    }

    /// Starts a kill.
    pub fn kill(request: &KillRequest) -> Self {
        Self::new(&KILL).body(request.to_json())
    }

    /// Reads the few fields of a task that change: `status,result,…` (documented, section 3), and the step.
    pub fn task_state(id: &str) -> Self {
        Self::with_segment(&TASK, id).query("$select", TASK_STATE)
    }

    /// Reads the changing fields of the newest `top` kill tasks of all operators, to poll many tasks with one call.
    pub fn task_states(top: usize) -> Self {
        Self::new(&TASK_LIST)
            .query("$select", &["id,selfLink,startDateTime,", TASK_STATE].concat())
            .query("$orderby", "lastUpdateMicros desc")
            .query("$top", &top.to_string())
    }

    /// Reads a task with all its fields.
    pub fn task(id: &str) -> Self {
        Self::with_segment(&TASK, id)
    }

    /// Reads a page of the kill tasks of all operators, newest first.
    pub fn tasks(skip: usize, top: usize) -> Self {
        Self::new(&TASK_LIST)
            .query("$orderby", "lastUpdateMicros desc")
            .query("$top", &top.to_string())
            .query("$skip", &skip.to_string())
    }

    /// Reads the ids of the newest `top` kill tasks of all operators.
    pub fn task_ids(top: usize) -> Self {
        Self::new(&TASK_LIST)
            .query("$select", "id")
            .query("$orderby", "lastUpdateMicros desc")
            .query("$top", &top.to_string())
    }

    /// Requests that a task is cancelled.
    pub fn cancel(id: &str) -> Self {
        Self::with_segment(&CANCEL, id).body(r#"{"status":"CANCEL_REQUESTED"}"#.to_owned())
    }
}

/// The fields that a poll reads: those of section 3, and those that show the task's progress and devices.
const TASK_STATE: &str = "status,result,resultDetails,errorMessage,currentStep,deviceReferences,failureDetails,endDateTime";

/// The property that marks an access group. It was renamed after 5.2.0 (captured).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupFlag {
    /// `cm:access:access_group`, in later versions (documented, section 1.7).
    AccessGroup,
    /// `cm:access:config_group`, up to and including 5.2.0.
    ConfigGroup,
}

impl GroupFlag {
    fn property(self) -> &'static str {
        match self {
            Self::AccessGroup => "properties/cm:access:access_group",
            Self::ConfigGroup => "properties/cm:access:config_group",
        }
    }
}

/// Whether a path without a query belongs to an endpoint. `{}` matches one non-empty segment.
pub fn matches(endpoint: &Endpoint, path: &str) -> bool {
    let (mut pattern, mut given) = (endpoint.path.split('/'), path.split('/'));
    loop {
        match (pattern.next(), given.next()) {
            (None, None) => return true,
            (Some("{}"), Some(segment)) if !segment.is_empty() => {}
            (Some(a), Some(b)) if a == b => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DeviceReference, Targets};

    fn every_call() -> Vec<Call> {
        let secret = Secret::new("a.b.c");
        let hostile = "../..//x?y#z%";
        let request = KillRequest::All {
            targets: Targets { devices: vec![DeviceReference::of("m")], ..Targets::default() }
                .into(),
        };
        let mut calls = Vec::from(Call::odd_devices());
        calls.extend([
            Call::info(),
            Call::login("u", &secret, None),
            Call::exchange(&secret),
            Call::forget(&secret),
            Call::access_devices(500, 500),
            Call::access_groups(GroupFlag::AccessGroup),
            Call::access_groups(GroupFlag::ConfigGroup),
            Call::device_stats(),
            Call::resolver(&Filter::marked("properties/x")),
            Call::resolver_item(hostile),
            Call::device_failover(".."),
            Call::device_sessions("m 1", 100),
            Call::own_failover(),
            Call::permissions(),
            Call::broken_filter(),
            Call::kill(&request),
            Call::task_state(hostile),
            Call::task(hostile),
            Call::tasks(0, 50),
            Call::task_states(500),
            Call::task_ids(100),
            Call::cancel(hostile),
        ]);
        calls
    }

    #[test]
    fn every_call_stays_within_its_endpoint() {
        for call in every_call() {
            let path = call.target.split('?').next().unwrap();
            assert!(matches(call.endpoint, path), "{call:?} builds {path}");
            assert!(
                !path.split('/').any(|s| {
                    let decoded = s.replace("%2E", ".").replace("%2e", ".");
                    decoded == "." || decoded == ".."
                }),
                "{path} would climb"
            );
            assert!(call.target.is_ascii());
            assert!(!call.target.contains([' ', '#', '"', '<']));
        }
    }

    #[test]
    fn every_endpoint_has_a_call() {
        let calls = every_call();
        for endpoint in ENDPOINTS {
            assert!(calls.iter().any(|c| std::ptr::eq(c.endpoint, *endpoint)), "{endpoint:?}");
        }
    }

    #[test]
    fn targets() {
        insta::assert_snapshot!(
            every_call().iter().map(|c| format!("{} {}\n", c.endpoint.method.as_str(), c.target)).collect::<String>(),
            @r"
        GET /mgmt/shared/resolver/device-groups/cm-access-allBigIpDevices/devices?$count=true&$top=1
        GET /mgmt/shared/resolver/device-groups/cm-access-allBigIpDevices/devices?$select=properties%2Fimported&$top=1
        GET /info/system
        POST /mgmt/shared/authn/login
        POST /mgmt/shared/authn/exchange
        DELETE /mgmt/shared/authz/tokens/a.b.c
        GET /mgmt/shared/resolver/device-groups/cm-access-allBigIpDevices/devices?$select=uuid,machineId,hostname,address,managementAddress,state,version,product,properties&$top=500&$skip=500
        GET /mgmt/shared/resolver/device-groups/?$filter=%27properties%2Fcm%3Aaccess%3Aaccess_group%27%20eq%20%27true%27&$select=groupName,displayName
        GET /mgmt/shared/resolver/device-groups/?$filter=%27properties%2Fcm%3Aaccess%3Aconfig_group%27%20eq%20%27true%27&$select=groupName,displayName
        GET /mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices/stats
        GET /mgmt/cm/system/machineid-resolver?$filter=%27properties%2Fx%27%20eq%20%27true%27
        GET /mgmt/cm/system/machineid-resolver/..%2F..%2F%2Fx%3Fy%23z%25
        GET /mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices/%252E%252E/rest-proxy/mgmt/tm/sys/failover
        GET /mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices/m%201/rest-proxy/mgmt/tm/apm/access-info?$top=100
        GET /mgmt/shared/failover-state
        GET /mgmt/shared/authz/effective-permissions
        GET /mgmt/cm/system/machineid-resolver?$filter=%28%27address%27%20eq
        POST /mgmt/cm/access/tasks/kill-sessions
        GET /mgmt/cm/access/tasks/kill-sessions/..%2F..%2F%2Fx%3Fy%23z%25?$select=status,result,resultDetails,errorMessage,currentStep,deviceReferences,failureDetails,endDateTime
        GET /mgmt/cm/access/tasks/kill-sessions/..%2F..%2F%2Fx%3Fy%23z%25
        GET /mgmt/cm/access/tasks/kill-sessions?$orderby=lastUpdateMicros%20desc&$top=50&$skip=0
        GET /mgmt/cm/access/tasks/kill-sessions?$select=id,selfLink,startDateTime,status,result,resultDetails,errorMessage,currentStep,deviceReferences,failureDetails,endDateTime&$orderby=lastUpdateMicros%20desc&$top=500
        GET /mgmt/cm/access/tasks/kill-sessions?$select=id&$orderby=lastUpdateMicros%20desc&$top=100
        PATCH /mgmt/cm/access/tasks/kill-sessions/..%2F..%2F%2Fx%3Fy%23z%25
        ");
    }

    #[test]
    fn printing_a_call_shows_no_secret() {
        assert_eq!(
            format!("{:?}", Call::forget(&Secret::new("jwt"))),
            "DELETE /mgmt/shared/authz/tokens/{}"
        );
    }
}
