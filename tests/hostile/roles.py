"""The people who ask: a visitor, the demo's people and some more, and people with invalid tokens."""

import base64
import hashlib
import hmac
import json
import time

from values import global_id
from wire import ask

BAD = ("forged", "foreign", "unsigned")
OPERATORS = ("oskar", "support", "auditor")
"The roles that see what is operational."
PEOPLE = {"both": ("--freelancer", "--client"), "client": ("--client",), "free": ("--freelancer",),
          "support": (), "auditor": (), "suspended": ("--freelancer", "--client"), "closed": ("--freelancer", "--client")}
GRANT = """mutation($i: GrantRoleInput!) { done: grantRole(input: $i) { userErrors { message } } }"""
SUSPEND = """mutation($i: SuspendAccountInput!) { done: suspendAccount(input: $i) { userErrors { message } } }"""
CLOSE = """mutation($i: CloseAccountInput!) { done: closeAccount(input: $i) { userErrors { message } } }"""
POOLS = """
query Pools { admin {
  accounts(first: 50) { nodes { id wallet { id lots { nodes { id } }
    history(first: 5) { nodes { id movements { nodes { id } } } } } }
    pageInfo { endCursor } }
  taskRuns(first: 10) { nodes { id } } jobPostReports { nodes { id } }
} jobPosts(first: 50) { nodes { id } edges { cursor } } }
"""
MINE = """
query Mine { viewer { id jobPosts { nodes { id proposals { nodes { id } } } } proposals { nodes { id } }
  notifications { nodes { id } pageInfo { endCursor } } reports { nodes { id } } } }
"""


def people(server):
    """Tokens by role; `None` for a visitor."""
    for name, flags in PEOPLE.items():
        server.run("register", *(flags or ("--client",)), f"{name}@hostile.example")
    found = dict(server.demo())
    more = server.tokens([f"{name}@hostile.example" for name in PEOPLE])
    found |= {email.split("@")[0]: token for email, token in more.items()}
    for name in ("support", "auditor"):
        change(server, found["oskar"], GRANT, {"accountId": own_id(server, found[name]), "role": name.upper()})
    change(server, found["oskar"], SUSPEND, {"accountId": own_id(server, found["suspended"]), "reason": "a test"})
    change(server, found["closed"], CLOSE, {"idempotencyKey": "closed"})
    head, body, signature = found["oskar"].split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    now = int(time.time())
    found["forged"] = f"{head}.{body}.{signature[:-2]}{'AA' if signature[-2:] != 'AA' else 'BB'}"
    found["foreign"] = signed(server.secret, claims | {"iat": now, "exp": now + 3_600})
    found["unsigned"] = f"{encoded({'alg': 'none', 'typ': 'JWT'})}.{body}."
    # The token that they were made from must be valid, or they would prove nothing.
    good = ask(server.port, {"query": "{ viewer { isAdmin } }"}, found["oskar"])
    assert good.json() == {"data": {"viewer": {"isAdmin": True}}}, good.body
    return {"visitor": None} | found


def own_id(server, token):
    """The account id of the person with this token."""
    made = ask(server.port, {"query": "{ viewer { id } }"}, token).json()["data"]["viewer"]["id"]
    return global_id(key_of(made).replace("Viewer", "Account", 1))


def change(server, token, document, made):
    """Sends a mutation; anything but success is a mistake of this script."""
    answer = ask(server.port, {"query": document, "variables": {"i": made}}, token).json()
    assert answer == {"data": {"done": {"userErrors": []}}}, answer


def signed(secret, claims):
    """A token as someone who knows the secret, but not the keys, could make it."""
    key = hmac.new(secret.encode(), b"token", hashlib.sha256).hexdigest()
    text = f"{encoded({'typ': 'JWT', 'alg': 'HS256'})}.{encoded(claims)}"
    signature = hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def encoded(value):
    """Encodes a part of a token."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def pools(server, tokens):
    """Ids by kind, and cursors, in an order that does not depend on their random parts."""
    found = {kind: [] for kind in ("Account", "Client", "Viewer", "Task", "Notification", "JobPost", "Proposal", "Lot",
                                   "cursor")}
    found["Task"] = [global_id(f"Task:{word}") for word in ("monthly-grants", "reconcile")]
    gather(ask(server.port, {"query": POOLS}, tokens["oskar"]).json(), found)
    for role in sorted(set(tokens) - {"visitor", *BAD}):
        gather(ask(server.port, {"query": MINE}, tokens[role]).json(), found)
    return {kind: ids for kind, ids in found.items() if ids}


def gather(value, found, most=400):
    """Collects the ids and cursors anywhere in an answer."""
    if isinstance(value, dict):
        for name, item in value.items():
            if isinstance(item, str) and name == "id":
                keep(found, kind_of(item), item, most)
            elif isinstance(item, str) and name in ("cursor", "endCursor", "startCursor"):
                keep(found, "cursor", item, most)
            else:
                gather(item, found, most)
    elif isinstance(value, list):
        for item in value:
            gather(item, found, most)


def keep(found, kind, item, most):
    """Keeps a new id, in place of an old one when there are many."""
    known = found.setdefault(kind, [])
    if item in known:
        return
    if len(known) >= most:
        known.pop(0)
    known.append(item)


def key_of(made):
    """The content of an id: the kind of object, and its keys."""
    return base64.urlsafe_b64decode(made + "=" * (-len(made) % 4)).decode("utf-8", "replace")


def kind_of(made):
    """The kind of object that an id names."""
    return key_of(made).partition(":")[0]
