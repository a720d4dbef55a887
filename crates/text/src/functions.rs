//! The functions that the build script makes from languages/en.json.

use crate::argument::{Name, Time, Value};
use crate::language::{Key, count, fill, plain};
use crate::list::List;

include!(concat!(env!("OUT_DIR"), "/functions.rs"));
