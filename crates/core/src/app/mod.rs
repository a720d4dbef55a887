//! The app itself: its configuration, routes, portal messages and operator.

mod accent;
mod account;
mod config;
mod frame;
mod idle;
mod link;
mod palette;
mod portal;
mod route;
mod saved_targets;
mod sign_out_note;
mod suggestion;
mod tab_message;
mod theme;
pub mod window;

pub use accent::Accent;
pub use account::{AccountKey, SERVICE_ACCOUNT};
pub use config::{Accepted, BigIq, Config, ConfigError, ConfigFile, ReasonRule, SignInMethod};
pub use frame::{FrameError, Sight, check_frame};
pub use idle::Idleness;
pub use link::NoLink;
pub use palette::best_matches;
pub use portal::Portal;
pub use route::{Prefill, Route};
pub use saved_targets::{Favourite, SavedTargets};
pub use sign_out_note::{SignOutNote, SignOutReason};
pub use suggestion::{SuggestedBy, Suggestion};
pub use tab_message::TabMessage;
pub use theme::Theme;
