"""The kinds of events that a story of some length must tell."""

from ways import FAULTY

FROM = 10
"From this scale on."
EXPECTED = (
    "answered before a kill", "kills that left some carried out, answer lost", "kills that left some carried out, unsettled",
    "kills that left some claimed, unheard", "kills that left some lost on the way",
    "kills that left some planned, unclaimed", "kills: clock advance", "kills: server in payments",
    "kills: task run withdrawals", "mornings on which admins pay", "nights with kills", "payouts FAILED CANCELLED",
    "plans of two admins", "restarts after payments", "restarts after plans", "restarts after requests", "runs on a day off",
    "runs that pay by themselves", "two processes at once", *(f"first sent with: {way}" for way in FAULTY),
)


def missing(counts, scale):
    """Those that never happened although they should have; below that scale, nothing must happen."""
    return [kind for kind in EXPECTED if not counts.get(kind)] if scale >= FROM else []
