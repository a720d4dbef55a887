//! BIG-IQ's own list of all kills, as far as it was read: page by page, newest first; or one of them. It belongs to the page
//! that shows it, and ends with it. The page decides when to read.

use super::{Loadable, SignIn};
use crate::web::Latest;
use curfew_client::error::ApiError;
use curfew_core::ids::TaskId;
use curfew_core::job::BigIqTask;
use curfew_core::timestamp::Timestamp;
use leptos::prelude::*;

/// Tasks in one page.
const PAGE: usize = 50;

/// The pages read so far.
#[derive(Debug, Clone, Default)]
pub struct TaskPages {
    /// The tasks, newest first, each once.
    pub tasks: Vec<BigIqTask>,
    /// How many BIG-IQ has returned, including those without an id.
    sent: usize,
    /// Whether there may be more.
    pub more: bool,
    /// When BIG-IQ last returned some.
    pub read_at: Timestamp,
    /// BIG-IQ's clock minus the browser's, in milliseconds.
    pub ahead: i64,
}

/// The list of a page.
#[derive(Debug, Clone, Copy)]
pub struct Tasks {
    reading: ReadSignal<Loadable<TaskPages>>,
    set_reading: WriteSignal<Loadable<TaskPages>>,
    latest: Latest,
    sign_in: SignIn,
}

impl Tasks {
    /// An empty list that belongs to the current owner.
    pub fn new(sign_in: SignIn) -> Self {
        let (reading, set_reading) = signal(Loadable::Idle);
        Self { reading, set_reading, latest: Latest::new(), sign_in }
    }

    /// The state of the reading.
    pub fn reading(&self) -> ReadSignal<Loadable<TaskPages>> {
        self.reading
    }

    /// Reads the first page again.
    pub fn read(&self) {
        self.show_reading();
        self.ask(TaskPages::default(), true);
    }

    /// Reads only this task.
    pub fn read_one(&self, id: TaskId) {
        self.show_reading();
        let (reading, sign_in) = (self.set_reading, self.sign_in);
        self.latest.run(async move {
            let answer = sign_in.ask(async |client| client.listed_task(&id).await).await;
            let pages = answer.map(|page| TaskPages {
                read_at: page.at,
                tasks: page.tasks,
                ..TaskPages::default()
            });
            note(reading, pages);
        });
    }

    /// Reads the next page.
    pub fn read_more(&self) {
        let known = self.known();
        self.show_reading();
        self.ask(known, false);
    }

    /// Reads the first page again in the background, unless a read is in progress: new tasks are added at the top.
    pub fn renew(&self) {
        if !self.reading.with_untracked(Loadable::is_loading) {
            self.ask(self.known(), true);
        }
    }

    fn known(&self) -> TaskPages {
        self.reading.with_untracked(|reading| reading.data().cloned()).unwrap_or_default()
    }

    fn show_reading(&self) {
        self.set_reading.update(|reading| {
            *reading = std::mem::replace(reading, Loadable::Idle).reloading();
        });
    }

    fn ask(&self, before: TaskPages, first: bool) {
        let (reading, sign_in) = (self.set_reading, self.sign_in);
        self.latest.run(async move {
            let skip = if first { 0 } else { before.sent };
            let answer = sign_in.ask(async |client| client.tasks(skip, PAGE).await).await;
            let pages = answer.map(|page| {
                let mut pages = TaskPages { read_at: page.at, ..before };
                pages.ahead = page.server_time.map_or(pages.ahead, |clock| clock.0 - page.at.0);
                let read = skip + page.count();
                if read >= pages.sent {
                    pages.sent = read;
                    pages.more = page.cut;
                }
                let came = page.tasks;
                let known = std::mem::take(&mut pages.tasks);
                let (front, back) = if first { (came, known) } else { (known, came) };
                pages.tasks = front;
                for task in back {
                    // A new task shifts the others, so one may be on two pages.
                    if !pages.tasks.iter().any(|known| known.id == task.id) {
                        pages.tasks.push(task);
                    }
                }
                pages
            });
            note(reading, pages);
        });
    }
}

/// Shows the result of a read.
fn note(reading: WriteSignal<Loadable<TaskPages>>, pages: Result<TaskPages, ApiError>) {
    reading.update(|reading| {
        *reading = std::mem::replace(reading, Loadable::Idle).answered(pages);
    });
}
