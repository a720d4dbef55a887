//! The diagnostics page: version, configuration, what this BIG-IQ answers, recent failures, and a check of the BIG-IQ,
//! as one text for a report. The text must not contain a token, a password, a name (not even the BIG-IQ's) or a value
//! from an answer.

use super::call_error::{Operation, call_error};
use crate::state::{
    ConfigStore, Finding, InventoryStore, Question, SignIn, each_failed_call, endpoint_status,
};
use crate::ui::{Banner, Button, Checkbox, CodeBlock, Look, Show, Tone, announce, content};
use crate::web::{download, spawn_scoped, time};
use curfew_core::app::{Config, ReasonRule, SignInMethod};
use curfew_core::inventory::{Gap, Inventory};
use curfew_core::self_check::Report;
use leptos::prelude::*;
use text::sentences::{amount, warning};
use text::{Label, List, Name, list_of_all_names};

/// The page.
#[component]
pub fn DiagnosticsPage() -> impl IntoView {
    let (sign_in, config, inventory_store) =
        (SignIn::get(), ConfigStore::get(), InventoryStore::get());
    let findings = RwSignal::new(Vec::<Finding>::new());
    let busy = RwSignal::new(false);
    // The report of the last check for the simulator; empty before the first one.
    let json = RwSignal::new(String::new());
    // Java stacks are shown on request only.
    let stacks = RwSignal::new(false);
    let report = Signal::derive(move || {
        let mut lines = this_curfew(config);
        lines.extend(shared_connection());
        if let Some(inventory) = inventory_store.inventory() {
            lines.extend(inventory_lines(&inventory));
        }
        findings.with(|findings| lines.extend(answers(findings, stacks.get())));
        lines.join("\n")
    });
    let check = Callback::new(move |()| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        findings.set(Vec::new());
        json.set(String::new());
        let device =
            inventory_store.inventory().and_then(|i| i.devices().first().map(|d| d.id.clone()));
        spawn_scoped(async move {
            let asked = sign_in.ask(async |client| {
                let mut report = Report::new(env!("CARGO_PKG_VERSION"));
                let found = |finding| findings.update(|all| all.push(finding));
                client.self_check(device, &mut report, found).await;
                Ok(report.to_json())
            });
            json.set(asked.await.unwrap_or_default());
            busy.set(false);
            announce(text::diagnostics_checked());
        });
    });
    let save = Callback::new(move |()| {
        json.with_untracked(|json| {
            download::save_text("curfew-self-check.json", "application/json", json);
        });
    });
    view! {
        <h1 id="page-heading" tabindex="-1" prop:textContent=content(text::nav_diagnostics())/>
        {shared_connection().map(|heading| {
            view! {
                <Banner tone=Tone::Warning heading=heading>
                    <p prop:textContent=content(text::shared_connection_body())/>
                </Banner>
            }
        })}
        <section class="panel" aria-labelledby="check-heading">
            <h2 id="check-heading" prop:textContent=content(text::diagnostics_check())/>
            <p prop:textContent=content(text::diagnostics_check_body())/>
            <Button
                label=Signal::derive(move || {
                    if busy.get() { text::diagnostics_checking() } else { text::diagnostics_check_run() }
                })
                look=Look::Plain
                busy=busy
                on_press=check
            />
        </section>
        <section class="panel report" aria-labelledby="report-heading">
            <h2 id="report-heading" prop:textContent=content(text::diagnostics_report())/>
            <p class="quiet" prop:textContent=content(text::diagnostics_report_body())/>
            <Checkbox
                label=text::diagnostics_stacks()
                checked=stacks
                on_change=Callback::new(move |on| stacks.set(on))
            />
            <CodeBlock
                label=text::diagnostics_report()
                text=report
                copy_label=text::copy()
                copied_label=text::copied()
                failed_label=text::copy_failed()
            />
            <Show when=Signal::derive(move || json.with(|json| !json.is_empty()))>
                <div><Button label=text::diagnostics_save() look=Look::Plain on_press=save/></div>
            </Show>
        </section>
    }
}

/// What is wrong if kills share a connection with other calls: a browser may send one again when the connection breaks.
/// Curfew's configurations speak HTTP/1.1 only, so something in front of them doesn't.
fn shared_connection() -> Option<String> {
    let protocol = crate::web::page_protocol();
    // guard: shared-connection
    if matches!(protocol.as_str(), "" | "http/1.1") {
        return None;
    }
    Some(text::shared_connection_heading(Name(&protocol)))
}

/// Version, time, browser and configuration, one line each.
fn this_curfew(config: ConfigStore) -> Vec<String> {
    let mut lines = vec![
        text::diagnostics_version(Name(env!("CARGO_PKG_VERSION")), Name(&crate::web::build())),
        text::diagnostics_time(Name(&time::rfc3339(time::epoch_ms()))),
        text::diagnostics_browser(Name(&crate::web::user_agent())),
        config.with(|config| text::diagnostics_config(Name(&in_short(config)))),
    ];
    let unknown = config.unknown_keys();
    if !unknown.is_empty() {
        lines.push(text::diagnostics_unknown_keys(&list_of_all_names(
            unknown.iter().map(AsRef::as_ref),
        )));
    }
    let in_english = text::texts_in_english();
    if !in_english.is_empty() {
        let keys = list_of_all_names(in_english.iter().map(String::as_str));
        lines.push(text::diagnostics_in_english(&keys));
    }
    lines
}

/// The size of the inventory and its versions, the list that it comes from, and why it may be incomplete.
fn inventory_lines(inventory: &Inventory) -> Vec<String> {
    // Digits and dots only: anything else could be a name.
    let plain = |text: &&str| text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let mut versions = inventory.versions();
    versions.retain(plain);
    let size = text::diagnostics_inventory(
        &amount::number(inventory.device_count()),
        &amount::number(inventory.cluster_count()),
        &amount::number(inventory.group_count()),
        &list_of_all_names(versions.into_iter()),
    );
    let gaps = inventory.gaps();
    let source = if gaps.contains(&Gap::AccessList) {
        "machineid-resolver"
    } else {
        "cm-access-allBigIpDevices"
    };
    let mut lines = vec![size, text::labelled(&text::devices(), source)];
    lines.extend(gaps.iter().map(|gap| warning::gap(*gap)));
    lines
}

fn calls(names: &[&str]) -> List {
    list_of_all_names(names.iter().copied())
}

/// Which endpoints answered, which calls failed, and what a check found.
fn answers(findings: &[Finding], stacks: bool) -> Vec<String> {
    let status = endpoint_status();
    let names = [
        text::diagnostics_answered(&calls(&status.answered)),
        text::diagnostics_failing(&calls(&status.failed)),
        text::diagnostics_unasked(&calls(&status.unasked)),
    ];
    let mut lines = Vec::from(names);
    // BIG-IQ's own messages contain users and addresses, so they are left out.
    each_failed_call(&mut |call| {
        let (time, what) =
            (time::rfc3339(call.at.0), call_error(&call.error, Operation::Named, "").what);
        lines.push(text::diagnostics_failure(Name(&time), Name(call.call), &what));
        if stacks {
            lines.extend(call.stack());
        }
    });
    lines.extend(findings.iter().map(|finding| {
        let error = finding.error.as_ref();
        let what = error.map(|error| call_error(error, Operation::Named, "").what);
        let found =
            [question(finding.answered.question)(), what.unwrap_or_default(), finding.shape()];
        let parts = found.into_iter().filter(|part| !part.is_empty());
        parts.reduce(|label, text| text::labelled(&label, &text)).unwrap_or_default()
    }));
    lines
}

/// A question in words.
fn question(question: Question) -> Label {
    match question {
        Question::DevicesCounted => text::question_devices_counted,
        Question::DevicesSelected => text::question_devices_selected,
        Question::TaskSchema => text::question_task_schema,
        Question::MissingTask => text::question_missing_task,
        Question::NoFilter => text::question_no_filter,
        Question::BeforeSignIn => text::question_before_sign_in,
        Question::Permissions => text::question_permissions,
        Question::FirstDevice => text::question_first_device,
        Question::PastTheEnd => text::question_past_the_end,
        Question::Paging => text::question_paging,
        Question::AccessGroups => text::question_access_groups,
        Question::ConfigGroups => text::question_config_groups,
        Question::Reachability => text::question_reachability,
        Question::OwnRole => text::question_own_role,
        Question::NewestTasks => text::question_newest_tasks,
        Question::NoMatch => text::question_no_match,
        Question::ThisBigIq => text::question_this_bigiq,
        Question::TrustedDevice => text::question_trusted_device,
        Question::DeviceRole => text::question_device_role,
        Question::DeviceSessions => text::question_device_sessions,
    }
}

/// A configuration in the terms of its file, without names and addresses.
fn in_short(config: &Config) -> String {
    let sign_in = match config.sign_in {
        SignInMethod::Form => "form",
        SignInMethod::Proxy => "proxy",
    };
    let reason = match config.reason {
        ReasonRule::Everybody => "everybody",
        ReasonRule::Always => "always",
    };
    let numbers = [
        ("bigiqs", config.bigiqs.len()),
        ("idleMinutes", usize::from(config.idle_minutes)),
        ("phraseAbove", usize::from(config.phrase_above)),
        ("killsAtOnce", usize::from(config.kills_at_once)),
        ("readsAtOnce", usize::from(config.reads_at_once)),
        ("killsPerMinute", usize::from(config.kills_per_minute)),
        ("embedParents", config.embed_parents.len()),
        ("cancel", usize::from(config.cancel)),
    ];
    let words =
        [("signIn", sign_in), ("reason", reason)].map(|(key, word)| [key, " ", word].concat());
    let numbers = numbers.map(|(key, number)| [key, " ", &number.to_string()].concat());
    words.into_iter().chain(numbers).collect::<Vec<_>>().join(" · ")
}
