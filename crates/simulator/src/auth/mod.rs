//! Authentication: the accounts, and the checks before every endpoint.

pub(crate) mod accounts;
pub(crate) mod authentication;
