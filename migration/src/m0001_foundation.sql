-- One row: which time this database follows and, in a sandbox, what that time is.
CREATE TABLE instance (
  id {int} PRIMARY KEY CHECK (id = 1),
  clock {text} NOT NULL CHECK (clock IN ('SYSTEM', 'SANDBOX')),
  sandbox_now {instant},
  sandbox_secret {text},
  -- A keyed hash that only the secret of this database makes; absent until a process first uses one.
  secret_mark {text},
  -- The last instant at which a task was rung for in system time (Q-1).
  seen_at {instant},
  -- When the demo was made, written in the transaction that made all of it.
  demo_at {instant},
  CHECK ((clock = 'SANDBOX') = (sandbox_now IS NOT NULL)),
  CHECK (clock = 'SANDBOX' OR sandbox_secret IS NULL)
) {table};

-- One row: when somebody last asked whether a COMMIT is possible.
CREATE TABLE probes (
  id {int} PRIMARY KEY CHECK (id = 1),
  probed_at {instant} NOT NULL
) {table};

-- Versions of the policy document; the one in force is the last that has begun.
CREATE TABLE policies (
  version {int} PRIMARY KEY,
  effective_from {instant} NOT NULL,
  document {json} NOT NULL,
  actor_id {uuid},
  recorded_at {instant} NOT NULL
) {table};

CREATE TABLE accounts (
  id {uuid} PRIMARY KEY NOT NULL,
  email {key} NOT NULL UNIQUE,
  name {text} NOT NULL,
  country {text} NOT NULL,
  is_client {bool} NOT NULL,
  is_admin {bool} NOT NULL,
  email_verified_at {instant},
  created_at {instant} NOT NULL,
  -- When personal data was replaced by a pseudonym (P-6).
  erased_at {instant}
) {table};

-- The next pseudonym is the next number.
CREATE INDEX accounts_erased ON accounts (erased_at) WHERE erased_at IS NOT NULL;

-- Periods in which a person is suspended or their account is closed (P-4, P-6).
CREATE TABLE restrictions (
  account_id {uuid} NOT NULL REFERENCES accounts (id),
  kind {text} NOT NULL,
  from_at {instant} NOT NULL,
  until_at {instant},
  reason {text} NOT NULL,
  actor_id {uuid},
  PRIMARY KEY (account_id, kind, from_at),
  CHECK (until_at IS NULL OR until_at >= from_at)
) {keyed};

-- One-time rewards, by a keyed hash of the person, so that they stay spent after an account closes (R-1).
CREATE TABLE reward_claims (
  kind {text} NOT NULL,
  person_hash {key} NOT NULL,
  claimed_at {instant} NOT NULL,
  PRIMARY KEY (kind, person_hash)
) {keyed};

CREATE TABLE wallets (
  id {uuid} PRIMARY KEY NOT NULL,
  account_id {uuid} NOT NULL UNIQUE REFERENCES accounts (id),
  available {int} NOT NULL CHECK (available >= 0),
  held {int} NOT NULL CHECK (held >= 0),
  last_entry_seq {int} NOT NULL,
  last_lot_seq {int} NOT NULL,
  next_expiry_at {instant},
  last_recorded_at {instant} NOT NULL,
  created_at {instant} NOT NULL
) {hot};

-- Each row is a balanced transfer between the wallet's two accounts and the outside world (X-3).
CREATE TABLE entries (
  wallet_id {uuid} NOT NULL REFERENCES wallets (id),
  seq {int} NOT NULL CHECK (seq > 0),
  kind {text} NOT NULL,
  available_change {int} NOT NULL,
  held_change {int} NOT NULL,
  outside_change {int} NOT NULL,
  available_after {int} NOT NULL CHECK (available_after >= 0),
  held_after {int} NOT NULL CHECK (held_after >= 0),
  business_key {key} NOT NULL,
  document_kind {text} NOT NULL,
  document_id {text} NOT NULL,
  actor_id {uuid},
  reverses_seq {int},
  effective_at {instant} NOT NULL,
  recorded_at {instant} NOT NULL,
  PRIMARY KEY (wallet_id, seq),
  UNIQUE (wallet_id, business_key),
  CHECK (available_change + held_change + outside_change = 0),
  CHECK (available_change <> 0 OR held_change <> 0),
  CHECK (effective_at <= recorded_at)
) {keyed};

CREATE TABLE lots (
  wallet_id {uuid} NOT NULL,
  seq {int} NOT NULL CHECK (seq > 0),
  entry_seq {int} NOT NULL,
  source {text} NOT NULL,
  quantity {int} NOT NULL CHECK (quantity > 0),
  remaining {int} NOT NULL CHECK (remaining >= 0 AND remaining <= quantity),
  open {bool} NOT NULL,
  issued_at {instant} NOT NULL,
  order_at {instant} NOT NULL,
  expires_at {instant} NOT NULL,
  grace_used {bool} NOT NULL,
  PRIMARY KEY (wallet_id, seq),
  FOREIGN KEY (wallet_id, entry_seq) REFERENCES entries (wallet_id, seq),
  CHECK (open = (remaining > 0)),
  CHECK (issued_at < expires_at)
) {hot};

-- What expires next, over all wallets (L-5, L-6).
CREATE INDEX lots_open_by_expiry ON lots (expires_at, wallet_id) WHERE open;

-- How much of an entry has come back (T-3, T-5).
CREATE INDEX entries_by_reversed ON entries (wallet_id, reverses_seq) WHERE reverses_seq IS NOT NULL;

-- How many Connects an entry took from a lot (negative) or gave back to it (positive).
CREATE TABLE movements (
  wallet_id {uuid} NOT NULL,
  entry_seq {int} NOT NULL,
  lot_seq {int} NOT NULL,
  quantity {int} NOT NULL CHECK (quantity <> 0),
  PRIMARY KEY (wallet_id, entry_seq, lot_seq),
  FOREIGN KEY (wallet_id, entry_seq) REFERENCES entries (wallet_id, seq),
  FOREIGN KEY (wallet_id, lot_seq) REFERENCES lots (wallet_id, seq)
) {keyed};

CREATE TABLE memberships (
  wallet_id {uuid} PRIMARY KEY NOT NULL REFERENCES wallets (id),
  anchor_day {int} NOT NULL CHECK (anchor_day BETWEEN 1 AND 31),
  cycle_started_at {instant} NOT NULL,
  next_grant_at {instant} NOT NULL,
  CHECK (cycle_started_at < next_grant_at)
) {hot};

-- Which cycles have begun (M-4): the group key first, then the wallets of a group in order.
CREATE INDEX memberships_due ON memberships (next_grant_at, anchor_day, wallet_id);

-- Plans other than the default one, each from an instant to an instant.
CREATE TABLE plan_periods (
  wallet_id {uuid} NOT NULL REFERENCES memberships (wallet_id),
  plan {text} NOT NULL,
  from_at {instant} NOT NULL,
  until_at {instant},
  actor_id {uuid},
  recorded_at {instant} NOT NULL,
  PRIMARY KEY (wallet_id, from_at),
  CHECK (until_at IS NULL OR until_at >= from_at)
) {keyed};

CREATE TABLE job_posts (
  id {uuid} PRIMARY KEY NOT NULL,
  client_id {uuid} NOT NULL REFERENCES accounts (id),
  business_key {key} NOT NULL UNIQUE,
  title {text} NOT NULL,
  description {text} NOT NULL,
  category {text} NOT NULL,
  subcategory {text},
  skills {json} NOT NULL,
  payment {text} NOT NULL CHECK (payment IN ('FIXED', 'HOURLY')),
  budget_cents {int} CHECK (budget_cents >= 0),
  hourly_min_cents {int} CHECK (hourly_min_cents >= 0),
  hourly_max_cents {int} CHECK (hourly_max_cents >= hourly_min_cents),
  currency {text} NOT NULL,
  experience_level {text},
  duration_weeks {int} CHECK (duration_weeks > 0),
  weekly_hours {int} CHECK (weekly_hours > 0),
  hires_wanted {int} NOT NULL CHECK (hires_wanted > 0),
  visibility {text} NOT NULL,
  is_free {bool} NOT NULL,
  state {text} NOT NULL,
  proposal_count {int} NOT NULL CHECK (proposal_count >= 0),
  connects_price {int} NOT NULL CHECK (connects_price >= 0),
  price_basis {json} NOT NULL,
  published_at {instant},
  last_activity_at {instant} NOT NULL,
  expires_at {instant},
  warn_at {instant},
  closed_at {instant},
  closing_reason {text},
  version {int} NOT NULL,
  -- The search terms of title, description and skills, lower-cased and separated by spaces.
  search_text {text} NOT NULL,
  created_at {instant} NOT NULL,
  CHECK ((state = 'DRAFT') = (published_at IS NULL)),
  CHECK ((state = 'OPEN') = (expires_at IS NOT NULL)),
  CHECK (warn_at IS NULL OR state = 'OPEN')
) {table};

CREATE INDEX job_posts_by_publication ON job_posts (state, published_at, id);

CREATE INDEX job_posts_by_client ON job_posts (client_id, created_at, id);

-- Which post expires next, and whose client must be warned next (J-4).
CREATE INDEX job_posts_by_expiry ON job_posts (expires_at) WHERE state = 'OPEN';

CREATE INDEX job_posts_by_warning ON job_posts (warn_at) WHERE warn_at IS NOT NULL;

CREATE TABLE proposals (
  id {uuid} PRIMARY KEY NOT NULL,
  job_post_id {uuid} NOT NULL REFERENCES job_posts (id),
  freelancer_id {uuid} NOT NULL REFERENCES accounts (id),
  wallet_id {uuid} NOT NULL REFERENCES wallets (id),
  cover_letter {text} NOT NULL,
  connects_charged {int} NOT NULL CHECK (connects_charged >= 0),
  entry_seq {int},
  amount_cents {int} CHECK (amount_cents > 0),
  state {text} NOT NULL,
  submitted_at {instant} NOT NULL,
  edited_at {instant},
  viewed_at {instant},
  shortlisted_at {instant},
  hidden_at {instant},
  ended_at {instant},
  ended_reason {text},
  UNIQUE (job_post_id, freelancer_id),
  FOREIGN KEY (wallet_id, entry_seq) REFERENCES entries (wallet_id, seq),
  CHECK ((connects_charged > 0) = (entry_seq IS NOT NULL)),
  CHECK ((state IN ('DECLINED', 'WITHDRAWN', 'ARCHIVED')) = (ended_at IS NOT NULL))
) {table};

CREATE INDEX proposals_by_post ON proposals (job_post_id, submitted_at, id);

CREATE INDEX proposals_by_freelancer ON proposals (freelancer_id, submitted_at, id);

-- Notifications to a person, written in the transaction of the fact (N-1, in-app part).
CREATE TABLE notifications (
  account_id {uuid} NOT NULL REFERENCES accounts (id),
  key {key} NOT NULL,
  kind {text} NOT NULL,
  wallet_id {uuid} REFERENCES wallets (id),
  job_post_id {uuid} REFERENCES job_posts (id),
  -- The title of the post.
  subject {text},
  quantity {int},
  -- What else the sentence says, such as the reason that was given.
  facts {json},
  about_at {instant} NOT NULL,
  threshold_days {int},
  created_at {instant} NOT NULL,
  read_at {instant},
  PRIMARY KEY (account_id, key)
) {keyed};

CREATE INDEX notifications_by_time ON notifications (account_id, created_at, key);

-- Which lot was announced at which threshold (L-6), so that none is announced twice.
CREATE TABLE expiry_notices (
  wallet_id {uuid} NOT NULL,
  lot_seq {int} NOT NULL,
  threshold_days {int} NOT NULL,
  noticed_at {instant} NOT NULL,
  PRIMARY KEY (wallet_id, lot_seq, threshold_days),
  FOREIGN KEY (wallet_id, lot_seq) REFERENCES lots (wallet_id, seq)
) {keyed};

CREATE TABLE idempotency_keys (
  account_id {uuid} NOT NULL REFERENCES accounts (id),
  mutation {text} NOT NULL,
  key {key} NOT NULL,
  arguments_hash {text} NOT NULL,
  outcome {json},
  created_at {instant} NOT NULL,
  PRIMARY KEY (account_id, mutation, key)
) {table};

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- Operators' switches for tasks; a task without a row is not paused.
CREATE TABLE task_states (
  name {key} PRIMARY KEY NOT NULL,
  paused_at {instant},
  paused_by {uuid}
) {table};

CREATE TABLE task_runs (
  id {uuid} PRIMARY KEY NOT NULL,
  task {key} NOT NULL,
  trigger {text} NOT NULL,
  due_at {instant} NOT NULL,
  business_now {instant} NOT NULL,
  started_at {instant} NOT NULL,
  finished_at {instant},
  outcome {text} NOT NULL,
  counts {json} NOT NULL,
  error {text},
  actor_id {uuid}
) {table};

-- One run for each occurrence of a timetable, however many machines ring (Q-2, Q-3); runs that failed or
-- crashed are kept beside the one that succeeds.
CREATE UNIQUE INDEX task_runs_occurrence ON task_runs (task, due_at)
  WHERE trigger IN ('CRON', 'CATCH_UP') AND outcome IN ('RUNNING', 'SUCCEEDED');

CREATE INDEX task_runs_by_task ON task_runs (task, id);

CREATE TABLE leases (
  name {key} PRIMARY KEY NOT NULL,
  holder {text} NOT NULL,
  -- By the database's clock; on SQLite by the time since its machine started, which nobody can set.
  expires_at {instant} NOT NULL,
  -- The goal of an advance of the clock.
  goal_at {instant}
) {table};
