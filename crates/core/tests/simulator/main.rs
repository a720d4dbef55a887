//! Tests the rules against a complete simulated BIG-IQ: a plan reaches the devices that the simulator resolves, a valid plan
//! is never refused, and a filter matches what was typed. The simulator shares no code with the rules. Its clock only moves
//! when a test advances it, so that no test depends on time.

#[cfg(test)]
mod appliance;
#[cfg(test)]
mod filter;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod overview;
#[cfg(test)]
mod plans;
