// Loads the app, and handles the document's sign-in form until the app replaces it (src/web/boot.rs). An external
// module, because the content security policy forbids inline scripts. It knows nothing about BIG-IQ.

// Text becomes elements only if it is as simple as the static templates of Leptos: no link, no handler, nothing that
// loads. In browsers with trusted types, any other attempt to write HTML or a script fails.
const plain = /^(?:<\/?(?:div|span|p|ul|ol|li|dl|dt|dd|td|th|hr|br)(?: (?:class|role|aria-hidden)="[^"<>&]*")*>|[^<>&])+$/;
// guard: trusted-types
globalThis.trustedTypes?.createPolicy("default", { createHTML: (html) => (plain.test(html) ? html : null) });

// The page starts in the selected theme, not in the system's: the document blocks painting until this file has loaded,
// and blocks on nothing else. state/preferences.rs stores the theme.
try {
  const theme = localStorage.getItem("curfew:theme");
  if (/^(?:dark|light)$/.test(theme)) document.documentElement.dataset.theme = theme;
} catch {
  // Without storage: the system's theme.
}

// The app's first question (src/web/site_file.rs), asked while the app still loads. If there is no answer, the app asks again.
globalThis.curfewConfig = fetch("config.json", { cache: "no-cache", signal: AbortSignal.timeout?.(4_000) });
curfewConfig.catch(() => {});

// Names in texts stand between marks that keep their directions apart (crates/text/src/argument.rs). The marks are not copied
// with a selection, except from fields and exact requests.
addEventListener("copy", (event) => {
  const selected = String(getSelection());
  const copied = selected.replace(/[\u2068\u2069]/g, "");
  if (copied === selected || event.target.closest?.("input, textarea, body [dir=ltr]")) return;
  event.clipboardData.setData("text/plain", copied);
  event.preventDefault();
});

/** Says why one of some files can't be used, which ended in an error. The console's loader and the app use it too. */
globalThis.curfewCause = (files, error) => import("./cause.js").then(({ explain }) => explain(files, error)).catch(() => String(error));

// The notice that this script does not run; from here on, the page says itself what is wrong.
// guard: notice-removed
document.getElementById("boot-late").remove();
const form = document.getElementById("sign-in");
const status = document.getElementById("boot-status");

// What the app requires (scripts/browsers.mjs writes it); the page names each missing feature.
const needs = {
  "WebAssembly (turned off in this browser)": () => globalThis.WebAssembly?.instantiate,
  "dialog elements": () => globalThis.HTMLDialogElement,
  "AbortSignal.timeout()": () => AbortSignal.timeout,
  "the CSS function light-dark()": () => CSS.supports("color", "light-dark(red, blue)"),
  "the CSS selector :has()": () => CSS.supports("selector(:has(a))"),
};

function show(id, detailId, detail) {
  // A form that can't sign in must not look as if it could.
  form.closest("section").remove();
  document.getElementById(detailId).textContent = detail;
  document.getElementById(id).hidden = false;
}

form.addEventListener("submit", (event) => {
  // guard: early-submit
  event.preventDefault();
  form.setAttribute("data-queued", "");
  status.textContent = status.dataset.queuedWords;
});

// Not by an attribute, for which the browser lays the page out before its styles are there. The focus belongs to the portal, if there is one.
// guard: portal-keeps-focus
if (parent === self && document.activeElement === document.body) document.getElementById("boot-user").focus();

// The app follows the menu as soon as it runs (src/state/language.rs): nothing typed is lost by a reload.
const languages = document.querySelector(".languages");
// A frame has room only for the page's purpose, and a page that may not be shown in this frame must have no controls. The app finds
// the languages in the hidden menu.
if (parent === self) languages.hidden = false;

const missing = Object.keys(needs).filter((name) => !needs[name]());
if (missing.length > 0) {
  show("boot-unsupported", "boot-missing", missing.join(", "));
} else {
  const link = (attributes) => document.querySelector(`link[rel=${attributes}]`);
  const [styles, wasm] = [link('stylesheet][href^="./curfew"'), link("preload][as=fetch")];
  // A script in the document: WebKit ignores the integrity of a preloaded module, and of an imported one. Trunk's own page has a preload.
  const script = document.querySelector('script[src^="./curfew"]');
  const glue = { href: script?.src ?? link("modulepreload").href, integrity: script?.integrity };
  /** How the app is started: what its script leaves behind, or exports. A script that is refused leaves nothing. */
  const start = async () => {
    if (!script) return (await import(glue.href)).default;
    const settled = () => globalThis.curfewStart || document.readyState === "complete";
    if (!settled()) await new Promise((go) => ["load", "error"].map((event) => [script, globalThis].map((one) => one.addEventListener(event, go))));
    if (!globalThis.curfewStart) throw Error(`Failed to load ${glue.href}`);
    return globalThis.curfewStart;
  };
  try {
    // Browsers ignore the integrity of a preload; the integrity of this fetch is enforced, and it reuses the preloaded
    // bytes.
    const [bytes, init] = await Promise.all([
      // guard: app-wasm-integrity
      fetch(wasm.href, { integrity: wasm.integrity }),
      start(),
    ]);
    // Without its styles the page would show everything that is hidden. Until the page is complete, they may just be late.
    const bare = () => !styles.sheet?.cssRules.length;
    if (bare() && document.readyState !== "complete") await new Promise((go) => addEventListener("load", go));
    // guard: styles-needed
    if (bare()) throw Error(styles.href);
    await init({ module_or_path: bytes });
  } catch (error) {
    console.error(error);
    // Once the app has started, its own crash page replaces this one.
    if (document.contains(form)) {
      show("boot-failed", "boot-reason", error);
      document.getElementById("boot-reason").textContent = await curfewCause([styles, glue, wasm], error);
    }
  }
}
