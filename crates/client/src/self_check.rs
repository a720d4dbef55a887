//! Questions without side effects whose answers F5 does not document, asked of this BIG-IQ. The report helps the
//! maintainers match real appliances. It holds the shape of an answer, never a value, and a refused question never ends
//! the sign-in.

use crate::error::ApiError;
use crate::signed_in::SignedIn;
use bigiq::call::GroupFlag;
use bigiq::odata::{Filter, FilterField};
use bigiq::{Call, redacted_shape};
use curfew_core::ids::MachineId;

/// What is asked: the endpoint, and what is special about the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// Devices, with their number.
    DevicesCounted,
    /// Devices, with one property each.
    DevicesSelected,
    /// The schema of a kill task.
    TaskSchema,
    /// A task that does not exist.
    MissingTask,
    /// All devices of the resolver, without a filter.
    NoFilter,
    /// What BIG-IQ reports before the sign-in.
    BeforeSignIn,
    /// What the operator's role may do.
    Permissions,
    /// The first device.
    FirstDevice,
    /// Devices beyond the last one.
    PastTheEnd,
    /// What the answer to [`Self::PastTheEnd`] shows about paging.
    Paging,
    /// Groups by their flag for access.
    AccessGroups,
    /// Groups by their flag for configuration.
    ConfigGroups,
    /// Whether devices are reachable.
    Reachability,
    /// The HA role of this BIG-IQ.
    OwnRole,
    /// The newest kill tasks.
    NewestTasks,
    /// A filter that no device matches.
    NoMatch,
    /// This BIG-IQ as a device.
    ThisBigIq,
    /// One trusted device.
    TrustedDevice,
    /// The HA role of a device.
    DeviceRole,
    /// The live sessions of a device.
    DeviceSessions,
}

/// A question and its result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was asked.
    pub question: Question,
    /// The shape of the answer, or why there is none.
    pub answer: Result<String, ApiError>,
}

impl Finding {
    /// The answer's shape; for a refusal, after its status. Empty if no answer came.
    pub fn shape(&self) -> String {
        match &self.answer {
            Ok(shape) => shape.clone(),
            Err(ApiError::Refused { status, body, .. }) => {
                [&status.to_string(), " ", &redacted_shape::redacted_shape(body)].concat()
            }
            Err(_) => String::new(),
        }
    }
}

/// The first questions are unusual on purpose. Their results say nothing about the app's ordinary calls.
const ODD: usize = 5;

impl SignedIn {
    /// Asks all questions, one after the other. `device` is the one to ask through BIG-IQ's REST proxy.
    ///
    /// # Errors
    /// None: each question has its own result.
    pub async fn self_check(&self, device: Option<MachineId>, mut report: impl FnMut(Finding)) {
        let [counted, selected] = Call::odd_devices();
        let mut questions = vec![
            (Question::DevicesCounted, counted),
            (Question::DevicesSelected, selected),
            (Question::TaskSchema, Call::task("example")),
            (Question::MissingTask, Call::task("00000000-0000-0000-0000-000000000000")),
            (Question::NoFilter, Call::broken_filter()),
            (Question::BeforeSignIn, Call::info()),
            (Question::Permissions, Call::permissions()),
            (Question::FirstDevice, Call::access_devices(0, 1)),
            (Question::PastTheEnd, Call::access_devices(1_000_000, 1)),
            (Question::AccessGroups, Call::access_groups(GroupFlag::AccessGroup)),
            (Question::ConfigGroups, Call::access_groups(GroupFlag::ConfigGroup)),
            (Question::Reachability, Call::device_stats()),
            (Question::OwnRole, Call::own_failover()),
            (Question::NewestTasks, Call::tasks(0, 3)),
        ];
        let nobody = (FilterField::Address, "192.0.2.255", Question::NoMatch);
        let itself = (FilterField::Product, "BIG-IQ", Question::ThisBigIq);
        for (field, value, question) in [nobody, itself] {
            if let Ok(Some(filter)) = Filter::any_of(field, &[value]) {
                questions.push((question, Call::resolver(&filter)));
            }
        }
        if let Some(id) = device.as_ref().map(MachineId::as_str) {
            questions.push((Question::TrustedDevice, Call::resolver_item(id)));
            questions.push((Question::DeviceRole, Call::device_failover(id)));
            questions.push((Question::DeviceSessions, Call::device_sessions(id, 2)));
        }
        for (index, (question, call)) in questions.into_iter().enumerate() {
            let answer = self.asked(&call, index >= ODD).await.map(|answer| answer.text);
            if let (Question::PastTheEnd, Ok(text)) = (question, &answer) {
                let kept = redacted_shape::items(text) == Some(0);
                let answer = Ok(if kept { "kept" } else { "ignored" }.to_owned());
                report(Finding { question: Question::Paging, answer });
            }
            let answer = answer.map(|text| redacted_shape::redacted_shape(&text));
            report(Finding { question, answer });
        }
    }
}
