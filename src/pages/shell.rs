//! The shell around every page: which page is shown, and what happens when that changes.

use super::diagnostics::DiagnosticsPage;
use super::find::{FindPage, QUERY};
use super::jobs::{JobPage, JobsPage, TaskPage, job_name};
use super::kill::KillPage;
use super::palette::{Palette, PaletteButton};
use super::preferences::{PreferencesDialog, after_change};
use super::shortcuts::Shortcuts;
use super::sign_out::{losses, save_button};
use super::tab_title::update_tab;
use crate::state::{CurrentRoute, Form, Idle, Jobs, SignIn, Verifications};
use crate::ui::{
    Banner, Button, Dialog, LinkButton, Look, Tone, announce, attribute, content, dynamic,
};
use crate::web::{dom, effect, effect_since, focus, keys};
use curfew_core::app::{Route, SERVICE_ACCOUNT};
use curfew_core::count::Count;
use leptos::prelude::*;
use text::sentences::amount;
use text::{Label, Name, isolated};

/// Which of the shell's dialogs are open.
#[derive(Debug, Clone, Copy)]
pub struct OpenDialogs {
    preferences: RwSignal<bool>,
    shortcuts: RwSignal<bool>,
    palette: RwSignal<bool>,
}

impl OpenDialogs {
    /// None.
    pub fn none() -> Self {
        let closed = || RwSignal::new(false);
        Self { preferences: closed(), shortcuts: closed(), palette: closed() }
    }
}

/// Warns that the operator is about to be signed out and what would be lost, with time to stay and to save.
#[component]
pub fn IdleWarning() -> impl IntoView {
    let (idle, jobs, verifications) = (Idle::get(), Jobs::get(), Verifications::get());
    let near = Memo::new(move |_| idle.seconds_left().is_some());
    let stay = Callback::new(move |()| idle.note_activity());
    view! {
        <Dialog
            open=Signal::derive(move || near.get())
            heading=text::idle_heading()
            on_close=stay
        >
            <p prop:textContent=content(move || {
                text::idle_body(usize::try_from(idle.seconds_left().unwrap_or(0)).unwrap_or(0))
            })/>
            {losses(jobs)}
            {dynamic(move || jobs.loss().unsaved.map(|_| view! { <p prop:textContent=content(text::sign_out_stored())/> }))}
            <div class="dialog-actions">
                {dynamic(move || jobs.loss().unsaved.map(|_| save_button(jobs, verifications)))}
                <Button label=text::idle_stay() look=Look::Primary on_press=stay/>
            </div>
        </Dialog>
    }
}

/// The current page with the shell around it. `rebuilt` is whether it was shown before, in another language.
#[component]
pub fn Shell(sign_out: Callback<()>, dialogs: OpenDialogs, rebuilt: bool) -> impl IntoView {
    let (sign_in, current_route) = (SignIn::get(), CurrentRoute::get());
    crate::web::boot::end();
    let page = move || match current_route.route() {
        Route::Kill(_) => view! { <KillPage/> }.into_any(),
        Route::Find => view! { <FindPage/> }.into_any(),
        Route::Jobs => view! { <JobsPage/> }.into_any(),
        Route::Task(id) => view! { <TaskPage id=id/> }.into_any(),
        route @ (Route::Job(_) | Route::Batch(_)) => view! { <JobPage route=route/> }.into_any(),
        Route::Diagnostics => view! { <DiagnosticsPage/> }.into_any(),
        Route::NotFound(path) => view! { <NotFound path=path/> }.into_any(),
    };
    let menu_open = RwSignal::new(false);
    // Following a link announces the new page; a sign-in focuses the page's heading.
    effect_since(move |before: Option<()>| {
        let route = current_route.route();
        menu_open.set(false);
        if before.is_some() {
            announce(untrack(|| page_name(&route)));
        }
        if before.is_some() || !rebuilt {
            // On the home page, the operator types first.
            dom::focus(if route == Route::Find { QUERY } else { "page-heading" });
        }
    });
    focus::follow_clicks();
    focus::recover("page-heading");
    keys::in_fields();
    let form = Form::get();
    update_tab(Signal::derive(move || {
        let name = page_name(&current_route.route());
        if form.has_errors.get() { text::title_error(&name) } else { name }
    }));
    let standby = move || {
        sign_in.is_standby().then(|| {
            view! {
                <Banner tone=Tone::Warning heading=text::standby_heading()>
                    <p prop:textContent=content(text::standby_body())/>
                </Banner>
            }
        })
    };
    let jobs = Jobs::get();
    // BIG-IQ shows roles only to administrators: a refused kill is the first that is known.
    let not_permitted = move || {
        let asks = matches!(current_route.route(), Route::Find | Route::Kill(_));
        (asks && jobs.is_last_not_permitted()).then(|| {
            let operator = sign_in.operator().unwrap_or_default();
            view! {
                <Banner tone=Tone::Warning heading=text::kill_not_permitted(Name(&operator))>
                    <p prop:textContent=content(text::kill_not_permitted_help())/>
                </Banner>
            }
        })
    };
    let view = view! {
        <a class="skip" href="#content" on:click=|event| {
            event.prevent_default();
            dom::focus("page-heading");
        } prop:textContent=content(text::skip_to_content())/>
        <Header sign_out=sign_out dialogs=dialogs menu_open=menu_open/>
        <main class="page" id="content">
            <div class="collapse-empty" role="alert">{dynamic(standby)}{dynamic(not_permitted)}</div>
            {dynamic(page)}
        </main>
        <footer class="fine-print">
            <p prop:textContent=content(text::not_f5())/>
            <p><a href=Route::Diagnostics.href() prop:textContent=content(text::nav_diagnostics())/></p>
        </footer>
        <PreferencesDialog open=dialogs.preferences shortcuts=dialogs.shortcuts/>
        <Shortcuts open=dialogs.shortcuts/>
        <Palette
            open=dialogs.palette
            preferences=dialogs.preferences
            shortcuts=dialogs.shortcuts
            sign_out=sign_out
        />
    };
    // Last, after the dialog that stayed open has taken the focus.
    effect(move || {
        if rebuilt {
            after_change();
        }
    });
    view
}

fn page_name(route: &Route) -> String {
    match route {
        route @ (Route::Job(_) | Route::Batch(_)) => job_name(route),
        Route::Kill(_) => text::kill_title(),
        Route::Find => text::find_title(),
        Route::Jobs => text::jobs_title(),
        Route::Task(id) => text::job_task(Name(id.as_str())),
        Route::Diagnostics => text::nav_diagnostics(),
        Route::NotFound(_) => text::not_found_title(),
    }
}

#[component]
fn Header(
    sign_out: Callback<()>,
    dialogs: OpenDialogs,
    /// Whether navigation and sign-in are shown where there is only room for one row.
    menu_open: RwSignal<bool>,
) -> impl IntoView {
    let (sign_in, current_route, jobs) = (SignIn::get(), CurrentRoute::get(), Jobs::get());
    let link = move |route: Route, label: Label| {
        let href = route.href();
        let current = Signal::derive(move || {
            let here = match (current_route.route(), &route) {
                (Route::Job(_) | Route::Batch(_) | Route::Task(_), Route::Jobs) => true,
                (now, route) => now == *route,
            };
            here.then_some("page")
        });
        view! { <li><a href=href aria-current=current prop:textContent=content(label())/></li> }
    };
    let running = move || {
        let n = jobs.under_way(false);
        (n > 0).then(|| {
            let (all, short) = (text::jobs_running(n), amount::number(Count::Exactly(n)));
            view! {
                <span class="nav-count" title=all.clone() data-short=short prop:textContent=content(all)/>
            }
        })
    };
    let operator = move || {
        let operator = sign_in.operator().unwrap_or_default();
        if operator == SERVICE_ACCOUNT {
            return text::signed_in_by_proxy();
        }
        text::signed_in_as(Name(&operator))
    };
    view! {
        <header class="app-header">
            <a class="brand" href=Route::home().href() prop:textContent=content(text::curfew())/>
            <span class="bigiq-name" prop:textContent=content(move || isolated(&sign_in.bigiq()))/>
            {dynamic(running)}
            <button
                class="button button-quiet app-menu"
                type="button"
                aria-expanded=attribute(move || Some(if menu_open.get() { "true" } else { "false" }))
                aria-controls="app-parts"
                on:click=move |_| menu_open.update(|open| *open = !*open)
                prop:textContent=content(text::menu())
            />
            <div class="app-parts" id="app-parts">
                <nav class="app-nav" aria-label=text::main_navigation()>
                    <ul>
                        {link(Route::Find, text::nav_find)}
                        {link(Route::kill(), text::nav_kill)}
                        {link(Route::Jobs, text::nav_jobs)}
                    </ul>
                </nav>
                <div class="app-session">
                    <PaletteButton open=dialogs.palette/>
                    <span prop:textContent=content(operator)/>
                    <Button
                        label=text::preferences()
                        look=Look::Quiet
                        on_press=Callback::new(move |()| dialogs.preferences.set(true))
                    />
                    <Button label=text::sign_out() look=Look::Quiet on_press=sign_out/>
                </div>
            </div>
        </header>
    }
}

#[component]
fn NotFound(path: String) -> impl IntoView {
    view! {
        <h1 id="page-heading" tabindex="-1" prop:textContent=content(text::not_found_title())/>
        <p prop:textContent=content(text::not_found_body(Name(&path)))/>
        <LinkButton label=text::not_found_link() href=Route::home().href() look=Look::Plain/>
    }
}
