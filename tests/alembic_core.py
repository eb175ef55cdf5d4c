#!/usr/bin/env python3
"""Grade the core's graph, targets and plans against recorded Alembic answers.

    alembic_core.py DRIVER [CASES] [--answers FILE] [--show N]

DRIVER is the program built from tests/unit/graph_driver.c. CASES holds one
recorded case a line (JSON, .gz or plain); the default is a sample of every
operation and error. A difference counts as a failure unless it is one of the
deliberate ones that are listed in DELIBERATE below; docs/differences.md
explains them to users. --answers writes what the core said as JSON lines; what is not
the core's to say (names of files, labels of a new revision) is left as recorded.
"""

import argparse
import collections
import gzip
import json
import os
import re
import subprocess
import sys

ERROR_KINDS = [  # (how our message reads, Alembic's class, kind)
    (r"^branch .* (does not exist|is ambiguous)$", "ResolutionError", "no_such_branch"),
    (r"^revision .* does not exist$", "ResolutionError", "no_such_revision"),
    (r"^revision .* is ambiguous$", "ResolutionError", "ambiguous_prefix"),
    (r"^revision .* is not on branch", "ResolutionError", "not_member_of_branch"),
    (r"more than one head$|stands for several revisions$", "MultipleHeads", None),
    (r"^targets .* overlap$", "RevisionError", "overlap"),
    (r"^target .* is ambiguous$", "RevisionError", "ambiguous_walk"),
    (r"^target .* could count from several", "RevisionError", "ambiguous_upgrade"),
    (r"^target .* (asks for no step|leads (up|down), not)", "RevisionError", "relative_too_far"),
    (r"^no revision is applied$", "RevisionError", "relative_too_far"),
    (r"^target .* goes too far$", "RevisionError", "relative_too_far|walked_too_far"),
    (r"^branch .* does not begin above", "RevisionError", "branch_filter_empty"),
    (r"is not applied$|^nothing above revision|is not an ancestor of", "RangeNotAncestorError", None),
    (r"^label .* is already taken$", "RevisionError", "label_taken"),
    (r"^identifier", "RevisionError", "illegal_id_char"),
    (r"^revision .* revises itself$", "LoopDetected", None),
    (r"^revision .* depends on itself$", "DependencyLoopDetected", None),
    (r"^revisions form a cycle$", "CycleDetected", None),
    (r"^revisions and their dependencies form a cycle$", "DependencyCycleDetected", None),
    (r"is named twice$", "CommandError", "duplicate_heads"),
    (r"is a range$", "CommandError", "range_needs_sql"),
    (r"^range has no colon$", "CommandError", "sql_downgrade_needs_range"),
    (r"^range .* colon$", "CommandError", "history_range_syntax"),
]

NOT_OURS = ("sql_stamp",)  # there is no offline stamp


def texts(case):
    target = case["target"]
    if isinstance(target, list):
        return target
    return [] if target is None else [target]


def ids_of(case):
    return [spec["id"] for spec in case["graph"]]


def names_of(case):
    return ids_of(case) + [n for spec in case["graph"] for n in spec["labels"]]


def found(case, name):
    """Whether a branch of that name exists."""
    keys = names_of(case)
    return name in keys or sum(k.startswith(name) and len(k) > 3 for k in keys) == 1


def branch_missing(case):
    return any(
        "@" in part and not found(case, part.rsplit("@", 1)[0])
        for text in texts(case)
        for part in text.split(":")
    )


def dotted_step(case):
    return any(
        re.search(r"(^|[@:])%s[+-]\d+$" % re.escape(i), text)
        for text in texts(case)
        for i in ids_of(case)
        if "." in i
    )


def edges_of(case):
    keys = {n: spec["id"] for spec in case["graph"] for n in spec["labels"] + [spec["id"]]}
    return keys, {
        spec["id"]: [keys[n] for n in spec["down"] + spec["depends"] if n in keys]
        for spec in case["graph"]
    }


def maximal(case, names):
    """Names (or unique beginnings) to the revisions among them that no other
    one includes: what rows are where the state is a set."""
    keys, edges = edges_of(case)
    start = set()
    for name in names:
        start |= {keys[name]} if name in keys else {i for i in edges if i.startswith(name)}
    todo = [p for i in start for p in edges[i]]
    below = set()
    while todo:
        i = todo.pop()
        if i not in below:
            below.add(i)
            todo.extend(edges[i])
    return sorted(start - below)


def same_set(case, answer):
    """Our rows are Alembic's after all targets, each one kept, as a set."""
    if "heads_after" not in case["result"] or "heads_after" not in answer:
        return False
    rows = list(case["result"]["heads_after"])
    if case["op"] == "stamp":
        rows += answer["targets"]
    return maximal(case, rows) == sorted(answer["heads_after"])


def steps_down(case):
    return any(re.search(r"(^|@)-\d+$", t) for t in texts(case))


# Why an answer may differ: name, test. Each has its paragraph in the manual.
DELIBERATE = [
    ("the state is a set: rows are whole ids, none of them below another one",
     lambda c, a: same_set(c, a)
     or c.get("state_note") in ("redundant", "partial")),
    ("a stamp on which Alembic falls over half way",
     lambda c, a: c["op"] == "stamp" and c["result"].get("phase") == "apply"),
    ("an offline plan or a history on which Alembic falls over",
     lambda c, a: (c["op"], c["result"].get("error"))
     in (("sql_upgrade", "KeyError"), ("history", "AssertionError"))),
    ("targets are lists by blanks",
     lambda c, a: any(" " in t for t in texts(c))),
    ("current is a target everywhere",
     lambda c, a: any("current" in t for t in texts(c)) and "error" not in a),
    ("the same identifier twice, and reserved words, are refused",
     lambda c, a: "error" in a and c.get("damage") in ("duplicate_id", "reserved_id")),
    ("a cycle of any kind is refused",
     lambda c, a: "error" in a and bool(c.get("cyclic"))),
    ("identifiers are of letters, digits, _ . and -",
     lambda c, a: c.get("damage") == "bad_char"),
    ("several current revisions and no branch: -N does not guess",
     lambda c, a: "error" in a
     and "relative_from_many_heads" in c["result"].get("warnings", ())),
    ("a branch is always looked up",
     lambda c, a: "error" in a and branch_missing(c)),
    ("branch@-N and -N that lead to no revision are errors",
     lambda c, a: "error" in a and c["op"] in ("stamp", "resolve", "create") and steps_down(c)),
    ("an identifier with a dot takes relative steps too",
     lambda c, a: dotted_step(c) and "error" not in a),
    ("a new revision may branch off anywhere",
     lambda c, a: c["op"] == "create" and c["result"].get("kind") == "not_a_head"),
    ("the identifier of a new revision is checked elsewhere",
     lambda c, a: c["op"] == "create" and c["result"].get("kind") == "illegal_id_char"),
]


class Driver:
    def __init__(self, path):
        self.process = subprocess.Popen(
            [path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def line(self, *fields):
        self.process.stdin.write("\t".join(fields) + "\n")

    def ask(self, case):
        """The fields of the driver's answer."""
        op = case["op"]
        target = " ".join(texts(case))
        for name in case.get("args", {}).get("depends_on", ()):
            fields = self.request(case, "resolve_one", name)
            if fields[0] == "error" or fields[1] == "(base)":
                return ["error", "", "dependency is not one revision", "", ""]
        if op == "stamp" and case.get("args", {}).get("purge"):
            op = "purge"
        if op in ("stamp", "purge"):
            asked = [self.request(case, "resolve", t) for t in texts(case)]
            case["targets"] = [i for f in asked if f[0] == "ok" for i in f[1].split()]
        if op == "create" and case["target"] is None:
            target = "head"
        return self.request(case, op, target)

    def request(self, case, op, target):
        self.line("graph")
        for spec in case["graph"]:
            self.line("rev", spec["id"], *(" ".join(spec[k]) for k in ("down", "depends", "labels")))
        for row in case["current"]:
            self.line("row", row)
        self.line("ask", op, target)
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer.endswith("\n"):
            sys.exit("the driver died at case %s" % case["id"])
        return answer[:-1].split("\t")

    def end(self):
        self.process.stdin.close()
        return self.process.wait()


def refused_before(case):
    """What reading the scripts refuses before there is a graph."""
    for i in ids_of(case):
        if re.search(r"[^\w.-]", i) or i in ("head", "heads", "base", "current"):
            return ["error", "2", 'identifier "%s" is not one' % i, "", ""]
    return None


def error_of(fields, case):
    for pattern, name, kind in ERROR_KINDS:
        if re.search(pattern, fields[2]):
            out = {"error": name, "message": fields[2]}
            if kind:
                known = case["result"].get("kind")
                out["kind"] = known if known in kind.split("|") else kind.split("|")[0]
            return out
    return {"error": "Error", "kind": "other", "message": fields[2]}


def labels_of(fields, recorded):
    out = {}
    for text in fields:
        name, rest = text.rsplit("=", 1)
        labels, flags = rest.split(";")
        out[name] = dict(
            zip(("branch_point", "merge_point", "head", "real_head"), (f == "1" for f in flags)),
            labels=labels.split(),
        )
        if name in recorded:
            out[name]["deps"] = recorded[name]["deps"]
    return {"revisions": out}


def answer_of(case, fields):
    """The driver's answer in the words of the recorded ones."""
    op, recorded = case["op"], case["result"]
    if fields[0] == "error":
        return error_of(fields, case)
    lists = [f.split() for f in fields[1:]]
    if op in ("upgrade", "downgrade"):
        return {"steps": lists[0], "heads_after": lists[1]}
    if op == "stamp":
        return {"heads_after": lists[1], "targets": case["targets"]}
    if op in ("history", "sql_upgrade", "sql_downgrade"):
        return {"steps": lists[0]}
    if op in ("resolve", "resolve_one"):
        return {"revisions": [None] if fields[1] == "(base)" else lists[0]}
    if op in ("heads", "bases"):
        return {op: lists[0], "real_" + op: lists[1]}
    if op == "labels":
        return labels_of(fields[1:], recorded.get("revisions", {}))
    if op == "status":
        shown, current, heads, real = lists
        return {
            "current": shown,
            "autogenerate_ok": current == real,
            "check_heads_ok": current == heads,
        }
    return dict({k: v for k, v in recorded.items() if k in ("file", "depends", "labels")}, down=lists[0])


def in_order(case, steps):
    place = {s: i for i, s in enumerate(steps)}
    return len(place) == len(steps) and all(
        place[a] < place[b] for a, b in case.get("constraints", ()) if a in place and b in place
    )


def agrees(case, answer):
    """What is wrong with an answer, or None."""
    want = case["result"]
    if "error" in want:
        if "error" in answer:
            return None
        # Alembic's own bookkeeping fell over; the plan itself can be judged.
        if "ideal_heads" in want and sorted(answer["heads_after"]) == want["ideal_heads"]:
            same = sorted(answer["steps"]) == sorted(want["steps"])
            return None if same and in_order(case, answer["steps"]) else "other steps"
        return "accepted"
    if "error" in answer:
        return "refused"
    for key, value in want.items():
        got = answer.get(key)
        if key in ("version_ops", "warnings", "ideal_heads") or (case["op"] == "stamp" and key == "steps"):
            continue
        if key == "heads_after":
            if sorted(got) not in (value, want.get("ideal_heads")):
                return "other " + key
        elif key == "steps":
            if sorted(got) != sorted(value):
                return "other steps"
            if not in_order(case, got):
                return "impossible order"
        elif isinstance(value, list) and (case["op"] != "create" or "heads" in str(case["target"])):
            if sorted(map(str, got)) != sorted(map(str, value)):
                return "other " + key
        elif got != value:
            return "other " + key
    return None


def read_cases(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as f:
        return [json.loads(line) for line in f if line.strip()]


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("driver")
    p.add_argument("cases", nargs="?", default=os.path.join(here, "alembic", "cases-part.jsonl.gz"))
    p.add_argument("--answers", help="write the core's answers to this file")
    p.add_argument("--show", type=int, default=5, help="failures to print")
    opts = p.parse_args()
    driver = Driver(opts.driver)
    passed, failures, reasons = 0, [], collections.Counter()
    lines = []
    for case in read_cases(opts.cases):
        if case["op"] in NOT_OURS:
            continue
        answer = answer_of(case, refused_before(case) or driver.ask(case))
        lines.append(json.dumps({"seed": case["seed"], "id": case["id"], "result": answer}))
        wrong = agrees(case, answer)
        reason = wrong and next((name for name, test in DELIBERATE if test(case, answer)), None)
        if wrong and not reason:
            failures.append((wrong, case, answer))
        else:
            passed += 1
        if reason:
            reasons[reason] += 1
    if driver.end() != 0:
        sys.exit("the driver failed")
    if opts.answers:
        with open(opts.answers, "w", encoding="utf-8") as f:
            f.write("\n".join(lines) + "\n")
    for reason, n in reasons.most_common():
        print("alembic: %d on purpose: %s" % (n, reason))
    for wrong, case, answer in failures[: opts.show]:
        short = {k: case[k] for k in ("id", "op", "target", "current", "result")}
        print("alembic: %s: %s -> %s" % (wrong, json.dumps(short), json.dumps(answer)))
    print("alembic: %d passed, %d failed" % (passed, len(failures)))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
