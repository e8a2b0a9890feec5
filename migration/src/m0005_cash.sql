-- Where money is: with a person, in escrow, with the platform, at a provider (P-3). Amounts are in minor units.
CREATE TABLE cash_accounts (
  id {uuid} PRIMARY KEY NOT NULL,
  kind {text} NOT NULL,
  -- Whose it is within its kind: the id of a person or of a contract, the name of a provider; empty for the platform.
  holder {key} NOT NULL,
  -- The person, if it is a person's.
  account_id {uuid} REFERENCES accounts (id),
  -- The contract, if it is the escrow of one.
  contract_id {uuid},
  currency {text} NOT NULL,
  balance {int} NOT NULL,
  last_seq {int} NOT NULL CHECK (last_seq >= 0),
  last_recorded_at {instant} NOT NULL,
  created_at {instant} NOT NULL,
  UNIQUE (kind, holder, currency),
  UNIQUE (id, currency),
  -- Below zero is only what others owe: providers, people after a reversal (O-5); and what promotions cost.
  CHECK (balance >= 0 OR kind IN ('CLEARING', 'RECEIVABLE', 'PROMOTIONS')),
  CHECK (balance <= 0 OR kind <> 'RECEIVABLE'),
  CHECK ((account_id IS NOT NULL) = (kind IN ('PERSON', 'RECEIVABLE'))),
  CHECK ((contract_id IS NOT NULL) = (kind = 'ESCROW'))
) {hot};

CREATE INDEX cash_accounts_by_person ON cash_accounts (account_id) WHERE account_id IS NOT NULL;

CREATE INDEX cash_accounts_by_contract ON cash_accounts (contract_id) WHERE contract_id IS NOT NULL;

-- What happened, once for each business key (X-3). Its postings move the money.
CREATE TABLE cash_transactions (
  id {uuid} PRIMARY KEY NOT NULL,
  kind {text} NOT NULL,
  business_key {key} NOT NULL UNIQUE,
  currency {text} NOT NULL,
  lines {int} NOT NULL CHECK (lines >= 2),
  document_kind {text} NOT NULL,
  document_id {uuid} NOT NULL,
  actor_id {uuid},
  reverses_id {uuid} REFERENCES cash_transactions (id),
  effective_at {instant} NOT NULL,
  recorded_at {instant} NOT NULL,
  UNIQUE (id, lines, currency),
  CHECK (effective_at <= recorded_at)
) {table};

CREATE INDEX cash_transactions_by_document ON cash_transactions (document_id);

CREATE INDEX cash_transactions_by_reversed ON cash_transactions (reverses_id) WHERE reverses_id IS NOT NULL;

-- How much an account gets (positive) or gives (negative). The postings of a transaction are a ring: each refers to the
-- next one, which begins with the sum that this one ends with, and the last refers to the first, which begins with
-- nothing. So a transaction has either all of its lines or none, and they sum to zero.
CREATE TABLE cash_postings (
  cash_account_id {uuid} NOT NULL,
  seq {int} NOT NULL CHECK (seq > 0),
  transaction_id {uuid} NOT NULL,
  line {int} NOT NULL,
  lines {int} NOT NULL,
  next_line {int} NOT NULL,
  sum_before {int} NOT NULL,
  sum_after {int} NOT NULL,
  currency {text} NOT NULL,
  amount {int} NOT NULL CHECK (amount <> 0),
  balance_after {int} NOT NULL,
  PRIMARY KEY (cash_account_id, seq),
  UNIQUE (transaction_id, line),
  UNIQUE (transaction_id, line, sum_before),
  FOREIGN KEY (cash_account_id, currency) REFERENCES cash_accounts (id, currency),
  FOREIGN KEY (transaction_id, lines, currency) REFERENCES cash_transactions (id, lines, currency),
  FOREIGN KEY (transaction_id, next_line, sum_after) REFERENCES cash_postings (transaction_id, line, sum_before),
  CHECK (line BETWEEN 1 AND lines),
  CHECK (next_line = CASE WHEN line = lines THEN 1 ELSE line + 1 END),
  CHECK (sum_after = sum_before + amount),
  CHECK (line > 1 OR sum_before = 0)
) {keyed};
