//! Values that are stored in one JSON column.

use std::collections::BTreeMap;

use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};

use super::enums::MembershipPlan;

/// Skills asked for, in the client's order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Skills(pub Vec<String>);

/// What a price in Connects was computed from (J-3), kept so that anyone can recompute it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct PriceBasis {
    /// Version of the policy whose tiers and steps applied.
    pub policy_version: i64,
    /// Value of the work in minor units; absent when it is unknown.
    pub value_cents: Option<i64>,
    /// Connects by value alone.
    pub base: i64,
    /// Proposals counted.
    pub proposal_count: i64,
    /// The demand factor, in percent.
    pub demand_percent: i64,
}

/// The milestones that an offer proposes, in order (O-1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Parts(pub Vec<Part>);

/// A milestone that an offer proposes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What is to be done.
    pub title: String,
    /// What the client pays for it, in minor units.
    pub amount_cents: i64,
}

/// What a mail says besides its fixed words: nothing that a stranger typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct MailFacts(pub BTreeMap<String, String>);

/// Plans; none where all are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Plans(pub Vec<MembershipPlan>);

/// Countries, as ISO 3166-1 codes; none where all are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Countries(pub Vec<String>);
