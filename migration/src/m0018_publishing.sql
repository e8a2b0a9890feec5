-- When the file of a batch got its name, so that anyone who takes files to a bank finds it.
ALTER TABLE payout_batches ADD COLUMN published_at {instant};

UPDATE payout_batches SET published_at = written_at;

-- When it was noted that nothing of a batch is paid: its file must not appear any more.
ALTER TABLE payout_batches ADD COLUMN refused_at {instant};

CREATE INDEX payout_batches_to_publish ON payout_batches (written_at) WHERE published_at IS NULL AND refused_at IS NULL
