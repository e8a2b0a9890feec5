-- A person's ways to pay. The provider keeps them; here is its token for each, and nothing of a card.
CREATE TABLE payment_methods (
  id {uuid} PRIMARY KEY NOT NULL,
  account_id {uuid} NOT NULL REFERENCES accounts (id),
  provider {text} NOT NULL,
  token {key} NOT NULL,
  -- What the person knows it by, such as "Visa ending in 4242".
  label {text} NOT NULL,
  is_primary {bool} NOT NULL,
  added_at {instant} NOT NULL,
  removed_at {instant},
  CHECK (removed_at IS NULL OR NOT is_primary)
) {table};

CREATE INDEX payment_methods_by_account ON payment_methods (account_id, added_at, id);

CREATE UNIQUE INDEX payment_methods_primary ON payment_methods (account_id) WHERE is_primary;

-- Money that a provider collects from a person for a document. The id is the provider's idempotency key, too.
CREATE TABLE payments (
  id {uuid} PRIMARY KEY NOT NULL,
  account_id {uuid} NOT NULL REFERENCES accounts (id),
  method_id {uuid} NOT NULL REFERENCES payment_methods (id),
  provider {text} NOT NULL,
  purpose {text} NOT NULL,
  document_id {uuid} NOT NULL,
  amount_cents {int} NOT NULL CHECK (amount_cents > 0),
  currency {text} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('PENDING', 'UNKNOWN', 'PAID', 'FAILED')),
  failure {text},
  -- The provider's own name for it.
  reference {key},
  attempts {int} NOT NULL CHECK (attempts >= 0),
  -- When the provider is asked next what became of it.
  ask_at {instant},
  begun_at {instant} NOT NULL,
  ended_at {instant},
  CHECK ((state IN ('PENDING', 'UNKNOWN')) = (ask_at IS NOT NULL)),
  CHECK ((ended_at IS NULL) = (ask_at IS NOT NULL)),
  CHECK ((state = 'FAILED') = (failure IS NOT NULL)),
  CHECK (state <> 'PAID' OR reference IS NOT NULL)
) {table};

-- Nothing is paid twice: a document has at most one payment that has not failed.
CREATE UNIQUE INDEX payments_of_document ON payments (purpose, document_id) WHERE state <> 'FAILED';

CREATE INDEX payments_by_document ON payments (purpose, document_id, begun_at, id);

CREATE UNIQUE INDEX payments_by_reference ON payments (provider, reference) WHERE reference IS NOT NULL;

CREATE INDEX payments_to_ask ON payments (ask_at) WHERE ask_at IS NOT NULL;

CREATE INDEX payments_by_account ON payments (account_id, begun_at, id);

-- What the built-in provider of a sandbox knows: its own truth, which no transaction of ours writes.
CREATE TABLE sandbox_charges (
  key {uuid} PRIMARY KEY NOT NULL,
  token {text} NOT NULL,
  amount_cents {int} NOT NULL,
  currency {text} NOT NULL,
  -- How often it was asked to charge.
  attempts {int} NOT NULL,
  -- Whether it has heard of the charge; otherwise that was lost on the way.
  accepted {bool} NOT NULL,
  failure {text},
  charged_at {instant} NOT NULL
) {table};
