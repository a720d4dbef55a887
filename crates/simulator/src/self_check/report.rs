//! The report as JSON, `curfew-self-check/1`. Keys that are not known are ignored: newer reports may have more.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::world::list_rules::Kind;

/// The format that is read.
const FORMAT: &str = "curfew-self-check/1";

/// A report.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    /// Name and number of the format.
    #[serde(default)]
    format: String,
    /// Each question and its answer.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// How each collection is listed.
    #[serde(default)]
    pub lists: Lists,
    /// The role of the operator who ran the check.
    #[serde(default)]
    pub role: Role,
    /// The answer to the last kill of the same sign-in, if there was one. The check itself sends none.
    #[serde(default)]
    pub kill: Option<Finding>,
    /// The known words of `status` that the listed tasks have.
    #[serde(default)]
    pub statuses: Vec<String>,
}

/// A question and its answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Finding {
    /// The question's name.
    #[serde(default)]
    pub question: String,
    /// HTTP status; none if no answer came.
    #[serde(default)]
    pub status: Option<u16>,
    /// What a refusal means.
    #[serde(default)]
    pub refusal: Option<Refusal>,
    /// The answer's shape.
    #[serde(default)]
    pub shape: String,
}

/// What a refusal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Refusal {
    /// The account may not do this.
    NotPermitted,
    /// Anything else.
    #[serde(other)]
    Other,
}

/// The role of an operator.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Role {
    /// May do everything.
    Administrator,
    /// Another role, or not known.
    #[default]
    #[serde(other)]
    Other,
}

/// The collections.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Lists {
    /// The Access list.
    pub access: ListFinding,
    /// The machineid-resolver.
    pub resolver: ListFinding,
    /// The kill tasks.
    pub tasks: ListFinding,
    /// The access groups.
    pub groups: ListFinding,
}

/// How a collection is listed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ListFinding {
    /// The most items that one answer holds, if that is fewer than were asked for and there.
    pub page_limit: Option<usize>,
    /// What `totalItems` of a page says.
    pub totals: Totals,
    /// Whether pages that were read twice had another order.
    pub unstable: bool,
    /// Query options that have no effect.
    pub ignored: Vec<String>,
    /// Where the fields of a device's `properties` are.
    pub properties: Option<Properties>,
    /// The size of one answer with one whole item, in bytes.
    pub item_bytes: Option<usize>,
    /// The fields of all items that were read, by their path.
    pub fields: BTreeMap<String, Vec<Kind>>,
}

/// What `totalItems` says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Totals {
    /// The number of items.
    Right,
    /// Another number.
    Wrong,
    /// It is not there.
    Absent,
    /// Not asked.
    #[default]
    #[serde(other)]
    Unknown,
}

/// Where the fields of a device's `properties` are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Properties {
    /// In `properties` itself.
    Flat,
    /// In an object for each group.
    Nested,
}

impl Report {
    /// A report as JSON.
    pub(super) fn from_json(text: &str) -> Result<Self, String> {
        let report: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if report.format != FORMAT {
            return Err(format!("format must be {FORMAT}, not {:?}", report.format));
        }
        Ok(report)
    }

    /// The answer to a question.
    pub(super) fn finding(&self, question: &str) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.question == question)
    }

    /// The status of a question, if an answer came.
    pub(super) fn status(&self, question: &str) -> Option<u16> {
        self.finding(question)?.status
    }

    /// The shape of a question's answer, if it was not refused.
    pub(super) fn shape(&self, question: &str) -> Option<&str> {
        let finding = self.finding(question)?;
        finding.status.filter(|status| *status < 300).map(|_| finding.shape.as_str())
    }
}
