//! BIG-IQ's full answer about a task, read on request.

use crate::pages::call_error::{Operation, call_error, not_read};
use crate::state::{ApiError, Jobs, ReadAnswer, SignIn};
use crate::ui::{Button, CodeBlock, JsonReader, Look, alert, content, dynamic};
use crate::web::{Latest, download};
use curfew_core::ids::TaskId;
use curfew_core::record::FullAnswer;
use leptos::prelude::*;
use text::isolated;

const READER: JsonReader =
    JsonReader { entries: FullAnswer::entries, name: isolated, value: value_for_the_eye };

/// The button that reads a task's full answer, and the answer once it was read.
pub(super) fn full_answer(task: TaskId) -> AnyView {
    let (sign_in, answers) = (SignIn::get(), Jobs::get().full_answers());
    let (busy, latest, task) = (RwSignal::new(false), Latest::new(), StoredValue::new(task));
    // What was read changes when a read ends.
    let known = move || {
        busy.track();
        task.with_value(|task| answers.of(task))
    };
    let read = Callback::new(move |()| {
        busy.set(true);
        latest.run(async move {
            let id = task.get_value();
            let Some(client) = sign_in.client() else { return busy.set(false) };
            let answer = client.full_answer(&id).await;
            sign_in.note_end(&client);
            answers.note(id, answer);
            busy.set(false);
        });
    });
    let label = Signal::derive(move || match known() {
        ReadAnswer { error: Some(_), .. } => text::retry(),
        ReadAnswer { answer: None, .. } => text::full_answer(),
        ReadAnswer { answer: Some(_), .. } => text::full_answer_again(),
    });
    view! {
        <div class="stack">
            <div><Button label=label look=Look::Quiet busy=busy on_press=read/></div>
            <div class="stack collapse-empty">
                {dynamic(move || {
                    let ReadAnswer { answer, error } = known();
                    match (error, answer) {
                        (Some(error), _) => failed(&error, sign_in),
                        (None, Some(answer)) => shown(&answer, task),
                        (None, None) => ().into_any(),
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

fn shown(answer: &FullAnswer, task: StoredValue<TaskId>) -> AnyView {
    let answer = answer.text().to_owned();
    if !FullAnswer::is_large(&answer) {
        return view! {
            <CodeBlock
                label=text::full_answer()
                text=answer
                exact=true
                json=READER
                copy_label=text::copy()
                copied_label=text::copied()
                failed_label=text::copy_failed()
            />
        }
        .into_any();
    }
    let large = text::full_answer_large(answer.len() / 1_000);
    let save = Callback::new(move |()| {
        let name = ["curfew-task-", task.get_value().as_str(), ".json"].concat();
        if !download::save_text(&name, "application/json", &answer) {
            alert(text::full_answer_not_saved());
        }
    });
    view! {
        <p prop:textContent=content(large)/>
        <Button label=text::full_answer_save() look=Look::Plain on_press=save/>
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
