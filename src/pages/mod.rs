//! The pages and the shell around them. They read state, change it through its methods, and are made of the components
//! of `ui`.

#![expect(unreachable_pub, reason = "the macro makes the props of a component public")]

mod app;
mod by_hand;
mod call_error;
mod console;
mod diagnostics;
mod document;
mod error_text;
mod find;
mod jobs;
mod kill;
mod options;
mod palette;
mod preferences;
mod shell;
mod shortcuts;
mod sign_in;
mod sign_in_again;
mod sign_out;
mod tab_title;
mod watch_select;

use crate::ui::content;
use crate::web::portal;
use curfew_core::app::{Accepted, ConfigError, ConfigFile, FrameError, check_frame};
use document::{reload_link, stopped_page};
use leptos::prelude::*;
use text::{Label, isolated, list_of_all_names};

/// The whole app with this configuration.
pub fn app(file: ConfigFile) -> AnyView {
    // The server's `frame-ancestors` header is the real guard; this check is for hosts that don't send it.
    let frame = portal::is_framed()
        .then(|| check_frame(portal::around().as_deref(), &file.config.embed_parents));
    if let Some(Err(error)) = frame {
        // A page without controls.
        let help = match error {
            FrameError::NotAllowed => text::framed_body,
            FrameError::UnknownParent => text::framed_unknown,
        };
        return stopped_page(text::framed_title, help, None);
    }
    view! { <app::App file=file/> }.into_any()
}

/// The page shown instead of the app if the configuration is wrong: it names the key, its value, and what is allowed.
pub fn misconfigured(error: &ConfigError) -> AnyView {
    let key = if error.key.is_empty() { "config.json" } else { &error.key };
    let accepted = match error.accepted {
        Accepted::Object => text::accepts_object(),
        Accepted::List => text::accepts_list(),
        Accepted::Text => text::accepts_text(),
        Accepted::Flag => text::accepts_flag(),
        Accepted::OneOf(words) => text::accepts_one_of(&list_of_all_names(words.iter().copied())),
        Accepted::Whole(least, most) => text::accepts_whole(least as usize, most as usize),
        Accepted::Language => text::accepts_language(),
        Accepted::Path => text::accepts_path(),
        Accepted::Origin => text::accepts_origin(),
    };
    let facts = view! {
        <dl class="facts">
            {fact(text::config_key, "mono", isolated(key))}
            {fact(text::config_value, "mono", isolated(&error.value))}
            {fact(text::config_accepts, "", accepted)}
        </dl>
        {reload_link()}
    };
    stopped_page(text::config_title, text::config_body, Some(facts.into_any()))
}

fn fact(what: Label, class: &'static str, value: String) -> AnyView {
    view! {
        <dt prop:textContent=content(what())/>
        <dd class=class prop:textContent=content(value)/>
    }
    .into_any()
}
