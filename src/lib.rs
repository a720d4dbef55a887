//! The app. Data goes one way: `api` asks BIG-IQ, `state` keeps what the app knows, `pages` show it with the parts
//! of `ui`; `rt` is the browser underneath and `text` holds every word. See CONTRIBUTING.md for who may use whom.

pub mod api;
pub mod rt;
pub mod ui;
