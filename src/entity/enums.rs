//! The vocabulary: enums that columns store as text and the schema shows, under the same names and words.
//!
//! A new value is one line. The schema shows an enum as soon as a field or an argument uses it.

mod accounts;
mod affiliates;
mod audit;
mod cash;
mod catalog;
mod clock;
mod commissions;
mod connects;
mod contracts;
mod job_posts;
mod keyring;
mod mails;
mod memberships;
mod money;
mod notifications;
mod payments;
mod payouts;
mod promo_codes;
mod proposals;
mod purchases;
mod referrals;
mod schedule;
mod talent_badges;
mod tickets;
mod vocabulary;

pub use self::vocabulary::Vocabulary;
pub(super) use self::vocabulary::text_enum;
pub use self::{
    accounts::*, affiliates::*, audit::*, cash::*, catalog::*, clock::*, commissions::*, connects::*,
    contracts::*, job_posts::*, keyring::*, mails::*, memberships::*, money::*, notifications::*,
    payments::*, payouts::*, promo_codes::*, proposals::*, purchases::*, referrals::*, schedule::*,
    talent_badges::*, tickets::*,
};
