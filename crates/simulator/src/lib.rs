//! A BIG-IQ that runs on a laptop: as much of its REST API as ending access sessions needs, as
//! public sources show it. Not F5's, and made from nothing of F5's.
//!
//! [`server::router::router`] is the whole server as a value; the binary adds sockets, TLS and command line. What is
//! documented, captured, inferred or made up is listed in `docs/simulator-differences.md`.
//!
//! # Control paths
//!
//! Never part of BIG-IQ; JSON in, JSON out; 400 `{"error": "…"}` on anything they don't understand.
//!
//! | path | does |
//! | --- | --- |
//! | `GET /_sim/sessions` | the truth: `[{"device": machineId, "id", "user", "clientIp"}]` |
//! | `GET /_sim/requests` | every call to `/mgmt` and `/info`, oldest first: `[{"number", "time", "method", "path", "query", "body", "status", "operator", "fault", "headers"}]` |
//! | `GET`, `POST /_sim/faults` | the fault plan; a POST replaces it (see [`fault`]) |
//! | `GET`, `POST /_sim/clock` | `{"advanceMs": n, "now": "RFC 3339", "frozen": bool}`, all optional; answers `{"now", "nowMs", "frozen"}` |
//! | `POST /_sim/reset` | back to the start; optional `{"devices": n, "seed": n, "sessionsPerDevice": n, "settings": {…}, "now": "RFC 3339", "frozen": bool}` |
//! | `GET`, `POST /_sim/settings` | switches by name (see [`world::settings::Settings`]); a POST changes those it names, `profile` first |
//! | `GET /_sim/unsimulated` | what BIG-IQ registers and the simulator does not answer, and all that was asked for in vain |
//!
//! In `/_sim/requests`, `time` is the appliance's in milliseconds since 1970, `body` is the text as
//! sent (`null` for sign-in and token calls, and when empty), `status` is `null` when no answer was
//! given, `operator` is who was signed in, `fault` is the kind of the fault that was applied, and
//! `headers` holds those that start with `X-Curfew-`. Passwords and tokens are never recorded.

mod api;
mod auth;
mod control;
pub mod fault;
mod http;
mod lenient_json;
mod odata;
pub mod options;
mod request_log;
pub mod server;
pub mod simulator;
#[cfg(test)]
mod test_server;
pub mod world;
