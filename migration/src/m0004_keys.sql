-- The keys of the database. Each is wrapped under the secret, so a reader of the database cannot use them.
CREATE TABLE keys (
  id {uuid} PRIMARY KEY NOT NULL,
  purpose {text} NOT NULL CHECK (purpose IN
    ('BEARER_TOKENS', 'REFRESH_TOKENS', 'MAILED_TOKENS', 'ATTEMPT_HASHES', 'PEOPLE_HASHES')),
  state {text} NOT NULL CHECK (state IN ('ACTIVE', 'RETIRING', 'RETIRED')),
  wrapped {text},
  wrapped_by {text} NOT NULL,
  made_at {instant} NOT NULL,
  life_seconds {int},
  used_until {instant},
  retires_at {instant},
  CHECK ((wrapped IS NULL) = (state = 'RETIRED')),
  CHECK ((retires_at IS NULL) = (state = 'ACTIVE')),
  CHECK ((life_seconds IS NULL) = (purpose IN ('ATTEMPT_HASHES', 'PEOPLE_HASHES')))
) {table};

-- Since then the database has keys; without them it is refused, because something was lost.
ALTER TABLE instance ADD COLUMN keys_made_at {instant};

CREATE UNIQUE INDEX keys_active ON keys (purpose) WHERE state = 'ACTIVE';
