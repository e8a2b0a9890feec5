-- Where client and freelancer talk about a proposal (S-9).
CREATE TABLE rooms (
  id {uuid} PRIMARY KEY NOT NULL,
  proposal_id {uuid} NOT NULL UNIQUE REFERENCES proposals (id),
  job_post_id {uuid} NOT NULL REFERENCES job_posts (id),
  client_id {uuid} NOT NULL REFERENCES accounts (id),
  freelancer_id {uuid} NOT NULL REFERENCES accounts (id),
  opened_at {instant} NOT NULL,
  -- When the last message was sent, by which lists are ordered.
  last_message_at {instant} NOT NULL CHECK (last_message_at >= opened_at),
  CHECK (client_id <> freelancer_id)
) {table};

CREATE INDEX rooms_by_client ON rooms (client_id, last_message_at, id);

CREATE INDEX rooms_by_freelancer ON rooms (freelancer_id, last_message_at, id);

CREATE TABLE messages (
  id {uuid} PRIMARY KEY NOT NULL,
  room_id {uuid} NOT NULL REFERENCES rooms (id),
  author_id {uuid} NOT NULL REFERENCES accounts (id),
  body {text} NOT NULL,
  sent_at {instant} NOT NULL
) {table};

CREATE INDEX messages_by_room ON messages (room_id, sent_at, id);

CREATE INDEX messages_by_author ON messages (author_id, sent_at, id);

-- When the client first wrote to the freelancer: from then on the proposal is interviewing (S-5).
ALTER TABLE proposals ADD COLUMN interviewing_since {instant};

CREATE INDEX proposals_interviewing ON proposals (job_post_id) WHERE interviewing_since IS NOT NULL;
