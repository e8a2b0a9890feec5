"""Billing cycles by the rulebook: on which days they start, and what part of one has passed (M-2, M-3, M-6)."""

from datetime import date, datetime, timedelta, timezone


def anchor_of(day):
    """The day of the month on which cycles start for those who begin on `day`."""
    return 1 if day.day > 28 else day.day


def next_start(day, anchor):
    """The start of the cycle after the one that starts on `day`."""
    ahead = 2 if anchor == 1 and day.day > 28 else 1
    month = day.month - 1 + ahead
    return date(day.year + month // 12, month % 12 + 1, anchor)


def midnight(day):
    """00:00 UTC of a day."""
    return datetime(day.year, day.month, day.day, tzinfo=timezone.utc)


def prorated(free, start, following, today):
    """The free part by the days of a cycle that have passed, rounded down."""
    return free * (today - start).days // (following - start).days


def year_after(at):
    """The same time of day a calendar year later; 1 March for a 29 February."""
    try:
        return at.replace(year=at.year + 1)
    except ValueError:
        return at.replace(year=at.year + 1, month=3, day=1)


def tick(at):
    """The first full five minutes from `at` on, when the task `payments` runs."""
    floor = at.replace(minute=at.minute - at.minute % 5, second=0, microsecond=0)
    return floor if floor == at else floor + timedelta(minutes=5)
