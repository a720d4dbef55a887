//! Messages between the tabs of one browser.
//!
//! Anything in the same origin can send on a channel: a received message is a hint, never an order, and nothing secret
//! may be sent.

use std::fmt;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

use super::Listener;

/// An open channel; dropping it closes it.
pub struct Channel {
    channel: BroadcastChannel,
    _listener: Listener,
}

impl Channel {
    /// Joins the channel `name` and passes each message from another tab to `heard`. `None` if the browser has no
    /// channels for this page (a sandboxed frame).
    pub fn open(name: &str, mut received: impl FnMut(String) + 'static) -> Option<Self> {
        let channel = BroadcastChannel::new(name).ok()?;
        let listener = Listener::new(&channel, "message", move |event| {
            let text = event.dyn_ref::<MessageEvent>().and_then(|event| event.data().as_string());
            if let Some(text) = text {
                received(text);
            }
        });
        Some(Self { channel, _listener: listener })
    }

    /// Sends `text` to the other tabs. There may be none.
    pub fn send(&self, text: &str) {
        _ = self.channel.post_message(&JsValue::from_str(text));
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.close();
    }
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Channel").field(&self.channel.name()).finish()
    }
}
