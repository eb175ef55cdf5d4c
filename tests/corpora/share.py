#!/usr/bin/env python3
"""How much of real trees can be said in the other database.

    share.py FOLDER [NAME ...]      none: all of LEAST

Each statement of a tree's ups is translated to the other database, in the
order of the tree, so that tables and types are known as in a run. "| ..."
lines are the table of docs/portable-sql.md; the lines behind one say what
stops the rest, and how often. A tree of which fewer statements pass than
LEAST says fails.

SHARE_LINES=1 names the place of each refusal.
"""

import os
import re
import subprocess
import sys
from collections import Counter

import trees
from corpora import DATABASES

DRIVER = os.environ.get("MIGRATE_BUILD", "build") + "/unit/translate_driver"
OTHER = {"sqlite": "postgresql", "postgresql": "sqlite"}

LEAST = {
    "pocketid-sqlite": 398,
    "pocketid-pg": 153,
    "vaultwarden-sqlite": 105,
    "vaultwarden-pg": 101,
    "river-sqlite": 46,
    "river-pg": 36,
    "ncps-dbmate-sqlite": 61,
    "ncps-dbmate-pg": 30,
    "coder-pg": 1126,
    "mas-pg": 231,
    "hatchet": 764,
    "documenso": 747,
    "kestra-pg": 124,
    "preciazo-sqlite": 13,
}


def verdicts(tree, corpora):
    """The driver's lines, as lists of fields."""
    parts = []
    for r in trees.read(tree, corpora):
        parts.append(b"file %d %s\n" % (len(r.up), r.id.encode()) + r.up)
    done = subprocess.run(
        [DRIVER, OTHER[tree.database]], input=b"".join(parts), capture_output=True
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr.decode(errors="replace").strip())
    text = done.stdout.decode(errors="replace")
    return [line.split("\t") for line in text.split("\n") if line]


def construct(message):
    """A refusal without what is the tree's own."""
    text = message.removeprefix("cannot translate ")
    if text.startswith(("type", "function", "extension", "setting", "schema")):
        return text
    return re.sub(r'"[^"]*"', '"..."', text)


def noted(lines):
    """How many statements have a note."""
    count, before = 0, None
    for fields in lines:
        count += fields[0] == "note" and before != "note"
        before = fields[0]
    return count


def measure(tree, corpora):
    lines = verdicts(tree, corpora)
    kinds = Counter(fields[0] for fields in lines)
    total = sum(kinds.values()) - kinds["note"]
    passed = total - kinds["refuse"]
    print(
        f"| {tree.name} | {DATABASES[OTHER[tree.database]]} | {total} | {passed}"
        f" | {kinds['change'] + kinds['leave']} | {noted(lines)} |"
    )
    refused = [fields for fields in lines if fields[0] == "refuse"]
    for text, n in Counter(construct(f[3]) for f in refused).most_common():
        print(f"    {n:4} {text}")
    if os.environ.get("SHARE_LINES"):
        for fields in lines:
            if fields[0] in ("refuse", "note"):
                print("    " + " ".join(fields))
    return passed


def test(tree, corpora):
    least = LEAST.get(tree.name, 0)
    try:
        passed = measure(tree, corpora)
    except RuntimeError as error:
        print(f"not ok share-{tree.name} - {error}", flush=True)
        return
    if passed < least:
        print(f"not ok share-{tree.name} - {passed} pass, at least {least} did")
    else:
        print(f"ok share-{tree.name}", flush=True)


def main(corpora, names):
    for tree in trees.chosen(["all"]):
        if tree.name not in (names or LEAST):
            continue
        if os.path.isdir(os.path.join(corpora, tree.name)):
            test(tree, corpora)
        else:
            print(f"skip share-{tree.name} - it is not in the folder", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
