-- Talent badges of freelancers (K-1), each from a time to a time.
CREATE TABLE talent_badges (
  id {uuid} PRIMARY KEY NOT NULL,
  account_id {uuid} NOT NULL REFERENCES accounts (id),
  kind {text} NOT NULL CHECK (kind IN ('RISING_TALENT', 'TOP_RATED', 'TOP_RATED_PLUS', 'EXPERT_VETTED')),
  awarded_at {instant} NOT NULL,
  ended_at {instant},
  CHECK (ended_at IS NULL OR ended_at >= awarded_at)
) {table};

-- Nobody has the same badge twice at once.
CREATE UNIQUE INDEX talent_badges_held ON talent_badges (account_id, kind) WHERE ended_at IS NULL;

CREATE INDEX talent_badges_by_account ON talent_badges (account_id, awarded_at, id);

-- Mails that a person does not want.
CREATE TABLE mail_opt_outs (
  account_id {uuid} NOT NULL REFERENCES accounts (id),
  topic {text} NOT NULL CHECK (topic IN ('REFERRAL_CAMPAIGNS')),
  opted_out_at {instant} NOT NULL,
  PRIMARY KEY (account_id, topic)
) {keyed};

-- What a mail says besides its fixed words: amounts, days, the page to which it leads.
ALTER TABLE mails ADD COLUMN facts {json};

-- Campaigns in which freelancers refer friends (C-1).
CREATE TABLE referral_campaigns (
  id {uuid} PRIMARY KEY NOT NULL,
  name {text} NOT NULL,
  -- The category in which the friend's earnings count; all if there is none.
  category {text},
  -- Who may refer: people of this country, with this badge or a higher one; all if there is none.
  country {text},
  badge {text},
  opens_at {instant} NOT NULL,
  -- 00:00 UTC after the day of the deadline.
  closes_at {instant} NOT NULL CHECK (closes_at > opens_at),
  threshold_cents {int} NOT NULL CHECK (threshold_cents > 0),
  reward_cents {int} NOT NULL CHECK (reward_cents > 0),
  -- Months of PLUS that the friend is given.
  gift_months {int} NOT NULL CHECK (gift_months >= 0),
  budget_cents {int} NOT NULL CHECK (budget_cents >= 0),
  -- What of it is reserved for rewards, or paid.
  reserved_cents {int} NOT NULL CHECK (reserved_cents >= 0),
  -- When an admin ended it: nobody is referred any more. Friends of before still count.
  ended_at {instant},
  actor_id {uuid} REFERENCES accounts (id),
  created_at {instant} NOT NULL,
  CHECK (reserved_cents <= budget_cents)
) {table};

CREATE INDEX referral_campaigns_by_time ON referral_campaigns (opens_at, id);

CREATE INDEX referral_campaigns_unfinished ON referral_campaigns (closes_at) WHERE ended_at IS NULL;

-- The personal link of a freelancer in a campaign (C-2).
CREATE TABLE referral_links (
  id {uuid} PRIMARY KEY NOT NULL,
  code {key} NOT NULL UNIQUE,
  campaign_id {uuid} NOT NULL REFERENCES referral_campaigns (id),
  referrer_id {uuid} NOT NULL REFERENCES accounts (id),
  issued_at {instant} NOT NULL,
  -- When the referrer was reminded, or when it turned out that there is no need.
  reminded_at {instant},
  UNIQUE (campaign_id, referrer_id)
) {table};

CREATE INDEX referral_links_by_referrer ON referral_links (referrer_id, issued_at, id);

CREATE INDEX referral_links_to_remind ON referral_links (issued_at, id) WHERE reminded_at IS NULL;

-- A friend who registered through such a link (C-2, C-3). A person is referred once.
CREATE TABLE referrals (
  friend_id {uuid} PRIMARY KEY NOT NULL REFERENCES accounts (id),
  id {uuid} NOT NULL UNIQUE,
  campaign_id {uuid} NOT NULL REFERENCES referral_campaigns (id),
  link_id {uuid} NOT NULL REFERENCES referral_links (id),
  referrer_id {uuid} NOT NULL REFERENCES accounts (id),
  registered_at {instant} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('OPEN', 'WAITING', 'QUALIFIED', 'PAID', 'ENDED')),
  reason {text},
  -- When the friend's earnings reached the threshold.
  reached_at {instant},
  -- When the reward is due.
  due_at {instant},
  -- When it was paid, or when it was clear that there is none.
  ended_at {instant},
  CHECK ((state = 'ENDED') = (reason IS NOT NULL)),
  CHECK ((state IN ('PAID', 'ENDED')) = (ended_at IS NOT NULL)),
  CHECK (state NOT IN ('WAITING', 'QUALIFIED', 'PAID') OR reached_at IS NOT NULL),
  CHECK ((state IN ('QUALIFIED', 'PAID')) = (due_at IS NOT NULL))
) {table};

CREATE INDEX referrals_by_link ON referrals (link_id, registered_at, id);

CREATE INDEX referrals_by_referrer ON referrals (referrer_id, registered_at, id);

CREATE INDEX referrals_by_campaign ON referrals (campaign_id, registered_at, id);

CREATE INDEX referrals_by_time ON referrals (registered_at, id);

CREATE INDEX referrals_by_state ON referrals (state, due_at, id);

CREATE INDEX referrals_in_campaign ON referrals (campaign_id, state, id)
