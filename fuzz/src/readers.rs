//! The readers of external input: BIG-IQ's answers, pasted text, addresses, the configuration; and the one writer whose
//! output a server parses, the filter. Each must not panic, and asserts what must be true of its result.

use bigiq::access_info::AccessInfo;
use bigiq::auth::{ACCESS_LIFE, LoginReply, SystemInfo};
use bigiq::device::{AccessDevice, DevicePage, GroupPage};
use bigiq::failover::{DeviceFailover, OwnFailover};
use bigiq::odata::{self, Filter, FilterField};
use bigiq::stats::DeviceStats;
use bigiq::task::TaskList;
use bigiq::{DecodeError, DeviceReference, ErrorBody, KillTask, Refusal, decode};
use curfew_core::app::{Config, ConfigFile, Portal, Route};
use curfew_core::ids::MachineId;
use curfew_core::input::{
    Answers, Layout, QuoteRule, Rows, SessionListReader, TargetList, UserList, cells_of,
};
use curfew_core::inventory::{DeviceIndex, DeviceList, Inventory, Reading};
use curfew_core::job::TaskSnapshot;
use curfew_core::names::{
    MarkKind, SimilarNames, draw, marks, mixed_scripts, skeleton, without_invisible,
};
use curfew_core::timestamp::Timestamp;

fn text(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data).ok()
}

/// Every answer that the app decodes, from the same bytes.
pub fn answers(data: &[u8]) {
    let Some(text) = text(data) else {
        told(&DecodeError::no_text(data));
        return;
    };
    each(text, |task: KillTask| {
        assert_ne!(task.task_id(), Some(""), "a task without a name can't be asked for");
        task.machine_ids().for_each(|id| assert!(!id.contains('/')));
        let _ = (task.details().count(), TaskSnapshot::of(&task));
    });
    each(text, |list: TaskList| list.items.iter().for_each(|task| _ = TaskSnapshot::of(task)));
    each(text, |page: DevicePage<'_>| {
        let groups = decode::<GroupPage>(text).map(|page| page.items).unwrap_or_default();
        let mut inventory = DeviceList::of(page.items).inventory(&groups, Vec::new(), Timestamp(0));
        if let Ok(stats) = decode::<DeviceStats>(text) {
            for (id, answers) in stats.reachable() {
                inventory.note_reachable(&MachineId::new(id), answers);
            }
        }
        for device in inventory.devices() {
            assert!(!device.id.as_str().is_empty(), "a device that can't be named was offered");
            assert_eq!(DeviceReference::of(device.id.as_str()).machine_id(), device.id.as_str());
        }
        for cluster in inventory.clusters() {
            assert_eq!(inventory.members(&cluster.members).count(), cluster.members.len());
        }
    });
    each(text, |page: GroupPage| {
        let inventory = DeviceList::of(Vec::new()).inventory(&page.items, Vec::new(), Timestamp(0));
        for group in inventory.groups() {
            assert!(!group.name.is_empty(), "a group that can't be named was offered");
        }
    });
    each(text, |stats: DeviceStats| {
        stats.reachable().for_each(|(id, _)| assert!(!id.contains('/'), "{id}"));
    });
    each(text, |page: DevicePage<'_>| page.items.iter().for_each(nameable));
    each(text, |device: AccessDevice<'_>| nameable(&device));
    each(text, |info: AccessInfo| {
        for asked in [0, 1, 10_000] {
            if let Some(reading) = Reading::of(info.clone(), asked, Timestamp(0)) {
                assert!(reading.sessions().iter().all(|session| !session.id.as_str().is_empty()));
            }
        }
    });
    each(text, |failover: DeviceFailover| _ = failover.role());
    each(text, |own: OwnFailover| _ = own.is_standby());
    each(text, |info: SystemInfo| {
        info.providers.iter().for_each(|provider| _ = provider.is_local());
    });
    each(text, |body: ErrorBody| {
        for status in [400, 401, 403, 404, 429, 500] {
            let _ = Refusal::of(status, body.message.as_deref());
        }
    });
    each(text, |reply: LoginReply| {
        assert!(reply.token.life_seconds(ACCESS_LIFE) > 0);
        let secret = reply.token.token.expose();
        // Shorter ones may occur in field names.
        assert!(secret.len() < 12 || !format!("{reply:?}").contains(secret));
    });
}

/// A device that the address look-up finds can be read by the id that it is found under.
fn nameable(device: &AccessDevice<'_>) {
    if let Some(id) = device.id() {
        assert_eq!(DeviceReference::of(id).machine_id(), id);
    }
}

/// The shape of an answer in a report: it contains no text of the answer except field names, however deeply it is
/// nested.
pub fn shape(data: &[u8]) {
    let Some(text) = text(data) else { return };
    let shape = bigiq::redacted_shape::redacted_shape(text);
    assert!(!shape.is_empty() && !shape.contains(char::is_control), "{shape}");
    let Ok(value) = serde_json::from_str::<serde_json::Value>(text) else { return };
    let (mut keys, mut values) = (Vec::new(), Vec::new());
    gather(&value, &mut keys, &mut values);
    for value in values {
        // Shorter ones, and those of several words, could be the report's own words.
        let telling = value.len() >= 12 && value.chars().all(char::is_alphanumeric);
        if telling && !keys.iter().any(|key| key.contains(value)) {
            assert!(!shape.contains(value), "{value} got out: {shape}");
        }
    }
}

/// All field names, and all texts.
fn gather<'v>(value: &'v serde_json::Value, keys: &mut Vec<&'v str>, values: &mut Vec<&'v str>) {
    match value {
        serde_json::Value::String(text) => values.push(text),
        serde_json::Value::Array(items) => items.iter().for_each(|i| gather(i, keys, values)),
        serde_json::Value::Object(fields) => fields.iter().for_each(|(key, value)| {
            keys.push(key);
            gather(value, keys, values);
        }),
        _ => {}
    }
}

fn each<'a, T: serde::Deserialize<'a>>(text: &'a str, check: impl FnOnce(T)) {
    match decode::<T>(text) {
        Ok(value) => check(value),
        Err(error) => told(&error),
    }
}

/// An error that can be shown to people.
fn told(error: &DecodeError) {
    assert!(!error.reason.is_empty() && !error.path.is_empty());
    for shown in [&error.reason, &error.excerpt] {
        assert!(shown.chars().count() <= 161 && !shown.contains(char::is_control));
    }
}

/// `config.json`.
pub fn config(data: &[u8]) {
    let Some(text) = text(data) else { return };
    match Config::parse(text) {
        Ok(ConfigFile { config, .. }) => {
            assert!(!config.bigiqs.is_empty(), "there is always a BIG-IQ");
            for bigiq in &config.bigiqs {
                assert!(
                    bigiq.prefix.is_empty()
                        || bigiq.prefix.starts_with('/') && !bigiq.prefix.starts_with("//")
                );
                let climbs = bigiq.prefix.split('/').any(|segment| segment == "..");
                assert!(!climbs, "a prefix that climbs: {}", bigiq.prefix);
            }
            for origin in &config.embed_parents {
                assert!(!origin.contains(['*', ' ', ';', ',']), "more than an origin: {origin}");
            }
        }
        Err(error) => assert!(!error.value.is_empty() || error.key.is_empty()),
    }
}

/// Dates in bodies and headers.
pub fn dates(data: &[u8]) {
    let Some(text) = text(data) else { return };
    let _ = (
        curfew_core::timestamp::parse_date_time(text),
        curfew_core::timestamp::parse_http_date(text),
    );
}

/// Device references: the host in a link is never followed; only its last segment counts.
pub fn links(data: &[u8]) {
    let Some(text) = text(data) else { return };
    let id = bigiq::link::last_segment(text);
    assert!(!id.contains('/') && text.contains(id));
    let target = bigiq::Call::task(text).target;
    assert!(target.starts_with("/mgmt/cm/access/tasks/kill-sessions/"), "{target}");
    assert_eq!(target.matches('/').count(), 6, "an id that makes a path of its own: {target}");
    assert!(
        !target.contains(['?', '#', ' ', '\\'])
            && !target.ends_with("/.")
            && !target.ends_with("/..")
    );
}

fn estate() -> Inventory {
    const PAGE: &str = include_str!("estate.json");
    let page: DevicePage<'_> = decode(PAGE).expect("the estate is well-formed");
    DeviceList::of(page.items).inventory(&[], Vec::new(), Timestamp(0))
}

/// Pasted sessions: splitting the text into pieces makes no difference, and every line is counted once.
pub fn pasted_sessions(data: &[u8]) {
    let Some((&cut, data)) = data.split_first() else { return };
    let Some(text) = text(data) else { return };
    let inventory = estate();
    let read = |pieces: &[&str]| {
        let mut paste = SessionListReader::new(DeviceIndex::of(&inventory), None);
        pieces.iter().for_each(|piece| paste.feed(piece));
        paste.finish()
    };
    let whole = read(&[text]);
    assert_eq!(whole.accounted(), whole.lines, "a line is lost or counted twice");
    let at = text
        .char_indices()
        .map(|(at, _)| at)
        .find(|at| *at >= usize::from(cut))
        .unwrap_or(text.len());
    let (first, second) = text.split_at(at);
    assert_eq!(read(&[first, second]), whole, "a cut at {at} changes what is read");
}

/// Pasted targets: only targets in the inventory are selected.
pub fn pasted_targets(data: &[u8]) {
    let Some(text) = text(data) else { return };
    let inventory = estate();
    let paste = TargetList::read(text, &inventory);
    assert!(paste.devices.iter().all(|id| inventory.device(id).is_some()));
    assert!(paste.clusters.iter().all(|name| inventory.cluster(name).is_some()));
    assert!(paste.groups.iter().all(|name| inventory.group(name).is_some()));
    let lines = text.replace("\r\n", "\n").split(['\n', '\r']).count();
    assert!(
        paste.unknown.iter().chain(&paste.ambiguous).all(|entry| (1..=lines).contains(&entry.line))
    );
}

/// Pasted user names: none is invented, and none is used while something is in doubt.
pub fn pasted_users(data: &[u8]) {
    let Some(text) = text(data) else { return };
    let layouts = [
        None,
        Some(Layout::Lines),
        Some(Layout::Parts),
        Some(Layout::Column { column: 1, has_header: true }),
        Some(Layout::Ask),
    ];
    for layout in layouts {
        let list = UserList::read(text, Answers { layout, ..Answers::default() });
        assert!(list.names.is_empty() || list.refused_line.is_none());
        assert!(list.question.is_none() || list.refused_line.is_some());
        let report = list.report(text);
        assert!(report.windows(2).all(|pair| pair[0].line <= pair[1].line));
        for name in &list.names {
            assert!(!name.as_str().trim().is_empty() && !name.as_str().contains(['\n', '\r']));
        }
    }
    let list = UserList::parse(text);
    if let Some(first) = list.names.first() {
        let (without, answers) = UserList::edited(text, Answers::default(), first, None);
        let rest = UserList::read(&without, answers);
        assert!(!rest.names.contains(first), "{first} stays in {without:?}");
        let (written, answers) = UserList::written(&list.names);
        assert_eq!(UserList::read(&written, answers).names, list.names, "{written:?}");
    }
}

/// Tables, compared with the `csv` crate. Intended differences: blank lines are rows, spaces around cells are removed, a quote
/// after spaces starts a quoted cell, CR and CRLF in a cell become LF, other quotes are removed too, and nothing is compared
/// after quotes that are broken.
pub fn pasted_tables(data: &[u8]) {
    let Some((&which, data)) = data.split_first() else { return };
    let Some(text) = text(data).filter(|text| !text.starts_with('\u{feff}')) else { return };
    let delimiter = [',', ';', '\t', '|'][usize::from(which % 4)];
    let mut builder = csv::ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(delimiter as u8);
    let mut reader = builder.from_reader(text.as_bytes());
    let mut theirs = reader.records().map(|record| record.expect("the text is UTF-8"));

    let (mut rows, mut rest) = (Rows::new(QuoteRule::After(delimiter)), text);
    let mut line = 1;
    while let Some(row) = rows.next(&mut rest).or_else(|| rows.last()) {
        assert_eq!(row.line, line, "a line is lost or counted twice");
        line += row.lines;
        let after_space =
            |pair: &[char]| pair[0] != delimiter && pair[0].is_whitespace() && pair[1] == '"';
        let chars: Vec<char> = format!("\u{0}{}", row.text).chars().collect();
        if row.quotes.is_broken() || chars.windows(2).any(after_space) {
            return;
        }
        if row.text.is_empty() {
            continue;
        }
        let ours: Vec<String> =
            cells_of(&row.text, delimiter).map(|cell| cell.trim().to_owned()).collect();
        let record = theirs.next().expect("a row that the csv crate doesn't see");
        let theirs: Vec<String> = record
            .iter()
            .map(|cell| cell.trim().replace("\r\n", "\n").replace('\r', "\n"))
            .collect();
        assert_eq!(ours.len(), theirs.len(), "{:?}", row.text);
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert!(
                ours == theirs || theirs.starts_with(['“', '”', '„', '«', '‘', '\'']),
                "{ours:?}, {theirs:?}"
            );
        }
    }
}

/// Names: what is marked is in the name, and a name without its marks has none.
pub fn names(data: &[u8]) {
    let Some(text) = text(data) else { return };
    for mark in marks(text) {
        assert!(text[mark.at..].starts_with(mark.char));
    }
    assert!(marks(&without_invisible(text)).iter().all(|mark| mark.kind == MarkKind::Letter));
    let mut drawn = String::new();
    draw(text, &mut drawn);
    // What is drawn has no character that doesn't show.
    assert!(marks(&drawn).iter().all(|mark| mark.kind == MarkKind::Letter));
    let _ = (skeleton(text), mixed_scripts(text));
    let lines: Vec<&str> = text.lines().take(20).collect();
    let (wanted, read) = lines.split_at(lines.len() / 2);
    let mut similar = SimilarNames::of(wanted, &str::to_owned);
    read.iter().for_each(|name| similar.read(name, &str::to_owned));
    for (name, found) in wanted.iter().zip(similar.finish()) {
        assert!(found.iter().all(|found| found.name != *name && read.contains(&&*found.name)));
    }
}

/// Messages from a page that embeds Curfew.
pub fn portal(data: &[u8]) {
    let Some(text) = text(data) else { return };
    let _ = Portal::parse(text);
}

/// Fragments: each one is some route, and the link of that route leads to the same route.
pub fn route(data: &[u8]) {
    let Some(text) = text(data) else { return };
    let route = Route::parse(text);
    let link = route.href();
    assert!(link.starts_with('#'));
    if !matches!(route, Route::Kill(_)) {
        assert_eq!(Route::parse(&link), route, "{link}");
    }
}

/// Filters: typed text can't change the query. Checked by a reader that knows OData but not how the filter was made.
pub fn filter(data: &[u8]) {
    let Some((&which, data)) = data.split_first() else { return };
    let Some(text) = text(data) else { return };
    let (field, name) = match which % 3 {
        0 => (FilterField::Address, "address"),
        1 => (FilterField::ManagementAddress, "managementAddress"),
        _ => (FilterField::Hostname, "hostname"),
    };
    let values: Vec<&str> = text.split('\n').collect();
    let Ok(filter) = Filter::any_of(field, &values) else { return };
    let filter = filter.expect("there is a value");
    let encoded = odata::encode(filter.as_str());
    assert!(!encoded.contains(['&', '#', '?', '+', ' ', '\'', '"', '/']), "{encoded}");
    let decoded = percent_decoded(&encoded);
    assert_eq!(decoded, filter.as_str());
    let read = reader::read(&decoded).unwrap_or_else(|| panic!("no filter: {decoded}"));
    let expected: Vec<(String, String)> =
        values.iter().map(|value| (name.to_owned(), (*value).to_owned())).collect();
    assert_eq!(read, expected);
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first == '%' {
            bytes.push(u8::from_str_radix(&rest[1..3], 16).expect("two digits"));
            rest = &rest[3..];
        } else {
            bytes.extend(first.to_string().bytes());
            rest = &rest[first.len_utf8()..];
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// OData's grammar for equalities joined by `or` in brackets: quoted or bare names, literals in quotes (a doubled quote
/// stands for one), spaces between words.
mod reader {
    #[derive(Debug, PartialEq)]
    enum Token {
        Open,
        Close,
        Quoted(String),
        Word(String),
    }

    fn tokens(text: &str) -> Option<Vec<Token>> {
        let mut tokens = Vec::new();
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            match c {
                ' ' => {}
                '(' => tokens.push(Token::Open),
                ')' => tokens.push(Token::Close),
                '\'' => {
                    let mut literal = String::new();
                    loop {
                        match rest.next()? {
                            '\'' if rest.peek() == Some(&'\'') => {
                                rest.next();
                                literal.push('\'');
                            }
                            '\'' => break,
                            other => literal.push(other),
                        }
                    }
                    tokens.push(Token::Quoted(literal));
                }
                first => {
                    let mut word = first.to_string();
                    while let Some(c) = rest.next_if(|c| !matches!(c, ' ' | '(' | ')' | '\'')) {
                        word.push(c);
                    }
                    tokens.push(Token::Word(word));
                }
            }
        }
        Some(tokens)
    }

    /// The compared pairs of field and value, or `None` if the text is anything else.
    pub(super) fn read(text: &str) -> Option<Vec<(String, String)>> {
        let tokens = tokens(text)?;
        let [Token::Open, inner @ .., Token::Close] = tokens.as_slice() else { return None };
        inner
            .split(|token| *token == Token::Word("or".into()))
            .map(|term| match term {
                [
                    Token::Quoted(field) | Token::Word(field),
                    Token::Word(op),
                    Token::Quoted(value),
                ] if op == "eq" => Some((field.clone(), value.clone())),
                _ => None,
            })
            .collect()
    }
}
