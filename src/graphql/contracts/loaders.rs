//! The batched reads of this slice's objects.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use async_trait::async_trait;

use crate::{
    contracts::store::{self, ClientHires},
    entity::{
        contract, dispute,
        enums::PaymentPurpose,
        ids::{AccountId, ContractId, JobPostId, MilestoneId, OfferId, ProposalId},
        milestone, offer, refund,
    },
    error::Error,
    graphql::kit::loader::{Batch, Loaded, many, one},
    payments,
};

/// Loads the contract that came of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ContractOf(pub OfferId);

/// Loads the last offer to a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OfferTo(pub ProposalId);

/// Loads the milestones of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MilestonesOf(pub ContractId);

/// Loads what is in escrow for a freelancer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PendingOf(pub AccountId);

/// Loads the refunds of a milestone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RefundsFor(pub MilestoneId);

/// Loads the last dispute over a milestone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DisputeOver(pub MilestoneId);

/// Loads which milestone a document of the cash journal is about: itself, a payment, a refund or a charge-back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MilestoneBehind(pub uuid::Uuid);

/// Loads what a client has hired and paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HiresBy(pub AccountId);

/// Loads what clients have paid to a freelancer, in cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EarnedBy(pub AccountId);

/// Loads how often returns were reversed because a client hired the freelancer after all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReversalsBy(pub AccountId);

/// Loads how many people were hired for a job post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HiresFor(pub JobPostId);

#[async_trait]
impl Loader<ContractId> for Batch {
    type Value = contract::Model;
    type Error = Arc<Error>;

    async fn load(&self, ids: &[ContractId]) -> Loaded<ContractId, Self::Value> {
        let Some(viewer) = &self.viewer else { return Ok(HashMap::new()) };
        one(store::list_visible(self.db.read(), viewer, ids).await?, |row| row.id)
    }
}

#[async_trait]
impl Loader<OfferId> for Batch {
    type Value = offer::Model;
    type Error = Arc<Error>;

    async fn load(&self, ids: &[OfferId]) -> Loaded<OfferId, Self::Value> {
        let Some(viewer) = &self.viewer else { return Ok(HashMap::new()) };
        one(store::list_visible_offers(self.db.read(), viewer, ids).await?, |row| row.id)
    }
}

#[async_trait]
impl Loader<ContractOf> for Batch {
    type Value = contract::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[ContractOf]) -> Loaded<ContractOf, Self::Value> {
        let Some(viewer) = &self.viewer else { return Ok(HashMap::new()) };
        let offers: Vec<_> = keys.iter().map(|key| key.0).collect();
        one(store::list_of_offers(self.db.read(), viewer, &offers).await?, |row| ContractOf(row.offer_id))
    }
}

#[async_trait]
impl Loader<OfferTo> for Batch {
    type Value = offer::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[OfferTo]) -> Loaded<OfferTo, Self::Value> {
        let Some(viewer) = &self.viewer else { return Ok(HashMap::new()) };
        let proposals: Vec<_> = keys.iter().map(|key| key.0).collect();
        let offers = store::list_offers_to(self.db.read(), viewer, &proposals).await?;
        // Of several, the last stays.
        Ok(offers.into_iter().filter_map(|row| Some((OfferTo(row.proposal_id?), row))).collect())
    }
}

#[async_trait]
impl Loader<MilestonesOf> for Batch {
    type Value = Vec<milestone::Model>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[MilestonesOf]) -> Loaded<MilestonesOf, Self::Value> {
        let contracts: Vec<_> = keys.iter().map(|key| key.0).collect();
        many(store::list_milestones(self.db.read(), &contracts).await?, |row| MilestonesOf(row.contract_id))
    }
}

#[async_trait]
impl Loader<PendingOf> for Batch {
    type Value = i64;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[PendingOf]) -> Loaded<PendingOf, i64> {
        let people: Vec<_> = keys.iter().map(|key| key.0).collect();
        let rows = store::list_pending(self.db.read(), &people).await?;
        Ok(rows.into_iter().map(|(person, cents)| (PendingOf(person), cents)).collect())
    }
}

#[async_trait]
impl Loader<HiresFor> for Batch {
    type Value = i64;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[HiresFor]) -> Loaded<HiresFor, i64> {
        let posts: Vec<_> = keys.iter().map(|key| key.0).collect();
        let rows = store::list_hires(self.db.read(), &posts).await?;
        Ok(rows.into_iter().map(|(post, hires)| (HiresFor(post), hires)).collect())
    }
}

#[async_trait]
impl Loader<HiresBy> for Batch {
    type Value = ClientHires;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[HiresBy]) -> Loaded<HiresBy, Self::Value> {
        let clients: Vec<_> = keys.iter().map(|key| key.0).collect();
        one(store::list_client_hires(self.db.read(), &clients).await?, |row| HiresBy(row.client_id))
    }
}

#[async_trait]
impl Loader<ReversalsBy> for Batch {
    type Value = i64;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[ReversalsBy]) -> Loaded<ReversalsBy, i64> {
        let clients: Vec<_> = keys.iter().map(|key| key.0).collect();
        let rows = store::list_reversals(self.db.read(), &clients).await?;
        Ok(rows.into_iter().map(|(client, count)| (ReversalsBy(client), count)).collect())
    }
}

#[async_trait]
impl Loader<MilestoneId> for Batch {
    type Value = milestone::Model;
    type Error = Arc<Error>;

    async fn load(&self, ids: &[MilestoneId]) -> Loaded<MilestoneId, Self::Value> {
        let Some(viewer) = &self.viewer else { return Ok(HashMap::new()) };
        one(store::list_visible_milestones(self.db.read(), viewer, ids).await?, |row| row.id)
    }
}

#[async_trait]
impl Loader<RefundsFor> for Batch {
    type Value = Vec<refund::Model>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[RefundsFor]) -> Loaded<RefundsFor, Self::Value> {
        let documents: Vec<_> = keys.iter().map(|key| key.0.0).collect();
        let purpose = PaymentPurpose::Milestone;
        let mut found: HashMap<_, Vec<_>> = HashMap::new();
        for (document, row) in payments::store::list_refunds_for(self.db.read(), purpose, &documents).await? {
            found.entry(RefundsFor(MilestoneId(document))).or_default().push(row);
        }
        Ok(found)
    }
}

#[async_trait]
impl Loader<DisputeOver> for Batch {
    type Value = dispute::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[DisputeOver]) -> Loaded<DisputeOver, Self::Value> {
        let milestones: Vec<_> = keys.iter().map(|key| key.0).collect();
        let rows = store::list_last_disputes(self.db.read(), &milestones).await?;
        one(rows, |row| DisputeOver(row.milestone_id))
    }
}

#[async_trait]
impl Loader<MilestoneBehind> for Batch {
    type Value = MilestoneId;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[MilestoneBehind]) -> Loaded<MilestoneBehind, MilestoneId> {
        let documents: Vec<_> = keys.iter().map(|key| key.0).collect();
        let rows = store::list_milestones_behind(self.db.read(), &documents).await?;
        Ok(rows.into_iter().map(|(document, id)| (MilestoneBehind(document), id)).collect())
    }
}

#[async_trait]
impl Loader<EarnedBy> for Batch {
    type Value = i64;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[EarnedBy]) -> Loaded<EarnedBy, Self::Value> {
        let freelancers: Vec<_> = keys.iter().map(|key| key.0).collect();
        let earned = store::list_earned(self.db.read(), &freelancers).await?;
        Ok(earned.into_iter().map(|(freelancer, cents)| (EarnedBy(freelancer), cents)).collect())
    }
}
