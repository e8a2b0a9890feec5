//! Which code a person means. A wrong one counts as a guess, and guesses are limited (B-5).

use super::{rejection, rules, store};
use crate::{
    accounts::{self, Gate, Origin},
    db::Database,
    entity::{enums::AttemptKind, ids::PromoCodeId},
    error::Result,
    viewer::Viewer,
};

/// The code that `person` typed. Before anybody looks, the attempt is counted, so that it counts however requests are
/// combined; it is taken back if there is such a code, so that those who know one can use it as often as they like.
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
    let tries = [(AttemptKind::PromoCode, account.as_str()), (AttemptKind::PromoCodeFrom, network.as_str())];
    accounts::try_one_more(db, gate, &tries).await.map_err(rejection::too_many_tries)?;
    let code = rules::normalised(typed).ok_or_else(rejection::unknown)?;
    let found = store::find_id(db.read(), &code, db.now().await?).await?.ok_or_else(rejection::unknown)?;
    accounts::take_back_try(db, gate, &tries).await?;
    Ok(found)
}
