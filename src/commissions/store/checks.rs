//! What always holds of commissions (H-4).

use crate::db::Check;

/// The invariants of this slice.
pub const CHECKS: &[Check] = &[
    Check {
        invariant: "F-6: what has locked of a commission is the sum of its locks, and no more than it can earn",
        breaches: "SELECT c.id AS subject, c.locked_cents AS detail FROM commissions c \
         LEFT JOIN (SELECT commission_id, SUM(amount_cents) AS total FROM commission_locks GROUP BY commission_id) AS l \
         ON l.commission_id = c.id WHERE c.locked_cents <> COALESCE(l.total, 0) \
         OR c.locked_cents > c.cap_cents OR c.locked_cents > (c.base_cents * c.rate_basis_points + 5000) / 10000",
    },
    Check {
        invariant: "F-5: a commission is on the payment of its milestone, by its client, in its contract",
        breaches: "SELECT c.id AS subject, c.base_cents AS detail FROM commissions c \
         LEFT JOIN payments p ON p.id = c.payment_id LEFT JOIN milestones m ON m.id = c.milestone_id \
         LEFT JOIN contracts k ON k.id = c.contract_id \
         WHERE p.id IS NULL OR m.id IS NULL OR k.id IS NULL OR p.document_id <> m.id OR m.contract_id <> k.id \
         OR k.client_id <> c.client_id OR k.freelancer_id <> c.freelancer_id OR p.amount_cents <> c.base_cents \
         OR p.state <> 'PAID' OR m.funded_at <> c.funded_at",
    },
    Check {
        invariant: "F-4: a commission is the affiliate's to whom its client is attributed",
        breaches: "SELECT a.client_id AS subject, 0 AS detail FROM attributions a \
         LEFT JOIN commissions c ON c.client_id = a.client_id \
         WHERE (a.state = 'COMMISSIONED') <> (c.id IS NOT NULL) \
         OR c.affiliate_id <> a.affiliate_id OR c.link_id <> a.link_id",
    },
    Check {
        invariant: "F-4: a registration is attributed to a click on the affiliate's own link",
        breaches: "SELECT a.client_id AS subject, 0 AS detail FROM attributions a \
         LEFT JOIN clicks k ON k.id = a.click_id LEFT JOIN affiliate_links l ON l.id = a.link_id \
         WHERE k.id IS NULL OR l.id IS NULL OR k.link_id <> l.id OR l.affiliate_id <> a.affiliate_id \
         OR k.clicked_at <> a.clicked_at OR k.clicked_at > a.registered_at",
    },
];
