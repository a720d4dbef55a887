//! The HTTP server: sockets, TLS, routes, response headers, and the files of a site.

mod cors;
pub mod in_process;
pub mod listener;
mod request_line;
mod resettable_stream;
pub(crate) mod respond;
pub mod router;
pub mod site;
pub mod tls;
