-- When an affiliate was suspended or terminated (F-8): from one instant until before the other, if it was lifted.
CREATE TABLE affiliate_suspensions (
  affiliate_id {uuid} NOT NULL REFERENCES affiliates (account_id),
  suspended_at {instant} NOT NULL,
  reinstated_at {instant} CHECK (reinstated_at >= suspended_at),
  PRIMARY KEY (affiliate_id, suspended_at)
) {keyed};

-- Of those of before only the last is known.
INSERT INTO affiliate_suspensions (affiliate_id, suspended_at, reinstated_at)
SELECT account_id, suspended_at,
  CASE WHEN state IN ('SUSPENDED', 'TERMINATED') OR decided_at < suspended_at THEN NULL ELSE decided_at END
FROM affiliates WHERE suspended_at IS NOT NULL;
