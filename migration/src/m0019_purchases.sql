-- Where a buyer is taxed, beyond their country, and the tax id that companies have (B-2).
CREATE TABLE billing_details (
  account_id {uuid} PRIMARY KEY NOT NULL REFERENCES accounts (id),
  -- The region within the account's country, as ISO 3166-2 has it after the dash.
  region {text},
  tax_id {text},
  set_at {instant} NOT NULL
) {table};

-- Connects that a person buys (B-3). Amounts are in minor units.
CREATE TABLE purchases (
  id {uuid} PRIMARY KEY NOT NULL,
  account_id {uuid} NOT NULL REFERENCES accounts (id),
  wallet_id {uuid} NOT NULL REFERENCES wallets (id),
  quantity {int} NOT NULL CHECK (quantity > 0),
  -- What they cost before a discount, after it, and the tax on that.
  list_cents {int} NOT NULL CHECK (list_cents > 0),
  discount_cents {int} NOT NULL CHECK (discount_cents BETWEEN 0 AND list_cents),
  net_cents {int} NOT NULL,
  tax_cents {int} NOT NULL CHECK (tax_cents >= 0),
  total_cents {int} NOT NULL,
  currency {text} NOT NULL,
  -- Where the buyer was taxed, and how.
  country {text} NOT NULL,
  region {text},
  tax_id {text},
  tax_name {text},
  tax_rate_micros {int} NOT NULL CHECK (tax_rate_micros >= 0),
  reverse_charge {bool} NOT NULL,
  policy_version {int} NOT NULL REFERENCES policies (version),
  state {text} NOT NULL CHECK (state IN ('PENDING', 'PAID', 'FAILED', 'CHARGED_BACK')),
  ordered_at {instant} NOT NULL,
  -- The entry that issued the Connects.
  entry_seq {int},
  -- When it was paid or failed.
  ended_at {instant},
  charged_back_at {instant},
  -- When an admin let the buyer buy again although a bank took this back (B-4).
  excused_at {instant},
  CHECK (net_cents = list_cents - discount_cents),
  CHECK (total_cents = net_cents + tax_cents),
  CHECK ((state = 'PENDING') = (ended_at IS NULL)),
  CHECK ((state IN ('PAID', 'CHARGED_BACK')) = (entry_seq IS NOT NULL)),
  CHECK ((state = 'CHARGED_BACK') = (charged_back_at IS NOT NULL)),
  CHECK (excused_at IS NULL OR charged_back_at IS NOT NULL),
  CHECK (tax_cents = 0 OR tax_name IS NOT NULL),
  FOREIGN KEY (wallet_id, entry_seq) REFERENCES entries (wallet_id, seq)
) {table};

CREATE INDEX purchases_by_account ON purchases (account_id, ordered_at, id);

CREATE INDEX purchases_by_time ON purchases (ordered_at, id);

CREATE INDEX purchases_by_state ON purchases (state, ordered_at, id);

CREATE UNIQUE INDEX purchases_by_entry ON purchases (wallet_id, entry_seq) WHERE entry_seq IS NOT NULL;

CREATE INDEX purchases_charged_back ON purchases (account_id) WHERE state = 'CHARGED_BACK' AND excused_at IS NULL;

-- The lot from which the Connects of a returned lot first came; absent for a lot of their own.
ALTER TABLE lots ADD COLUMN origin_seq {int};

-- When a charge-back took back the purchase that issued the lot: what returns to it is taken away at once (B-4).
ALTER TABLE lots ADD COLUMN revoked_at {instant}
