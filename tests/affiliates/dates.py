"""Days and amounts of the affiliate programme, worked out naively. It shares no code with the server."""

from datetime import date, datetime, time, timedelta, timezone
from fractions import Fraction

DAY = timedelta(days=1)
HOLIDAYS = {date(2026, 1, 1), date(2026, 12, 25), date(2027, 1, 1), date(2027, 12, 24), date(2028, 12, 25)}
DUE_DAY = 3
RATE, CAP = Fraction(70, 100), 15_000
FEE = Fraction(10, 100)
DOLLAR_IN = {"USD": Fraction(1), "EUR": Fraction(92, 100), "GBP": Fraction(785, 1000)}


def half_up(exact):
    """A whole number of cents, half a cent rounded up."""
    return int(exact + Fraction(1, 2))


def earned(cents):
    """The commission on so much (F-5)."""
    return min(half_up(cents * RATE), CAP)


def fee_of(cents):
    """The service fee on so much (O-2)."""
    return half_up(cents * FEE)


def converted(cents, currency):
    """So many cents of a dollar in another currency (W-5)."""
    return half_up(cents * DOLLAR_IN[currency])


def money(cents):
    """An amount as the API writes it."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02}"


def start_of(day):
    """00:00 UTC of a day."""
    return datetime.combine(day, time(), timezone.utc)


def month_after(day, months):
    """The first day of the month that comes so many months after that of `day`."""
    first = day.replace(day=1)
    for _ in range(months):
        first = (first + timedelta(days=31)).replace(day=1)
    return first


def first_lock(at):
    """The end of the month after that of `at`: January's actions lock when February is over (F-6)."""
    return start_of(month_after(at.date(), 2))


def next_lock(at):
    """The end of the month that begins at `at`."""
    return start_of(month_after(at.date(), 1))


def due_of(lock):
    """When what locks at the end of a month is due: on the third of the next (F-6)."""
    return start_of(lock.date().replace(day=DUE_DAY))


def is_business(day):
    """Whether banks work on a day (W-5)."""
    return day.weekday() < 5 and day not in HOLIDAYS


def business(day):
    """A day, or the next one on which banks work."""
    while not is_business(day):
        day += DAY
    return day


def pay_day(due, number):
    """The day on which is paid what falls due at `due`, to those who are paid on that day of each month (F-7)."""
    day = due.date()
    while day != business(day.replace(day=number)):
        day += DAY
    return day


def next_tick(at):
    """The first minute divisible by five at or after `at`."""
    past = timedelta(minutes=at.minute % 5, seconds=at.second, microseconds=at.microsecond)
    return at if not past else at - past + timedelta(minutes=5)
