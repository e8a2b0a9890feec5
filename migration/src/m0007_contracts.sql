-- A client's offers to freelancers (O-1).
CREATE TABLE offers (
  id {uuid} PRIMARY KEY NOT NULL,
  job_post_id {uuid} NOT NULL REFERENCES job_posts (id),
  proposal_id {uuid} NOT NULL REFERENCES proposals (id),
  client_id {uuid} NOT NULL REFERENCES accounts (id),
  freelancer_id {uuid} NOT NULL REFERENCES accounts (id),
  title {text} NOT NULL,
  message {text} NOT NULL,
  -- The parts that the contract will have: title and amount of each.
  milestones {json} NOT NULL,
  currency {text} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('NEW', 'ACCEPTED', 'DECLINED', 'WITHDRAWN', 'EXPIRED')),
  sent_at {instant} NOT NULL,
  expires_at {instant} NOT NULL,
  ended_at {instant},
  ended_reason {text},
  CHECK (client_id <> freelancer_id),
  CHECK (sent_at < expires_at),
  CHECK ((state = 'NEW') = (ended_at IS NULL))
) {table};

-- One offer to a proposal at a time, and one that was accepted.
CREATE UNIQUE INDEX offers_of_proposal ON offers (proposal_id) WHERE state IN ('NEW', 'ACCEPTED');

CREATE INDEX offers_by_proposal ON offers (proposal_id);

CREATE INDEX offers_by_post ON offers (job_post_id);

CREATE INDEX offers_by_client ON offers (client_id, sent_at, id);

CREATE INDEX offers_by_freelancer ON offers (freelancer_id, sent_at, id);

CREATE INDEX offers_by_expiry ON offers (expires_at) WHERE state = 'NEW';

-- Until when a proposal is offered: after that it is where it was, whether or not the task has come by (X-7).
ALTER TABLE proposals ADD COLUMN offer_expires_at {instant};

-- What an accepted offer becomes.
CREATE TABLE contracts (
  id {uuid} PRIMARY KEY NOT NULL,
  offer_id {uuid} NOT NULL UNIQUE REFERENCES offers (id),
  job_post_id {uuid} NOT NULL REFERENCES job_posts (id),
  proposal_id {uuid} NOT NULL REFERENCES proposals (id),
  client_id {uuid} NOT NULL REFERENCES accounts (id),
  freelancer_id {uuid} NOT NULL REFERENCES accounts (id),
  title {text} NOT NULL,
  -- The category of the post, frozen here (C-5).
  category {text} NOT NULL,
  currency {text} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('ACTIVE', 'ENDED')),
  started_at {instant} NOT NULL,
  ended_at {instant},
  CHECK ((state = 'ENDED') = (ended_at IS NOT NULL))
) {table};

CREATE INDEX contracts_by_post ON contracts (job_post_id);

CREATE INDEX contracts_by_client ON contracts (client_id, started_at, id);

CREATE INDEX contracts_by_freelancer ON contracts (freelancer_id, started_at, id);

-- The parts of a contract. Each is funded and released as a whole (O-2).
CREATE TABLE milestones (
  id {uuid} PRIMARY KEY NOT NULL,
  contract_id {uuid} NOT NULL REFERENCES contracts (id),
  number {int} NOT NULL CHECK (number > 0),
  title {text} NOT NULL,
  amount_cents {int} NOT NULL CHECK (amount_cents > 0),
  state {text} NOT NULL CHECK (state IN ('PENDING', 'FUNDING', 'FUNDED', 'RELEASED')),
  funded_at {instant},
  released_at {instant},
  UNIQUE (contract_id, number),
  CHECK ((state IN ('FUNDED', 'RELEASED')) = (funded_at IS NOT NULL)),
  CHECK ((state = 'RELEASED') = (released_at IS NOT NULL))
) {table};
