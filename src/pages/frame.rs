//! The frame: what is around every page, which page is shown, and what happens when that changes. It must not know what
//! is on a page.

use super::diagnostics::DiagnosticsPage;
use super::jobs::{JobPage, JobsPage};
use super::kill::KillPage;
use crate::rt::dom;
use crate::state::{Idle, Jobs, Place, Preferences, SERVICE_ACCOUNT, Session, Theme};
use crate::text::{Word, count, fill, t};
use crate::ui::{Banner, Button, Dialog, LinkButton, Look, Select, Tone, announce};
use curfew_core::Route;
use leptos::prelude::*;

/// Says that the operator is about to be signed out, with time to object.
#[component]
pub fn StillThere() -> impl IntoView {
    let idle = Idle::get();
    let near = Memo::new(move |_| idle.seconds_left().is_some());
    let stay = Callback::new(move |()| idle.note());
    view! {
        <Dialog
            open=Signal::derive(move || near.get())
            heading=t(Word::IdleHeading)
            on_close=stay
        >
            <p>{move || {
                count(Word::IdleBody, usize::try_from(idle.seconds_left().unwrap_or(0)).unwrap_or(0))
            }}</p>
            <Button label=t(Word::IdleStay) look=Look::Primary on_press=stay/>
        </Dialog>
    }
}

/// The page where the operator is, with all that is around it.
#[component]
pub fn Frame(sign_out: Callback<()>) -> impl IntoView {
    let (session, place) = (Session::get(), Place::get());
    crate::rt::boot::end();
    let page = move || match place.route() {
        Route::Kill(_) => view! { <KillPage/> }.into_any(),
        Route::Jobs => view! { <JobsPage/> }.into_any(),
        Route::Job(id) => view! { <JobPage id=id/> }.into_any(),
        Route::Diagnostics => view! { <DiagnosticsPage/> }.into_any(),
        Route::NotFound(path) => view! { <NotFound path=path/> }.into_any(),
    };
    // Whoever follows a link is told where it led; whoever signs in lands on the page's heading.
    Effect::new(move |before: Option<()>| {
        let name = page_name(&place.route());
        dom::set_title(&super::title(&name));
        if before.is_some() {
            announce(name);
        }
        dom::focus("page-heading");
    });
    let standby = move || {
        session.is_standby().then(|| {
            view! {
                <Banner tone=Tone::Danger heading=t(Word::StandbyHeading)>
                    <p>{t(Word::StandbyBody)}</p>
                </Banner>
            }
        })
    };
    view! {
        <a class="skip" href="#content" on:click=|event| {
            event.prevent_default();
            dom::focus("page-heading");
        }>{t(Word::SkipToContent)}</a>
        <Header sign_out=sign_out/>
        <main class="page" id="content">
            {standby}
            {page}
        </main>
        <footer class="fine-print">
            <p>{t(Word::NotF5)}</p>
            <p><a href=Route::Diagnostics.href()>{t(Word::NavDiagnostics)}</a></p>
        </footer>
    }
}

fn page_name(route: &Route) -> String {
    t(match route {
        Route::Kill(_) => Word::KillTitle,
        Route::Jobs | Route::Job(_) => Word::JobsTitle,
        Route::Diagnostics => Word::NavDiagnostics,
        Route::NotFound(_) => Word::NotFoundTitle,
    })
}

#[component]
fn Header(sign_out: Callback<()>) -> impl IntoView {
    let (session, place, jobs) = (Session::get(), Place::get(), Jobs::get());
    let preferences = Preferences::get();
    let link = move |route: Route, label: Word| {
        let href = route.href();
        let current = Signal::derive(move || {
            let here = match (place.route(), &route) {
                (Route::Job(_), Route::Jobs) => true,
                (now, route) => now == *route,
            };
            here.then_some("page")
        });
        view! { <li><a href=href aria-current=current>{t(label)}</a></li> }
    };
    let running = move || {
        let n = jobs.running();
        (n > 0).then(|| view! { <span class="nav-count">{count(Word::JobsRunning, n)}</span> })
    };
    let theme = RwSignal::new(preferences.theme().as_str().to_owned());
    Effect::new(move |_| preferences.choose_theme(&theme.get()));
    let themes = Theme::ALL.map(|theme| {
        let label = match theme {
            Theme::System => Word::ThemeSystem,
            Theme::Light => Word::ThemeLight,
            Theme::Dark => Word::ThemeDark,
        };
        (theme.as_str().to_owned(), t(label))
    });
    let operator = move || {
        let operator = session.operator().unwrap_or_default();
        if operator == SERVICE_ACCOUNT {
            return t(Word::SignedInByProxy);
        }
        fill(Word::SignedInAs, &[("operator", &operator)])
    };
    view! {
        <header class="app-header">
            <a class="brand" href=Route::home().href()>{t(Word::Curfew)}</a>
            <span class="bigiq-name">{move || session.bigiq()}</span>
            <nav class="app-nav" aria-label=t(Word::MainNavigation)>
                <ul>
                    {link(Route::home(), Word::NavKill)}
                    {link(Route::Jobs, Word::NavJobs)}
                </ul>
                {running}
            </nav>
            <div class="app-session">
                <span>{operator}</span>
                <Select id="theme" label=t(Word::Theme) value=theme options=themes.to_vec()/>
                <Button label=t(Word::SignOut) look=Look::Quiet on_press=sign_out/>
            </div>
        </header>
    }
}

#[component]
fn NotFound(path: String) -> impl IntoView {
    view! {
        <h1 id="page-heading" tabindex="-1">{t(Word::NotFoundTitle)}</h1>
        <p>{fill(Word::NotFoundBody, &[("path", &path)])}</p>
        <LinkButton label=t(Word::NotFoundLink) href=Route::home().href() look=Look::Plain/>
    }
}
