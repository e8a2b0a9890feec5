//! What always holds of rooms (H-4).

use crate::db::Check;

/// The invariants of this slice.
pub const CHECKS: &[Check] = &[
    Check {
        invariant: "S-9: a room was opened by a message of its client, and its last message is the last one",
        breaches: "SELECT r.id AS subject, COUNT(m.id) AS detail FROM rooms r \
         LEFT JOIN messages m ON m.room_id = r.id GROUP BY r.id, r.opened_at, r.last_message_at, r.client_id \
         HAVING COALESCE(MIN(CASE WHEN m.author_id = r.client_id THEN m.sent_at END) <> r.opened_at, TRUE) \
         OR COALESCE(MIN(m.sent_at) <> r.opened_at, TRUE) OR COALESCE(MAX(m.sent_at) <> r.last_message_at, TRUE)",
    },
    Check {
        invariant: "S-9: only the two sides of a proposal write in its room",
        breaches: "SELECT r.id AS subject, COUNT(*) AS detail FROM messages m JOIN rooms r ON r.id = m.room_id \
         WHERE m.author_id NOT IN (r.client_id, r.freelancer_id) GROUP BY r.id",
    },
    Check {
        invariant: "S-5: a proposal has been interviewing since its room was opened",
        breaches: "SELECT p.id AS subject, p.connects_charged AS detail FROM proposals p \
         LEFT JOIN rooms r ON r.proposal_id = p.id \
         WHERE (p.interviewing_since IS NOT NULL AND (r.id IS NULL OR r.opened_at <> p.interviewing_since)) \
         OR (p.interviewing_since IS NULL AND r.id IS NOT NULL) \
         OR (p.state = 'INTERVIEWING' AND p.interviewing_since IS NULL) \
         OR (p.state = 'SUBMITTED' AND p.interviewing_since IS NOT NULL)",
    },
];
