-- How a charge-back fell, and whether the bank gave the money back (O-5).
ALTER TABLE chargebacks ADD COLUMN escrow_cents {int} NOT NULL DEFAULT 0;

ALTER TABLE chargebacks ADD COLUMN reversed_cents {int} NOT NULL DEFAULT 0;

ALTER TABLE chargebacks ADD COLUMN fee_cents {int} NOT NULL DEFAULT 0;

-- What went into escrow again, so that the milestone has it once more.
ALTER TABLE chargebacks ADD COLUMN restored_cents {int} NOT NULL DEFAULT 0;

ALTER TABLE chargebacks ADD COLUMN won_at {instant};

UPDATE chargebacks SET escrow_cents = (SELECT CAST(COALESCE(SUM(-p.amount), 0) AS BIGINT) FROM cash_transactions t
  JOIN cash_postings p ON p.transaction_id = t.id JOIN cash_accounts a ON a.id = p.cash_account_id
  WHERE t.document_id = chargebacks.id AND t.kind = 'CHARGEBACK' AND a.kind = 'ESCROW');

UPDATE chargebacks SET reversed_cents = (SELECT CAST(COALESCE(SUM(-p.amount), 0) AS BIGINT) FROM cash_transactions t
  JOIN cash_postings p ON p.transaction_id = t.id JOIN cash_accounts a ON a.id = p.cash_account_id
  WHERE t.document_id = chargebacks.id AND t.kind = 'CHARGEBACK' AND a.kind IN ('PERSON', 'RECEIVABLE', 'FEES'));

UPDATE chargebacks SET fee_cents = (SELECT CAST(COALESCE(SUM(-p.amount), 0) AS BIGINT) FROM cash_transactions t
  JOIN cash_postings p ON p.transaction_id = t.id JOIN cash_accounts a ON a.id = p.cash_account_id
  WHERE t.document_id = chargebacks.id AND t.kind = 'CHARGEBACK' AND a.kind = 'FEES');

-- What a project said when it was ordered (O-3).
ALTER TABLE offers ADD COLUMN project_description {text};

-- When the provider forgot a payment method that was removed.
ALTER TABLE payment_methods ADD COLUMN forgotten_at {instant};

CREATE INDEX payment_methods_to_forget ON payment_methods (provider, removed_at)
  WHERE removed_at IS NOT NULL AND forgotten_at IS NULL;
