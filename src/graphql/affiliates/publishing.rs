//! Publishing, revising and retiring creatives.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    affiliates::{self, Kept, NewCreative, Revision, Sent},
    entity::{enums::CreativeKind, ids::CreativeId},
    error::{Rejection, Result},
    graphql::{
        affiliates::creative::AffiliateCreative,
        kit::{
            context::request,
            ids::{IdOf, Kind},
            mutation::{Answer, Attempt, Need, Outcome, Retry, answer, mutate},
            scalars::Base64,
        },
    },
    idempotency::Key,
    input,
    viewer::Permission::KeepCreatives,
};

/// Input of `publishAffiliateCreative`.
#[derive(Debug, InputObject, Serialize)]
pub struct PublishAffiliateCreativeInput {
    /// What it is.
    kind: CreativeKind,
    /// What admins and affiliates know it by, one line of 1 to 100 characters, such as `Leaderboard, autumn`.
    name: String,
    /// What a text link says, and what is read out in place of a picture: one line of 1 to 300 characters.
    caption: String,
    /// The picture: a PNG, JPEG, GIF or WebP file of at most 150 KiB and 2,000 pixels a side; null for a text link.
    file: Option<Base64>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

impl PublishAffiliateCreativeInput {
    /// What is to be published, whose picture is kept by then.
    async fn checked(&self, ctx: &Context<'_>) -> Result<NewCreative> {
        may_keep(ctx)?;
        let (name, caption) = (name_of(&self.name)?, caption_of(&self.caption)?);
        let attempt = Attempt::from(&self.retry);
        let kept = keep(ctx, Some(self.kind), self.file.as_ref(), attempt, attempt.key(ctx, self)?).await?;
        Ok(NewCreative { kind: self.kind, name, caption, kept })
    }
}

/// Result of `publishAffiliateCreative`.
#[derive(SimpleObject)]
pub struct PublishAffiliateCreativePayload {
    /// The creative; null if the request was refused.
    affiliate_creative: Option<AffiliateCreative>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Input of `reviseAffiliateCreative`.
#[derive(Debug, InputObject, Serialize)]
pub struct ReviseAffiliateCreativeInput {
    /// The creative.
    affiliate_creative_id: IdOf<AffiliateCreative>,
    /// Another name, in the same form as before; null to keep it.
    name: Option<String>,
    /// Another caption, in the same form as before; null to keep it.
    caption: Option<String>,
    /// Another picture, in the same form as before; null to keep it.
    file: Option<Base64>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

impl ReviseAffiliateCreativeInput {
    /// What is to be revised, and how; another picture is kept by then.
    async fn checked(&self, ctx: &Context<'_>) -> Result<(CreativeId, Revision)> {
        may_keep(ctx)?;
        let id = self.affiliate_creative_id.key()?;
        let name = self.name.as_deref().map(name_of).transpose()?;
        let caption = self.caption.as_deref().map(caption_of).transpose()?;
        let attempt = Attempt::from(&self.retry);
        let kept = keep(ctx, None, self.file.as_ref(), attempt, attempt.key(ctx, self)?).await?;
        Ok((id, Revision { name, caption, kept }))
    }
}

fn name_of(typed: &str) -> Result<String, Rejection> {
    input::line("name", typed, 1, 100)
}

fn caption_of(typed: &str) -> Result<String, Rejection> {
    input::line("caption", typed, 1, 300)
}

/// Result of `reviseAffiliateCreative`.
#[derive(SimpleObject)]
pub struct ReviseAffiliateCreativePayload {
    /// The creative; null if the request was refused.
    affiliate_creative: Option<AffiliateCreative>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Input of `retireAffiliateCreative`.
#[derive(Debug, InputObject, Serialize)]
pub struct RetireAffiliateCreativeInput {
    /// The creative.
    affiliate_creative_id: IdOf<AffiliateCreative>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `retireAffiliateCreative`.
#[derive(SimpleObject)]
pub struct RetireAffiliateCreativePayload {
    /// The creative; null if the request was refused.
    affiliate_creative: Option<AffiliateCreative>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// What affiliates put on their pages.
#[derive(Default)]
pub struct CreativeMutation;

#[Object]
impl CreativeMutation {
    /// Publishes a picture or a text that affiliates put on their pages (F-2). For admins.
    async fn publish_affiliate_creative(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The creative to publish.")] input: PublishAffiliateCreativeInput,
    ) -> Answer<PublishAffiliateCreativePayload> {
        let (new, user_errors) = answer(ctx, input.checked(ctx)).await?;
        let Some(new) = new else {
            let outcome = Outcome { replayed: false, user_errors };
            return Ok(PublishAffiliateCreativePayload { affiliate_creative: None, outcome });
        };
        let done = mutate(ctx, &input, &input.retry, Need(KeepCreatives), async |txn, admin| {
            affiliates::publish_creative(txn, admin, new.clone()).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(PublishAffiliateCreativePayload {
            affiliate_creative: AffiliateCreative::visible(ctx, id).await?,
            outcome,
        })
    }

    /// Revises a creative: pages that have it show the new picture under the same address (F-2). For admins.
    async fn revise_affiliate_creative(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The creative, and what changes of it.")] input: ReviseAffiliateCreativeInput,
    ) -> Answer<ReviseAffiliateCreativePayload> {
        let (checked, user_errors) = answer(ctx, input.checked(ctx)).await?;
        let Some((id, revision)) = checked else {
            let outcome = Outcome { replayed: false, user_errors };
            return Ok(ReviseAffiliateCreativePayload { affiliate_creative: None, outcome });
        };
        let done = mutate(ctx, &input, &input.retry, Need(KeepCreatives), async |txn, admin| {
            affiliates::revise_creative(txn, admin, id, revision.clone()).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(ReviseAffiliateCreativePayload {
            affiliate_creative: AffiliateCreative::visible(ctx, id).await?,
            outcome,
        })
    }

    /// Retires a creative: pages that have its picture do not show it any more (F-2). For admins.
    async fn retire_affiliate_creative(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The creative to retire.")] input: RetireAffiliateCreativeInput,
    ) -> Answer<RetireAffiliateCreativePayload> {
        let done = mutate(ctx, &input, &input.retry, Need(KeepCreatives), async |txn, admin| {
            affiliates::retire_creative(txn, admin, input.affiliate_creative_id.key()?).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(RetireAffiliateCreativePayload {
            affiliate_creative: AffiliateCreative::visible(ctx, id).await?,
            outcome,
        })
    }
}

/// Only those who may publish shall leave anything behind.
fn may_keep(ctx: &Context<'_>) -> Result<(), Rejection> {
    Need(KeepCreatives).admit(request(ctx)).map(drop)
}

/// Keeps the file of a picture, if there is one, outside the transaction that names it.
async fn keep(
    ctx: &Context<'_>,
    kind: Option<CreativeKind>,
    file: Option<&Base64>,
    attempt: Attempt<'_>,
    key: Option<Key>,
) -> Result<Option<Kept>> {
    let (request, Some(Base64(file))) = (request(ctx), file) else { return Ok(None) };
    let sent = Sent { kind, file, key: key.as_ref(), rehearsal: attempt.dry_run };
    affiliates::keep_picture(&request.db, request.assets()?, sent).await.map(Some)
}
