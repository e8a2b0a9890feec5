//! What always holds of tickets (H-4).

use crate::db::Check;

/// The invariants of this slice.
pub const CHECKS: &[Check] = &[
    Check {
        invariant: "F-10: a commission is disputed as long as the ticket that disputes it is not closed",
        breaches: "SELECT t.id AS subject, 0 AS detail FROM tickets t \
         LEFT JOIN commission_disputes d ON d.ticket_id = t.id WHERE t.is_dispute <> (d.ticket_id IS NOT NULL) \
         OR (d.ticket_id IS NOT NULL AND (d.settled_at IS NULL) <> (t.closed_at IS NULL))",
    },
    Check {
        invariant: "F-10: a ticket begins with a message of the person who opened it, and nobody writes after its end",
        breaches: "SELECT t.id AS subject, COUNT(m.id) AS detail FROM tickets t \
         LEFT JOIN ticket_messages m ON m.ticket_id = t.id GROUP BY t.id, t.account_id, t.opened_at, t.changed_at \
         HAVING COALESCE(MIN(CASE WHEN m.author_id = t.account_id THEN m.written_at END) <> t.opened_at, TRUE) \
         OR COALESCE(MAX(m.written_at) > t.changed_at, TRUE)",
    },
];
