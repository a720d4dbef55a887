//! A browser with a simulated BIG-IQ behind it, all in one thread and without a socket.
//!
//! Its time and BIG-IQ's pass together, and only in [`VirtualBrowser::run`] and [`VirtualBrowser::pass`], once nothing
//! else can happen. So a test that waits for a minute takes no time, and runs the same way each time. What BIG-IQ is
//! asked to do it does even if nobody waits for the answer any more.

use bigiq_simulator::fault::plan::FaultPlan;
use bigiq_simulator::server::in_process::InProcess;
use bigiq_simulator::simulator::Simulator;
use bigiq_simulator::world::settings::Settings;
use bigiq_simulator::world::setup::{FleetOptions, Setup};
use bigiq_simulator::world::timestamp::Timestamp;
use curfew_client::platform::{
    Clock, Connection, LARGEST, NoResponse, Request, Response, TIME_LIMIT, Transport,
};
use curfew_client::signed_in::SignedIn;
use curfew_client::signed_out::{Secret, SignedOut};
use futures::channel::oneshot;
use futures::executor::{LocalPool, LocalSpawner};
use futures::future::{Either, FutureExt, LocalBoxFuture, select};
use futures::task::LocalSpawnExt;
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

const TASKS: &str = "/mgmt/cm/access/tasks/kill-sessions";
/// When all clocks start.
pub(crate) const START: i64 = 1_700_000_000_000;
/// Time passes in steps of this length, so that BIG-IQ's own waits end at about the right time.
const STEP: Duration = Duration::from_millis(500);
/// The longest time in which [`VirtualBrowser::run`] has to finish.
const LONGEST: Duration = Duration::from_secs(3_600);

/// A request as it left the browser.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) method: &'static str,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<String>,
    pub(crate) connection: Connection,
    /// As a log would show it.
    pub(crate) printed: String,
}

impl Sent {
    pub(crate) fn of(request: &Request<'_>) -> Self {
        let mut headers = Vec::new();
        request.each_header(&mut |name, value| headers.push((name.to_owned(), value.to_owned())));
        Self {
            method: request.method().as_str(),
            target: request.target(),
            headers,
            body: request.body().map(str::to_owned),
            connection: request.connection(),
            printed: format!("{request:?}"),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

/// A browser. Clones are the same one.
#[derive(Clone)]
pub(crate) struct VirtualBrowser(Rc<Inner>);

struct Inner {
    bigiq: InProcess,
    prefix: &'static str,
    /// The token that the proxy in front of BIG-IQ adds.
    proxy_token: RefCell<Option<String>>,
    epoch_ms: Cell<i64>,
    monotonic_ms: Cell<f64>,
    timers: RefCell<Vec<(f64, oneshot::Sender<()>)>>,
    pool: RefCell<LocalPool>,
    spawner: LocalSpawner,
    sent: RefCell<Vec<Sent>>,
}

/// Notes that something is to be polled.
struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}

impl VirtualBrowser {
    /// Before a BIG-IQ of 24 devices with these settings.
    pub(crate) fn new(settings: Value) -> Self {
        Self::under("", settings)
    }

    /// The same, where a proxy forwards what is below `prefix`.
    pub(crate) fn under(prefix: &'static str, settings: Value) -> Self {
        Self::before_fleet(Setup::default().fleet, prefix, settings)
    }

    /// Before a BIG-IQ with these devices.
    pub(crate) fn before_fleet(fleet: FleetOptions, prefix: &'static str, settings: Value) -> Self {
        let Value::Object(settings) = settings else { panic!("settings are an object") };
        let setup = Setup {
            fleet,
            settings: Settings::default().with(&settings).unwrap(),
            start: Some(Timestamp::from_millis(START)),
            frozen: true,
        };
        let pool = LocalPool::new();
        Self(Rc::new(Inner {
            bigiq: InProcess::new(Simulator::new(setup, FaultPlan::default())),
            prefix,
            proxy_token: RefCell::new(None),
            epoch_ms: Cell::new(START),
            monotonic_ms: Cell::new(0.0),
            timers: RefCell::default(),
            spawner: pool.spawner(),
            pool: RefCell::new(pool),
            sent: RefCell::default(),
        }))
    }

    pub(crate) fn signed_out(&self) -> SignedOut {
        SignedOut::new(self.0.prefix.to_owned(), Box::leak(Box::new(self.clone())))
    }

    /// Signs in an account of BIG-IQ's own, whose password is its name.
    pub(crate) fn sign_in(&self, name: &str) -> SignedIn {
        let signed_out = self.signed_out();
        self.run(signed_out.sign_in(name, &Secret::new(name), None)).unwrap()
    }

    /// From now on, the proxy in front of BIG-IQ signs in all requests as this account.
    pub(crate) fn add_token_of(&self, name: &str) {
        let body = json!({"username": name, "password": name});
        let reply = self.control("POST", "/mgmt/shared/authn/login", &body);
        let token = reply["token"]["token"].as_str().unwrap().to_owned();
        self.0.proxy_token.replace(Some(token));
    }

    /// Runs a future to its end. Time passes only if it has to wait.
    pub(crate) fn run<T>(&self, future: impl Future<Output = T>) -> T {
        let flag = Arc::new(Flag(AtomicBool::new(true)));
        let waker = Waker::from(Arc::clone(&flag));
        let mut future = pin!(future);
        let latest = self.monotonic_ms() + LONGEST.as_secs_f64() * 1000.0;
        while self.monotonic_ms() < latest {
            while flag.0.swap(false, Ordering::AcqRel) {
                let polled = future.as_mut().poll(&mut Context::from_waker(&waker));
                if let std::task::Poll::Ready(result) = polled {
                    return result;
                }
                self.0.pool.borrow_mut().run_until_stalled();
            }
            self.step(STEP);
        }
        panic!("still waiting after {LONGEST:?}");
    }

    /// Starts a future, which proceeds whenever something is run. It ends when it is dropped from the pool, at the end
    /// of the test.
    pub(crate) fn spawn(&self, future: impl Future<Output = ()> + 'static) {
        self.0.spawner.spawn_local(future).unwrap();
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, duration: Duration) {
        let end = self.monotonic_ms() + duration.as_secs_f64() * 1000.0;
        while self.monotonic_ms() < end {
            let left = Duration::from_secs_f64((end - self.monotonic_ms()) / 1000.0);
            self.step(left.min(STEP));
        }
    }

    /// At most this much time passes: until the next timer.
    fn step(&self, most: Duration) {
        self.0.pool.borrow_mut().run_until_stalled();
        let now = self.monotonic_ms();
        let timers = self.0.timers.borrow();
        let next = timers.iter().filter(|(_, timer)| !timer.is_canceled());
        let next = next.map(|(due, _)| due - now).fold(most.as_secs_f64() * 1000.0, f64::min);
        drop(timers);
        let millis = next.max(1.0).ceil();
        self.0.monotonic_ms.set(now + millis);
        self.0.epoch_ms.set(self.0.epoch_ms.get() + millis as i64);
        self.control("POST", "/_sim/clock", &json!({"advanceMs": millis as i64}));
        let timers = self.0.timers.take();
        let (due, later) = timers.into_iter().partition(|(due, _)| *due <= now + millis);
        self.0.timers.borrow_mut().extend::<Vec<_>>(later);
        due.into_iter().for_each(|(_, timer): (f64, oneshot::Sender<()>)| _ = timer.send(()));
        self.0.pool.borrow_mut().run_until_stalled();
    }

    /// Completes after this time.
    pub(crate) fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + use<> {
        let (tell, rung) = oneshot::channel();
        let due = self.monotonic_ms() + duration.as_secs_f64() * 1000.0;
        self.0.timers.borrow_mut().push((due, tell));
        rung.map(|_| ())
    }

    /// Sets the machine's clock, as an operator or NTP does.
    pub(crate) fn set_clock_by(&self, millis: i64) {
        self.0.epoch_ms.set(self.0.epoch_ms.get() + millis);
    }

    /// The machine sleeps: the monotonic clock stops, the others don't.
    pub(crate) fn suspend(&self, duration: Duration) {
        let monotonic = self.monotonic_ms();
        self.pass(duration);
        self.0.monotonic_ms.set(monotonic);
    }

    /// Sets the simulator's fault plan, for example `[{"path": "/mgmt/*", "count": 1, "fault": {"kind": "truncate"}}]`.
    pub(crate) fn faults(&self, rules: &Value) {
        self.control("POST", "/_sim/faults", rules);
    }

    /// Changes the simulator's settings.
    pub(crate) fn settings(&self, changes: &Value) {
        self.control("POST", "/_sim/settings", changes);
    }

    /// The calls that BIG-IQ has received, as `POST /path 200`.
    pub(crate) fn calls(&self) -> Vec<String> {
        let calls = self.control("GET", "/_sim/requests", &Value::Null);
        let text = |call: &Value| {
            let [method, path] = ["method", "path"].map(|key| call[key].as_str().unwrap());
            format!("{method} {path} {}", call["status"])
        };
        calls.as_array().unwrap().iter().map(text).collect()
    }

    /// How many of these calls went to a path that ends like this.
    pub(crate) fn count(&self, method: &str, path_end: &str) -> usize {
        let is = |call: &&String| {
            let mut words = call.split(' ');
            words.next() == Some(method)
                && words.next().is_some_and(|path| path.ends_with(path_end))
        };
        self.calls().iter().filter(is).count()
    }

    /// How many kill tasks BIG-IQ has.
    pub(crate) fn task_count(&self) -> usize {
        let client = self.sign_in("admin");
        self.run(client.tasks(0, 1_000)).unwrap().tasks.len()
    }

    /// The kill tasks that an operator has started, as BIG-IQ lists them.
    pub(crate) fn tasks_of(&self, operator: &str) -> Vec<Value> {
        let request = self.request_of("admin", "GET", TASKS);
        let list = self.answer_now(request.body(String::new()).unwrap());
        let tasks = list["items"].as_array().cloned().unwrap_or_default();
        tasks.into_iter().filter(|task| task["username"] == operator).collect()
    }

    /// A kill that an operator requests by hand. Returns the task's id.
    pub(crate) fn kill_by_hand(&self, operator: &str, body: &Value) -> String {
        let request = self.request_of(operator, "POST", TASKS);
        self.answer_now(request.body(body.to_string()).unwrap())["id"].as_str().unwrap().to_owned()
    }

    /// A request to BIG-IQ, not from the browser.
    fn request_of(&self, account: &str, method: &str, path: &str) -> http::request::Builder {
        let body = json!({"username": account, "password": account});
        let reply = self.control("POST", "/mgmt/shared/authn/login", &body);
        let token = reply["token"]["token"].as_str().unwrap();
        http::Request::builder().method(method).uri(path).header("X-F5-Auth-Token", token)
    }

    /// What left the browser.
    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.0.sent.borrow().clone()
    }

    /// Sends to the simulator, not as the browser.
    pub(crate) fn control(&self, method: &str, path: &str, body: &Value) -> Value {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.answer_now(http::Request::builder().method(method).uri(path).body(body).unwrap())
    }

    fn answer_now(&self, request: http::Request<String>) -> Value {
        let what = format!("{} {}", request.method(), request.uri());
        let response = self.0.bigiq.answer(request).now_or_never().unwrap().unwrap();
        let text = String::from_utf8_lossy(response.body());
        assert_eq!(response.status(), 200, "{what}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// The request as BIG-IQ receives it from the proxy, unless its address is too long for HTTP.
    fn forwarded(&self, request: &Sent) -> http::Result<http::Request<String>> {
        let path = request.target.strip_prefix(self.0.prefix).unwrap();
        let mut forwarded = http::Request::builder().method(request.method).uri(path);
        for (name, value) in &request.headers {
            forwarded = forwarded.header(name, value);
        }
        if let Some(token) = &*self.0.proxy_token.borrow() {
            forwarded = forwarded.header("X-F5-Auth-Token", token);
        }
        forwarded.body(request.body.clone().unwrap_or_default())
    }
}

impl Clock for VirtualBrowser {
    fn epoch_ms(&self) -> i64 {
        self.0.epoch_ms.get()
    }

    fn monotonic_ms(&self) -> f64 {
        self.0.monotonic_ms.get()
    }
}

impl Transport for VirtualBrowser {
    fn send<'a>(
        &'a self,
        request: Request<'a>,
    ) -> LocalBoxFuture<'a, Result<Response, NoResponse>> {
        let sent = Sent::of(&request);
        let (bigiq, request) = (self.0.bigiq.clone(), self.forwarded(&sent));
        self.0.sent.borrow_mut().push(sent);
        let (tell, answer) = oneshot::channel();
        self.spawn(async move {
            let answer = match request {
                Ok(request) => bigiq.answer(request).await.ok(),
                Err(_) => None,
            };
            _ = tell.send(answer);
        });
        let limit = self.sleep(TIME_LIMIT);
        async move {
            match select(answer, pin!(limit)).await {
                Either::Left((answer, _)) => received(answer.unwrap()),
                Either::Right(_) => Err(NoResponse::Timeout(TIME_LIMIT)),
            }
        }
        .boxed_local()
    }
}

/// What a browser makes of an answer.
fn received(answer: Option<http::Response<Vec<u8>>>) -> Result<Response, NoResponse> {
    let answer = answer.ok_or(NoResponse::Broken)?;
    let header = |name| Some(answer.headers().get(name)?.to_str().unwrap().to_owned());
    let size = answer.body().len() as u64;
    if answer.status().is_redirection() {
        return Err(NoResponse::Broken);
    }
    if size > LARGEST {
        return Err(NoResponse::TooLarge(size));
    }
    Ok(Response {
        status: answer.status().as_u16(),
        retry_after: header("retry-after"),
        date: header("date"),
        body: answer.body().clone(),
    })
}
