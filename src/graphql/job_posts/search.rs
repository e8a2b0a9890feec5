//! Finding job posts: by words, category, price, budget, client; one's own.

use async_graphql::{Context, ID, InputObject, Object};
use sea_orm::{ColumnTrait, Condition, QueryFilter};

use crate::{
    db::has_words,
    entity::{
        enums::{ExperienceLevel, JobCategory, JobPayment},
        ids::JobPostId,
        job_post,
    },
    error::{Error, Rejection},
    graphql::{
        job_posts::job_post::JobPost,
        kit::{
            context::request,
            errors::{coded, top_level},
            ids::{keys_of, only},
            page::{PageArgs, Pages},
            scalars::MoneyInput,
        },
    },
    input::{text::is_something, words::wanted_in},
    job_posts,
};

/// Words of a search at most.
const MOST_WORDS: usize = 20;

/// Characters of a search at most.
const MOST_CHARACTERS: usize = 2_000;

/// What job posts must be like to be found; what is left out does not matter.
#[derive(Debug, Default, InputObject)]
pub struct JobPostFilter {
    /// Words that title, description or skills must have, all of them; at most 20 and 2,000 characters, in any case.
    /// `C++`, `C#`, `C` and `.NET` are different words; `nodejs` finds `Node.js`. A text without any character that can be
    /// seen does not matter.
    text: Option<String>,
    /// One of these categories.
    categories: Option<Vec<JobCategory>>,
    /// Fixed price or hourly.
    payment: Option<JobPayment>,
    /// Experience asked for.
    experience_level: Option<ExperienceLevel>,
    /// Costs at least this many Connects, 0 to 1,000.
    min_connects: Option<i32>,
    /// Costs at most this many Connects, 0 to 1,000.
    max_connects: Option<i32>,
    /// A fixed-price budget of at least this.
    min_budget: Option<MoneyInput>,
    /// A fixed-price budget of at most this.
    max_budget: Option<MoneyInput>,
    /// An hourly range that reaches at least this.
    min_hourly: Option<MoneyInput>,
    /// At most so many proposals so far, 0 to 1,000,000.
    max_proposals: Option<i32>,
    /// Its client has published at least so many posts, 1 to 1,000,000 (J-5).
    min_client_posts: Option<i32>,
}

impl JobPostFilter {
    fn condition(&self, db: &impl sea_orm::ConnectionTrait) -> Result<Condition, Error> {
        use job_post::Column as C;
        if self.text.as_ref().is_some_and(|text| text.chars().count() > MOST_CHARACTERS) {
            return Err(out_of_range("text", "at most 2,000 characters").into());
        }
        let words = self.text.as_deref().map(wanted_in).unwrap_or_default();
        if words.iter().map(|word| word.parts.len().max(1)).sum::<usize>() > MOST_WORDS {
            return Err(out_of_range("text", "at most 20 words").into());
        }
        let cents =
            |money: &Option<MoneyInput>, field| money.as_ref().map(|money| money.cents(field)).transpose();
        let (min_budget, max_budget) =
            (cents(&self.min_budget, "minBudget")?, cents(&self.max_budget, "maxBudget")?);
        let min_hourly = cents(&self.min_hourly, "minHourly")?;
        Ok(Condition::all()
            .add_option(self.text.as_deref().is_some_and(is_something).then(|| has_words(db, &words)))
            .add_option(self.categories.as_ref().map(|all| C::Category.is_in(all.iter().copied())))
            .add_option(self.payment.map(|payment| C::Payment.eq(payment)))
            .add_option(self.experience_level.map(|l| C::ExperienceLevel.eq(l)))
            .add_option(within(self.min_connects, "minConnects", 0, 1_000)?.map(|n| C::ConnectsPrice.gte(n)))
            .add_option(within(self.max_connects, "maxConnects", 0, 1_000)?.map(|n| C::ConnectsPrice.lte(n)))
            .add_option(min_budget.map(|cents| C::BudgetCents.gte(cents)))
            .add_option(max_budget.map(|cents| C::BudgetCents.lte(cents)))
            .add_option(min_hourly.map(reaches))
            .add_option(
                within(self.max_proposals, "maxProposals", 0, 1_000_000)?.map(|n| C::ProposalCount.lte(n)),
            )
            .add_option(
                within(self.min_client_posts, "minClientPosts", 1, 1_000_000)?
                    .map(job_posts::store::by_clients_with),
            ))
    }
}

fn within(value: Option<i32>, field: &str, min: i32, max: i32) -> Result<Option<i64>, Rejection> {
    match value {
        Some(value) if !(min..=max).contains(&value) => Err(out_of_range(field, &format!("{min} to {max}"))),
        value => Ok(value.map(i64::from)),
    }
}

fn out_of_range(field: &str, allowed: &str) -> Rejection {
    crate::input::invalid(&format!("filter.{field}"), format!("`filter.{field}` takes {allowed}."))
}

/// A condition: its hourly range reaches at least this; a post with one rate has that range.
fn reaches(cents: i64) -> Condition {
    use job_post::Column::{HourlyMaxCents as Most, HourlyMinCents as Least};
    Condition::any().add(Most.gte(cents)).add(Condition::all().add(Most.is_null()).add(Least.gte(cents)))
}

/// Questions about job posts.
#[derive(Default)]
pub struct JobPostQuery;

#[Object]
impl JobPostQuery {
    /// The job post with this id, if the viewer may see it.
    async fn job_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The job post's id.")] id: ID,
    ) -> Option<async_graphql::Result<JobPost>> {
        let request = request(ctx);
        let id: JobPostId = only(keys_of("JobPost", &id)?)?.parse().ok()?;
        let viewer = request.viewer.as_ref();
        match job_posts::store::find_visible(request.db.read(), viewer, id, request.now).await {
            Ok(post) => post.map(|post| Ok(JobPost(post))),
            Err(error) => Some(Err(top_level(request, error))),
        }
    }

    /// Open job posts that the viewer may see, newest first.
    #[allow(clippy::too_many_arguments)]
    async fn job_posts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What they must be like.")] filter: Option<JobPostFilter>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<JobPost>> {
        use job_post::Column::{Id, PublishedAt};
        let page = PageArgs { first, after, last, before }.checked()?;
        let request = request(ctx);
        let filter = filter.unwrap_or_default().condition(request.db.read());
        let filter = filter.map_err(|error| match error {
            Error::Rejected(rejection) => coded("BAD_USER_INPUT", rejection.message),
            fault @ Error::Fault(_) => top_level(request, fault),
        })?;
        let rows = job_posts::store::visible_to(request.viewer.as_ref(), request.now)
            .filter(job_posts::store::listed_at(request.now))
            .filter(filter);
        let key = |row: &job_post::Model| (row.published_at.unwrap_or(row.created_at), row.id);
        Ok(page.load(request, rows, (PublishedAt, Id), false, key).await?.map(JobPost))
    }
}
