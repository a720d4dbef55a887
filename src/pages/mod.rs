//! The pages and the shell around them. They read state, change it through its methods, and are made of the components
//! of `ui`.

#![expect(unreachable_pub, reason = "the macro makes the props of a component public")]

mod app;
mod console;
mod diagnostics;
mod document;
mod error_text;
mod jobs;
mod kill;
mod options;
mod preferences;
mod shell;
mod shortcuts;
mod sign_in;
mod sign_in_again;
mod sign_out;
mod tab_title;

use crate::text::{Word, fill, t};
use crate::web::{boot, dom, portal};
use curfew_core::app::{Accepted, ConfigError, ConfigFile};
use document::{reload_link, title};
use leptos::prelude::*;

/// The whole app with this configuration.
pub fn app(file: ConfigFile) -> AnyView {
    if !portal::is_welcome(&file.config.embed_parents) {
        return frame_not_allowed();
    }
    view! { <app::App file=file/> }.into_any()
}

/// The page shown instead of the app in a frame that is not allowed: it has no controls.
fn frame_not_allowed() -> AnyView {
    stopped_page(Word::FramedTitle, Word::FramedBody, None)
}

/// The page shown instead of the app if the configuration is wrong: it names the key, its value, and what is allowed.
pub fn misconfigured(error: &ConfigError) -> AnyView {
    let key = if error.key.is_empty() { "config.json" } else { &error.key };
    let accepted = match error.accepted {
        Accepted::Object => t(Word::AcceptsObject),
        Accepted::List => t(Word::AcceptsList),
        Accepted::Text => t(Word::AcceptsText),
        Accepted::Flag => t(Word::AcceptsFlag),
        Accepted::OneOf(words) => fill(Word::AcceptsOneOf, &[("words", &words.join(", "))]),
        Accepted::Whole(least, most) => {
            fill(Word::AcceptsWhole, &[("least", &least.to_string()), ("most", &most.to_string())])
        }
        Accepted::Path => t(Word::AcceptsPath),
        Accepted::Origin => t(Word::AcceptsOrigin),
    };
    let facts = view! {
        <dl class="facts">
            {fact(Word::ConfigKey, "mono", key.to_owned())}
            {fact(Word::ConfigValue, "mono", error.value.clone())}
            {fact(Word::ConfigAccepts, "", accepted)}
        </dl>
        {reload_link()}
    };
    stopped_page(Word::ConfigTitle, Word::ConfigBody, Some(facts.into_any()))
}

fn fact(what: Word, class: &'static str, value: String) -> AnyView {
    view! {
        <dt>{t(what)}</dt>
        <dd class=class>{value}</dd>
    }
    .into_any()
}

/// A page shown instead of the app.
fn stopped_page(what: Word, help: Word, more: Option<AnyView>) -> AnyView {
    boot::end();
    dom::set_title(&title(&t(what)));
    view! {
        <main class="stopped">
            <div class="stack" role="alert">
                <h1>{t(what)}</h1>
                <p>{t(help)}</p>
                {more}
            </div>
        </main>
    }
    .into_any()
}
