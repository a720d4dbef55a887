//! Each read, the sign-in and the token exchange with each class of fault, as in `tests/e2e/matrix.spec.ts`: what is
//! known of the failure, and that the same call works once the fault is over.

use crate::cells::Cell;
use crate::fault_classes::{Answer, FaultClass, RESTART, classes, run_all};
use crate::inventory::Steps;
use crate::virtual_browser::VirtualBrowser;
use bigiq::Refusal;
use curfew_client::error::ApiError;
use curfew_client::missing_devices::LookedUp;
use curfew_client::signed_in::SignedIn;
use curfew_client::signed_out::Secret;
use curfew_core::ids::MachineId;
use curfew_core::inventory::HaRole;
use curfew_core::job::Failure;
use rstest::rstest;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;

const GROUPS: &str = "/mgmt/shared/resolver/device-groups/*";
const DEVICES: &str = "/mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices";
const TOKENS: &str = "/mgmt/shared/authz/tokens/*";
const RESOLVER: &str = "/mgmt/cm/system/machineid-resolver";
/// A device in a cluster.
const RED_A: &str = "901695c8-f405-489f-9996-54f7b21da642";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Read {
    Providers,
    SignIn,
    Exchange,
    Inventory,
    LookUp,
    Role,
    Sessions,
}

/// What came of a read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Got {
    Answer,
    /// An answer without what was asked for.
    Nothing,
    NoAnswer,
    Page,
    Unreadable,
    Refused(Refusal),
    SignInEnded,
}

impl From<ApiError> for Got {
    fn from(error: ApiError) -> Self {
        match Failure::from(&error) {
            Failure::NoAnswer => Self::NoAnswer,
            Failure::Unreadable { html: true } => Self::Page,
            Failure::Unreadable { html: false } => Self::Unreadable,
            Failure::Refused { refusal, .. } => Self::Refused(refusal),
            Failure::SignInNeeded => Self::SignInEnded,
            other => panic!("{other:?}"),
        }
    }
}

fn on_device(path: &str) -> String {
    format!("{DEVICES}/{RED_A}/rest-proxy/mgmt/tm/{path}")
}

impl Read {
    /// Its name in `tests/e2e/support/operations.ts`.
    fn name(self) -> &'static str {
        match self {
            Self::Providers => "providers",
            Self::SignIn => "sign in",
            Self::Exchange => "refresh",
            Self::Inventory => "inventory",
            Self::LookUp => "address look-up",
            Self::Role => "HA role",
            Self::Sessions => "live sessions",
        }
    }

    fn call(self) -> (&'static str, String) {
        match self {
            Self::Providers => ("GET", "/info/system".to_owned()),
            Self::SignIn => ("POST", "/mgmt/shared/authn/login".to_owned()),
            Self::Exchange => ("POST", "/mgmt/shared/authn/exchange".to_owned()),
            Self::Inventory => ("GET", GROUPS.to_owned()),
            Self::LookUp => ("GET", RESOLVER.to_owned()),
            Self::Role => ("GET", on_device("sys/failover")),
            Self::Sessions => ("GET", on_device("apm/access-info")),
        }
    }

    /// A field that its answer needs.
    fn field(self) -> &'static str {
        match self {
            Self::Providers => "providers",
            Self::SignIn | Self::Exchange => "token",
            Self::Inventory | Self::LookUp => "items",
            Self::Role => "apiAnonymous",
            Self::Sessions => "entries",
        }
    }

    fn rules(self, class: &FaultClass) -> Value {
        let (method, path) = self.call();
        let mut rule = json!({"method": method, "path": path, "fault": class.fault(self.field())});
        if class.once {
            rule["count"] = 1.into();
        }
        let mut rules = vec![rule.clone()];
        if self == Self::Inventory {
            // Where it is read instead.
            rule["path"] = RESOLVER.into();
            rules.push(rule);
        }
        rules.into()
    }

    async fn read(self, browser: &VirtualBrowser, client: &SignedIn) -> Result<Got, ApiError> {
        let device = MachineId::new(RED_A);
        let is_there = match self {
            Self::Providers => !browser.signed_out().welcome().await?.providers.is_empty(),
            Self::SignIn => {
                let secret = Secret::new("manager");
                let client = browser.signed_out().sign_in("manager", &secret, None).await?;
                // The first call with the new token.
                client.inventory(&Steps::default()).await?;
                true
            }
            Self::Exchange => {
                client.renew().await?;
                true
            }
            Self::Inventory => {
                client.inventory(&Steps::default()).await?;
                true
            }
            Self::LookUp => {
                let texts = ["192.0.2.99".to_owned()];
                client.look_up(&texts, &mut LookedUp::default()).await?;
                true
            }
            Self::Role => client.role(&device).await? != HaRole::Unknown,
            Self::Sessions => client.live_sessions(&device).await?.is_some(),
        };
        Ok(if is_there { Got::Answer } else { Got::Nothing })
    }

    fn expected(self, class: &FaultClass) -> Got {
        let is_open = matches!(self, Self::Providers | Self::SignIn);
        let is_device = matches!(self, Self::Role | Self::Sessions);
        let is_list = matches!(self, Self::Inventory | Self::LookUp);
        match class.answer {
            Answer::Good | Answer::Slow | Answer::Renewed => Got::Answer,
            Answer::Forgotten if self == Self::Exchange => Got::SignInEnded,
            Answer::Forgotten => Got::Answer,
            // Token faults don't affect calls without a token.
            Answer::Address if self == Self::Providers => Got::Answer,
            Answer::Address => Got::Refused(Refusal::WrongAddress),
            Answer::Dead if is_open => Got::Page,
            // A device may refuse a token that BIG-IQ accepts.
            Answer::Dead if is_device => Got::Refused(Refusal::NotPermitted),
            Answer::Dead => Got::SignInEnded,
            Answer::None => Got::NoAnswer,
            Answer::Page | Answer::Gone => Got::Page,
            // BIG-IQ omits `items` if there are none, so a list without it is empty.
            Answer::Unreadable if is_list && class.name.ends_with("field") => Got::Answer,
            // Such an answer is read, and holds nothing.
            Answer::Unreadable if self == Self::Role && class.name == "huge text" => Got::Nothing,
            Answer::Unreadable
                if (is_device || self == Self::Providers) && class.name.ends_with("field") =>
            {
                Got::Nothing
            }
            Answer::Unreadable => Got::Unreadable,
            Answer::Busy => Got::Refused(Refusal::Busy),
            Answer::Trouble => Got::Refused(Refusal::Server),
            Answer::Starting => Got::Refused(Refusal::NotRegistered),
        }
    }
}

/// What a page shows of it.
fn shown(read: Read, got: Got) -> &'static str {
    match got {
        Got::Answer => "works",
        Got::SignInEnded => "asks to sign in",
        // These two have one text for every failure.
        _ if matches!(read, Read::Providers | Read::Role) => "reported",
        Got::NoAnswer => "none",
        Got::Page => "page",
        Got::Nothing | Got::Unreadable => "unreadable",
        Got::Refused(Refusal::Busy) => "busy",
        Got::Refused(Refusal::Server) => "trouble",
        Got::Refused(Refusal::NotRegistered) => "starting",
        Got::Refused(Refusal::WrongAddress) => "address",
        Got::Refused(Refusal::NotPermitted) => "refused",
        Got::Refused(other) => panic!("{other:?}"),
    }
}

fn run(read: Read, class: &FaultClass) -> Cell {
    // An exchange is due before each call.
    let seconds = if read == Read::Exchange { 60 } else { 300 };
    let browser = VirtualBrowser::new(json!({"accessSeconds": seconds}));
    let mut client = browser.sign_in("manager");
    browser.faults(&read.rules(class));
    let since = browser.calls().len();
    let got = browser.run(read.read(&browser, &client)).unwrap_or_else(Got::from);
    let calls = browser.control("GET", "/_sim/requests", &Value::Null);
    let kind = &class.fault(read.field())["kind"];
    assert!(calls.as_array().unwrap().iter().any(|call| call["fault"] == *kind), "no fault");
    let seen = Cell::new(&browser, since, kind, shown(read, got));
    assert_eq!(got, read.expected(class));
    assert_eq!(client.is_ended(), got == Got::SignInEnded);

    // The fault ends; a restart takes a while longer.
    browser.faults(&json!([]));
    browser.pass(Duration::from_secs(RESTART + 1));
    if client.is_ended() {
        client = browser.sign_in("manager");
    }
    let mut again = browser.run(read.read(&browser, &client)).unwrap_or_else(Got::from);
    // A restart or a dead refresh token ends the sign-in with the next exchange.
    if again == Got::SignInEnded {
        client = browser.sign_in("manager");
        again = browser.run(read.read(&browser, &client)).unwrap_or_else(Got::from);
    }
    assert_eq!(again, Got::Answer, "the same call after the fault");
    seen
}

/// Whatever BIG-IQ answers to the sign-out, the client makes no more calls.
fn run_sign_out(class: &FaultClass) -> Cell {
    let browser = VirtualBrowser::new(json!({}));
    let client = browser.sign_in("manager");
    let fault = class.fault("token");
    let mut rule = json!({"method": "DELETE", "path": TOKENS, "fault": fault});
    if class.once {
        rule["count"] = 1.into();
    }
    browser.faults(&json!([rule]));
    let since = browser.calls().len();
    browser.run(client.clone().sign_out());
    let seen = Cell::new(&browser, since, &fault["kind"], "works");
    let calls = browser.control("GET", "/_sim/requests", &Value::Null);
    assert!(
        calls.as_array().unwrap().iter().any(|call| call["fault"] == fault["kind"]),
        "no fault"
    );
    let deletes = browser.sent().into_iter().filter(|sent| sent.method == "DELETE");
    let targets: BTreeSet<String> = deletes.map(|sent| sent.target).collect();
    assert_eq!(targets.len(), 2, "both tokens are deleted");
    assert!(client.is_ended());
    let before = browser.sent().len();
    let refused = browser.run(client.inventory(&Steps::default())).unwrap_err();
    assert_eq!(Got::from(refused), Got::SignInEnded);
    assert_eq!(browser.sent().len(), before, "nothing is sent after the sign-out");

    browser.faults(&json!([]));
    browser.pass(Duration::from_secs(RESTART + 1));
    let again = browser.sign_in("manager");
    browser.run(again.inventory(&Steps::default())).unwrap();
    seen
}

#[rstest]
#[case(Read::Providers)]
#[case(Read::SignIn)]
#[case(Read::Exchange)]
#[case(Read::Inventory)]
#[case(Read::LookUp)]
#[case(Read::Role)]
#[case(Read::Sessions)]
fn each_fault_of_a_read_is_understood_and_survived(#[case] read: Read) {
    run_all(read.name(), 38, &classes_of_reads(), &|class| Some(run(read, class)));
}

#[test]
fn each_fault_of_a_sign_out_is_survived() {
    run_all("sign out", 38, &classes_of_reads(), &|class| Some(run_sign_out(class)));
}

fn classes_of_reads() -> Vec<FaultClass> {
    classes().into_iter().filter(|class| !class.is_of_tasks()).collect()
}
