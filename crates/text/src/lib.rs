//! The texts of Curfew. Each text of languages/en.json is a function, with a parameter for each of its placeholders:
//! [`sign_in_to`] is "Sign in to {bigiq}". The modules make sentences about jobs, plans and errors from them.
//!
//! English is compiled in; the texts of another language are set by [`set_language`]. A text is read when a view is
//! built, so a change of language rebuilds the views.
//!
//! ```
//! use text::{Name, device_count, sign_in_to};
//! // The name is between FSI and PDI, so that its direction can't change the sentence.
//! assert_eq!(sign_in_to(Name("bigiq1.example.test")), "Sign in to \u{2068}bigiq1.example.test\u{2069}");
//! text::learn_rest();
//! assert_eq!(device_count(1), "1 device");
//! assert_eq!(device_count(1200), "1200 devices");
//! ```
//!
//! A text without one of its arguments does not compile:
//!
//! ```compile_fail,E0061
//! text::sign_in_to();
//! ```
//!
//! Nor does a plain string where a name is meant, because nothing would isolate it:
//!
//! ```compile_fail,E0308
//! text::sign_in_to("bigiq1.example.test");
//! ```
//!
//! Nor a plain string where a list or a time is meant: [`List`] and [`Time`] are written by the locale and only made here.
//!
//! ```compile_fail,E0308
//! text::sessions_unknown_of("user1, user2");
//! ```
//!
//! ```compile_fail,E0423
//! text::List("user1, user2".to_owned());
//! ```

mod argument;
mod catalogue;
mod fill;
mod functions;
mod language;
mod list;
mod locale;
mod matching;
mod own_language;
pub mod sentences;

#[cfg(test)]
#[path = "../compiler.rs"]
mod compiler;

pub use argument::{
    List, Name, Time, around_name, exact, isolated, relative, short, span, time_of_day,
};
pub use functions::*;
pub use language::{learn_rest, set_language, set_locale, texts_in_english};
pub use list::{
    LISTED, first_names, first_texts, list_of_all_names, list_of_names, list_of_numbers,
    list_of_texts,
};
#[cfg(not(target_arch = "wasm32"))]
pub use locale::Plain;
pub use locale::{Locale, Plural, Times};
pub use matching::{best_language, conventions, direction};
pub use own_language::{MOST_BYTES, Texts, own_language};

/// A text without placeholders that is chosen before it is read.
pub type Label = fn() -> String;
