//! JSON that several endpoints answer with.

pub(crate) mod collection;
pub(crate) mod device;
