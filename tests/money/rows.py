"""Real job posts: the rows of a file, and what a client writes into a post that is like one of them."""

import os

from clocks import say
from market import LEAST_PART, LEAST_RATE, MOST_PART, MOST_RATE, money
from posts import generate, parse

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), *[os.pardir] * 3, "shared", "data", "job-posts.csv")
INVENTED = 60
"So many posts are made up when there is no file."
CATEGORIES = {
    "Admin & Data Entry": "ADMIN_AND_CUSTOMER_SUPPORT",
    "Customer Service": "ADMIN_AND_CUSTOMER_SUPPORT",
    "Data Science & Analytics": "DEVELOPMENT_AND_IT",
    "Design & Creative": "DESIGN",
    "Sales & Marketing": "MARKETING",
    "Web, Mobile & Software Dev": "DEVELOPMENT_AND_IT",
    "Writing & Translation": "WRITING_AND_TRANSLATION",
}
"The category of the API that a row's category belongs to."


def read(path):
    """The rows of the file at `path`, or made-up ones when it is not there."""
    if not os.path.exists(path):
        say(f"there are no job posts at {os.path.normpath(path)}: {INVENTED} are made up instead of real ones")
        return parse(generate(1, INVENTED).splitlines())
    with open(path, encoding="utf-8", newline="") as lines:
        return parse(lines)


def content(row, wanted):
    """A row as the `JobPostContent` of the API."""
    return {
        "title": row.title, "description": describe(row), "category": CATEGORIES[row.category],
        "subcategory": row.category, "skills": list(row.skills), "payment": row.payment, "budget": _amount(row.budget),
        "hourlyMin": _amount(row.hourly_min), "hourlyMax": _amount(row.hourly_max), "experienceLevel": row.level,
        "hiresWanted": wanted,
    }


def describe(row):
    """The rows have no description; this one says what they do have."""
    skills = f" You know {', '.join(row.skills)}." if row.skills else ""
    return f"We are looking for somebody for this: {row.title}.{skills}"


def _amount(cents):
    return None if cents is None else {"amount": money(cents)}


def parts(row, dice):
    """The cents of milestones that come to a row's budget, as far as parts may be small and large."""
    budget = min(max(row.budget or dice.randint(LEAST_PART, 90_000), LEAST_PART), MOST_PART)
    count = min(dice.randint(1, 3), budget // LEAST_PART)
    cuts = sorted(dice.randint(0, budget - count * LEAST_PART) for _ in range(count - 1))
    spare = [end - begin for begin, end in zip([0, *cuts], [*cuts, budget - count * LEAST_PART])]
    return [LEAST_PART + one for one in spare]


def rate(row, dice):
    """The cents of an hour within a row's rates."""
    low, high = row.hourly_min or 2_000, row.hourly_max or row.hourly_min or 20_000
    return min(max(dice.randint(min(low, high), max(low, high)), LEAST_RATE), MOST_RATE)
