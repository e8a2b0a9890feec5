//! What payouts make of commissions, in SQL.

use sea_orm::ConnectionTrait;

use crate::{
    commissions::rules::CommissionMove,
    db::{Sql, Txn},
    entity::ids::PayoutId,
    error::Result,
};

/// Payouts that one statement names.
const PAYOUTS_AT_ONCE: usize = 5_000;

/// Commissions of which all that has locked was paid by payouts that did not come back.
pub(in crate::payouts) async fn update_paid(txn: &Txn, payouts: &[PayoutId]) -> Result<()> {
    for some in payouts.chunks(PAYOUTS_AT_ONCE) {
        lock_commissions(txn, some).await?;
        let of = || Sql::list(some.iter().copied());
        let sql = Sql::new("UPDATE commission_locks SET paid_at = :now WHERE payout_id IN (")
            .bind("now", txn.now());
        txn.run(sql.push(of()).push(")")).await?;
        let sql = Sql::new("UPDATE commissions SET state = :paid WHERE state = :locked AND id IN (")
            .push("SELECT l.commission_id FROM commission_locks l WHERE l.payout_id IN (")
            .push(of())
            .push(
                ")) AND NOT EXISTS (SELECT 1 FROM commission_locks o \
                 WHERE o.commission_id = commissions.id AND o.paid_at IS NULL)",
            );
        txn.run(sql.bind("paid", CommissionMove::Pay.to()).bind("locked", CommissionMove::Lock.to())).await?;
    }
    Ok(())
}

/// Locks the commissions of these payouts, in whatever state, in the order of their ids: a task that ends the month of one
/// would not see what is written of its parts here, and neither would this see its new state.
async fn lock_commissions(txn: &Txn, payouts: &[PayoutId]) -> Result<()> {
    let sql = Sql::new(
        "SELECT c.id FROM commissions c WHERE c.id IN (SELECT l.commission_id FROM commission_locks l WHERE l.payout_id IN (",
    );
    let sql = sql.push(Sql::list(payouts.iter().copied())).push(")) ORDER BY c.id").push(txn.for_update());
    txn.query_all_raw(sql.on(txn)?).await?;
    Ok(())
}

/// What these payouts paid is due once more.
pub(in crate::payouts) async fn release_locks(txn: &Txn, payouts: &[PayoutId]) -> Result<()> {
    for some in payouts.chunks(PAYOUTS_AT_ONCE) {
        lock_commissions(txn, some).await?;
        let of = || Sql::list(some.iter().copied());
        let sql = Sql::new(
            "UPDATE commissions SET state = :locked WHERE state = :paid AND id IN (SELECT commission_id \
             FROM commission_locks WHERE payout_id IN (",
        );
        let sql = sql.push(of()).push("))").bind("locked", CommissionMove::Lock.to());
        txn.run(sql.bind("paid", CommissionMove::Pay.to())).await?;
        let sql =
            Sql::new("UPDATE commission_locks SET payout_id = NULL, paid_at = NULL WHERE payout_id IN (");
        txn.run(sql.push(of()).push(")")).await?;
    }
    Ok(())
}
