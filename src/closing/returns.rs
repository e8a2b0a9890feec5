//! The end of a post that gives Connects back (T-1).

use crate::{
    connects::{Book, Change},
    db::Txn,
    entity::{
        enums::{DocumentKind, EntryKind, JobPostState, NotificationKind},
        ids::AccountId,
        job_post, proposal,
    },
    error::Result,
    job_posts, outbox,
    outbox::Told,
    proposals,
};

/// Wallets that are locked and written as one set.
const WALLETS_AT_ONCE: usize = 500;

/// How a post ends.
pub(super) struct End<'a> {
    /// Where it then stands.
    pub state: JobPostState,
    /// What the returns are called.
    pub returns: EntryKind,
    /// Why, in the words of who ends it.
    pub reason: Option<&'a str>,
    /// Who ends it.
    pub actor: AccountId,
}

/// Ends a locked post: what is out of its proposals' Connects comes back, live proposals are archived,
/// and every freelancer is told once: of what came back, or else of the end.
pub(super) async fn end(txn: &Txn, post: &job_post::Model, how: &End<'_>) -> Result<()> {
    job_posts::store::update_ended(txn, post.id, how.state, txn.now(), how.reason).await?;
    let paid = proposals::store::list_paid(txn, post.id).await?;
    for chunk in paid.chunks(WALLETS_AT_ONCE) {
        let told = give_back(txn, post, how, chunk).await?;
        outbox::tell_each(txn, told).await?;
    }
    proposals::store::archive(txn, &[post.id]).await?;
    Ok(())
}

/// Gives back what is out of `paid`, which are in the order of their wallets.
async fn give_back(
    txn: &Txn,
    post: &job_post::Model,
    how: &End<'_>,
    paid: &[proposal::Model],
) -> Result<Vec<Told>> {
    let wallets: Vec<_> = paid.iter().map(|proposal| proposal.wallet_id).collect();
    let mut book = Book::lock(txn, &wallets).await?;
    let charges: Vec<_> =
        paid.iter().filter_map(|proposal| Some((proposal.wallet_id, proposal.entry_seq?))).collect();
    book.load_taken(txn, &charges).await?;
    let mut told = Vec::new();
    for (proposal, (wallet, charge)) in paid.iter().zip(charges) {
        // An interview's refund has come back before (T-3).
        let quantity = book.outstanding(wallet, charge)?;
        if quantity > 0 {
            book.refund(wallet, charge, quantity, change(post, how, proposal))?;
            told.push(notice(txn, post, proposal, quantity));
        }
    }
    book.write(txn).await?;
    Ok(told)
}

fn change(post: &job_post::Model, how: &End<'_>, proposal: &proposal::Model) -> Change {
    Change {
        kind: how.returns,
        business_key: format!("RETURNED/{}", post.business_key),
        document: (DocumentKind::Proposal, proposal.id.to_string()),
        actor: Some(how.actor),
    }
}

fn notice(txn: &Txn, post: &job_post::Model, proposal: &proposal::Model, quantity: i64) -> Told {
    Told {
        account: proposal.freelancer_id,
        kind: NotificationKind::ConnectsReturned,
        key: format!("RETURNED/{}", post.business_key),
        job_post: Some(post.id),
        subject: Some(post.title.clone()),
        quantity: Some(quantity),
        about_at: txn.now(),
    }
}
