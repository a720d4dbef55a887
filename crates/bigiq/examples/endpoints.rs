//! Prints every call that the app may make as JSON. Tests outside Rust compare the proxies' allow-lists with it.

use bigiq::call::ENDPOINTS;
use std::io::Write;

fn main() -> std::io::Result<()> {
    let endpoints: Vec<_> = ENDPOINTS
        .iter()
        .map(|e| {
            serde_json::json!({"name": e.name, "method": e.method.as_str(), "path": e.path, "open": e.open})
        })
        .collect();
    writeln!(std::io::stdout(), "{}", serde_json::Value::from(endpoints))
}
