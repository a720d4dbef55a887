//! Explores all interleavings of a small world: tabs with their engines, BIG-IQ, the network between them, time, and what can go
//! wrong. Each state is visited once. After every step the [invariants](invariants) must hold; if one does not, the test prints the
//! shortest trace that breaks it.
//!
//! What is left out, so that the world stays finite: random numbers (every wait is the shortest that they allow), and what the
//! timelines say beyond the state of the jobs. Times count relative to the present.

mod bigiq;
mod driver;
mod invariants;
mod key;
mod limits;
mod steps;
mod world;

use limits::Limits;
use rustc_hash::FxHashSet;
use std::sync::Arc;
use std::time::Instant;
use steps::Action;
use world::World;

/// The steps that led to a state, the latest first.
struct Step {
    action: Action,
    before: Option<Arc<Self>>,
}

/// A state that was reached, and how.
type Reached = (World, Option<Arc<Step>>);

/// What an exploration visited.
#[derive(Default)]
struct Explored {
    states: usize,
    /// How many steps led to states that were known.
    known: usize,
    depth: usize,
}

/// What one step from some states leads to: each state once, by its key, and how many steps led to one of them again.
struct Expanded {
    reached: Vec<(u64, Reached)>,
    known: usize,
}

/// Visits every state that `first` can lead to, nearest first.
fn explore(first: World) -> Result<Explored, String> {
    let mut explored = Explored::default();
    let mut visited = FxHashSet::default();
    visited.insert(key::of(&first));
    let mut frontier: Vec<Reached> = vec![(first, None)];
    while !frontier.is_empty() {
        explored.states += frontier.len();
        explored.depth += 1;
        let (left, right) = frontier.split_at(frontier.len() / 2);
        let (left, right) = std::thread::scope(|scope| {
            let right = scope.spawn(|| expand(right));
            (expand(left), right.join().unwrap_or_else(|_| Err("a step panicked".to_owned())))
        });
        let mut next = Vec::new();
        for Expanded { reached, known } in [left?, right?] {
            explored.known += known;
            for (key, reached) in reached {
                if visited.insert(key) {
                    next.push(reached);
                } else {
                    explored.known += 1;
                }
            }
        }
        frontier = next;
    }
    Ok(explored)
}

/// All states that one step from these leads to.
fn expand(from: &[Reached]) -> Result<Expanded, String> {
    let mut reached = Vec::new();
    let (mut seen, mut known) = (FxHashSet::default(), 0);
    for (world, before) in from {
        for action in world.actions() {
            let mut after = world.clone();
            let result = after.act(action).and_then(|()| invariants::hold(&after));
            let step = Arc::new(Step { action, before: before.clone() });
            if let Err(broken) = result {
                return Err(format!("{broken}\n{}", trace(&step)));
            }
            let key = key::of(&after);
            if seen.insert(key) {
                reached.push((key, (after, Some(step))));
            } else {
                known += 1;
            }
        }
    }
    Ok(Expanded { reached, known })
}

fn trace(last: &Arc<Step>) -> String {
    let mut steps = Vec::new();
    let mut step = Some(last);
    while let Some(one) = step {
        steps.push(format!("{:?}", one.action));
        step = one.before.as_ref();
    }
    steps.reverse();
    let numbered = steps.iter().enumerate().map(|(n, step)| format!("{:>3}. {step}", n + 1));
    numbered.collect::<Vec<_>>().join("\n")
}

/// Explores a world, and prints what was visited. A world with fewer states than `least` would prove less.
fn explore_all(limits: Limits, least: usize) {
    let start = Instant::now();
    let explored = explore(World::new(limits)).unwrap_or_else(|broken| panic!("{broken}"));
    let Explored { states, known, depth } = explored;
    let seconds = start.elapsed().as_secs_f32();
    println!("{states} states, {depth} steps deep, {known} steps to known states, {seconds:.1} s");
    assert!(states > least, "only {states} states");
}

#[test]
fn one_tab() {
    explore_all(Limits::one_tab(), 500_000);
}

#[test]
fn hostile() {
    explore_all(Limits::hostile(), 140_000);
}

#[test]
fn set_clock() {
    explore_all(Limits::set_clock(), 140_000);
}

#[test]
fn two_tabs() {
    explore_all(Limits::two_tabs(), 140_000);
}

#[test]
fn duplicate() {
    explore_all(Limits::duplicate(), 400_000);
}

#[test]
fn equal_plans() {
    explore_all(Limits::equal_plans(), 100_000);
}

#[test]
fn by_hand() {
    explore_all(Limits::by_hand(), 10_000);
}

#[test]
fn task_list() {
    explore_all(Limits::task_list(), 10_000);
}

#[test]
fn sessions() {
    explore_all(Limits::sessions(), 10_000);
}

#[test]
fn slow_storage() {
    explore_all(Limits::slow_storage(), 30_000);
}

#[test]
#[ignore = "takes minutes: make test-full runs it"]
fn large() {
    explore_all(Limits::large(), 1_000_000);
}
