//! Typed ids: a wallet's id cannot be passed where an account's is expected.

macro_rules! typed_id {
    ($(#[$doc:meta] $name:ident),+ $(,)?) => {$(
        #[$doc]
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize, sea_orm::DeriveValueType,
        )]
        pub struct $name(pub uuid::Uuid);

        impl $name {
            /// A new id; ids made later sort later (UUID version 7).
            #[allow(clippy::new_without_default)]
            pub fn new() -> Self {
                Self(uuid::Uuid::now_v7())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        /// Always fails: ids are never counted up, so a number cannot be one.
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

mod accounts;
mod affiliates;
mod audit;
mod cash;
mod catalog;
mod commissions;
mod connects;
mod contracts;
mod job_posts;
mod keyring;
mod mails;
mod payments;
mod payouts;
mod promo_codes;
mod proposals;
mod purchases;
mod referrals;
mod rooms;
mod schedule;
mod talent_badges;
mod tickets;

pub use self::{
    accounts::*, affiliates::*, audit::*, cash::*, catalog::*, commissions::*, connects::*, contracts::*,
    job_posts::*, keyring::*, mails::*, payments::*, payouts::*, promo_codes::*, proposals::*, purchases::*,
    referrals::*, rooms::*, schedule::*, talent_badges::*, tickets::*,
};
