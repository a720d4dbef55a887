//! The whole app: the sign-in page at once, and the console as soon as someone starts to sign in. Everything named here
//! loads before the sign-in, so it must not name anything that only the console needs.

use super::console;
use super::sign_in::SignInPage;
use crate::state::{ConfigStore, Idle, Language, Preferences, SignIn};
use crate::ui::{Banner, Button, Look, Tone, content, dynamic, provide_live};
use crate::web::{Listener, boot, dom, effect, portal, provide_app_root, spawn_app};
use curfew_core::app::ConfigFile;
use leptos::prelude::*;

/// The state of the console's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Code {
    NotAsked,
    UnderWay,
    There,
    Failed,
}

/// The whole app.
#[component]
pub fn App(file: ConfigFile) -> impl IntoView {
    provide_app_root();
    let live = provide_live();
    let config = ConfigStore::provide(file);
    let sign_in = SignIn::provide(config);
    Preferences::provide();
    let language = Language::provide();
    Idle::provide(config, sign_in);
    let code = RwSignal::new(Code::NotAsked);
    let console = StoredValue::new_local(None::<AnyView>);
    let load = move || {
        if matches!(code.get_untracked(), Code::UnderWay | Code::There) {
            return;
        }
        code.set(Code::UnderWay);
        spawn_app(async move {
            let opened = console::open().await;
            let now = if opened.is_ok() { Code::There } else { Code::Failed };
            console.set_value(opened.ok());
            code.set(now);
        });
    };
    let open = Memo::new(move |_| sign_in.is_open());
    // An operator who types, or typed before the app ran, is about to sign in; a portal fills in its frame before the sign-in.
    // The choice of a language is a part of the console.
    let has_own = config.with(|config| !config.languages.is_empty());
    let needs_it = portal::is_framed() || has_own || language.differs_from_menu();
    let wanted = RwSignal::new(needs_it || boot::has_begun());
    Listener::new(&window(), "input", move |_| wanted.set(true)).scoped();
    effect(move || {
        if wanted.get() || open.get() {
            load();
        }
    });
    let again = Callback::new(move |()| wanted.set(true));
    // Until the console has loaded, the sign-in page stays, busy.
    let signing_in = Memo::new(move |_| match code.get() {
        Code::NotAsked | Code::UnderWay => true,
        Code::There | Code::Failed => !open.get() && !sign_in.is_leaving(),
    });
    let failed = Memo::new(move |_| open.get() && code.get() == Code::Failed);
    let there = Memo::new(move |_| code.get() == Code::There);
    view! {
        {live}
        {dynamic(move || {
            // In another language it is built again; it takes over what is typed.
            _ = language.tag();
            signing_in.get().then(|| view! { <SignInPage/> })
        })}
        {dynamic(move || failed.get().then(|| not_loaded(again)))}
        {dynamic(move || there.get().then(|| console.try_update_value(Option::take)).flatten().flatten())}
    }
}

fn not_loaded(again: Callback<()>) -> AnyView {
    view! {
        <main class="stopped" id="content">
            <div role="alert">
                <Banner tone=Tone::Error heading=text::console_not_loaded()>
                    // cause.js writes it, in English.
                    <p lang="en" prop:textContent=content(dom::root_attribute("data-cause"))/>
                    <p prop:textContent=content(text::console_not_loaded_help())/>
                    <Button label=text::retry() look=Look::Primary on_press=again/>
                    {super::document::reload_link()}
                </Banner>
            </div>
        </main>
    }
    .into_any()
}
