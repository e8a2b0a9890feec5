-- The draft that became the file of a batch; other processes may have written theirs.
ALTER TABLE payout_batches ADD COLUMN draft {key};

-- Drafts of before are called like their files.
UPDATE payout_batches SET draft = file || '.draft' WHERE file IS NOT NULL;

CREATE UNIQUE INDEX payout_batches_by_draft ON payout_batches (draft) WHERE draft IS NOT NULL;

-- When the plan was carried out: an approval counts once.
ALTER TABLE payout_approvals ADD COLUMN used_at {instant};
