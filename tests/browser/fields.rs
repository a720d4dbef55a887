//! Fields, their errors, and where the focus goes then.

use std::{cell::Cell, rc::Rc};

use curfew::ui::{
    Button, Checkbox, Choice, ChoiceOption, ErrorSummary, FieldError, Look, Select, SelectOption,
    TextField,
};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::{Page, fire, focused, settle, text_of, type_into};

#[wasm_bindgen_test]
async fn a_field_is_described_by_its_hint_and_its_error() {
    let error = RwSignal::new(None::<String>);
    let value = RwSignal::new("user2".to_owned());
    let page = Page::of(move || {
        view! { <TextField id="users" label="User names" hint="One per line" value=value error=error /> }
    })
    .await;
    let field = page.input("#users");
    assert_eq!(page.get("label").get_attribute("for").as_deref(), Some("users"));
    assert_eq!(field.value(), "user2");
    assert_eq!(field.get_attribute("aria-invalid"), None);
    let described = |field: &web_sys::HtmlInputElement| {
        let ids = field.get_attribute("aria-describedby").unwrap_or_default();
        ids.split(' ')
            .map(|id| document().get_element_by_id(id).map(|e| text_of(&e)).unwrap_or_default())
            .collect::<Vec<_>>()
    };
    assert_eq!(described(&field), ["One per line"]);
    error.set(Some("Enter a user name".to_owned()));
    settle().await;
    assert_eq!(field.get_attribute("aria-invalid").as_deref(), Some("true"));
    assert_eq!(described(&field), ["Enter a user name", "One per line"]);
    type_into(&field, "user7").await;
    assert_eq!(value.get_untracked(), "user7");
    value.set("user8".to_owned());
    settle().await;
    assert_eq!(field.value(), "user8");
}

#[wasm_bindgen_test]
async fn the_summary_takes_the_focus_when_it_appears_and_not_during_corrections() {
    let items = RwSignal::new(Vec::<FieldError>::new());
    let value = RwSignal::new(String::new());
    let page = Page::of(move || {
        view! {
            <ErrorSummary id="summary" heading="There is a problem" items=items />
            <TextField id="users" label="User names" value=value />
        }
    })
    .await;
    let summary = page.get("#summary");
    assert_eq!(summary.offset_height(), 0, "nothing to see");
    let item =
        |field: &str, text: &str| FieldError { field: field.to_owned(), text: text.to_owned() };
    items.set(vec![item("users", "Enter a user name"), item("where", "Choose a target")]);
    settle().await;
    assert!(focused(&summary));

    let before = curfew::web::hash::current();
    page.get("#summary a").click();
    let field = page.get("#users");
    assert!(focused(&field), "each item leads to its field");
    assert_eq!(curfew::web::hash::current(), before, "the route stays");

    items.set(vec![item("where", "Choose a target")]);
    settle().await;
    assert!(focused(&field), "correcting one does not move the focus");
    assert_eq!(page.count("#summary li"), 1);
    items.set(Vec::new());
    settle().await;
    assert_eq!(summary.offset_height(), 0);
}

#[wasm_bindgen_test]
async fn a_blocked_button_says_why_and_does_nothing() {
    let (pressed, submitted) = (RwSignal::new(0), Rc::new(Cell::new(0)));
    let (busy, blocked) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let sent = Rc::clone(&submitted);
    let page = Page::of(move || {
        let submit = move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            sent.set(sent.get() + 1);
        };
        view! {
            <form on:submit=submit>
                <Button
                    label="Kill"
                    look=Look::Danger
                    submit=true
                    busy=busy
                    blocked=blocked
                    on_press=move |()| pressed.update(|n| *n += 1)
                />
            </form>
        }
    })
    .await;
    let button = page.button("Kill");
    let acts = || (pressed.get_untracked(), submitted.get());
    button.click();
    assert_eq!(acts(), (1, 1));

    blocked.set(Some("Viewers may not kill".to_owned()));
    settle().await;
    button.click();
    assert_eq!(acts(), (1, 1));
    assert_eq!(button.get_attribute("aria-disabled").as_deref(), Some("true"));
    let reason = button.get_attribute("aria-describedby").unwrap();
    assert_eq!(text_of(&document().get_element_by_id(&reason).unwrap()), "Viewers may not kill");
    button.focus().unwrap();
    assert!(focused(&button), "it can still be focused");

    blocked.set(None);
    busy.set(true);
    settle().await;
    button.click();
    assert_eq!(acts(), (1, 1), "busy: nothing is sent twice");
    busy.set(false);
    settle().await;
    button.click();
    assert_eq!(acts(), (2, 2));
}

#[wasm_bindgen_test]
async fn a_check_box_shows_its_value_whatever_was_clicked() {
    let (checked, asked) = (RwSignal::new(false), RwSignal::new(None));
    let page = Page::of(move || {
        let change = move |wanted| asked.set(Some(wanted));
        view! { <Checkbox id="box" label="Tell me" checked=checked on_change=change /> }
    })
    .await;
    let check = page.input("#box");
    check.click();
    assert_eq!(asked.get_untracked(), Some(true));
    assert!(!check.checked(), "refused, so it stays unchecked");
    checked.set(true);
    settle().await;
    assert!(check.checked());
}

#[wasm_bindgen_test]
async fn a_choice_has_one_selected_option() {
    let value = RwSignal::new("all".to_owned());
    let page = Page::of(move || {
        let option = |value: &str, label: &str, hint: &str| ChoiceOption {
            value: value.to_owned(),
            label: label.to_owned(),
            hint: hint.to_owned(),
        };
        let set = Callback::new(move |chosen| value.set(chosen));
        let options =
            vec![option("users", "Users", ""), option("all", "Everybody", "Every session")];
        view! { <Choice name="kind" legend="Whose sessions" options=options value=value on_change=set /> }
    })
    .await;
    assert_eq!(page.text("fieldset > legend"), "Whose sessions");
    assert!(page.input("#kind-all").checked());
    assert_eq!(
        page.get("#kind-all").get_attribute("aria-describedby").as_deref(),
        Some("kind-all-hint")
    );
    page.input("#kind-users").click();
    assert_eq!(value.get_untracked(), "users");
    value.set("all".to_owned());
    settle().await;
    assert!(page.input("#kind-all").checked() && !page.input("#kind-users").checked());
}

#[wasm_bindgen_test]
async fn a_select_shows_its_value_even_if_the_options_come_later() {
    let value = RwSignal::new("tacacs".to_owned());
    let options = RwSignal::new(Vec::<SelectOption>::new());
    let page = Page::of(move || {
        let set = Callback::new(move |chosen| value.set(chosen));
        view! { <Select id="provider" label="Provider" value=value on_change=set options=options /> }
    })
    .await;
    let option =
        |value: &str| SelectOption { value: value.to_owned(), label: value.to_uppercase() };
    options.set(vec![option("local"), option("tacacs")]);
    settle().await;
    let select: web_sys::HtmlSelectElement =
        wasm_bindgen::JsCast::unchecked_into(page.get("#provider"));
    assert_eq!(select.value(), "tacacs");
    select.set_value("local");
    fire(&select, "change", false);
    assert_eq!(value.get_untracked(), "local");
}
