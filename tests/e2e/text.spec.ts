// The tests' own rules about texts: sentences whose words are a promise are checked word by word here; all other tests
// find texts by key, with the right arguments. No browser is needed.

import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "@playwright/test";
import { ROOT } from "./support/paths";
import { argumentsOf, either, exactly, GERMAN, isolated, type Key, labelled, listOfAllNames, listOfNames, sentence, text, textPattern } from "./support/text";

const devices = text("device_count", { n: 2 });
const user = "user2";
const device = "red-b.example.test";

// A change of one of these words changes what operators are promised: change it here, too.
const PROMISES: [shown: string, words: string][] = [
  // The plan and its warnings.
  [text("what_stays"), "This doesn’t lock the account or revoke OAuth tokens. The user can sign back in."],
  [
    text("warning_standby", { device, cluster: "RedCluster" }),
    "‹red-b.example.test› is the standby of ‹RedCluster› right now. BIG-IQ would report success, but no session would end.",
  ],
  [
    text("warning_device_in_cluster", { device, cluster: "RedCluster" }),
    "‹red-b.example.test› is in cluster ‹RedCluster›. If it’s the standby, BIG-IQ reports success but no session ends.",
  ],
  [text("warning_own_sessions", { name: user }), "“‹user2›” may be you: your own sessions would end. The kill still runs."],
  [text("warning_everybody"), "If you’re connected through one of these devices, you’ll be disconnected. The kill still runs."],
  [
    text("warning_no_session_similar", { name: "USER2", similar: [user] }),
    "No session for “‹USER2›” on these devices. Did you mean ‹user2›?",
  ],
  // The gate.
  [text("gate_user", { user, devices }), "Kill all sessions of ‹user2› on 2 devices?"],
  [text("gate_everybody", { devices }), "Kill all sessions of all users on 2 devices?"],
  [text("gate_consequence"), "This can’t be undone."],
  [text("phrase_everybody", { devices: text("device_count", { n: 2 }) }), "kill all sessions on 2 devices"],
  [text("phrase_users", { users: 12, devices: text("device_count", { n: 1 }) }), "kill sessions of 12 users on 1 device"],
  [text("confirm_user", { user, devices }), "Kill all sessions of ‹user2› on 2 devices"],
  [labelled(text("rejected_heading"), text("nothing_killed")), "BIG-IQ didn’t start the kill: Nothing was killed."],
  [
    text("in_flight_elsewhere_body"),
    "If you confirm, it runs a second time and also ends sessions opened in between.",
  ],
  // Outcomes.
  [text("headline_success"), "Finished. BIG-IQ doesn’t report how many sessions ended"],
  [text("help_success"), "BIG-IQ also reports success for a misspelt user or a standby device."],
  [text("headline_verified", { n: 2 }), "Verified: 2 sessions are gone"],
  [text("headline_remaining", { n: 1 }), "BIG-IQ finished, but 1 session is still there"],
  [text("headline_unknown"), "Unknown whether BIG-IQ started it"],
  [text("help_unknown"), "The answer was lost. Curfew is looking for the task in BIG-IQ’s list; it won’t send again."],
  [
    text("headline_connection_lost", { time: "03:12:07" }),
    "Connection lost at 03:12:07; the task continues on BIG-IQ",
  ],
  [text("help_failed"), "It’s unknown what was done on which device. Sessions may have ended."],
  [text("help_gone"), "It was removed, or BIG-IQ was reset. It’s unknown whether sessions ended."],
];

for (const [shown, words] of PROMISES) {
  test(`operators are promised: ${words}`, () => {
    expect(shown).toBe(sentence(words));
  });
}

test("arguments are written as the app writes them", () => {
  expect(isolated("a\u202eb")).toBe("\u2068a[U+202E]b\u2069");
  expect(text("device_count", { n: 1 })).not.toBe(text("device_count", { n: 2 }).replace("2", "1"));
  expect(text("device_count", { n: 1_200 })).toContain("1,200");
  expect(GERMAN.text("device_count", { n: 1_200 })).toContain("1.200");
  expect(text("error_server", { status: 1_503 })).toContain("1503");
  expect(listOfNames(["a", "b"])).toBe(sentence("‹a› and ‹b›"));
  expect(text("paste_repeated", { lines: [1, 2, 3, 4, 5, 6] })).toContain(`1, 2, 3, 4, 5 and ${text("more_in_list", { n: 1 })}`);
  expect(listOfNames(["a", "b"], 4)).toBe(`${isolated("a")}, ${isolated("b")} and ${text("more_in_list", { n: 2 })}`);
  expect(listOfAllNames(["a", "b", "c", "d", "e", "f"])).toBe(sentence("‹a›, ‹b›, ‹c›, ‹d›, ‹e› and ‹f›"));
});

test("a missing, unknown or wrong argument, and an unknown key, are errors", () => {
  expect(() => text("sign_in_to")).toThrow("the text sign_in_to needs {bigiq}");
  expect(() => text("device_count")).toThrow("the text device_count needs {n}");
  expect(() => text("sign_in_to", { bigiq: "a", other: "b" })).toThrow("the text sign_in_to has no {other}");
  expect(() => textPattern("sign_in_to", { other: "b" })).toThrow("the text sign_in_to has no {other}");
  expect(() => text("device_count", { n: "1" })).toThrow("{n} of the text device_count is a Count: it needs a number");
  expect(() => text("sign_in_to", { bigiq: 1 })).toThrow("{bigiq} of the text sign_in_to is a Name: it needs a string");
  expect(() => text("paste_repeated", { lines: "1" })).toThrow("{lines} of the text paste_repeated is a List: it needs an array of names or numbers");
  expect(() => text("no_such_text" as Key)).toThrow("there is no text no_such_text in languages/");
});

test("a pattern matches any argument that is not given, and nothing else", () => {
  const any = exactly(textPattern("warning_standby"));
  expect(text("warning_standby", { device, cluster: "RedCluster" })).toMatch(any);
  expect("red-b is the standby of RedCluster right now.").not.toMatch(any);
  const one = textPattern("warning_standby", { device });
  expect(text("warning_standby", { device, cluster: "(any)" })).toMatch(one);
  expect(text("warning_standby", { device: "red-a.example.test", cluster: "(any)" })).not.toMatch(one);
  const known = exactly(textPattern("help_remaining_sessions"));
  for (const n of [1, 2, 12_000]) expect(text("help_remaining_sessions", { n })).toMatch(known);
  expect(text("headline_connection_lost", { time: "at 3" })).toMatch(textPattern("headline_connection_lost", { time: /at \d/ }));
  expect(text("refresh")).toMatch(exactly(either(text("retry"), text("refresh"))));
});

/** A call in a test: the key of a text, and the names of its arguments if they are written there. */
interface Use {
  at: string;
  call: string;
  key: string;
  given: string[] | undefined;
}

const SOURCES = ["tests/e2e", "tests/bench"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.includes("node_modules"))
    .map((file) => join(ROOT, folder, file)),
);
/** Files that hold texts for a reason: this one, and the captions of pictures. */
const OWN_WORDS = ["tests/e2e/text.spec.ts", "tests/e2e/support/states.ts"];

/** The names before the colons of an object that starts at `from`; undefined if there is none. */
function given(code: string, from: number): string[] | undefined {
  const open = /^,\s*\{/.exec(code.slice(from));
  if (!open) return code[from] === ")" ? [] : undefined;
  const names: string[] = [];
  let depth = 1;
  let quote = "";
  let part = "";
  for (let at = from + open[0].length; at < code.length && depth > 0; at += 1) {
    const char = code[at] ?? "";
    if (quote !== "") {
      if (char === quote) quote = "";
      continue;
    }
    if (`"'\``.includes(char)) quote = char;
    if ("({[".includes(char)) depth += 1;
    if (")}]".includes(char)) depth -= 1;
    if (depth === 1 && char === ",") {
      names.push(part);
      part = "";
    } else part += char;
  }
  names.push(part.replace(/\}$/, ""));
  return names.map((name) => /^\s*(\w+)/.exec(name)?.[1] ?? "").filter((name) => name !== "");
}

const USES: Use[] = SOURCES.flatMap((file) => {
  const code = readFileSync(file, "utf8");
  return [...code.matchAll(/\b(text|textPattern|menu)\("(\w+)"/g)].map((call) => ({
    at: `${relative(ROOT, file)}:${code.slice(0, call.index).split("\n").length}`,
    call: call[1] ?? "",
    key: call[2] ?? "",
    given: given(code, call.index + call[0].length),
  }));
});

test("every text that a test looks for exists, and gets the arguments that it has", () => {
  const wrong = USES.filter(({ at }) => !at.startsWith("tests/e2e/text.spec.ts")).flatMap(({ at, call, key, given }) => {
    try {
      const known = argumentsOf(key as Key);
      const missing = call === "text" && given ? [...known].filter((name) => !given.includes(name)) : [];
      const unknown = (given ?? []).filter((name) => !known.has(name));
      return [...missing.map((name) => `${at}: ${key} needs {${name}}`), ...unknown.map((name) => `${at}: ${key} has no {${name}}`)];
    } catch (error) {
      return [`${at}: ${(error as Error).message}`];
    }
  });
  expect(wrong).toEqual([]);
  expect(USES.length).toBeGreaterThan(500);
});

test("no test holds a copy of a text: it looks for the key, or says that it is a sentence of promise", () => {
  const catalogue = JSON.parse(readFileSync(join(ROOT, "languages/en.json"), "utf8")) as Record<string, string>;
  const texts = Object.values(catalogue);
  const parts = new Set(texts.flatMap((words) => words.split(/\{\w+\}/)).map((part) => part.trim()).filter((part) => part.split(" ").length > 3));
  const copies = SOURCES.filter((file) => !OWN_WORDS.includes(relative(ROOT, file))).flatMap((file) => {
    const lines = readFileSync(file, "utf8").split("\n");
    return lines.flatMap((line, index) => {
      const code = line
        .replace(/^\s*(?:\/\/|\/?\*).*/, "")
        .replace(/sentence\("[^"]*"\)/g, "")
        .replace(/\btest\((["`]).*?\1/, "")
        .replaceAll("\\", "");
      const found = [...parts].find((part) => code.includes(part));
      const named = [...code.matchAll(/(?:\{ name: |getBy(?:Text|Label|Title)\(|hasText: |toHaveTitle\(|selectOption\()"([^"]+)"/g)].find(([, words = ""]) => texts.includes(words))?.[1];
      const copy = found ?? named;
      return copy === undefined ? [] : [`${relative(ROOT, file)}:${index + 1}: ${copy}`];
    });
  });
  expect(copies).toEqual([]);
});
