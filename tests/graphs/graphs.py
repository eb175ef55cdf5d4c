#!/usr/bin/env python3
"""Revision graphs of real projects through the SQL interface.

    graphs.py FOLDER        holds NAME.jsonl, one revision a line

Each graph is stored as scripts with empty sections, planned, applied, drawn
and reverted in both databases, and compared with what is worked out here from
the definitions in docs/concepts.md. A graph with a cycle must be refused, the
cycle named. Where there are two databases, both must say the same.
"""

import heapq
import json
import os
import re
import sys
import xml.etree.ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "corpora"))
from databases import Postgres, Sqlite, SqlError, has_postgresql, literal

# name, whether it has a cycle
GRAPHS = [
    ("neutron", False),
    ("git-mas", False),
    ("sqitch-vibetype", False),
    ("pgext-citus", True),
]


class Failed(Exception):
    """A check that did not hold."""


def equal(got, wanted, what):
    if got != wanted:
        raise Failed(f"{what}: {str(got)[:400]}, not {str(wanted)[:400]}")


class Graph:
    def __init__(self, path, cyclic):
        self.parents, self.depends, self.labels = {}, {}, {}
        with open(path, encoding="utf-8") as file:
            for line in file:
                self.take(json.loads(line), cyclic)
        self.below = {r: set(self.parents[r] + self.depends[r]) for r in self.parents}
        self.above = {r: set() for r in self.parents}
        for r, below in self.below.items():
            for b in below:
                self.above[b].add(r)

    def take(self, row, cyclic):
        """Ids of ours have no @; a label that is given twice would be the
        first thing to be refused in a graph that is to be refused."""
        name = row["id"].replace("@", "_")
        self.parents[name] = [p.replace("@", "_") for p in row["down"]]
        self.depends[name] = [d.replace("@", "_") for d in row["depends"]]
        self.labels[name] = [] if cyclic else row["labels"]

    def script(self):
        parts = []
        for r in self.parents:
            part = f"-- migrate:revision {r}\n"
            part += f"-- migrate:revises {' '.join(self.parents[r]) or 'base'}\n"
            if self.depends[r]:
                part += f"-- migrate:depends {' '.join(self.depends[r])}\n"
            if self.labels[r]:
                part += f"-- migrate:labels {' '.join(self.labels[r])}\n"
            parts.append(part + "-- migrate:up\n-- migrate:down\n")
        return "".join(parts)

    def heads(self):
        revised = {p for parents in self.parents.values() for p in parents}
        return sorted(set(self.parents) - revised)

    def bases(self):
        return sorted(r for r in self.parents if not self.parents[r])

    def order(self):
        """Smallest id first among those that may come next."""
        return ordered(self.below, self.above, lambda r: r.encode())

    def reverse_order(self):
        """From the top, largest id first."""
        return ordered(
            self.above, self.below, lambda r: bytes(255 - b for b in r.encode()) + b"\xff"
        )

    def ancestors(self, revision):
        seen, todo = set(), [revision]
        while todo:
            r = todo.pop()
            if r not in seen:
                seen.add(r)
                todo.extend(self.below[r])
        return seen


def ordered(before, after, key):
    waiting = {r: len(b) for r, b in before.items()}
    ready = [(key(r), r) for r, n in waiting.items() if n == 0]
    heapq.heapify(ready)
    done = []
    while ready:
        r = heapq.heappop(ready)[1]
        done.append(r)
        for n in after[r]:
            waiting[n] -= 1
            if waiting[n] == 0:
                heapq.heappush(ready, (key(n), n))
    return done


def column(db, call, name="revision"):
    return [row[0] for row in db.rows(call, name)]


def check_shape(db, g):
    n = len(g.parents)
    script = literal(g.script())
    equal(db.value(f"migrate_add({script})"), str(n), "migrate_add")
    equal(db.value(f"migrate_add({script})"), "0", "migrate_add again")
    equal(sorted(column(db, "migrate_heads()")), g.heads(), "heads")
    equal(sorted(column(db, "migrate_bases()")), g.bases(), "bases")


def check_history(db, g):
    seen = set()
    rows = db.rows(
        "migrate_history()", "revision, coalesce(revises, ''), coalesce(depends, '')"
    )
    for revision, revises, depends in rows:
        equal(sorted(revises.split()), sorted(g.parents[revision]), "revises")
        equal(sorted(depends.split()), sorted(g.depends[revision]), "depends")
        equal(g.below[revision] & seen, set(), f"shown above {revision}")
        seen.add(revision)
    equal(seen, set(g.parents), "history")


def check_plans(db, g):
    equal(column(db, "migrate_plan('heads')"), g.order(), "plan")
    for revision in sorted(g.parents)[::11]:
        wanted = g.ancestors(revision)
        plan = column(db, f"migrate_plan({literal(revision)})")
        equal(plan, [r for r in plan if r in wanted], f"plan of {revision}")
        equal(len(plan), len(wanted), f"length of the plan of {revision}")


def check_run(db, g):
    n = str(len(g.parents))
    equal(db.value("migrate_apply('heads')"), n, "migrate_apply")
    equal(db.value("migrate_apply('heads')"), "0", "migrate_apply again")
    equal(sorted(column(db, "migrate_current()")), g.heads(), "current")
    equal(db.value("migrate_check()"), "0", "migrate_check")
    plan = column(db, "migrate_plan('base', 'revert')")
    equal(plan, g.reverse_order(), "plan down")
    equal(db.value("migrate_revert('base')"), n, "migrate_revert")
    equal(column(db, "migrate_current()"), [], "current at base")


def check_pictures(db, g):
    pictures = {}
    for form in ("text", "dot", "mermaid", "svg"):
        picture = db.value(f"migrate_graph({literal(form)})")
        for revision in g.parents:
            if revision not in picture:
                raise Failed(f"{form} leaves out {revision}")
        pictures[form] = picture
    xml.etree.ElementTree.fromstring(pictures["svg"])
    return pictures


def check_refusal(db, g):
    """The cycle that it names must be one."""
    try:
        db.value(f"migrate_add({literal(g.script())})")
    except SqlError as error:
        text = str(error)
    else:
        raise Failed("a graph with a cycle is stored")
    if "form a cycle" not in text:
        raise Failed(text)
    named = re.search(r"The cycle is (.*)\.", text)
    cycle = named.group(1).split(" -> ") if named else []
    steps = list(zip(cycle, cycle[1:]))
    down = all(b in g.below[a] for a, b in steps)
    up = all(a in g.below[b] for a, b in steps)
    if not steps or cycle[0] != cycle[-1] or not (down or up):
        raise Failed("no cycle of this graph is named: " + text)
    equal(column(db, "migrate_history()"), [], "history after a refusal")


def run_graph(db, g, cyclic):
    """What the databases must agree on."""
    db.install()
    if cyclic:
        check_refusal(db, g)
        return None
    check_shape(db, g)
    check_history(db, g)
    check_plans(db, g)
    check_run(db, g)
    return db.value("migrate_fingerprint()"), check_pictures(db, g)


def test(folder, name, cyclic):
    g = Graph(os.path.join(folder, name + ".jsonl"), cyclic)
    answers = []
    kinds = [Sqlite] + ([Postgres] if has_postgresql() else [])
    for kind in kinds:
        db = kind("graph_" + name)
        try:
            answers.append(run_graph(db, g, cyclic))
            print(f"ok {name}/{kind.kind}", flush=True)
        except (Failed, SqlError) as error:
            print(f"not ok {name}/{kind.kind} - {error}", flush=True)
        finally:
            db.drop()
    if len(kinds) < 2:
        print(f"skip {name}/postgresql - there is no server")
    elif len(answers) == 2 and not cyclic:
        same = answers[0] == answers[1]
        print(f"ok {name}/same" if same else f"not ok {name}/same - they differ")


def main(folder):
    for name, cyclic in GRAPHS:
        if os.path.exists(os.path.join(folder, name + ".jsonl")):
            test(folder, name, cyclic)
        else:
            print(f"skip {name} - it is not in the folder")


if __name__ == "__main__":
    main(sys.argv[1])
