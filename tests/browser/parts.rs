//! The components that mostly display something.

use curfew::ui::{
    Banner, Chip, CodeBlock, Disclosure, Log, LogLine, Progress, StepState, Stepper, StepperPoint,
    Tone, provide_live,
};
use js_sys::Function;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::{Page, settle, until};

#[wasm_bindgen_test]
async fn a_banner_is_silent_so_that_nothing_is_announced_twice() {
    let page = Page::of(|| {
        view! {
            <Banner tone=Tone::Error heading="No answer" />
        }
    })
    .await;
    assert_eq!(page.text("[role=note]"), "No answer");
    assert_eq!(page.count("[role=alert], [role=status], [aria-live]"), 0);
}

#[wasm_bindgen_test]
async fn a_stepper_also_names_its_states() {
    let steps = RwSignal::new(vec![
        StepperPoint {
            state: StepState::Done,
            label: "Sent".to_owned(),
            status: "done".to_owned(),
            ..StepperPoint::default()
        },
        StepperPoint {
            state: StepState::Current,
            label: "Kill".to_owned(),
            status: "now".to_owned(),
            ..StepperPoint::default()
        },
    ]);
    let page = Page::of(move || view! { <Stepper label="Steps" steps=steps /> }).await;
    assert_eq!(page.get("ol").get_attribute("aria-label").as_deref(), Some("Steps"));
    assert_eq!(page.count("[aria-current=step]"), 1);
    assert!(page.text("[data-state=current]").contains("now"));
    steps.update(|steps| steps[1].state = StepState::Failed);
    settle().await;
    assert_eq!((page.count("[aria-current=step]"), page.count("[data-state=failed]")), (0, 1));
    assert_eq!(page.count("[lang]"), 0);
    steps.update(|steps| {
        steps[1].note = "No route to host".to_owned();
        steps[1].note_lang = Some("en");
    });
    settle().await;
    assert_eq!(page.text("[lang=en]"), "No route to host");
}

#[wasm_bindgen_test]
async fn a_small_stepper_has_the_same_text_in_few_elements() {
    let steps = RwSignal::new(vec![StepperPoint {
        state: StepState::Done,
        label: "Sent".to_owned(),
        status: "done".to_owned(),
        when: "03:12:07".to_owned(),
        ..StepperPoint::default()
    }]);
    let page = Page::of(move || view! { <Stepper label="Steps" steps=steps small=true /> }).await;
    assert_eq!(page.text(".visually-hidden"), "Sent · done · 03:12:07");
    assert_eq!(page.get("li").get_attribute("title").as_deref(), Some("Sent · done"));
    // Its mark with an icon of one path, and its text.
    assert_eq!(page.count("li *"), 4);
    steps.update(|steps| steps[0].note = "at once".to_owned());
    settle().await;
    assert_eq!(page.text(".visually-hidden"), "Sent · done · 03:12:07 · at once");
}

#[wasm_bindgen_test]
async fn a_log_only_grows_and_has_the_exact_time_of_each_line() {
    let line = |at_ms: i64, text: &str| LogLine {
        at_ms,
        time: "03:12:07".to_owned(),
        exact: "23 Nov 2026, 03:12:07 GMT+01:00".to_owned(),
        text: text.to_owned(),
        quote: None,
    };
    let entries = RwSignal::new(vec![line(1_795_399_927_120, "sent")]);
    let page = Page::of(move || view! { <Log label="What happened" entries=entries /> }).await;
    let first = page.get("[role=log] li");
    entries.update(|entries| entries.push(line(1_795_399_928_120, "accepted")));
    settle().await;
    assert_eq!(page.count("[role=log] li"), 2);
    assert!(
        page.get("[role=log] li").is_same_node(Some(&first)),
        "the existing line is not rebuilt"
    );
    let time = page.get("time");
    assert_eq!(time.text_content().unwrap().trim(), "03:12:07");
    assert!(time.get_attribute("datetime").unwrap().contains(":07.120"));
    assert!(time.get_attribute("title").unwrap().contains("23 Nov 2026"));
}

#[wasm_bindgen_test]
async fn progress_is_bounded_and_named() {
    let total = RwSignal::new(0_usize);
    let page =
        Page::of(move || view! { <Progress done=5_usize total=total label="5 sent" /> }).await;
    let bar =
        || (page.get("progress").get_attribute("value"), page.get("progress").get_attribute("max"));
    assert_eq!(bar(), (Some("0".to_owned()), Some("1".to_owned())));
    total.set(12);
    settle().await;
    assert_eq!(bar(), (Some("5".to_owned()), Some("12".to_owned())));
    assert_eq!(page.get("label").get_attribute("for"), page.get("progress").get_attribute("id"));
}

#[wasm_bindgen_test]
async fn a_chip_names_what_it_removes() {
    let removed = RwSignal::new(false);
    let page = Page::of(move || {
        view! { <Chip label="BlueCluster" remove_label="Remove BlueCluster" on_remove=move |()| removed.set(true) /> }
    })
    .await;
    page.button("Remove BlueCluster").click();
    assert!(removed.get_untracked());
}

/// Replaces the clipboard by one that resolves or rejects.
fn clipboard(how: &str) {
    let code = format!(
        "Object.defineProperty(navigator, 'clipboard', {{configurable: true, value: {{writeText: text => {{ window.__text = text; return Promise.{how}() }} }} }})"
    );
    Function::new_no_args(&code).call0(&JsValue::UNDEFINED).unwrap();
}

#[wasm_bindgen_test]
async fn copying_shows_its_result() {
    let page = Page::of(|| {
        let live = provide_live();
        view! {
            {live}
            <CodeBlock label="Request" text="{}" copy_label="Copy" copied_label="Copied" failed_label="Select it" />
        }
    })
    .await;
    assert_eq!(
        page.get("pre").get_attribute("tabindex").as_deref(),
        Some("0"),
        "what scrolls can be focused"
    );
    clipboard("resolve");
    page.button("Copy").click();
    until("the result is shown", || page.text(".code-copy").contains("Copied")).await;
    assert_eq!(page.text("[role=status]"), "Copied");
    assert_eq!(js_sys::eval("window.__text").unwrap().as_string().as_deref(), Some("{}"));
    clipboard("reject");
    js_sys::eval("document.execCommand = () => false").unwrap();
    page.button("Copy").click();
    until("the failure is shown", || page.text(".code-copy").contains("Select it")).await;
    js_sys::eval("delete document.execCommand; delete navigator.clipboard").unwrap();
}

#[wasm_bindgen_test]
async fn the_marks_around_names_are_shown_but_not_copied_except_in_an_exact_text() {
    const TEXT: &str = "\u{2068}red-a\u{2069} · ready";
    for (exact, copied, dir) in [(false, "red-a · ready", None), (true, TEXT, Some("ltr"))] {
        let page = Page::of(move || {
            view! {
                {provide_live()}
                <CodeBlock label="Devices" text=TEXT exact=exact copy_label="Copy" copied_label="Copied" failed_label="Select it" />
            }
        })
        .await;
        assert_eq!(page.text("code"), TEXT);
        assert_eq!(page.get("pre").get_attribute("dir").as_deref(), dir);
        clipboard("resolve");
        page.button("Copy").click();
        until("the result is shown", || page.text(".code-copy").contains("Copied")).await;
        assert_eq!(js_sys::eval("window.__text").unwrap().as_string().as_deref(), Some(copied));
        js_sys::eval("delete navigator.clipboard").unwrap();
    }
}

#[wasm_bindgen_test]
async fn the_mark_of_details_points_to_them_in_each_direction() {
    let turn = |page: &Page| {
        let style = window().get_computed_style_with_pseudo_elt(&page.get("summary"), "::before");
        style.unwrap().unwrap().get_property_value("rotate").unwrap()
    };
    for (dir, open, wanted) in [
        ("ltr", false, "-45deg"),
        ("ltr", true, "45deg"),
        ("rtl", false, "135deg"),
        ("rtl", true, "45deg"),
    ] {
        document().set_dir(dir);
        let page =
            Page::of(move || view! { <Disclosure summary="Details" open=open>"More"</Disclosure> })
                .await;
        let found = turn(&page);
        document().set_dir("");
        assert_eq!(found, wanted, "{dir}, open: {open}");
    }
}
