//! The dialog for the operator's preferences.

use crate::state::{ConfigStore, Language, Preferences};
use crate::ui::{
    Button, Checkbox, Dialog, Look, Select, SelectOption, alert, announce, content, dynamic,
};
use crate::web::{Latest, dom, effect, is_unreviewed, notify};
use curfew_core::app::Theme;
use leptos::prelude::*;
use text::Name;

const LANGUAGE: &str = "language";

/// The dialog. `shortcuts` opens the list of keyboard shortcuts.
#[component]
pub fn PreferencesDialog(open: RwSignal<bool>, shortcuts: RwSignal<bool>) -> impl IntoView {
    let close = Callback::new(move |()| open.set(false));
    let show_keys = Callback::new(move |()| {
        open.set(false);
        shortcuts.set(true);
    });
    view! {
        <Dialog open=open heading=text::preferences() on_close=close>
            <div class="stack">
                <ThemeChoice/>
                <LanguageChoice/>
                <Keys/>
                <Notifications/>
            </div>
            <div class="dialog-actions">
                <Button label=text::shortcuts() look=Look::Quiet on_press=show_keys/>
                <Button label=text::close() look=Look::Plain on_press=close/>
            </div>
        </Dialog>
    }
}

#[component]
fn ThemeChoice() -> impl IntoView {
    let preferences = Preferences::get();
    let theme = Signal::derive(move || preferences.theme().as_str().to_owned());
    let choose = Callback::new(move |name: String| {
        if let Some(theme) = Theme::parse(&name) {
            preferences.choose_theme(theme);
        }
    });
    let themes = Theme::ALL.map(|theme| {
        let label = match theme {
            Theme::System => text::theme_system(),
            Theme::Light => text::theme_light(),
            Theme::Dark => text::theme_dark(),
        };
        SelectOption { value: theme.as_str().to_owned(), label }
    });
    view! {
        <Select
            id="theme"
            label=text::theme()
            value=theme
            on_change=choose
            options=themes.to_vec()
        />
    }
}

/// The choice of a language, if there are several. A change rebuilds all views; the focus returns here.
#[component]
fn LanguageChoice() -> impl IntoView {
    let language = Language::get();
    let offered = Language::all(&own()).into_iter();
    let offered = offered.map(|one| SelectOption { value: one.tag, label: one.name });
    let offered: Vec<SelectOption> = offered.collect();
    let selected = RwSignal::new(untrack(|| language.tag()));
    let own = StoredValue::new(own());
    let choose = Callback::new(move |tag: String| {
        selected.set(tag.clone());
        if tag != untrack(|| language.tag()) {
            language.choose(tag, own.get_value());
        }
    });
    effect(move || {
        if language.has_failed() {
            selected.set(untrack(|| language.tag()));
            alert(text::language_failed());
        }
    });
    let failed = move || {
        language.has_failed().then(|| {
            view! {
                <p class="field-error" prop:textContent=content(text::language_failed())/>
                <p class="hint" lang="en" prop:textContent=content(language.cause_of_failure())/>
            }
        })
    };
    let unreviewed = is_unreviewed(&selected.get_untracked())
        .then(|| view! { <p class="hint" prop:textContent=content(text::language_unreviewed())/> });
    (offered.len() > 1).then(|| {
        view! {
            <Select
                id=LANGUAGE
                label=text::language()
                value=selected
                on_change=choose
                options=offered
            />
            {dynamic(failed)}
            {unreviewed}
        }
    })
}

/// The tags of the languages that config.json adds.
fn own() -> Vec<String> {
    ConfigStore::get().with(|config| config.languages.clone())
}

/// Returns the focus to the choice after the views were rebuilt, and announces the new language.
pub(super) fn after_change() {
    dom::focus(LANGUAGE);
    let language = Language::get();
    let tag = untrack(|| language.tag());
    let name = Language::all(&own()).into_iter().find(|one| one.tag == tag).map(|one| one.name);
    announce(text::language_is(Name(&name.unwrap_or(tag))));
}

#[component]
fn Keys() -> impl IntoView {
    let preferences = Preferences::get();
    view! {
        <Checkbox
            label=text::use_shortcuts()
            hint=text::use_shortcuts_hint()
            checked=preferences.shortcuts()
            on_change=Callback::new(move |on| preferences.use_shortcuts(on))
        />
    }
}

#[component]
fn Notifications() -> impl IntoView {
    let preferences = Preferences::get();
    let refused = RwSignal::new(false);
    let asking = Latest::new();
    let change = Callback::new(move |on: bool| {
        refused.set(false);
        asking.run(async move {
            let on_now = on && notify::allowed().await;
            refused.set(on && !on_now);
            preferences.use_notify(on_now);
        });
    });
    let why = move || {
        refused.get().then(
            || view! { <p class="field-error" prop:textContent=content(text::notify_refused())/> },
        )
    };
    view! {
        <Checkbox
            label=text::notify()
            hint=text::notify_hint()
            checked=preferences.notify()
            on_change=change
        />
        <div class="collapse-empty" role="alert">{dynamic(why)}</div>
    }
}
