//! Finding job posts by words, category, price, budget or client.

use async_graphql::{Context, ID, InputObject, Object};

use crate::{
    entity::{
        enums::{ExperienceLevel, JobCategory, JobPayment},
        job_post,
    },
    error::Rejection,
    graphql::{
        job_posts::job_post::JobPost,
        kit::{
            context::request,
            errors::{coded, top_level},
            ids::Kind,
            page::{PageArgs, Pages},
            scalars::MoneyInput,
        },
    },
    input::{
        text::is_something,
        words::{Wanted, wanted_in},
    },
    job_posts::{self, store::Search},
};

/// The most words that a search may have.
const MOST_WORDS: usize = 20;

/// The most characters that a search may have.
const MOST_CHARACTERS: usize = 2_000;

/// The criteria that a job post must meet, all of them. A criterion that is left out is ignored.
#[derive(Debug, Default, InputObject)]
pub struct JobPostFilter {
    /// Words, all of which must occur in the title, description or skills: at most 20 words and 2,000
    /// characters. Case does not matter. `C++`, `C#`, `C` and `.NET` are different words; `nodejs` finds
    /// `Node.js`. A text without visible characters is ignored.
    text: Option<String>,
    /// Only job posts in one of these categories.
    categories: Option<Vec<JobCategory>>,
    /// Only fixed-price job posts, or only hourly ones.
    payment: Option<JobPayment>,
    /// Only job posts that ask for this experience.
    experience_level: Option<ExperienceLevel>,
    /// The lowest price of a proposal in Connects, 0 to 1,000.
    min_connects: Option<i32>,
    /// The highest price of a proposal in Connects, 0 to 1,000.
    max_connects: Option<i32>,
    /// The lowest budget, for fixed-price jobs.
    min_budget: Option<MoneyInput>,
    /// The highest budget, for fixed-price jobs.
    max_budget: Option<MoneyInput>,
    /// An hourly rate that the range of an hourly job must reach.
    min_hourly: Option<MoneyInput>,
    /// The most proposals that a job post may have so far, 0 to 1,000,000.
    max_proposals: Option<i32>,
    /// The fewest job posts that its client must have published, 1 to 1,000,000 (J-5).
    min_client_posts: Option<i32>,
}

impl JobPostFilter {
    /// What to search for.
    fn search(self) -> Result<Search, Rejection> {
        let words = self.text.as_deref().map(words_in).transpose()?.flatten();
        let cents = |money: Option<MoneyInput>, field| money.map(|money| money.cents(field)).transpose();
        let min_budget_cents = cents(self.min_budget, "minBudget")?;
        let max_budget_cents = cents(self.max_budget, "maxBudget")?;
        let min_hourly_cents = cents(self.min_hourly, "minHourly")?;
        Ok(Search {
            words,
            categories: self.categories,
            payment: self.payment,
            experience_level: self.experience_level,
            min_connects: within(self.min_connects, "minConnects", 0, 1_000)?,
            max_connects: within(self.max_connects, "maxConnects", 0, 1_000)?,
            min_budget_cents,
            max_budget_cents,
            min_hourly_cents,
            max_proposals: within(self.max_proposals, "maxProposals", 0, 1_000_000)?,
            min_client_posts: within(self.min_client_posts, "minClientPosts", 1, 1_000_000)?,
        })
    }
}

/// The words of a search; `None` for a text without any visible character.
fn words_in(text: &str) -> Result<Option<Vec<Wanted>>, Rejection> {
    if text.chars().count() > MOST_CHARACTERS {
        return Err(out_of_range("text", "at most 2,000 characters"));
    }
    let words = wanted_in(text);
    if words.iter().map(|word| word.parts.len().max(1)).sum::<usize>() > MOST_WORDS {
        return Err(out_of_range("text", "at most 20 words"));
    }
    Ok(is_something(text).then_some(words))
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

/// Queries of job posts.
#[derive(Default)]
pub struct JobPostQuery;

#[Object]
impl JobPostQuery {
    /// The job post with this id; null if there is none that the viewer may see.
    async fn job_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global id of the job post.")] id: ID,
    ) -> Option<async_graphql::Result<JobPost>> {
        let request = request(ctx);
        let id = JobPost::key_in(&id)?;
        let viewer = request.viewer.as_ref();
        match job_posts::store::find_visible(request.db.read(), viewer, id, request.now).await {
            Ok(post) => post.map(|post| Ok(JobPost(post))),
            Err(error) => Some(Err(top_level(request, error))),
        }
    }

    /// Open job posts that the viewer may see, newest first.
    async fn job_posts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The criteria that the job posts must meet.")] filter: Option<JobPostFilter>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<JobPost>> {
        use job_post::Column::{Id, PublishedAt};
        let page = PageArgs { first, after, last, before }.checked()?;
        let request = request(ctx);
        let refused = |no: Rejection| coded("BAD_USER_INPUT", no.message);
        let search = filter.unwrap_or_default().search().map_err(refused)?;
        let (db, viewer) = (request.db.read(), request.viewer.as_ref());
        let rows = job_posts::store::listed(db, viewer, search, request.now);
        let key = |row: &job_post::Model| (row.published_at.unwrap_or(row.created_at), row.id);
        Ok(page.load(request, rows, (PublishedAt, Id), false, key).await?.map(JobPost))
    }
}
