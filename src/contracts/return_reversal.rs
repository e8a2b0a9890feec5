//! A cancelled job goes on as a contract: what its freelancer got back for it is reversed (T-6).

use chrono::TimeDelta;

use super::store;
use crate::{
    connects::{Change, Posting, WalletSet},
    db::Txn,
    entity::{
        contract,
        enums::{DocumentKind, HistoryKind},
    },
    error::Result,
    money::Connects,
};

/// Reverses the returns that the freelancer of a new contract got because its client had cancelled a post within the days
/// of the policy, as far as the wallet reaches; once each.
///
/// # Errors
/// When the database refuses.
pub(super) async fn reverse(txn: &Txn, contract: &contract::Model) -> Result<()> {
    let since = txn.now() - TimeDelta::days(txn.policy().contracts.return_reversal_days);
    let returns = store::list_returns(txn, contract.client_id, contract.freelancer_id, since).await?;
    let Some(first) = returns.first() else { return Ok(()) };
    let wallet = first.wallet_id;
    let mut posting = Posting::lock(txn, &WalletSet::of([wallet])).await?;
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
        }
    }
    let reversed: Vec<_> = returns.iter().map(|one| one.proposal_id).collect();
    store::note_reversed(txn, &reversed).await?;
    let mut writes = txn.writes();
    posting.write(&mut writes);
    writes.run().await
}
