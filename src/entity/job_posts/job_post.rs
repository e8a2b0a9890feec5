//! A client's job post (J-1).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::{Currency, ExperienceLevel, JobCategory, JobPayment, JobPostState, JobVisibility},
    ids::{AccountId, JobPostId},
    values::{PriceBasis, Skills},
};

/// A client's job post (J-1).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "job_posts")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JobPostId,
    /// The client.
    pub client_id: AccountId,
    /// The business key, so that a second attempt to create it does nothing.
    #[sea_orm(unique)]
    pub business_key: String,
    /// Title.
    pub title: String,
    /// Description; may be empty on imported posts.
    pub description: String,
    /// One of the eight top categories.
    pub category: JobCategory,
    /// A category within it.
    pub subcategory: Option<String>,
    /// Skills asked for.
    pub skills: Skills,
    /// Fixed price or hourly.
    pub payment: JobPayment,
    /// Budget of a fixed-price post, in minor units.
    pub budget_cents: Option<i64>,
    /// Least hourly rate, in minor units.
    pub hourly_min_cents: Option<i64>,
    /// Greatest hourly rate, in minor units.
    pub hourly_max_cents: Option<i64>,
    /// ISO 4217 code of the amounts.
    pub currency: Currency,
    /// Experience asked for.
    pub experience_level: Option<ExperienceLevel>,
    /// Expected length in weeks.
    pub duration_weeks: Option<i64>,
    /// Expected hours a week.
    pub weekly_hours: Option<i64>,
    /// How many freelancers the client wants.
    pub hires_wanted: i64,
    /// Who may see it.
    pub visibility: JobVisibility,
    /// Costs no Connects whatever its value (S-3).
    pub is_free: bool,
    /// Where it stands in its life (J-2).
    pub state: JobPostState,
    /// Proposals ever sent, withdrawn ones too (J-3).
    pub proposal_count: i64,
    /// Connects that a proposal costs now (J-3).
    pub connects_price: i64,
    /// What the price was computed from (J-3).
    pub price_basis: PriceBasis,
    /// When it was published; absent for a draft.
    pub published_at: Option<DateTimeUtc>,
    /// When its client last did something about it (J-4).
    pub last_activity_at: DateTimeUtc,
    /// When it expires without activity (J-4); absent unless it is open.
    pub expires_at: Option<DateTimeUtc>,
    /// When its client is to be warned of that; absent once they were.
    pub warn_at: Option<DateTimeUtc>,
    /// When it left the open state.
    pub closed_at: Option<DateTimeUtc>,
    /// The reason, in the words of the person who closed it.
    pub closing_reason: Option<String>,
    /// Counted up by each edit, so that two editors do not overwrite each other.
    pub version: i64,
    /// The words of title, description and skills, for the search.
    pub search_text: String,
    /// When it was written.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
