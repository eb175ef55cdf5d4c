"""What the crash tests run, and what must be true afterwards.

A walk is an endless sequence of calls, each of them to a random position of
a line of revisions: up by migrate_apply, down by migrate_revert. Whoever is
killed on the way has either made a call's whole step or none of it; so the
database must stand at the position that was reported last or at the next.
"""

import random

REVISIONS = 6
ROWS = 60
NAMES = [f"r{i:02}" for i in range(1, REVISIONS + 1)]

# A table that others reference, built anew as SQLite's manual says: foreign
# keys are off meanwhile, or its children would go with it.
REBUILD = """PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE parent_new (id integer PRIMARY KEY, note text{column});
INSERT INTO parent_new (id, note) SELECT id, note FROM parent;
DROP TABLE parent;
ALTER TABLE parent_new RENAME TO parent;
{more}COMMIT;
PRAGMA foreign_keys = ON;
"""

BASIS = """CREATE TABLE ledger (name text);
CREATE TABLE parent (id integer PRIMARY KEY, note text);
CREATE TABLE child (pid integer REFERENCES parent ON DELETE CASCADE);
INSERT INTO parent VALUES (1, 'one'), (2, 'two');
INSERT INTO child VALUES (1), (1), (2)"""


def up_of(name):
    return f"""CREATE TABLE t_{name} (id integer PRIMARY KEY, v text);
INSERT INTO t_{name} WITH RECURSIVE n (i) AS (
  SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS})
SELECT i, 'a row of some length, number ' || i FROM n;
CREATE INDEX i_{name} ON t_{name} (v);
ALTER TABLE ledger ADD COLUMN c_{name} integer;
INSERT INTO ledger (name) VALUES ('{name}');
"""


def down_of(name):
    return f"""DELETE FROM ledger WHERE name = '{name}';
ALTER TABLE ledger DROP COLUMN c_{name};
DROP TABLE t_{name};
"""


def scripts(sqlite):
    text = []
    for i, name in enumerate(NAMES):
        up, down = up_of(name), down_of(name)
        if sqlite and i % 3 == 1:
            up = REBUILD.format(column=f", extra_{i} text", more=up)
            down = REBUILD.format(column="", more=down)
        text.append(f"-- migrate:revision {name}\n"
                    f"-- migrate:revises {NAMES[i - 1] if i else 'base'}\n"
                    f"-- migrate:up\n{up}-- migrate:down\n{down}")
    return "".join(text)


def call(position, target):
    """The call that leads from one position to another."""
    verb = "apply" if target >= position else "revert"
    name = NAMES[target - 1] if target else "base"
    return f"SELECT migrate_{verb}('{name}')"


def walk(rng, position):
    """Positions, one after the other, each another than the one before."""
    while True:
        position = rng.choice(
            [p for p in range(REVISIONS + 1) if p != position])
        yield position


def replay(log):
    """What is applied by the log, or what is wrong with the log."""
    applied = set()
    for action, revision in log:
        if (action == "apply") == (revision in applied):
            return None, f"the log has {action} of {revision} twice in a row"
        (applied.add if action == "apply" else applied.remove)(revision)
    return applied, None


def inspect(ask, tables, columns):
    """The position at which the database stands, or what is wrong.

    ask runs a query and returns its rows; tables and columns are the two
    queries for the names of tables "t_..." and of ledger's columns.
    """
    def names(sql):
        return sorted(row[0] for row in ask(sql))

    applied = names("SELECT revision FROM migrate_applied")
    logged, wrong = replay(ask(
        "SELECT action, revision FROM migrate_log ORDER BY id"))
    if wrong:
        return None, wrong
    views = {
        "prefix": NAMES[:len(applied)],
        "log": sorted(logged),
        "tables": [n[2:] for n in names(tables)],
        "columns": [n[2:] for n in names(columns) if n[:2] == "c_"],
        "ledger": names("SELECT name FROM ledger"),
        "status": names("SELECT revision FROM migrate_status()"
                        " WHERE state = 'applied'"),
    }
    for what, view in views.items():
        if view != applied:
            return None, f"applied {applied}, but {what} {view}"
    for name in applied:
        rows = ask(f"SELECT count(*) FROM t_{name}")[0][0]
        if rows != ROWS:
            return None, f"t_{name} has {rows} rows"
    if ask("SELECT count(*) FROM child")[0][0] != 3:
        return None, "rows of child are lost"
    found = ask("SELECT * FROM migrate_verify()")
    if found:
        return None, f"migrate_verify: {found}"
    return len(applied), None


def report(name, wrong, note=""):
    if note:
        note = f" ({note})"
    print(f"not ok {name} - {wrong}" if wrong else f"ok {name}{note}",
          flush=True)


def seeded(seed, name):
    """A generator of each test's own, so that one can be run again alone."""
    return random.Random(f"{seed} {name}")
