#!/usr/bin/env python3
"""How much machine code a mutation costs, and whether that grows.

Counts the functions of a debug build that deal with a mutation: its field, its input and its payload. The figure depends
on the compiler and the profile, so the bound leaves room for both, but not for one more copy of a use case."""

import argparse
import json
import re
import subprocess
import sys

MOST = 29_600
"""Bytes of code per mutation field of a debug build. Most of it is what the library derives for inputs and payloads, so
that mutations with large inputs, such as offers, projects and payout details, raise the mean, as do creatives, whose
pictures are kept before the transaction, buying and upgrading, whose payment is asked for after it, and promo codes,
which say much and are looked up before."""

MUTATION = re.compile(r"connects::graphql::[\w:]*\w(Mutation|Input|Payload)\b")


def functions(binary):
    """Name and bytes of each function of `binary`."""
    listed = subprocess.run(["nm", "--demangle", "--print-size", binary], capture_output=True, text=True, check=True)
    for size, name in re.findall(r"^[0-9a-f]+ ([0-9a-f]+) [tTwW] (.+)$", listed.stdout, re.M):
        yield name, int(size, 16)


def mutation_fields(binary):
    """The names of all mutations of `binary`'s schema."""
    schema = subprocess.run([binary, "schema"], capture_output=True, text=True, check=True).stdout
    body = re.search(r"^type Mutation \{$(.*?)^\}$", schema, re.M | re.S)[1]
    return re.findall(r"^  (\w+)", re.sub(r'""".*?"""', "", body, flags=re.S), re.M)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--binary", required=True, help="a debug build of connects")
    binary = arguments.parse_args().binary
    bytes_of_mutations = sum(size for name, size in functions(binary) if MUTATION.search(name))
    fields = mutation_fields(binary)
    each = bytes_of_mutations // len(fields)
    print(json.dumps({"mutations": len(fields), "bytes": bytes_of_mutations, "bytesEach": each, "most": MOST}))
    if each > MOST:
        sys.exit(f"a mutation costs {each} bytes of code, more than {MOST}: let its resolver call a plain function")


if __name__ == "__main__":
    main()
