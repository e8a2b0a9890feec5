//! All SQL of closing: what always holds once posts and accounts have ended (H-4).

use crate::db::Check;

/// The invariants of this slice.
pub const CHECKS: &[Check] = &[
    Check {
        invariant: "T-1: a return reverses the charge of the proposal that is its document",
        breaches: "SELECT e.wallet_id AS subject, e.seq AS detail FROM entries e \
         LEFT JOIN proposals p ON p.wallet_id = e.wallet_id AND p.entry_seq = e.reverses_seq \
         LEFT JOIN job_posts j ON j.id = p.job_post_id \
         WHERE e.kind IN ('RETURNED_CANCELLED', 'RETURNED_REMOVED') \
         AND (p.id IS NULL OR e.business_key <> 'RETURNED/' || j.business_key \
         OR e.document_kind <> 'PROPOSAL')",
    },
    Check {
        invariant: "T-1: nobody was hired for a cancelled post",
        breaches: "SELECT j.id AS subject, 0 AS detail FROM job_posts j JOIN contracts c ON c.job_post_id = j.id \
         WHERE j.state = 'CANCELLED'",
    },
    Check {
        invariant: "P-6: a person whose account is closed has no contract that goes on",
        breaches: "SELECT c.id AS subject, 0 AS detail FROM contracts c JOIN restrictions r \
         ON (r.account_id = c.client_id OR r.account_id = c.freelancer_id) \
         WHERE c.state = 'ACTIVE' AND r.kind = 'CLOSED' AND r.until_at IS NULL",
    },
    Check {
        invariant: "P-6: a person whose account is closed has no live proposal",
        breaches: "SELECT p.wallet_id AS subject, p.connects_charged AS detail FROM proposals p \
         JOIN restrictions r ON r.account_id = p.freelancer_id AND r.kind = 'CLOSED' AND r.until_at IS NULL \
         JOIN job_posts j ON j.id = p.job_post_id AND j.state = 'OPEN' AND j.expires_at > r.from_at \
         WHERE p.state IN ('SUBMITTED', 'INTERVIEWING', 'OFFERED')",
    },
];
