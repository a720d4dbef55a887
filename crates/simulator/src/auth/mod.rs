//! Who may call: the accounts, and the checks that come before every endpoint.

pub(crate) mod accounts;
pub(crate) mod authentication;
