//! Pasted text in words: how it was read, what is in doubt, and what happened to each line.

use crate::{Name, list_of_names};
use curfew_core::input::{
    Change, ColumnName, Doubt, LineOutcome, PastedFormat, Question, ReportedLine, SkipReason,
    SkippedLine,
};

/// The longest part of a line that a report shows, in characters.
const LONGEST: usize = 100;

/// How a text was read.
pub fn format(format: &PastedFormat) -> String {
    match format {
        PastedFormat::Lines => crate::format_lines(),
        PastedFormat::Parts => crate::format_parts(),
        PastedFormat::Table(ColumnName::Named(column)) => crate::format_table(Name(column)),
        PastedFormat::Table(ColumnName::Numbered(number)) => crate::format_numbered(*number),
        PastedFormat::Properties(name) => crate::format_properties(Name(name)),
        PastedFormat::ApmLog => crate::format_apm_log(),
        PastedFormat::SessionDump => crate::format_sessiondump(),
        PastedFormat::Links => crate::format_links(),
        PastedFormat::Json => crate::format_json(),
    }
}

/// What the operator must decide. `of_users`: the text is about users, not sessions.
pub fn question(question: &Question, of_users: bool) -> String {
    match &question.about {
        Doubt::Parts => {
            let cells = question.preview.first().map(Vec::as_slice).unwrap_or_default();
            crate::ask_parts(&list_of_names(cells.iter().map(String::as_str)), cells.len())
        }
        Doubt::Column(_) if of_users => crate::ask_user_column(),
        Doubt::Column(_) => crate::ask_id_column(question.line),
    }
}

/// Why a list of users can't be read.
pub fn unreadable(refused: &SkippedLine) -> String {
    let line = refused.line;
    match refused.reason {
        SkipReason::TooManyColumns => crate::too_many_columns(line),
        SkipReason::Json => crate::unreadable_json(line),
        _ => crate::quoted_users(line),
    }
}

/// What happened to each line.
pub fn report(lines: &[ReportedLine<'_>]) -> String {
    let mut report = String::new();
    for ReportedLine { line, text, outcome } in lines {
        let short: String = text.chars().take(LONGEST).collect();
        report.push_str(&crate::report_line(*line, &self::outcome(*outcome), Name(&short)));
        report.push('\n');
    }
    report
}

fn outcome(outcome: LineOutcome) -> String {
    match outcome {
        LineOutcome::Used => crate::line_used(),
        LineOutcome::Unusual => crate::line_unusual(),
        LineOutcome::Changed(Change::Quotes) => crate::line_quotes(),
        LineOutcome::Changed(Change::Spaces) => crate::line_spaces(),
        LineOutcome::Changed(Change::Invisible) => crate::line_invisible(),
        LineOutcome::Changed(Change::Delimiter) => crate::line_delimiter(),
        LineOutcome::Changed(Change::Bullet) => crate::line_bullet(),
        LineOutcome::Skipped(reason) => skipped(reason),
    }
}

fn skipped(reason: SkipReason) -> String {
    match reason {
        SkipReason::Preamble => crate::skipped_preamble(),
        SkipReason::Header => crate::skipped_header(),
        SkipReason::NoValue => crate::skipped_no_value(),
        SkipReason::Text => crate::skipped_text(),
        SkipReason::OtherColumns => crate::skipped_other_columns(),
        SkipReason::TooManyColumns => crate::skipped_many_columns(),
        SkipReason::LineBreak => crate::skipped_line_break(),
        SkipReason::BrokenQuotes => crate::skipped_quotes(),
        SkipReason::LongCell => crate::skipped_long_cell(),
        SkipReason::AfterBrokenQuotes => crate::skipped_after_quotes(),
        SkipReason::ChangedNumber => crate::skipped_changed_number(),
        SkipReason::SeveralIds => crate::skipped_several_ids(),
        SkipReason::Json => crate::skipped_json(),
        SkipReason::Undecided => crate::skipped_undecided(),
        SkipReason::Repeated => crate::skipped_repeated(),
        SkipReason::NoDevice => crate::skipped_no_device(),
        SkipReason::OtherDevice => crate::skipped_other_device(),
    }
}
