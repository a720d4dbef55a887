// Loads the app and keeps the document's sign-in form honest until the app takes it over (src/web/boot.rs).
// An external module because the content security policy allows no inline script. It must know nothing of BIG-IQ.

// Text becomes elements here only if it is as plain as what Leptos makes its unchanging parts from: no link, no handler,
// nothing that loads. Whatever else would write HTML or a script fails, in browsers that know trusted types.
const plain = /^(?:<\/?(?:div|span|p|ul|ol|li|dl|dt|dd|td|th|hr|br)(?: (?:class|role|aria-hidden)="[^"<>&]*")*>|[^<>&])+$/;
globalThis.trustedTypes?.createPolicy("default", { createHTML: (html) => (plain.test(html) ? html : null) });

// The page begins in the colours that were chosen, not in the system's: the document lets nothing be painted before this
// file has come, and waits for nothing else with it. What is chosen is state/preferences.rs's.
try {
  const theme = localStorage.getItem("curfew:theme");
  if (/^(?:dark|light)$/.test(theme)) document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing: as the system has it.
}

if (document.readyState === "loading") await new Promise((go) => document.addEventListener("DOMContentLoaded", go));
const form = document.getElementById("sign-in");
const status = document.getElementById("boot-status");

// What the app can't do without; each is named to the user when it is missing.
const needs = {
  WebAssembly: () => typeof WebAssembly === "object" && typeof WebAssembly.instantiate === "function",
  "dialog elements": () => typeof HTMLDialogElement === "function",
  "abortable requests": () => typeof AbortSignal === "function" && "timeout" in AbortSignal,
  "the CSS function light-dark()": () => CSS.supports("color", "light-dark(red, blue)"),
  "the CSS selector :has()": () => CSS.supports("selector(:has(a))"),
};

function show(id, detailId, detail) {
  // What can't be signed in with must not look as if it could.
  form.closest("section").remove();
  document.getElementById(detailId).textContent = detail;
  document.getElementById(id).hidden = false;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  form.setAttribute("data-queued", "");
  status.textContent = status.dataset.queuedWords;
});

// The choice is read when the app begins (src/state/language.rs).
const languages = document.getElementById("languages");
// In a frame there is room for what the page is for only, and a page that may not be shown here has nothing to press.
if (parent === self) languages.hidden = false;
else languages.remove();
languages.addEventListener("click", ({ target }) => {
  if (target === languages) return;
  try {
    localStorage.setItem("curfew:language", target.lang);
    location.reload();
  } catch {
    // A browser that keeps nothing: the language can be chosen in the preferences, for as long as the page is open.
  }
});

const missing = Object.keys(needs).filter((name) => !needs[name]());
if (missing.length > 0) {
  show("boot-unsupported", "boot-missing", missing.join(", "));
} else {
  try {
    const glue = document.querySelector("link[rel=modulepreload]");
    const wasm = document.querySelector("link[rel=preload][as=fetch]");
    // Browsers ignore the integrity of a preload; that of the fetch is enforced, and takes the preloaded bytes.
    const [bytes, { default: init }] = await Promise.all([
      fetch(wasm.href, { integrity: wasm.integrity }),
      import(glue.href),
    ]);
    await init({ module_or_path: bytes });
  } catch (error) {
    console.error(error);
    // Once the app is there its own page for such cases stands in this one's place.
    if (document.contains(form)) show("boot-failed", "boot-reason", String(error));
  }
}
