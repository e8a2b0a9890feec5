//! Becoming a freelancer or a client later (P-1).

use async_graphql::{Context, Object};

use crate::{
    entity::enums::Profile,
    graphql::{
        accounts::account::{Account, account_of},
        kit::{
            context::request,
            errors::payload,
            mutation::{inputs, payloads},
        },
    },
    idempotency::by_variant,
    onboarding,
};

inputs! {
    /// A profile to add to the viewer's account.
    AddProfileInput {
        /// Which.
        #[serde(serialize_with = "by_variant")]
        profile: Profile,
    }
}

payloads! {
    /// What became of a new profile.
    AddProfilePayload {
        /// The account, with the wallet of a freelancer, unless refused.
        account: Account,
    }
}

/// Changes to one's profiles.
#[derive(Default)]
pub struct ProfileMutation;

#[Object]
impl ProfileMutation {
    /// Makes the viewer a freelancer or a client, too. A freelancer gets the first cycle's Connects at once,
    /// and the welcome gift, which a person gets once for life (P-1, M-4, R-1).
    async fn add_profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which profile.")] input: AddProfileInput,
    ) -> async_graphql::Result<AddProfilePayload> {
        let request = request(ctx);
        let work = async {
            let person = request.person()?;
            let retry = (input.idempotency_key.as_deref(), input.dry_run);
            let work = request.write_once("addProfile", retry, &input, async |txn| {
                onboarding::add_profile(txn, &request.gate.keys, person, input.profile).await?;
                Ok(person.id())
            });
            work.await
        };
        Ok(match payload(request, work.await)? {
            Ok((id, replayed)) => AddProfilePayload::done(account_of(ctx, id).await?, replayed),
            Err(user_errors) => AddProfilePayload::refused(user_errors),
        })
    }
}
