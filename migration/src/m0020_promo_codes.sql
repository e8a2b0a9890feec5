-- Promo codes (B-5). What a code gives never changes; it can only end earlier or later.
CREATE TABLE promo_codes (
  id {uuid} PRIMARY KEY NOT NULL,
  -- In upper case.
  code {key} NOT NULL UNIQUE,
  kind {text} NOT NULL CHECK (kind IN ('BONUS_CONNECTS', 'FREE_CONNECTS', 'PERCENT_OFF', 'AMOUNT_OFF', 'PLAN_MONTHS')),
  -- Connects, hundredths of a percent, minor units of USD, or months, by kind.
  amount {int} NOT NULL CHECK (amount > 0),
  -- How often it can be used by all, and by one account.
  max_uses {int} CHECK (max_uses > 0),
  per_account {int} NOT NULL CHECK (per_account > 0),
  -- The least that a purchase costs before the discount.
  minimum_cents {int} NOT NULL CHECK (minimum_cents >= 0),
  -- On which plans and in which countries it can be used; none for all.
  plans {json} NOT NULL,
  countries {json} NOT NULL,
  starts_at {instant} NOT NULL,
  ends_at {instant},
  -- How often it is used, or kept for a payment that is under way.
  uses {int} NOT NULL CHECK (uses >= 0),
  actor_id {uuid} NOT NULL REFERENCES accounts (id),
  created_at {instant} NOT NULL,
  CHECK (max_uses IS NULL OR uses <= max_uses)
) {table};

CREATE INDEX promo_codes_by_time ON promo_codes (created_at, id);

-- A use of a code by a person.
CREATE TABLE promo_redemptions (
  id {uuid} PRIMARY KEY NOT NULL,
  promo_code_id {uuid} NOT NULL REFERENCES promo_codes (id),
  account_id {uuid} NOT NULL REFERENCES accounts (id),
  wallet_id {uuid} NOT NULL REFERENCES wallets (id),
  -- Which of the account's uses it is.
  slot {int} NOT NULL CHECK (slot > 0),
  state {text} NOT NULL CHECK (state IN ('RESERVED', 'USED', 'RELEASED')),
  -- What it gives: Connects, and a discount in minor units.
  connects {int} NOT NULL CHECK (connects >= 0),
  discount_cents {int} NOT NULL CHECK (discount_cents >= 0),
  -- The entry that issued the Connects.
  entry_seq {int},
  redeemed_at {instant} NOT NULL,
  -- When it was used or released.
  ended_at {instant},
  CHECK ((state = 'RESERVED') = (ended_at IS NULL)),
  CHECK ((state = 'USED' AND connects > 0) = (entry_seq IS NOT NULL)),
  FOREIGN KEY (wallet_id, entry_seq) REFERENCES entries (wallet_id, seq)
) {table};

CREATE UNIQUE INDEX promo_redemptions_live ON promo_redemptions (promo_code_id, account_id, slot) WHERE state <> 'RELEASED';

CREATE INDEX promo_redemptions_by_code ON promo_redemptions (promo_code_id, redeemed_at, id);

CREATE INDEX promo_redemptions_by_account ON promo_redemptions (account_id, redeemed_at, id);

CREATE UNIQUE INDEX promo_redemptions_by_entry ON promo_redemptions (wallet_id, entry_seq) WHERE entry_seq IS NOT NULL;

-- The promo code that a purchase was made with.
ALTER TABLE purchases ADD COLUMN promo_redemption_id {uuid} REFERENCES promo_redemptions (id);

CREATE UNIQUE INDEX purchases_by_redemption ON purchases (promo_redemption_id) WHERE promo_redemption_id IS NOT NULL
