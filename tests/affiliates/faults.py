"""Faults of the server that are known: `corners.py` shows each, and the year stays out of it until it is mended."""

MIXED, UPHELD_DUE, UPHELD_LATE, THEMSELVES = (
    "paid_beside_review", "upheld_then_paid", "upheld_before_the_lock", "hired_themselves")
KNOWN = set()
"By the names of their corners."
