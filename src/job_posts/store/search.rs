//! The SQL of the search (J-6).

use sea_orm::{ColumnTrait, Condition, ConnectionTrait, QueryFilter, Select, sea_query::Expr};

use super::{open_at, visible_to};
use crate::{
    accounts::store::unrestricted,
    clock::Instant,
    db::has_words,
    entity::{
        enums::{ExperienceLevel, JobCategory, JobPayment},
        job_post::{Column, Entity},
    },
    input::words::Wanted,
    viewer::Viewer,
};

/// What posts must be like to be found; what is absent does not matter.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Words that title, description or skills must have, all of them.
    pub words: Option<Vec<Wanted>>,
    /// One of these categories.
    pub categories: Option<Vec<JobCategory>>,
    /// Fixed price or hourly.
    pub payment: Option<JobPayment>,
    /// Experience asked for.
    pub experience_level: Option<ExperienceLevel>,
    /// Costs at least this many Connects.
    pub min_connects: Option<i64>,
    /// Costs at most this many Connects.
    pub max_connects: Option<i64>,
    /// A fixed-price budget of at least this.
    pub min_budget_cents: Option<i64>,
    /// A fixed-price budget of at most this.
    pub max_budget_cents: Option<i64>,
    /// An hourly range that reaches at least this.
    pub min_hourly_cents: Option<i64>,
    /// At most this many proposals so far.
    pub max_proposals: Option<i64>,
    /// Its client has published at least this many posts.
    pub min_client_posts: Option<i64>,
}

/// The posts that a search finds at `now`: open ones that `viewer` may see, whose client is not suspended (P-4).
pub fn listed(
    db: &impl ConnectionTrait,
    viewer: Option<&Viewer>,
    search: Search,
    now: Instant,
) -> Select<Entity> {
    let listed = open_at(now).add(unrestricted(Column::ClientId, now));
    visible_to(viewer, now).filter(listed).filter(search.condition(db))
}

impl Search {
    fn condition(self, db: &impl ConnectionTrait) -> Condition {
        use Column::{BudgetCents, Category, ConnectsPrice, Payment, ProposalCount};
        Condition::all()
            .add_option(self.words.map(|words| has_words(db, &words)))
            .add_option(self.categories.map(|all| Category.is_in(all)))
            .add_option(self.payment.map(|payment| Payment.eq(payment)))
            .add_option(self.experience_level.map(|level| Column::ExperienceLevel.eq(level)))
            .add_option(self.min_connects.map(|least| ConnectsPrice.gte(least)))
            .add_option(self.max_connects.map(|most| ConnectsPrice.lte(most)))
            .add_option(self.min_budget_cents.map(|least| BudgetCents.gte(least)))
            .add_option(self.max_budget_cents.map(|most| BudgetCents.lte(most)))
            .add_option(self.min_hourly_cents.map(reaches))
            .add_option(self.max_proposals.map(|most| ProposalCount.lte(most)))
            .add_option(self.min_client_posts.map(by_clients_with))
    }
}

/// A condition: its hourly range reaches at least this; a post with one rate has that range.
fn reaches(cents: i64) -> Condition {
    use Column::{HourlyMaxCents as Most, HourlyMinCents as Least};
    Condition::any().add(Most.gte(cents)).add(Condition::all().add(Most.is_null()).add(Least.gte(cents)))
}

/// A condition: its client has published at least `posts` posts; no more of them are counted.
fn by_clients_with(posts: i64) -> Expr {
    Expr::cust(format!(
        "(SELECT COUNT(*) FROM (SELECT 1 FROM job_posts c WHERE c.client_id = job_posts.client_id \
         AND c.state <> 'DRAFT' LIMIT {posts}) AS published) >= {posts}"
    ))
}
