//! API calls and answers as values, independent of the HTTP server.

pub(crate) mod answer;
pub(crate) mod body;
pub(crate) mod call;
pub(crate) mod paths;
pub(crate) mod percent_encoding;
pub(crate) mod rest_error;
