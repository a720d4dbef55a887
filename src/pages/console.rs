//! The console: everything that needs a sign-in, set up once and shown while someone is signed in. Its code is a
//! separate file that the sign-in page does not wait for.

use super::document::stopped_page;
use super::shell::{IdleWarning, OpenDialogs, Shell};
use super::sign_in_again::SignInAgain;
use super::sign_out::SignOutQuestion;
use crate::state::{
    Clock, ConfigStore, CurrentRoute, EstateReader, Form, Idle, InventoryStore, Jobs, Language,
    LiveSessions, Preferences, SignIn, SuggestionState, TabStatus, TargetSelection, TargetStore,
    Verifications, connect_portal,
};
use crate::web::{effect, effect_since, spawn_app};
use curfew_core::app::{Route, SignOutReason, SuggestedBy};
use leptos::prelude::*;
use text::learn_rest;

/// The console's code could not be loaded; another attempt may succeed.
#[derive(Debug)]
pub struct NotLoaded;

#[cfg(split)]
impl From<leptos::wasm_split::SplitLoaderError> for NotLoaded {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self
    }
}

/// Sets up the console under the current owner, which should be the app's, and builds its view.
///
/// # Errors
/// [`NotLoaded`], in a bundle that is split.
#[cfg(split)]
#[leptos::wasm_split::wasm_split(console, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn open() -> Result<AnyView, NotLoaded> {
    Ok(console())
}

/// Sets up the console under the current owner, which should be the app's, and builds its view.
///
/// # Errors
/// [`NotLoaded`], in a bundle that is split.
#[cfg(not(split))]
pub async fn open() -> Result<AnyView, NotLoaded> {
    Ok(console())
}

fn console() -> AnyView {
    learn_rest();
    let (config, sign_in) = (ConfigStore::get(), SignIn::get());
    let inventory_store = InventoryStore::provide(sign_in);
    let live_sessions = LiveSessions::provide(sign_in);
    let estate_reader = EstateReader::provide(config, inventory_store, live_sessions);
    let jobs = Jobs::provide(config, sign_in, Idle::get(), inventory_store, live_sessions);
    Idle::get().watch(move || jobs.is_sending(), move |at| jobs.report_use(at));
    Verifications::provide(jobs);
    let form = Form::provide();
    TargetStore::provide(sign_in, form);
    TabStatus::provide(jobs);
    let language = Language::get();
    language.follow_menu(config.with(|config| config.languages.clone()));
    Clock::provide();
    // A reload signs out, and the sign-in page reports the running jobs.
    let running = Memo::new(move |_| jobs.under_way(true) > 0);
    effect(move || sign_in.note_running(running.get()));
    connect_portal(config, form, jobs, Preferences::get());
    let current_route = CurrentRoute::provide(move |values| {
        if form.suggestions.may_read(&SuggestedBy::Link) {
            form.suggestions.add(SuggestedBy::Link, values);
        }
    });
    // What a portal suggests is for the form.
    effect(move || {
        let is_new = form.suggestions.state().with(SuggestionState::is_for_form);
        if is_new && sign_in.is_open() && current_route.route() == Route::Find {
            current_route.go(&Route::kill());
        }
    });
    let account = Memo::new(move |_| sign_in.account());
    // A sign-in restores the operator's jobs and reads the inventory; its end clears everything else.
    effect_since(move |before: Option<Option<_>>| {
        let now = account.get();
        match (&now, before.flatten()) {
            (Some(account), _) => {
                jobs.restore(account.clone());
                inventory_store.read();
                sign_in.ask_standby();
            }
            (None, Some(_)) => {
                jobs.note_sign_out();
                inventory_store.forget();
                estate_reader.forget();
                live_sessions.forget();
                form.clear();
                form.last_targets.set(TargetSelection::default());
            }
            // Not at the start: values from a link wait for the sign-in.
            (None, None) => {}
        }
        now
    });
    // A job's page must not open before the jobs are restored.
    let open = Memo::new(move |_| sign_in.is_open() && jobs.are_restored());
    let forget = RwSignal::new(false);
    let sign_out = Callback::new(move |()| {
        jobs.report_sign_out();
        let account = untrack(|| sign_in.account()).filter(|_| forget.get_untracked());
        let last = account.map(|account| {
            let last: Box<dyn FnOnce()> = Box::new(move || {
                jobs.forget(&account);
                TargetStore::forget_recent(&account);
            });
            last
        });
        sign_in.sign_out(SignOutReason::Asked, last);
    });
    // Ask first if something would be lost, also in another tab. A sign-out after inactivity can't ask anyone.
    let asking = RwSignal::new(false);
    let ask = Callback::new(move |()| {
        spawn_app(async move {
            jobs.ask_unsent().await;
            // guard: sign-out-asks-for-all-tabs
            if untrack(|| jobs.all().is_empty() && jobs.unsent_elsewhere().is_empty()) {
                sign_out.run(());
            } else {
                asking.set(true);
            }
        });
    });
    // Open dialogs, and the language that they were built in, outlive a change of language.
    let dialogs = OpenDialogs::none();
    let made_in = StoredValue::new(None::<String>);
    let view = move || {
        asking.set(false);
        let tag = open.get().then(|| language.tag());
        let before = made_in.get_value();
        made_in.set_value(tag.clone());
        let leaving = sign_in
            .is_leaving()
            .then(|| stopped_page(text::signing_out, text::signing_out_help, None));
        leaving.or_else(|| {
            let tag = tag?;
            let rebuilt = before.is_some_and(|before| before != tag);
            let view = view! {
                <Shell sign_out=ask dialogs=dialogs rebuilt=rebuilt/>
                <SignInAgain sign_out=ask/>
                <SignOutQuestion open=asking forget=forget sign_out=sign_out/>
                <IdleWarning/>
            };
            Some(view.into_any())
        })
    };
    view.into_any()
}
