//! What expires when, and what a planned spend would change (L-8).

use sea_orm::ConnectionTrait;

use super::{
    rejection,
    rules::{self, OpenLot},
    store,
};
use crate::{
    clock::Instant,
    entity::{ids::WalletId, lot},
    error::Result,
};

/// What a planned spend leaves of a lot.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// The lot as it is.
    pub lot: lot::Model,
    /// How many the planned spend would take from it.
    pub spent: i64,
    /// How many would be left, and expire unless spent before.
    pub left: i64,
}

/// What would be left of each live lot of `wallet` after spending `planned` Connects now.
///
/// # Errors
/// `INSUFFICIENT_CONNECTS` when the wallet has fewer to spend.
pub async fn forecast(
    db: &impl ConnectionTrait,
    wallet: WalletId,
    planned: i64,
    now: Instant,
) -> Result<Vec<Forecast>> {
    let lots = store::list_live_lots(db, wallet, now).await?;
    let open: Vec<_> = lots.iter().map(OpenLot::from).collect();
    let available = open.iter().map(|lot| lot.remaining).sum();
    let takings = rules::takings_of(&open, planned, now)
        .ok_or_else(|| rejection::insufficient_connects(planned, available))?;
    let spent_of = |seq| takings.iter().find(|t| t.lot_seq == seq).map_or(0, |t| t.quantity);
    let row = |lot: lot::Model| {
        let spent = spent_of(lot.seq);
        Forecast { spent, left: lot.remaining - spent, lot }
    };
    Ok(lots.into_iter().map(row).collect())
}
