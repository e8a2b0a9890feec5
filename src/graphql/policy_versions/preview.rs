//! What a version of the policy would change, and for whom.

use async_graphql::SimpleObject;

use crate::{
    books,
    graphql::{kit::scalars::int, policy_versions::policy_version::PolicyChange},
    policy::Policy,
    policy_versions::rules,
};

/// What a version of the policy would change, and for whom.
#[derive(SimpleObject)]
pub struct PolicyPreview {
    /// The values that would change, by path; none if the document says what is in force.
    changes: Vec<PolicyChange>,
    /// Whom that would reach, at most one for each part of the document. What is not named here changes only what begins later.
    reached: Vec<PolicyReach>,
    /// The numbers of the versions that were to take effect later, and then never would.
    replaced: Vec<i32>,
}

/// A published card of PLUS (M-1).
#[derive(SimpleObject)]
pub struct PolicyPreset {
    /// Its name, such as `plus-80`.
    name: String,
    /// What it gives, as a sentence.
    sentence: String,
    /// The whole document, in TOML.
    document: String,
}

impl PolicyPreset {
    /// The card as a change of `policy`.
    pub fn of(preset: rules::Preset, policy: &Policy) -> Self {
        let document = rules::written(&preset.of(policy));
        Self { name: preset.name.to_owned(), sentence: preset.sentence.to_owned(), document }
    }
}

/// People or things that a change of a part of the policy would reach.
#[derive(SimpleObject)]
pub struct PolicyReach {
    /// The part of the document, such as `plans.PLUS`.
    part: String,
    /// Who they are, and when it reaches them, such as "people who have closed their accounts, at once".
    who: String,
    /// How many they are now.
    count: i32,
}

impl From<books::PolicyPreview> for PolicyPreview {
    fn from(preview: books::PolicyPreview) -> Self {
        let reach = |one: books::Reached| PolicyReach {
            part: one.part.to_owned(),
            who: one.who.to_owned(),
            count: int(one.count),
        };
        Self {
            changes: preview.changes.into_iter().map(Into::into).collect(),
            reached: preview.reached.into_iter().map(reach).collect(),
            replaced: preview.replaced.into_iter().map(int).collect(),
        }
    }
}
