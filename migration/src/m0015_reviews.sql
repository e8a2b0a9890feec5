-- When an affiliate was suspended or terminated (F-8): from one instant until before the other, if it was lifted.
CREATE TABLE affiliate_suspensions (
  affiliate_id {uuid} NOT NULL REFERENCES affiliates (account_id),
  suspended_at {instant} NOT NULL,
  reinstated_at {instant} CHECK (reinstated_at >= suspended_at),
  PRIMARY KEY (affiliate_id, suspended_at)
) {keyed};

-- Of those of before only the last is known.
INSERT INTO affiliate_suspensions (affiliate_id, suspended_at, reinstated_at)
SELECT account_id, suspended_at,
  CASE WHEN state IN ('SUSPENDED', 'TERMINATED') OR decided_at < suspended_at THEN NULL ELSE decided_at END
FROM affiliates WHERE suspended_at IS NOT NULL;

-- What an ad's address says that it was found by, in lower case; absent for a click that comes from no ad of a search.
ALTER TABLE clicks ADD COLUMN ad_term {text};

-- Why a registration that an affiliate brought may be fraud (F-8). The same evidence is judged once.
CREATE TABLE affiliate_flags (
  id {uuid} PRIMARY KEY NOT NULL,
  client_id {uuid} NOT NULL REFERENCES attributions (client_id),
  affiliate_id {uuid} NOT NULL REFERENCES affiliates (account_id),
  kind {text} NOT NULL CHECK (kind IN ('SELF_REFERRAL', 'RING', 'FAST_SIGN_UP', 'MANY_SIGN_UPS', 'BRAND_BIDDING')),
  -- In JSON, with its keys in order.
  evidence {key} NOT NULL,
  raised_at {instant} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('OPEN', 'CLEARED', 'UPHELD')),
  decided_at {instant},
  decided_by {uuid} REFERENCES accounts (id),
  reason {text},
  UNIQUE (client_id, kind, evidence),
  CHECK ((state = 'OPEN') = (decided_at IS NULL)),
  CHECK ((decided_at IS NULL) = (decided_by IS NULL)),
  CHECK ((decided_at IS NULL) = (reason IS NULL))
) {table};

CREATE INDEX affiliate_flags_by_time ON affiliate_flags (raised_at, id);

CREATE INDEX affiliate_flags_by_state ON affiliate_flags (state, raised_at, id);

CREATE INDEX affiliate_flags_by_affiliate ON affiliate_flags (affiliate_id, raised_at);

-- For counting the sign-ups of a network.
CREATE INDEX attributions_by_click ON attributions (click_id);

-- When a part was paid, by a payout that did not come back.
ALTER TABLE commission_locks ADD COLUMN paid_at {instant};

UPDATE commission_locks SET paid_at =
  (SELECT p.ended_at FROM payouts p WHERE p.id = commission_locks.payout_id AND p.state = 'PAID');

UPDATE commissions SET state = 'PAID' WHERE state = 'LOCKED' AND NOT EXISTS
  (SELECT 1 FROM commission_locks l WHERE l.commission_id = commissions.id AND l.paid_at IS NULL);

-- What somebody asks about a document of theirs: a commission, a payout, or an entry of a wallet's history (F-10).
CREATE TABLE tickets (
  id {uuid} PRIMARY KEY NOT NULL,
  account_id {uuid} NOT NULL REFERENCES accounts (id),
  document_kind {text} NOT NULL CHECK (document_kind IN ('COMMISSION', 'PAYOUT', 'HISTORY_ENTRY')),
  -- The key of the document within its kind.
  document {key} NOT NULL,
  is_dispute {bool} NOT NULL,
  subject {text} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('OPEN', 'ANSWERED', 'CLOSED')),
  opened_at {instant} NOT NULL,
  -- When something was last written, or the ticket was closed.
  changed_at {instant} NOT NULL CHECK (changed_at >= opened_at),
  closed_at {instant},
  closed_by {uuid} REFERENCES accounts (id),
  CHECK ((state = 'CLOSED') = (closed_at IS NOT NULL)),
  CHECK ((closed_at IS NULL) = (closed_by IS NULL)),
  CHECK (NOT is_dispute OR document_kind = 'COMMISSION')
) {table};

CREATE UNIQUE INDEX tickets_in_progress ON tickets (account_id, document_kind, document) WHERE state <> 'CLOSED';

CREATE INDEX tickets_by_account ON tickets (account_id, opened_at, id);

CREATE INDEX tickets_by_time ON tickets (opened_at, id);

CREATE INDEX tickets_by_state ON tickets (state, opened_at, id);

CREATE TABLE ticket_messages (
  id {uuid} PRIMARY KEY NOT NULL,
  ticket_id {uuid} NOT NULL REFERENCES tickets (id),
  author_id {uuid} NOT NULL REFERENCES accounts (id),
  body {text} NOT NULL,
  written_at {instant} NOT NULL
) {table};

CREATE INDEX ticket_messages_by_ticket ON ticket_messages (ticket_id, written_at, id);

CREATE INDEX ticket_messages_by_author ON ticket_messages (author_id, written_at);

-- When a commission was disputed: nothing of it locks from one instant until the other (F-10).
CREATE TABLE commission_disputes (
  ticket_id {uuid} PRIMARY KEY NOT NULL REFERENCES tickets (id),
  commission_id {uuid} NOT NULL REFERENCES commissions (id),
  disputed_at {instant} NOT NULL,
  settled_at {instant} CHECK (settled_at >= disputed_at)
) {table};

CREATE INDEX commission_disputes_by_commission ON commission_disputes (commission_id, disputed_at);
