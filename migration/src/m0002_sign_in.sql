-- Raised to end every session of a person at once.
ALTER TABLE accounts ADD COLUMN session_version {int} NOT NULL DEFAULT 0;

CREATE INDEX accounts_admins ON accounts (id) WHERE is_admin;

-- The password of a person; people made by the command line have none until they reset it.
CREATE TABLE passwords (
  account_id {uuid} PRIMARY KEY NOT NULL REFERENCES accounts (id),
  phc {text} NOT NULL,
  changed_at {instant} NOT NULL
) {keyed};

-- A session is a family of refresh tokens, of which only the current generation counts.
CREATE TABLE sessions (
  id {uuid} PRIMARY KEY NOT NULL,
  account_id {uuid} NOT NULL REFERENCES accounts (id),
  version {int} NOT NULL,
  generation {int} NOT NULL CHECK (generation >= 0),
  token_hash {text} NOT NULL,
  rotated_at {instant} NOT NULL,
  created_at {instant} NOT NULL,
  expires_at {instant} NOT NULL,
  ended_at {instant},
  ended_by {text} CHECK (ended_by IN ('SIGN_OUT', 'SIGN_OUT_EVERYWHERE', 'PASSWORD', 'REUSE', 'CLOSED')),
  CHECK ((ended_at IS NULL) = (ended_by IS NULL))
) {table};

CREATE INDEX sessions_by_account ON sessions (account_id);

CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Mailed tokens. The mail contains the id and a keyed hash of it, so there is no secret here.
CREATE TABLE one_time_tokens (
  id {uuid} PRIMARY KEY NOT NULL,
  account_id {uuid} NOT NULL REFERENCES accounts (id),
  purpose {text} NOT NULL CHECK (purpose IN ('VERIFY_EMAIL', 'RESET_PASSWORD')),
  created_at {instant} NOT NULL,
  expires_at {instant} NOT NULL,
  used_at {instant}
) {table};

CREATE INDEX one_time_tokens_by_account ON one_time_tokens (account_id);

CREATE INDEX one_time_tokens_by_expiry ON one_time_tokens (expires_at);

-- Times at which something was tried that is limited; the subject is a keyed hash.
CREATE TABLE attempts (
  kind {text} NOT NULL,
  subject {key} NOT NULL,
  times {json} NOT NULL,
  last_at {instant} NOT NULL,
  PRIMARY KEY (kind, subject)
) {keyed};

CREATE INDEX attempts_by_age ON attempts (last_at);

-- Roles besides that of an admin, which is a column of the account.
CREATE TABLE account_roles (
  account_id {uuid} NOT NULL REFERENCES accounts (id),
  role {text} NOT NULL CHECK (role IN ('SUPPORT', 'AUDITOR')),
  granted_at {instant} NOT NULL,
  granted_by {uuid},
  PRIMARY KEY (account_id, role)
) {keyed};

-- Who changed roles, money and security, and when; the database refuses to change it.
CREATE TABLE audit_log (
  id {uuid} PRIMARY KEY NOT NULL,
  action {text} NOT NULL,
  actor_id {uuid},
  account_id {uuid},
  subject {text},
  facts {json} NOT NULL,
  business_now {instant} NOT NULL,
  recorded_at {instant} NOT NULL
) {table};

CREATE INDEX audit_log_by_action ON audit_log (action, id);

CREATE INDEX audit_log_by_account ON audit_log (account_id, id) WHERE account_id IS NOT NULL;

-- Mails to be sent, written in the transaction of the fact and delivered at least once.
CREATE TABLE mails (
  id {uuid} PRIMARY KEY NOT NULL,
  kind {text} NOT NULL,
  account_id {uuid} NOT NULL REFERENCES accounts (id),
  token_id {uuid} REFERENCES one_time_tokens (id),
  created_at {instant} NOT NULL,
  attempts {int} NOT NULL CHECK (attempts >= 0),
  next_attempt_at {instant},
  sent_at {instant},
  failed_at {instant},
  error {text},
  CHECK ((next_attempt_at IS NULL) = (sent_at IS NOT NULL OR failed_at IS NOT NULL))
) {table};

CREATE INDEX mails_due ON mails (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

CREATE INDEX mails_by_age ON mails (created_at);

CREATE INDEX mails_by_account ON mails (account_id);

CREATE INDEX mails_by_token ON mails (token_id) WHERE token_id IS NOT NULL;
