//! What to beware of before a kill, by cause, each with its remedies as buttons. It must not judge: the plan did.

use super::wording;
use crate::state::{Estate, Form, Lookout};
use crate::text::{Word, count, fill, listing, t};
use crate::ui::{Banner, Button, Look, Tone};
use curfew_core::{Draft, Inventory, Kind, Live, Missing, Plan, UserList, Warning};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// What mends the draft.
#[derive(Debug, Clone)]
enum Remedy {
    /// These clusters in place of their members.
    Clusters(Vec<String>),
    /// The active members in place of the others, for listed sessions.
    Active,
    /// Without these devices.
    LeaveOut(Vec<String>),
    /// These devices as tasks of their own.
    Apart(Vec<String>),
    /// Another name in place of one that nobody has.
    Name { given: String, meant: String },
}

impl Remedy {
    fn apply(&self, draft: &mut Draft, inventory: &Inventory, live: &Live) {
        let mut names: BTreeSet<&str> = BTreeSet::new();
        if let Self::Clusters(given) | Self::LeaveOut(given) | Self::Apart(given) = self {
            for name in given {
                names.insert(name);
            }
        }
        match self {
            Self::Clusters(_) => draft.use_clusters(&names, inventory),
            Self::Active => _ = draft.sessions.address_to_active(live, inventory),
            Self::LeaveOut(_) => draft.leave_out(&names, inventory),
            Self::Apart(_) => draft.send_apart(&names, inventory),
            Self::Name { .. } => {}
        }
    }
}

/// All warnings of a plan, with remedies unless it is frozen.
pub(super) fn warnings(plan: &Plan, remedies: bool) -> AnyView {
    let form = Form::get();
    let (estate, lookout) = (Estate::get(), Lookout::get());
    let mend = Callback::new(move |remedy: Remedy| {
        if let Remedy::Name { given, meant } = &remedy {
            form.users.update(|users| *users = UserList::renamed(users, given, meant));
            return;
        }
        let Some(inventory) = untrack(move || estate.inventory()) else { return };
        lookout.known().with_untracked(|live| {
            form.mend(&|draft| remedy.apply(draft, &inventory, live));
        });
    });
    let groups = plan.warnings().chunk_by(Warning::is_like);
    let items = groups.map(|alike| {
        let offered = if remedies { offers(plan.kind(), alike) } else { Vec::new() };
        let buttons = offered.into_iter().map(|(label, remedy)| {
            let press = Callback::new(move |()| mend.run(remedy.clone()));
            view! { <Button label=label look=Look::Plain on_press=press/> }.into_any()
        });
        let buttons: Vec<AnyView> = buttons.collect();
        let about = (alike.len() > 1).then(|| {
            let names = listing(alike.iter().filter_map(wording::subject));
            view! { <p>{names}</p> }
        });
        view! {
            <Banner tone=Tone::Warning heading=wording::warnings(alike)>
                {about}
                {buttons}
            </Banner>
        }
        .into_any()
    });
    let items: Vec<AnyView> = items.collect();
    view! { <div class="warnings">{items}</div> }.into_any()
}

/// The remedies of warnings of one cause, with their labels.
fn offers(kind: Kind, alike: &[Warning]) -> Vec<(String, Remedy)> {
    let many = alike.len() > 1;
    match alike.first() {
        Some(Warning::DeviceInCluster { cluster, .. }) if kind != Kind::Listed => {
            let clusters = alike.iter().filter_map(|warning| match warning {
                Warning::DeviceInCluster { cluster, .. } => Some(cluster.clone()),
                _ => None,
            });
            let label = if many {
                t(Word::UseClusters)
            } else {
                fill(Word::UseCluster, &[("cluster", cluster)])
            };
            vec![(label, Remedy::Clusters(clusters.collect()))]
        }
        Some(Warning::DeviceInCluster { .. }) => {
            let known = |w: &Warning| matches!(w, Warning::DeviceInCluster { active: Some(_), .. });
            let offer = alike.iter().any(known).then(|| (t(Word::UseActive), Remedy::Active));
            offer.into_iter().collect()
        }
        Some(Warning::NotReady { name, missing, .. }) => {
            let ids = alike.iter().filter_map(|warning| match warning {
                Warning::NotReady { device, .. } => Some(device.clone()),
                _ => None,
            });
            let label = |one, several| {
                if many { count(several, alike.len()) } else { fill(one, &[("device", name)]) }
            };
            let out = label(Word::LeaveOut, Word::LeaveOutAll);
            let mut offers = vec![(out, Remedy::LeaveOut(ids.collect()))];
            let together = alike.iter().filter_map(|warning| match warning {
                Warning::NotReady { device, apart: false, .. } => Some(device.clone()),
                _ => None,
            });
            let together: Vec<String> = together.collect();
            if *missing == Missing::Reach && !together.is_empty() {
                let apart = label(Word::SendApart, Word::SendApartAll);
                offers.push((apart, Remedy::Apart(together)));
            }
            offers
        }
        Some(Warning::NobodyNow { .. }) => {
            let near = alike.iter().filter_map(|warning| match warning {
                Warning::NobodyNow { user, near, .. } => Some((user, near)),
                _ => None,
            });
            near.flat_map(|(user, near)| {
                near.iter().map(|meant| {
                    let label = fill(Word::UseName, &[("name", meant)]);
                    (label, Remedy::Name { given: user.clone(), meant: meant.clone() })
                })
            })
            .collect()
        }
        _ => Vec::new(),
    }
}
