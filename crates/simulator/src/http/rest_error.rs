//! Errors in the format of BIG-IQ's REST framework.

use serde_json::Map;

use super::answer::Answer;

/// `kind` of every error.
const ERROR_KIND: &str = ":resterrorresponse";

/// The Java stack that 5.x prints with a 404 (specification, "Common Errors").
const NOT_REGISTERED_STACK: &[&str] = &[
    "com.f5.rest.common.RestWorkerUriNotFoundException: Public URI path not registered",
    "at com.f5.rest.workers.ForwarderPassThroughWorker.cloneAndForwardRequest(ForwarderPassThroughWorker.java:250)",
    "at com.f5.rest.workers.ForwarderPassThroughWorker.onForward(ForwarderPassThroughWorker.java:106)",
    "at com.f5.rest.workers.ForwarderPassThroughWorker.onQuery(ForwarderPassThroughWorker.java:409)",
    "at com.f5.rest.common.RestWorker.callDerivedRestMethod(RestWorker.java:1071)",
    "at com.f5.rest.common.RestWorker.callRestMethodHandler(RestWorker.java:1040)",
    "at com.f5.rest.common.RestServer.processQueuedRequests(RestServer.java:1467)",
    "at com.f5.rest.common.RestServer.access$000(RestServer.java:53)",
    "at com.f5.rest.common.RestServer$1.run(RestServer.java:333)",
    "at java.util.concurrent.Executors$RunnableAdapter.call(Executors.java:471)",
    "at java.util.concurrent.FutureTask.run(FutureTask.java:262)",
    "at java.util.concurrent.ScheduledThreadPoolExecutor$ScheduledFutureTask.access$201(ScheduledThreadPoolExecutor.java:178)",
    "at java.util.concurrent.ScheduledThreadPoolExecutor$ScheduledFutureTask.run(ScheduledThreadPoolExecutor.java:292)",
    "at java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1145)",
    "at java.util.concurrent.ThreadPoolExecutor$Worker.run(ThreadPoolExecutor.java:615)",
    "at java.lang.Thread.run(Thread.java:745)\n",
];

/// Content of `errorStack`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ErrorStack {
    /// The field is absent (the specification's kill samples).
    None,
    /// An empty list.
    Empty,
    /// The stack of a 404 on 5.x, an empty list later.
    NotRegistered,
}

/// An error with the appliance's wording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RestError {
    /// HTTP status and `code`.
    pub status: u16,
    /// `message`.
    pub message: String,
    /// `originalRequestBody`.
    pub quoted: Option<String>,
    /// `errorStack`.
    pub stack: ErrorStack,
    /// Whether `referer` is present; the captured sign-in failure has none.
    pub has_referer: bool,
}

impl RestError {
    /// An error without quoted body or stack.
    pub(crate) fn new(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            quoted: None,
            stack: ErrorStack::None,
            has_referer: true,
        }
    }

    /// The same error, quoting the request body.
    #[must_use]
    pub(crate) fn quoting(self, body: impl Into<String>) -> Self {
        Self { quoted: Some(body.into()), ..self }
    }

    /// 404 for a URI that no worker serves (specification, "Common Errors").
    pub(crate) fn not_registered() -> Self {
        Self {
            stack: ErrorStack::NotRegistered,
            ..Self::new(404, "Public URI path not registered")
        }
    }

    /// The error for a path that a setting refuses: that of an unknown URI, or an invented text.
    pub(crate) fn refused(status: u16) -> Self {
        match status {
            404 => Self::not_registered(),
            _ => Self::new(status, "simulator: refused by the setting refusedReads"),
        }
    }

    /// The error while workers start: 404, or 401 on a sign-in (both captured on BIG-IP).
    pub(crate) fn starting(status: u16) -> Self {
        let message = "Public URI path not registered. Please see /var/log/restjavad.0.log and \
                       /var/log/restnoded/restnoded.log for details.";
        Self { stack: ErrorStack::Empty, ..Self::new(status, message) }
    }

    /// 404 for an item that a worker does not have. A failed task repeats this text when the
    /// machineid-resolver says it (documented); other workers are assumed to use the same text
    /// (inferred).
    pub(crate) fn item_not_found(worker_path: &str) -> Self {
        Self::new(404, format!("item not found at {worker_path}"))
    }

    /// 400 for something that the simulator does not understand. BIG-IQ's wording is not published,
    /// so the text starts with `simulator:`.
    pub(crate) fn not_understood(reason: &str) -> Self {
        Self::new(400, format!("simulator: {reason}"))
    }

    /// The answer, with its keys in the captured order.
    pub(crate) fn answer(&self, referer: &str, operation: u64, java_stacks: bool) -> Answer {
        let mut map = Map::new();
        map.insert("code".to_owned(), self.status.into());
        map.insert("message".to_owned(), self.message.clone().into());
        if let Some(quoted) = &self.quoted {
            map.insert("originalRequestBody".to_owned(), quoted.clone().into());
        }
        if self.has_referer {
            map.insert("referer".to_owned(), referer.into());
        }
        map.insert("restOperationId".to_owned(), operation.into());
        let lines: Option<&[&str]> = match self.stack {
            ErrorStack::None => None,
            ErrorStack::NotRegistered if java_stacks => Some(NOT_REGISTERED_STACK),
            ErrorStack::Empty | ErrorStack::NotRegistered => Some(&[]),
        };
        if let Some(lines) = lines {
            map.insert("errorStack".to_owned(), lines.into());
        }
        map.insert("kind".to_owned(), ERROR_KIND.into());
        Answer::json(self.status, map)
    }
}

/// What an endpoint returns.
pub(crate) type EndpointResult = Result<Answer, RestError>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::answer::Content;

    #[test]
    fn keys_are_in_the_captured_order() {
        let problem =
            RestError { stack: ErrorStack::Empty, ..RestError::new(400, "m").quoting("{}") };
        assert_eq!(
            problem.answer("192.0.2.1", 7, true).content,
            Content::Json(
                r#"{"code":400,"message":"m","originalRequestBody":"{}","referer":"192.0.2.1","restOperationId":7,"errorStack":[],"kind":":resterrorresponse"}"#
                    .to_owned()
            )
        );
    }
}
