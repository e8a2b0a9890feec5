//! What a client writes into a job post (J-1), and the price that follows from it (J-3).

use super::rules::{self, Terms, life};
use crate::{
    db::Txn,
    entity::{
        enums::{ExperienceLevel, JobCategory, JobPayment, JobPostState, JobVisibility},
        job_post,
        values::Skills,
    },
    error::{Rejection, Result},
    input::{invalid, line, number, text},
};

/// What a client writes into a job post; [`Draft::checked`] makes sure that it can be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Title.
    pub title: String,
    /// Description.
    pub description: String,
    /// Top category.
    pub category: JobCategory,
    /// A category within it.
    pub subcategory: Option<String>,
    /// Skills asked for.
    pub skills: Vec<String>,
    /// What it is worth.
    pub terms: Terms,
    /// Experience asked for.
    pub experience_level: Option<ExperienceLevel>,
    /// How many freelancers the client wants.
    pub hires_wanted: i64,
    /// Who may see it.
    pub visibility: JobVisibility,
}

impl Draft {
    /// The draft with its texts in the form in which they are stored.
    ///
    /// # Errors
    /// `INVALID_INPUT` that names the field.
    pub fn checked(mut self) -> Result<Self, Rejection> {
        self.title = line("content.title", &self.title, 1, 300)?;
        self.description = text("content.description", &self.description, 1, 10_000)?;
        self.subcategory = match self.subcategory {
            Some(name) => Some(line("content.subcategory", &name, 1, 100)?),
            None => None,
        };
        if self.skills.len() > 50 {
            return Err(invalid("content.skills", "A post names at most 50 skills."));
        }
        let skills = self.skills.iter().map(|skill| line("content.skills", skill, 1, 100));
        self.skills = skills.collect::<Result<_, _>>()?;
        number("content.hiresWanted", self.hires_wanted, 1, 1_000)?;
        self.check_terms()?;
        Ok(self)
    }

    fn check_terms(&self) -> Result<(), Rejection> {
        let terms = &self.terms;
        for (field, value, least, most) in [
            ("content.budget", terms.budget_cents, 0, rules::MAX_CENTS),
            ("content.hourlyMin", terms.hourly_min_cents, 0, rules::MAX_CENTS),
            ("content.hourlyMax", terms.hourly_max_cents, 0, rules::MAX_CENTS),
            ("content.weeklyHours", terms.weekly_hours, 1, 168),
            ("content.durationWeeks", terms.duration_weeks, 1, 520),
        ] {
            value.map(|value| number(field, value, least, most)).transpose()?;
        }
        let hourly = terms.hourly_min_cents.or(terms.hourly_max_cents);
        match terms.payment {
            JobPayment::Fixed if hourly.is_some() => {
                Err(invalid("content.hourlyMin", "A fixed-price post has a budget, no hourly rates."))
            }
            JobPayment::Hourly if terms.budget_cents.is_some() => {
                Err(invalid("content.budget", "An hourly post has hourly rates, no budget."))
            }
            _ if terms.hourly_min_cents > terms.hourly_max_cents && terms.hourly_max_cents.is_some() => {
                Err(invalid("content.hourlyMax", "The greatest hourly rate is below the least one."))
            }
            _ => Ok(()),
        }
    }

    /// Writes it into `post`, and reprices the post by the policy in force (J-3).
    pub(super) fn write_into(self, txn: &Txn, post: &mut job_post::Model) {
        post.search_text = rules::search_text_of(&self.title, &self.description, &self.skills);
        post.title = self.title;
        post.description = self.description;
        post.category = self.category;
        post.subcategory = self.subcategory;
        post.skills = Skills(self.skills);
        post.payment = self.terms.payment;
        post.budget_cents = self.terms.budget_cents;
        post.hourly_min_cents = self.terms.hourly_min_cents;
        post.hourly_max_cents = self.terms.hourly_max_cents;
        post.weekly_hours = self.terms.weekly_hours;
        post.duration_weeks = self.terms.duration_weeks;
        post.experience_level = self.experience_level;
        post.hires_wanted = self.hires_wanted;
        post.visibility = self.visibility;
        reprice(txn, post);
    }
}

/// Computes the price anew from what the post says and its demand (J-3).
pub fn reprice(txn: &Txn, post: &mut job_post::Model) {
    let (version, terms) = (txn.version(), Terms::from(&*post));
    (post.connects_price, post.price_basis) =
        rules::price_of(&terms, post.is_free, post.proposal_count, &version.policy.price, version.number);
}

/// Notes that the client is active now: an open post lives on from here (J-4).
pub fn touch(txn: &Txn, post: &mut job_post::Model) {
    post.last_activity_at = txn.now();
    if post.state == JobPostState::Open {
        let (expires_at, warn_at) = life::deadlines_of(txn.now(), &txn.policy().job_posts);
        (post.expires_at, post.warn_at) = (Some(expires_at), Some(warn_at));
    }
}
