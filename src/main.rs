//! The app's entry; all else is the library's.

fn main() {
    curfew::start();
}
