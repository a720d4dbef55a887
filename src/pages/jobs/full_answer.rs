//! BIG-IQ's full answer about a task, read on request.

use crate::pages::call_error::{Operation, call_error, not_read};
use crate::pages::error_text::paragraph;
use crate::state::{ApiError, Jobs, ReadAnswer, SignIn};
use crate::ui::{Button, CodeBlock, JsonReader, Look, alert, dynamic};
use crate::web::{Latest, download};
use curfew_core::ids::TaskId;
use curfew_core::record::FullAnswer;
use leptos::prelude::*;
use text::isolated;
use text::sentences::error::Sentence;

const READER: JsonReader =
    JsonReader { entries: FullAnswer::entries, name: isolated, value: value_for_the_eye };

/// The button that reads a task's full answer, and the answer once it was read.
pub(super) fn full_answer(task: TaskId) -> AnyView {
    let (sign_in, answers) = (SignIn::get(), Jobs::get().full_answers());
    let (busy, latest, task) = (RwSignal::new(false), Latest::new(), StoredValue::new(task));
    let read = Callback::new(move |()| {
        busy.set(true);
        latest.run(async move {
            let id = task.get_value();
            let Some(client) = sign_in.client() else { return busy.set(false) };
            let answer = client.full_answer(&id).await;
            sign_in.note_end(&client);
            if let Ok(answer) = &answer {
                save_large(&id, answer.text());
            }
            answers.note(id, answer);
            busy.set(false);
        });
    });
    view! {
        <div class="stack">
            <div><Button label=text::full_answer() look=Look::Plain busy=busy on_press=read/></div>
            <div class="stack collapse-empty">
                {dynamic(move || {
                    // What was read changes when a read ends.
                    busy.track();
                    match task.with_value(|task| answers.of(task)) {
                        ReadAnswer { error: Some(error), .. } => failed(&error, sign_in),
                        ReadAnswer { answer: Some(answer), .. } => shown(&answer),
                        ReadAnswer { answer: None, .. } => ().into_any(),
                    }
                })}
            </div>
        </div>
    }
    .into_any()
}

fn failed(error: &ApiError, sign_in: SignIn) -> AnyView {
    let operator = sign_in.operator().unwrap_or_default();
    let text = call_error(error, Operation::ReadTask, &operator);
    alert(text.what_and_next());
    not_read(text::full_answer_failed(), text)
}

/// Saves an answer that is too large to be shown.
fn save_large(task: &TaskId, answer: &str) {
    if FullAnswer::is_large(answer) {
        let name = ["curfew-task-", task.as_str(), ".json"].concat();
        _ = download::save_text(&name, "application/json", answer);
    }
}

fn shown(answer: &FullAnswer) -> AnyView {
    let answer = answer.text();
    if FullAnswer::is_large(answer) {
        return paragraph(&Sentence::Own(text::full_answer_large(answer.len() / 1_000)));
    }
    view! {
        <CodeBlock
            label=text::full_answer()
            text=answer.to_owned()
            exact=true
            json=READER
            copy_label=text::copy()
            copied_label=text::copied()
            failed_label=text::copy_failed()
        />
    }
    .into_any()
}

/// A text keeps its quotes: it may look like a number.
fn value_for_the_eye(json: &str) -> String {
    match json.starts_with('"') {
        true => ["\"", &*isolated(&FullAnswer::string(json)), "\""].concat(),
        false => json.to_owned(),
    }
}
