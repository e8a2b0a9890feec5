//! All SQL of proposals.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    QueryTrait, Select,
};

use crate::{
    db::Txn,
    entity::{
        ids::{AccountId, JobPostId, ProposalId},
        job_post,
        proposal::{self, Column, Entity},
    },
    error::Result,
    viewer::Viewer,
};

/// Proposals that `viewer` may see: those he sent, and those sent to his posts; all for an admin.
pub fn visible_to(viewer: &Viewer) -> Select<Entity> {
    if viewer.0.is_admin {
        return Entity::find();
    }
    let own_posts = job_post::Entity::find()
        .select_only()
        .column(job_post::Column::Id)
        .filter(job_post::Column::ClientId.eq(viewer.id()));
    let own = Condition::any()
        .add(Column::FreelancerId.eq(viewer.id()))
        .add(Column::JobPostId.in_subquery(own_posts.into_query()));
    Entity::find().filter(own)
}

/// Proposals that `freelancer` has sent.
pub fn sent_by(freelancer: AccountId) -> Select<Entity> {
    Entity::find().filter(Column::FreelancerId.eq(freelancer))
}

/// The proposal with this id.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_proposal(db: &impl ConnectionTrait, id: ProposalId) -> Result<Option<proposal::Model>> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// Which of `freelancers` have proposed to which of `posts`.
pub(super) async fn list_proposed(
    txn: &Txn,
    posts: &[JobPostId],
    freelancers: &[AccountId],
) -> Result<Vec<(JobPostId, AccountId)>> {
    Ok(Entity::find()
        .select_only()
        .column(Column::JobPostId)
        .column(Column::FreelancerId)
        .filter(Column::JobPostId.is_in(posts.iter().copied()))
        .filter(Column::FreelancerId.is_in(freelancers.iter().copied()))
        .into_tuple()
        .all(txn)
        .await?)
}

pub(super) async fn insert_proposals(txn: &Txn, proposals: Vec<proposal::Model>) -> Result<()> {
    if proposals.is_empty() {
        return Ok(());
    }
    let rows = proposals.into_iter().map(IntoActiveModel::into_active_model);
    Entity::insert_many::<proposal::ActiveModel, _>(rows).exec_without_returning(txn).await?;
    Ok(())
}
