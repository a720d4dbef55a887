//! Turns the report of Curfew's self-check into settings, so that the simulator answers as that BIG-IQ did. The report has the
//! shapes of answers and none of their data. `docs/self-check.md` describes its format.

mod page_text;
mod report;
mod settings;

pub use settings::SelfCheckProfile;
