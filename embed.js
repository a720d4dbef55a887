// <curfew-frame src="https://curfew.example.test/">: shows Curfew in a frame on a portal's page; see docs/embedding.md.
// A portal serves its own copy of this file. A portal can fill in Curfew's form, set its colours and follow its jobs. It must not
// be able to confirm anything or read a token, so this file has no message for either.

/** The lowest height of the frame, in CSS pixels. */
const LEAST_HEIGHT = 480;

/** The states of a job. A message with any other state is not Curfew's. */
const STATES = new Set([
  "sending", "not-sent", "rejected", "unknown", "running", "finished", "verified", "incomplete", "failed", "cancelled", "gone",
]);

const isJob = (job) => typeof job === "string" && /^[\w.-]{1,64}$/.test(job);

/** Parses a message from the frame: `{type, …}`, or undefined unless its fields are exactly those that Curfew sends. */
function read(data) {
  if (typeof data !== "string" || data.length > 1000) return undefined;
  let message;
  try {
    message = JSON.parse(data);
  } catch {
    return undefined;
  }
  if (typeof message !== "object" || message === null) return undefined;
  const has = (...keys) => Object.keys(message).sort().join() === ["type", ...keys].sort().join();
  const { type, height, job, state } = message;
  if (type === "curfew:ready" && has()) return message;
  if (type === "curfew:height" && has("height") && Number.isFinite(height) && height >= 0) return message;
  // guard: portal-message-fields
  if (type === "curfew:job" && has("job", "state") && isJob(job) && STATES.has(state)) return message;
  return undefined;
}

/** The height of Curfew's page, but at most the window's: a dialog in the middle of a higher frame would be out of sight. */
// guard: frame-height
const height = (wanted) => `max(${LEAST_HEIGHT}px, min(${Math.ceil(wanted)}px, 100vh))`;

class CurfewFrame extends HTMLElement {
  static observedAttributes = ["src", "scheme", "accent"];

  #frame;
  #origin;
  #ready = false;
  #prefill;
  #hear = (event) => this.#heard(event);
  #dark = matchMedia("(prefers-color-scheme: dark)");
  #onSchemeChange = () => this.dress();

  connectedCallback() {
    if (!this.shadowRoot) this.attachShadow({ mode: "open" });
    this.style.display = "block";
    window.addEventListener("message", this.#hear);
    this.#dark.addEventListener("change", this.#onSchemeChange);
    this.#show();
  }

  disconnectedCallback() {
    window.removeEventListener("message", this.#hear);
    this.#dark.removeEventListener("change", this.#onSchemeChange);
    this.#hide();
  }

  attributeChangedCallback(name, before, now) {
    // Before the element is connected, there is no frame to change.
    if (!this.isConnected || this.shadowRoot === null || before === now) return;
    if (name === "src") this.#show();
    else this.dress();
  }

  /**
   * Fills in Curfew's form: `{users, groups, clusters, devices}` are lists of names, `everywhere` is true or false, `reason` is
   * a text; all are optional.
   * The operator sees the values, can change them, and is the only one who can send them.
   */
  prefill({ users = [], groups = [], clusters = [], devices = [], everywhere, reason } = {}) {
    const names = (list) => Array.from(list, String);
    this.#prefill = {
      type: "curfew:prefill",
      users: names(users),
      groups: names(groups),
      clusters: names(clusters),
      devices: names(devices),
      ...(everywhere ? { everywhere: true } : {}),
      ...(reason === undefined ? {} : { reason: String(reason) }),
    };
    this.#fill();
  }

  /**
   * Sets Curfew's colours from the attributes, or else from this element's custom properties `--curfew-scheme` and
   * `--curfew-accent`. Call it after a script or a class has changed a custom property: the browser has no event for that.
   */
  dress() {
    const style = getComputedStyle(this);
    const theme = { type: "curfew:theme" };
    for (const name of ["scheme", "accent"]) {
      const value = this.getAttribute(name) ?? style.getPropertyValue(`--curfew-${name}`).trim();
      if (value !== "") theme[name] = value;
    }
    if (Object.keys(theme).length > 1) this.#tell(theme);
  }

  #show() {
    this.#hide();
    const src = this.getAttribute("src") ?? "";
    const address = URL.canParse(src, document.baseURI) ? new URL(src, document.baseURI) : undefined;
    if (address === undefined || !/^https?:$/.test(address.protocol)) {
      console.error("curfew-frame: src must be the address of a Curfew");
      return;
    }
    // guard: portal-own-origin
    if (address.origin === location.origin) {
      // Pages of the same origin can access each other, so this page could read everything in the frame.
      console.error("curfew-frame: Curfew must have an origin of its own, other than the portal's");
      return;
    }
    this.#origin = address.origin;
    const frame = document.createElement("iframe");
    frame.title = "Curfew";
    // guard: frame-sandbox
    frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms allow-modals allow-downloads");
    frame.allow = "clipboard-write";
    // A stricter policy would hide the portal's name from Curfew, which then refuses the frame.
    frame.referrerPolicy = "strict-origin";
    Object.assign(frame.style, { display: "block", inlineSize: "100%", border: "0", blockSize: height(0) });
    frame.src = address.href;
    this.#frame = frame;
    this.shadowRoot.append(frame);
  }

  #hide() {
    this.#frame?.remove();
    this.#frame = undefined;
    this.#ready = false;
  }

  #heard(event) {
    // guard: portal-message-source
    if (!this.#frame || event.source !== this.#frame.contentWindow || event.origin !== this.#origin) return;
    const message = read(event.data);
    switch (message?.type) {
      case "curfew:ready":
        this.#ready = true;
        this.dress();
        this.#fill();
        this.#emit("curfew:ready");
        break;
      case "curfew:height":
        this.#frame.style.blockSize = height(message.height);
        break;
      case "curfew:job":
        this.#emit("curfew:job", { job: message.job, state: message.state });
        break;
    }
  }

  /** Sends the values once, so that a reload of the frame does not overwrite the operator's changes. */
  #fill() {
    if (this.#ready && this.#prefill) {
      this.#tell(this.#prefill);
      this.#prefill = undefined;
    }
  }

  #tell(message) {
    // Only to this origin: if the frame shows another page, it must not receive the message.
    if (this.#ready) this.#frame?.contentWindow?.postMessage(JSON.stringify(message), this.#origin);
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true, detail }));
  }
}

customElements.define("curfew-frame", CurfewFrame);
