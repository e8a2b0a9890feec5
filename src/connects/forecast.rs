//! What expires when, and what a planned spend would change (L-8).

use sea_orm::ConnectionTrait;

use super::{
    rules::{self, ExpiryDay, OpenLot},
    store,
};
use crate::{clock::Instant, entity::ids::WalletId, error::Result};

/// A calendar of what expires when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// Connects that can be spent now.
    pub available: i64,
    /// Connects that the planned spend lacks.
    pub shortfall: i64,
    /// Each day on which some expire, in order.
    pub days: Vec<ExpiryDay>,
}

/// What expires when, before and after spending `planned` Connects of `wallet` now.
///
/// # Errors
/// When the database cannot be reached.
pub async fn forecast(
    db: &impl ConnectionTrait,
    wallet: WalletId,
    planned: i64,
    now: Instant,
) -> Result<Forecast> {
    let lots = store::list_live_lots(db, wallet, now).await?;
    let open: Vec<_> = lots.iter().map(OpenLot::from).collect();
    let available: i64 = open.iter().map(|lot| lot.remaining).sum();
    let spent = planned.min(available);
    let draws = rules::draws_of(&open, spent, now).unwrap_or_default();
    Ok(Forecast { available, shortfall: planned - spent, days: rules::calendar_of(&open, &draws) })
}
