"""Random tables and random changes of them on SQLite: what migrate_apply
makes of ALTER TABLE is compared with the same change done by hand, that is,
with a database that had the changed table from the start.

    SEED=N CASES=N rebuild.py MODULE

A table has keys, rules, collations, generated columns, conflict clauses,
comments, indexes, triggers, views over views, rows that refer to it, rows
with rowids of their own and rows from before ADD COLUMN. What no change touches must stay byte for byte.
"""

import copy
import os
import random
import sqlite3
import sys

MODULE = sys.argv[1]
SEED = os.environ.get("SEED") or str(random.randrange(10**9))
CASES = int(os.environ.get("CASES", "80"))

TYPES = ["integer", "text", "varchar(20)", "numeric(8,2)", "boolean", "blob", "real"]


class Column:
    """One of a table; `rules` are texts that stand behind its type."""

    def __init__(self, rnd, name):
        self.name = name
        self.type = rnd.choice(TYPES)
        self.null = rnd.random() < 0.6
        self.default = rnd.choice([None, "7", "'seven'", "NULL", "(1 + 2)"])
        self.unique = rnd.random() < 0.2
        self.check = rnd.random() < 0.3
        self.collate = self.type.startswith(("text", "var")) and rnd.random() < 0.4
        self.conflict = rnd.choice(["", "", " ON CONFLICT ABORT"])

    def text(self):
        parts = [self.name, f"/* {self.name} */", self.type]
        if self.collate:
            parts.append("COLLATE NOCASE")
        if not self.null:
            parts.append("NOT NULL" + self.conflict)
        if self.default:
            parts.append("DEFAULT " + self.default)
        if self.unique:
            parts.append("UNIQUE" + self.conflict)
        if self.check:
            parts.append(f"CONSTRAINT check_{self.name} CHECK (length({self.name}) < 90)")
        return " ".join(parts)


class Table:
    def __init__(self, rnd):
        self.key = rnd.choice(["integer PRIMARY KEY", "INTEGER PRIMARY KEY AUTOINCREMENT",
                               "bigint NOT NULL PRIMARY KEY", "bigint NOT NULL UNIQUE"])
        self.rowids = rnd.random() < 0.8 or self.key.startswith(("int", "INT", "bigint NOT NULL U"))
        self.columns = [Column(rnd, f"c{i}") for i in range(rnd.randint(2, 6))]
        self.generated = rnd.random() < 0.4
        self.parent = rnd.random() < 0.4
        self.rules = []
        self.filled = {}  # new columns whose default is changed, and their values
        names = [c.name for c in self.columns]
        if rnd.random() < 0.4:
            self.rules.append(("both", f"CONSTRAINT both UNIQUE (id, {names[0]})", [names[0]]))
        if rnd.random() < 0.4:
            self.rules.append((None, f"CHECK ({names[-1]} IS NULL OR id <> -1)", [names[-1]]))
        self.indexes = []
        for i in range(rnd.randint(0, 3)):
            a, b = rnd.choice(names), rnd.choice(names)
            self.indexes.append((f"i{i}", rnd.choice([
                f"t ({a})", f"t ({a} DESC, {b})", f"t (lower({a}))",
                f"t ({b}) WHERE {a} IS NOT NULL"]), {a, b}))
        self.indexes = [(n, x, {c for c in used if c in x}) for n, x, used in self.indexes]

    def column(self, name):
        return next(c for c in self.columns if c.name == name)

    def create(self):
        items = [f"id {self.key} -- the key\n"]
        items += [c.text() for c in self.columns if c.name[0] == "c"]
        if self.generated:
            items.append("g GENERATED ALWAYS AS (id * 2) VIRTUAL")
        if self.parent:
            items.append("pid bigint REFERENCES p (id) ON DELETE SET NULL ON UPDATE CASCADE")
        items += [c.text() for c in self.columns if c.name[0] == "s"]
        items += [c.text() for c in self.columns if c.name[0] == "a"]
        items += [text for _, text, _ in self.rules]
        return f"CREATE TABLE t (\n  {', '.join(items)}\n)" + ("" if self.rowids else " WITHOUT ROWID")

    def around(self):
        """What refers to it."""
        for name, text, _ in self.indexes:
            yield f"CREATE INDEX {name} ON {text}"
        yield "CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.id); END"
        yield "CREATE TRIGGER other AFTER INSERT ON p BEGIN UPDATE t SET id = id WHERE id = new.id; END"
        yield "CREATE VIEW v AS SELECT id FROM t"
        yield "CREATE VIEW w AS SELECT id + 1 AS n FROM v"


BEFORE = ["CREATE TABLE p (id bigint PRIMARY KEY)", "INSERT INTO p VALUES (1), (2)",
          "CREATE TABLE log (id)"]
CHILD = "CREATE TABLE child (tid bigint REFERENCES t (id) ON DELETE CASCADE)"


def change(rnd, t, n):
    """An action as PostgreSQL writes it, done to the model; None: not now."""
    c = rnd.choice(t.columns)
    kind = rnd.randrange(11)
    if kind == 0:
        c.null, c.conflict = False, c.conflict if not c.null else ""
        return f"ALTER COLUMN {c.name} SET NOT NULL"
    if kind == 1:
        c.null = True
        return f"ALTER COLUMN {c.name} DROP NOT NULL"
    if kind in (2, 3) and c.name[0] == "a":
        t.filled[c.name] = 5
    if kind == 2:
        c.default = "42"
        return f"ALTER COLUMN {c.name} SET DEFAULT 42"
    if kind == 3:
        c.default = None
        return f"ALTER COLUMN {c.name} DROP DEFAULT"
    if kind == 4 and c.type in ("numeric(8,2)", "boolean", "real"):
        c.null = True  # their texts are not PostgreSQL's: refused
        return f"ALTER COLUMN {c.name} DROP NOT NULL"
    if kind == 4:
        c.type = "text"
        return f"ALTER COLUMN {c.name} TYPE text"
    if kind == 5:
        t.rules.append((f"r{n}", f"CONSTRAINT r{n} CHECK (id > -{n + 5})", []))
        return f"ADD CONSTRAINT r{n} CHECK (id > -{n + 5})"
    if kind == 6:
        t.rules.append((f"u{n}", f"CONSTRAINT u{n} UNIQUE (id, {c.name})", [c.name]))
        return f"ADD CONSTRAINT u{n} UNIQUE (id, {c.name})"
    if kind == 7:
        new = Column(random.Random(n), f"a{n}")
        new.type, new.null, new.default = "integer", False, "5"
        new.unique = new.check = new.collate = False
        new.conflict = ""
        t.columns.append(new)
        return f"ADD COLUMN a{n} integer NOT NULL DEFAULT 5"
    if kind == 8 and len(t.columns) > 1:
        t.columns.remove(c)
        t.rules = [r for r in t.rules if c.name not in r[2]]
        t.indexes = [i for i in t.indexes if c.name not in i[2]]
        return f"DROP COLUMN {c.name}"
    if kind == 9 and c.check:
        c.check = False
        return f"DROP CONSTRAINT check_{c.name}"
    if kind == 10 and any(r[0] == "both" for r in t.rules):
        t.rules = [r for r in t.rules if r[0] != "both"]
        return "DROP CONSTRAINT both"
    return None


def connect(keys):
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.enable_load_extension(True)
    db.load_extension(MODULE)
    db.execute(f"PRAGMA foreign_keys = {keys}")
    return db


def fill(rnd, db, t):
    """Rows with all columns set, some rowids far apart; some are gone again."""
    names = [c.name for c in t.columns]
    for i in range(1, 9):
        values = [rnd.choice([i * 10 + k, f"v{i}{k}"]) for k in range(len(names))]
        cols, marks = ", ".join(["id"] + names), ", ".join("?" * (len(names) + 1))
        if t.rowids and "PRIMARY" not in t.key:
            db.execute(f"INSERT INTO t (rowid, {cols}) VALUES ({i * 1000}, {marks})", [i] + values)
        else:
            db.execute(f"INSERT INTO t ({cols}) VALUES ({marks})", [i] + values)
    if t.parent:
        db.execute("UPDATE t SET pid = 1 WHERE id < 4")
    db.execute("INSERT INTO child SELECT id FROM t WHERE id % 2 = 0")
    db.execute("DELETE FROM t WHERE id = 7")


def late(rnd):
    """A column that comes behind the rows: they have no value in it of their own."""
    c = Column(rnd, "s")
    c.type, c.null, c.default, c.conflict = "integer", rnd.random() < 0.5, "3", ""
    c.unique = c.check = c.collate = False
    return c


def state(db):
    """Everything that can be seen, but for the text of t."""
    ask = lambda sql: db.execute(sql).fetchall()
    found = {"columns": ask("PRAGMA table_xinfo(t)"),
             "references": sorted(ask("PRAGMA foreign_key_list(t)")),
             "orphans": ask("PRAGMA foreign_key_check"),
             "integrity": ask("PRAGMA integrity_check"),
             "child": ask("SELECT tid FROM child ORDER BY tid"),
             "log": ask("SELECT id FROM log"),
             "views": ask("SELECT n FROM w ORDER BY n"),
             "keys": ask("PRAGMA foreign_keys"),
             "texts": sorted(ask("SELECT name, sql FROM sqlite_master WHERE type <> 'table'"
                                 " AND sql IS NOT NULL"))}
    found["indexes"] = sorted(
        (i[2], i[3], i[4], tuple(db.execute(f"PRAGMA index_xinfo('{i[1]}')").fetchall()))
        for i in ask("PRAGMA index_list(t)"))
    try:
        found["rows"] = ask("SELECT rowid, * FROM t ORDER BY id")
    except sqlite3.Error:
        found["rows"] = ask("SELECT * FROM t ORDER BY id")
    if ask("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'"):
        found["sequence"] = ask("SELECT seq FROM sqlite_sequence WHERE name = 't'")
    for i, sql in enumerate(("INSERT INTO t (id) VALUES (50)", "INSERT INTO t (id) VALUES (1)",
                             "INSERT INTO t (id) VALUES (-30)", "UPDATE t SET c1 = NULL",
                             "DELETE FROM t WHERE id = 2")):
        db.execute("BEGIN")
        try:
            found[f"try {i}"] = db.execute(sql).rowcount, ask("SELECT count(*) FROM child")
        except sqlite3.Error as error:
            found[f"try {i}"] = str(error)
        db.execute("ROLLBACK")
    return found


def by_hand(before, after, keys, source):
    """The changed table in a database of its own, with the same rows."""
    db = connect(keys)
    for sql in BEFORE + [after.create(), CHILD]:
        db.execute(sql)
    names = [c[1] for c in source.execute("PRAGMA table_info(t)")]
    kept = [n for n in names if n == "id" or n == "pid" or any(c.name == n for c in after.columns)]
    rowid = ["rowid"] if after.rowids else []
    filled = [n for n in after.filled if any(c.name == n for c in after.columns)]
    cols = ", ".join(rowid + kept)
    for row in source.execute(f"SELECT {cols} FROM t ORDER BY id").fetchall():
        row += tuple(after.filled[n] for n in filled)
        db.execute(f"INSERT INTO t ({', '.join([cols] + filled)})"
                   f" VALUES ({', '.join('?' * len(row))})", row)
    for tid, in source.execute("SELECT tid FROM child").fetchall():
        db.execute("INSERT INTO child VALUES (?)", (tid,))
    for id, in source.execute("SELECT id FROM log").fetchall():
        db.execute("INSERT INTO log VALUES (?)", (id,))
    for sql in after.around():
        db.execute(sql)
    if "AUTO" in after.key:
        seq = source.execute("SELECT seq FROM sqlite_sequence WHERE name = 't'").fetchone()
        db.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 't'", seq)
    return state(db)


def one(number):
    rnd = random.Random(f"{SEED}/{number}")
    before = Table(rnd)
    made, added = copy.deepcopy(before), late(rnd) if rnd.random() < 0.4 else None
    if added:
        before.columns.append(added)
    after = copy.deepcopy(before)
    actions = []
    while not actions:
        wanted = [change(rnd, after, n) for n in range(rnd.randint(1, 3))]
        actions = [a for a in wanted if a]
    keys = rnd.choice(["on", "off"])
    db = connect(keys)
    for sql in BEFORE + [made.create(), CHILD]:
        db.execute(sql)
    for sql in made.around():
        db.execute(sql)
    fill(rnd, db, made)
    if added:
        db.execute(f"ALTER TABLE t ADD COLUMN {added.text()}")
        db.execute("UPDATE t SET s = 4 WHERE id = 3")
    if rnd.random() < 0.5:
        text = f"ALTER TABLE t {', '.join(actions)};"
    else:
        text = "\n".join(f"ALTER TABLE t {a};" for a in actions)
    where = f"case {number}\n{before.create()}\n{text}\n"
    try:
        wanted = by_hand(before, after, keys, db)
    except sqlite3.Error as error:
        return f"{where}by hand: {error}"
    try:
        db.execute("SELECT migrate_add(?)", (
            f"-- migrate:revision r\n-- migrate:revises base\n-- migrate:up\n{text}\n",)).fetchall()
        db.execute("SELECT migrate_apply()").fetchall()
    except sqlite3.Error as error:
        return where + str(error)
    got = state(db)
    for name in wanted:
        if got.get(name) != wanted[name]:
            return f"{where}{name}: {got.get(name)}, by hand {wanted[name]}"
    stored = db.execute("SELECT sql FROM sqlite_master WHERE name = 't'").fetchone()[0]
    for c in after.columns:
        if c.name[0] == "c" and f"/* {c.name} */" not in stored:
            return f"{where}the comment of {c.name} is gone: {stored}"
    return None


def main():
    wrong = [w for w in map(one, range(CASES)) if w]
    for text in wrong[:5]:
        print("not ok portable/rebuild - " + text.replace("\n", "\n    "))
    if not wrong:
        print(f"ok portable/rebuild of {CASES} tables")


print(f"SEED={SEED}")
main()
