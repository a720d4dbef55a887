//! The app's entry point. Everything else is in the library.

fn main() {
    curfew::start();
}
