//! What a client writes into a job post (J-1), and the price that follows from it (J-3).

use super::rules::{self, Content, Terms, life};
use crate::{
    db::Txn,
    entity::{
        enums::{ExperienceLevel, JobCategory, JobPostState, JobVisibility},
        job_post,
        values::Skills,
    },
};

/// What a client writes into a job post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its texts and amounts, which are [checked](rules::checked).
    pub content: Content,
    /// Top category.
    pub category: JobCategory,
    /// Experience asked for.
    pub experience_level: Option<ExperienceLevel>,
    /// Who may see it.
    pub visibility: JobVisibility,
}

impl Draft {
    /// Writes it into `post`, and reprices the post by the policy in force (J-3).
    pub(super) fn write_into(self, txn: &Txn, post: &mut job_post::Model) {
        let Content { title, description, subcategory, skills, terms, hires_wanted } = self.content;
        post.search_text = rules::search_text_of(&title, &description, &skills);
        post.title = title;
        post.description = description;
        post.category = self.category;
        post.subcategory = subcategory;
        post.skills = Skills(skills);
        post.payment = terms.payment;
        post.budget_cents = terms.budget_cents;
        post.hourly_min_cents = terms.hourly_min_cents;
        post.hourly_max_cents = terms.hourly_max_cents;
        post.weekly_hours = terms.weekly_hours;
        post.duration_weeks = terms.duration_weeks;
        post.experience_level = self.experience_level;
        post.hires_wanted = hires_wanted;
        post.visibility = self.visibility;
        reprice(txn, post);
    }
}

/// Computes the price again from the post's content and demand (J-3).
pub fn reprice(txn: &Txn, post: &mut job_post::Model) {
    let (version, terms) = (txn.version(), Terms::from(&*post));
    let (price, basis) =
        rules::price_of(&terms, post.is_free, post.proposal_count, &version.policy.price, version.number);
    (post.connects_price, post.price_basis) = (price.0, basis);
}

/// Records that the client is active now: the lifetime of an open post starts again (J-4).
pub fn touch(txn: &Txn, post: &mut job_post::Model) {
    post.last_activity_at = txn.now();
    if post.state == JobPostState::Open {
        let (expires_at, warn_at) = life::deadlines_of(txn.now(), &txn.policy().job_posts);
        (post.expires_at, post.warn_at) = (Some(expires_at), Some(warn_at));
    }
}
