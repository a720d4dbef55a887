//! How a pasted text was read: the format with other readings to choose from, the question that only the operator can
//! answer, and the report on each line.

use super::expandable_text::ExpandableText;
use crate::state::PasteAnswers;
use crate::ui::{
    Banner, Button, Checkbox, Look, Select, SelectOption, Show, Tone, attribute, content, dynamic,
};
use crate::web::{dom, sleep, spawn_app};
use curfew_core::input::{Answers, Doubt, Layout, PastedFormat, Question};
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;
use text::isolated;
use text::sentences::pasted;

/// Which values the text contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Values {
    /// User names.
    Users,
    /// Session ids.
    Sessions,
}

impl Values {
    /// The id of the select.
    fn id(self) -> &'static str {
        match self {
            Self::Users => "users-reading",
            Self::Sessions => "sessions-reading",
        }
    }
}

/// What was read from a text.
#[derive(Clone, Default)]
pub(super) struct Reading {
    /// How the text was read; `None` if that is not worth a word.
    pub(super) format: Option<PastedFormat>,
    /// What the operator must decide.
    pub(super) question: Option<Question>,
    /// Whether lines can't be used because of their quotes.
    pub(super) has_broken_quotes: bool,
    /// Whether ids can't be used because they look like changed numbers.
    pub(super) has_changed_numbers: bool,
    /// Makes the report on each line of the text. A long one takes a while, so it is made only while it is shown.
    pub(super) report: Option<Report>,
}

/// Makes a report from a text.
type Report = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// The format, the question and the report.
#[component]
pub(super) fn PasteReading(
    values: Values,
    reading: RwSignal<Reading>,
    answers: PasteAnswers,
) -> impl IntoView {
    let is_shown = move || reading.with(|reading| reading.format.is_some());
    let answer = Callback::new(move |given: Answers| {
        answers.set(given);
        // The button that was pressed is no longer there.
        spawn_app(async move {
            sleep(Duration::ZERO).await;
            dom::focus(values.id());
        });
    });
    let choose = Callback::new(move |name: String| {
        let layout = match name.as_str() {
            "lines" => Some(Layout::Lines),
            "parts" => Some(Layout::Parts),
            "ask" => Some(Layout::Ask),
            _ => None,
        };
        answers.set(Answers { layout, ..Answers::default() });
    });
    let options = move || {
        // While something is asked, the format is not known.
        let read = reading.with(|reading| match &reading.question {
            Some(_) => None,
            None => reading.format.as_ref().map(pasted::format),
        });
        offered(values, answers.get().layout, &read.unwrap_or_default())
    };
    let asked = move || {
        reading.with(|reading| {
            reading.question.as_ref().map(|question| asked(values, question, answer))
        })
    };
    let insist = move || {
        let insistent = |label: String, given: Answers| {
            let press = Callback::new(move |()| answer.run(given));
            view! { <Button label=label look=Look::Plain on_press=press/> }.into_any()
        };
        reading.with(|reading| {
            let given = answers.get();
            let quotes = reading.has_broken_quotes.then(|| {
                insistent(text::quotes_as_text(), Answers { quotes_are_text: true, ..given })
            });
            let numbers = reading.has_changed_numbers.then(|| {
                insistent(text::use_changed_ids(), Answers { use_changed_numbers: true, ..given })
            });
            [quotes, numbers].into_iter().flatten().collect::<Vec<AnyView>>()
        })
    };
    let label = move || if is_shown() { text::paste_report() } else { String::new() };
    let report = move || {
        let report = reading.with(|reading| reading.report.clone());
        report.map(|report| answers.text().with(|text| report(text))).unwrap_or_default()
    };
    view! {
        <div class="collapse-empty" role="status">{dynamic(asked)}</div>
        {dynamic(insist)}
        <Show when=is_shown>
            <Select
                id=values.id()
                label=text::read_as()
                value=Signal::derive(move || name_of(answers.get().layout).to_owned())
                on_change=choose
                options=Signal::derive(options)
            />
        </Show>
        <ExpandableText label=Signal::derive(label) text=Signal::derive(report)/>
    }
}

/// The name of a reading in markup.
fn name_of(layout: Option<Layout>) -> &'static str {
    match layout {
        None => "recognised",
        Some(Layout::Lines) => "lines",
        Some(Layout::Parts) => "parts",
        Some(Layout::Column { .. }) => "column",
        Some(Layout::Ask) => "ask",
    }
}

/// The readings to choose from. The one in use is called what it recognised.
fn offered(values: Values, layout: Option<Layout>, read: &str) -> Vec<SelectOption> {
    let mut options = Vec::new();
    let mut add = |value: &str, label: String| {
        options.push(SelectOption { value: value.to_owned(), label });
    };
    match layout {
        None if !read.is_empty() => add(name_of(None), text::read_recognised(read)),
        None | Some(_) => add(name_of(None), text::read_automatically()),
    }
    if let Some(Layout::Column { .. }) = layout {
        add(name_of(layout), read.to_owned());
    }
    if values == Values::Users {
        add(name_of(Some(Layout::Lines)), text::format_lines());
        add(name_of(Some(Layout::Parts)), text::format_parts());
    }
    add(name_of(Some(Layout::Ask)), text::read_column());
    options
}

/// The question, with a button for each answer.
fn asked(values: Values, question: &Question, answer: Callback<Answers>) -> AnyView {
    let button = move |label: String, layout: Layout| {
        let press = Callback::new(move |()| {
            answer.run(Answers { layout: Some(layout), ..Answers::default() });
        });
        view! { <Button label=label look=Look::Plain on_press=press/> }.into_any()
    };
    let body = match &question.about {
        Doubt::Parts => {
            let parts = question.preview.first().map_or(0, Vec::len);
            let several = button(text::use_parts(parts), Layout::Parts);
            let whole = button(text::use_whole(), Layout::Lines);
            view! { <div class="row">{several} {whole}</div> }.into_any()
        }
        Doubt::Column(possible) => columns(values, question, possible, answer),
    };
    view! {
        <Banner tone=Tone::Warning heading=pasted::question(question, values == Values::Users)>
            <p prop:textContent=content(text::ask_until())/>
            {body}
        </Banner>
    }
    .into_any()
}

/// The first rows, with a button for each column that can be meant.
fn columns(
    values: Values,
    question: &Question,
    possible: &[usize],
    answer: Callback<Answers>,
) -> AnyView {
    // Rows without a header in which only some cells can be an id.
    let has_no_header = values == Values::Sessions && !possible.is_empty();
    let is_header =
        RwSignal::new(!has_no_header && (question.has_header() || !possible.is_empty()));
    let count = question.preview.iter().map(Vec::len).max().unwrap_or_default();
    let choices = (0..count).map(|column| {
        let press = Callback::new(move |()| {
            let layout = Some(Layout::Column { column, has_header: is_header.get_untracked() });
            answer.run(Answers { layout, ..Answers::default() });
        });
        let is_possible = possible.is_empty() || possible.contains(&column);
        let label = text::use_column(column + 1);
        let choice: Option<AnyView> = is_possible
            .then(|| view! { <Button label=label look=Look::Plain on_press=press/> }.into_any());
        view! { <td><div>{choice}</div></td> }.into_any()
    });
    let choices: Vec<AnyView> = choices.collect();
    let rows = question.shown().iter().enumerate().map(|(place, row)| {
        let role = move || (place == 0 && is_header.get()).then_some("columnheader");
        let cells = row.iter().map(|cell| {
            view! { <td role=attribute(role) prop:textContent=content(isolated(cell))/> }.into_any()
        });
        view! { <tr>{cells.collect::<Vec<AnyView>>()}</tr> }.into_any()
    });
    let rows: Vec<AnyView> = rows.collect();
    let header = (!has_no_header).then(|| {
        view! {
            <Checkbox
                label=text::first_row_is_header()
                checked=is_header
                on_change=Callback::new(move |on| is_header.set(on))
            />
        }
    });
    view! {
        {header}
        <div class="preview" tabindex="0" role="region" aria-label=text::first_rows()>
            <table class:has-header=move || is_header.get()>
                <tbody>
                    {rows}
                    <tr>{choices}</tr>
                </tbody>
            </table>
        </div>
    }
    .into_any()
}
