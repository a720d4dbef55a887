//! The dialog for the operator's preferences.

use crate::state::{Language, Preferences, Theme};
use crate::text::{ENGLISH, Word, t};
use crate::ui::{Button, Checkbox, Dialog, Look, Select, alert, announce};
use crate::web::{Latest, dom, notify};
use leptos::prelude::*;

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
        <Dialog open=open heading=t(Word::Preferences) on_close=close>
            <div class="stack">
                <ThemeChoice/>
                <LanguageChoice/>
                <Keys/>
                <Notifications/>
            </div>
            <div class="dialog-actions">
                <Button label=t(Word::Shortcuts) look=Look::Quiet on_press=show_keys/>
                <Button label=t(Word::Close) look=Look::Plain on_press=close/>
            </div>
        </Dialog>
    }
}

#[component]
fn ThemeChoice() -> impl IntoView {
    let preferences = Preferences::get();
    let theme = RwSignal::new(preferences.theme().as_str().to_owned());
    Effect::new(move |before: Option<()>| {
        let theme = theme.get();
        if before.is_some() {
            preferences.choose_theme(&theme);
        }
    });
    let themes = Theme::ALL.map(|theme| {
        let label = match theme {
            Theme::System => Word::ThemeSystem,
            Theme::Light => Word::ThemeLight,
            Theme::Dark => Word::ThemeDark,
        };
        (theme.as_str().to_owned(), t(label))
    });
    view! { <Select id="theme" label=t(Word::Theme) value=theme options=themes.to_vec()/> }
}

/// The choice of a language, if there are several. A change rebuilds all views; the focus returns here.
#[component]
fn LanguageChoice() -> impl IntoView {
    let language = Language::get();
    let english = [(ENGLISH.to_owned(), t(Word::LanguageEnglish))];
    let offered: Vec<_> = english.into_iter().chain(Language::others()).collect();
    let chosen = RwSignal::new(untrack(|| language.spoken()));
    Effect::new(move |_| {
        let chosen = chosen.get();
        if chosen != untrack(|| language.spoken()) {
            language.choose(chosen);
        }
    });
    Effect::new(move |_| {
        if language.has_failed() {
            chosen.set(untrack(|| language.spoken()));
            alert(t(Word::LanguageFailed));
        }
    });
    let failed = move || {
        language
            .has_failed()
            .then(|| view! { <p class="field-error">{t(Word::LanguageFailed)}</p> })
    };
    (offered.len() > 1).then(|| {
        view! {
            <Select id=LANGUAGE label=t(Word::Language) value=chosen options=offered/>
            {failed}
        }
    })
}

/// Returns the focus to the choice after the views were rebuilt, and announces the new language.
pub(super) fn after_change() {
    dom::focus(LANGUAGE);
    announce(t(Word::LanguageIs));
}

#[component]
fn Keys() -> impl IntoView {
    let preferences = Preferences::get();
    view! {
        <Checkbox
            label=t(Word::UseShortcuts)
            hint=t(Word::UseShortcutsHint)
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
        refused.get().then(|| view! { <p class="field-error">{t(Word::NotifyRefused)}</p> })
    };
    view! {
        <Checkbox
            label=t(Word::Notify)
            hint=t(Word::NotifyHint)
            checked=preferences.notify()
            on_change=change
        />
        <div class="told" role="alert">{why}</div>
    }
}
