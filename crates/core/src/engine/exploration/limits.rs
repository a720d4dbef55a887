//! Small worlds: what there is, and how often each thing may happen.

/// How often each thing may happen. Together they make the world finite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Limits {
    /// Tabs that confirm a plan.
    pub(super) tabs: u8,
    /// Plans that a tab confirms. They are equal.
    pub(super) plans: u8,
    /// Jobs of each plan.
    pub(super) jobs: u8,
    /// Whether the world begins when BIG-IQ has accepted all requests of a plan.
    pub(super) is_accepted: bool,
    /// Whether it takes time until a record is stored that the engine waits for.
    pub(super) is_storage_slow: bool,
    /// Whether there are live sessions.
    pub(super) sessions: bool,
    /// Whether the operator makes the same kill by hand: before the plan is confirmed, and after its requests are executed. In
    /// between, nothing would distinguish the tasks.
    pub(super) by_hand: bool,
    /// Whether new tasks may be missing in BIG-IQ's list for a while.
    pub(super) lag: bool,
    /// Answers lost or refused, reads that fail, answers that come twice.
    pub(super) faults: u8,
    /// Reloads and crashes.
    pub(super) reloads: u8,
    /// Duplicated tabs.
    pub(super) duplicates: u8,
    pub(super) sign_outs: u8,
    pub(super) drops: u8,
    pub(super) storage_failures: u8,
    /// Identical kills outside Curfew.
    pub(super) foreign: u8,
    pub(super) clock_jumps: u8,
    /// Moments that pass until the next timer.
    pub(super) ticks: u8,
    /// Long times that pass.
    pub(super) waits: u8,
}

impl Limits {
    /// Nothing can go wrong, and no time passes.
    const NONE: Self = Self {
        tabs: 1,
        plans: 1,
        jobs: 1,
        is_accepted: false,
        is_storage_slow: false,
        sessions: false,
        by_hand: false,
        lag: false,
        faults: 0,
        reloads: 0,
        duplicates: 0,
        sign_outs: 0,
        drops: 0,
        storage_failures: 0,
        foreign: 0,
        clock_jumps: 0,
        ticks: 1,
        waits: 1,
    };

    /// One tab with two requests, which is reloaded, signs out, and drops requests.
    pub(super) fn one_tab() -> Self {
        Self { jobs: 2, lag: true, faults: 1, reloads: 1, sign_outs: 1, drops: 1, ..Self::NONE }
    }

    /// The same with two faults.
    pub(super) fn large() -> Self {
        Self { faults: 2, ..Self::one_tab() }
    }

    /// One tab when the storage fails, the clock is set, and somebody else makes the same kill.
    pub(super) fn hostile() -> Self {
        let waits = 0;
        Self {
            jobs: 2,
            lag: true,
            faults: 1,
            storage_failures: 1,
            foreign: 1,
            clock_jumps: 1,
            waits,
            ..Self::NONE
        }
    }

    /// One request whose answer is lost while the clock is set.
    pub(super) fn set_clock() -> Self {
        Self { faults: 1, clock_jumps: 1, ticks: 2, waits: 3, ..Self::NONE }
    }

    /// Two tabs that make the same kill.
    pub(super) fn two_tabs() -> Self {
        Self { tabs: 2, faults: 1, reloads: 1, waits: 0, ..Self::NONE }
    }

    /// A tab that is duplicated and reloaded.
    pub(super) fn duplicate() -> Self {
        Self { jobs: 2, faults: 1, reloads: 1, duplicates: 1, ..Self::NONE }
    }

    /// Two equal plans in one tab.
    pub(super) fn equal_plans() -> Self {
        Self { plans: 2, faults: 2, reloads: 1, waits: 0, ..Self::NONE }
    }

    /// The same kill is also made by hand.
    pub(super) fn by_hand() -> Self {
        Self { by_hand: true, foreign: 1, faults: 1, reloads: 1, ticks: 2, ..Self::NONE }
    }

    /// So many running tasks that one list is read for all.
    pub(super) fn task_list() -> Self {
        Self { jobs: 4, is_accepted: true, faults: 1, ticks: 3, waits: 0, ..Self::NONE }
    }

    /// Live sessions are compared after the end.
    pub(super) fn sessions() -> Self {
        Self { sessions: true, faults: 1, sign_outs: 1, ticks: 3, waits: 0, ..Self::NONE }
    }

    /// A storage that takes time.
    pub(super) fn slow_storage() -> Self {
        Self {
            jobs: 2,
            is_storage_slow: true,
            faults: 1,
            reloads: 1,
            sign_outs: 1,
            waits: 0,
            ..Self::NONE
        }
    }
}
