//! A cancelled job goes on as a contract: what its freelancer got back for it is reversed (T-6).

use chrono::TimeDelta;

use super::{notifications::reversed, store};
use crate::{
    connects::{Change, Posting, WalletSet},
    db::Txn,
    entity::{
        contract,
        enums::{DocumentKind, HistoryKind},
    },
    error::Result,
    money::Connects,
    notifications::insert_notifications,
};

/// Reverses the returns that the freelancer of a new contract got because its client had cancelled a post before it, within
/// the days of the policy, as far as the wallet reaches; once each.
///
/// # Errors
/// When the database refuses.
pub(super) async fn reverse(txn: &Txn, contract: &contract::Model) -> Result<()> {
    let since = contract.started_at - TimeDelta::days(txn.policy().contracts.return_reversal_days);
    let list = async || store::list_returns(txn, contract, since).await;
    let Some(wallet) = list().await?.first().map(|first| first.wallet_id) else { return Ok(()) };
    let mut posting = Posting::lock(txn, &WalletSet::of([wallet])).await?;
    // Read again: before the wallet was locked, another contract may have reversed it.
    let returns = list().await?;
    if returns.is_empty() {
        return Ok(());
    }
    let mut told = Vec::new();
    for one in &returns {
        let quantity = Connects(one.quantity.min(posting.available(wallet)?.0));
        if quantity > Connects(0) {
            let change = Change {
                kind: HistoryKind::ReturnReversed,
                business_key: format!("{}/{}", HistoryKind::ReturnReversed, one.business_key),
                document: (DocumentKind::Proposal, one.proposal_id.to_string()),
                actor: Some(contract.client_id),
            };
            posting.spend(wallet, quantity, change)?;
            told.push(reversed(contract, one.proposal_id, quantity, txn.now()));
        }
    }
    let done: Vec<_> = returns.iter().map(|one| one.proposal_id).collect();
    store::note_reversed(txn, &done).await?;
    let mut writes = txn.writes();
    posting.write(&mut writes);
    insert_notifications(&mut writes, &told);
    writes.run().await
}
