//! What the app knows, one newtype of signals for each concern, and the tasks that learn it. Views read it, and change
//! it through its methods only. It must not hold words or markup.

mod beacon;
mod checks;
mod clock;
mod embed;
mod estate;
mod form;
mod idle;
mod jobs;
mod language;
mod lookout;
mod place;
mod preferences;
mod remote;
mod session;
mod setup;
mod tasks;

// What pages have to name of what `api` takes and says.
pub use crate::api::{ApiError, Finding, Lack, Provider, Secret, each_lapse, offer};
pub use beacon::{Beacon, Sign};
pub use checks::Checks;
pub use clock::Clock;
pub use embed::live_in_portal;
pub use estate::Estate;
pub use form::{Chosen, Filters, Form, KINDS, TargetKind, kind_name};
pub use idle::Idle;
pub use jobs::{Entry, Jobs, Keep, Loss};
pub use language::Language;
pub use lookout::Lookout;
pub use place::Place;
pub use preferences::{Preferences, Theme};
pub use remote::Remote;
pub use session::{Phase, Session, SignInError};
pub use setup::Setup;
pub use tasks::{TaskPages, Tasks};
