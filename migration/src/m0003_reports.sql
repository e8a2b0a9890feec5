-- Reports of job posts (J-7): one per person and post.
CREATE TABLE job_post_reports (
  id {uuid} PRIMARY KEY NOT NULL,
  job_post_id {uuid} NOT NULL REFERENCES job_posts (id),
  reporter_id {uuid} NOT NULL REFERENCES accounts (id),
  reason {text} NOT NULL,
  comment {text} NOT NULL,
  state {text} NOT NULL,
  decision {text},
  decided_at {instant},
  decided_by {uuid},
  created_at {instant} NOT NULL,
  UNIQUE (job_post_id, reporter_id),
  CHECK ((state = 'OPEN') = (decided_at IS NULL))
) {table};

CREATE INDEX job_post_reports_queue ON job_post_reports (state, created_at, id);

CREATE INDEX job_post_reports_by_time ON job_post_reports (created_at, id);

CREATE INDEX job_post_reports_by_reporter ON job_post_reports (reporter_id, created_at, id);

-- Why a post was taken down, and its client's one appeal (J-7).
CREATE TABLE removals (
  job_post_id {uuid} PRIMARY KEY NOT NULL REFERENCES job_posts (id),
  reason {text} NOT NULL,
  removed_by {uuid} NOT NULL,
  removed_at {instant} NOT NULL,
  appeal {text},
  appealed_at {instant},
  answer {text},
  answered_by {uuid},
  answered_at {instant},
  CHECK ((appeal IS NULL) = (appealed_at IS NULL)),
  CHECK ((answer IS NULL) = (answered_at IS NULL)),
  CHECK (answer IS NULL OR appeal IS NOT NULL)
) {table};
