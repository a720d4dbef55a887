//! The sign-in page and its form. It discards the password once BIG-IQ has accepted or refused it.

use super::error_text::{ErrorText, error_text};
use crate::state::{ConfigStore, Secret, SignIn, SignInError, SignInProvider};
use crate::ui::{
    Banner, Button, FieldKind, Look, Select, SelectOption, TextField, Tone, content, dynamic,
};
use crate::web::boot::{self, EarlyInput};
use crate::web::{Latest, dom, effect, effect_since, hash, sleep, spawn_scoped};
use curfew_core::app::{BigIq, Route, SignInMethod, SignOutReason};
use curfew_core::job::{Failure, Refusal};
use leptos::prelude::*;
use std::time::Duration;
use text::sentences::error::failure;
use text::{Name, isolated};

const USER: &str = "sign-in-user";
const PASSWORD: &str = "sign-in-password";
const PROVIDER: &str = "sign-in-provider";
/// The wait before reading again from a BIG-IQ that is starting or did not list its sign-in providers.
const AGAIN: Duration = Duration::from_secs(15);

/// The page for operators who are not signed in.
#[component]
pub fn SignInPage() -> impl IntoView {
    let (sign_in, config) = (SignIn::get(), ConfigStore::get());
    let early = boot::adopt(USER, PASSWORD).or_user(sign_in.last_operator());
    effect(move || dom::set_title(&super::document::title(&text::sign_in())));
    let heading = move || text::sign_in_to(Name(&sign_in.bigiq()));
    let why = match sign_in.ended() {
        SignOutReason::Asked => None,
        SignOutReason::Idle => Some(text::idle_ended()),
        SignOutReason::OtherTab => Some(text::ended_in_other_tab()),
        SignOutReason::Reloaded => Some(text::reloaded_while_running()),
    };
    let ended = why.map(|why| {
        view! {
            <Banner tone=Tone::Info heading=why>
                <p prop:textContent=content(text::idle_ended_help())/>
            </Banner>
        }
    });
    // Below the form, which must not move.
    let link = Route::is_link(&hash::current())
        .then(|| view! { <p class="quiet" prop:textContent=content(text::link_waits())/> });
    let form = match config.with(|config| config.sign_in) {
        SignInMethod::Form => view! { <SignInForm early=early/> }.into_any(),
        SignInMethod::Proxy => {
            boot::end();
            // No other operator's work is waiting on this page.
            let go = Callback::new(move |()| _ = sign_in.start_by_proxy());
            view! {
                <Banner tone=Tone::Info heading=text::by_proxy_heading()>
                    <p prop:textContent=content(text::by_proxy_body())/>
                </Banner>
                <Button label=text::by_proxy_continue() look=Look::Primary on_press=go/>
            }
            .into_any()
        }
    };
    view! {
        <main class="sign-in" id="content">
            <header class="sign-in-brand">
                <p class="brand" prop:textContent=content(text::curfew())/>
                <p prop:textContent=content(text::tagline())/>
            </header>
            <section class="card">
                <h1 prop:textContent=content(heading)/>
                <div class="collapse-empty" role="status">{ended}</div>
                <WhichBigIq/>
                {form}
                {link}
            </section>
            <footer class="fine-print" prop:textContent=content(text::not_f5())/>
        </main>
    }
}

/// The choice of a BIG-IQ, if the configuration names several.
#[component]
fn WhichBigIq() -> impl IntoView {
    let (sign_in, config) = (SignIn::get(), ConfigStore::get());
    let options: Vec<SelectOption> = config.with(|config| {
        let named = |(index, bigiq): (usize, &BigIq)| {
            let name = bigiq.name.as_ref().unwrap_or(&bigiq.prefix);
            SelectOption { value: index.to_string(), label: isolated(name) }
        };
        config.bigiqs.iter().enumerate().map(named).collect()
    });
    let value = Signal::derive(move || sign_in.selected_bigiq().to_string());
    let choose = Callback::new(move |value: String| {
        if let Ok(index) = value.parse() {
            sign_in.select_bigiq(index);
        }
    });
    (options.len() > 1).then(|| {
        view! {
            <Select
                id="sign-in-bigiq"
                label=text::bigiq_to_use()
                value=value
                on_change=choose
                options=options
            />
        }
    })
}

/// The form's error message.
#[derive(Debug, Clone, Default)]
struct Problem {
    user: Option<String>,
    password: Option<String>,
    text: Option<ErrorText>,
}

impl Problem {
    /// The first field with an error.
    fn first_field(&self) -> Option<&'static str> {
        match (&self.user, &self.password) {
            (Some(_), _) => Some(USER),
            (None, Some(_)) => Some(PASSWORD),
            (None, None) => None,
        }
    }
}

/// What the operator has filled in, and the attempt to sign in with it.
#[derive(Clone, Copy)]
struct Attempt {
    sign_in: SignIn,
    user: RwSignal<String>,
    password: RwSignal<String>,
    problem: RwSignal<Problem>,
    busy: RwSignal<bool>,
}

impl Attempt {
    fn new(early: &EarlyInput) -> Self {
        Self {
            sign_in: SignIn::get(),
            user: RwSignal::new(early.user.clone()),
            password: RwSignal::new(early.password.clone()),
            problem: RwSignal::default(),
            busy: RwSignal::new(false),
        }
    }

    fn submit(self) {
        let Self { sign_in, user, password, problem, busy } = self;
        if busy.get_untracked() {
            return;
        }
        let missing = user.with_untracked(|user| password.with_untracked(|p| missing(user, p)));
        let first = missing.first_field();
        problem.set(missing);
        if let Some(field) = first {
            dom::focus(field);
            return;
        }
        busy.set(true);
        spawn_scoped(async move {
            let name = user.get_untracked().trim().to_owned();
            let secret = Secret::new(password.get_untracked());
            if let Err(error) = sign_in.sign_in(name, secret).await {
                problem.set(Problem { text: Some(refused(&error)), ..Problem::default() });
                busy.set(false);
                // Unless it was refused, it may be correct.
                if is_bad(&error) {
                    password.set(String::new());
                    dom::focus(PASSWORD);
                }
            }
        });
    }
}

/// The form. `beside` is shown next to its button, if it is in a dialog.
#[component]
pub(super) fn SignInForm(
    early: EarlyInput,
    #[prop(optional)] beside: Option<AnyView>,
) -> impl IntoView {
    let attempt = Attempt::new(&early);
    let Attempt { sign_in, user, password, problem, busy } = attempt;
    let notice = RwSignal::new(None::<Notice>);
    let welcome = Latest::new();
    let ask = Callback::new(move |()| {
        welcome.run(read_welcome(sign_in, notice));
    });
    let bigiq = Memo::new(move |_| sign_in.selected_bigiq());
    effect(move || {
        bigiq.track();
        ask.run(());
    });
    // The user may have filled in the document's own form, or even submitted it, before this one appeared.
    effect_since(move |before: Option<()>| {
        if before.is_none() {
            early.hand_over(USER, PASSWORD);
            if early.queued {
                attempt.submit();
            }
        }
    });

    view! {
        <div class="collapse-empty" role="status">{dynamic(move || notice.get().map(|word| notice_banner(word, ask)))}</div>
        <div class="collapse-empty" role="alert">{dynamic(move || problem.with(|problem| problem.text.as_ref().map(error_banner)))}</div>
        <form
            class="stack"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                attempt.submit();
            }
        >
            <TextField
                id=USER
                label=text::user_name()
                value=user
                autocomplete="username"
                error=Signal::derive(move || problem.with(|p| p.user.clone()))
            />
            <TextField
                id=PASSWORD
                label=text::password()
                value=password
                kind=FieldKind::Password
                autocomplete="current-password"
                error=Signal::derive(move || problem.with(|p| p.password.clone()))
            />
            {dynamic(move || provider_choice(sign_in, notice))}
            <div class="dialog-actions">
                {beside}
                <Button
                    label=Signal::derive(move || {
                        if busy.get() { text::signing_in() } else { text::sign_in() }
                    })
                    look=Look::Primary
                    submit=true
                    busy=busy
                    on_press=Callback::new(|()| ())
                />
            </div>
        </form>
    }
}

/// What to say about BIG-IQ before the sign-in.
#[derive(Debug, Clone, Copy)]
enum Notice {
    Starting,
    /// The sign-in providers could not be read.
    NotRead,
}

/// Reads what BIG-IQ reports before the sign-in, again and again while that may help, and notes why it can't be read.
async fn read_welcome(sign_in: SignIn, notice: RwSignal<Option<Notice>>) {
    loop {
        let (seen, again) = match sign_in.welcome().await {
            Ok(welcome) if welcome.starting => (Some(Notice::Starting), true),
            Ok(welcome) => (welcome.providers.is_empty().then_some(Notice::NotRead), false),
            // A proxy that forwards only `/mgmt` will not forward it later either.
            Err(error) => (Some(Notice::NotRead), error.refusal() != Some(Refusal::NotFound)),
        };
        // The pressed button disappears with the message, and the focus would be lost with it.
        if seen.is_none() && dom::exists(".collapse-empty :focus") {
            dom::focus(USER);
        }
        notice.set(seen);
        if !again {
            break;
        }
        sleep(AGAIN).await;
    }
}

fn missing(user: &str, password: &str) -> Problem {
    Problem {
        user: user.trim().is_empty().then(text::user_name_missing),
        password: password.is_empty().then(text::password_missing),
        text: None,
    }
}

fn notice_banner(notice: Notice, ask: Callback<()>) -> AnyView {
    let (heading, help) = match notice {
        Notice::Starting => (text::starting(), text::starting_help()),
        Notice::NotRead => (text::providers_not_read(), text::providers_not_read_help()),
    };
    view! {
        <Banner tone=Tone::Info heading=heading>
            <p prop:textContent=content(help)/>
            <Button label=text::retry() look=Look::Plain on_press=ask/>
        </Banner>
    }
    .into_any()
}

fn error_banner(text: &ErrorText) -> AnyView {
    let ErrorText { what, next, bigiq } = text.clone();
    view! {
        <Banner tone=Tone::Error heading=what>
            <p prop:textContent=content(next)/>
            {bigiq.map(|words| view! { <p class="verbatim" lang="en" prop:textContent=content(words)/> })}
        </Banner>
    }
    .into_any()
}

/// The choice of a sign-in provider, if there are several; a field for its name if BIG-IQ doesn't list them. Tracked.
fn provider_choice(sign_in: SignIn, notice: RwSignal<Option<Notice>>) -> Option<AnyView> {
    let (providers, provider) = (sign_in.providers(), sign_in.provider());
    if providers.len() < 2 {
        let unlisted = providers.is_empty() && matches!(notice.get(), Some(Notice::NotRead));
        let field = || view! { <TextField id=PROVIDER label=text::provider() value=provider hint=text::provider_hint()/> };
        return unlisted.then(|| field().into_any());
    }
    let shown = |provider: &SignInProvider| {
        let value = provider.name().to_owned();
        let label = if provider.is_local() { text::provider_local() } else { isolated(&value) };
        SelectOption { value, label }
    };
    let options: Vec<SelectOption> = providers.iter().map(shown).collect();
    let view = view! {
        <Select
            id=PROVIDER
            label=text::provider()
            value=provider
            on_change=Callback::new(move |name| provider.set(name))
            options=options
        />
    };
    Some(view.into_any())
}

/// Whether BIG-IQ refused the name and the password.
fn is_bad(error: &SignInError) -> bool {
    matches!(error, SignInError::Api(error) if error.refusal() == Some(Refusal::BadCredentials))
}

fn refused(error: &SignInError) -> ErrorText {
    match error {
        // A 401 that is not from BIG-IQ comes from something in front of it. No sign-in has ended: none had started.
        SignInError::Api(error) if error.refusal() == Some(Refusal::TokenExpired) => {
            failure(&Failure::Unreadable { html: true })
        }
        SignInError::Api(error) => error_text(error),
        SignInError::OtherOperator(operator) => ErrorText {
            what: text::other_operator(Name(operator)),
            next: text::other_operator_help(),
            bigiq: None,
        },
    }
}
