//! Nothing that is sent to the simulator makes it panic or hang, and nothing that it is told to do either: random calls,
//! settings, fault plans and bytes. A panic inside a call shows as a page with 500, which no endpoint answers by itself.

#[cfg(test)]
mod bytes;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod large;
#[cfg(test)]
mod target;
#[cfg(test)]
mod words;
