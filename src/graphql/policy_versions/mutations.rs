//! Changing the policy.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    graphql::{
        kit::{
            ids::Kind,
            mutation::{Answer, Need, Outcome, RequiredKey, mutate},
            scalars::DateTime,
        },
        policy_versions::policy_version::PolicyVersion,
    },
    policy_versions::{self, Applying},
    viewer::Permission::ChangePolicy,
};

/// Input of `applyPolicy`.
#[derive(Debug, InputObject, Serialize)]
pub struct ApplyPolicyInput {
    /// The whole document, in TOML, such as `PolicyVersion.document` with changes.
    document: String,
    /// The number of the last version that was written. If there is another one by now, nothing is written.
    expected_version: i32,
    /// When it takes effect, within two years; as soon as possible if nothing is said: at once in a sandbox, otherwise a minute
    /// later.
    effective_from: Option<DateTime>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: RequiredKey,
}

/// Result of `applyPolicy`.
#[derive(SimpleObject)]
pub struct ApplyPolicyPayload {
    /// The version; null if the request was refused.
    policy_version: Option<PolicyVersion>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Changing the policy.
#[derive(Default)]
pub struct PolicyMutation;

#[Object]
impl PolicyMutation {
    /// Writes a new version of the policy, which every process follows without a restart. What happened before keeps the
    /// version of its time; versions that were to take effect later never will. A dry run shows what would change. For admins.
    async fn apply_policy(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The document, and from when on it is in force.")] input: ApplyPolicyInput,
    ) -> Answer<ApplyPolicyPayload> {
        let done = mutate(ctx, &input, &input.retry, Need(ChangePolicy), async |txn, admin| {
            let applying = Applying {
                document: &input.document,
                expected_version: input.expected_version.into(),
                effective_from: input.effective_from.map(|at| at.0),
            };
            Ok(policy_versions::apply(txn, Some(admin.id()), applying).await?.version)
        });
        let (version, outcome) = done.boxed().await?;
        Ok(ApplyPolicyPayload { policy_version: PolicyVersion::visible(ctx, version).await?, outcome })
    }
}
