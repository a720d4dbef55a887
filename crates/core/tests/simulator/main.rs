//! The rules against a whole BIG-IQ: what a plan says it reaches is what the simulator resolves, nothing that validates is
//! refused, a filter means what was asked, and the outcomes of a large batch are the simulator's truth. The simulator
//! shares no code with the rules. Its clock stands still unless moved, so that nothing here depends on time.

#[cfg(test)]
mod appliance;
#[cfg(test)]
mod batch;
#[cfg(test)]
mod filter;
#[cfg(test)]
mod plans;
