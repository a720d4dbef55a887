//! JSON that several endpoints return.

pub(crate) mod broken;
pub(crate) mod collection;
pub(crate) mod device;
