//! Which code a person means. A wrong one counts as a guess, and guesses are limited (B-5).

use super::{rejection, rules, store};
use crate::{
    accounts::{self, Gate, Origin},
    db::Database,
    entity::{enums::AttemptKind, ids::PromoCodeId},
    error::Result,
    viewer::Viewer,
};

/// The code that `person` typed. Before anybody looks, the attempt is counted on their account, so that it counts however
/// requests are combined; it is taken back if there is such a code, so that those who know one can use it as often as they
/// like. On their network, which they may share with many others, only wrong codes count.
///
/// # Errors
/// `PROMO_CODE_UNKNOWN`; `THROTTLED` after too many of those.
pub async fn find(
    db: &Database,
    gate: &Gate,
    (person, origin): (&Viewer, Origin),
    typed: &str,
) -> Result<PromoCodeId> {
    let (account, network) = (person.id().to_string(), origin.network());
    let throttled = rejection::too_many_tries;
    let (by, from) =
        ((AttemptKind::PromoCode, account.as_str()), (AttemptKind::PromoCodeFrom, network.as_str()));
    // First, so that a network that is limited learns nothing more.
    accounts::must_be_allowed(db, gate, from).await.map_err(throttled)?;
    accounts::try_one_more(db, gate, &[by]).await.map_err(throttled)?;
    let Some(found) = look_up(db, typed).await? else {
        accounts::try_one_more(db, gate, &[from]).await.map_err(throttled)?;
        return Err(rejection::unknown().into());
    };
    accounts::take_back_try(db, gate, &[by]).await?;
    Ok(found)
}

async fn look_up(db: &Database, typed: &str) -> Result<Option<PromoCodeId>> {
    let Some(code) = rules::normalised(typed) else { return Ok(None) };
    store::find_id(db.read(), &code, db.now().await?).await
}
