//! HTTP requests and answers as values, independent of the server that carries them.

pub(crate) mod answer;
pub(crate) mod body;
pub(crate) mod call;
pub(crate) mod paths;
pub(crate) mod percent_encoding;
pub(crate) mod rest_error;
