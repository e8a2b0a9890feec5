-- To what a person is paid. The details are encrypted with a key of the ring; one of a person is in use at a time.
CREATE TABLE payout_methods (
  id {uuid} PRIMARY KEY NOT NULL,
  account_id {uuid} NOT NULL REFERENCES accounts (id),
  rail {text} NOT NULL CHECK (rail IN ('BANK_TRANSFER', 'BACS', 'PAYPAL')),
  currency {text} NOT NULL,
  key_id {uuid} NOT NULL REFERENCES keys (id),
  -- Absent once the person was erased.
  sealed {text},
  -- What the person knows it by, such as "account ending in 3000".
  label {text} NOT NULL,
  set_at {instant} NOT NULL,
  usable_at {instant} NOT NULL CHECK (usable_at >= set_at),
  replaced_at {instant},
  CHECK (sealed IS NOT NULL OR replaced_at IS NOT NULL)
) {table};

CREATE UNIQUE INDEX payout_methods_in_use ON payout_methods (account_id) WHERE replaced_at IS NULL;

CREATE INDEX payout_methods_by_account ON payout_methods (account_id, set_at);

CREATE INDEX payout_methods_by_key ON payout_methods (key_id) WHERE sealed IS NOT NULL;

-- When an affiliate wants to be paid: on a day of each month, or once enough is due (F-7).
CREATE TABLE payout_preferences (
  account_id {uuid} PRIMARY KEY NOT NULL REFERENCES accounts (id),
  schedule {text} NOT NULL CHECK (schedule IN ('FIRST', 'FIFTEENTH', 'THRESHOLD')),
  threshold_cents {int},
  changed_at {instant} NOT NULL,
  CHECK ((schedule = 'THRESHOLD') = (threshold_cents IS NOT NULL))
) {table};

-- Which admin has approved which plan, by what the plan says (W-1).
CREATE TABLE payout_approvals (
  digest {key} NOT NULL,
  admin_id {uuid} NOT NULL REFERENCES accounts (id),
  approved_at {instant} NOT NULL,
  PRIMARY KEY (digest, admin_id, approved_at)
) {keyed};

-- Payouts that leave together, by one rail in one currency.
CREATE TABLE payout_batches (
  id {uuid} PRIMARY KEY NOT NULL,
  rail {text} NOT NULL,
  currency {text} NOT NULL,
  payouts {int} NOT NULL CHECK (payouts > 0),
  total_minor {int} NOT NULL CHECK (total_minor > 0),
  created_at {instant} NOT NULL,
  -- The name of its file, once that is complete.
  file {key} UNIQUE,
  written_at {instant},
  CHECK ((file IS NULL) = (written_at IS NULL))
) {table};

CREATE INDEX payout_batches_to_write ON payout_batches (created_at, id) WHERE written_at IS NULL;

-- Money that goes out to a person (W-1). The id is the key with the provider, too.
CREATE TABLE payouts (
  id {uuid} PRIMARY KEY NOT NULL,
  purpose {text} NOT NULL CHECK (purpose IN ('COMMISSIONS', 'WITHDRAWAL')),
  account_id {uuid} NOT NULL REFERENCES accounts (id),
  amount_cents {int} NOT NULL CHECK (amount_cents > 0),
  currency {text} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('SCHEDULED', 'HELD', 'PROCESSING', 'UNKNOWN', 'PAID', 'FAILED')),
  hold {text},
  failure {text},
  method_id {uuid} REFERENCES payout_methods (id),
  provider {text},
  batch_id {uuid} REFERENCES payout_batches (id),
  -- What the person gets, converted once (W-5): micros of the currency for a dollar, and who says so.
  paid_currency {text},
  paid_minor {int} CHECK (paid_minor > 0),
  rate_micros {int} CHECK (rate_micros > 0),
  rate_source {text},
  reference {key},
  attempts {int} NOT NULL CHECK (attempts >= 0),
  -- When the provider is asked next.
  ask_at {instant},
  created_at {instant} NOT NULL,
  sent_at {instant},
  ended_at {instant},
  CHECK ((hold IS NOT NULL) = (state = 'HELD')),
  CHECK ((failure IS NOT NULL) = (state = 'FAILED')),
  CHECK ((ended_at IS NOT NULL) = (state IN ('PAID', 'FAILED'))),
  CHECK (state IN ('SCHEDULED', 'HELD', 'FAILED') OR (method_id IS NOT NULL AND paid_minor IS NOT NULL
    AND rate_micros IS NOT NULL AND provider IS NOT NULL)),
  CHECK (ask_at IS NULL OR state IN ('PROCESSING', 'UNKNOWN'))
) {table};

CREATE INDEX payouts_by_account ON payouts (account_id, created_at, id);

CREATE INDEX payouts_by_creation ON payouts (created_at, id);

CREATE INDEX payouts_by_method ON payouts (method_id, created_at) WHERE method_id IS NOT NULL;

CREATE INDEX payouts_to_ask ON payouts (ask_at) WHERE ask_at IS NOT NULL;

CREATE INDEX payouts_waiting ON payouts (created_at) WHERE state IN ('SCHEDULED', 'HELD');

CREATE INDEX payouts_by_reference ON payouts (reference) WHERE reference IS NOT NULL;

CREATE INDEX payouts_by_batch ON payouts (batch_id) WHERE batch_id IS NOT NULL;

-- What a payout of commissions pays: each locked part once, unless the payout failed.
CREATE TABLE payout_items (
  payout_id {uuid} NOT NULL REFERENCES payouts (id),
  lock_id {uuid} NOT NULL REFERENCES commission_locks (id),
  amount_cents {int} NOT NULL CHECK (amount_cents > 0),
  PRIMARY KEY (payout_id, lock_id)
) {keyed};

CREATE INDEX payout_items_by_lock ON payout_items (lock_id);

-- What the built-in provider of a sandbox knows of payouts: its own truth, which no transaction of ours writes.
CREATE TABLE sandbox_transfers (
  key {uuid} PRIMARY KEY NOT NULL,
  payee {text} NOT NULL,
  amount_minor {int} NOT NULL,
  currency {text} NOT NULL,
  attempts {int} NOT NULL,
  -- Whether it has heard of the transfer; otherwise that was lost on the way.
  accepted {bool} NOT NULL,
  failure {text},
  transferred_at {instant} NOT NULL
) {table};
