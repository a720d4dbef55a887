//! Simulates a BIG-IQ: the part of its REST API that is needed to end access sessions, built from
//! public sources only. It is not an F5 product and contains nothing from F5.
//!
//! [`server::router::router`] returns the whole server as a value; the binary adds sockets, TLS and
//! a command line. `docs/simulator-differences.md` says which behaviour is documented, captured,
//! inferred or invented.
//!
//! # Control paths
//!
//! These paths are not part of BIG-IQ. They take and return JSON, and answer 400 `{"error": "…"}`
//! to anything they don't understand.
//!
//! | path | does |
//! | --- | --- |
//! | `GET /_sim/sessions` | lists all live sessions: `[{"device": machineId, "id", "user", "clientIp"}]` |
//! | `GET /_sim/requests` | lists every call to `/mgmt` and `/info`, oldest first: `[{"number", "time", "method", "path", "query", "body", "status", "operator", "fault", "headers"}]` |
//! | `GET`, `POST /_sim/faults` | the fault plan; a POST replaces it (see [`fault`]) |
//! | `GET`, `POST /_sim/clock` | takes `{"advanceMs": n, "now": "RFC 3339", "frozen": bool}`, all optional; answers `{"now", "nowMs", "frozen"}` |
//! | `POST /_sim/reset` | starts over; optional changes: `{"devices": n, "seed": n, "sessionsPerDevice": n, "settings": {…}, "now": "RFC 3339", "frozen": bool}` |
//! | `GET`, `POST /_sim/settings` | all settings (see [`world::settings::Settings`]); a POST changes those it names, `profile` first |
//! | `GET /_sim/unsimulated` | lists the URIs that BIG-IQ registers and the simulator doesn't answer, and those that clients asked for |
//!
//! In `/_sim/requests`, `time` is the appliance's time in milliseconds since 1970. `body` is the
//! text as sent, or `null` for sign-in and token calls and for empty bodies. `status` is `null`
//! when no answer was sent. `operator` is the signed-in account, `fault` is the kind of fault that
//! was applied, and `headers` holds the headers that start with `X-Curfew-`. Passwords and tokens
//! are never logged.

mod api;
mod auth;
mod control;
pub mod fault;
mod http;
mod lenient_json;
mod odata;
pub mod options;
mod request_log;
pub mod self_check;
pub mod server;
pub mod simulator;
#[cfg(test)]
mod test_server;
pub mod world;
