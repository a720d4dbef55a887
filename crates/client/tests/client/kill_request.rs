//! A confirmed request, made as the app makes it.

use crate::virtual_browser::START;
use curfew_client::kill::AuditHeaders;
use curfew_core::app::AccountKey;
use curfew_core::ids::{BatchId, JobId, MachineId};
use curfew_core::inventory::{DeviceList, Inventory};
use curfew_core::plan::{Answer, Draft, Plan, PreparedRequest};
use curfew_core::timestamp::Timestamp;

/// A device of the simulator.
const DEVICE: &str = "adf1e56b-bf8c-472a-9b2d-e2dd7199ffbd";

/// The kill of one user's sessions on a device of the simulator.
pub(crate) fn prepared() -> PreparedRequest {
    let mut devices = DeviceList::default();
    devices.add_id(DEVICE);
    let inventory = Inventory::unread(Timestamp(START)).with(devices);
    let mut draft = Draft { users: "user2".to_owned(), ..Draft::default() };
    draft.devices.insert(MachineId::new(DEVICE));
    let account = AccountKey { bigiq: String::new(), operator: "manager".to_owned() };
    let plan = Plan::make(&draft, &inventory, account, Timestamp(START)).unwrap();
    let answer = Answer { phrase: "yes".to_owned(), reason: "INC-1".to_owned() };
    let confirmed = plan.confirm(&answer, |_| "yes".to_owned()).unwrap();
    let mut started = confirmed.start(&BatchId::new("b1"), Timestamp(START));
    assert_eq!(started.items.len(), 1);
    let mut item = started.items.remove(0);
    item.job.start_sending(Timestamp(START), item.queued).unwrap()
}

/// What is claimed about it.
pub(crate) fn claim() -> AuditHeaders {
    AuditHeaders {
        operator: "manager".to_owned(),
        job: JobId::new("b1-1"),
        reason: "INC-1".to_owned(),
    }
}
