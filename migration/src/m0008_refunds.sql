-- Milestones know what was released of them, what went back, and the fee of both. What there is stays as it is.
ALTER TABLE milestones RENAME TO milestones_before;

CREATE TABLE milestones (
  id {uuid} PRIMARY KEY NOT NULL,
  contract_id {uuid} NOT NULL REFERENCES contracts (id),
  number {int} NOT NULL CHECK (number > 0),
  title {text} NOT NULL,
  amount_cents {int} NOT NULL CHECK (amount_cents > 0),
  state {text} NOT NULL CHECK (state IN ('PENDING', 'FUNDING', 'FUNDED', 'RELEASED', 'REFUNDED', 'CHARGED_BACK')),
  -- What left escrow for the freelancer, before the service fee, and that fee.
  released_cents {int} NOT NULL CHECK (released_cents BETWEEN 0 AND amount_cents),
  fee_cents {int} NOT NULL CHECK (fee_cents BETWEEN 0 AND released_cents),
  -- What of it was taken back, and the part of the fee that was.
  reversed_cents {int} NOT NULL CHECK (reversed_cents BETWEEN 0 AND released_cents),
  fee_reversed_cents {int} NOT NULL CHECK (fee_reversed_cents BETWEEN 0 AND fee_cents),
  -- What the client was given back, out of escrow or out of what had been released.
  refunded_cents {int} NOT NULL CHECK (refunded_cents BETWEEN 0 AND amount_cents),
  -- What the client's bank took back.
  charged_back_cents {int} NOT NULL CHECK (charged_back_cents BETWEEN 0 AND amount_cents),
  funded_at {instant},
  released_at {instant},
  UNIQUE (contract_id, number),
  CHECK ((state IN ('PENDING', 'FUNDING')) = (funded_at IS NULL)),
  CHECK ((released_cents > 0) = (released_at IS NOT NULL)),
  CHECK (released_at IS NULL OR funded_at IS NOT NULL),
  CHECK (state <> 'FUNDED' OR charged_back_cents < amount_cents),
  CHECK (state <> 'RELEASED' OR reversed_cents < released_cents)
) {table};

INSERT INTO milestones (id, contract_id, number, title, amount_cents, state, released_cents, fee_cents,
  reversed_cents, fee_reversed_cents, refunded_cents, charged_back_cents, funded_at, released_at)
SELECT m.id, m.contract_id, m.number, m.title, m.amount_cents, m.state,
  CASE WHEN m.state = 'RELEASED' THEN m.amount_cents ELSE 0 END,
  COALESCE((SELECT p.amount FROM cash_transactions t JOIN cash_postings p ON p.transaction_id = t.id
    JOIN cash_accounts a ON a.id = p.cash_account_id AND a.kind = 'FEES'
    WHERE t.document_id = m.id AND t.kind = 'RELEASE'), 0),
  0, 0, 0, 0, m.funded_at, m.released_at
FROM milestones_before m;

DROP TABLE milestones_before;

-- What went back of a payment: by refunds, and by the payer's bank.
ALTER TABLE payments ADD COLUMN refunded_cents {int} NOT NULL DEFAULT 0
  CHECK (refunded_cents BETWEEN 0 AND amount_cents);

ALTER TABLE payments ADD COLUMN charged_back_cents {int} NOT NULL DEFAULT 0
  CHECK (charged_back_cents BETWEEN 0 AND amount_cents);

-- Money of a payment that goes back to who paid. The id is the provider's idempotency key, too.
CREATE TABLE refunds (
  id {uuid} PRIMARY KEY NOT NULL,
  payment_id {uuid} NOT NULL REFERENCES payments (id),
  provider {text} NOT NULL,
  amount_cents {int} NOT NULL CHECK (amount_cents > 0),
  currency {text} NOT NULL,
  -- Why, in the words of who gives it back.
  reason {text} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('PENDING', 'UNKNOWN', 'PAID', 'FAILED')),
  failure {text},
  reference {key},
  attempts {int} NOT NULL CHECK (attempts >= 0),
  ask_at {instant},
  begun_at {instant} NOT NULL,
  ended_at {instant},
  CHECK ((state IN ('PENDING', 'UNKNOWN')) = (ask_at IS NOT NULL)),
  CHECK ((ended_at IS NULL) = (ask_at IS NOT NULL)),
  CHECK ((state = 'FAILED') = (failure IS NOT NULL)),
  CHECK (state <> 'PAID' OR reference IS NOT NULL)
) {table};

CREATE INDEX refunds_by_payment ON refunds (payment_id, begun_at, id);

CREATE UNIQUE INDEX refunds_by_reference ON refunds (provider, reference) WHERE reference IS NOT NULL;

CREATE INDEX refunds_to_ask ON refunds (ask_at) WHERE ask_at IS NOT NULL;

-- What a bank took back from the provider, as the provider says it (O-5).
CREATE TABLE chargebacks (
  id {uuid} PRIMARY KEY NOT NULL,
  payment_id {uuid} NOT NULL REFERENCES payments (id),
  provider {text} NOT NULL,
  -- The provider's own name for it.
  reference {key} NOT NULL,
  amount_cents {int} NOT NULL CHECK (amount_cents > 0),
  currency {text} NOT NULL,
  charged_back_at {instant} NOT NULL,
  recorded_at {instant} NOT NULL,
  UNIQUE (provider, reference)
) {table};

CREATE INDEX chargebacks_by_payment ON chargebacks (payment_id);

CREATE INDEX chargebacks_by_time ON chargebacks (provider, charged_back_at);

-- Two sides who do not agree on a milestone, until an admin decides (O-2).
CREATE TABLE disputes (
  id {uuid} PRIMARY KEY NOT NULL,
  milestone_id {uuid} NOT NULL REFERENCES milestones (id),
  opened_by {uuid} NOT NULL REFERENCES accounts (id),
  reason {text} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('OPEN', 'WITHDRAWN', 'SETTLED', 'DECIDED')),
  opened_at {instant} NOT NULL,
  ended_at {instant},
  decided_by {uuid} REFERENCES accounts (id),
  decision {text},
  -- What the decision gives back to the client.
  refund_cents {int} CHECK (refund_cents >= 0),
  CHECK ((state = 'OPEN') = (ended_at IS NULL)),
  CHECK ((state = 'DECIDED') = (decided_by IS NOT NULL)),
  CHECK ((state = 'DECIDED') = (decision IS NOT NULL)),
  CHECK ((state = 'DECIDED') = (refund_cents IS NOT NULL))
) {table};

-- One dispute over a milestone at a time, and one that was decided.
CREATE UNIQUE INDEX disputes_open ON disputes (milestone_id) WHERE state = 'OPEN';

CREATE UNIQUE INDEX disputes_decided ON disputes (milestone_id) WHERE state = 'DECIDED';

CREATE INDEX disputes_by_milestone ON disputes (milestone_id, opened_at, id);

CREATE INDEX disputes_by_time ON disputes (opened_at, id);

CREATE INDEX disputes_by_state ON disputes (state, opened_at, id);

-- What payment providers sent by themselves, so that nothing is looked into twice.
CREATE TABLE provider_events (
  provider {text} NOT NULL,
  event_id {key} NOT NULL,
  -- In real time, as providers count.
  received_at {instant} NOT NULL,
  PRIMARY KEY (provider, event_id)
) {keyed};

CREATE INDEX provider_events_by_time ON provider_events (received_at);

-- What the built-in provider of a sandbox knows of refunds.
CREATE TABLE sandbox_refunds (
  key {uuid} PRIMARY KEY NOT NULL,
  charge_key {uuid} NOT NULL REFERENCES sandbox_charges (key),
  amount_cents {int} NOT NULL,
  attempts {int} NOT NULL,
  accepted {bool} NOT NULL,
  failure {text},
  refunded_at {instant} NOT NULL
) {table};

CREATE INDEX sandbox_refunds_by_charge ON sandbox_refunds (charge_key);

CREATE INDEX sandbox_charges_by_token ON sandbox_charges (token, charged_at);
