//! Random calls, settings, fault plans and bytes never make the simulator panic or hang. A panic
//! during a call becomes a page with status 500, which no endpoint answers otherwise.

#[cfg(test)]
mod bytes;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod generators;
#[cfg(test)]
mod large;
#[cfg(test)]
mod test_server;
