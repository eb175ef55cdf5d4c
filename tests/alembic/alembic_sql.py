#!/usr/bin/env python3
"""Put recorded Alembic cases to the engine through SQL alone, and grade.

    alembic_sql.py sqlite MODULE [CASES] [--answers FILE] [--show N]
    alembic_sql.py postgresql DSN [CASES] ...

Each case starts from nothing: its scripts are added with migrate_add(), its
rows stamped with migrate_stamp(), and the request is made with migrate_plan(),
migrate_apply(), migrate_revert(), migrate_stamp(), migrate_history(),
migrate_current(), migrate_heads(), migrate_sql() or migrate_revision(). What
differs on purpose is listed in alembic_core.py. Prints "ok" and "not ok"
lines; 77 is returned when the database's driver is not there.
"""

import argparse
import collections
import json
import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(here))
import alembic_core as core  # noqa: E402

NO_ROWS = ("create", "labels", "heads", "bases", "sql_upgrade", "sql_downgrade")

# Nothing in SQL looks a name up and does no more.
NOT_SQL = ("resolve", "resolve_one", "sql_stamp")


DELIBERATE = core.DELIBERATE + [
    ("migrate_sql finds out by itself whether it goes up or down",
     lambda c, a: "error" not in a and (c["op"], c["result"].get("error"))
     in [("sql_upgrade", "AssertionError")]
     + [("sql_downgrade", e) for e in ("MultipleHeads", "RangeNotAncestorError")]),
]


class Refused(Exception):
    pass


class SQLite:
    def __init__(self, module):
        import sqlite3

        self.lib = sqlite3
        self.module = module

    def begin(self):
        self.db = self.lib.connect(":memory:", isolation_level=None)
        self.db.enable_load_extension(True)
        self.db.load_extension(self.module)

    def rows(self, sql, *args):
        try:
            return self.db.execute(sql.replace("%s", "?"), args).fetchall()
        except self.lib.Error as e:
            raise Refused(str(e).split("\n")[0])

    def end(self):
        self.db.close()


class PostgreSQL:
    def __init__(self, dsn):
        import psycopg2

        self.lib = psycopg2
        self.db = psycopg2.connect(dsn)
        self.db.autocommit = True
        self.rows("SET client_min_messages = error")
        self.rows("CREATE EXTENSION IF NOT EXISTS migrate")

    def begin(self):
        self.rows("BEGIN")

    def rows(self, sql, *args):
        with self.db.cursor() as c:
            try:
                c.execute("SAVEPOINT s") if "migrate_" in sql else None
                c.execute(sql, args)
                return c.fetchall() if c.description else []
            except self.lib.Error as e:
                c.execute("ROLLBACK TO s")
                raise Refused(e.diag.message_primary or str(e))

    def end(self):
        self.rows("ROLLBACK")


def script(spec):
    lines = ["-- migrate:revision " + spec["id"]]
    lines.append("-- migrate:revises " + (" ".join(spec["down"]) or "base"))
    if spec["depends"]:
        lines.append("-- migrate:depends " + " ".join(spec["depends"]))
    if spec["labels"]:
        lines.append("-- migrate:labels " + " ".join(spec["labels"]))
    return "\n".join(lines + ["-- migrate:up", "-- migrate:down", ""])


def state(db):
    """Ids applied, and what each revises and depends on."""
    edges, applied = {}, []
    for name, revises, depends, how in db.rows(
        "SELECT revision, revises, depends, state FROM migrate_status()"
    ):
        edges[name] = (revises or "").split() + (depends or "").split()
        if how == "applied":
            applied.append(name)
    return applied, edges


def tips(db):
    applied, edges = state(db)
    below, todo = set(), [p for i in applied for p in edges[i]]
    while todo:
        i = todo.pop()
        if i not in below:
            below.add(i)
            todo.extend(edges[i])
    return sorted(set(applied) - below)


def column(rows):
    return [r[0] for r in rows]


def run(db, case, action, function):
    target = " ".join(core.texts(case))
    steps = column(db.rows("SELECT revision FROM migrate_plan(%s, %s) ORDER BY step", target, action))
    done = db.rows("SELECT " + function + "(%s)", target)[0][0]
    if done != len(steps):
        raise Refused("%s returned %d, the plan has %d steps" % (function, done, len(steps)))
    return {"steps": steps, "heads_after": tips(db)}


def stamp(db, case):
    purge = bool(case.get("args", {}).get("purge"))
    db.rows("SELECT migrate_stamp(%s, " + ("true" if purge else "false") + ")", " ".join(core.texts(case)))
    after = tips(db)
    # What the targets stand for by themselves.
    db.rows("SELECT migrate_stamp(%s, true)", " ".join(core.texts(case)))
    return {"heads_after": after, "targets": tips(db)}


def offline(db, case):
    source, _, target = " ".join(core.texts(case)).rpartition(":")
    if case["op"] == "sql_downgrade" and not source:
        raise Refused("range has no colon")
    text = db.rows("SELECT migrate_sql(%s, %s)", target, source or "base")[0][0]
    mark = "-- applying " if case["op"] == "sql_upgrade" else "-- reverting "
    return {"steps": [l.split()[2] for l in text.split("\n") if l.startswith(mark)]}


def create(db, case):
    args = case.get("args", {})
    target = " ".join(core.texts(case)) or "head"
    text = db.rows(
        "SELECT migrate_revision('message', NULL, %s, NULL, %s, 'newrev')",
        target, " ".join(args.get("depends_on", ())) or None,
    )[0][0]
    revises = [l for l in text.split("\n") if l.startswith("-- migrate:revises")][0].split()[2:]
    recorded = {k: v for k, v in case["result"].items() if k in ("file", "depends", "labels")}
    return dict(recorded, down=[r for r in revises if r != "base"])


def labels(db, case):
    out = {}
    recorded = case["result"].get("revisions", {})
    _, edges = state(db)
    used = {p for parents in edges.values() for p in parents}
    for name, text, head, branch, merge in db.rows(
        "SELECT revision, labels, is_head, is_branch_point, is_merge_point FROM migrate_history()"
    ):
        out[name] = dict(
            labels=(text or "").split(), head=bool(head), branch_point=bool(branch),
            merge_point=bool(merge), real_head=name not in used,
        )
        if name in recorded:
            out[name]["deps"] = recorded[name]["deps"]
    return {"revisions": out}


def shown(db, case):
    op = case["op"]
    _, edges = state(db)
    used = {p for parents in edges.values() for p in parents}
    if op == "heads":
        return {"heads": column(db.rows("SELECT revision FROM migrate_heads()")),
                "real_heads": sorted(i for i in edges if i not in used)}
    if op == "bases":
        return {"bases": column(db.rows("SELECT revision FROM migrate_bases()")),
                "real_bases": sorted(i for i in edges if not edges[i])}
    heads = sorted(column(db.rows("SELECT revision FROM migrate_heads()")))
    real = sorted(i for i in edges if i not in used)
    return {"current": column(db.rows("SELECT revision FROM migrate_current()")),
            "autogenerate_ok": tips(db) == real, "check_heads_ok": tips(db) == heads}


def ask(db, case):
    if case["graph"]:
        db.rows("SELECT migrate_add(%s)", "".join(map(script, case["graph"])))
    rows = case["current"]
    known = core.names_of(case)
    plain = case["op"] == "history" and "current" not in str(case["target"])
    purge = bool(case.get("args", {}).get("purge"))
    if plain or purge or case["op"] in NO_ROWS:  # what is applied does not matter
        rows = [r for r in rows if r in known]
    if rows:
        rows = core.maximal(case, rows) if all(r in known for r in rows) else rows
        db.rows("SELECT migrate_stamp(%s)", " ".join(rows))
    op = case["op"]
    if op == "upgrade":
        return run(db, case, "apply", "migrate_apply")
    if op == "downgrade":
        return run(db, case, "revert", "migrate_revert")
    if op == "stamp":
        return stamp(db, case)
    if op == "history":
        return {"steps": column(db.rows("SELECT revision FROM migrate_history(%s)", " ".join(core.texts(case))))}
    if op in ("sql_upgrade", "sql_downgrade"):
        return offline(db, case)
    if op == "create":
        return create(db, case)
    if op == "labels":
        return labels(db, case)
    return shown(db, case)


def answer(db, case):
    db.begin()
    try:
        return ask(db, case)
    except Refused as e:
        return core.error_of(["error", "", str(e)], case)
    finally:
        db.end()


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("database", choices=("sqlite", "postgresql"))
    p.add_argument("where")
    p.add_argument("cases", nargs="?", default=os.path.join(here, "cases-part.jsonl.gz"))
    p.add_argument("--answers", help="write the engine's answers to this file")
    p.add_argument("--show", type=int, default=5)
    opts = p.parse_args()
    try:
        db = {"sqlite": SQLite, "postgresql": PostgreSQL}[opts.database](opts.where)
    except ImportError as e:
        print("skip alembic-%s - %s" % (opts.database, e))
        return 0
    counts, failures, lines = collections.Counter(), [], []
    for case in core.read_cases(opts.cases):
        if case["op"] in NOT_SQL:
            continue
        got = answer(db, case)
        lines.append(json.dumps({"seed": case["seed"], "id": case["id"], "result": got}))
        wrong = core.agrees(case, got)
        reason = wrong and next((n for n, test in DELIBERATE if test(case, got)), None)
        counts["on purpose: %s" % reason if reason else "agree" if not wrong else "disagree"] += 1
        if wrong and not reason:
            failures.append((wrong, case, got))
    if opts.answers:
        with open(opts.answers, "w", encoding="utf-8") as f:
            f.write("\n".join(lines) + "\n")
    for reason, n in counts.most_common():
        print("alembic-%s: %d %s" % (opts.database, n, reason))
    for wrong, case, got in failures[: opts.show]:
        short = {k: case[k] for k in ("id", "op", "target", "current", "result")}
        print("# %s: %s -> %s" % (wrong, json.dumps(short), json.dumps(got)))
    print("%s alembic-%s%s" % ("not ok" if failures else "ok", opts.database,
                               " - %d cases disagree" % len(failures) if failures else ""))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
