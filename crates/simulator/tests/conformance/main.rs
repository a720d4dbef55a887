//! Checks the simulator against the specification: every request, response and error text that it
//! prints is stored verbatim in `tests/fixtures/specification`, and is sent or compared here. Test
//! names start with the section. Where the simulator differs from a sample, the test says so, and
//! so does `docs/simulator-differences.md`. `switches` and `self_check` test settings that make it answer otherwise.

#[cfg(test)]
mod binary;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod large_inventory;
#[cfg(test)]
mod prerequisites;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod section_1;
#[cfg(test)]
mod section_2;
#[cfg(test)]
mod section_3;
#[cfg(test)]
mod self_check;
#[cfg(test)]
mod socket;
#[cfg(test)]
mod switches;
#[cfg(test)]
mod test_server;
