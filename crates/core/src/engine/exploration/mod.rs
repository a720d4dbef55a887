//! Explores all interleavings of a small world: tabs with their engines, BIG-IQ, the network between them, time, and what can go
//! wrong. Each state is visited once. After every step the [invariants](invariants) must hold; if one does not, the test prints the
//! shortest trace that breaks it.
//!
//! What is left out, so that the world stays finite: random numbers (every wait is the shortest that they allow), what the
//! timelines say beyond the state of the jobs, and live sessions. Times count relative to the present.

mod invariants;
mod key;
mod world;

use rstest::rstest;
use rustc_hash::FxHashSet;
use std::sync::Arc;
use std::time::Instant;
use world::{Action, Limits, World};

/// The steps that led to a state, the latest first.
struct Step {
    action: Action,
    before: Option<Arc<Self>>,
}

/// A state that was reached, and how.
type Reached = (World, Option<Arc<Step>>);

/// What an exploration visited.
#[derive(Debug, Default)]
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

/// Explores a world, and prints what was visited.
fn explored(limits: Limits) -> Explored {
    let start = Instant::now();
    match explore(World::new(limits)) {
        Ok(explored) => {
            let Explored { states, known, depth } = explored;
            let seconds = start.elapsed().as_secs_f32();
            println!(
                "{states} states, {depth} steps deep, {known} steps to known states, {seconds:.1} s"
            );
            explored
        }
        Err(broken) => panic!("{broken}"),
    }
}

#[rstest]
#[case::one_tab(Limits::one_tab(), 500_000)]
#[case::hostile(Limits::hostile(), 150_000)]
#[case::set_clock(Limits::set_clock(), 150_000)]
#[case::two_tabs(Limits::two_tabs(), 150_000)]
#[case::duplicate(Limits::duplicate(), 400_000)]
fn in_every_state_what_must_hold_holds(#[case] limits: Limits, #[case] least: usize) {
    let explored = explored(limits);
    // A world that has become smaller would prove less.
    assert!(explored.states > least, "{explored:?}");
}
