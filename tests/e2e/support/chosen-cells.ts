// The cells of the fault matrix that run in Chromium with each run of the tests. All cells run on the host
// (crates/client/tests/client), in a second; `make test-full` also runs all of them here and compares both, cell by cell.

/**
 * Faults below HTTP, and pages of a proxy: what becomes of them is decided by the browser's network stack, which the host
 * does not have. A browser may also repeat a POST by itself, so the POST meets each of them. The other calls share them.
 */
const BELOW_HTTP = {
  POST: [
    "dropped before the effect",
    "dropped after the effect",
    "reset before the effect",
    "reset after the effect",
    "stalled half-way",
    "cut in half",
    "page, 200",
    "page, 401",
    "page, 404",
    "page, 502",
    "page, 502, after the effect",
    "page, 503",
    "page, 504",
  ],
  providers: ["page, 404"],
  "sign in": ["reset after the effect", "page, 401"],
  refresh: ["dropped after the effect"],
  "sign out": ["reset before the effect"],
  inventory: ["cut in half"],
  "address look-up": ["dropped before the effect"],
  "HA role": ["page, 504"],
  "live sessions": ["stalled half-way"],
  poll: ["page, 401", "page, 502"],
  collection: ["reset before the effect"],
  cancel: ["page, 502, after the effect"],
  verify: ["page, 200"],
};

/** One other fault for each call: that its page shows the failure, and works again afterwards. */
const ONE_EACH = {
  POST: "access tokens revoked",
  providers: "missing field",
  "sign in": "another source address",
  refresh: "refresh tokens revoked",
  "sign out": "error 500",
  inventory: "restart, 404",
  "address look-up": "429 with Retry-After",
  "HA role": "null field",
  "live sessions": "6 MB body",
  poll: "finished without result",
  collection: "wrong date",
  cancel: "slow after the effect",
  verify: "restart, 401",
};

type Name = keyof typeof ONE_EACH;

/** Whether a cell runs each time. */
export function isChosen(operation: string, fault: string): boolean {
  const name = operation as Name;
  return BELOW_HTTP[name].includes(fault) || ONE_EACH[name] === fault;
}
