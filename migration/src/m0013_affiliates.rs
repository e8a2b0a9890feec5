//! The affiliate programme: who is in it, links, clicks, attributions and commissions; and what people were seen with.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::loosen(manager, "keys", PURPOSES).await?;
        dialect::run(manager, include_str!("m0013_affiliates.sql")).await?;
        for table in ["traces", "clicks"] {
            dialect::append_only(manager, table).await?;
        }
        dialect::refuse(
            manager,
            "affiliate_links",
            "UPDATE OF id, code, affiliate_id, target, path",
            "update",
        )
        .await?;
        dialect::refuse(manager, "commission_locks", LOCKED, "update").await?;
        dialect::refuse(manager, "attributions", ATTRIBUTED, "update").await?;
        dialect::refuse(manager, "commissions", EARNED, "update").await?;
        for table in ["affiliates", "affiliate_links", "attributions", "commissions", "commission_locks"] {
            dialect::refuse_removal(manager, table).await?;
        }
        Ok(())
    }
}

/// The columns of an attribution that never change.
const ATTRIBUTED: &str =
    "UPDATE OF client_id, id, click_id, link_id, affiliate_id, clicked_at, registered_at, hire_before";

/// The columns of a part that has locked that never change.
const LOCKED: &str =
    "UPDATE OF id, commission_id, affiliate_id, locked_at, released_cents, amount_cents, due_at";

/// The columns of a commission that never change.
const EARNED: &str = "UPDATE OF id, client_id, affiliate_id, link_id, contract_id, milestone_id, payment_id, \
                      freelancer_id, base_cents, rate_basis_points, cap_cents, policy_version, funded_at";

/// Keys sign the cookies of clicks, too.
const PURPOSES: dialect::Check = [
    "CHECK (purpose IN\n    ('BEARER_TOKENS', 'REFRESH_TOKENS', 'MAILED_TOKENS', 'ATTEMPT_HASHES', 'PEOPLE_HASHES'))",
    "CHECK (purpose IN\n    ('BEARER_TOKENS', 'REFRESH_TOKENS', 'MAILED_TOKENS', 'ATTEMPT_HASHES', 'PEOPLE_HASHES', \
     'CLICK_COOKIES', 'PAYOUT_DETAILS'))",
    "%BEARER_TOKENS%REFRESH_TOKENS%MAILED_TOKENS%ATTEMPT_HASHES%PEOPLE_HASHES%",
];
