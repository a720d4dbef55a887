//! The English texts, as the build script compiles them from languages/en.json: `FIRST` for the sign-in page, `REST` for the
//! console.

include!(concat!(env!("OUT_DIR"), "/texts.rs"));
