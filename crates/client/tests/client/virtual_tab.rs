//! A tab of a [`VirtualBrowser`] with the app's kills in it, but without a page: the engine, the client, and a driver
//! like the app's. It executes the engine's effects and passes the results back.

use crate::virtual_browser::VirtualBrowser;
use curfew_client::error::ApiError;
use curfew_client::kill::AuditHeaders;
use curfew_client::platform::Clock as _;
use curfew_client::signed_in::SignedIn;
use curfew_client::signed_out::Secret;
use curfew_core::app::{AccountKey, TabMessage};
use curfew_core::engine::{
    ApiCall, Before, CallFailure, Effect, Engine, Input, JobIndex, Now, RequestElsewhere, Settings,
    Storing, TaskPage, TaskQuery, read_batches,
};
use curfew_core::ids::{BatchId, JobId, MachineId};
use curfew_core::inventory::{Inventory, Live};
use curfew_core::job::Job;
use curfew_core::plan::{Answer, Draft, Plan};
use curfew_core::sorted::SortedSet;
use curfew_core::timestamp::Timestamp;
use futures::channel::oneshot;
use futures::future::{Either, FutureExt, LocalBoxFuture, Shared, select};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::pin::pin;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::time::Duration;

/// How long a device may take to list its sessions.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long a request is on its way: in the time in which it is sent, nothing else can be answered.
const WAY: Duration = Duration::from_millis(1);
/// How often [`VirtualTab::until`] checks.
const LOOK: Duration = Duration::from_millis(500);

/// The storage of a tab, which outlives a reload.
type Storage = Rc<RefCell<BTreeMap<String, String>>>;

/// What the tabs of one browser share.
#[derive(Default)]
struct Tabs {
    open: RefCell<Vec<Weak<Inner>>>,
    /// How many plans were confirmed.
    batches: Cell<usize>,
}

/// A tab. When it is dropped, it is closed: no answer reaches it any more.
pub(crate) struct VirtualTab(Rc<Inner>);

struct Inner {
    browser: VirtualBrowser,
    tabs: Rc<Tabs>,
    storage: Storage,
    engine: RefCell<Engine>,
    /// Who is signed in, or was until BIG-IQ ended it.
    account: RefCell<Option<AccountKey>>,
    /// The client, while calls can be made.
    client: RefCell<Option<SignedIn>>,
    /// Dropped to stop the timer.
    timer: Cell<Option<oneshot::Sender<()>>>,
    /// Dropped with the tab.
    _open: oneshot::Sender<()>,
    /// Completes when the tab is closed.
    closed: Shared<LocalBoxFuture<'static, ()>>,
}

impl VirtualTab {
    /// A new tab, in which nobody is signed in.
    pub(crate) fn open(browser: &VirtualBrowser) -> Self {
        Self::with(browser.clone(), &Rc::default(), Storage::default())
    }

    /// Another tab of the same browser, in which nobody is signed in.
    pub(crate) fn open_another(&self) -> Self {
        Self::with(self.0.browser.clone(), &self.0.tabs, Storage::default())
    }

    fn with(browser: VirtualBrowser, tabs: &Rc<Tabs>, storage: Storage) -> Self {
        let (open, closed) = oneshot::channel::<()>();
        let settings = Settings { per_minute: 0, at_once: 4 };
        let tab = Self(Rc::new(Inner {
            browser,
            tabs: Rc::clone(tabs),
            storage,
            engine: RefCell::new(Engine::new(settings, 1)),
            account: RefCell::default(),
            client: RefCell::default(),
            timer: Cell::default(),
            _open: open,
            closed: closed.map(|_| ()).boxed_local().shared(),
        }));
        tabs.open.borrow_mut().push(Rc::downgrade(&tab.0));
        tab.show(true);
        tab
    }

    /// Reloads the page: everything but the storage is lost, also the sign-in.
    pub(crate) fn reload(self) -> Self {
        let (browser, storage) = (self.0.browser.clone(), Rc::clone(&self.0.storage));
        let tabs = Rc::clone(&self.0.tabs);
        drop(self);
        Self::with(browser, &tabs, storage)
    }

    /// Brings the tab to the front, or hides it.
    pub(crate) fn show(&self, is_shown: bool) {
        self.0.feed(Input::Page { hidden: !is_shown, online: true });
    }

    /// Signs in, also after BIG-IQ ended the sign-in, and restores this operator's jobs.
    pub(crate) fn sign_in(&self, name: &str) {
        self.try_sign_in(name).unwrap();
    }

    /// The same, while BIG-IQ may not answer.
    pub(crate) fn try_sign_in(&self, name: &str) -> Result<(), ApiError> {
        let signed_out = self.0.browser.signed_out();
        let client = self.0.browser.run(signed_out.sign_in(name, &Secret::new(name), None))?;
        let account = AccountKey { bigiq: String::new(), operator: client.operator().to_owned() };
        self.0.client.replace(Some(client));
        self.0.account.replace(Some(account.clone()));
        let storage = self.0.storage.borrow().clone();
        let names: Vec<String> = storage.keys().cloned().collect();
        let get = |key: &str| storage.get(key).cloned();
        self.0.feed(Input::Restored(read_batches(&names, &get, &account)));
        Ok(())
    }

    /// Signs out, and reloads the page.
    pub(crate) fn sign_out(self) -> Self {
        let account = self.0.account.take().unwrap();
        self.0.feed(Input::SignedOut(account));
        if let Some(client) = self.0.client.take() {
            self.0.browser.run(client.sign_out());
        }
        self.reload()
    }

    /// Signs in again if BIG-IQ ended the sign-in.
    pub(crate) fn sign_in_if_needed(&self) {
        let account = self.0.account.borrow().clone().unwrap();
        if self.client().is_none() {
            self.sign_in(&account.operator);
        }
    }

    /// The client, while calls can be made.
    pub(crate) fn client(&self) -> Option<SignedIn> {
        self.0.client.borrow().clone()
    }

    /// Confirms the plan of a draft, and returns its jobs. `live` are the sessions before it, if they are known.
    pub(crate) fn confirm(
        &self,
        draft: &Draft,
        inventory: &Arc<Inventory>,
        live: Option<Live>,
    ) -> Vec<JobId> {
        let account = self.0.account.borrow().clone().unwrap();
        let plan = Plan::make(draft, &**inventory, account, self.0.now().wall).unwrap();
        let answer = Answer { phrase: "yes".to_owned(), reason: "INC-1".to_owned() };
        let confirmed = plan.confirm(&answer, |_| "yes".to_owned()).unwrap();
        let id = BatchId::new(format!(
            "b{}",
            self.0.tabs.batches.replace(self.0.tabs.batches.get() + 1)
        ));
        let now = self.0.now().wall;
        let before = live.map(|live| Before::new(&live, Arc::clone(inventory), now));
        let storing = Storing::Required;
        self.0.feed(Input::Confirmed { confirmed, id: id.clone(), storing, before });
        let engine = self.0.engine.borrow();
        let jobs = engine.indices().filter_map(|index| engine.job(index));
        jobs.filter(|job| *job.batch() == id).map(|job| job.id().clone()).collect()
    }

    /// Asks the other tabs which requests are in flight, as the gate does when it opens.
    pub(crate) fn ask_tabs(&self) {
        self.0.feed(Input::ForgetElsewhere);
        let account = self.0.account.borrow().clone().unwrap();
        self.0.send_to_tabs(&account, &TabMessage::WhatIsInFlight);
    }

    /// Pauses or resumes the sending of the batch of a job.
    pub(crate) fn pause(&self, job: &JobId, pause: bool) {
        self.0.feed(Input::Pause { batch: self.job(job).batch().clone(), pause });
    }

    /// Discards the unsent requests of the batch of a job.
    pub(crate) fn drop_rest(&self, job: &JobId) {
        self.0.feed(Input::Drop(self.job(job).batch().clone()));
    }

    /// Asks BIG-IQ to cancel a job's task.
    pub(crate) fn cancel(&self, job: &JobId) {
        self.0.feed(Input::CancelAsked(self.index(job)));
    }

    /// Compares a job's sessions again.
    pub(crate) fn compare(&self, job: &JobId) {
        self.0.feed(Input::Compare(vec![self.index(job)]));
    }

    /// Polls all tasks now, and searches for all lost ones.
    pub(crate) fn poll_all(&self) {
        self.0.feed(Input::PollAll);
    }

    /// The current state of a job.
    pub(crate) fn job(&self, job: &JobId) -> Job {
        self.0.engine.borrow().job(self.index(job)).unwrap().clone()
    }

    /// All jobs, in the order in which they were confirmed.
    pub(crate) fn jobs(&self) -> Vec<Job> {
        let engine = self.0.engine.borrow();
        engine.indices().filter_map(|index| engine.job(index).cloned()).collect()
    }

    /// The jobs of which this holds.
    pub(crate) fn jobs_where(&self, holds: &dyn Fn(&Job) -> bool) -> Vec<JobId> {
        let engine = self.0.engine.borrow();
        let jobs = engine.indices().filter_map(|index| engine.job(index));
        jobs.filter(|job| holds(job)).map(|job| job.id().clone()).collect()
    }

    /// How many jobs there are.
    pub(crate) fn job_count(&self) -> usize {
        self.0.engine.borrow().len()
    }

    fn index(&self, job: &JobId) -> JobIndex {
        self.0.engine.borrow().find(job).unwrap()
    }

    /// Lets time pass until this holds of a job. Returns whether it does within this time.
    pub(crate) fn until(
        &self,
        job: &JobId,
        within: Duration,
        mut holds: impl FnMut(&Job) -> bool,
    ) -> bool {
        let end = self.0.now().monotonic + within;
        loop {
            if holds(&self.job(job)) {
                return true;
            }
            if self.0.now().monotonic >= end {
                return false;
            }
            self.0.browser.pass(LOOK);
        }
    }
}

impl Inner {
    fn now(&self) -> Now {
        Now {
            wall: Timestamp(self.browser.epoch_ms()),
            monotonic: Duration::from_millis(self.browser.monotonic_ms() as u64),
        }
    }

    /// Passes an input to the engine, and executes the effects.
    fn feed(self: &Rc<Self>, input: Input) {
        let mut inputs: Vec<Input> = self.sign_in_change().into_iter().chain([input]).collect();
        while !inputs.is_empty() {
            let input = inputs.remove(0);
            let effects = self.engine.borrow_mut().handle(self.now(), input);
            for effect in effects {
                inputs.extend(self.execute(effect));
            }
        }
    }

    /// What the engine does not know yet about the sign-in.
    fn sign_in_change(&self) -> Option<Input> {
        let engine = self.engine.borrow();
        let account = self.account.borrow().clone()?;
        if self.client.borrow().is_none() {
            return engine.is_signed_in().then_some(Input::SignInEnded);
        }
        let is_known = engine.is_signed_in() && engine.account() == Some(&account);
        (!is_known).then_some(Input::SignedIn(account))
    }

    /// Executes an effect, and returns its result if there is one at once.
    fn execute(self: &Rc<Self>, effect: Effect) -> Option<Input> {
        match effect {
            Effect::Store(write) => {
                self.storage.borrow_mut().extend(write.records);
                return Some(Input::Stored { write: write.id, is_stored: true });
            }
            Effect::Forget(keys) => {
                self.storage.borrow_mut().retain(|key, _| !keys.contains(key));
            }
            Effect::Call(call) => self.call(call),
            Effect::WakeIn(wait) => self.wake_in(wait),
            Effect::Announce { account, request } => {
                self.send_to_tabs(&account, &TabMessage::InFlight(request));
            }
            Effect::AnnounceTask { account, task } => {
                self.send_to_tabs(&account, &TabMessage::HasTask(task));
            }
            Effect::AskTabs(account) => {
                self.send_to_tabs(&account, &TabMessage::WhatIsInFlight);
            }
            // Nothing is read between the confirmation and the sending.
            Effect::ReportSessions { job, .. } => {
                return Some(Input::SessionsKnown { job, before: None });
            }
            // No tab is duplicated, and there is no page that shows anything.
            Effect::Lock(_)
            | Effect::SessionsOutdated
            | Effect::JobsAdded
            | Effect::JobChanged(_)
            | Effect::NotStarted(_)
            | Effect::Changed => {}
        }
        None
    }

    /// Sends a message to the other tabs.
    fn send_to_tabs(&self, account: &AccountKey, message: &TabMessage) {
        for tab in self.tabs.open.borrow().iter() {
            if !std::ptr::eq(tab.as_ptr(), self) {
                let (tab, text) = (Weak::clone(tab), message.write(account));
                self.browser.spawn(async move { receive(&tab, &text) });
            }
        }
    }

    fn wake_in(self: &Rc<Self>, wait: Duration) {
        let (keep, stopped) = oneshot::channel();
        self.timer.set(Some(keep));
        let (tab, rings) = (Rc::downgrade(self), self.browser.sleep(wait));
        self.browser.spawn(async move {
            if let Either::Left(_) = select(pin!(rings), stopped).await {
                feed(&tab, Input::Timer);
            }
        });
    }

    fn call(self: &Rc<Self>, call: ApiCall) {
        let (tab, closed) = (Rc::downgrade(self), self.closed.clone());
        let browser = self.browser.clone();
        let (client, headers) = (self.client.borrow().clone(), self.audit_headers(&call));
        let answered = async move {
            let Some(client) = client else { return feed(&tab, call.not_made()) };
            browser.sleep(WAY).await;
            let result = answer(&browser, &client, headers, call).await;
            if let Some(tab) = tab.upgrade() {
                tab.note_end(&client);
                tab.feed(result);
            }
        };
        self.browser.spawn(async move { _ = select(pin!(answered), closed).await });
    }

    fn audit_headers(&self, call: &ApiCall) -> Option<AuditHeaders> {
        let ApiCall::Post { job, .. } = call else { return None };
        let engine = self.engine.borrow();
        let (batch, job) = (engine.batch(*job)?, engine.job(*job)?);
        Some(AuditHeaders {
            operator: batch.account.operator.clone(),
            job: job.id().clone(),
            reason: batch.reason.clone(),
        })
    }

    /// Notes whether this client's sign-in has ended, as its last answer may show.
    fn note_end(&self, client: &SignedIn) {
        let mut current = self.client.borrow_mut();
        if client.is_ended() && current.as_ref().is_some_and(|current| current.is(client)) {
            *current = None;
        }
    }
}

/// Passes an input to a tab that may be closed.
fn feed(tab: &Weak<Inner>, input: Input) {
    if let Some(tab) = tab.upgrade() {
        tab.feed(input);
    }
}

/// Passes a message of another tab to a tab that may be closed.
fn receive(tab: &Weak<Inner>, text: &str) {
    let (AccountKey { bigiq, .. }, message) = TabMessage::parse(text).unwrap();
    match message {
        TabMessage::WhatIsInFlight => feed(tab, Input::WhatIsInFlight { bigiq }),
        TabMessage::InFlight(request) => {
            feed(tab, Input::Elsewhere(RequestElsewhere { bigiq, request }));
        }
        TabMessage::HasTask(task) => feed(tab, Input::TaskElsewhere { bigiq, task }),
        other => panic!("{other:?}"),
    }
}

async fn answer(
    browser: &VirtualBrowser,
    client: &SignedIn,
    headers: Option<AuditHeaders>,
    call: ApiCall,
) -> Input {
    let failed = |error: ApiError| CallFailure::from(&error);
    match call {
        ApiCall::Post { job, request } => {
            let answer = client.kill(request, &headers.unwrap()).await;
            Input::Answered { job, answer }
        }
        ApiCall::ReadTask { job, task } => {
            Input::TaskRead { job, answer: client.task(&task).await.map_err(failed) }
        }
        ApiCall::ReadTasks { query, purpose } => {
            let answer = read_tasks(browser, client, query).await.map_err(failed);
            Input::TasksRead { purpose, answer }
        }
        ApiCall::ReadSessions(devices) => {
            let live = read_sessions(browser, client, devices).await;
            Input::SessionsRead((!client.is_ended()).then_some(live))
        }
        ApiCall::ReadEarly(device) => {
            let live = read_sessions(browser, client, SortedSet::from([device.clone()])).await;
            Input::EarlyRead { answer: Ok(live.reading(&device).cloned()), device }
        }
        ApiCall::Cancel { job, task } => {
            Input::CancelAnswered { job, answer: client.cancel(&task).await.map_err(failed) }
        }
    }
}

async fn read_tasks(
    browser: &VirtualBrowser,
    client: &SignedIn,
    query: TaskQuery,
) -> Result<TaskPage, ApiError> {
    match query {
        TaskQuery::Ids { top, within } => {
            match select(pin!(client.task_ids(top)), browser.sleep(within)).await {
                Either::Left((answer, _)) => answer,
                Either::Right(_) => Err(ApiError::Timeout(within)),
            }
        }
        TaskQuery::States { top } => client.task_states(top).await,
        TaskQuery::Full { skip, top } => client.tasks(skip, top).await,
    }
}

/// The live sessions of these devices. A device that does not answer has no reading.
pub(crate) async fn read_sessions(
    browser: &VirtualBrowser,
    client: &SignedIn,
    devices: SortedSet<MachineId>,
) -> Live {
    let mut live = Live::default();
    for id in devices {
        let sessions = client.live_sessions(&id);
        if let Either::Left((Ok(Some(reading)), _)) =
            select(pin!(sessions), browser.sleep(PATIENCE)).await
        {
            live.note_reading(&id, reading);
        }
    }
    live
}
