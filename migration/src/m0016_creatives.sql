-- What affiliates put on their pages: pictures and texts (F-2). A file is kept outside the database, under its digest.
CREATE TABLE creatives (
  id {uuid} PRIMARY KEY NOT NULL,
  kind {text} NOT NULL CHECK (kind IN ('LOGO', 'BANNER', 'BUTTON', 'TEXT_LINK')),
  -- What admins and affiliates know it by.
  name {text} NOT NULL,
  -- What a text link says, and what is read in place of a picture.
  caption {text} NOT NULL,
  -- SHA-256 of the file, in lower-case hex.
  digest {key} CHECK (length(digest) = 64),
  format {text} CHECK (format IN ('GIF', 'JPEG', 'PNG', 'WEBP')),
  -- In pixels.
  width {int} CHECK (width > 0),
  height {int} CHECK (height > 0),
  published_at {instant} NOT NULL,
  published_by {uuid} NOT NULL REFERENCES accounts (id),
  revised_at {instant} CHECK (revised_at >= published_at),
  retired_at {instant} CHECK (retired_at >= published_at),
  CHECK ((kind = 'TEXT_LINK') = (digest IS NULL)),
  CHECK ((digest IS NULL) = (format IS NULL)),
  CHECK ((digest IS NULL) = (width IS NULL)),
  CHECK ((digest IS NULL) = (height IS NULL))
) {table};

CREATE INDEX creatives_by_time ON creatives (published_at, id);
