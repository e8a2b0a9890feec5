//! Loaders: what many rows of a page need is read in one statement, for this request only.

use std::{collections::HashMap, sync::Arc, time::Duration};

use async_graphql::{
    dataloader::{DataLoader, Loader},
    runtime::{TokioSpawner, TokioTimer},
};
use async_trait::async_trait;
use sea_orm::{ColumnTrait, QueryFilter};

use super::proposal::Received;
use crate::{
    accounts,
    clock::Instant,
    connects::{self, Balance},
    db::Database,
    entity::{
        account, entry,
        enums::Role,
        ids::{AccountId, JobPostId, ProposalId, WalletId},
        job_post, lot, membership, movement, plan_period, proposal, removal, restriction, wallet,
    },
    error::Error,
    job_posts::{self, store::ClientHistory},
    memberships, proposals,
    viewer::Viewer,
};

/// Keys of one statement at most.
const KEYS_AT_ONCE: usize = 200;

/// The loaders of a request.
pub type Loaders = DataLoader<Batch>;

/// Reads by many keys at once, as the request's viewer, at the request's time.
pub struct Batch {
    db: Database,
    now: Instant,
    viewer: Option<Viewer>,
}

impl Batch {
    /// The loaders of a request by `viewer` at `now`.
    pub fn loaders(db: &Database, now: Instant, viewer: Option<Viewer>) -> Loaders {
        let batch = Self { db: db.clone(), now, viewer };
        // Everything that is asked for before the request waits is one batch: no time to be waited.
        DataLoader::new(batch, TokioSpawner::current(), TokioTimer::default())
            .delay(Duration::ZERO)
            .max_batch_size(KEYS_AT_ONCE)
    }
}

/// An entry: what it moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MovedBy(pub WalletId, pub i64);

/// A lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LotOf(pub WalletId, pub i64);

/// An entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EntryOf(pub WalletId, pub i64);

/// A lot: what moved in or out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MovesOf(pub WalletId, pub i64);

/// A wallet: its membership and plans.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MembershipOf(pub WalletId);

/// An account: its wallet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WalletOf(pub AccountId);

/// An account: why it cannot spend now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RestrictionsOf(pub AccountId);

/// An account: its roles besides that of an admin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RolesOf(pub AccountId);

/// A job post: the viewer's own proposal to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MineTo(pub JobPostId);

/// A client: what he has done so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HistoryOf(pub AccountId);

/// A job post that the viewer may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VisiblePost(pub JobPostId);

/// A job post: why it was taken down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RemovalOf(pub JobPostId);

/// A proposal: how many of its Connects have come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReturnedOf(pub ProposalId);

/// The first proposals to a post, or the last: what its client wants to see, how many, and whether from the
/// end.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReceivedBy(pub Received, pub (u64, bool));

type Loaded<K, V> = Result<HashMap<K, V>, Arc<Error>>;

#[async_trait]
impl Loader<WalletId> for Batch {
    type Value = Balance;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[WalletId]) -> Loaded<WalletId, Balance> {
        let rows = connects::balance::balances(self.db.read(), keys, self.now).await?;
        Ok(rows.into_iter().map(|balance| (balance.wallet_id, balance)).collect())
    }
}

#[async_trait]
impl Loader<MovedBy> for Batch {
    type Value = Vec<movement::Model>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[MovedBy]) -> Loaded<MovedBy, Vec<movement::Model>> {
        let keys: Vec<_> = keys.iter().map(|key| (key.0, key.1)).collect();
        let mut moved: HashMap<_, Vec<_>> = HashMap::new();
        for row in connects::store::list_moved(self.db.read(), &keys).await? {
            moved.entry(MovedBy(row.wallet_id, row.entry_seq)).or_default().push(row);
        }
        Ok(moved)
    }
}

#[async_trait]
impl Loader<LotOf> for Batch {
    type Value = lot::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[LotOf]) -> Loaded<LotOf, lot::Model> {
        let keys: Vec<_> = keys.iter().map(|key| (key.0, key.1)).collect();
        let rows = connects::store::list_lots_by_key(self.db.read(), &keys).await?;
        Ok(rows.into_iter().map(|lot| (LotOf(lot.wallet_id, lot.seq), lot)).collect())
    }
}

#[async_trait]
impl Loader<EntryOf> for Batch {
    type Value = entry::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[EntryOf]) -> Loaded<EntryOf, entry::Model> {
        let keys: Vec<_> = keys.iter().map(|key| (key.0, key.1)).collect();
        let rows = connects::store::list_entries_by_key(self.db.read(), &keys).await?;
        Ok(rows.into_iter().map(|entry| (EntryOf(entry.wallet_id, entry.seq), entry)).collect())
    }
}

#[async_trait]
impl Loader<MovesOf> for Batch {
    type Value = Vec<movement::Model>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[MovesOf]) -> Loaded<MovesOf, Vec<movement::Model>> {
        let keys: Vec<_> = keys.iter().map(|key| (key.0, key.1)).collect();
        let mut moves: HashMap<_, Vec<_>> = HashMap::new();
        for row in connects::store::list_moves_of(self.db.read(), &keys).await? {
            moves.entry(MovesOf(row.wallet_id, row.lot_seq)).or_default().push(row);
        }
        Ok(moves)
    }
}

#[async_trait]
impl Loader<MembershipOf> for Batch {
    type Value = (membership::Model, Vec<plan_period::Model>);
    type Error = Arc<Error>;

    async fn load(&self, keys: &[MembershipOf]) -> Loaded<MembershipOf, Self::Value> {
        let wallets: Vec<_> = keys.iter().map(|key| key.0).collect();
        let mut periods: HashMap<_, Vec<_>> = HashMap::new();
        for period in memberships::store::list_plan_periods(self.db.read(), &wallets, self.now).await? {
            periods.entry(period.wallet_id).or_default().push(period);
        }
        let rows = memberships::store::list_memberships(self.db.read(), &wallets).await?;
        let with_periods = |row: membership::Model| {
            let periods = periods.remove(&row.wallet_id).unwrap_or_default();
            (MembershipOf(row.wallet_id), (row, periods))
        };
        Ok(rows.into_iter().map(with_periods).collect())
    }
}

#[async_trait]
impl Loader<WalletOf> for Batch {
    type Value = wallet::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[WalletOf]) -> Loaded<WalletOf, wallet::Model> {
        let accounts: Vec<_> = keys.iter().map(|key| key.0).collect();
        let rows = connects::store::list_wallets_of(self.db.read(), &accounts).await?;
        Ok(rows.into_iter().map(|wallet| (WalletOf(wallet.account_id), wallet)).collect())
    }
}

#[async_trait]
impl Loader<RestrictionsOf> for Batch {
    type Value = Vec<restriction::Model>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[RestrictionsOf]) -> Loaded<RestrictionsOf, Vec<restriction::Model>> {
        let accounts: Vec<_> = keys.iter().map(|key| key.0).collect();
        let rows = accounts::store::list_restrictions(self.db.read(), &accounts, self.now).await?;
        let mut restrictions: HashMap<_, Vec<_>> = HashMap::new();
        for row in rows {
            restrictions.entry(RestrictionsOf(row.account_id)).or_default().push(row);
        }
        Ok(restrictions)
    }
}

#[async_trait]
impl Loader<RolesOf> for Batch {
    type Value = Vec<Role>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[RolesOf]) -> Loaded<RolesOf, Vec<Role>> {
        let accounts: Vec<_> = keys.iter().map(|key| key.0).collect();
        let mut roles: HashMap<_, Vec<_>> = HashMap::new();
        for row in accounts::store::list_roles(self.db.read(), &accounts).await? {
            roles.entry(RolesOf(row.account_id)).or_default().push(row.role);
        }
        Ok(roles)
    }
}

#[async_trait]
impl Loader<AccountId> for Batch {
    type Value = account::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[AccountId]) -> Loaded<AccountId, account::Model> {
        let rows = accounts::store::list_accounts(self.db.read(), keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }
}

#[async_trait]
impl Loader<JobPostId> for Batch {
    type Value = job_post::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[JobPostId]) -> Loaded<JobPostId, job_post::Model> {
        let rows = job_posts::store::list_posts(self.db.read(), keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }
}

#[async_trait]
impl Loader<MineTo> for Batch {
    type Value = proposal::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[MineTo]) -> Loaded<MineTo, proposal::Model> {
        let Some(viewer) = &self.viewer else { return Ok(HashMap::new()) };
        let posts = keys.iter().map(|key| key.0);
        let mine = proposals::store::visible_to(viewer, self.now)
            .filter(proposal::Column::FreelancerId.eq(viewer.id()))
            .filter(proposal::Column::JobPostId.is_in(posts));
        let rows = mine.all(self.db.read()).await.map_err(Error::from)?;
        Ok(rows.into_iter().map(|row| (MineTo(row.job_post_id), row)).collect())
    }
}

#[async_trait]
impl Loader<HistoryOf> for Batch {
    type Value = ClientHistory;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[HistoryOf]) -> Loaded<HistoryOf, ClientHistory> {
        let clients: Vec<_> = keys.iter().map(|key| key.0).collect();
        let rows = job_posts::store::list_client_histories(self.db.read(), &clients, self.now).await?;
        Ok(rows.into_iter().map(|row| (HistoryOf(row.client_id), row)).collect())
    }
}

#[async_trait]
impl Loader<VisiblePost> for Batch {
    type Value = job_post::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[VisiblePost]) -> Loaded<VisiblePost, job_post::Model> {
        let posts = keys.iter().map(|key| key.0);
        let visible = job_posts::store::visible_to(self.viewer.as_ref(), self.now);
        let rows = visible.filter(job_post::Column::Id.is_in(posts)).all(self.db.read()).await;
        Ok(rows.map_err(Error::from)?.into_iter().map(|row| (VisiblePost(row.id), row)).collect())
    }
}

#[async_trait]
impl Loader<RemovalOf> for Batch {
    type Value = removal::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[RemovalOf]) -> Loaded<RemovalOf, removal::Model> {
        let posts: Vec<_> = keys.iter().map(|key| key.0).collect();
        let rows = job_posts::store::list_removals(self.db.read(), &posts).await?;
        Ok(rows.into_iter().map(|row| (RemovalOf(row.job_post_id), row)).collect())
    }
}

#[async_trait]
impl Loader<ReturnedOf> for Batch {
    type Value = i64;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[ReturnedOf]) -> Loaded<ReturnedOf, i64> {
        let proposals: Vec<_> = keys.iter().map(|key| key.0).collect();
        let rows = proposals::store::list_returned(self.db.read(), &proposals).await?;
        Ok(rows.into_iter().map(|(id, returned)| (ReturnedOf(id), returned)).collect())
    }
}

#[async_trait]
impl Loader<ReceivedBy> for Batch {
    type Value = Vec<proposal::Model>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[ReceivedBy]) -> Loaded<ReceivedBy, Vec<proposal::Model>> {
        let Some(viewer) = &self.viewer else { return Ok(HashMap::new()) };
        // What differs in more than the post was asked for by another field.
        let mut asked: HashMap<ReceivedBy, Vec<&ReceivedBy>> = HashMap::new();
        for key in keys {
            let alike = Received { post: keys[0].0.post, ..key.0.clone() };
            asked.entry(ReceivedBy(alike, key.1)).or_default().push(key);
        }
        let mut loaded: HashMap<_, Vec<_>> = HashMap::new();
        for (ReceivedBy(alike, (limit, backwards)), keys) in asked {
            let posts = keys.iter().map(|key| key.0.post);
            let rows = proposals::store::visible_to(viewer, self.now)
                .filter(alike.condition(self.now))
                .filter(proposal::Column::JobPostId.is_in(posts));
            for row in proposals::store::list_first_of_each(self.db.read(), rows, limit, backwards).await? {
                let key = ReceivedBy(Received { post: row.job_post_id, ..alike.clone() }, (limit, backwards));
                loaded.entry(key).or_default().push(row);
            }
        }
        Ok(loaded)
    }
}
