//! The digest of the whole ledger in business terms: equal histories have equal digests, on any
//! database, whatever ids and recording times they got.

use sea_orm::ConnectionTrait;
use sha2::{Digest, Sha256};

use super::store::{
    list_cash_lines, list_cash_owners, list_cash_totals, list_clients, list_contract_lines, list_hirers,
    list_lines, list_owners, list_payees, list_payout_lines,
};
use crate::error::Result;

/// Wallets, or cash accounts, read at once.
const ACCOUNTS_AT_ONCE: usize = 200;

/// SHA-256, in hex, over every entry, every lot and every posting of a person's cash, by number and by the owner's e-mail
/// address, or the pseudonym that replaced it, over what the other cash accounts hold, and over how contracts and their
/// milestones, commissions and payouts stand. Run it on a snapshot.
///
/// # Errors
/// When the database cannot be reached.
pub async fn digest(db: &impl ConnectionTrait) -> Result<String> {
    let mut owners = list_owners(db).await?;
    owners.sort();
    let clients = list_clients(db).await?;
    let mut hasher = Sha256::new();
    for chunk in owners.chunks(ACCOUNTS_AT_ONCE) {
        let lines = list_lines(db, chunk, &clients).await?;
        for (email, wallet) in chunk {
            hasher.update(format!("{email}\n"));
            for (_, line) in lines.get(wallet).into_iter().flatten() {
                hasher.update(line);
            }
        }
    }
    hash_cash(db, &mut hasher).await?;
    hash_contracts(db, &mut hasher).await?;
    hash_payouts(db, &mut hasher).await?;
    Ok(hex::encode(hasher.finalize()))
}

/// Where no money has moved, nothing is added.
async fn hash_cash(db: &impl ConnectionTrait, hasher: &mut Sha256) -> Result<()> {
    let mut owners = list_cash_owners(db).await?;
    owners.sort();
    for chunk in owners.chunks(ACCOUNTS_AT_ONCE) {
        let lines = list_cash_lines(db, chunk).await?;
        for ((email, kind), account) in chunk {
            hasher.update(format!("{email} {kind}\n"));
            for (_, line) in lines.range((*account, 0)..=(*account, i64::MAX)) {
                hasher.update(line);
            }
        }
    }
    let mut totals = list_cash_totals(db).await?;
    totals.sort();
    for (kind, total) in totals {
        hasher.update(format!("total {kind} {total}\n"));
    }
    Ok(())
}

/// Where nobody was hired, nothing is added.
async fn hash_contracts(db: &impl ConnectionTrait, hasher: &mut Sha256) -> Result<()> {
    let mut clients = list_hirers(db).await?;
    clients.sort();
    for chunk in clients.chunks(ACCOUNTS_AT_ONCE) {
        let lines = list_contract_lines(db, chunk).await?;
        for (email, client) in chunk {
            hasher.update(format!("client {email}\n"));
            for line in lines.get(client).into_iter().flatten() {
                hasher.update(line);
            }
        }
    }
    Ok(())
}

/// Where nobody was brought or paid, nothing is added.
async fn hash_payouts(db: &impl ConnectionTrait, hasher: &mut Sha256) -> Result<()> {
    let mut payees = list_payees(db).await?;
    payees.sort();
    for chunk in payees.chunks(ACCOUNTS_AT_ONCE) {
        let lines = list_payout_lines(db, chunk).await?;
        for (email, payee) in chunk {
            hasher.update(format!("payee {email}\n"));
            for line in lines.get(payee).into_iter().flatten() {
                hasher.update(line);
            }
        }
    }
    Ok(())
}
