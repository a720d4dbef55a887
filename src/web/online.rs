//! Whether the browser believes that the machine has a network.
//!
//! Only "offline" can be trusted: "online" means that there is a network, not that BIG-IQ can be reached.

use leptos::prelude::*;

use super::Listener;

/// Whether the browser believes that there is a network.
pub fn is_online() -> bool {
    window().navigator().on_line()
}

/// [`is_online`] as a signal that lives as long as the current owner.
pub fn online() -> ReadSignal<bool> {
    let (online, set_online) = signal(is_online());
    for kind in ["online", "offline"] {
        Listener::new(&window(), kind, move |_| _ = set_online.try_set(is_online())).scoped();
    }
    online
}
