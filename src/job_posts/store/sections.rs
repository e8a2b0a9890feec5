//! What is stored about a person and exported to them (P-6): posts, their removals, and reports.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    db::{Rows, Section},
    entity::{job_post, job_post_report, removal},
};

/// The sections of this slice.
pub const SECTIONS: &[&dyn Section] = &[JOB_POST, REMOVAL, REPORT];

const JOB_POST: &Rows<job_post::Entity> = {
    use job_post::Column::*;
    &Rows {
        kind: "JOB_POST",
        columns: &[
            Id,
            ClientId,
            BusinessKey,
            Title,
            Description,
            Category,
            Subcategory,
            Skills,
            Payment,
            BudgetCents,
            HourlyMinCents,
            HourlyMaxCents,
            Currency,
            ExperienceLevel,
            DurationWeeks,
            WeeklyHours,
            HiresWanted,
            Visibility,
            IsFree,
            State,
            ProposalCount,
            ConnectsPrice,
            PriceBasis,
            PublishedAt,
            LastActivityAt,
            ExpiresAt,
            WarnAt,
            ClosedAt,
            ClosingReason,
            Version,
            CreatedAt,
        ],
        of: |whose| super::of_client(whose.account),
    }
};

const REMOVAL: &Rows<removal::Entity> = {
    use removal::Column::*;
    &Rows {
        kind: "REMOVAL",
        columns: &[JobPostId, Reason, RemovedAt, Appeal, AppealedAt, Answer, AnsweredAt],
        of: |whose| {
            let posts = super::ids_of_client(whose.account);
            removal::Entity::find().filter(JobPostId.in_subquery(posts))
        },
    }
};

const REPORT: &Rows<job_post_report::Entity> = {
    use job_post_report::Column::*;
    &Rows {
        kind: "REPORT",
        columns: &[Id, JobPostId, ReporterId, Reason, Comment, State, Decision, DecidedAt, CreatedAt],
        of: |whose| super::reports_by(whose.account),
    }
};
