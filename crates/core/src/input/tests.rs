//! What people paste, from public reports of people who do this job, and what must be read from it.

use super::*;
use crate::fixture::{inventory, machine, wire};
use crate::inventory::{DeviceIndex, DeviceList};
use crate::timestamp::Timestamp;
use bigiq::device::AccessDevice;
use proptest::prelude::*;
use rstest::rstest;

fn users(text: &str) -> Vec<String> {
    UserList::parse(text).names.iter().map(|name| name.as_str().to_owned()).collect()
}

fn read_with(
    text: &str,
    device: Option<&str>,
    answers: Answers,
    shapes: IdShapes,
) -> SessionListReport {
    let index = DeviceIndex::of(&inventory());
    let reader = SessionListReader::new(index, device.map(machine).as_ref());
    let mut reader = reader.answered(answers).knowing(shapes);
    reader.feed(text);
    let report = reader.finish();
    assert_eq!(report.accounted(), report.lines, "a line was lost: {report:?}");
    report
}

fn read(text: &str) -> SessionListReport {
    read_with(text, None, Answers::default(), IdShapes::default())
}

fn on_lone(text: &str) -> SessionListReport {
    read_with(text, Some("lone"), Answers::default(), IdShapes::default())
}

fn sessions(report: &SessionListReport) -> Vec<(&str, &str, &str)> {
    let all = report.sessions.iter();
    all.map(|s| (s.device.as_str(), s.id.as_str(), s.user.map_or("", |user| user.as_str())))
        .collect()
}

fn named(name: &str) -> PastedFormat {
    PastedFormat::Table(ColumnName::Named(name.to_owned()))
}

// Users.

#[test]
fn field_a_comment_over_lines_names_no_user() {
    let text = "user,comment\nuser2,\"leaves today, replaced by\nUser2\nfrom Monday\"";
    assert_eq!(users(text), ["user2"]);
}

#[rstest]
#[case::powershell_type(
    "#TYPE Selected.ADUser\n\"SamAccountName\",\"Name\"\n\"user2\",\"A B\"",
    "SamAccountName"
)]
#[case::excel_sep("sep=,\nUser,IP\nuser2,198.51.100.7", "User")]
#[case::sep_that_is_rare("sep=|\nUser|IP\nuser2|198.51.100.7", "User")]
#[case::title_of_a_report("Active sessions\n\nUsername,IP\nuser2,198.51.100.7", "Username")]
fn field_a_preamble_is_no_user(#[case] text: &str, #[case] column: &str) {
    let list = UserList::parse(text);
    assert_eq!((list.names.as_slice(), &list.format), (&["user2".into()][..], &named(column)));
    assert!(list.skipped.contains(&SkippedLine { line: 1, reason: SkipReason::Preamble }));
}

#[rstest]
#[case::active_directory(
    "\"DistinguishedName\",\"Name\",\"SamAccountName\"\n\"CN=A B,OU=x\",\"A B\",\"user2\"",
    "SamAccountName"
)]
#[case::german("Benutzername;Client-IP\nuser2;198.51.100.7", "Benutzername")]
#[case::french("Nom d’utilisateur;IP\nuser2;198.51.100.7", "Nom d’utilisateur")]
#[case::spanish("Nombre de usuario,IP\nuser2,198.51.100.7", "Nombre de usuario")]
#[case::spanish_logon(
    "Nombre de inicio de sesión;IP\nuser2;198.51.100.7",
    "Nombre de inicio de sesión"
)]
#[case::japanese("ユーザー名,IP\nuser2,198.51.100.7", "ユーザー名")]
#[case::japanese_logon("ログオン名\t表示名\nuser2\t山田", "ログオン名")]
#[case::one_column("Username\nuser2", "Username")]
#[case::one_quoted_column("\"SamAccountName\"\r\n\"user2\"\r\n", "SamAccountName")]
#[case::one_german_column("Anmeldename\nuser2", "Anmeldename")]
#[case::aligned("User    Client IP\nuser2   198.51.100.7", "User")]
#[case::powershell_format_table(
    "SamAccountName Name\n-------------- ----\nuser2          A B",
    "SamAccountName"
)]
#[case::entra(
    "\"Date (UTC)\",\"User ID\",\"User\",\"Username\"\n\"x\",\"8e7c\",\"A B\",\"user2\"",
    "Username"
)]
#[case::entra_users("displayName,userPrincipalName\nA B,user2", "userPrincipalName")]
#[case::markdown("| Username | IP |\n|----------|----|\n| user2 | 198.51.100.7 |", "Username")]
#[case::apm_report("Session ID,Logon,Client IP\n2a5d7604,user2,198.51.100.7", "Logon")]
#[case::variable("session.logon.last.username,ip\nuser2,x", "session.logon.last.username")]
fn field_the_user_column_is_known(#[case] text: &str, #[case] column: &str) {
    let list = UserList::parse(text);
    assert_eq!(list.names, ["user2"], "{list:?}");
    assert_eq!(list.format, named(column));
}

#[rstest]
#[case::unknown_header("Kürzel;Client-IP\nuser2;198.51.100.7", &["Kürzel", "Client-IP"])]
#[case::no_header("user2\t198.51.100.7\nuser3\t198.51.100.8", &["user2", "198.51.100.7"])]
#[case::aligned("user2   198.51.100.7\nuser3   198.51.100.8", &["user2", "198.51.100.7"])]
#[case::names_of_people("Smith, John\nDoe, Jane", &["Smith", "John"])]
fn field_a_table_without_a_known_column_asks(#[case] text: &str, #[case] first: &[&str]) {
    let list = UserList::parse(text);
    assert_eq!((list.names.len(), list.refused_line), (0, Some(1)));
    let question = list.question.unwrap();
    assert_eq!(question.about, Doubt::Column(vec![]));
    assert_eq!(question.shown()[0], first);
}

#[rstest]
#[case::with_a_header("Kürzel;Ort", 4)]
#[case::without("user0;198.51.100.1", 3)]
fn a_question_shows_three_rows_besides_a_header(#[case] first: &str, #[case] shown: usize) {
    let rows: Vec<String> = (2..9).map(|n| format!("user{n};198.51.100.{n}")).collect();
    let list = UserList::parse(&[first, "\n", &rows.join("\n")].concat());
    assert_eq!(list.question.unwrap().shown().len(), shown);
}

#[test]
fn field_the_answer_chooses_the_column() {
    let text = "Kürzel;Client-IP\nuser2;198.51.100.7\nuser3;198.51.100.8";
    let read = |column, has_header| {
        let layout = Some(Layout::Column { column, has_header });
        UserList::read(text, Answers { layout, ..Answers::default() })
    };
    assert_eq!(read(0, true).names, ["user2", "user3"]);
    assert_eq!(read(0, true).format, named("Kürzel"));
    assert_eq!(read(0, false).names, ["Kürzel", "user2", "user3"]);
    assert_eq!(read(1, true).names, ["198.51.100.7", "198.51.100.8"]);
    assert!(read(7, true).names.is_empty());
}

#[test]
fn field_two_known_columns_ask() {
    let text = "SamAccountName,UserPrincipalName\nuser2,user2@example.test";
    let list = UserList::parse(text);
    assert_eq!(list.names.len(), 0);
    assert_eq!(list.question.unwrap().about, Doubt::Column(vec![0, 1]));
    let layout = Some(Layout::Column { column: 1, has_header: true });
    let answered = UserList::read(text, Answers { layout, ..Answers::default() });
    assert_eq!(answered.names, ["user2@example.test"]);
}

#[rstest]
#[case("user2, user3")]
#[case("user2; user3")]
#[case("user2\tuser3")]
#[case("user2|user3")]
fn field_a_comma_asks_once(#[case] text: &str) {
    let list = UserList::parse(text);
    assert_eq!((list.names.len(), list.refused_line), (0, Some(1)));
    assert_eq!(list.question.unwrap().about, Doubt::Parts);
    let read =
        |layout| UserList::read(text, Answers { layout: Some(layout), ..Answers::default() });
    assert_eq!(read(Layout::Parts).names, ["user2", "user3"]);
    assert_eq!(read(Layout::Lines).names, [text]);
}

#[rstest]
#[case::distinguished("cn=user2,ou=x", &["cn=user2,ou=x"])]
#[case::quoted_with_a_comma("\"Smith, John\"\nuser2", &["Smith, John", "user2"])]
#[case::with_a_space("user 2", &["user 2"])]
#[case::stray_quote("it\"s\nuser3", &["it\"s", "user3"])]
#[case::apostrophe("o'user", &["o'user"])]
#[case::trailing_commas("user2,\nuser3,", &["user2", "user3"])]
#[case::bullets("• user2\n- user3\n* user4", &["user2", "user3", "user4"])]
#[case::no_user("n/a\n-\nuser2\nN/A", &["user2"])]
#[case::called_null("null", &["null"])]
#[case::only_quotes("\"\"\nuser2", &["user2"])]
#[case::json_list("[\"user2\", \"user3\"]", &["user2", "user3"])]
#[case::json_objects("[{\"SamAccountName\": \"user2\", \"Name\": \"A B\"}]", &["user2"])]
#[case::format_list("Name           : A B\nSamAccountName : user2\n\nName           : C D\nSamAccountName : user3", &["user2", "user3"])]
#[case::ldif("dn: CN=A B,OU=x\nsAMAccountName: user2", &["user2"])]
#[case::mail("Please end the sessions of\nUser: user2", &["user2"])]
#[case::log("Nov 29 10:00:00 D notice apmd[1]: 01490010:5: /Common/vpn:Common:2a5d7604: Username 'user2'", &["user2"])]
#[case::dump("2a5d7604.session.logon.last.username 5 user2\n2a5d7604.session.user.starttime 10 1", &["user2"])]
#[case::extra_cells("Name,Username\nSmith, John,user3\n\"Smith, John\",user2", &["user2"])]
#[case::empty_cells_after("Username,IP,,\nuser2,x,,", &["user2"])]
#[case::repeated_header("Username,IP\nuser2,x\nUsername,IP\nuser3,y", &["user2", "user3"])]
#[case::no_value_cells("Username,IP\nn/a,x\n(null),x\nuser2,y", &["user2"])]
fn field_lists_of_users(#[case] text: &str, #[case] expected: &[&str]) {
    let list = UserList::parse(text);
    assert_eq!(list.names, expected, "{list:?}");
    assert_eq!(list.refused_line, None);
}

// More of the same families: Active Directory, Entra, PowerShell, Excel, `quser`, `csvde`, LDAP, reports, logs.
#[rstest]
#[case::ad_english("Name\tUser logon name\tType\nA B\tuser2\tUser", &["user2"])]
#[case::ad_pre_windows_2000("Name,User Logon Name (pre-Windows 2000)\nA B,user2", &["user2"])]
#[case::ad_german("Name\tBenutzeranmeldename\tTyp\nA B\tuser2\tBenutzer", &["user2"])]
#[case::ad_french("Nom;Nom d'ouverture de session de l'utilisateur\nA B;user2", &["user2"])]
#[case::ad_spanish("Nombre;Nombre de inicio de sesión de usuario\nA B;user2", &["user2"])]
#[case::ad_japanese("名前\tユーザー ログオン名\nA B\tuser2", &["user2"])]
#[case::entra_german("Anzeigename,Benutzerprinzipalname\nA B,user2@example.test", &["user2@example.test"])]
#[case::entra_french("Nom d’affichage,Nom d’utilisateur principal\nA B,user2@example.test", &["user2@example.test"])]
#[case::entra_spanish("Nombre para mostrar,Nombre principal de usuario\nA B,user2@example.test", &["user2@example.test"])]
#[case::entra_japanese("表示名,ユーザー プリンシパル名\nA B,user2@example.test", &["user2@example.test"])]
#[case::powershell_semicolons("\"Name\";\"SamAccountName\"\r\n\"B, A\";\"user2\"\r\n\"D; C\";\"user3\"\r\n", &["user2", "user3"])]
#[case::powershell_json("{\r\n    \"Name\":  \"A B\",\r\n    \"SamAccountName\":  \"user2\"\r\n}", &["user2"])]
#[case::powershell_blank_lines("\r\nSamAccountName Enabled\r\n-------------- -------\r\nuser2             True\r\nuser3            False\r\n\r\n", &["user2", "user3"])]
#[case::excel_utf8_german("\u{feff}Benutzer;Gerät\r\nuser2;lone\r\n", &["user2"])]
#[case::excel_with_a_title("Gesperrte Konten;;\nKontoname;Name;Grund\nuser2;A B;\"x; y\"", &["user2"])]
#[case::excel_line_break_in_a_cell("Username\tNote\nuser2\t\"first\nuser9\"\nuser3\tx", &["user2", "user3"])]
#[case::csvde("DN,objectClass,sAMAccountName\n\"CN=A B,OU=x,DC=example,DC=test\",user,user2", &["user2"])]
#[case::ldapsearch("# extended LDIF\n#\n# LDAPv3\ndn: CN=A B,OU=x\nsAMAccountName: user2\n\ndn: CN=C D,OU=x\nsAMAccountName: user3\n", &["user2", "user3"])]
#[case::distinguished_names("\"CN=user2,OU=x,DC=example\"\n\"CN=user3,OU=x,DC=example\"", &["CN=user2,OU=x,DC=example", "CN=user3,OU=x,DC=example"])]
#[case::quser(" USERNAME     SESSIONNAME    ID  STATE\n user2        rdp-tcp#1       1  Active\n user3        rdp-tcp#2       2  Active", &["user2", "user3"])]
#[case::domain_names("CORP\\user2\nCORP\\user3\nCORP\\user2", &["CORP\\user2", "CORP\\user3"])]
#[case::splunk("_time,user,session\n2026-11-29,user2,2a5d7604", &["user2"])]
#[case::bigiq_report("Session ID,User Name,Client IP\n2a5d7604,user2,198.51.100.7", &["user2"])]
#[case::log_of_two("Nov 29 10:00:00 D notice apd[1]: 01490010:5: 2a5d7604: Username 'user2'\nNov 29 10:00:00 D notice apd[1]: 01490010:5: 875f7fed: Username 'user3'\n", &["user2", "user3"])]
#[case::json_lines("{\"user\":\"user2\"}\n{\"user\":\"user3\"}", &["user2", "user3"])]
fn field_more_lists_of_users(#[case] text: &str, #[case] expected: &[&str]) {
    let list = UserList::parse(text);
    assert_eq!(list.names, expected, "{list:?}");
    assert_eq!(list.refused_line, None);
}

#[rstest]
#[case::addresses("user2@example.test; user3@example.test", Doubt::Parts)]
#[case::outlook("A B <user2@example.test>; C D <user3@example.test>", Doubt::Parts)]
#[case::directory_view("Name\tType\tDescription\nA B\tUser\tx\nC D\tUser\ty", Doubt::Column(vec![]))]
#[case::unknown_language("Käyttäjätunnus;Osoite\nuser2;198.51.100.7\nuser3;198.51.100.8", Doubt::Column(vec![]))]
#[case::two_known("Username,UPN\nuser2,user2@example.test", Doubt::Column(vec![0, 1]))]
#[case::one_line_of_many("user2\nuser3, user4", Doubt::Parts)]
fn field_more_doubts(#[case] text: &str, #[case] about: Doubt) {
    let list = UserList::parse(text);
    assert!(list.names.is_empty(), "{list:?}");
    assert_eq!(list.question.unwrap().about, about);
}

#[test]
fn field_a_title_before_an_unknown_header_does_not_hide_the_column() {
    let text = "Gesperrte Konten\n\nKürzel;Client-IP\nuser2;198.51.100.7\nuser3;198.51.100.8";
    assert!(UserList::parse(text).question.is_some());
    let layout = Some(Layout::Column { column: 0, has_header: true });
    let list = UserList::read(text, Answers { layout, ..Answers::default() });
    assert_eq!(list.names, ["user2", "user3"]);
    assert_eq!(list.format, named("Kürzel"));
}

#[rstest]
#[case::a_known_column("SamAccountName,Name\nuser2,A B")]
#[case::an_unknown_column("Kürzel;IP\nuser2;198.51.100.7")]
#[case::json("[{\"SamAccountName\": \"user2\", \"Name\": \"A B\"}]")]
#[case::properties("SamAccountName : user2\nName : A B")]
fn field_another_column_can_be_asked_for(#[case] text: &str) {
    let read =
        |layout| UserList::read(text, Answers { layout: Some(layout), ..Answers::default() });
    let asked = read(Layout::Ask);
    assert!(asked.names.is_empty() && asked.question.is_some(), "{asked:?}");
    assert_eq!(read(Layout::Column { column: 0, has_header: true }).names, ["user2"]);
}

#[rstest]
#[case(&["user2", "user3"], None)]
#[case(&["Smith, John", "“user2”", "- x", "a;b"], None)]
#[case(&["Username", "user2"], Some(Layout::Lines))]
#[case(&["#user2", "sep=x"], None)]
#[case(&["2a5d7604.session.user 1 x"], Some(Layout::Lines))]
fn field_names_are_carried_as_values(#[case] names: &[&str], #[case] layout: Option<Layout>) {
    let names: Vec<_> = names.iter().map(|name| crate::ids::UserName::new(*name)).collect();
    let (text, answers) = UserList::written(&names);
    assert_eq!(UserList::read(&text, answers).names, names, "{text:?}");
    assert_eq!(answers.layout, layout, "{text:?}");
}

#[test]
fn the_report_has_every_line() {
    let text = "#TYPE x\nUsername,IP\n\"user2\",x\n\nn/a,y\na,b,c\nuser3,z";
    let list = UserList::parse(text);
    let outcomes: Vec<_> = list.report(text).iter().map(|line| (line.line, line.outcome)).collect();
    let expected = [
        (1, LineOutcome::Skipped(SkipReason::Preamble)),
        (2, LineOutcome::Skipped(SkipReason::Header)),
        (3, LineOutcome::Changed(Change::Quotes)),
        (5, LineOutcome::Skipped(SkipReason::NoValue)),
        (6, LineOutcome::Skipped(SkipReason::OtherColumns)),
        (7, LineOutcome::Used),
    ];
    assert_eq!(outcomes, expected);
    let asked = UserList::parse("user2, user3");
    let undecided = LineOutcome::Skipped(SkipReason::Undecided);
    assert_eq!(asked.report("user2, user3")[0].outcome, undecided);
}

#[rstest]
#[case("“user2”")]
#[case("\"user2\"")]
#[case("„user2“")]
#[case("'user2'")]
fn field_quotes_are_read_as_quotes(#[case] text: &str) {
    let list = UserList::parse(text);
    assert_eq!(list.names, ["user2"]);
    assert_eq!(list.changed, [ChangedLine { line: 1, change: Change::Quotes }]);
}

#[test]
fn field_an_invisible_character_stays_until_it_is_removed() {
    assert_eq!(users("user2\u{200b}"), ["user2\u{200b}"]);
}

#[test]
fn what_was_left_out_is_listed() {
    let list = UserList::parse("#TYPE x\nUsername,IP\n, x\na,b,c\nuser2,x\n\"a\nb\",x");
    let expected = [
        (1, SkipReason::Preamble),
        (2, SkipReason::Header),
        (3, SkipReason::NoValue),
        (4, SkipReason::OtherColumns),
        (6, SkipReason::LineBreak),
    ];
    let skipped: Vec<_> = list.skipped.iter().map(|line| (line.line, line.reason)).collect();
    assert_eq!((list.names.as_slice(), skipped.as_slice()), (&["user2".into()][..], &expected[..]));
}

#[test]
fn more_than_200_columns_are_refused() {
    let header = ["Username", &",x".repeat(200)].concat();
    let list = UserList::parse(&[&header, "\nuser2"].concat());
    assert_eq!((list.names.len(), list.refused_line), (0, Some(1)));
}

#[test]
fn quotes_can_be_ordinary_text() {
    let answers = Answers { quotes_are_text: true, ..Answers::default() };
    assert_eq!(UserList::read("\"user2\nUser2", answers).names, ["\"user2", "User2"]);
}

#[rstest]
#[case("Username;IP\nuser2;x\nuser3;y", "user2", Some("a;b"), "Username;IP\n\"a;b\";x\nuser3;y")]
#[case("user2\nuser3", "user2", Some("a, b"), "\"a, b\"\nuser3")]
#[case("\"user2\"\nuser3", "user2", None, "user3")]
#[case("• user2\nuser3", "user2", Some("user4"), "• user4\nuser3")]
#[case("User: user2\nUser: user3", "user3", None, "user2")]
#[case("user2\r\nuser3\r\n", "user2", None, "user3\r\n")]
#[case("[\"user2\", \"user3\"]", "user2", Some("user4"), "user4\nuser3")]
#[case::what_is_left_would_be_a_table("user2\nuser3", "user2", Some("a;b"), "\"a;b\"\nuser3")]
fn editing(
    #[case] text: &str,
    #[case] given: &str,
    #[case] meant: Option<&str>,
    #[case] expected: &str,
) {
    let meant = meant.map(crate::ids::UserName::new);
    let edited = UserList::edited(text, Answers::default(), &given.into(), meant.as_ref());
    assert_eq!(edited, (expected.to_owned(), Answers::default()));
}

// Sessions.

const LOG: &str = "\
Nov 29 10:00:00 lone notice tmm[1]: 01490500:5: /Common/vpn:Common:2a5d7604: New session from client IP 198.51.100.7 (ST=/CC=/C=) at VIP 192.0.2.1 Listener /Common/vs (Reputation=Unknown)
Nov 29 10:00:01 lone notice apmd[2]: 01490010:5: /Common/vpn:Common:2a5d7604: Username 'user2'
Nov 29 10:00:02 lone notice apmd[2]: 01490102:5: /Common/vpn:Common:2a5d7604: Access policy result: Network_Access
Nov 29 10:00:03 lone notice tmm[1]: 01490521:5: /Common/vpn:Common:2a5d7604: Session statistics - bytes in: 1, bytes out: 2
";

#[test]
fn field_lines_of_the_apm_log() {
    let report = read(LOG);
    assert_eq!(sessions(&report), [("lone", "2a5d7604", "user2")]);
    assert_eq!((report.understood, report.more, &report.format), (1, 3, &PastedFormat::ApmLog));
}

#[rstest]
#[case::old("Dec 12 10:11:12 lone notice apd[3412]: 01490010:5: 2a5d7604: Username 'user2'")]
#[case::relayed(
    "<133>1 2026-11-29T10:00:00Z lone.example.test apmd[9]: 01490010:5: /Common/vpn:Common:2a5d7604: Username 'user2'"
)]
fn field_other_lines_of_the_apm_log(#[case] text: &str) {
    assert_eq!(sessions(&read(text)), [("lone", "2a5d7604", "user2")]);
}

#[test]
fn field_lines_of_the_log_without_a_session() {
    let text = [LOG, "Nov 29 10:00:04 lone err mcpd[5]: 01070417:3: AUDIT - transaction 2a5d7605\nNov 29 10:00:05 lone notice sshd[12]: Accepted password for user2\n"].concat();
    let report = read(&text);
    assert_eq!((report.sessions.len(), report.not_understood.as_slice()), (1, &[5, 6][..]));
}

#[test]
fn field_a_mail_around_the_sessions() {
    let report = read("Please end this session today:\nlone 2hjj234\nlone 9as3323\n");
    assert_eq!(sessions(&report), [("lone", "2hjj234", ""), ("lone", "9as3323", "")]);
    assert_eq!((report.not_understood.as_slice(), report.headers.len()), (&[1][..], 0));
    assert_eq!(report.unusual_ids, [2, 3]);
}

#[rstest]
#[case::pretty(
    "{\n  \"entries\": {\n    \"https://localhost/mgmt/tm/apm/access-info/2a5d7604\": {\n      \"nestedStats\": {\n        \"entries\": {\n          \"logonUser\": {\n            \"description\": \"user2\"\n          }\n        }\n      }\n    }\n  }\n}"
)]
#[case::one_line(
    "{\"entries\":{\"https://localhost/mgmt/tm/apm/access-info/2a5d7604\":{\"nestedStats\":{\"entries\":{\"logonUser\":{\"description\":\"user2\"}}}}}}"
)]
#[case::with_its_id(
    "{\"entries\":{\"https://localhost/mgmt/tm/apm/access-info/x\":{\"nestedStats\":{\"entries\":{\"sessionId\":{\"description\":\"2a5d7604\"},\"logonUser\":{\"description\":\"user2\"}}}}}}"
)]
#[case::one_session(
    "{\"selfLink\":\"https://localhost/mgmt/tm/apm/access-info/2a5d7604?ver=16.1.0\",\"entries\":{\"logonUser\":{\"description\":\"user2\"}}}"
)]
#[case::flat("[{\"Session ID\":\"2a5d7604\",\"User\":\"user2\"}]")]
#[case::a_line_each(
    "{\"sessionId\":\"2a5d7604\",\"user\":\"user2\"}\n{\"sessionId\":\"2a5d7604\",\"user\":\"user2\"}"
)]
fn field_access_info_as_json(#[case] text: &str) {
    let report = on_lone(text);
    assert_eq!(sessions(&report), [("lone", "2a5d7604", "user2")]);
    assert_eq!((report.format, report.not_understood.len()), (PastedFormat::Json, 0));
    assert!(!read(text).no_device.is_empty());
}

#[rstest]
#[case::not_closed("{\n\"entries\": {")]
#[case::without_sessions("{\"items\": [{\"id\": \"2a5d7604\"}]}")]
#[case::text_after_it("{\"sessionId\":\"2a5d7604\"}\nlone 2hjj234")]
fn field_json_without_sessions_is_refused(#[case] text: &str) {
    let report = on_lone(text);
    assert!(report.sessions.is_empty());
    assert_eq!(report.not_understood.len(), report.lines);
    assert_eq!(report.reason(1), Some(SkipReason::Json));
}

#[test]
fn field_a_kill_request_as_json() {
    let text = "{\"devices\":[{\"deviceReference\":{\"link\":\"https://localhost/mgmt/cm/system/machineid-resolver/lone\"},\"sessionIds\":[\"2a5d7604\",\"875f7fed\"]}]}";
    assert_eq!(sessions(&read(text)), [("lone", "2a5d7604", ""), ("lone", "875f7fed", "")]);
}

#[test]
fn field_json_names_a_device_that_is_not_known() {
    let report = on_lone(
        "[{\"sessionId\":\"2a5d7604\",\"device\":\"edge-9\"},\n{\"sessionId\":\"875f7fed\"}]",
    );
    assert_eq!(sessions(&report), [("lone", "875f7fed", "")]);
    assert_eq!(report.unknown_devices.get("edge-9"), Some(&vec![1]));
}

#[rstest]
#[case::of_localhost("https://localhost/mgmt/tm/apm/access-info/2a5d7604")]
#[case::of_the_device("https://lone.example.test/mgmt/tm/apm/access-info/2a5d7604?ver=16.1.0")]
#[case::after_its_device("lone https://localhost/mgmt/tm/apm/access-info/2a5d7604")]
#[case::in_a_table("Device,Session\nlone,https://localhost/mgmt/tm/apm/access-info/2a5d7604")]
fn field_a_link_to_a_session(#[case] text: &str) {
    let report = on_lone(text);
    assert_eq!(sessions(&report), [("lone", "2a5d7604", "")]);
}

#[rstest]
#[case::with_a_dot("Session ID,Device\n4.90E+20,lone")]
#[case::with_a_comma("Session ID,Device\n4,90E+20,lone")]
#[case::with_a_comma_between_semicolons("Session ID;Device\n4,90E+20;lone")]
#[case::without_a_header("x\nlone 4.90E+20")]
#[case::of_three_cells("x\nuser lone 1E+12")]
fn field_a_number_that_a_spreadsheet_changed(#[case] text: &str) {
    let report = read(text);
    assert!(report.sessions.is_empty());
    assert_eq!(report.reason(2), Some(SkipReason::ChangedNumber), "{report:?}");
}

#[test]
fn field_a_changed_number_is_used_if_the_operator_insists() {
    let answers = Answers { use_changed_numbers: true, ..Answers::default() };
    let report = read_with("Session ID,Device\n4.90E+20,lone", None, answers, IdShapes::default());
    assert_eq!(sessions(&report), [("lone", "4.90E+20", "")]);
}

#[test]
fn field_an_id_without_its_leading_zeros() {
    let text = "Session ID,Device\n2a5d7604,lone\n875f7fed,lone\n4567123,lone";
    let report = read(text);
    assert_eq!((report.sessions.len(), report.understood), (2, 2));
    assert_eq!(report.reason(4), Some(SkipReason::ChangedNumber));
    let shapes = || IdShapes::of(["2a5d7604"].into_iter());
    let alone = "Session ID,Device\n4567123,lone";
    assert!(read_with(alone, None, Answers::default(), shapes()).sessions.is_empty());
    assert_eq!(read(alone).unusual_ids, [2], "nothing says how long ids are");
    let answers = Answers { use_changed_numbers: true, ..Answers::default() };
    assert_eq!(read_with(text, None, answers, shapes()).sessions.len(), 3);
}

#[test]
fn field_a_staff_number_before_the_id_asks() {
    let text = "lone,10045678,2hjj234\nlone,10045679,9as3323";
    let report = read(text);
    assert!(report.sessions.is_empty());
    assert_eq!(report.reason(1), Some(SkipReason::SeveralIds));
    let question = report.question.unwrap();
    assert_eq!((question.line, question.about), (1, Doubt::Column(vec![1, 2])));
    let rows = [["lone", "10045678", "2hjj234"], ["lone", "10045679", "9as3323"]];
    assert_eq!(question.preview, rows);
    let layout = Some(Layout::Column { column: 2, has_header: false });
    let answers = Answers { layout, ..Answers::default() };
    let report = read_with(text, None, answers, IdShapes::default());
    assert_eq!(sessions(&report), [("lone", "2hjj234", ""), ("lone", "9as3323", "")]);
}

#[rstest]
#[case::a_date("lone,20261129,2hjj234")]
#[case::two_ids("lone 2a5d7604 875f7fed")]
#[case::a_word_with_digits("lone 2hjj234 today")]
fn field_several_possible_ids_ask(#[case] text: &str) {
    let report = read(text);
    assert!(report.sessions.is_empty() && report.question.is_some(), "{report:?}");
}

#[rstest]
#[case::curly("lone “2hjj234”")]
#[case::straight("lone \"2hjj234\"")]
#[case::around_the_device("“lone” 2hjj234")]
fn field_quotes_around_an_id(#[case] text: &str) {
    let report = read(text);
    assert_eq!(sessions(&report), [("lone", "2hjj234", "")]);
    assert_eq!(report.changed, [ChangedLine { line: 1, change: Change::Quotes }]);
}

#[rstest]
#[case("lone 2a5d7604\u{200b}")]
#[case("\u{200e}lone 2a5d7604")]
fn field_an_invisible_character_is_no_part_of_an_id(#[case] text: &str) {
    let report = read(text);
    assert_eq!(sessions(&report), [("lone", "2a5d7604", "")]);
    assert_eq!(report.changed, [ChangedLine { line: 1, change: Change::Invisible }]);
}

#[test]
fn field_no_user_is_no_user() {
    let report =
        read("Session ID,User,Device\n2a5d7604,n/a,lone\n875f7fed,-,lone\n6c1d0e3b,user2,lone");
    let users: Vec<_> = sessions(&report).into_iter().map(|(_, _, user)| user).collect();
    assert_eq!(users.iter().filter(|user| user.is_empty()).count(), 2);
}

#[rstest]
#[case::german("Sitzungs-ID;Benutzername;Gerät\n2a5d7604;user2;lone")]
#[case::french("ID de session;Utilisateur;Nom d'hôte\n2a5d7604;user2;lone")]
#[case::spanish("ID de sesión,Usuario,Dispositivo\n2a5d7604,user2,lone")]
#[case::japanese("セッションID\tユーザー名\tデバイス\n2a5d7604\tuser2\tlone")]
#[case::typed_preamble(
    "#TYPE System.Object\n\"Session ID\",\"User\",\"Device\"\n\"2a5d7604\",\"user2\",\"lone\""
)]
#[case::separator_preamble("sep=;\nSession ID;User;Device\n2a5d7604;user2;lone")]
#[case::over_lines(
    "Device,Note,Session ID,User\nlone,\"today\nblue-a,x,875f7fed,user3\",2a5d7604,user2"
)]
#[case::blank_cell(
    "Session ID   User    Device\n2a5d7604     user2   lone\n875f7fed     user3         "
)]
#[case::list("Session ID : 2a5d7604\nUser       : user2\nDevice     : lone\n")]
#[case::list_with_more("Device: lone\nSession ID: 2a5d7604\nClient IP: 198.51.100.7\nUser: user2")]
#[case::old_line_ends("Session ID,User,Device\r2a5d7604,user2,lone\r")]
fn field_tables_of_sessions(#[case] text: &str) {
    let report = read(text);
    assert_eq!(sessions(&report), [("lone", "2a5d7604", "user2")], "{report:?}");
}

#[rstest]
#[case::extra_cell("Session ID,Device\n2a5d7604,x,lone", SkipReason::OtherColumns)]
#[case::security_id("SID,Device\nS-1-5-21-1,lone", SkipReason::Text)]
#[case::a_quoted_comment_after_spaces(
    "x\nlone 2a5d7604 \"replaced\nlone 875f7fed",
    SkipReason::BrokenQuotes
)]
fn field_lines_that_are_not_used(#[case] text: &str, #[case] reason: SkipReason) {
    let report = read(text);
    assert!(report.sessions.is_empty());
    assert!(report.not_understood.contains(&2));
    assert_eq!(report.reason(2).unwrap_or(SkipReason::Text), reason);
}

#[rstest]
#[case::german_excel(
    "\"Sitzungskennung\";\"Gerät\";\"Benutzer\"\r\n\"2a5d7604\";\"lone\";\"user2\"\r\n"
)]
#[case::french_excel("Identifiant de session;Appareil;Nom d’utilisateur\n2a5d7604;lone;user2")]
#[case::markdown("| Session ID | User | Device |\n|---|---|---|\n| 2a5d7604 | user2 | lone |")]
#[case::excel_empty_columns("Session ID\tUser\tDevice\t\t\n2a5d7604\tuser2\tlone\t\t")]
#[case::title_before_the_header(
    "Open sessions of today\nSession ID,User,Device\n2a5d7604,user2,lone"
)]
#[case::grep_of_the_log(
    "/var/log/apm:Nov 29 10:00:01 lone notice apmd[2]: 01490010:5: /Common/vpn:Common:2a5d7604: Username 'user2'"
)]
#[case::client_info(
    "Dec 12 10:11:12 lone notice apd[1]: 01490248:5: 2a5d7604: Received client info - Type: Mozilla Version: 5 Platform: Win8\nDec 12 10:11:12 lone notice apd[1]: 01490010:5: 2a5d7604: Username 'user2'"
)]
#[case::a_reply("> lone 2a5d7604\nlone.session.x")]
#[case::kill_list_of_links(
    "User,Session\nuser2,https://lone.example.test/mgmt/tm/apm/access-info/2a5d7604"
)]
fn field_more_lists_of_sessions(#[case] text: &str) {
    let report = read(text);
    let found = sessions(&report);
    assert_eq!(found.len(), 1, "{report:?}");
    assert_eq!((found[0].0, found[0].1), ("lone", "2a5d7604"));
}

#[test]
fn field_sessions_of_the_log_that_alternate() {
    let line =
        |id, rest| format!("Nov 29 10:00:00 lone notice apmd[2]: 01490010:5: {id}: {rest}\n");
    let text = [
        line("2a5d7604", "Username 'user2'"),
        line("875f7fed", "Username 'user3'"),
        line("2a5d7604", "x"),
    ]
    .concat();
    let report = read(&text);
    assert_eq!(sessions(&report), [("lone", "2a5d7604", "user2"), ("lone", "875f7fed", "user3")]);
    assert_eq!((report.understood, report.more), (2, 1));
}

#[test]
fn field_access_info_without_a_user() {
    let session = |id: &str, user: &str| {
        format!(
            "\"https://localhost/mgmt/tm/apm/access-info/{id}\":{{\"nestedStats\":{{\"entries\":{{\"logonUser\":{{\"description\":\"{user}\"}}}}}}}}"
        )
    };
    let text = format!(
        "{{\"entries\":{{{},{}}}}}",
        session("2a5d7604", "n/a"),
        session("875f7fed", "user2")
    );
    assert_eq!(
        sessions(&on_lone(&text)),
        [("lone", "2a5d7604", ""), ("lone", "875f7fed", "user2")]
    );
}

#[test]
fn the_report_of_sessions_has_every_line() {
    let text = "sid,device\n2a5d7604,lone\n2a5d7604,lone\n4.90E+20,lone\n,lone\npolicy,lone\n875f7fed,edge-9\n875f7fed,\n“6c1d0e3b”,lone";
    let report = read(text);
    let outcomes: Vec<_> = report.report(text).iter().map(|line| line.outcome).collect();
    let skipped = LineOutcome::Skipped;
    let expected = [
        skipped(SkipReason::Header),
        LineOutcome::Used,
        skipped(SkipReason::Repeated),
        skipped(SkipReason::ChangedNumber),
        skipped(SkipReason::NoValue),
        LineOutcome::Unusual,
        skipped(SkipReason::OtherDevice),
        skipped(SkipReason::NoDevice),
        LineOutcome::Changed(Change::Quotes),
    ];
    assert_eq!(outcomes, expected, "{report:?}");
    assert_eq!(report.unused(), 4);
}

#[test]
fn field_a_column_of_sessions_can_be_asked_for() {
    let text = "Ticket,Device,Code\n10045678,lone,2a5d7604\n10045679,lone,875f7fed";
    let read = |layout| {
        read_with(
            text,
            None,
            Answers { layout: Some(layout), ..Answers::default() },
            IdShapes::default(),
        )
    };
    let asked = read(Layout::Ask);
    assert!(asked.sessions.is_empty());
    assert_eq!(asked.question.unwrap().preview.len(), 3);
    let report = read(Layout::Column { column: 2, has_header: true });
    assert_eq!(sessions(&report), [("lone", "2a5d7604", ""), ("lone", "875f7fed", "")]);
}

#[test]
fn the_lines_left_include_all_lines_of_a_record() {
    let text = "sid,device,note\r\n1,lone,x\r\n2,edge-9,\"a\r\nb\"\r\n";
    assert_eq!(read(text).left_of(text), "sid,device,note\n2,edge-9,\"a\nb\"\n");
}

// Targets.

fn estate() -> crate::inventory::Inventory {
    let named = |id: &str, host: &str, address: &str, cluster: &str, group: &str| AccessDevice {
        hostname: Some(host.to_owned().into()),
        address: Some(address.to_owned().into()),
        ..wire(id, cluster, group)
    };
    let devices = [
        named("m-1", "bluebigipveha1.example.test", "192.0.2.30", "BlueCluster", "TestGroup"),
        named("m-2", "bluebigipveha2.example.test", "2001:db8::5", "BlueCluster", "TestGroup"),
        named("m-3", "red.example.test", "192.0.2.31", "", ""),
    ];
    DeviceList::of(devices).inventory(&[], vec![], Timestamp(1_000))
}

fn targets(list: &TargetList) -> Vec<&str> {
    let devices = list.devices.iter().map(|id| id.as_str());
    devices.chain(list.clusters.iter().chain(&list.groups).map(String::as_str)).collect()
}

#[rstest]
#[case::route_domain("192.0.2.30%0", "m-1")]
#[case::port("red.example.test:443", "m-3")]
#[case::scheme_and_port("https://red:443", "m-3")]
#[case::link("https://red.example.test/tmui/login.jsp", "m-3")]
#[case::partition("/Common/bluebigipveha1", "m-1")]
#[case::partition_of_a_cluster("/Common/BlueCluster", "BlueCluster")]
#[case::long_ipv6("2001:0db8:0:0:0:0:0:5", "m-2")]
#[case::ipv6_in_brackets("[2001:db8::5]", "m-2")]
#[case::ipv6_with_a_port("https://[2001:DB8:0::5]:8443/", "m-2")]
#[case::invisible("red\u{200b}", "m-3")]
#[case::curly_quotes("“red”", "m-3")]
#[case::host_mask("192.0.2.30/32", "m-1")]
#[case::trailing_dot("red.example.test.", "m-3")]
#[case::upper_case_scheme("HTTPS://RED/", "m-3")]
#[case::ipv6_route_domain("2001:db8::5%1", "m-2")]
#[case::address_with_a_port("192.0.2.31:443", "m-3")]
#[case::quoted_group("'TestGroup'", "TestGroup")]
fn field_targets_as_people_copy_them(#[case] text: &str, #[case] expected: &str) {
    let list = TargetList::read(text, &estate());
    assert_eq!(targets(&list), [expected], "{list:?}");
    assert!(list.unknown.is_empty());
}

#[rstest]
#[case::case("bluecluster", SimilarTarget::Cluster("BlueCluster".into()))]
#[case::group("testgroup", SimilarTarget::Group("TestGroup".into()))]
#[case::typo("BleuCluster", SimilarTarget::Cluster("BlueCluster".into()))]
#[case::device("bluebigipvha2:443", SimilarTarget::Device("m-2".into()))]
#[case::look_alike("r\u{435}d", SimilarTarget::Device("m-3".into()))]
fn field_did_you_mean(#[case] text: &str, #[case] expected: SimilarTarget) {
    let list = TargetList::read(text, &estate());
    assert_eq!((list.found(), list.unknown.len()), (0, 1));
    let similar = list.similar(&estate(), &str::to_owned);
    assert!(similar[0].contains(&expected), "{similar:?}");
    let sibling = TargetList::read("bluebigipveha9\n192.0.2.39", &estate());
    assert_eq!(
        sibling.similar(&estate(), &str::to_owned),
        [vec![], vec![]],
        "another number is another device"
    );
    let unlike = TargetList::read("other", &estate()).similar(&estate(), &str::to_owned);
    assert_eq!(unlike, [vec![]]);
}

#[rstest]
#[case::of_devices("Hostname,Note\nred,moved from bluebigipveha1\n", &["m-3"])]
#[case::in_german("Gerät;Notiz\nred;\"bluebigipveha1\nBlueCluster\"\n", &["m-3"])]
#[case::of_clusters("sep=;\nCluster;Note\nBlueCluster;red", &["BlueCluster"])]
#[case::aligned("Hostname   Address\nred        192.0.2.30", &["m-3"])]
#[case::no_value("Hostname,Note\n-,red\nred,x", &["m-3"])]
#[case::a_sentence("please end all sessions that run on red today", &[])]
#[case::a_list("red, BlueCluster\nTestGroup", &["m-3", "BlueCluster", "TestGroup"])]
fn field_tables_of_targets(#[case] text: &str, #[case] expected: &[&str]) {
    assert_eq!(targets(&TargetList::read(text, &estate())), expected);
}

#[rstest]
#[case("pending.example.test 198.51.100.60", &["pending.example.test", "198.51.100.60"])]
#[case("m-8 m-9", &["m-8", "m-9"])]
#[case("red nobody", &["nobody"])]
#[case("please look at red and m-9", &["please look at red and m-9"])]
fn field_unknown_targets_between_spaces(#[case] text: &str, #[case] unknown: &[&str]) {
    let list = TargetList::read(text, &estate());
    let texts: Vec<&str> = list.unknown.iter().map(|entry| &*entry.text).collect();
    assert_eq!(texts, unknown);
}

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

proptest! {
    /// Whatever the cells contain: one cell never becomes more than one user, and only cells of the user column do.
    #[test]
    fn users_come_only_from_their_column(
        rows in prop::collection::vec(("[a-zA-Z0-9 ,;|'“\"\n\r\t.=:@#{\\[-]{0,12}", "[a-zA-Z0-9 ,;|\"\n\t]{0,12}"), 1..6),
        delimiter in "[,;\t|]",
        line_end in "\r\n|\n|\r",
    ) {
        let lines = rows.iter().map(|(user, note)| [&quoted(note), &*delimiter, &quoted(user), &*line_end].concat());
        let text = ["Note", &delimiter, "Username", &line_end].concat() + &lines.collect::<String>();
        let list = UserList::parse(&text);
        prop_assert_eq!(list.refused_line, None);
        let cells: Vec<&str> = rows.iter().map(|(user, _)| user.as_str()).collect();
        prop_assert!(list.names.iter().all(|name| cells.contains(&name.as_str())), "{list:?}");
        let repeats: usize = list.repeated.iter().map(|repeated| repeated.times - 1).sum();
        prop_assert!(list.names.len() + repeats <= rows.len());
        let skipped = list.skipped.len() - 1;
        prop_assert_eq!(list.names.len() + repeats + skipped, rows.len());
    }

    /// The same for a column that the operator chose, with or without a header.
    #[test]
    fn users_come_only_from_the_chosen_column(
        rows in prop::collection::vec(prop::collection::vec("[a-zA-Z0-9 ,;|'\"\n=:@-]{0,10}", 3), 1..6),
        delimiter in "[,;\t|]",
        column in 0_usize..3,
        has_header: bool,
    ) {
        let line = |row: &Vec<String>| row.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(&delimiter);
        let text = rows.iter().map(line).collect::<Vec<_>>().join("\n");
        let layout = Some(Layout::Column { column, has_header });
        let list = UserList::read(&text, Answers { layout, ..Answers::default() });
        let values: Vec<&str> = rows.iter().map(|row| row[column].as_str()).collect();
        prop_assert!(list.names.iter().all(|name| values.contains(&name.as_str())), "{list:?}");
        prop_assert!(list.names.len() <= rows.len());
    }

    /// The same for sessions.
    #[test]
    fn sessions_come_only_from_their_columns(
        rows in prop::collection::vec(("[a-z0-9 ,\"\n]{0,10}", "(lone|blue-a|[a-z ,\n]{0,6})", "[a-z0-9 ,;|\"\n\t]{0,30}"), 1..6),
        delimiter in "[,;\t|]",
    ) {
        let lines = rows.iter().map(|(id, device, note)| {
            [&quoted(note), &*delimiter, &quoted(device), &*delimiter, &quoted(id), "\n"].concat()
        });
        let text = ["Note", &delimiter, "Device", &delimiter, "Session ID\n"].concat() + &lines.collect::<String>();
        let report = read(&text);
        prop_assert!(report.sessions.len() <= rows.len());
        for session in report.sessions.iter() {
            let is_row = |(id, device, _): &(String, String, String)| {
                id.trim() == session.id.as_str() && device.trim() == session.device.as_str()
            };
            prop_assert!(rows.iter().any(is_row), "{session:?}");
        }
    }

    /// The same for targets: the note of a table never selects one.
    #[test]
    fn targets_come_only_from_their_column(
        rows in prop::collection::vec(("(red|BlueCluster|[a-z ,\n]{0,6})", "(red|TestGroup|[a-z]{0,3}|[ ,;|\"\n\t]{1,2}){0,4}"), 1..6),
        delimiter in "[,;\t|]",
    ) {
        let lines = rows.iter().map(|(target, note)| [&quoted(note), &*delimiter, &quoted(target), "\n"].concat());
        let text = ["Note", &delimiter, "Hostname\n"].concat() + &lines.collect::<String>();
        let list = TargetList::read(&text, &estate());
        let has = |name: &str| rows.iter().any(|(target, _)| target.trim() == name);
        prop_assert_eq!(list.devices.len(), usize::from(has("red")));
        prop_assert_eq!((list.clusters.len(), list.groups.len()), (usize::from(has("BlueCluster")), 0));
    }
}
