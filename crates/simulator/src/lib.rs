//! wip
pub mod moment; pub mod clock; pub mod rng; pub mod settings; pub mod device; pub mod inventory; pub mod sessions; pub mod seed; pub mod device_json; pub mod odata; pub mod accounts; pub mod tokens; pub mod gson; pub mod tasks;
