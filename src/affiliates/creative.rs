//! An admin publishes, revises and retires what affiliates put on their pages (F-2).

use super::{
    rejection,
    rules::artwork::{self, Picture},
    store,
};
use crate::{
    audit::{self, Record},
    db::{Database, Txn},
    entity::{
        creative,
        enums::{AuditAction, CreativeKind},
        ids::CreativeId,
    },
    error::Result,
    idempotency::{self, Key},
    providers::assets::{Assets, digest_of},
    viewer::Viewer,
};

/// A picture whose file is kept.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The digest under which it is kept.
    pub digest: String,
    /// What it is.
    pub picture: Picture,
}

/// A creative to publish; its texts are checked.
#[derive(Clone, Debug)]
pub struct NewCreative {
    /// What it is.
    pub kind: CreativeKind,
    /// What admins and affiliates know it by.
    pub name: String,
    /// What a text link says, and what is read in place of a picture.
    pub caption: String,
    /// The picture, unless it is a text link.
    pub kept: Option<Kept>,
}

/// What changes of a creative; its texts are checked.
#[derive(Clone, Debug)]
pub struct Revision {
    /// Another name.
    pub name: Option<String>,
    /// Another caption.
    pub caption: Option<String>,
    /// Another picture.
    pub kept: Option<Kept>,
}

/// A file that was sent.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'a> {
    /// The kind of creative that it is for; absent for one that exists.
    pub kind: Option<CreativeKind>,
    /// Its bytes.
    pub file: &'a [u8],
    /// The idempotency key, if there is one.
    pub key: Option<&'a Key>,
    /// Whether nothing is kept.
    pub rehearsal: bool,
}

/// Keeps the picture that was sent, before anything is written that names it. If nothing comes to name it, it lies there and
/// nobody sees it; sent again, it is the same one. Nothing is kept in a rehearsal, or if the key was used.
///
/// # Errors
/// `INVALID_INPUT` when it is no picture or is sent for a text link, `ASSETS_UNAVAILABLE`.
pub async fn keep_picture(db: &Database, assets: &Assets, sent: Sent<'_>) -> Result<Kept> {
    sent.kind.map_or(Ok(()), |kind| artwork::fits(kind, true))?;
    let kept = Kept { digest: digest_of(sent.file), picture: artwork::picture_of(sent.file)? };
    let is_done = sent.rehearsal || db.write(async |txn| idempotency::is_used(txn, sent.key).await).await?;
    if !is_done && let Err(error) = assets.keep(sent.file.to_vec()).await {
        tracing::error!(%error, "a picture is not kept");
        return Err(rejection::assets_unavailable().into());
    }
    Ok(kept)
}

/// Publishes a creative.
///
/// # Errors
/// `INVALID_INPUT` when a picture is missing, or a text link has one.
pub async fn publish_creative(txn: &Txn, admin: &Viewer, new: NewCreative) -> Result<CreativeId> {
    artwork::fits(new.kind, new.kept.is_some())?;
    let picture = new.kept.as_ref().map(|kept| kept.picture);
    let row = creative::Model {
        id: CreativeId::new(),
        kind: new.kind,
        name: new.name,
        caption: new.caption,
        digest: new.kept.map(|kept| kept.digest),
        format: picture.map(|picture| picture.format),
        width: picture.map(|picture| picture.width),
        height: picture.map(|picture| picture.height),
        published_at: txn.now(),
        published_by: admin.id(),
        revised_at: None,
        retired_at: None,
    };
    let id = row.id;
    record(txn, admin, AuditAction::CreativePublished, &row).await?;
    store::insert_creative(txn, row).await?;
    Ok(id)
}

/// Revises a creative, which is shown at the same address as before: pages that have it show the new one.
///
/// # Errors
/// `NOT_FOUND` also when it is retired; `INVALID_INPUT` when a text link is given a picture.
pub async fn revise_creative(
    txn: &Txn,
    admin: &Viewer,
    id: CreativeId,
    revision: Revision,
) -> Result<CreativeId> {
    let row = store::lock_creative(txn, id).await?.filter(|row| row.retired_at.is_none());
    let row = row.ok_or_else(rejection::no_such_creative)?;
    artwork::fits(row.kind, row.digest.is_some() || revision.kept.is_some())?;
    let mut revised = creative::Model {
        name: revision.name.unwrap_or(row.name),
        caption: revision.caption.unwrap_or(row.caption),
        revised_at: Some(txn.now().max(row.published_at)),
        ..row
    };
    if let Some(Kept { digest, picture }) = revision.kept {
        revised.digest = Some(digest);
        (revised.format, revised.width, revised.height) =
            (Some(picture.format), Some(picture.width), Some(picture.height));
    }
    record(txn, admin, AuditAction::CreativeRevised, &revised).await?;
    store::update_creative(txn, revised).await?;
    Ok(id)
}

/// Retires a creative: pages that have its picture do not show it any more. A second time changes nothing.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn retire_creative(txn: &Txn, admin: &Viewer, id: CreativeId) -> Result<CreativeId> {
    let row = store::lock_creative(txn, id).await?.ok_or_else(rejection::no_such_creative)?;
    if row.retired_at.is_none() {
        let retired = creative::Model { retired_at: Some(txn.now().max(row.published_at)), ..row };
        record(txn, admin, AuditAction::CreativeRetired, &retired).await?;
        store::update_creative(txn, retired).await?;
    }
    Ok(id)
}

async fn record(txn: &Txn, admin: &Viewer, action: AuditAction, row: &creative::Model) -> Result<()> {
    let facts = serde_json::json!({
        "creative": row.id, "kind": row.kind, "name": row.name, "caption": row.caption, "digest": row.digest,
    });
    audit::record(txn, Record::new(action, Some(admin.id())).with(facts)).await
}
