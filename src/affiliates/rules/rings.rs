//! Which registrations may be fraud, by what people were seen with, by when, and by how (F-8). An admin decides on each.

use std::collections::{BTreeSet, HashMap};

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::{
    accounts::Bond,
    clock::Instant,
    entity::{
        affiliate_flag,
        enums::{FlagKind, TraceKind},
        ids::AccountId,
    },
    policy::Review,
};

/// Why a registration may be fraud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspicion {
    /// What kind of fraud.
    pub kind: FlagKind,
    /// What says so.
    pub evidence: Evidence,
}

/// What says that a registration may be fraud. The same evidence is the same text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Evidence {
    /// With what people were seen who do not belong together.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub shared: BTreeSet<TraceKind>,
    /// Other people who connect them.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub through: BTreeSet<AccountId>,
    /// How many seconds after the click the person registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<i64>,
    /// How many people came from one network, at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_ups: Option<i64>,
    /// By which words an ad was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<String>,
}

/// People who should not belong together, and the instant by which they may have been seen together.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// The client.
    pub client: AccountId,
    /// Who brought them.
    pub affiliate: AccountId,
    /// Whom they hired, if they have.
    pub freelancer: Option<AccountId>,
    /// By when.
    pub by: Instant,
}

/// What is known of people: who was seen with the same things, and who else was brought by whom.
#[derive(Clone, Debug, Default)]
pub struct Known {
    bonds: HashMap<AccountId, Vec<Bond>>,
    /// The affiliate of each client.
    pub brought: HashMap<AccountId, AccountId>,
}

impl Known {
    /// Knows of these bonds.
    pub fn new(bonds: Vec<Bond>) -> Self {
        let mut known = Self::default();
        for bond in bonds {
            known.bonds.entry(bond.of).or_default().push(bond);
        }
        known
    }

    /// Everyone who is bound to somebody.
    pub fn others(&self) -> BTreeSet<AccountId> {
        self.bonds.values().flatten().map(|bond| bond.with).collect()
    }

    fn bonds_of(&self, account: AccountId, by: Instant) -> impl Iterator<Item = &Bond> {
        self.bonds.get(&account).into_iter().flatten().filter(move |bond| bond.since <= by)
    }
}

/// What is suspicious about who `case` is about: the client was seen with what the affiliate was seen with; or client or
/// freelancer are connected with the affiliate through one other person; or the client with another client of theirs. Each
/// takes something that the client or the freelancer shares; commissions of people who share nothing are not asked about
/// (`UNSUSPICIOUS` in the store of commissions).
pub fn connections_of(case: &Case, known: &Known) -> Vec<Suspicion> {
    let Case { client, affiliate, freelancer, by } = *case;
    let mut alike = Evidence::default();
    let mut ring = Evidence::default();
    for bond in known.bonds_of(client, by) {
        if bond.with == affiliate {
            alike.shared.insert(bond.kind);
        } else if known.brought.get(&bond.with) == Some(&affiliate) {
            ring.shared.insert(bond.kind);
            ring.through.insert(bond.with);
        }
    }
    // An affiliate who was hired is the matter of F-9.
    for person in [Some(client), freelancer].into_iter().flatten().filter(|person| *person != affiliate) {
        for (bond, next) in chains(known, (person, affiliate), by) {
            if ![Some(client), freelancer].contains(&Some(bond.with)) {
                ring.shared.extend([bond.kind, next.kind]);
                ring.through.insert(bond.with);
            }
        }
    }
    let found = [(FlagKind::SelfReferral, alike), (FlagKind::Ring, ring)];
    let found = found.into_iter().filter(|(_, evidence)| !evidence.shared.is_empty());
    found.map(|(kind, evidence)| Suspicion { kind, evidence }).collect()
}

/// The pairs of bonds that connect two people through a third.
fn chains(
    known: &Known,
    (one, other): (AccountId, AccountId),
    by: Instant,
) -> impl Iterator<Item = (&Bond, &Bond)> {
    known.bonds_of(one, by).flat_map(move |bond| {
        known.bonds_of(other, by).filter(move |next| next.with == bond.with).map(move |next| (bond, next))
    })
}

/// What is suspicious about how a person came: sooner after the click than people do, or by an ad that was found by the
/// platform's own name. A sandbox's clock stands still, and no time at all says nothing.
pub fn arrival_of(since_click: TimeDelta, ad_term: Option<&str>, policy: &Review) -> Vec<Suspicion> {
    let is_fast =
        since_click > TimeDelta::zero() && since_click < TimeDelta::seconds(policy.fast_sign_up_seconds);
    let seconds = Evidence { seconds: Some(since_click.num_seconds()), ..Evidence::default() };
    let brand = ad_term.filter(|term| policy.brand_terms.iter().any(|brand| term.contains(brand.as_str())));
    let found = [
        is_fast.then_some((FlagKind::FastSignUp, seconds)),
        brand.map(|term| {
            (FlagKind::BrandBidding, Evidence { term: Some(term.to_owned()), ..Evidence::default() })
        }),
    ];
    found.into_iter().flatten().map(|(kind, evidence)| Suspicion { kind, evidence }).collect()
}

/// Whether `flag` waited for an admin at `at`.
pub fn was_open(flag: &affiliate_flag::Model, at: Instant) -> bool {
    flag.raised_at <= at && flag.decided_at.is_none_or(|decided| decided > at)
}

#[cfg(test)]
mod tests;
