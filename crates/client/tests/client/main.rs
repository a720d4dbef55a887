//! Tests the client without a browser: against a complete simulated BIG-IQ in the same process
//! ([`virtual_browser`]), and against answers that a test writes itself ([`scripted`]). Time is virtual: it passes when
//! nothing else can happen.

#[cfg(test)]
mod batch;
#[cfg(test)]
mod call_log;
#[cfg(test)]
mod cells;
#[cfg(test)]
mod chaos;
#[cfg(test)]
mod fault_classes;
#[cfg(test)]
mod fault_matrix;
#[cfg(test)]
mod inventory;
#[cfg(test)]
mod kill_flows;
#[cfg(test)]
mod kill_kinds;
#[cfg(test)]
mod kill_request;
#[cfg(test)]
mod missing_devices;
#[cfg(test)]
mod random_estates;
#[cfg(test)]
mod read_matrix;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod scripted;
#[cfg(test)]
mod self_check;
#[cfg(test)]
mod self_check_report;
#[cfg(test)]
mod send_outcome;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod tasks;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod virtual_browser;
#[cfg(test)]
mod virtual_tab;
