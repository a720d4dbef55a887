//! What starts a task, what ends it, and that nothing is left running.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use curfew::web::{self, Browser, Latest, Listener};
use curfew_client::signed_out::SignedOut;
use js_sys::{Array, Function, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event, MessageChannel};

use super::support::{Door, Page, Replaced, Tell, owner, settle, until};

const HOUR: Duration = Duration::from_secs(3600);

#[wasm_bindgen_test]
async fn a_scoped_task_is_dropped_with_its_owner() {
    let (owner, dropped) = (owner(), Rc::new(Cell::new(false)));
    let tell = Tell(Rc::clone(&dropped));
    owner.with(|| {
        web::spawn_scoped(async move {
            web::sleep(HOUR).await;
            drop(tell);
        });
    });
    settle().await;
    assert!(!dropped.get(), "it waits");
    owner.cleanup();
    until("the task's future is dropped", || dropped.get()).await;
}

#[wasm_bindgen_test]
async fn a_scoped_task_of_a_view_ends_when_the_view_goes() {
    let (dropped, renders) = (Rc::new(Cell::new(false)), Rc::new(Cell::new(0)));
    let tell = Cell::new(Some(Tell(Rc::clone(&dropped))));
    let count = RwSignal::new(0);
    let shown = Rc::clone(&renders);
    let mut page = Page::of(move || {
        shown.set(shown.get() + 1);
        let tell = tell.take();
        web::spawn_scoped(async move {
            // A tracked read would make the view depend on what follows it.
            _ = count.get();
            web::sleep(HOUR).await;
            drop(tell);
        });
    })
    .await;
    count.set(1);
    settle().await;
    assert_eq!(renders.get(), 1, "a read in a task does not redraw the view");
    page.unmount();
    until("the task is dropped", || dropped.get()).await;
}

#[wasm_bindgen_test]
async fn a_write_outlives_the_page_that_started_it_but_not_the_app() {
    let (app, written) = (owner(), Rc::new(Cell::new(false)));
    let page = app.with(|| {
        web::provide_app_root();
        Owner::new()
    });
    let (door, done) = (Door::default(), Rc::clone(&written));
    let (answer, dropped) = (door.clone(), Rc::new(Cell::new(false)));
    let tell = Tell(Rc::clone(&dropped));
    page.with(|| {
        web::spawn_app(async move {
            answer.opened().await;
            done.set(true);
        });
        web::spawn_app(async move {
            web::sleep(HOUR).await;
            drop(tell);
        });
    });
    settle().await;
    page.cleanup();
    door.open();
    until("the write ends after its page", || written.get()).await;
    assert!(!dropped.get());
    app.cleanup();
    until("the end of the app ends the other one", || dropped.get()).await;
}

/// How many bytes of memory the app has.
fn memory() -> f64 {
    let memory = wasm_bindgen::memory().unchecked_into::<js_sys::WebAssembly::Memory>();
    memory.buffer().unchecked_into::<js_sys::ArrayBuffer>().byte_length().into()
}

#[wasm_bindgen_test]
async fn ended_tasks_of_the_app_leave_nothing_behind() {
    let app = owner();
    let page = app.with(|| {
        web::provide_app_root();
        Owner::new()
    });
    let run = async |number: usize| {
        for _ in 0..number / 100 {
            page.with(|| (0..100).for_each(|_| web::spawn_app(async {})));
            settle().await;
        }
    };
    run(2_000).await;
    let before = memory();
    run(20_000).await;
    assert!(memory() <= before, "{} bytes more", memory() - before);
    app.cleanup();
}

#[wasm_bindgen_test]
async fn polls_never_overlap_and_stop_at_none() {
    let owner = owner();
    let (running, most, steps) =
        (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    let (r, m, s) = (Rc::clone(&running), Rc::clone(&most), Rc::clone(&steps));
    owner.with(|| {
        web::spawn_poll(move || {
            let (running, most, steps) = (Rc::clone(&r), Rc::clone(&m), Rc::clone(&s));
            async move {
                running.set(running.get() + 1);
                most.set(most.get().max(running.get()));
                // Slower than the delay that it returns.
                web::sleep(Duration::from_millis(4)).await;
                running.set(running.get() - 1);
                steps.set(steps.get() + 1);
                (steps.get() < 3).then_some(Duration::ZERO)
            }
        })
    });
    until("three steps", || steps.get() == 3).await;
    settle().await;
    settle().await;
    assert_eq!((steps.get(), most.get(), running.get()), (3, 1, 0));
    owner.cleanup();
}

#[wasm_bindgen_test]
async fn a_poll_ends_with_its_owner() {
    let (owner, steps) = (owner(), Rc::new(Cell::new(0)));
    let counted = Rc::clone(&steps);
    owner.with(|| {
        web::spawn_poll(move || {
            counted.set(counted.get() + 1);
            async { Some(Duration::ZERO) }
        })
    });
    until("it runs", || steps.get() > 2).await;
    owner.cleanup();
    let last = steps.get();
    for _ in 0..20 {
        settle().await;
    }
    assert_eq!(steps.get(), last);
}

#[wasm_bindgen_test]
async fn a_poke_ends_the_wait_and_is_remembered_during_a_step() {
    let (owner, steps, door) = (owner(), Rc::new(Cell::new(0)), Door::default());
    let (counted, slow) = (Rc::clone(&steps), door.clone());
    let poll = owner.with(|| {
        web::spawn_poll(move || {
            let (steps, slow) = (Rc::clone(&counted), slow.clone());
            async move {
                steps.set(steps.get() + 1);
                if steps.get() == 2 {
                    slow.opened().await;
                }
                Some(HOUR)
            }
        })
    });
    until("the first step", || steps.get() == 1).await;
    poll.poke();
    until("the second step at once", || steps.get() == 2).await;
    poll.poke();
    door.open();
    until("the third right after the second", || steps.get() == 3).await;
    owner.cleanup();
    poll.poke();
}

#[wasm_bindgen_test]
async fn the_latest_wins_however_slow_its_predecessor() {
    let owner = owner();
    let latest = owner.with(Latest::new);
    let said = Rc::new(RefCell::new(Vec::new()));
    let doors = [Door::default(), Door::default()];
    for (name, door) in ["slow", "fast"].into_iter().zip(&doors) {
        let (said, door) = (Rc::clone(&said), door.clone());
        latest.run(async move {
            door.opened().await;
            said.borrow_mut().push(name);
        });
        settle().await;
    }
    doors[1].open();
    doors[0].open();
    until("the last one delivers", || !said.borrow().is_empty()).await;
    settle().await;
    assert_eq!(*said.borrow(), ["fast"]);

    let (after, dropped) = (Rc::new(Cell::new(false)), Rc::new(Cell::new(false)));
    let tell = Tell(Rc::clone(&dropped));
    latest.run(async move {
        web::sleep(HOUR).await;
        drop(tell);
    });
    settle().await;
    owner.cleanup();
    until("the owner's end ends it", || dropped.get()).await;
    let ran = Rc::clone(&after);
    latest.run(async move { ran.set(true) });
    settle().await;
    assert!(!after.get(), "nothing starts under an owner that is gone");
}

#[wasm_bindgen_test]
async fn four_at_once_never_more_in_order_and_all_of_them() {
    let owner = owner();
    let doors: Rc<Vec<Door>> = Rc::new((0..7).map(|_| Door::default()).collect());
    let (started, ended) = (Rc::new(RefCell::new(Vec::new())), Rc::new(RefCell::new(Vec::new())));
    let done = Rc::new(Cell::new(false));
    let (all, b, e, d) =
        (Rc::clone(&doors), Rc::clone(&started), Rc::clone(&ended), Rc::clone(&done));
    owner.with(|| {
        web::spawn_scoped(async move {
            web::four_at_once(0..7, async |item: usize| {
                b.borrow_mut().push(item);
                all[item].opened().await;
                e.borrow_mut().push(item);
            })
            .await;
            d.set(true);
        });
    });
    until("four start", || *started.borrow() == [0, 1, 2, 3]).await;
    settle().await;
    assert_eq!(*started.borrow(), [0, 1, 2, 3], "and no more");
    doors[1].open();
    until("the next replaces the one that ended", || started.borrow().len() == 5).await;
    settle().await;
    assert_eq!(*started.borrow(), [0, 1, 2, 3, 4], "a slow one delays no other");
    assert_eq!(*ended.borrow(), [1]);
    doors.iter().for_each(Door::open);
    until("all are done", || done.get()).await;
    assert_eq!(*started.borrow(), [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(ended.borrow().len(), 7);

    let (dropped, count) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    let (tells, counted) = (Rc::clone(&dropped), Rc::clone(&count));
    owner.with(|| {
        web::spawn_scoped(async move {
            web::four_at_once(0..7, async |_| {
                counted.set(counted.get() + 1);
                let _tell = Count(Rc::clone(&tells));
                web::sleep(HOUR).await;
            })
            .await;
        });
    });
    until("four start", || count.get() == 4).await;
    owner.cleanup();
    until("the running ones are dropped", || dropped.get() == 4).await;
    assert_eq!(count.get(), 4, "the rest is not started");
}

/// Counts when it is dropped.
struct Count(Rc<Cell<usize>>);

impl Drop for Count {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

#[wasm_bindgen_test]
async fn a_rest_lets_the_browser_handle_pending_work() {
    let channel = MessageChannel::new().unwrap();
    let done = Rc::new(Cell::new(false));
    let tell = Rc::clone(&done);
    let received = Closure::<dyn FnMut()>::new(move || tell.set(true));
    channel.port1().set_onmessage(Some(received.as_ref().unchecked_ref()));
    channel.port2().post_message(&JsValue::NULL).unwrap();
    assert!(!done.get());
    web::rest().await;
    assert!(done.get(), "a task that waited has run");
    channel.port1().close();
}

#[wasm_bindgen_test]
async fn a_dropped_rest_stops_listening() {
    let closed = Array::new();
    let spy = Function::new_with_args(
        "closed",
        "return function () {
            return { port1: { close() { closed.push(1) } }, port2: { postMessage() {} } };
        }",
    );
    let spy = spy.call1(&JsValue::UNDEFINED, &closed).unwrap();
    let replaced = Replaced::new("MessageChannel", &spy);
    {
        let rest = std::pin::pin!(web::rest());
        assert!(futures_util::future::FutureExt::now_or_never(rest).is_none());
        assert_eq!(closed.length(), 0);
    }
    drop(replaced);
    assert_eq!(closed.length(), 1, "a port that listens is never collected");
}

#[wasm_bindgen_test]
async fn a_dropped_sleep_clears_its_timer() {
    let cleared = Array::new();
    let spy = Function::new_with_args("cleared", "return id => { cleared.push(id) }");
    let spy = spy.call1(&JsValue::UNDEFINED, &cleared).unwrap();
    let replaced = Replaced::new("clearTimeout", &spy);
    {
        let sleep = std::pin::pin!(web::sleep(HOUR));
        assert!(futures_util::future::FutureExt::now_or_never(sleep).is_none());
    }
    drop(replaced);
    assert_eq!(cleared.length(), 1);
}

#[wasm_bindgen_test]
async fn a_read_whose_page_is_gone_is_aborted() {
    let state = js_sys::Object::new();
    let fetch = Function::new_with_args(
        "state",
        "return request => { state.signal = request.signal; return new Promise(() => {}) }",
    );
    let fetch = fetch.call1(&JsValue::UNDEFINED, &state).unwrap();
    let _replaced = Replaced::new("fetch", &fetch);
    let owner = owner();
    owner.with(|| {
        web::spawn_scoped(async {
            _ = SignedOut::new("/somewhere".to_owned(), &Browser).welcome().await;
        });
    });
    let signal = || Reflect::get(&state, &"signal".into()).unwrap();
    until("the request is sent", || !signal().is_undefined()).await;
    let aborted = || Reflect::get(&signal(), &"aborted".into()).unwrap().as_bool();
    assert_eq!(aborted(), Some(false));
    owner.cleanup();
    until("it is aborted", || aborted() == Some(true)).await;
}

#[wasm_bindgen_test]
fn a_dropped_listener_receives_nothing() {
    let heard = Rc::new(Cell::new(0));
    let counted = Rc::clone(&heard);
    let say = || document().dispatch_event(&Event::new("curfew-test").unwrap()).unwrap();
    let listener =
        Listener::new(&document(), "curfew-test", move |_| counted.set(counted.get() + 1));
    say();
    drop(listener);
    say();
    assert_eq!(heard.get(), 1);

    let (owner, counted) = (owner(), Rc::clone(&heard));
    owner.with(|| {
        Listener::new(&document(), "curfew-test", move |_| counted.set(counted.get() + 1)).scoped();
    });
    say();
    owner.cleanup();
    say();
    assert_eq!(heard.get(), 2, "and one with an owner ends with it");
}
