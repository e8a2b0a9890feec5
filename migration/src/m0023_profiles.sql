-- What freelancers choose to show of themselves (M-11).
CREATE TABLE profiles (
  account_id {uuid} PRIMARY KEY NOT NULL REFERENCES accounts (id),
  hides_earnings {bool} NOT NULL
) {keyed};

-- The addresses of profiles. One that its owner has given up stays theirs, so that old links lead to nobody else.
CREATE TABLE profile_slugs (
  slug {key} PRIMARY KEY NOT NULL,
  account_id {uuid} NOT NULL REFERENCES accounts (id),
  chosen_at {instant} NOT NULL,
  given_up_at {instant},
  CHECK (given_up_at IS NULL OR given_up_at >= chosen_at)
) {keyed};

CREATE INDEX profile_slugs_by_account ON profile_slugs (account_id, chosen_at, slug);

-- A profile has one address.
CREATE UNIQUE INDEX profile_slugs_in_use ON profile_slugs (account_id) WHERE given_up_at IS NULL;

-- When the person was last seen, to the day; absent if not since they registered.
ALTER TABLE accounts ADD COLUMN active_at {instant};

-- Nobody knows when people were seen until now, so their days count from here.
UPDATE accounts SET active_at = COALESCE((SELECT sandbox_now FROM instance), {now});

CREATE INDEX accounts_by_time ON accounts (created_at, id);

CREATE INDEX accounts_by_country ON accounts (country, created_at, id);

CREATE INDEX talent_badges_by_kind ON talent_badges (kind, account_id) WHERE ended_at IS NULL
