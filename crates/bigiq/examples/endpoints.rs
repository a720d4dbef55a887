//! Prints every endpoint that the app may call as JSON, with the keys of the queries that it sends there. The proxies' allow-lists
//! are made from it (scripts/proxies.mjs).

use bigiq::call::{Call, ENDPOINTS, GroupFlag};
use bigiq::odata::{Filter, FilterField};
use std::collections::BTreeSet;
use std::error::Error;
use std::io::Write;

/// Every read. A test compares this list with the functions of `Call`.
fn reads() -> Result<Vec<Call>, Box<dyn Error>> {
    let filter = Filter::any_of(FilterField::Address, &["192.0.2.1"])?.ok_or("no filter")?;
    let mut reads = vec![
        Call::info(),
        Call::access_devices(0, 1),
        Call::access_groups(GroupFlag::AccessGroup),
        Call::device_stats(),
        Call::resolver(&filter),
        Call::trusted_devices(0, 1),
        Call::resolver_item("x"),
        Call::device_failover("x"),
        Call::device_sessions("x", 1),
        Call::own_failover(),
        Call::permissions(),
        Call::broken_filter(),
        Call::task_state("x"),
        Call::task_states(1),
        Call::task("x"),
        Call::tasks(0, 1),
        Call::task_ids(1),
    ];
    reads.extend(Call::odd_devices());
    Ok(reads)
}

/// The keys of a target's query, in their order.
fn keys(target: &str) -> Vec<&str> {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    query.split('&').filter_map(|pair| Some(pair.split_once('=')?.0)).collect()
}

fn main() -> Result<(), Box<dyn Error>> {
    let reads = reads()?;
    let endpoints: Vec<_> = ENDPOINTS
        .iter()
        .map(|e| {
            let to_it = reads.iter().filter(|call| call.endpoint.name == e.name);
            let queries: BTreeSet<_> = to_it.map(|call| keys(&call.target)).collect();
            serde_json::json!({
                "name": e.name, "method": e.method.as_str(), "path": e.path, "open": e.open, "queries": queries,
            })
        })
        .collect();
    writeln!(std::io::stdout(), "{}", serde_json::Value::from(endpoints))?;
    Ok(())
}
