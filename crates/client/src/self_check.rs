//! Questions without side effects whose answers F5 does not document, asked of this BIG-IQ. The report helps the
//! maintainers match real appliances. It holds the shape of an answer, never a value, and a refused question never ends
//! the sign-in.

use crate::error::ApiError;
use crate::signed_in::SignedIn;
use bigiq::call::GroupFlag;
use bigiq::odata::{Filter, FilterField};
use bigiq::{Call, redacted_shape};
use curfew_core::ids::MachineId;
use curfew_core::self_check::{Answered, Collection, Pages, Report, refusal};

pub use curfew_core::self_check::Question;

/// A question and its result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The kind of answer, as in the report.
    pub answered: Answered,
    /// Why there is no answer, or which refusal it is.
    pub error: Option<ApiError>,
}

impl Finding {
    fn of(question: Question, answer: Result<String, ApiError>) -> Self {
        let answered = |status, refusal, shape| Answered { question, status, refusal, shape };
        match answer {
            Ok(shape) => Self { answered: answered(Some(200), None, shape), error: None },
            Err(error) => {
                let answered = match &error {
                    ApiError::Refused { status, refusal: kind, body, .. } => answered(
                        Some(*status),
                        Some(refusal(*kind)),
                        redacted_shape::redacted_shape(body),
                    ),
                    _ => answered(None, None, String::new()),
                };
                Self { answered, error: Some(error) }
            }
        }
    }

    /// The answer's shape; for a refusal, after its status. Empty if no answer came.
    pub fn shape(&self) -> String {
        match self.answered.status.filter(|_| self.error.is_some()) {
            Some(status) => [&status.to_string(), " ", &self.answered.shape].concat(),
            None => self.answered.shape.clone(),
        }
    }
}

/// The call for a part of a list, which starts after some items and has at most some.
type PageOf = fn(usize, usize) -> Call;

/// Beyond the end of every list.
const BEYOND: usize = 1_000_000;

/// The first questions are unusual on purpose. Their results say nothing about the app's ordinary calls.
const ODD: usize = 5;

impl SignedIn {
    /// Asks all questions, one after the other, and notes the answers in the report. `device` is the one to ask through BIG-IQ's
    /// REST proxy.
    ///
    /// # Errors
    /// None: each question has its own result.
    pub async fn self_check(
        &self,
        device: Option<MachineId>,
        report: &mut Report,
        mut found: impl FnMut(Finding),
    ) {
        let mut note = |report: &mut Report, question, answer| {
            let finding = Finding::of(question, answer);
            report.findings.push(finding.answered.clone());
            found(finding);
        };
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
            (Question::PastTheEnd, Call::access_devices(BEYOND, 1)),
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
            if let Ok(text) = &answer {
                if question == Question::PastTheEnd {
                    let kept = redacted_shape::items(text) == Some(0);
                    let kept = if kept { "kept" } else { "ignored" }.to_owned();
                    note(report, Question::Paging, Ok(kept));
                }
                report.note_answer(question, text);
            }
            note(report, question, answer.map(|text| redacted_shape::redacted_shape(&text)));
        }
        let lists: [(Collection, PageOf); 3] = [
            (Collection::Access, Call::access_devices),
            (Collection::Resolver, Call::trusted_devices),
            (Collection::Tasks, Call::tasks),
        ];
        for (collection, page) in lists {
            let mut bodies = [const { String::new() }; 3];
            let mut skip = 0;
            for (body, top) in bodies.iter_mut().zip([collection.top(), 1, 1]) {
                if let Ok(answer) = self.asked(&page(skip, top), false).await {
                    *body = answer.text;
                }
                skip =
                    if skip == 0 { redacted_shape::items(body).unwrap_or(BEYOND) } else { BEYOND };
            }
            let [first, next, beyond] = bodies;
            report.note_pages(collection, &Pages { first, next, beyond });
        }
    }
}
