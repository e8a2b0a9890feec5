//! The invariants of the ledger (H-4): each check is one statement that lists what breaks an invariant.

use crate::db::Check;

/// The invariants of this slice.
pub const CHECKS: &[Check] = &[
    Check {
        invariant: "X-3: an entry's three changes sum to zero",
        breaches: "SELECT wallet_id AS subject, seq AS detail FROM entries \
         WHERE available_change + held_change + outside_change <> 0",
    },
    Check {
        invariant: "H-5: an entry's balances follow from the entry before it",
        breaches: "SELECT wallet_id AS subject, seq AS detail FROM (SELECT wallet_id, seq, \
         available_after - available_change - LAG(available_after, 1, CAST(0 AS BIGINT)) OVER w AS available_gap, \
         held_after - held_change - LAG(held_after, 1, CAST(0 AS BIGINT)) OVER w AS held_gap, \
         seq - LAG(seq, 1, CAST(0 AS BIGINT)) OVER w AS step FROM entries \
         WINDOW w AS (PARTITION BY wallet_id ORDER BY seq)) AS x \
         WHERE available_gap <> 0 OR held_gap <> 0 OR step <> 1",
    },
    Check {
        invariant: "X-5: a wallet's totals are those of its last entry",
        breaches: "SELECT w.id AS subject, w.last_entry_seq AS detail FROM wallets w \
         LEFT JOIN entries e ON e.wallet_id = w.id AND e.seq = w.last_entry_seq \
         WHERE w.available <> COALESCE(e.available_after, 0) OR w.held <> COALESCE(e.held_after, 0) \
         OR EXISTS (SELECT 1 FROM entries n WHERE n.wallet_id = w.id AND n.seq > w.last_entry_seq)",
    },
    Check {
        invariant: "X-5: a wallet's spendable Connects are what its lots have left",
        breaches: "SELECT w.id AS subject, w.available AS detail FROM wallets w LEFT JOIN \
         (SELECT wallet_id, SUM(remaining) AS remaining FROM lots WHERE open GROUP BY wallet_id) AS l \
         ON l.wallet_id = w.id WHERE w.available <> COALESCE(l.remaining, 0)",
    },
    Check {
        invariant: "X-5: what is left of a lot is what it got, less what was taken, plus what came back",
        breaches: "SELECT l.wallet_id AS subject, l.seq AS detail FROM lots l LEFT JOIN \
         (SELECT wallet_id, lot_seq, SUM(quantity) AS moved FROM movements GROUP BY wallet_id, lot_seq) AS m \
         ON m.wallet_id = l.wallet_id AND m.lot_seq = l.seq \
         WHERE l.remaining <> l.quantity + COALESCE(m.moved, 0) OR l.remaining < 0 OR l.remaining > l.quantity",
    },
    Check {
        invariant: "X-3: an entry's lots and movements add up to its change",
        breaches: "SELECT e.wallet_id AS subject, e.seq AS detail FROM entries e \
         LEFT JOIN (SELECT wallet_id, entry_seq, SUM(quantity) AS moved FROM movements \
         GROUP BY wallet_id, entry_seq) AS m ON m.wallet_id = e.wallet_id AND m.entry_seq = e.seq \
         LEFT JOIN (SELECT wallet_id, entry_seq, SUM(quantity) AS issued FROM lots \
         GROUP BY wallet_id, entry_seq) AS l ON l.wallet_id = e.wallet_id AND l.entry_seq = e.seq \
         WHERE e.available_change <> COALESCE(m.moved, 0) + COALESCE(l.issued, 0)",
    },
    Check {
        invariant: "L-2: a wallet knows the least expiry of its open lots",
        breaches: "SELECT w.id AS subject, w.last_lot_seq AS detail FROM wallets w LEFT JOIN \
         (SELECT wallet_id, MIN(expires_at) AS expires_at FROM lots WHERE open GROUP BY wallet_id) AS l \
         ON l.wallet_id = w.id WHERE (w.next_expiry_at IS NULL) <> (l.expires_at IS NULL) \
         OR w.next_expiry_at <> l.expires_at",
    },
    Check {
        invariant: "T-3: no more comes back of an entry than it took, and no more is taken back than it gave",
        breaches: "SELECT e.wallet_id AS subject, e.seq AS detail FROM entries e JOIN \
         (SELECT wallet_id, reverses_seq, SUM(available_change) AS available, SUM(held_change) AS held \
         FROM entries WHERE reverses_seq IS NOT NULL GROUP BY wallet_id, reverses_seq) AS r \
         ON r.wallet_id = e.wallet_id AND r.reverses_seq = e.seq \
         WHERE CASE WHEN e.available_change > 0 THEN -r.available > e.available_change \
         ELSE r.available > -e.available_change END OR (e.held_change > 0 AND e.held_change + r.held < 0)",
    },
    Check {
        invariant: "L-5: a lot is booked as expired only when it has expired, effective at that instant",
        breaches: "SELECT e.wallet_id AS subject, e.seq AS detail FROM entries e \
         JOIN movements m ON m.wallet_id = e.wallet_id AND m.entry_seq = e.seq \
         JOIN lots l ON l.wallet_id = m.wallet_id AND l.seq = m.lot_seq \
         WHERE e.kind = 'EXPIRED' AND (e.effective_at <> l.expires_at OR e.recorded_at < l.expires_at)",
    },
    Check {
        invariant: "L-2: nothing is taken from a lot after it has expired",
        breaches: "SELECT e.wallet_id AS subject, e.seq AS detail FROM entries e \
         JOIN movements m ON m.wallet_id = e.wallet_id AND m.entry_seq = e.seq \
         JOIN lots l ON l.wallet_id = m.wallet_id AND l.seq = m.lot_seq \
         WHERE e.kind <> 'EXPIRED' AND m.quantity < 0 AND e.effective_at >= l.expires_at",
    },
];
