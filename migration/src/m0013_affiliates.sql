-- What people were seen with, as keyed hashes: two accounts that share one are related (F-4, F-8, F-9). They are kept when
-- an account is closed.
CREATE TABLE traces (
  account_id {uuid} NOT NULL REFERENCES accounts (id),
  kind {text} NOT NULL CHECK (kind IN ('PERSON', 'ORGANISATION', 'DEVICE', 'PAYMENT', 'PAYOUT')),
  hash {key} NOT NULL,
  seen_at {instant} NOT NULL,
  PRIMARY KEY (account_id, kind, hash)
) {keyed};

CREATE INDEX traces_by_hash ON traces (kind, hash, account_id);

-- When all accounts of before had their traces.
ALTER TABLE instance ADD COLUMN traced_at {instant};

-- People in the affiliate programme (F-1).
CREATE TABLE affiliates (
  account_id {uuid} PRIMARY KEY NOT NULL REFERENCES accounts (id),
  state {text} NOT NULL CHECK (state IN ('PENDING', 'APPROVED', 'REJECTED', 'SUSPENDED', 'TERMINATED')),
  website {text} NOT NULL,
  promotion {text} NOT NULL,
  terms_version {int} NOT NULL,
  applied_at {instant} NOT NULL,
  decided_at {instant},
  decided_by {uuid} REFERENCES accounts (id),
  reason {text},
  -- When the affiliate was last suspended or terminated: what was earned before and was not locked by then is reversed (F-8).
  suspended_at {instant},
  CHECK ((state = 'PENDING') = (decided_at IS NULL)),
  CHECK (state NOT IN ('SUSPENDED', 'TERMINATED') OR suspended_at IS NOT NULL)
) {table};

CREATE INDEX affiliates_by_application ON affiliates (applied_at, account_id);

CREATE INDEX affiliates_by_state ON affiliates (state, applied_at, account_id);

-- An affiliate's links (F-2). A target is a path of the platform's own site, never an address.
CREATE TABLE affiliate_links (
  id {uuid} PRIMARY KEY NOT NULL,
  code {key} NOT NULL UNIQUE,
  affiliate_id {uuid} NOT NULL REFERENCES affiliates (account_id),
  label {text} NOT NULL,
  target {text} NOT NULL CHECK (target IN ('TALENT_MARKETPLACE', 'PROJECT_CATALOG', 'DEEP_LINK')),
  path {text} NOT NULL,
  created_at {instant} NOT NULL,
  retired_at {instant}
) {table};

CREATE INDEX affiliate_links_by_affiliate ON affiliate_links (affiliate_id, created_at, id);

-- Clicks on links that count (F-3).
CREATE TABLE clicks (
  id {uuid} PRIMARY KEY NOT NULL,
  link_id {uuid} NOT NULL REFERENCES affiliate_links (id),
  -- One browser, as far as its cookie says.
  visitor_id {uuid} NOT NULL,
  clicked_at {instant} NOT NULL,
  -- The network that it came from, as a keyed hash.
  network {key} NOT NULL
) {table};

CREATE INDEX clicks_by_visitor ON clicks (visitor_id, clicked_at, id);

CREATE INDEX clicks_by_link ON clicks (link_id, clicked_at);

-- To whom a registration is attributed that came with a click, or why to nobody (F-4). Nothing attributes it again.
CREATE TABLE attributions (
  client_id {uuid} PRIMARY KEY NOT NULL REFERENCES accounts (id),
  -- What an affiliate knows it by, who does not learn who the client is.
  id {uuid} NOT NULL UNIQUE,
  click_id {uuid} NOT NULL REFERENCES clicks (id),
  link_id {uuid} NOT NULL REFERENCES affiliate_links (id),
  affiliate_id {uuid} NOT NULL REFERENCES affiliates (account_id),
  clicked_at {instant} NOT NULL,
  registered_at {instant} NOT NULL,
  -- A hire counts strictly before this instant (F-5).
  hire_before {instant} NOT NULL,
  country {text} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('OPEN', 'REFUSED', 'NO_HIRE_IN_TIME', 'COMMISSIONED')),
  refusal {text},
  closed_at {instant},
  CHECK ((state = 'OPEN') = (closed_at IS NULL)),
  CHECK ((state = 'REFUSED') = (refusal IS NOT NULL))
) {table};

CREATE INDEX attributions_open ON attributions (hire_before) WHERE state = 'OPEN';

CREATE INDEX attributions_by_affiliate ON attributions (affiliate_id, registered_at, id);

CREATE INDEX attributions_by_link ON attributions (link_id, registered_at);

-- What an affiliate earns by a new client (F-5, F-6). The values of the policy in force at the funding stay.
CREATE TABLE commissions (
  id {uuid} PRIMARY KEY NOT NULL,
  client_id {uuid} NOT NULL UNIQUE REFERENCES attributions (client_id),
  affiliate_id {uuid} NOT NULL REFERENCES affiliates (account_id),
  link_id {uuid} NOT NULL REFERENCES affiliate_links (id),
  contract_id {uuid} NOT NULL REFERENCES contracts (id),
  milestone_id {uuid} NOT NULL REFERENCES milestones (id),
  payment_id {uuid} NOT NULL UNIQUE REFERENCES payments (id),
  freelancer_id {uuid} NOT NULL REFERENCES accounts (id),
  base_cents {int} NOT NULL CHECK (base_cents > 0),
  rate_basis_points {int} NOT NULL CHECK (rate_basis_points BETWEEN 0 AND 10000),
  cap_cents {int} NOT NULL CHECK (cap_cents >= 0),
  policy_version {int} NOT NULL,
  currency {text} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('PENDING', 'LOCKED', 'PAID', 'REVERSED', 'OUTSIDE_TERMS')),
  reason {text},
  locked_cents {int} NOT NULL CHECK (locked_cents >= 0),
  -- The end of the month at which it is looked at next.
  next_lock_at {instant},
  funded_at {instant} NOT NULL,
  created_at {instant} NOT NULL,
  ended_at {instant},
  CHECK (locked_cents <= cap_cents),
  CHECK ((state = 'PENDING') = (next_lock_at IS NOT NULL)),
  CHECK ((state = 'PENDING') = (ended_at IS NULL)),
  CHECK ((state IN ('REVERSED', 'OUTSIDE_TERMS')) = (reason IS NOT NULL))
) {table};

CREATE INDEX commissions_to_lock ON commissions (next_lock_at, id) WHERE state = 'PENDING';

CREATE INDEX commissions_by_affiliate ON commissions (affiliate_id, funded_at, id);

CREATE INDEX commissions_by_link ON commissions (link_id, funded_at);

CREATE INDEX commissions_by_milestone ON commissions (milestone_id);

-- What of a commission locked at the end of a month, and when it is due (F-6).
CREATE TABLE commission_locks (
  id {uuid} PRIMARY KEY NOT NULL,
  commission_id {uuid} NOT NULL REFERENCES commissions (id),
  affiliate_id {uuid} NOT NULL REFERENCES affiliates (account_id),
  locked_at {instant} NOT NULL,
  -- What had been released by then and not taken back.
  released_cents {int} NOT NULL CHECK (released_cents >= 0),
  amount_cents {int} NOT NULL CHECK (amount_cents > 0),
  due_at {instant} NOT NULL CHECK (due_at >= locked_at),
  -- The payout that pays it, unless that failed. There is one column for it, so nothing is paid twice.
  payout_id {uuid},
  UNIQUE (commission_id, locked_at)
) {table};

CREATE INDEX commission_locks_to_pay ON commission_locks (affiliate_id, due_at) WHERE payout_id IS NULL;

CREATE INDEX commission_locks_due ON commission_locks (due_at) WHERE payout_id IS NULL;

CREATE INDEX commission_locks_by_payout ON commission_locks (payout_id) WHERE payout_id IS NOT NULL;

CREATE INDEX commission_locks_by_affiliate ON commission_locks (affiliate_id, due_at, id);
