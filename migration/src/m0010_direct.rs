//! Offers without a proposal, hourly contracts and their invoices, and the Project Catalog.

use sea_orm_migration::prelude::*;

use crate::dialect::{self, Check, Redefined};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["offers", "contracts"] {
            for (column, of) in [("job_post_id", "job_posts"), ("proposal_id", "proposals")] {
                let redefined = Redefined {
                    table,
                    from: &format!("{column} BLOB NOT NULL REFERENCES {of}"),
                    to: &format!("{column} BLOB REFERENCES {of}"),
                    postgres: &format!("ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL"),
                };
                dialect::redefine(manager, &redefined).await?;
            }
        }
        // Invoices can be withdrawn, and then they were never funded.
        dialect::loosen(manager, "milestones", STATES).await?;
        dialect::loosen(manager, "milestones", UNFUNDED).await?;
        dialect::run(manager, include_str!("m0010_direct.sql")).await?;
        dialect::refuse(manager, "milestones", "UPDATE OF minutes", "other_minutes").await?;
        dialect::refuse(manager, "contracts", "UPDATE OF hourly_cents", "other_rate").await?;
        dialect::refuse(manager, "projects", "UPDATE OF id, freelancer_id, published_at", "update").await?;
        dialect::refuse_removal(manager, "projects").await
    }
}

const STATES: Check = [
    "CHECK (state IN ('PENDING', 'FUNDING', 'FUNDED', 'RELEASED', 'REFUNDED', 'CHARGED_BACK'))",
    "CHECK (state IN ('PENDING', 'FUNDING', 'FUNDED', 'RELEASED', 'REFUNDED', 'CHARGED_BACK', 'WITHDRAWN'))",
    "%PENDING%FUNDING%FUNDED%RELEASED%REFUNDED%CHARGED_BACK%",
];

const UNFUNDED: Check = [
    "CHECK ((state IN ('PENDING', 'FUNDING')) = (funded_at IS NULL))",
    "CHECK ((state IN ('PENDING', 'FUNDING', 'WITHDRAWN')) = (funded_at IS NULL))",
    "%PENDING%FUNDING%funded_at IS NULL%",
];
