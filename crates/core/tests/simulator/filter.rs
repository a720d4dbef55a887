//! Filters with typed values, parsed by the simulator's own grammar.

use crate::appliance::BigIq;
use axum::http::Method;
use bigiq::odata::{Filter, FilterField};
use bigiq::{Call, decode};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;

proptest! {
    /// The simulator has its own grammar for filters: a value that would change the filter must have been refused.
    #[test]
    fn a_value_can_not_change_an_address_filter(
        values in prop::collection::vec(
            "192\\.0\\.2\\.[1-5][0-9]?|lone|(red|blue)-[ab]|\\PC{1,12}|[a-z0-9' *()=.%+&]{1,10}|x' or 'address' ne '|\\*|' eq ' or ''",
            1..6,
        ),
        field in prop::sample::select(vec![
            FilterField::Address, FilterField::ManagementAddress, FilterField::Hostname,
            FilterField::HostLabel, FilterField::MachineId,
        ]),
    ) {
        let bigiq = BigIq::new(24, 1);
        let taken = |value: &&str| Filter::any_of(field, &[*value]).is_ok();
        let refs: Vec<&str> = values.iter().map(String::as_str).filter(taken).collect();
        let Ok(Some(filter)) = Filter::any_of(field, &refs) else {
            prop_assert!(refs.is_empty());
            return Ok(());
        };
        let found: Value = bigiq.get(&Call::resolver(&filter));
        let all: Value = {
            let (status, body) = bigiq.ask(Method::GET, "/mgmt/cm/system/machineid-resolver", None);
            prop_assert_eq!(status, 200);
            decode(&body).unwrap()
        };
        let name = match field {
            FilterField::Address => "address",
            FilterField::ManagementAddress => "managementAddress",
            FilterField::Product => "product",
            FilterField::Hostname | FilterField::HostLabel => "hostname",
            FilterField::MachineId => "machineId",
        };
        let is = |text: &str, asked: &str| match field {
            FilterField::HostLabel => text.strip_prefix(asked).is_some_and(|rest| rest.starts_with('.')),
            _ => text == asked,
        };
        let ids = |list: &Value, wanted: &dyn Fn(&str) -> bool| -> BTreeSet<String> {
            let items = list["items"].as_array().unwrap().iter();
            let fits = items.filter(|item| item[name].as_str().is_some_and(wanted));
            fits.map(|item| item["machineId"].as_str().unwrap().to_owned()).collect()
        };
        let expected = ids(&all, &|text| refs.iter().any(|asked| is(text, asked)));
        prop_assert_eq!(ids(&found, &|_| true), expected, "{}", filter.as_str());
        prop_assert!(found["items"].as_array().unwrap().len() < all["items"].as_array().unwrap().len());
    }
}
