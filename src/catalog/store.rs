//! All SQL of the catalog.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, PaginatorTrait,
    QueryFilter, QuerySelect, QueryTrait, Select, sea_query::SelectStatement,
};

use super::rules::ProjectMove;
use crate::{
    accounts::store::unrestricted,
    clock::Instant,
    db::{Rows, Section, Sql, Txn},
    entity::{
        enums::{JobCategory, ProjectState},
        ids::{AccountId, ProjectId},
        offer,
        project::{self, Column, Entity},
    },
    error::Result,
    viewer::{Permission, Viewer},
};

/// What is stored about a person and exported to them (P-6): the projects that they published.
pub const SECTIONS: &[&dyn Section] = &[PROJECT];

const PROJECT: &Rows<project::Entity> = {
    use Column::*;
    &Rows {
        kind: "PROJECT",
        columns: &[
            Id,
            FreelancerId,
            Title,
            Description,
            Category,
            PriceCents,
            Currency,
            State,
            Version,
            PublishedAt,
            ChangedAt,
        ],
        of: |whose| projects_of(whose.account),
    }
};

/// The projects of `freelancer`.
pub fn projects_of(freelancer: AccountId) -> Select<Entity> {
    Entity::find().filter(Column::FreelancerId.eq(freelancer))
}

/// What anyone can order at `now`: published projects of people who are neither suspended nor gone (P-4); only those of a
/// category, if that is given.
pub fn published(category: Option<JobCategory>, now: Instant) -> Select<Entity> {
    let wanted = Condition::all().add_option(category.map(|category| Column::Category.eq(category)));
    let rows = Entity::find().filter(Column::State.eq(ProjectState::Published)).filter(wanted);
    rows.filter(unrestricted(Column::FreelancerId, now))
}

/// What anyone can order of `freelancer` at `now`.
pub fn published_by(freelancer: AccountId, now: Instant) -> Select<Entity> {
    published(None, now).filter(Column::FreelancerId.eq(freelancer))
}

/// Those of `ids` that `viewer` may see: what anyone can order, their own, and those that they have ordered; all for those
/// who may read the whole market.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible(
    db: &impl ConnectionTrait,
    viewer: Option<&Viewer>,
    ids: &[ProjectId],
    now: Instant,
) -> Result<Vec<project::Model>> {
    let these = Column::Id.is_in(ids.iter().copied());
    let open = Condition::all()
        .add(Column::State.eq(ProjectState::Published))
        .add(unrestricted(Column::FreelancerId, now));
    let seen = match viewer {
        Some(viewer) if viewer.may(Permission::ReadMarket) => Condition::all(),
        Some(viewer) => Condition::any()
            .add(Column::FreelancerId.eq(viewer.id()))
            .add(Column::Id.in_subquery(ordered_by(viewer.id())))
            .add(open),
        None => open,
    };
    Ok(Entity::find().filter(these).filter(seen).all(db).await?)
}

/// The ids of the projects that `client` has ordered.
fn ordered_by(client: AccountId) -> SelectStatement {
    use offer::Column::{ClientId, ProjectId};
    let ordered = offer::Entity::find().filter(ClientId.eq(client)).filter(ProjectId.is_not_null());
    ordered.select_only().column(ProjectId).into_query()
}

/// How many projects `freelancer` has in the catalog.
pub(super) async fn count_published(txn: &Txn, freelancer: AccountId) -> Result<u64> {
    Ok(projects_of(freelancer).filter(Column::State.eq(ProjectState::Published)).count(txn).await?)
}

/// Locks a project.
///
/// # Errors
/// When the database refuses.
pub async fn lock_project(txn: &Txn, id: ProjectId) -> Result<Option<project::Model>> {
    let sql = Sql::new("SELECT * FROM projects WHERE id = :id").bind("id", id).push(txn.for_update());
    Ok(project::Model::find_by_statement(sql.on(txn)?).one(txn).await?)
}

pub(super) async fn insert_project(txn: &Txn, row: project::Model) -> Result<()> {
    Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

pub(super) async fn update_project(txn: &Txn, row: project::Model) -> Result<()> {
    use sea_orm::ActiveValue::{Set, Unchanged};
    let changed = project::ActiveModel {
        id: Unchanged(row.id),
        title: Set(row.title),
        description: Set(row.description),
        category: Set(row.category),
        price_cents: Set(row.price_cents),
        state: Set(row.state),
        version: Set(row.version),
        changed_at: Set(row.changed_at),
        ..Default::default()
    };
    Entity::update(changed).exec(txn).await?;
    Ok(())
}

/// Withdraws all projects of `freelancer`, who leaves: nobody orders one any more.
///
/// # Errors
/// When the database refuses.
pub async fn withdraw_all(txn: &Txn, freelancer: AccountId) -> Result<u64> {
    let sql = Sql::new(
        "UPDATE projects SET state = :withdrawn, version = version + 1, changed_at = :now \
         WHERE freelancer_id = :freelancer AND state IN (",
    );
    let published = Sql::list(ProjectMove::Withdraw.from().iter().copied());
    let sql = sql.bind("withdrawn", ProjectMove::Withdraw.to()).push(published).push(")");
    txn.run(sql.bind("now", txn.now()).bind("freelancer", freelancer)).await
}

/// Takes out the words of `account` (P-6). Its projects were withdrawn when the account was closed.
///
/// # Errors
/// When the database refuses.
pub async fn erase_of(txn: &Txn, account: AccountId) -> Result<()> {
    let sql = Sql::new(
        "UPDATE projects SET title = '[erased]', description = '[erased]' WHERE freelancer_id = :account",
    );
    txn.run(sql.bind("account", account)).await?;
    Ok(())
}
