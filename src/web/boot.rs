//! The sign-in form that stands in the document before the app: what was typed there, and its end.
//!
//! The document's form works from the first paint; `boot.js` holds back an early submit and marks the form
//! with `data-queued`. The app takes over what it finds ([`adopt`]), puts its own form into the page and
//! then ends the first one ([`Early::hand_over`]), all in one go, so that nothing blinks and no key is lost.

use std::{fmt, time::Duration};

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::{dom, sleep};

/// The element that holds all of the document's own first view.
const FIRST_VIEW: &str = "boot";
/// Its form and fields.
const FORM: &str = "sign-in";
const USER: &str = "boot-user";
const PASSWORD: &str = "boot-password";

/// What was done in the document's form before the app came. Its `Debug` hides the password.
#[derive(Default)]
pub struct Early {
    /// The user name as typed so far.
    pub user: String,
    /// The password as typed so far.
    pub password: String,
    /// Whether the form was submitted: the app has to do it now.
    pub queued: bool,
    focus: Option<(Field, Option<(u32, u32)>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    User,
    Password,
}

/// Ends once nothing in the document's form is pressed: a button that is taken away between press and release would never
/// be clicked.
pub async fn released() {
    let pressed =
        || document().query_selector("#sign-in :active").is_ok_and(|found| found.is_some());
    while pressed() {
        sleep(Duration::from_millis(20)).await;
    }
}

/// Reads the document's form. Where there is none, as after a sign-out, the app's begins at its first field.
pub fn adopt() -> Early {
    if document().get_element_by_id(FORM).is_none() {
        return Early { focus: Some((Field::User, None)), ..Early::default() };
    }
    let focused = dom::focused_id();
    let focus = [(Field::User, USER), (Field::Password, PASSWORD)]
        .into_iter()
        .find(|(_, id)| focused.as_deref() == Some(*id))
        .map(|(field, id)| (field, selection(id)));
    let queued = document().get_element_by_id(FORM).is_some_and(|f| f.has_attribute("data-queued"));
    Early { user: value(USER), password: value(PASSWORD), queued, focus }
}

impl Early {
    /// Nothing done, with this user name to begin with.
    pub fn of_user(user: String) -> Self {
        Self { user, ..Self::default() }
    }

    /// Ends the document's form, now that the app's own stands in its place, and moves the focus and the
    /// selection over to the fields with these ids.
    pub fn hand_over(&self, user_id: &str, password_id: &str) {
        end();
        let Some((field, selection)) = self.focus else { return };
        let id = match field {
            Field::User => user_id,
            Field::Password => password_id,
        };
        if !dom::focus_in_place(id) {
            return;
        }
        if let (Some((from, to)), Some(input)) = (selection, input(id)) {
            _ = input.set_selection_range(from, to);
        }
    }
}

/// Ends the document's first view, with whatever it holds.
pub fn end() {
    if let Some(first) = document().get_element_by_id(FIRST_VIEW) {
        first.remove();
    }
}

impl fmt::Debug for Early {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { user, password: _, queued, focus } = self;
        f.debug_struct("Early")
            .field("user", user)
            .field("queued", queued)
            .field("focus", focus)
            .finish_non_exhaustive()
    }
}

fn input(id: &str) -> Option<HtmlInputElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

fn value(id: &str) -> String {
    input(id).map(|input| input.value()).unwrap_or_default()
}

fn selection(id: &str) -> Option<(u32, u32)> {
    let input = input(id)?;
    Some((input.selection_start().ok()??, input.selection_end().ok()??))
}
