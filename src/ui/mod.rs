//! The components that pages are made of. They know no API, no route and no domain, and hold no texts: every text is a
//! prop, and so is every action.
//!
//! Each component works by keyboard and with a screen reader. None has a
//! `style` attribute, which the content security policy forbids. The style of each is in the file of the same name in `style/ui`.

#![expect(
    unreachable_pub,
    reason = "the component macro makes a second public function beside each part"
)]

mod badge;
mod banner;
mod button;
mod checkbox;
mod chip;
mod choice;
mod code_block;
mod content;
mod dialog;
mod disclosure;
mod dots;
mod dynamic;
mod error_summary;
mod field;
mod icon;
mod id;
mod json_view;
mod live;
mod log;
mod progress;
mod quote;
mod select;
mod show;
mod skeleton;
mod stepper;
mod tabs;
mod tone;
mod virtual_list;
mod when;

pub use badge::Badge;
pub use banner::Banner;
pub use button::{Button, LinkButton, Look};
pub use checkbox::Checkbox;
pub use chip::Chip;
pub use choice::{Choice, ChoiceOption};
pub use code_block::CodeBlock;
pub use content::{Content, content};
pub use dialog::Dialog;
pub use disclosure::Disclosure;
pub use dots::Dots;
pub use dynamic::{attribute, dynamic};
pub use error_summary::{ErrorSummary, FieldError};
pub use field::{FieldKind, LinesField, TextField};
pub use icon::Icon;
pub use json_view::JsonReader;
pub use live::{alert, announce, provide_live};
pub use log::{Log, LogLine};
pub use progress::Progress;
pub use quote::Quote;
pub use select::{Select, SelectOption};
pub use show::Show;
pub use skeleton::Skeleton;
pub use stepper::{StepState, Stepper, StepperPoint};
pub use tabs::Tabs;
pub use tone::Tone;
pub use virtual_list::VirtualList;
pub use when::When;
