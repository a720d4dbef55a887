//! What the app knows, one newtype of signals for each concern, and the tasks that read it. Views read it, and change
//! it only through its methods.

mod clock;
mod config_file;
mod config_store;
mod current_route;
mod embed;
mod estate_reader;
mod form;
mod full_answers;
mod idle;
mod inventory_store;
mod jobs;
mod language;
mod live_sessions;
mod loadable;
mod preferences;
mod saved_targets;
mod sign_in;
mod suggestions;
mod tab_status;
mod tasks;
mod verifications;

pub use clock::Clock;
pub use config_file::config;
pub use config_store::ConfigStore;
// What pages use of the client.
pub use curfew_client::call_log::{each_failed_call, endpoint_status};
pub use curfew_client::error::ApiError;
pub use curfew_client::missing_devices::{LookedUp, MissingReason};
pub use curfew_client::self_check::{Finding, Question};
pub use curfew_client::signed_out::{Secret, SignInProvider};
pub use current_route::CurrentRoute;
pub use embed::connect_portal;
pub use estate_reader::EstateReader;
pub use form::{Filters, Form, PasteAnswers, Target, TargetKind, TargetSelection};
pub use full_answers::{FullAnswers, ReadAnswer};
pub use idle::Idle;
pub use inventory_store::InventoryStore;
pub use jobs::{Entry, Jobs, Loss, Storing};
pub use language::Language;
pub use live_sessions::LiveSessions;
pub use loadable::Loadable;
pub use preferences::Preferences;
pub use saved_targets::TargetStore;
pub use sign_in::{Phase, SignIn, SignInError};
pub use suggestions::{SuggestionState, Suggestions};
pub use tab_status::{TabIndicator, TabStatus};
pub use tasks::{TaskPages, Tasks};
pub use verifications::Verifications;
