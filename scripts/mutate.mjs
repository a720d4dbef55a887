// Breaks safeguards, one at a time, in a copy of the sources, and checks that a test fails for each. `node scripts/mutate.mjs` runs
// all; with a word it runs those whose name contains it; `--check` only checks that each can be applied. The results are in
// target/reliability/mutations.json, from which scripts/reliability.mjs writes its table. It must not change the sources themselves.

import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const CORE = "crates/core/src";
/** Kept from one run to the next; the copy of the sources is removed. */
const TARGET = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target/mutated");

/**
 * The name, the file, the text to replace, its replacement, and the tests to run: one of KINDS and a filter. Each text occurs once
 * in its file. Safeguards that only a browser test can notice come last, because each needs a build of the app.
 */
const MUTATIONS = [
  ["a job starts twice, so its request is sent twice", `${CORE}/job/mod.rs`, "if self.state.phase != Phase::Confirmed || waiting.job() != self.id {", "if waiting.job() != self.id {", "core job"],
  ["a request that is ready to send can be copied", `${CORE}/plan/confirmed.rs`, "#[derive(Debug, PartialEq, Eq)]\npub struct PreparedRequest", "#[derive(Debug, Clone, PartialEq, Eq)]\npub struct PreparedRequest", "doc PreparedRequest"],
  ["an unsent request is still sent after a reload", `${CORE}/job/state.rs`, "Observation::Reloaded => Phase::NotSent(NotSent::Reloaded),", "Observation::Reloaded => return Effect::Fits,", "core job"],
  ["an unsent request is still sent after a sign-out", `${CORE}/job/state.rs`, "Observation::SignedOut => Phase::NotSent(NotSent::SignedOut),", "Observation::SignedOut => return Effect::Fits,", "core job"],
  ["the result of a finished task is ignored", `${CORE}/job/phase.rs`, "if complete && done", "if done", "core job"],
  ["failures that BIG-IQ reports are ignored", `${CORE}/job/phase.rs`, "&& sight.troubles.is_empty()", "", "core job"],
  ["an ended job changes its end", `${CORE}/job/state.rs`, "Phase::NotSent(_) | Phase::Rejected(_) | Phase::Ended(_) => self.over(what),", "Phase::NotSent(_) | Phase::Rejected(_) => self.over(what),\n            Phase::Ended(_) => self.watched(at, what, times),", "core job"],
  ["the gate accepts any phrase", `${CORE}/plan/gate.rs`, "&& folded(&render(phrase)) != folded(&answer.phrase)", "&& answer.phrase.is_empty()", "core gate"],
  ["the gate accepts an empty reason", `${CORE}/plan/gate.rs`, "self.wants_reason() && answer.reason.trim().is_empty()", "self.wants_reason() && false", "core gate"],
  ["a configuration can switch off the phrase", `${CORE}/plan/inputs.rs`, "usize::from(config.phrase_above).min(MANY)", "usize::from(config.phrase_above) + MANY", "core"],
  ["a task of another job is adopted", `${CORE}/engine/task_search.rs`, "seen_tasks.was_there(id, sent) || owned(id)", "seen_tasks.was_there(id, sent)", "core task_search"],
  ["one of several candidates is adopted", `${CORE}/engine/task_search.rs`, "found.len() == 1 && !contested(id)", "!contested(id)", "core task_search"],
  ["one of two equal requests adopts the other's task", `${CORE}/engine/task_search.rs`, "found.len() == 1 && !contested(id)", "found.len() == 1", "core task_search"],
  ["a task that a wrong clock hides is reported as missing", `${CORE}/engine/task_search.rs`, "Some(if far.is_empty() {", "Some(if true {", "core task_search"],
  ["one read of the list is enough to report that there is no task", `${CORE}/engine/task_search.rs`, "if listing.at.since(first) < SPREAD {", "if false {", "core task_search"],
  ["a task that started long ago decides how far back a cut-off list reaches", `${CORE}/engine/task_search.rs`, "listing.tasks.last().and_then(|task| task.last_update_micros);", "listing.tasks.iter().filter_map(begin).min().map(|at| at * 1000);", "core task_search"],
  ["a batch is sent at full speed although no answers arrive", `${CORE}/engine/rate_limit.rs`, "SILENCE.saturating_mul(1 << self.losses.min(5)).min(SILENCE_MOST)", "SILENCE", "core rate_limit"],
  ["polling stops when the clock is set back", `${CORE}/engine/poll.rs`, "at <= now || at > now.plus(LONGEST)", "at <= now", "core poll"],
  ["a cut-off reading proves that sessions are gone", `${CORE}/verify/check.rs`, "&& fresh.iter().all(|r| r.is_complete())", "", "core verify"],
  ["a reading from before the kill proves that sessions are gone", `${CORE}/verify/check.rs`, ".filter(|reading| reading.read_at() >= since)", "", "core verify"],
  ["a formula in the middle of a CSV cell is not escaped", `${CORE}/record/csv.rs`, "if starts && matches!", "if place == 0 && matches!", "core csv"],
  ["any Retry-After value stops polling, however long it is", `${CORE}/engine/poll.rs`, ".min(RETRY_AFTER_MOST)", "", "core poll"],
  ["many failures stop polling", `${CORE}/engine/poll.rs`, "doubled.min(BACK_OFF_MOST)", "doubled", "core poll"],
  ["Retry-After is ignored", `${CORE}/engine/poll.rs`, "pace.retry_after.unwrap_or_default()", "Duration::ZERO", "core poll"],
  ["a quotation mark can end a filter value early", "crates/bigiq/src/odata.rs", "matches!(c, '\\'' | '*' | '\\\\')", "matches!(c, '*' | '\\\\')", "bigiq odata"],
  ["an id of dots leaves its path", "crates/bigiq/src/odata.rs", "if segment.is_empty() || segment == \".\" || segment == \"..\" {", "if segment.is_empty() {", "bigiq"],
  ["host and path of a link are used", "crates/bigiq/src/link.rs", "path.rsplit('/').next().unwrap_or_default()", "path", "bigiq"],
  ["a cancel request without an answer counts as accepted", `${CORE}/job/state.rs`, "Observation::CancelLost(_) => self.cancel = Cancel::NotAsked,", "Observation::CancelLost(_) => {}", "core job"],
  ["two BIG-IQs share one list of jobs", `${CORE}/app/config.rs`, "other.prefix == bigiq.prefix", "other.prefix == bigiq.prefix && false", "core config"],
  ["a portal's default port, which browsers leave out, is not removed", `${CORE}/app/config.rs`, "text.strip_suffix(usual).unwrap_or(text)", "text", "core config"],
  ["a message of any length is stored", "crates/bigiq/src/lenient.rs", "text.truncate(text.floor_char_boundary(LONGEST_MESSAGE));", "_ = text;", "bigiq lenient"],
  ["a stack trace in a report contains the exception's message", "crates/bigiq/src/java_stack.rs", "[exception, \": …\"].concat()", "line.to_owned()", "bigiq java_stack"],
  ["a report contains any text as a version", "crates/bigiq/src/redacted_shape.rs", "key == \"version\" && is_version(text)", "key == \"version\"", "bigiq redacted_shape"],
  ["nginx does not check BIG-IQ's certificate", "proxy/nginx/curfew.conf", "proxy_ssl_verify on;", "proxy_ssl_verify off;", "proxy nginx bigiq_certificate.test.js"],
  ["Caddy does not check BIG-IQ's certificate", "proxy/caddy/Caddyfile", "tls_trusted_ca_certs /etc", "tls_insecure_skip_verify # /etc", "proxy caddy bigiq_certificate.test.js"],
  ["HAProxy does not check BIG-IQ's certificate", "proxy/haproxy/haproxy.cfg", "ssl verify required sni", "ssl verify none sni", "proxy haproxy bigiq_certificate.test.js"],
  ["httpd does not check BIG-IQ's certificate", "proxy/httpd/curfew.conf", "SSLProxyVerify require", "SSLProxyVerify none", "proxy httpd bigiq_certificate.test.js"],
  ["nginx passes a method that the app does not use", "proxy/nginx/curfew.conf", "\"~^GET /mgmt/shared/failover-state", "\"~^(GET|PUT) /mgmt/shared/failover-state", "proxy nginx allow_list.test.js"],
  ["Caddy passes a method that the app does not use", "proxy/caddy/Caddyfile", "\"~^GET /mgmt/shared/failover-state", "\"~^(GET|PUT) /mgmt/shared/failover-state", "proxy caddy allow_list.test.js"],
  ["HAProxy passes a method that the app does not use", "proxy/haproxy/haproxy.cfg", "'^GET /mgmt/shared/failover-state", "'^(GET|PUT) /mgmt/shared/failover-state", "proxy haproxy allow_list.test.js"],
  ["httpd passes a method that the app does not use", "proxy/httpd/curfew.conf", "m#^GET /mgmt/shared/failover-state", "m#^(GET|PUT) /mgmt/shared/failover-state", "proxy httpd allow_list.test.js"],
  ["nginx matches the normalised path instead of the one it received", "proxy/nginx/curfew.conf", "map \"$curfew_prefix $request\" $curfew_line", "map \"$curfew_prefix $request_method $uri HTTP/1.1\" $curfew_line", "proxy nginx path_tricks.test.js"],
  ["nginx writes tokens to its log", "proxy/nginx/curfew.conf", "    \"~*^(?<curfew_head>.{0,300}?tokens/)\" \"$curfew_head-\";\n    \"~eyJ\" \"(hidden)\";\n", "", "proxy nginx log.test.js"],
  ["Caddy writes tokens to its log", "proxy/caddy/Caddyfile", "\"((?i)tokens/|eyJ).*\" \"${1}-\"", "\"((?i)nothing).*\" \"${1}-\"", "proxy caddy log.test.js"],
  ["HAProxy writes tokens to its log", "proxy/haproxy/haproxy.cfg", "regsub(\"(tokens/|eyJ).*\",\"\\1-\",i),", "", "proxy haproxy log.test.js"],
  ["httpd writes tokens to its log", "proxy/httpd/curfew.conf", "    SetEnvIf Request_URI eyJ curfew_path=-\n    SetEnvIf Request_URI \"(?i)^([A-Za-z0-9._~,%/:-]{0,300}?tokens/)\" curfew_path=$1-\n", "", "proxy httpd log.test.js"],
  ["nginx sends no content security policy", "proxy/nginx/curfew.conf", "add_header Content-Security-Policy", "# add_header Content-Security-Policy", "proxy nginx headers.test.js"],
  ["Caddy lets browsers guess content types", "proxy/caddy/Caddyfile", "		X-Content-Type-Options nosniff\n", "", "proxy caddy headers.test.js"],
  ["HAProxy lets the browser send referrers to other sites", "proxy/haproxy/haproxy.cfg", "http-after-response set-header Referrer-Policy no-referrer", "", "proxy haproxy headers.test.js"],
  ["httpd lets other origins embed its answers", "proxy/httpd/curfew.conf", "Header always set Cross-Origin-Resource-Policy same-origin", "", "proxy httpd headers.test.js"],
  ["nginx passes on BIG-IQ's cookies", "proxy/nginx/curfew.conf", "proxy_hide_header Set-Cookie;", "", "proxy nginx headers.test.js"],
  ["nginx passes on the browser's headers", "proxy/nginx/curfew.conf", "proxy_pass_request_headers off;", "", "proxy nginx headers.test.js"],
  ["nginx accepts a kill from another site", "proxy/nginx/curfew.conf", "\"~^same-origin:1:(POST|PATCH):", "\"~^[a-z-]*:1:(POST|PATCH):", "proxy nginx headers.test.js"],
  ["nginx repeats a call", "proxy/nginx/curfew.conf", "proxy_next_upstream off;", "proxy_next_upstream error timeout non_idempotent;", "proxy nginx limits.test.js"],
  ["nginx keeps the connection of a kill open", "proxy/nginx/curfew.conf", "        keepalive_timeout 0;\n        proxy_pass", "        proxy_pass", "proxy nginx limits.test.js"],
  ["nginx does not limit sign-in attempts", "proxy/nginx/curfew.conf", "limit_req zone=curfew_login burst=5 nodelay;", "", "proxy nginx limits.test.js"],
  ["a fetch continues when nothing waits for it", "src/api/transport.rs", "controller.abort();", "_ = controller;", "browser aborted"],
  ["an async task continues after its page is closed", "src/web/task.rs", "on_cleanup(move || handle.abort());", "_ = handle;", "browser tasks"],
  ["an older answer overwrites a newer one", "src/web/task.rs", "            slot.abort();\n", "", "browser tasks"],
  ["a write ends with the page that started it", "src/web/task.rs", "Some(owner) => owner.with(|| scoped(future)),", "Some(_) => scoped(future),", "browser tasks"],
  ["a kill refused for an expired token is sent again with a new one", "src/api/signed_in.rs", "            tokens.distrust(token);\n        }\n        answer\n", "            tokens.distrust(token);\n            let token = self.token().await?;\n            return transport::send_with(&self.0.prefix, call, token.as_ref(), claims, connection).await;\n        }\n        answer\n", "e2e faults.spec.ts a kill refused for an invalid token"],
  ["a kill uses a connection on which the browser repeats requests by itself", "src/api/signed_in.rs", "Some(_) => Connection::Own,", "Some(_) => Connection::Shared,", "e2e faults.spec.ts is lost before BIG-IQ received it"],
  ["a kill is sent before its record is stored", "src/state/jobs/send.rs", "if entry.keep().is_err() && keep == Keep::Must {", "if keep == Keep::IfPossible && entry.keep().is_err() {", "e2e faults.spec.ts the page is reloaded before BIG-IQ has answered"],
  ["a kill whose record can't be stored is sent without a warning", "src/state/jobs/store.rs", "    Storage::Session.set(key, &text)\n", "    Storage::Session.set(key, &text).or(Ok(()))\n", "e2e faults.spec.ts nothing is sent until the operator has seen the warning"],
  ["a plan whose record can't be stored leaves a job behind", "src/state/jobs/mod.rs", "if let (Err(error), Keep::Must) = (kept, keep) {", "if let (Err(error), Keep::Must, false) = (kept, keep, true) {", "e2e faults.spec.ts closing the gate leaves no job behind"],
  ["a proxy's 404 page counts as a missing task", "src/api/error.rs", "refusal: Refusal::NotFound, from_bigiq: true, ..", "refusal: Refusal::NotFound, ..", "e2e faults.spec.ts own 404 page for each poll"],
  ["a 403 page counts as a refused kill", "src/api/kill.rs", "status: 401 | 413 | 429, ..", "status: 401 | 403 | 413 | 429, ..", "e2e faults.spec.ts a filter's 403 page"],
  ["a duplicated tab treats its copy as what a reload left behind", "src/state/jobs/mod.rs", "if !self.has(&batch.id) && is_others(&batch.id).await {", "if false {", "e2e faults.spec.ts the tab is duplicated"],
  ["each plan sends four requests at once", "src/state/jobs/send.rs", "flow.on_the_way < self.at_once", "flow.on_the_way < u16::MAX", "e2e batch.spec.ts two plans together"],
  ["the app replaces the sign-in button while it is pressed", "src/lib.rs", "            web::boot::released().await;\n", "", "e2e boot.spec.ts a click on the button while the app takes over"],
  ["a row is redrawn while it is pressed", "src/pages/kill/targets.rs", "                matching.track();\n            })", "                matching.track();\n                lookout.known().track();\n            })", "e2e plan.spec.ts a row registers a click"],
  ["requests not sent before a sign-out are sent after the next sign-in", "src/state/jobs/mod.rs", "entry.observe(Source::Operator, Observation::SignedOut);", "_ = entry;", "e2e sign-out.spec.ts after the sign-out they are never sent"],
  ["a portal accepts messages from any frame of Curfew's origin", "embed.js", "event.source !== this.#frame.contentWindow || ", "", "portal embed.test.js"],
  ["a portal accepts messages from another page in Curfew's frame", "embed.js", " || event.origin !== this.#origin", "", "portal embed.test.js"],
  ["a portal accepts a message with extra fields", "embed.js", "has(\"job\", \"state\") && ", "", "portal embed.test.js"],
  ["a portal does not limit the height of Curfew's frame", "embed.js", "min(${Math.ceil(wanted)}px, 100vh)", "${Math.ceil(wanted)}px", "portal embed.test.js"],
  ["a portal makes a frame for its own origin", "embed.js", "if (address.origin === location.origin) {", "if (false) {", "portal embed.test.js"],
  ["Curfew's frame may open windows", "embed.js", "allow-forms allow-modals", "allow-forms allow-popups allow-modals", "portal embed.test.js"],
  ["Curfew accepts messages from a page other than the portal", "src/web/portal.rs", "if !from_parent || !origins.contains(&origin) {", "if !from_parent && !origins.contains(&origin) {", "framed embed.test.js"],
  ["Curfew is shown in any frame", "src/web/portal.rs", ".all(|origin| origin.as_string()", ".any(|origin| true || origin.as_string()", "framed embed.test.js"],
  ["an idle operator is not signed out", `${CORE}/app/idle.rs`, "slept && self.left(now)", "false && self.left(now)", "core idle"],
  ["the first key after hours of sleep counts as use", "src/state/idle.rs", "if !idle.end_if_over(is_sending()) {", "if !is_sending() || true {", "e2e hosting.spec.ts the first key after hours of sleep"],
  ["a kill leaves a computer that has slept before the idle sign-out", "src/state/jobs/send.rs", "if self.idle.end_if_over(true) {", "if false {", "e2e hosting.spec.ts a batch that a sleeping computer left"],
  ["a quoted cell over lines passes for further users", `${CORE}/input/user_list.rs`, "Quotes::Open => true,", "Quotes::Open => false,", "core user_list"],
  ["a session count claims units that were not read", `${CORE}/inventory/session_counts.rs`, "if self.is_complete() {\n            SessionCount", "if true {\n            SessionCount", "core session_counts"],
  ["a short page passes for the end of a list", `${CORE}/inventory/device_pages.rs`, "let top = if length < PAGE { 1 } else { PAGE };", "if length < PAGE { return; }\n        let top = PAGE;", "core device_pages"],
  ["a key press does not count as activity", "src/state/idle.rs", "[\"keydown\", \"pointerdown\"", "[\"pointerdown\"", "e2e hosting.spec.ts a click or a key counts"],
  ["a device's 401 ends the sign-in", "src/api/signed_in.rs", "let mut answer = self.asked(call, true).await;", "let mut answer = self.read(call).await;", "e2e hosting.spec.ts does not end the sign-in"],
  ["redirects are followed", "src/api/transport.rs", "RequestRedirect::Error", "RequestRedirect::Follow", "e2e secrets.spec.ts no link and no redirect"],
  ["the app's wasm is loaded without an integrity check", "boot.js", "{ integrity: wasm.integrity }", "{}", "e2e boot.spec.ts changed wasm is refused"],
  ["text can become any element", "boot.js", "plain.test(html) ? html : null", "html", "e2e boot.spec.ts text does not become a script"],
  ["a press before the app has loaded is sent to the server", "boot.js", "  event.preventDefault();\n", "", "e2e boot.spec.ts Enter before the app has loaded"],
  ["the console's wasm is loaded without an integrity check", "scripts/finish.mjs", ", { integrity: \"${integrity}\" }", "", "e2e boot.spec.ts a changed console is refused"],
  ["the console's style sheet is loaded without an integrity check", "scripts/finish.mjs", ", { integrity: \"${integrity}\" }", "", "e2e boot.spec.ts a changed style sheet of the console"],
  ["the style sheet is loaded without an integrity check", "scripts/finish.mjs", " integrity=\"${sheet.integrity}\"", "", "e2e boot.spec.ts a changed style sheet"],
  ["changed wasm keeps its old name", "scripts/finish.mjs", "`curfew-${hash(wasmData)}_bg.wasm`", "`curfew-0123456789abcdef_bg.wasm`", "e2e boot.spec.ts named by their content"],
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
  core: { command: cargo("--quiet", "-p", "curfew-core", "--lib") },
  bigiq: { command: cargo("--quiet", "-p", "bigiq", "--lib") },
  doc: { command: cargo("--quiet", "-p", "curfew-core", "--doc") },
  browser: { command: (filter) => ["cargo", "test", "--locked", "-p", "curfew", "--test", "browser", "--target", "wasm32-unknown-unknown", "--", ...filter], env: browser },
  e2e: {
    in: "tests/e2e",
    command: ([file, ...words]) => ["npx", "--no-install", "playwright", "test", file, "--reporter=line", "--grep", words.join(" ")],
    env: simulator,
    before: build,
  },
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

function test(folder, which) {
  const [kind, ...filter] = which.split(" ");
  const { command, env, before, in: at = "." } = KINDS[kind];
  before?.(folder);
  const [program, ...args] = command(filter);
  const run = spawnSync(program, args, { cwd: join(folder, at), env: { ...process.env, CARGO_TARGET_DIR: TARGET, ...env }, encoding: "utf8", maxBuffer: 1 << 26 });
  const out = run.stdout + run.stderr;
  const failed = FAILED.test(out);
  if (run.status !== 0 && !failed) throw new Error(`the test does not run:\n${out.slice(-2000)}`);
  return { failed, names: [...new Set(NAMES.flatMap((name) => [...out.matchAll(name)]).map(([, name]) => name))] };
}

/** Mutations whose text does not occur exactly once in its file, because the source has changed. */
function impossible() {
  const times = ([, path, from]) => readFileSync(join(ROOT, path), "utf8").split(from).length - 1;
  return MUTATIONS.filter((mutation) => times(mutation) !== 1).map(([name, path, from]) => `${name}: ${path} must contain this exactly once: ${from}`);
}

function main() {
  const wrong = impossible();
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
  if (process.argv[2] === "--check") return;
  // Always the same folder, so that earlier builds are reused.
  const folder = join(ROOT, "target/mutate");
  const out = join(ROOT, "target/reliability/mutations.json");
  mkdirSync(dirname(out), { recursive: true });
  const results = [];
  const before = existsSync(out) ? JSON.parse(readFileSync(out, "utf8")) : [];
  try {
    const files = execFileSync("git", ["ls-files", "-z", "--", ":!docs/pictures"], { cwd: ROOT, encoding: "utf8" });
    for (const file of files.split("\0").filter(Boolean)) cpSync(join(ROOT, file), join(folder, file), { preserveTimestamps: true });
    // The last run's builds of these files are broken, but newer than the files.
    for (const [, path] of MUTATIONS) utimesSync(join(folder, path), new Date(), new Date());
    const tools = join(folder, "tests/e2e/node_modules");
    if (!existsSync(tools)) symlinkSync(join(ROOT, "tests/e2e/node_modules"), tools);
    const word = process.argv[2] ?? "";
    const chosen = MUTATIONS.filter(([name, , , , which]) => name.includes(word) || which.split(" ")[0] === word);
    for (const which of new Set(chosen.map(([, , , , which]) => which))) {
      if (test(folder, which).failed) throw new Error(`${which}: fails although nothing is broken`);
    }
    for (const [name, path, from, to, which] of chosen) {
      const file = join(folder, path);
      const source = readFileSync(file, "utf8");
      writeFileSync(file, source.replace(from, () => to));
      const { failed, names } = test(folder, which);
      writeFileSync(file, source);
      results.push({ name, path, failed, by: names.slice(0, 3), more: Math.max(0, names.length - 3) });
      const kept = before.filter((old) => MUTATIONS.some(([known]) => known === old.name) && !results.some(({ name }) => name === old.name));
      writeFileSync(out, JSON.stringify([...kept, ...results], null, 1));
      console.log(`${failed ? "noticed" : "NOT NOTICED"}: ${name} (${names.slice(0, 3).join(", ")})`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const missed = results.filter(({ failed }) => !failed).length;
  console.log(`${results.length - missed} passed, ${missed} failed`);
  process.exitCode = missed > 0 || results.length === 0 ? 1 : 0;
}

main();
