//! Tasks with an owner: what starts a future, and what ends it.
//!
//! `leptos::task::spawn_local` has no owner, `LocalResource` queues fetches and publishes stale answers, and timers
//! outlive the view that set them. These few functions replace all three. Dropping cancels: a dropped future must leave
//! nothing running.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll as Step,
    time::Duration,
};

use futures_util::{
    future::{AbortHandle, FutureExt, LocalBoxFuture, abortable},
    stream::{self, StreamExt},
    task::AtomicWaker,
};
use gloo_timers::future::TimeoutFuture;
use js_sys::Promise;
use leptos::{prelude::*, reactive::owner::WeakOwner, task::spawn_local};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, MessagePort};

/// Runs `future` until it finishes or the current owner is cleaned up, which drops it.
///
/// Reads of signals inside are untracked: a task is not part of the view that started it. Each call leaves a small
/// cleanup closure with the owner, so use one task for a loop, not one call per iteration. Without an owner, as in a
/// bare timer callback, it runs until it finishes.
pub fn spawn_scoped(future: impl Future<Output = ()> + 'static) {
    scoped(future.boxed_local());
}

fn scoped(future: LocalBoxFuture<'static, ()>) {
    let handle = spawn_under(Owner::current().map(|owner| owner.downgrade()), future);
    // guard: task-abort-on-cleanup
    on_cleanup(move || handle.abort());
}

/// The owner of everything that navigation must not end.
#[derive(Clone)]
struct AppRoot {
    owner: WeakOwner,
    /// What runs; a free place is used again.
    running: StoredValue<Vec<Option<AbortHandle>>>,
}

/// Makes the current owner the one that [`spawn_app`] runs its tasks under. Called once, by the root view.
pub fn provide_app_root() {
    if let Some(owner) = Owner::current() {
        let running = StoredValue::new(Vec::<Option<AbortHandle>>::new());
        on_cleanup(move || {
            _ = running
                .try_update_value(|running| running.drain(..).flatten().for_each(|h| h.abort()));
        });
        provide_context(AppRoot { owner: owner.downgrade(), running });
    }
}

/// Runs `future` to its end, whichever page is shown: for writes, whose answer must not be lost.
///
/// It is dropped only when the whole app is unmounted. Without an app root (a component tested alone) it has no owner
/// and still runs to its end: a write that was started has to finish.
pub fn spawn_app(future: impl Future<Output = ()> + 'static) {
    let future = future.boxed_local();
    match use_context::<AppRoot>().filter(|root| root.owner.upgrade().is_some()) {
        // guard: write-outlives-page
        Some(root) => root.spawn(future),
        None => _ = spawn_under(None, future),
    }
}

impl AppRoot {
    /// Runs `future`. When it has ended, nothing of it is left: a page that is open for days starts many thousands.
    fn spawn(self, future: LocalBoxFuture<'static, ()>) {
        let Self { owner, running } = self;
        let place = running
            .try_update_value(|running| {
                running.iter().position(Option::is_none).unwrap_or_else(|| {
                    running.push(None);
                    running.len() - 1
                })
            })
            .unwrap_or_default();
        let put = move |handle: Option<AbortHandle>| {
            _ = running.try_update_value(|running| {
                if let Some(slot) = running.get_mut(place) {
                    *slot = handle;
                }
            });
        };
        // It starts after this function has returned.
        let handle = spawn_under(
            Some(owner),
            async move {
                future.await;
                put(None);
            }
            .boxed_local(),
        );
        put(Some(handle));
    }
}

/// Starts `future` so that each of its steps runs with `owner` as the current owner; it ends when that owner is gone.
///
/// The task holds its owner weakly. Leptos' own scoped futures hold it strongly, and an owner that is dropped rather
/// than cleaned up, such as that of a removed `<For>` row, then lives as long as its task.
///
/// The future is boxed so that this is compiled once and not for each task of the app.
fn spawn_under(owner: Option<WeakOwner>, future: LocalBoxFuture<'static, ()>) -> AbortHandle {
    let (mut future, handle) = abortable(future);
    #[expect(clippy::disallowed_methods, reason = "this is where a task gets its owner")]
    spawn_local(poll_fn(move |context| {
        let mut step = || future.poll_unpin(context).map(|_| ());
        match &owner {
            None => step(),
            Some(owner) => owner.upgrade().map_or(Step::Ready(()), |owner| owner.with(step)),
        }
    }));
    handle
}

/// Completes after `duration`; dropping it clears the timer.
pub async fn sleep(duration: Duration) {
    // The browser's timers are 32-bit: anything longer would fire immediately.
    let longest = i32::MAX as u32;
    let millis = u32::try_from(duration.as_millis()).unwrap_or(longest).min(longest);
    TimeoutFuture::new(millis).await;
}

/// Lets the browser handle pending work, such as a click or a frame. Takes almost no time if there is none; nested
/// timers would take at least 4 ms each.
pub async fn rest() {
    let Ok(channel) = MessageChannel::new() else { return };
    let here = Open(channel.port1());
    let woken = Promise::new(&mut |wake, _| {
        here.0.set_onmessage(Some(&wake));
        _ = channel.port2().post_message(&JsValue::NULL);
    });
    _ = JsFuture::from(woken).await;
}

/// A port that closes when dropped: a listening port is never garbage-collected.
struct Open(MessagePort);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Runs `act` for each of `items`, in order and at most four at a time, to limit the load on BIG-IQ. Dropping it drops
/// what is running and does not start the rest.
pub async fn four_at_once<T>(items: impl IntoIterator<Item = T>, act: impl AsyncFn(T)) {
    let act = |item| act(item).boxed_local();
    stream::iter(items).for_each_concurrent(4, act).await;
}

/// A loop started by [`spawn_poll`].
#[derive(Clone, Copy, Debug)]
pub struct Poll(StoredValue<Arc<Bell>>);

impl Poll {
    /// Ends the current wait, so that the next step runs now. During a step, the next one follows immediately. Does
    /// nothing once the loop has ended.
    pub fn poke(&self) {
        _ = self.0.try_with_value(|bell| bell.ring());
    }
}

/// Remembers one ring until someone waits for it.
#[derive(Debug, Default)]
struct Bell {
    rung: AtomicBool,
    waker: AtomicWaker,
}

impl Bell {
    fn ring(&self) {
        self.rung.store(true, Ordering::Release);
        self.waker.wake();
    }

    /// Waits until `limit` has passed or the bell rings.
    async fn wait(&self, limit: Duration) {
        let mut limit = pin!(sleep(limit));
        poll_fn(|context| {
            self.waker.register(context.waker());
            if self.rung.swap(false, Ordering::AcqRel) {
                return Step::Ready(());
            }
            limit.as_mut().poll(context)
        })
        .await;
    }
}

/// Runs `step`, waits for the delay that it returns, and repeats, until it returns `None` or the owner is cleaned up.
///
/// Steps never overlap, however slow one is. The step returns the delay, so that the policy can be a pure function of
/// what the step saw.
pub fn spawn_poll<S, F>(mut step: S) -> Poll
where
    S: FnMut() -> F + 'static,
    F: Future<Output = Option<Duration>> + 'static,
{
    let bell = Arc::new(Bell::default());
    let poll = Poll(StoredValue::new(Arc::clone(&bell)));
    spawn_scoped(async move {
        while let Some(delay) = step().await {
            bell.wait(delay).await;
        }
    });
    poll
}

/// A slot for one task at a time: starting the next drops the previous one, so only the latest request answers. Ends
/// with the owner that it was created under.
#[derive(Clone, Copy, Debug)]
pub struct Latest(StoredValue<Slot>);

/// The content of a [`Latest`]; dropping it ends the task.
struct Slot {
    owner: Option<WeakOwner>,
    running: Option<AbortHandle>,
}

impl Latest {
    /// An empty slot that belongs to the current owner.
    pub fn new() -> Self {
        let owner = Owner::current().map(|owner| owner.downgrade());
        Self(StoredValue::new(Slot { owner, running: None }))
    }

    /// Drops what runs in the slot and runs `future` instead. Does nothing once the owner is gone.
    pub fn run(&self, future: impl Future<Output = ()> + 'static) {
        _ = self.0.try_update_value(|slot| {
            // guard: latest-aborts-older
            slot.abort();
            slot.running = Some(spawn_under(slot.owner.clone(), future.boxed_local()));
        });
    }

    /// Drops what runs in the slot, if anything does.
    pub fn cancel(&self) {
        _ = self.0.try_update_value(Slot::abort);
    }
}

impl Default for Latest {
    fn default() -> Self {
        Self::new()
    }
}

impl Slot {
    fn abort(&mut self) {
        if let Some(handle) = self.running.take() {
            handle.abort();
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.abort();
    }
}
