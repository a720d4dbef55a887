// Breaks safeguards, one at a time, in a copy of the sources, and checks that a test fails for each. `node scripts/mutate.mjs` runs
// all; with a word it runs those whose name contains it; `--check` only checks that each can be applied. The results are in
// target/reliability/mutations.json, from which scripts/reliability.mjs writes its table. It must not change the sources themselves.
//
// A comment `// guard: <name>` (`# guard: <name>` in the proxies' configurations) stands above each safeguard. The mutations name
// only the guard, so they survive when files, functions and variables get other names.

import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** Kept from one run to the next; the copy of the sources is removed. */
const TARGET = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target/mutated");

const MARKER = /^[ \t]*(?:\/\/|#) guard: ([a-z0-9]+(?:-[a-z0-9]+)*)$/;

/** The guards in files, `[path, text]`: by name, each place with its path and the index of the line below the marker. */
export function guards(files) {
  const found = new Map();
  for (const [path, text] of files) {
    for (const [index, line] of text.split("\n").entries()) {
      const name = MARKER.exec(line)?.[1];
      if (name !== undefined) found.set(name, [...(found.get(name) ?? []), { path, line: index + 1 }]);
    }
  }
  return found;
}

const CODE = new Set([".rs", ".js", ".mjs", ".ts"]);

/**
 * How many lines the guarded statement has. In code it ends with the line that ends with `;`, `,`, `{` or `}`, or before one that
 * closes what surrounds it. So the body of an `if` is not part of it. In a configuration it is one line.
 */
function lengthAt(lines, start, path) {
  if (!CODE.has(extname(path))) return 1;
  let length = 1;
  while (!/[;,{}]$/.test(lines[start + length - 1]) && /^\s*[^\s)\]}]/.test(lines[start + length] ?? "")) length += 1;
  return length;
}

/** A text with the guard at a line broken; `undefined` if the operation doesn't fit the statement. */
export function broken(text, { path, line }, operation) {
  const lines = text.split("\n");
  const length = operation.lines ?? lengthAt(lines, line, path);
  const statement = lines.slice(line, line + length).join("\n");
  const changed = operation.edit(statement, path);
  if (changed === undefined || changed === statement) return undefined;
  lines.splice(line, length, ...(changed === "" ? [] : [changed]));
  return lines.join("\n");
}

/** Whether each bracket that a text opens is closed in it. */
function isBalanced(text) {
  let depth = 0;
  for (const [bracket] of text.matchAll(/[()[\]{}]/g)) {
    depth += "([{".includes(bracket) ? 1 : -1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

/** Removes the next lines. In code they must be whole statements. */
export const drop = (lines = 1) => ({ lines, edit: (text, path) => (!CODE.has(extname(path)) || isBalanced(text) ? "" : undefined) });

/** Replaces a text or a regular expression that occurs once. */
export const swap = (from, to) => ({
  edit(text) {
    const times = typeof from === "string" ? text.split(from).length - 1 : [...text.matchAll(new RegExp(from, "g"))].length;
    // In a replacement for a text, `$` has no meaning.
    return times === 1 ? text.replace(from, typeof from === "string" ? () => to : to) : undefined;
  },
});

/** Puts a text before the statement, or after it. */
export const before = (text) => ({ edit: (statement) => statement.replace(/^\s*/, (indent) => indent + text) });
export const after = (text) => ({ edit: (statement) => statement + text });

const IF = { rust: /\bif ([^]+?)\s*\{$/, script: /\bif \(([^]+)\)(?= \{$| return;$)/ };

/** Puts a constant in front of the condition of an `if`, which is then not evaluated. */
const decided = (constant, operator) => ({
  edit(text, path) {
    if (extname(path) !== ".rs") return IF.script.test(text) ? text.replace(IF.script, `if (${constant} ${operator} ($1))`) : undefined;
    const condition = IF.rust.exec(text)?.[1];
    if (condition === undefined) return undefined;
    const binds = /\blet\b/.test(condition);
    if (binds && operator === "||") return undefined;
    return text.replace(IF.rust, () => `if ${constant} ${operator} ${binds ? condition : `(${condition})`} {`);
  },
});
export const never = decided("false", "&&");
export const always = decided("true", "||");

/** The depth of brackets at each character; an opening and a closing bracket have that of the text around them. */
function depthsOf(text) {
  const depths = [];
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (")]}".includes(text[index])) depth -= 1;
    depths.push(depth);
    if ("([{".includes(text[index])) depth += 1;
  }
  return depths;
}

/** What stands before the first operand of a condition, next to its bracket. */
const STARTS = /^\s*(?:if )?|\bif | =>? |\|[\w, ]*\| /g;

/** Removes an operand, counted from 1, of the outermost `&&` and `||` in the statement, and the operator next to it. */
export const withoutOperand = (number) => ({
  edit(text) {
    const depths = depthsOf(text);
    const all = [...text.matchAll(/\s(?:&&|\|\|)\s/g)].map(({ index, 0: { length } }) => ({ from: index, to: index + length }));
    const outermost = Math.min(...all.map(({ from }) => depths[from]));
    const operators = all.filter(({ from }) => depths[from] === outermost);
    if (number > operators.length + 1 || operators.length === 0) return undefined;
    const [first, last] = [operators[0], operators.at(-1)];
    const bracket = depths.lastIndexOf(outermost - 1, first.from);
    const starts = [...text.slice(0, first.from).matchAll(STARTS)].filter(({ index }) => depths[index] === outermost);
    const start = Math.max(bracket + 1, ...starts.map(({ index, 0: { length } }) => index + length));
    const end = /^[^]*?(?=;|,$|\s*\{$|$)/.exec(text.slice(last.to))[0].length + last.to;
    const closing = depths.indexOf(outermost - 1, last.to);
    const places = [{ to: start }, ...operators, { from: closing < 0 ? end : Math.min(closing, end) }];
    // The first operand goes with the operator after it, the others with the one before.
    const [from, to] = number === 1 ? [start, first.to] : [places[number - 1].from, places[number].from];
    return text.slice(0, from) + text.slice(to);
  },
});

/**
 * The name, its guard, how it is broken, and the tests to run: one of KINDS and a filter. Safeguards that only a browser test can
 * notice come last, because each needs a build of the app.
 */
export const MUTATIONS = [
  ["a request that was discarded is still sent", "kill-starts-once", withoutOperand(1), "world one_tab"],
  ["a request that is ready to send can be copied", "prepared-request-not-cloned", swap("Debug", "Debug, Clone"), "doc PreparedRequest"],
  ["an unsent request is still sent after a reload", "reload-ends-unsent", drop(), "world one_tab"],
  ["an unsent request is still sent after a sign-out", "sign-out-ends-unsent", drop(), "world one_tab"],
  ["the result of a finished task is ignored", "success-needs-complete-result", withoutOperand(1), "core job"],
  ["failures that BIG-IQ reports are ignored", "success-needs-complete-result", withoutOperand(3), "core job"],
  ["an ended job changes its end", "end-is-final", swap(/=> .*,/, "=> self.watched(at, what, times),"), "core job"],
  ["the gate accepts any phrase", "gate-phrase", never, "core gate"],
  ["the phrase can't be typed in full width", "phrase-width", swap(".map(halfwidth)", ""), "core gate"],
  ["the gate accepts an empty reason", "gate-reason", never, "core gate"],
  ["a kill refused for any reason can be confirmed again", "confirm-again-only-unprocessed", swap("*refusal == Refusal::TokenExpired", "true"), "core only_a_kill_that_lacked_a_token"],
  ["a kill is sent before its record is stored", "record-before-send", never, "world hostile"],
  ["a plan whose record can't be stored leaves a job behind", "unstored-plan-forgotten", never, "world hostile"],
  ["a duplicated tab treats its copy as what a reload left behind", "duplicated-tab", never, "world duplicate"],
  ["requests are sent all at once", "kills-at-once", never, "world one_tab"],
  ["requests not sent before a sign-out are sent after the next sign-in", "sign-out-discards-unsent", drop(), "world one_tab"],
  ["a request that was recorded during a sign-out is sent", "signed-out-not-sent", never, "world slow_storage"],
  ["a task is read twice at the same time", "one-read-at-a-time", never, "world one_tab"],
  ["the list of tasks is read twice at the same time", "one-list-at-a-time", withoutOperand(2), "world task_list"],
  ["two searches run at the same time", "one-search-at-a-time", withoutOperand(1), "world one_tab"],
  ["two jobs take the same task", "task-has-one-owner", swap("taken.contains(id)", "id.as_str().is_empty()"), "world equal_plans"],
  ["a clock that is set back hides the task of a lost answer", "later-list-is-later", swap(/= sent.*;/, "= { let _ = sent; page.at };"), "world set_clock"],
  ["a clock that is set forward ends a search", "set-clock-restarts-search", never, "world set_clock"],
  ["a job forgets that another tab has sent the same request", "other-tab-contests", never, "world two_tabs"],
  ["a tab does not report the tasks of its jobs", "own-tasks-announced", swap("of_bigiq()", "of_bigiq().take(0)"), "world two_tabs"],
  ["a duplicated tab does not see that the other works on a plan", "batch-locked", never, "world duplicate"],
  ["a task from before the kill is adopted", "known-tasks-not-adopted", withoutOperand(1), "world by_hand"],
  ["the tasks from before a kill are not noted", "existing-tasks-noted", swap("!self.may_call_for(&batch.account)", "true"), "world by_hand"],
  ["a tab does not report its requests", "request-announced", drop(), "world two_tabs"],
  ["a sign-in adds the jobs of the tab again", "restored-once", never, "world one_tab"],
  ["sessions are read twice at the same time", "one-comparison-at-a-time", withoutOperand(2), "world sessions"],
  ["a search takes the task of an equal request that is being sent", "equal-request-in-flight", never, "world equal_plans"],
  ["a reloaded tab does not ask the others", "reload-asks-tabs", drop(), "world two_tabs"],
  ["one of several devices that can't be verified is named alone", "all-unread-named", swap(" && blind.len() == verdict.blind", " && !blind.is_empty()"), "text a_device_that_can_not_be_verified_is_named"],
  ["a unit that was not read counts as verified", "verified-units-were-read", swap(".filter(is_verified)", ""), "core what_is_proven_where_others_were_not_read"],
  ["one of several units that can't be verified stands for all", "not-verifiable-all-named", swap("self.blind.len() < self.verdict.blind", "false"), "core what_is_proven_where_others_were_not_read"],
  ["a device that was not read after the kill either has no name", "unread-now-named", swap("!unread.is_empty()", "false"), "text devices_that_were_not_read_now_either_are_named"],
  ["a failure without a device is of no device, although there is only one", "only-device-failed", swap("devices.len() == 1 &&", "false &&"), "core the_only_device_has_a_failure"],
  ["a device that is done is suspected of a failure", "done-is-not-suspected", swap("2 | 3", "0..=3"), "core a_failure_without_a_device_is_of_one"],
  ["a part of the numbers of sessions counts as all", "not-ended-needs-all", swap("verdict.unreadable == 0 && verdict.blind == 0 && ", ""), "text a_headline_says_what_the_comparison"],
  ["a failure is announced twice", "said-once", swap("!known.contains(line)", "true"), "text what_was_announced_is_not_announced_again"],
  ["a kill that was refused by a page can't have started", "refused-after-start", swap("true", "false"), "core a_refusal_for_the_token_or_a_page"],
  ["a kill that gets a 401 is not looked for", "refused-looked-up", never, "e2e faults.spec.ts a kill gets a 401"],
  ["a refresh loses the devices that were looked up", "looked-up-kept", always, "core looked_up_devices_stay"],
  ["a full answer contains a token", "full-answer-without-token", swap("clean(text)", "text.to_owned()"), "core it_contains_no_token"],
  ["a full answer of any size is drawn", "full-answer-limit", swap("LONGEST", "usize::MAX"), "core a_large_answer_is_not_drawn"],
  ["a configuration can switch off the phrase", "phrase-limit", swap(/\.min\(.*\)/, " + 100"), "core"],
  ["a task of another job is adopted", "known-tasks-not-adopted", withoutOperand(2), "core task_search"],
  ["one of several candidates is adopted", "single-candidate-adopted", withoutOperand(1), "world by_hand"],
  ["one of two equal requests adopts the other's task", "single-candidate-adopted", withoutOperand(2), "world equal_plans"],
  ["a task that a wrong clock hides is reported as missing", "clock-difference", always, "world set_clock"],
  ["one read of the list is enough to report that there is no task", "task-search-spread", never, "world one_tab"],
  ["a task that started long ago decides how far back a cut-off list reaches", "task-list-reach", swap(/= .*;/, "= tasks.iter().filter_map(|task| TaskSnapshot::of(task).started).min();"), "core task_search"],
  ["a batch is sent at full speed although no answers arrive", "send-back-off", swap(/\.saturating_mul.*;/, ";"), "core rate_limit"],
  ["polling stops when the clock is set back", "clock-set-back", withoutOperand(2), "world set_clock"],
  ["a cut-off reading proves that sessions are gone", "complete-readings-prove", withoutOperand(2), "world sessions"],
  ["a reading from before the kill proves that sessions are gone", "later-readings-prove", swap(/\n *\.filter\(.*\)/, ""), "core verify"],
  ["a reading after the sending counts as one before it", "sessions-before-sending", swap("*entry.job.phase() == Phase::Sending", "true"), "core engine::tests::comparing"],
  ["sessions that an earlier kill has ended count for this one", "earlier-kill", swap(".max(known.outdated())", ""), "core engine::tests::comparing"],
  ["sessions read before a kill count as current after it", "outdated-sessions", swap("at >= self.outdated && ", ""), "core live"],
  ["sessions read while a kill runs count as current after it", "sessions-outdated-at-end", never, "core engine::tests::comparing"],
  ["each request of a plan makes known sessions outdated", "sessions-outdated-at-start", always, "core engine::tests::comparing"],
  ["a list is as old as its answer", "reading-began", swap("began", "self.now()"), "client a_reading_is_as_old"],
  ["sessions are read during a kill in a page that is hidden", "no-early-reads-when-hidden", never, "core engine::tests::early"],
  ["all devices are read at the same time during a kill", "early-reads-at-once", never, "core engine::tests::early"],
  ["a wait that BIG-IQ asks for is ignored during a kill", "early-reads-rest", swap("= pause", "= pause.filter(|_| false)"), "core engine::tests::early"],
  ["a device that doesn't answer during a kill is read as often as others", "early-reads-back-off", swap("match failures", "match failures * 0"), "core engine::early"],
  ["a plan that runs counts only the sessions of the kills that were read", "so-far-counts-all-jobs", swap("baseline.before()", "continue"), "core engine::tests::early"],
  ["a watch for return never ends", "watch-ends", swap("until <= now.monotonic", "until < now.monotonic.min(until)"), "core engine::tests::watch"],
  ["a watch for return lasts as long as anybody wants", "watch-is-short", swap(".min(LONGEST)", ".max(1)"), "core engine::tests::watch"],
  ["a watch for return reads every device of a large estate", "watch-reads-few-devices", swap("take(MOST)", "take(usize::MAX)"), "core engine::tests::watch"],
  ["a session from before a kill is a return", "return-needs-new-id", swap(/self\.sessions.*/, "id.as_str().is_empty()"), "core engine::tests::watch"],
  ["a session that began before the end of a kill is a return", "return-began-after-kill", swap("at > ended", "at > ended || true"), "core engine::tests::watch"],
  ["the watch does not report what the comparison counts", "return-agrees-with-comparison", swap("is_certain || ", ""), "core engine::tests::watch"],
  ["a link's targets are on a tab that isn't open", "link-opens-its-tab", swap("is_new && ", "is_new && false && "), "e2e layout.spec.ts a link for a cluster opens the tab"],
  ["a return after a kill is not reported on other pages", "return-reported", never, "e2e notification.spec.ts a notification reports a return"],
  ["a kill of this tab is listed a second time", "job-listed-once", swap("!is_own(task)", "task.id == task.id"), "core job::list"],
  ["the devices that failed are listed behind thousands of others", "problems-first", swap("self.elsewhere.into_iter().map(DeviceOutcome::nowhere).collect()", "Vec::new()"), "core job::outcome"],
  ["a kill of a standby is a success", "only-standby", never, "core job::summary"],
  ["a device that failed for one user is done", "done-for-all-jobs", swap("urgency(status) > urgency(*worst)", "false"), "core job::outcome"],
  ["a device whose sessions are gone has failed", "gone-counts-more-than-a-failure", swap("(Finding::Verified, _)", "(Finding::Verified, TargetStatus::Unknown)"), "core job::outcome"],
  ["a device that still lists the sessions is done", "still-there-is-not-done", swap("TargetStatus::Reported | TargetStatus::Unknown", "TargetStatus::Unknown"), "core job::outcome"],
  ["a retry repeats what was verified", "verified-is-not-repeated", swap(" && status != TargetStatus::Verified", ""), "core job::retry"],
  ["a kill of yesterday claims that there is no session, and not all were read", "now-needs-all-sessions", swap("Count::Exactly(0)", "Count::Exactly(0) | Count::Unknown"), "core verify::later"],
  ["a kill of yesterday claims that there is no session on a device that the inventory lacks", "now-needs-all-devices", drop(), "core verify::later"],
  ["a silent device among others is not named", "device-by-device", swap("!done.is_mixed()", "true"), "text a_silent_device"],
  ["a device is named as silent as soon as it is asked", "awaited-for-long", swap("now.saturating_sub(*since) >= LONG", "true"), "core engine::awaited"],
  ["the sign-in page mentions a link that fills in nothing", "link-waits", swap(" && !value.is_empty()", ""), "core app::route"],
  ["Esc leaves what a row shows over the next one", "esc-folds-a-row", drop(), "browser virtual_list"],
  ["a click beside a row's link opens nothing", "whole-row-opens", swap("is_none()", "is_some()"), "e2e jobs.spec.ts the kills of this tab and BIG-IQ"],
  ["the list of all kills is updated although it is paused", "updates-pause", swap("paused.get() || ", ""), "e2e jobs.spec.ts the list of all kills is read again"],
  ["a plan with a failed job is a success", "worst-conclusion", swap("=> {", "=> if false {"), "core job::summary"],
  ["the gate promises a proof without all sessions", "proof-needs-all-sessions", always, "core verify::proof"],
  ["all sessions count as gone although others may have been there", "all-gone-so-far", swap("Count::Exactly(_) if", "_ if"), "text a_kill_that_runs_shows"],
  ["a formula in the middle of a CSV cell is not escaped", "csv-formula", withoutOperand(1), "core csv"],
  ["any Retry-After value stops polling, however long it is", "retry-after", swap(/\.min\(.*?\)/, ""), "core poll"],
  ["many failures stop polling", "poll-back-off", swap(/\.min\(.*?\)/, ""), "core poll"],
  ["Retry-After is ignored", "retry-after", swap(/= .*\.unwrap_or_default\(\)/, "= Duration::ZERO"), "core poll"],
  ["a quotation mark can end a filter value early", "odata-literal", swap("'\\'' | ", ""), "bigiq odata"],
  ["an id of dots leaves its path", "path-segment-dots", swap(/ \|\| \w+ == "\.".*"\.\."/, ""), "bigiq"],
  ["host and path of a link are used", "link-last-segment", swap(/\.rsplit.*/, ""), "bigiq"],
  ["a cancel request without an answer counts as accepted", "cancel-without-answer", drop(), "core job"],
  ["two BIG-IQs share one list of jobs", "bigiq-prefix-unique", never, "core config"],
  ["a portal's default port, which browsers leave out, is not removed", "default-port", swap(/\.strip_suffix\(.*?\)\.unwrap_or\(\w+\)/, ""), "core config"],
  ["a device that can't be read looks like one without Access", "one-broken-item", swap("true", "false"), "bigiq device"],
  ["a message of any length is stored", "message-length", drop(), "bigiq lenient"],
  ["a name can turn the sentence around it", "name-isolated", swap("isolate(name, out)", "out.push_str(name)"), "text argument"],
  ["a name with controls of its own can turn the sentence around it", "name-cannot-end-isolate", swap("draw(name, out)", "out.push_str(name)"), "text argument"],
  ["a time beside a right-to-left name exchanges its parts", "time-isolated", swap("times.is_rtl()", "false"), "text right_to_left_sentence"],
  ["a text of an organisation's own language may leave out its user", "own-language-complete", swap(/= .*;/, "= true;"), "text own_language"],
  ["a stack trace in a report contains the exception's message", "java-exception-message", swap(/=> .*,/, "=> line.to_owned(),"), "bigiq java_stack"],
  ["a report contains any text as a version", "version-text", withoutOperand(2), "bigiq redacted_shape"],
  ["a release is signed although its files don't match", "sign-checks-files", drop(), "script sign.test.mjs"],
  ["a list of checksums verifies that nobody signed", "verify-signature", drop(), "script sign.test.mjs"],
  ["a changed file of a release verifies", "verify-files", drop(), "script sign.test.mjs"],
  ["a file that nobody signed is accepted in a release", "verify-listed", drop(), "script sign.test.mjs"],
  ["the provenance hides that the sources were changed", "provenance-names-changes", swap("changes ? ", "false ? "), "script provenance.test.mjs"],
  ["a release without notes is made", "notes-not-empty", drop(), "script provenance.test.mjs"],
  ["nginx does not check BIG-IQ's certificate", "nginx-verifies-bigiq", swap("on", "off"), "proxy nginx bigiq_certificate.test.js"],
  ["Caddy does not check BIG-IQ's certificate", "caddy-verifies-bigiq", swap("tls_trusted_ca_certs", "tls_insecure_skip_verify #"), "proxy caddy bigiq_certificate.test.js"],
  ["HAProxy does not check BIG-IQ's certificate", "haproxy-verifies-bigiq", swap("required", "none"), "proxy haproxy bigiq_certificate.test.js"],
  ["httpd does not check BIG-IQ's certificate", "httpd-verifies-bigiq", swap("require", "none"), "proxy httpd bigiq_certificate.test.js"],
  ["nginx passes a method that the app does not use", "nginx-allow-list", swap("GET", "(GET|PUT)"), "proxy nginx allow_list.test.js"],
  ["Caddy passes a method that the app does not use", "caddy-allow-list", swap("GET", "(GET|PUT)"), "proxy caddy allow_list.test.js"],
  ["HAProxy passes a method that the app does not use", "haproxy-allow-list", swap("GET", "(GET|PUT)"), "proxy haproxy allow_list.test.js"],
  ["httpd passes a method that the app does not use", "httpd-allow-list", swap("GET", "(GET|PUT)"), "proxy httpd allow_list.test.js"],
  ["the rule for a BIG-IP passes a method that the app does not use", "bigip-allow-list", swap("GET", "(GET|PUT)"), "proxy bigip bigip.test.js"],
  ["the rule for a BIG-IP writes tokens to its log", "bigip-log-without-tokens", drop(), "proxy bigip bigip.test.js"],
  ["the rule for a BIG-IP answers requests for another host name", "bigip-host", drop(), "proxy bigip bigip.test.js"],
  ["the rule for a BIG-IP accepts a NUL in a query", "bigip-no-control-characters", drop(), "proxy bigip bigip.test.js"],
  ["the rule for a BIG-IP accepts a header twice", "bigip-no-repeated-headers", drop(), "proxy bigip bigip.test.js"],
  ["the rule for a BIG-IP accepts any token", "bigip-token", drop(), "proxy bigip bigip.test.js"],
  ["the rule for a BIG-IP accepts a kill from another site", "bigip-own-page", drop(), "proxy bigip bigip.test.js"],
  ["the rule for a BIG-IP accepts a body of any length", "bigip-length", drop(), "proxy bigip bigip.test.js"],
  ["the rule for a BIG-IP does not limit sign-in attempts", "bigip-sign-in-rate", drop(), "proxy bigip bigip.test.js"],
  ["the rule for a BIG-IP passes on the browser's headers", "bigip-request-headers", drop(), "proxy bigip bigip.test.js"],
  ["the rule for a BIG-IP forwards a request before its body is complete", "bigip-collect", drop(), "proxy bigip bigip.test.js"],
  ["the rule for a BIG-IP passes on BIG-IQ's headers", "bigip-response-headers", drop(), "proxy bigip bigip.test.js"],
  ["the rule for a BIG-IP keeps the connection of a kill open", "bigip-closes-connection", drop(), "proxy bigip bigip.test.js"],
  ["nginx matches the normalised path instead of the one it received", "nginx-request-line", swap("$request", "$request_method $uri HTTP/1.1"), "proxy nginx path_tricks.test.js"],
  ["nginx writes tokens to its log", "nginx-log-without-tokens", drop(2), "proxy nginx log.test.js"],
  ["Caddy writes tokens to its log", "caddy-log-without-tokens", swap("tokens/|eyJ", "nothing"), "proxy caddy log.test.js"],
  ["HAProxy writes tokens to its log", "haproxy-log-without-tokens", swap('regsub("(tokens/|eyJ).*","\\1-",i),', ""), "proxy haproxy log.test.js"],
  ["httpd writes tokens to its log", "httpd-log-without-tokens", drop(2), "proxy httpd log.test.js"],
  ["nginx sends no content security policy", "nginx-content-security-policy", drop(), "proxy nginx headers.test.js"],
  ["Caddy lets browsers guess content types", "caddy-content-type-options", drop(), "proxy caddy headers.test.js"],
  ["HAProxy lets the browser send referrers to other sites", "haproxy-referrer-policy", drop(), "proxy haproxy headers.test.js"],
  ["httpd lets other origins embed its answers", "httpd-cross-origin-resource-policy", drop(), "proxy httpd headers.test.js"],
  ["nginx passes on BIG-IQ's cookies", "nginx-hides-cookies", drop(), "proxy nginx headers.test.js"],
  ["nginx answers every missing file with an empty object", "nginx-only-config", drop(), "proxy nginx files.test.js"],
  ["httpd answers with an empty configuration in place of the host's", "httpd-config-first", drop(), "proxy httpd files.test.js"],
  ["httpd answers with an empty configuration if the host's can't be read", "httpd-only-a-missing-config", drop(), "proxy httpd files.test.js"],
  ["a misspelt setting of the container is ignored", "container-unknown-variable", never, "container a_wrong_variable_is_named"],
  ["the container forwards calls below a path of BIG-IQ's", "container-prefix-not-of-bigiq", swap(/ && !matches!\(.*?\)/, ""), "container settings"],
  ["the container writes any text into the content security policy", "container-frame-source", swap("[]\"", "[];\\\"\""), "container a_wrong_variable_is_named"],
  ["a line of the shipped configuration that changed is left as it is", "container-fills-every-line", never, "container nginx"],
  ["a container doesn't start again after a crash", "container-removes-socket", swap("nginx::SOCKET", '"other.sock"'), "container a_socket_of_an_earlier_start_is_removed"],
  ["a release replaces the host's configuration", "release-keeps-own-files", drop(), "script release.test.mjs"],
  ["httpd passes on BIG-IQ's cookies", "httpd-hides-cookies", drop(), "proxy httpd headers.test.js"],
  ["Caddy passes on BIG-IQ's headers", "caddy-response-headers", drop(), "proxy caddy headers.test.js"],
  ["HAProxy passes on BIG-IQ's headers", "haproxy-response-headers", drop(), "proxy haproxy headers.test.js"],
  ["nginx accepts a NUL in a query", "nginx-no-control-characters", drop(), "proxy nginx allow_list.test.js"],
  ["Caddy accepts a NUL in a query", "caddy-no-control-characters", drop(), "proxy caddy allow_list.test.js"],
  ["HAProxy accepts a NUL in a query", "haproxy-no-control-characters", drop(), "proxy haproxy allow_list.test.js"],
  ["httpd accepts a NUL in a query", "httpd-no-control-characters", drop(), "proxy httpd allow_list.test.js"],
  ["nginx answers requests for another host name", "nginx-host", drop(), "proxy nginx headers.test.js"],
  ["Caddy answers requests for another host name", "caddy-host", swap("not host curfew.example.test", "not host curfew.example.test *"), "proxy caddy headers.test.js"],
  ["HAProxy answers requests for another host name", "haproxy-host", swap("unless { req.hdr(Host),field(1,:),lower -m str curfew.example.test }", "if { req.hdr(Host),field(1,:),lower -m str curfew.example.test } FALSE"), "proxy haproxy headers.test.js"],
  ["httpd answers requests for another host name", "httpd-host", swap("R=421", "S=0"), "proxy httpd headers.test.js"],
  ["nginx accepts weak cipher suites", "nginx-cipher-suites", drop(), "proxy nginx tls.test.js"],
  ["Caddy accepts weak cipher suites", "caddy-cipher-suites", swap("ciphers ", "ciphers TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA "), "proxy caddy tls.test.js"],
  ["HAProxy accepts weak cipher suites", "haproxy-cipher-suites", drop(), "proxy haproxy tls.test.js"],
  ["httpd accepts weak cipher suites", "httpd-cipher-suites", drop(), "proxy httpd tls.test.js"],
  ["nginx passes on a token with control characters", "nginx-token", swap("[A-Za-z0-9._~+/=-]*", ".*"), "proxy nginx headers.test.js"],
  ["Caddy accepts two tokens", "caddy-token", swap("[A-Za-z0-9._~+/=-]*", ".*"), "proxy caddy headers.test.js"],
  ["HAProxy accepts two tokens", "haproxy-no-repeated-headers", drop(), "proxy haproxy headers.test.js"],
  ["HAProxy accepts a NUL in a header", "haproxy-no-nul", drop(), "proxy haproxy headers.test.js"],
  ["httpd passes on unknown headers", "httpd-request-headers", drop(), "proxy httpd headers.test.js"],
  ["nginx passes on the browser's headers", "nginx-drops-request-headers", drop(), "proxy nginx headers.test.js"],
  ["nginx accepts a kill from another site", "nginx-same-origin", swap("same-origin", "[a-z-]*"), "proxy nginx headers.test.js"],
  ["HAProxy lets an answer become a page", "haproxy-own-page", swap("(empty)?", "[a-z]*"), "proxy haproxy headers.test.js"],
  ["Caddy lets an answer become a page", "caddy-own-page", swap("(empty)?", "[a-z]*"), "proxy caddy headers.test.js"],
  ["httpd lets an answer become a page", "httpd-own-page", swap("(empty)?", "[a-z]*"), "proxy httpd headers.test.js"],
  ["httpd passes on interim answers", "httpd-no-interim-answers", drop(), "proxy httpd hostile_answers.test.js"],
  ["nginx repeats a call", "nginx-no-retry", swap("off", "error timeout non_idempotent"), "proxy nginx limits.test.js"],
  ["nginx keeps the connection of a kill open", "nginx-closes-kill-connection", drop(), "proxy nginx limits.test.js"],
  ["nginx does not limit sign-in attempts", "nginx-sign-in-rate", drop(), "proxy nginx limits.test.js"],
  ["nginx does not limit renewed tokens", "nginx-exchange-rate", drop(), "proxy nginx limits.test.js"],
  ["HAProxy does not limit renewed tokens", "haproxy-exchange-rate", drop(), "proxy haproxy limits.test.js"],
  ["httpd does not limit renewed tokens", "httpd-exchange-rate", drop(), "proxy httpd limits.test.js"],
  ["nginx does not limit the sign-ins of all addresses together", "nginx-all-sign-ins", drop(), "proxy nginx limits.test.js"],
  ["HAProxy does not limit the sign-ins of all addresses together", "haproxy-all-sign-ins", drop(), "proxy haproxy limits.test.js"],
  ["httpd does not limit the sign-ins of all addresses together", "httpd-all-sign-ins", drop(), "proxy httpd limits.test.js"],
  ["httpd lets one address use up the sign-ins of all", "httpd-refused-sign-ins", drop(), "proxy httpd limits.test.js"],
  ["httpd lets another site use up a browser's kills", "httpd-counts-own-page", swap(" && reqenv('curfew_own') == 'page'", ""), "proxy httpd limits.test.js"],
  ["nginx counts each address of an IPv6 network alone", "nginx-ipv6-network", drop(), "proxy nginx limits.test.js"],
  ["HAProxy counts each address of an IPv6 network alone", "haproxy-ipv6-network", swap(",ipmask(32,64)", ""), "proxy haproxy limits.test.js"],
  ["httpd counts each address of an IPv6 network alone", "httpd-ipv6-network", drop(), "proxy httpd limits.test.js"],
  ["httpd counts the address that a client claims to have", "httpd-client-address", drop(), "proxy httpd limits.test.js"],
  ["nginx lets one address hold any number of calls open", "nginx-open-calls", drop(), "proxy nginx bodies.test.js"],
  ["nginx accepts reports of any size", "nginx-report-size", drop(), "proxy nginx csp_report.test.js"],
  ["HAProxy accepts reports of any size", "haproxy-report-size", drop(), "proxy haproxy csp_report.test.js"],
  ["httpd accepts reports of any size", "httpd-report-size", swap("R=413", "R=204"), "proxy httpd csp_report.test.js"],
  ["nginx does not limit reports", "nginx-report-rate", drop(), "proxy nginx csp_report.test.js"],
  ["HAProxy does not limit reports", "haproxy-report-rate", drop(), "proxy haproxy csp_report.test.js"],
  ["httpd does not limit reports", "httpd-report-rate", drop(), "proxy httpd csp_report.test.js"],
  ["nginx logs the query of a reported document", "nginx-report-without-query", swap(/\?#\]\{0,200\}/, "]{0,200}"), "proxy nginx csp_report.test.js"],
  ["HAProxy logs the query of a reported document", "haproxy-report-without-query", swap("([?#]|tokens/|eyJ)", "(tokens/|eyJ)"), "proxy haproxy csp_report.test.js"],
  ["nginx lets BIG-IQ keep a call's connection open", "nginx-connection-close", drop(), "proxy nginx limits.test.js"],
  ["nginx uses a kept connection to BIG-IQ twice", "nginx-connection-once", swap("keepalive_requests 1;", ""), "proxy nginx limits.test.js"],
  ["HAProxy speaks HTTP/2 with a browser that starts with it", "haproxy-no-http2", drop(), "proxy haproxy limits.test.js"],
  ["HAProxy passes a length that is small only when it is cut to 32 bits", "haproxy-length-digits", drop(), "proxy haproxy bodies.test.js"],
  ["HAProxy forwards a length with leading zeros", "haproxy-length-zeros", drop(), "proxy haproxy smuggling.test.js"],
  ["HAProxy calls BIG-IQ before it has the whole body", "haproxy-whole-body", drop(), "proxy haproxy bodies.test.js"],
  ["httpd speaks HTTP/2", "httpd-no-http2", swap("http/1.1", "h2 h2c http/1.1"), "proxy httpd limits.test.js"],
  ["httpd does not limit the size of a body", "httpd-body-limit", drop(), "proxy httpd bodies.test.js"],
  ["Caddy calls BIG-IQ before it has the whole body", "caddy-whole-body", swap(/expression .*/, "expression false"), "proxy caddy bodies.test.js"],
  ["set-up builds a crate with other bytes", "crate-checksum", drop(), "script setup.test.mjs"],
  ["set-up uses a tool that was built from another crate", "tool-checksum", swap("path.*/$sha256/", "path"), "script setup.test.mjs"],
  ["set-up installs packages from npm with other bytes", "npm-lock", swap("npm ci", "rm -f $folder/package-lock.json; npm install"), "script setup.test.mjs"],
  ["set-up runs install scripts of packages", "npm-lock", swap("--ignore-scripts ", ""), "script setup.test.mjs"],
  ["set-up downloads a compiler without a message", "no-silent-download", swap("RUSTUP_AUTO_INSTALL=0 ", ""), "script setup.test.mjs"],
  ["Trunk may download tools", "trunk-offline", drop(), "script setup.test.mjs"],
  ["a lock of npm may lack checksums", "lock-checksums", swap(" !", " false && !"), "script check.test.mjs"],
  ["the bill of materials takes our crates for those of a registry", "own-crates-without-purl", swap(/p\.source \? (.*?) : .*\)/, "$1)"), "script parts.test.mjs"],
  ["each bill of materials has the same serial number", "serial-of-content", swap("JSON.stringify(document)", '""'), "script parts.test.mjs"],
  ["a text that a translator wrapped keeps the old state", "whole-content", swap(/element\.(.*)\((.*)\);/, "_ = element.first_child().map_or_else(|| element.$1($2), |node| node.set_node_value($2));"), "browser content"],
  ["a live region repeats an unchanged text", "same-content", always, "browser content"],
  ["a fetch continues when nothing waits for it", "fetch-abort", drop(), "browser aborted"],
  ["an async task continues after its page is closed", "task-abort-on-cleanup", drop(), "browser tasks"],
  ["an older answer overwrites a newer one", "latest-aborts-older", drop(), "browser tasks"],
  ["a write ends with the page that started it", "write-outlives-page", swap("root.spawn(future)", "{ _ = root; scoped(future) }"), "browser tasks"],
  ["a language that fits the browser's is stored as a choice", "matched-language-is-not-stored", swap("false", "true"), "e2e languages.spec.ts a language that fits"],
  ["a kill refused for an expired token is sent again with a new one", "kill-not-resent", after("\nlet token = self.token().await?;\nreturn self.0.caller.send_with(call, token.as_ref(), claims, connection).await;"), "client a_kill_with_a_dead_token_is_not_repeated"],
  ["the key that signs in again also confirms", "sign-in-key-confirms-nothing", drop(), "e2e faults.spec.ts the dialog to sign in again opens over the gate"],
  ["the result of one token exchange is used for ever", "renewal-forgotten", drop(), "client an_exchange_whose_caller_is_gone"],
  ["a kill uses a connection on which the browser repeats requests by itself", "kill-own-connection", swap("Own", "Shared"), "client a_kill_has_the_connection"],
  ["a connection of a kill's own is shared with requests that send credentials", "own-connection-omits-credentials", swap("Omit", "SameOrigin"), "e2e faults.spec.ts is lost before BIG-IQ received it"],
  ["the next operator sees the full answers of the last", "sign-out-forgets-answers", drop(), "e2e jobs.spec.ts which a sign-out forgets"],
  ["a kill whose record can't be stored is sent without a warning", "storage-error", after(".or(Ok(()))"), "e2e faults.spec.ts nothing is sent until the operator has seen the warning"],
  ["a proxy's 404 page counts as a missing task", "proxy-404", swap(/, \w+: true/, ""), "client an_error_says_whether_to_try_again"],
  ["a 403 page counts as a refused kill", "proxy-403", swap("401 |", "401 | 403 |"), "client send_outcome"],
  ["the app replaces the sign-in button while it is pressed", "sign-in-button-released", drop(), "e2e boot.spec.ts a click on the button while the app takes over"],
  ["a row is redrawn while it is pressed", "row-identity", after("\nlive_sessions.known().track();"), "e2e plan.spec.ts a row registers a click"],
  ["a portal accepts messages from any frame of Curfew's origin", "portal-message-source", withoutOperand(2), "portal embed.test.js"],
  ["a portal accepts messages from another page in Curfew's frame", "portal-message-source", withoutOperand(3), "portal embed.test.js"],
  ["a portal accepts a message with extra fields", "portal-message-fields", withoutOperand(2), "portal embed.test.js"],
  ["a portal does not limit the height of Curfew's frame", "frame-height", swap(/min\((.*), 100vh\)/, "$1"), "portal embed.test.js"],
  ["a portal makes a frame for its own origin", "portal-own-origin", never, "portal embed.test.js"],
  ["Curfew's frame may open windows", "frame-sandbox", swap("allow-forms", "allow-forms allow-popups"), "portal embed.test.js"],
  ["Curfew accepts messages from a page other than the portal", "curfew-message-source", swap("||", "&&"), "framed embed.test.js"],
  ["Curfew is shown in any frame", "frame-ancestors", swap("parents.contains(origin)", "true || parents.contains(origin)"), "framed embed.test.js"],
  ["Curfew is shown in a frame whose parent the browser doesn't report", "unknown-parent", swap(".ok_or(FrameError::UnknownParent)?", ".unwrap_or_default()"), "core frame"],
  ["a portal may use plain HTTP", "portal-https", swap(/\.filter\(.*\)/, ""), "core config"],
  ["a portal's frame needs a phrase only for large kills", "phrase-in-frame", swap("phrase_above: 0", "phrase_above: self.phrase_above"), "core inputs"],
  ["a link fills in the reason", "link-reason", before('"reason" => prefill.reason = Some(value),\n'), "core route"],
  ["sessions of a cluster are sent to the member that listed them", "selected-to-active", before("// "), "core find"],
  ["a name that is also a device's is taken as a user's without a question", "user-or-place", before("false && "), "core find"],
  ["the overview claims all sessions although some are not kept", "overview-whole", swap(" && live.left_out() == 0", ""), "core find::overview"],
  ["an access group is counted exactly although devices may be missing", "overview-members", swap(" && self.inventory.knows_members()", ""), "core find::overview"],
  ["sessions that two members may list count twice", "left-out-overlap", swap("if is_shared {", "if false {"), "core session_counts"],
  ["a standby is said to hold the sessions that it lists", "overview-holder", swap("held.is_holder ||", "true ||"), "core find::overview"],
  ["a device of an unknown role is said to hold the sessions", "held-by-active", swap("UnitKey::Cluster(name) => {", "UnitKey::Cluster(_) if true => true, UnitKey::Cluster(name) => {"), "core session_counts"],
  ["a change is claimed from an incomplete reading", "change-needs-both", never, "core live"],
  ["the changes of a part of the estate look like those of all", "changes-of-a-part", swap("compared == units", "true"), "text changes_of_a_part"],
  ["the palette opens over the gate", "palette-never-over-a-question", swap("!keys::is_dialog_open()", "true"), "e2e palette.spec.ts never opens over a question"],
  ["a link stands for a kill of all users", "no-link-for-everybody", swap("return Err(NoLink::Everybody)", "{}"), "core link"],
  ["a link is longer than programs keep", "link-length", swap("> LONGEST", "> usize::MAX"), "core link"],
  ["favourites are kept without a limit", "favourites-bounded", swap(/= .*;/, "= true;"), "core saved_targets"],
  ["recent targets are kept with their users", "recent-without-users", swap("users: Vec::new(), ", ""), "core saved_targets"],
  ["an address in full width is taken as a user", "fullwidth-address", swap("&half", "typed"), "core find"],
  ["a search for a fullwidth name finds the user with the ASCII name", "fullwidth-user", swap("&self.text", "self.halfwidth.as_ref().unwrap_or(&self.text)"), "core find"],
  ["an address also finds longer addresses", "whole-address", swap("return network.contains(address);", "if network.contains(address) { return true; }"), "core find"],
  ["a search keeps every session of a huge estate", "sessions-kept", swap(/= .*;/, "= true;"), "core find"],
  ["the search reads all devices at the same time", "estate-reads-at-once", withoutOperand(3), "core find"],
  ["a standby is read although the active member is known", "active-member-read", swap("Some(active) => *id == active,", "Some(_) => true,"), "core find"],
  ["a slow BIG-IQ is asked as often as a quick one", "slow-halves", never, "core find"],
  ["a rule about the oldest or newest is applied to a part of the estate", "rule-needs-all", never, "core find"],
  ["sessions without a start are called young", "rule-needs-a-start", never, "core find"],
  ["an unknown start counts as the oldest", "rule-never-guesses", swap("unknown == 0", "unknown <= found.len()"), "core find"],
  ["a rule that chose from a part of the estate doesn't say so in the plan", "rule-part-named", swap("!unread.is_empty()", "false"), "core plan::tests"],
  ["a rule that chose from a part of the estate forgets what it left out", "rule-part-noted", swap("from_read", "false"), "e2e find.spec.ts a rule that needs every device"],
  ["the button that applies a rule to a part of the estate disappears under the focus", "rule-button-stays", swap("!from_read", "true"), "e2e find.spec.ts a rule that needs every device"],
  ["what a rule selected is still claimed after another selection", "rule-result-of-now", swap("selected.get() == selected_then.get()", "true"), "e2e find.spec.ts a rule that needs every device"],
  ["the number of a user's sessions counts those of similar names", "exact-user-counted", swap("row.session.user == *user", "row.session.user.as_str().contains(user.as_str())"), "core find::table"],
  ["a session id gets one of several devices", "device-never-guessed", swap("SEVERAL", "*known"), "core find::table"],
  ["a quoted user is found in any case", "quoted-user-exact", swap("self.is_whole", "false && self.is_whole"), "core find"],
  ["a session that moved is removed as gone", "moved-is-not-gone", swap("moved.iter()", "false && moved.iter()"), "core plan::moved"],
  ["a listed session is addressed to a standby", "never-moved-to-standby", swap("= live", "= true || live"), "core plan::moved"],
  ["a listed session follows the same id of another user", "moved-session-of-same-user", swap("*user == found.user", "*user == found.user || true"), "core plan::moved"],
  ["a listed session is addressed to one of two devices", "moved-to-one-device", swap("is_none()", "is_none_or(|_| true)"), "core plan::moved"],
  ["a list of sessions is replaced for good", "replaced-list-kept", swap("!(", "false && !("), "e2e find.spec.ts a line of a log is recognised"],
  ["a remedy replaces a plan while it is sent", "sent-plan-stays", swap("busy.get().then(text::sending)", "(false && busy.get()).then(text::sending)"), "e2e find.spec.ts the gate has the remedies"],
  ["a remedy replaces the answer to a plan", "answered-plan-stays", swap("!answered.get()", "true"), "e2e find.spec.ts the gate has the remedies"],
  ["a session id is taken as a user's name without a question", "user-or-session", before("false && "), "core find::draft"],
  ["a name of two words is taken for a list of sessions", "search-is-no-list", swap("PastedFormat::Parts => {", "PastedFormat::Parts if has_ids => Some(PastedFormat::Lines), _ if text.is_empty() => {"), "core recognised"],
  ["the kill of a name that nobody has is red", "red-needs-a-session", swap("count.found() > 0", "true"), "e2e find.spec.ts a name that nobody has"],
  ["the end of a reading is announced with earlier numbers", "announced-when-shown", swap(" || search.is_redrawing.get()", ""), "e2e access.spec.ts the end of a reading"],
  ["similar names are offered for a user who has sessions", "similar-for-nobody", swap("if search", "if false && search"), "e2e find.spec.ts the number at the button"],
  ["a user who has sessions elsewhere is corrected", "known-user-not-corrected", swap(/ \|\|[^;]*;/, ";"), "core plan::tests"],
  ["the first of many misspelt users gets all suggestions", "best-name-of-each", swap(/usize::from\(.*\)/, "if rank == 0 { left.min(near.len()) } else { 0 }"), "core plan::tests"],
  ["everywhere names devices that BIG-IQ can't reach", "everywhere-fits", swap("obstacle(device).is_none()", "true"), "core everywhere"],
  ["a device that is not covered is not named", "uncovered-named", swap("self.everywhere ||", "false &&"), "core everywhere"],
  ["a request may have any number of targets", "request-size", never, "core requests"],
  ["a link or a portal replaces what the operator typed", "typed-work-stays", swap("!has_paste && is_free &&", "true ||"), "core draft"],
  ["a portal's reason is filled in", "reason-accepted", swap(".take()?", ".clone()?"), "core suggestion"],
  ["a suggestion may have any size", "suggestion-size", before("false && "), "core suggestion"],
  ["a portal may send any number of messages", "suggestion-rate", swap(/= .*;/, "= true;"), "framed embed.test.js"],
  ["a sign-out of another account ends this one", "own-account-signed-out", withoutOperand(2), "core tab_message"],
  ["a use in another tab doesn't count", "use-in-another-tab", never, "core idle"],
  ["another operator's use counts", "own-account-in-use", swap(" if is_own", ""), "e2e sign-out.spec.ts use in one tab counts"],
  ["a sign-out doesn't ask about the unsent kills of another tab", "sign-out-asks-for-all-tabs", swap(" && jobs.unsent_elsewhere().is_empty()", ""), "e2e sign-out.spec.ts asks about the unsent kills of another tab"],
  ["the page isn't reloaded after a sign-out", "reload-after-sign-out", swap("dom::reload();", "self.leaving.set(false);"), "e2e secrets.spec.ts no copy of a token"],
  ["the page is reloaded before a kill is answered", "kills-answered-before-reload", withoutOperand(1), "e2e sign-out.spec.ts asks about the unsent kills of another tab"],
  ["a part of the gate is enough to confirm in a frame", "whole-gate", withoutOperand(2), "core frame"],
  ["a held Enter confirms the gate", "held-enter", never, "e2e find.spec.ts a held or repeated Enter"],
  ["Enter submits a form while an input method composes a text", "composing-enter", swap("is_composing(event) => true", "is_composing(event) => false"), "e2e keyboard.spec.ts Enter does nothing while an input method"],
  ["a session id ends all sessions of a device by hand", "by-hand-single-session", never, "core by_hand"],
  ["a device's name ends the comment of a command", "by-hand-comment", swap("char.is_control()", "false"), "core by_hand"],
  ["a quote ends a word of a command", "by-hand-quote", swap("&word.replace('\\'', r\"'\\''\")", "word"), "core by_hand"],
  ["a button has a number that may be too small", "button-number-exact", swap("Count::AtLeast(_) | Count::Unknown => other()", "Count::AtLeast(number) => exact(number), Count::Unknown => other()"), "text a_button_has_a_number_only_if_it_is_exact"],
  ["a gate that can't be seen is confirmed", "gate-in-sight", never, "framed embed.test.js"],
  ["an idle operator is not signed out", "idle-sign-out", before("false && "), "core idle"],
  ["the first key after hours of sleep counts as use", "first-key-after-sleep", always, "e2e hosting.spec.ts the first key after hours of sleep"],
  ["a kill leaves a computer that has slept before the idle sign-out", "no-kill-after-sleep", never, "e2e hosting.spec.ts a batch that a sleeping computer left"],
  ["a quoted cell over lines passes for further users", "quoted-line-break", never, "core user_list"],
  ["a list with broken quotes still has names", "refused-list-has-no-names", never, "core user_list"],
  ["a line with several values is read as several users", "several-values-in-a-line", swap("self.answers.layout == Some(Layout::Parts)", "true"), "core input::tests"],
  ["a row that doesn't fit its header is read", "row-fits-header", never, "core table"],
  ["targets after a broken quote are selected", "no-targets-after-a-broken-quote", never, "core target_list"],
  ["a letter of another script is not marked", "mixed-letter", never, "core names"],
  ["a name of invisible characters is replaced by an empty one", "mended-not-empty", swap("!mended.trim().is_empty()", "true"), "core oddity"],
  ["another account number is suggested as a typing error", "not-another-number", never, "core similar"],
  ["a plan does not warn of a name that doesn't show as it is", "odd-name-warned", swap(/oddities\(.*\)/, "Vec::<Oddity>::new()"), "core plan::tests"],
  ["the phrase has another number than the heading", "phrase-agrees-with-heading", swap("reached.len()", "draft.target_count()"), "core plan::tests"],
  ["a search for similar names delays the typing", "similar-names-rest", never, "e2e names.spec.ts 500 names"],
  ["a live name that looks like another is not marked", "twin-marked", swap(/\.filter\(\|\w+\| \{/, ".filter(|_| false).filter(|twin| {"), "e2e names.spec.ts a name that looks like"],
  ["a session whose user is not reported belongs to a user called n/a", "no-user", swap(".filter(|user| !is_nothing(user))", ""), "core live"],
  ["a quoted cell is read as several targets", "quoted-cell-is-one-entry", swap(/= .*;/, "= false;"), "core target_list"],
  ["sessions after a broken quote are read", "nothing-after-a-broken-quote", never, "core session_list"],
  ["a number that a spreadsheet changed is used as a session id", "changed-number", never, "core input::tests"],
  ["numbers that lost their zeros are used as session ids", "lost-zeros", never, "core input::tests"],
  ["an answer about one paste is used for the next", "answers-of-another-paste", swap("(start + end) * 3 > longer", "true"), "core input::pasted"],
  ["a plan is made from users in doubt", "no-plan-of-users-in-doubt", swap("&list.question, list.refused()", "&None::<crate::input::Question>, None"), "core plan::tests"],
  ["unusual ids are not in the plan", "unusual-ids", swap("unusual > 0", "false"), "core plan::tests"],
  ["unused lines are not in the plan", "unused-lines", swap("unused > 0", "false"), "core plan::tests"],
  ["a retry's sessions are read from a text", "retry-carries-values", drop(), "e2e paste.spec.ts a retry carries its sessions"],
  ["one of several possible ids is used", "several-possible-ids", swap("!is_number(cell)", "true"), "core input::tests"],
  ["a session count claims units that were not read", "session-count-lower-bound", swap(/self\.unknown.*/, "self.known > 0"), "core session_counts"],
  ["the headline does not say that BIG-IQ named other devices", "other-devices", swap("!ids.is_empty()", "false"), "text a_headline_names_the_devices"],
  ["a device that can't be looked up can't be chosen by its id", "id-is-enough", swap("401..=404", "499"), "client an_id_is_enough"],
  ["a number that may be larger counts as exact", "count-certainty", swap("is_all =>", "true =>"), "core session_counts"],
  ["the end of a list is certain although pages overlap", "shifted-pages", swap("!self.is_shifted", "true"), "core device_pages"],
  ["a list that ignores paging counts as complete", "paging-ignored", swap(/= .*;/, "= true;"), "core device_pages"],
  ["a larger total of BIG-IQ is not reported", "larger-total", swap("reported > listed", "false"), "core device_pages"],
  ["an uncertain end of a list is not reported", "uncertain-end", swap("!is_whole", "false"), "core device_pages"],
  ["a device whose data is unreadable belongs to no group", "unreadable-member", swap(/= .*;/, "= true;"), "core device_pages"],
  ["without any list, a typed name counts as removed", "listed-names-only", swap(/= !.*;/, "= true;"), "core plan::tests"],
  ["a plan claims all members of a group whose members are not all known", "members-not-known", swap("is_expanded", "false"), "core plan::tests"],
  ["sessions on devices that nobody knows count as verified", "unknown-reach-is-blind", swap(/usize::from.*;/, "0;"), "core verify::tests"],
  ["a short page passes for the end of a list", "short-page", swap("{ 1 }", "{ return }"), "core device_pages"],
  ["a key press does not count as activity", "activity-events", swap('"keydown", ', ""), "e2e hosting.spec.ts a click or a key counts"],
  ["a shared connection to the page is not reported", "shared-connection", always, "e2e hosting.spec.ts kills share a connection"],
  ["a device's 401 ends the sign-in", "device-401", swap(/asked\(.*\)/, "read(call)"), "client a_401_for_an_optional_read"],
  ["redirects are followed", "no-redirects", swap("RequestRedirect::Error", "RequestRedirect::Follow"), "e2e secrets.spec.ts no link and no redirect"],
  ["a result that can't be verified doesn't say why", "unproven-says-why", swap("Conclusion::Unproven => verdict.gone > 0", "Conclusion::Unproven => true"), "text a_headline_says"],
  ["a frame takes the portal's focus", "portal-keeps-focus", swap("parent === self && ", ""), "e2e embed.spec.ts a portal fills in the form"],
  ["the notice that Curfew has not started stays", "notice-removed", drop(), "e2e not-started.spec.ts the notice goes"],
  ["the app starts without its styles", "styles-needed", swap("bare()", "false"), "e2e not-started.spec.ts the page names the file and the cause, and that nothing was sent"],
  ["wasm needs the right type", "wasm-any-type", swap(/\{ headers: .* \}/, "response"), "e2e not-started.spec.ts served as"],
  ["streams may give another wasm file than was built", "same-wasm", drop(), "script split/streams.test.mjs"],
  ["the app's wasm is loaded without an integrity check", "app-wasm-integrity", swap(/\{ integrity: .* \}/, "{}"), "e2e boot.spec.ts is refused, and the page says that nothing was sent"],
  ["the app's script is loaded without an integrity check", "app-script-integrity", swap(/ integrity="[^"]*"/, ""), "e2e boot.spec.ts is refused, and the page says that nothing was sent"],
  ["recent targets stay when records are deleted at the sign-out", "recent-forgotten", drop(), "e2e sign-out.spec.ts can't be read by the next one"],
  ["a clicked button that the browser gives no focus gets none", "focus-follows-clicks", never, "browser a_dialog_returns_the_focus"],
  ["text can become any element", "trusted-types", swap(/\w+\.test\((\w+)\) \? \w+ : null/, "$1"), "e2e boot.spec.ts text does not become a script"],
  ["a press before the app has loaded is sent to the server", "early-submit", drop(), "e2e boot.spec.ts Enter before the app has loaded"],
  ["the console's wasm is loaded without an integrity check", "console-integrity", swap(", { integrity }", ""), "e2e boot.spec.ts a changed console is refused"],
  ["the console's style sheet is loaded without an integrity check", "console-integrity", swap(", { integrity }", ""), "e2e boot.spec.ts a changed style sheet of the console"],
  ["the list of the languages' files is loaded without an integrity check", "language-list-integrity", swap(/, \["integrity".*?\]/, ""), "e2e not-started.spec.ts the list of languages is changed"],
  ["the texts of a language are loaded without an integrity check", "language-integrity", swap(" ${texts.integrity}", ""), "e2e not-started.spec.ts the texts of a language are changed"],
  ["the style sheet is loaded without an integrity check", "style-integrity", swap(/ integrity="\$\{.*?\}"/, ""), "e2e boot.spec.ts a changed style sheet"],
  ["changed wasm keeps its old name", "wasm-name", swap(/\$\{hash\(.*?\)\}/, "0123456789abcdef"), "e2e boot.spec.ts named by their content"],
];

const browser = { CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: "wasm-bindgen-test-runner", WASM_BINDGEN_TEST_TIMEOUT: "180" };
/** These bundles are built often and their size does not matter, so they are optimised for a quick build. */
const quick = { CURFEW_QUICK: "1", CARGO_PROFILE_RELEASE_LTO: "off", CARGO_PROFILE_RELEASE_CODEGEN_UNITS: "16", CARGO_PROFILE_RELEASE_OPT_LEVEL: "1", CARGO_PROFILE_RELEASE_INCREMENTAL: "true" };
const cargo = (...args) => (filter) => ["cargo", "test", "--locked", ...args, ...filter];

/** Builds the bundle of a folder, and the simulator that tests start. */
function build(folder) {
  const options = { cwd: folder, env: { ...process.env, CARGO_TARGET_DIR: TARGET, ...quick }, encoding: "utf8", maxBuffer: 1 << 26 };
  const { stderr } = spawnSync("bash", ["scripts/build.sh"], options);
  // A quick build exceeds the size budget, so only these two messages mean a failure.
  if (/did not build|could not be finished/.test(stderr)) throw new Error(stderr.slice(-2000));
  execFileSync("cargo", ["build", "--locked", "--quiet", "-p", "bigiq-simulator"], options);
}

const simulator = { CURFEW_SIMULATOR: join(TARGET, "debug/bigiq-simulator") };
const node = (server, file) => ["env", `PROXY=${server}`, "node", "--test", "--test-reporter=spec", file];

/** How to run each kind of test: its folder, command and environment, and what to build first. */
const KINDS = {
  // One world of the engine's exploration. It must print the shortest trace to the fault.
  world: { command: ([world]) => ["cargo", "test", "--locked", "--quiet", "-p", "curfew-core", "--lib", `engine::exploration::${world}`, "--", "--exact"], traced: true },
  core: { command: cargo("--quiet", "-p", "curfew-core", "--lib") },
  bigiq: { command: cargo("--quiet", "-p", "bigiq", "--lib") },
  client: { command: cargo("--quiet", "-p", "curfew-client", "--tests") },
  text: { command: cargo("--quiet", "-p", "text") },
  container: { command: cargo("--quiet", "-p", "curfew-container") },
  doc: { command: cargo("--quiet", "-p", "curfew-core", "--doc") },
  browser: { command: (filter) => ["cargo", "test", "--locked", "-p", "curfew", "--test", "browser", "--target", "wasm32-unknown-unknown", "--", ...filter], env: browser },
  e2e: {
    in: "tests/e2e",
    command: ([file, ...words]) => ["npx", "--no-install", "playwright", "test", file, "--reporter=line", "--grep", words.join(" ")],
    env: simulator,
    before: build,
  },
  script: { command: ([file]) => ["node", "--test", "--test-reporter=spec", `scripts/${file}`] },
  // These test a server's config and need no bundle.
  proxy: { in: "tests/proxy", command: ([server, file]) => node(server, file), env: simulator },
  // These change a file that the portal serves, so an existing bundle will do.
  portal: {
    in: "tests/proxy",
    command: ([file]) => node("nginx", file),
    env: simulator,
    before: (folder) => existsSync(join(folder, "dist/index.html")) || build(folder),
  },
  framed: { in: "tests/proxy", command: ([file]) => node("nginx", file), env: simulator, before: build },
};

const FAILED = /^test result: FAILED|^ +\d+ failed$|^ℹ fail [1-9]/m;
const NAMES = [/^ *✖ (?!failing tests)(.*?) \([\d.]+ms\)$/gm, /^---- (\S+).*stdout ----$/gm, /^ {4}.*› (.*?) ─*$/gm, /^test (\S+) \.\.\. FAIL$/gm];

/** The trace in the output of an exploration: what was broken, and the steps. */
export function traceIn(out) {
  const [, broken, steps] = /panicked at [^\n]*\n([^\n]+)\n((?: *\d+\. [^\n]+\n)+)/.exec(out) ?? [];
  return steps && { broken, steps: steps.trimEnd().split("\n").map((step) => step.replace(/^ *\d+\. /, "")) };
}

function test(folder, which) {
  const [kind, ...filter] = which.split(" ");
  const { command, env, before, traced, in: at = "." } = KINDS[kind];
  before?.(folder);
  const [program, ...args] = command(filter);
  const run = spawnSync(program, args, { cwd: join(folder, at), env: { ...process.env, CARGO_TARGET_DIR: TARGET, ...env }, encoding: "utf8", maxBuffer: 1 << 26 });
  const out = run.stdout + run.stderr;
  const failed = FAILED.test(out);
  if (run.status !== 0 && !failed) throw new Error(`the test does not run:\n${out.slice(-2000)}`);
  const trace = traced && failed ? traceIn(out) : undefined;
  if (traced && failed && trace === undefined) throw new Error(`the exploration failed without a trace:\n${out.slice(-2000)}`);
  return { failed, trace, names: [...new Set(NAMES.flatMap((name) => [...out.matchAll(name)]).map(([, name]) => name))] };
}

/** The text of every file in git that can hold a guard. */
function sources() {
  const files = execFileSync("git", ["ls-files", "-z", "--", ":!docs", ":!languages", ":!fuzz/seeds"], { cwd: ROOT, encoding: "utf8" });
  return files.split("\0").filter((file) => file !== "" && existsSync(join(ROOT, file))).map((file) => [file, readFileSync(join(ROOT, file), "utf8")]);
}

/** What is wrong between the mutations and the guards in files. */
export function faults(mutations, files) {
  const found = guards(files);
  const texts = new Map(files);
  const wrong = [];
  for (const [name, places] of found) {
    const where = places.map(({ path, line }) => `${path}:${line}`).join(", ");
    if (places.length > 1) wrong.push(`guard ${name} occurs more than once: ${where}`);
    if (!mutations.some(([, guard]) => guard === name)) wrong.push(`guard ${name} has no mutation: ${where}`);
  }
  for (const [name, guard, operation, which] of mutations) {
    const [kind, file, ...words] = which.split(" ");
    if (kind === "e2e" && !texts.get(`tests/e2e/${file}`)?.includes(words.join(" "))) wrong.push(`${name}: no test of ${file} has this in its title: ${words.join(" ")}`);
    const place = found.get(guard)?.[0];
    if (place === undefined) wrong.push(`${name}: no guard ${guard}`);
    else if (broken(texts.get(place.path), place, operation) === undefined) wrong.push(`${name}: the mutation doesn't fit ${place.path}:${place.line + 1}`);
  }
  return wrong;
}

function main() {
  const files = sources();
  const wrong = faults(MUTATIONS, files);
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
  if (process.argv[2] === "--check") return;
  const places = new Map([...guards(files)].map(([name, [place]]) => [name, place]));
  // Always the same folder, so that earlier builds are reused.
  const folder = join(ROOT, "target/mutate");
  const out = join(ROOT, "target/reliability/mutations.json");
  mkdirSync(dirname(out), { recursive: true });
  const results = [];
  const earlier = existsSync(out) ? JSON.parse(readFileSync(out, "utf8")) : [];
  try {
    const copied = execFileSync("git", ["ls-files", "-z", "--", ":!docs/pictures"], { cwd: ROOT, encoding: "utf8" });
    for (const file of copied.split("\0").filter((file) => file !== "" && existsSync(join(ROOT, file)))) cpSync(join(ROOT, file), join(folder, file), { preserveTimestamps: true });
    // The last run's builds of these files are broken, but newer than the files.
    for (const { path } of places.values()) utimesSync(join(folder, path), new Date(), new Date());
    const tools = join(folder, "tests/e2e/node_modules");
    if (!existsSync(tools)) symlinkSync(join(ROOT, "tests/e2e/node_modules"), tools);
    const word = process.argv[2] ?? "";
    const selected = MUTATIONS.filter(([name, , , which]) => name.includes(word) || which.split(" ")[0] === word);
    for (const which of new Set(selected.map(([, , , which]) => which))) {
      if (test(folder, which).failed) throw new Error(`${which}: fails although nothing is broken`);
    }
    for (const [name, guard, operation, which] of selected) {
      const place = places.get(guard);
      const file = join(folder, place.path);
      const source = readFileSync(file, "utf8");
      writeFileSync(file, broken(source, place, operation));
      const { failed, trace, names } = test(folder, which);
      writeFileSync(file, source);
      results.push({ name, path: place.path, failed, by: names.slice(0, 3), more: Math.max(0, names.length - 3), ...(trace && { trace: { world: which.split(" ")[1], ...trace } }) });
      const kept = earlier.filter((old) => MUTATIONS.some(([known]) => known === old.name) && !results.some(({ name }) => name === old.name));
      writeFileSync(out, JSON.stringify([...kept, ...results], null, 1));
      console.log(`${failed ? "noticed" : "NOT NOTICED"}: ${name} (${names.slice(0, 3).join(", ")})`);
      if (trace) console.log([trace.broken, ...trace.steps.map((step, index) => `${index + 1}. ${step}`)].map((line) => `    ${line}`).join("\n"));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const missed = results.filter(({ failed }) => !failed).length;
  console.log(`${results.length - missed} passed, ${missed} failed`);
  process.exitCode = missed > 0 || results.length === 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
