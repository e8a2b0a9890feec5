//! An affiliate makes links, and retires them (F-2).

use super::{rejection, rules, store};
use crate::{
    accounts,
    db::Txn,
    entity::{
        affiliate_link,
        enums::{AffiliateState, LinkTarget},
        ids::AffiliateLinkId,
    },
    error::Result,
    viewer::Viewer,
};

/// The most links that an affiliate may have in use.
const LINKS_AT_MOST: u64 = 200;

/// A link to make; the label is checked.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// What the affiliate knows it by.
    pub label: String,
    /// Where it leads.
    pub target: LinkTarget,
    /// The path of a deep link, as it was typed.
    pub path: Option<String>,
}

/// Makes a link of `affiliate`.
///
/// # Errors
/// `NOT_AN_AFFILIATE`, `TOO_MANY_LINKS`, `INVALID_INPUT`; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn create_link(txn: &Txn, affiliate: &Viewer, new: NewLink) -> Result<AffiliateLinkId> {
    let person = accounts::acting(txn, affiliate.id()).await?;
    let found = store::lock_affiliate(txn, person.id()).await?;
    if found.is_none_or(|row| row.state != AffiliateState::Approved) {
        return Err(rejection::not_an_affiliate().into());
    }
    if store::count_links_in_use(txn, person.id()).await? >= LINKS_AT_MOST {
        return Err(rejection::too_many_links(LINKS_AT_MOST).into());
    }
    let path = rules::path_of(new.target, new.path.as_deref())?;
    let id = AffiliateLinkId::new();
    let row = affiliate_link::Model {
        id,
        code: rules::code_of(id),
        affiliate_id: person.id(),
        label: new.label,
        target: new.target,
        path,
        created_at: txn.now(),
        retired_at: None,
    };
    store::insert_link(txn, row).await?;
    Ok(id)
}

/// Retires a link of `affiliate`: it still leads where it did, and its clicks do not count any more. A second time changes
/// nothing.
///
/// # Errors
/// `NOT_FOUND`; `ACCOUNT_CLOSED`.
pub async fn retire_link(txn: &Txn, affiliate: &Viewer, id: AffiliateLinkId) -> Result<AffiliateLinkId> {
    let person = accounts::acting_even_suspended(txn, affiliate.id()).await?;
    if store::find_link_of(txn, person.id(), id).await?.is_none() {
        return Err(rejection::no_such_link().into());
    }
    store::retire_link(txn, id).await?;
    Ok(id)
}
