//! Takes over the sign-in form that the document shows before the app has loaded.
//!
//! The document's form works from the first paint;
//! `boot.js` intercepts an early submit and marks the form with `data-queued`. The app reads the form
//! ([`adopt`]), shows its own, and then removes the first one ([`EarlyInput::hand_over`]), all in one step, so that nothing
//! flickers and no keystroke is lost.

use std::{fmt, time::Duration};

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::{dom, sleep};

/// The element that holds the document's whole first view.
const FIRST_VIEW: &str = "boot";
/// Its form and fields.
const FORM: &str = "sign-in";
const USER: &str = "boot-user";
const PASSWORD: &str = "boot-password";

/// What the user did in the document's form before the app loaded. Its `Debug` output hides the password.
#[derive(Default)]
pub struct EarlyInput {
    /// The user name as typed so far.
    pub user: String,
    /// The password as typed so far.
    pub password: String,
    /// Whether the form was submitted, so that the app has to submit it now.
    pub queued: bool,
    focus: Option<(Field, Option<(u32, u32)>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    User,
    Password,
}

/// Waits until nothing in the document's form is pressed: a button removed between press and release is never clicked.
pub async fn released() {
    let pressed =
        || document().query_selector("#sign-in :active").is_ok_and(|found| found.is_some());
    while pressed() {
        sleep(Duration::from_millis(20)).await;
    }
}

/// Whether somebody has begun to sign in, in the document's form.
pub fn has_begun() -> bool {
    [USER, PASSWORD].into_iter().any(|id| !value(id).is_empty())
}

/// Reads the document's form. If there is none, reads the app's own page, which is being built again in another language:
/// `user_id` and `password_id` are its fields. Without either, as after a sign-out, the form starts at its first field.
pub fn adopt(user_id: &str, password_id: &str) -> EarlyInput {
    if document().get_element_by_id(FORM).is_none() {
        let typed = |id: &str| {
            // Not the fields of the dialog over the console: they belong to the operator who is signed out.
            let on_page = dom::exists(&["main.sign-in #", id].concat());
            if on_page { value(id) } else { String::new() }
        };
        return EarlyInput {
            user: typed(user_id),
            password: typed(password_id),
            queued: false,
            focus: dom::focused_id().is_none().then_some((Field::User, None)),
        };
    }
    let focused = dom::focused_id();
    let focus = [(Field::User, USER), (Field::Password, PASSWORD)]
        .into_iter()
        .find(|(_, id)| focused.as_deref() == Some(*id))
        .map(|(field, id)| (field, selection(id)));
    let queued = document().get_element_by_id(FORM).is_some_and(|f| f.has_attribute("data-queued"));
    EarlyInput { user: value(USER), password: value(PASSWORD), queued, focus }
}

impl EarlyInput {
    /// Nothing done yet; starts with this user name.
    pub fn of_user(user: String) -> Self {
        Self { user, ..Self::default() }
    }

    /// Starts at the password of this user, unless a user name is typed already or none is given.
    pub fn or_user(mut self, user: String) -> Self {
        if self.user.is_empty() && !user.is_empty() {
            self.user = user;
            self.focus = Some((Field::Password, None));
        }
        self
    }

    /// Removes the document's form, now that the app's form has replaced it, and moves the focus and the selection to
    /// the fields with these ids.
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

/// Removes the document's first view and everything in it.
pub fn end() {
    if let Some(first) = document().get_element_by_id(FIRST_VIEW) {
        first.remove();
    }
}

impl fmt::Debug for EarlyInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { user, password: _, queued, focus } = self;
        f.debug_struct("EarlyInput")
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
