-- A freelancer's work at a fixed price, which clients order without a proposal (O-3).
CREATE TABLE projects (
  id {uuid} PRIMARY KEY NOT NULL,
  freelancer_id {uuid} NOT NULL REFERENCES accounts (id),
  title {text} NOT NULL,
  description {text} NOT NULL,
  category {text} NOT NULL,
  price_cents {int} NOT NULL CHECK (price_cents > 0),
  currency {text} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('PUBLISHED', 'WITHDRAWN')),
  version {int} NOT NULL CHECK (version > 0),
  published_at {instant} NOT NULL,
  changed_at {instant} NOT NULL
) {table};

CREATE INDEX projects_by_time ON projects (state, published_at, id);

CREATE INDEX projects_by_category ON projects (category, state, published_at, id);

CREATE INDEX projects_by_freelancer ON projects (freelancer_id, published_at, id);

-- An hourly offer has a rate and no milestones. One without a job post says its category. An order names its project.
ALTER TABLE offers ADD COLUMN hourly_cents {int} CHECK (hourly_cents > 0);

ALTER TABLE offers ADD COLUMN category {text};

ALTER TABLE offers ADD COLUMN project_id {uuid} REFERENCES projects (id);

-- One direct offer of a client to a freelancer at a time.
CREATE UNIQUE INDEX offers_direct ON offers (client_id, freelancer_id) WHERE proposal_id IS NULL AND state = 'NEW';

CREATE INDEX offers_by_project ON offers (project_id) WHERE project_id IS NOT NULL;

ALTER TABLE contracts ADD COLUMN hourly_cents {int} CHECK (hourly_cents > 0);

-- The time that an invoice bills; absent: a milestone that was agreed.
ALTER TABLE milestones ADD COLUMN minutes {int} CHECK (minutes > 0);

-- When what came back for the proposal was reversed, because its client hired the freelancer after all (T-6).
ALTER TABLE proposals ADD COLUMN return_reversed_at {instant};

-- What is compared with a provider's own list, by time.
CREATE INDEX payments_by_time ON payments (provider, begun_at);

CREATE INDEX refunds_by_time ON refunds (provider, begun_at);

CREATE INDEX sandbox_charges_by_time ON sandbox_charges (charged_at);

CREATE INDEX sandbox_refunds_by_time ON sandbox_refunds (refunded_at);

CREATE INDEX proposals_reversed ON proposals (job_post_id) WHERE return_reversed_at IS NOT NULL;
