-- How the cycles of a plan are paid: not at all, because an admin granted it; by the person; or by months that were given.
ALTER TABLE plan_periods ADD COLUMN basis {text} NOT NULL DEFAULT 'GRANTED' CHECK (basis IN ('GRANTED', 'CHARGED', 'GIFT'));

-- When the person cancelled the plan, if they did; until it ends, they can keep it.
ALTER TABLE plan_periods ADD COLUMN cancelled_at {instant};

CREATE INDEX plan_periods_to_renew ON plan_periods (wallet_id) WHERE basis <> 'GRANTED';

-- Months of a plan that were given to a person, the first one used first (M-10, M-13).
CREATE TABLE gift_months (
  wallet_id {uuid} NOT NULL REFERENCES memberships (wallet_id),
  seq {int} NOT NULL CHECK (seq > 0),
  plan {text} NOT NULL,
  source {text} NOT NULL CHECK (source IN ('PROMO', 'REFERRAL', 'ADMIN')),
  actor_id {uuid} REFERENCES accounts (id),
  given_at {instant} NOT NULL,
  -- The start of the cycle for which it was used.
  used_at {instant},
  PRIMARY KEY (wallet_id, seq)
) {keyed};

CREATE INDEX gift_months_left ON gift_months (wallet_id, seq) WHERE used_at IS NULL;

CREATE INDEX gift_months_by_cycle ON gift_months (wallet_id, used_at) WHERE used_at IS NOT NULL;

-- Cycles that have begun and are to be paid by the person (M-7).
CREATE TABLE renewals (
  wallet_id {uuid} NOT NULL REFERENCES memberships (wallet_id),
  starts_at {instant} NOT NULL,
  plan {text} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('DUE', 'CHARGING', 'PAID', 'FAILED')),
  ended_at {instant},
  PRIMARY KEY (wallet_id, starts_at),
  CHECK ((state IN ('PAID', 'FAILED')) = (ended_at IS NOT NULL))
) {keyed};

CREATE INDEX renewals_due ON renewals (starts_at, wallet_id) WHERE state = 'DUE';

-- What is bought: Connects, or a cycle of a plan with its paid part.
ALTER TABLE purchases ADD COLUMN item {text} NOT NULL DEFAULT 'CONNECTS' CHECK (item IN ('CONNECTS', 'MEMBERSHIP'));

ALTER TABLE purchases ADD COLUMN plan {text} CHECK ((plan IS NOT NULL) = (item = 'MEMBERSHIP'));

-- When the cycle starts; for an upgrade, once it is paid.
ALTER TABLE purchases ADD COLUMN cycle_starts_at {instant};

CREATE UNIQUE INDEX purchases_of_upgrade ON purchases (wallet_id) WHERE item = 'MEMBERSHIP' AND state = 'PENDING' AND cycle_starts_at IS NULL;

CREATE INDEX purchases_by_cycle ON purchases (wallet_id, cycle_starts_at) WHERE cycle_starts_at IS NOT NULL
