-- What a bank has given back counts as if it had never been taken: of what was released, the freelancer has it again.
UPDATE milestones SET
  reversed_cents = reversed_cents - (SELECT CAST(COALESCE(SUM(b.reversed_cents), 0) AS BIGINT) FROM chargebacks b
    JOIN payments p ON p.id = b.payment_id WHERE p.document_id = milestones.id AND b.won_at IS NOT NULL),
  fee_reversed_cents = fee_reversed_cents - (SELECT CAST(COALESCE(SUM(b.fee_cents), 0) AS BIGINT) FROM chargebacks b
    JOIN payments p ON p.id = b.payment_id WHERE p.document_id = milestones.id AND b.won_at IS NOT NULL),
  state = CASE WHEN state IN ('CHARGED_BACK', 'REFUNDED') AND (SELECT COALESCE(SUM(b.reversed_cents), 0)
    FROM chargebacks b JOIN payments p ON p.id = b.payment_id
    WHERE p.document_id = milestones.id AND b.won_at IS NOT NULL) > 0 THEN 'RELEASED' ELSE state END
WHERE id IN (SELECT p.document_id FROM payments p JOIN chargebacks b ON b.payment_id = p.id
  WHERE b.won_at IS NOT NULL);

-- A milestone that is in escrow, or was taken from there and never released, has the right sum already.
UPDATE payments SET charged_back_cents = (SELECT CAST(CASE WHEN COALESCE(SUM(b.amount_cents), 0) < payments.amount_cents
  THEN COALESCE(SUM(b.amount_cents), 0) ELSE payments.amount_cents END AS BIGINT) FROM chargebacks b
  WHERE b.payment_id = payments.id AND b.won_at IS NULL)
WHERE id IN (SELECT b.payment_id FROM chargebacks b WHERE b.won_at IS NOT NULL)
  AND document_id NOT IN (SELECT m.id FROM milestones m WHERE m.state IN ('FUNDED', 'CHARGED_BACK') AND m.released_cents = 0);

UPDATE milestones SET charged_back_cents = (SELECT p.charged_back_cents FROM payments p
  WHERE p.document_id = milestones.id AND p.state = 'PAID')
WHERE id IN (SELECT p.document_id FROM payments p JOIN chargebacks b ON b.payment_id = p.id
  WHERE b.won_at IS NOT NULL) AND NOT (state IN ('FUNDED', 'CHARGED_BACK') AND released_cents = 0);

-- What staff read.
CREATE INDEX payments_newest ON payments (begun_at, id);

CREATE INDEX payments_by_state ON payments (state, begun_at, id);
