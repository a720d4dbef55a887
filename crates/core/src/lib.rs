//! The rules of Curfew: what the app may assume of BIG-IQ's answers, what may be sent, and what is known of
//! what was sent. Pure: no I/O, no clock, no web, no sentences; times come in as values, and what people
//! read is made elsewhere from the enums here.

mod accent;
mod again;
mod binding;
mod cells;
mod census;
mod chosen;
mod config;
mod curl;
mod device_pages;
mod draft;
mod embed;
mod filter;
#[cfg(test)]
mod fixture;
mod gate;
mod idle;
mod inventory;
mod job;
mod live;
mod lookup;
mod moment;
mod names;
mod outcome;
mod paste_sessions;
mod paste_targets;
mod plan;
mod poll;
mod reconcile;
pub mod record;
mod route;
mod tempo;
mod users;
mod verify;
pub mod window;

// BIG-IQ's own words, as far as jobs, plans and failures speak them.
pub use bigiq::{KillRequest, Outcome as TaskOutcome, Refusal, Status, Step};

pub use accent::Accent;
pub use binding::{Binding, SERVICE_ACCOUNT};
pub use census::{
    Addressed, Census, SessionCount, SessionRow, Total, UserCount, all_but_newest, all_but_own,
    effective_role, session_rows,
};
pub use chosen::ChosenSessions;
pub use config::{Accepted, BigIq, Config, ConfigError, ReasonRule, SignIn};
pub use curl::curl;
pub use device_pages::{DevicePages, PageRequest};
pub use draft::{Draft, DraftError, Kind};
pub use embed::Portal;
pub use filter::DeviceFilter;
pub use gate::{Answer, Gate, GateError, Phrase};
pub use idle::Idleness;
pub use inventory::{Cluster, Device, DeviceList, Gap, Group, Inventory, Missing, Readiness};
pub use job::{
    Batch, Cancel, End, Event, Failure, Finding, Job, KeptJob, ListedTask, Lost, LostContact,
    NotSent, Observation, Phase, RailState, RailStep, Search, Sight, Source, Stage, Standing,
    Started, TaskFilter, Trouble, Verdict, Waiting,
};
pub use live::{Extent, HaRole, Live, Reading, Session};
pub use lookup::{DeviceIndex, Meant};
pub use moment::Moment;
pub use outcome::{DeviceOutcome, Drift, Fate, Outcomes, Tally};
pub use paste_sessions::{PasteReport, SessionPaste};
pub use paste_targets::{PastedEntry, TargetPaste};
pub use plan::{Aim, Basis, Confirmed, GateRules, Named, Plan, Reached, Unsent, Warning};
pub use poll::{LIST_COSTS, LONGEST, Pace, SHORTEST, age, is_due, next_look, room};
pub use reconcile::{Hunt, Listing, SPREAD, Sightings};
pub use record::Record;
pub use route::{Prefill, Route};
pub use tempo::Tempo;
pub use users::UserList;
pub use verify::{Baseline, Check, CheckedSession, CheckedUnit, Now};
