"""What holds for each answer, however hostile the request was."""

import re

from breach import must, shown
from documents import VALUE

LEAK = re.compile(
    r"(?i)\bselect\s.+\sfrom\b|\binsert into\b|\bupdate \w+ set\b|sqlx|sea_orm|sqlite|postgres|\.rs:\d+|panicked|"
    r"stack backtrace|no such (table|column)|database is locked|/(home|root|work|tmp|usr|etc)/")
RUN = 64
"This many characters of the request in a row are an echo; a name that a message mentions is not."
STATUSES = {"PAYLOAD_TOO_LARGE": 413, "BAD_REQUEST": 400, "UNSUPPORTED_MEDIA_TYPE": 415, "NOT_ACCEPTABLE": 406,
            "METHOD_NOT_ALLOWED": 405, "UNAUTHENTICATED": 401, "SERVICE_UNAVAILABLE": 503,
            "REQUEST_TIMEOUT": 408}


def outcome(answer):
    """An answer in one word: DATA, an error's code, BARE and its status, or CLOSED."""
    if answer.status is None:
        return "CLOSED" if answer.closed else "SILENCE"
    found = answer.json()
    if not isinstance(found, dict) or not {"data", "errors"} & set(found):
        return f"BARE {answer.status}"
    return found["errors"][0].get("extensions", {}).get("code", "NO CODE") if found.get("errors") else "DATA"


def check_answer(answer, codes, sent=b""):
    """Checks for no fault of the server, no internals, no echo of `sent`, and one of the expected outcomes."""
    code = outcome(answer)
    must(code != "SILENCE", f"no answer within {answer.seconds:.0f} s")
    busy = answer.status == 503 and code == "SERVICE_UNAVAILABLE" and "retry-after" in answer.headers
    must((answer.status or 0) < 500 or busy,
         lambda: f"HTTP {answer.status}: {shown(answer.body.decode('utf-8', 'replace'))}")
    check_text(answer.body.decode("utf-8", "replace"), sent)
    must(code in codes, lambda: f"{code} instead of {sorted(codes)}: {shown(answer.body.decode('utf-8', 'replace'))}")
    if code.startswith(("BARE", "CLOSED")):
        return code
    kind = answer.headers.get("content-type", "")
    must(kind.startswith(("application/json", "application/graphql-response+json")), f"JSON as {kind}")
    for error in answer.json().get("errors", ()):
        check_error(error)
    if "data" not in answer.json():
        must(answer.status == STATUSES.get(code, 200) or answer.status in (400, 200),
             f"{code} with HTTP {answer.status}")
    return code


def check_error(error):
    """Checks that an error is well formed, with a code and the request's id."""
    text = shown(error)
    must(set(error) <= {"message", "locations", "path", "extensions"}, f"an error with other members: {text}")
    must(isinstance(error.get("message"), str) and 0 < len(error["message"]) <= 600, f"no message of a length: {text}")
    told = error.get("extensions", {})
    must(re.fullmatch(r"[A-Z][A-Z_]+", str(told.get("code"))), f"an error without a code: {text}")
    must(re.fullmatch(r"[0-9a-f-]{36}", str(told.get("requestId"))), f"an error without the request's id: {text}")
    for place in error.get("locations", ()):
        must(place.get("line", 0) > 0 and place.get("column", 0) > 0, f"an error in no place: {text}")


def check_text(text, sent=b""):
    """Checks that there is nothing of the server's internals, and no echo."""
    must(not (found := LEAK.search(text)), lambda: f"the answer tells {found[0]!r}: {shown(text)}")
    must(VALUE not in text, lambda: f"the answer echoes a value: {shown(text)}")
    asked = sent.decode("utf-8", "replace")
    if len(asked) >= RUN and '"errors"' in text:
        runs = (text[at:at + RUN] for at in range(0, min(len(text), 50_000) - RUN, 8))
        must(not any(run in asked for run in runs), lambda: f"the answer echoes the request: {shown(text)}")
