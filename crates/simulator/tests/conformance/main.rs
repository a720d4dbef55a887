//! The simulator against the letter of the specification: every request, response and error text that it prints, verbatim
//! in `tests/fixtures/specification`, is sent or compared. Titles name the section. What a sample prints and the simulator
//! does not do is in `docs/simulator-differences.md`, and named where it is compared.

#[cfg(test)]
mod console;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod estate;
#[cfg(test)]
mod prerequisites;
#[cfg(test)]
mod printed;
#[cfg(test)]
mod process;
#[cfg(test)]
mod section_1;
#[cfg(test)]
mod section_2;
#[cfg(test)]
mod section_3;
#[cfg(test)]
mod socket;
