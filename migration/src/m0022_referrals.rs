//! Talent badges, and campaigns in which freelancers refer friends.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{
        ConnectionTrait,
        prelude::{DateTimeUtc, Uuid},
    },
};

use crate::dialect;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m0022_referrals.sql")).await?;
        dialect::refuse(manager, "talent_badges", "UPDATE OF id, account_id, kind, awarded_at", "update")
            .await?;
        dialect::refuse_removal(manager, "talent_badges").await?;
        let fixed = "UPDATE OF id, name, category, country, badge, opens_at, closes_at, threshold_cents, reward_cents, \
                     gift_months, budget_cents, actor_id, created_at";
        dialect::refuse(manager, "referral_campaigns", fixed, "update").await?;
        dialect::refuse_removal(manager, "referral_campaigns").await?;
        let fixed = "UPDATE OF id, code, campaign_id, referrer_id, issued_at";
        dialect::refuse(manager, "referral_links", fixed, "update").await?;
        dialect::refuse_removal(manager, "referral_links").await?;
        let fixed = "UPDATE OF friend_id, id, campaign_id, link_id, referrer_id, registered_at";
        dialect::refuse(manager, "referrals", fixed, "update").await?;
        dialect::refuse_removal(manager, "referrals").await?;
        example(manager).await
    }
}

/// The campaign of 2019 for customer service, which is over: an example (C-1).
async fn example(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        "id",
        "name",
        "category",
        "country",
        "badge",
        "opens_at",
        "closes_at",
        "threshold_cents",
        "reward_cents",
        "gift_months",
        "budget_cents",
        "reserved_cents",
        "ended_at",
        "created_at",
    ];
    let opened = at(1_569_888_000)?;
    let values: [SimpleExpr; 14] = [
        Expr::value(Uuid::from_u128(0x016d_84a9_1c00_7000_8000_0000_0000_0001)),
        Expr::value("Customer service 2019"),
        Expr::value("ADMIN_AND_CUSTOMER_SUPPORT"),
        Expr::value("US"),
        Expr::value("TOP_RATED"),
        Expr::value(opened),
        Expr::value(at(1_577_836_800)?),
        Expr::value(50_000_i64),
        Expr::value(10_000_i64),
        Expr::value(1_i64),
        Expr::value(0_i64),
        Expr::value(0_i64),
        Expr::value(opened),
        Expr::value(opened),
    ];
    let mut insert = Query::insert();
    insert.into_table("referral_campaigns").columns(columns).values_panic(values);
    manager.get_connection().execute(&insert).await.map(drop)
}

/// An instant by its seconds since 1970.
fn at(seconds: i64) -> Result<DateTimeUtc, DbErr> {
    DateTimeUtc::from_timestamp(seconds, 0).ok_or_else(|| DbErr::Custom("no such instant".to_owned()))
}
