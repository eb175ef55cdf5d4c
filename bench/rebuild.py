"""ALTER TABLE on SQLite against the least that a copy of the table takes:
INSERT INTO new SELECT ... FROM old, in one transaction.

    rebuild.py FOLDER MODULE [ROWS [TRIES]]     1,000,000 rows, 3 tries

One change is done in place, the others are rebuilds: one that adds a column
with a default that is computed, one whose values become another type's, and
the first one again with PRAGMA secure_delete on, as some distributions build SQLite: then the pages of
the old table are written once more. The least makes the same values. Both run
in a fresh copy of the file that has been read once, in WAL mode, by turns; the
best of each counts. Behind the times, in brackets, the same of the processor.
"""

import os
import resource
import shutil
import sqlite3
import sys
import time

FOLDER, MODULE = sys.argv[1:3]
ROWS = int(sys.argv[3]) if len(sys.argv) > 3 else 1_000_000
TRIES = int(sys.argv[4]) if len(sys.argv) > 4 else 3
BASE = os.path.join(FOLDER, "rebuild-base.db")
WORK = os.path.join(FOLDER, "rebuild-work.db")
COLUMNS = "id, name, note, n"
SCRIPT = """-- migrate:revision r
-- migrate:revises base
-- migrate:up
ALTER TABLE t %s;
"""


def make():
    if os.path.exists(BASE):
        os.remove(BASE)
    db = sqlite3.connect(BASE, isolation_level=None)
    db.executescript(f"""PRAGMA journal_mode = off; PRAGMA synchronous = off;
CREATE TABLE t (id INTEGER PRIMARY KEY, name text, note text, n integer);
BEGIN;
INSERT INTO t (name, note, n) WITH RECURSIVE s (i) AS (
  SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {ROWS})
  SELECT 'name ' || i, 'a note of some length for row ' || i, i FROM s;
COMMIT;""")
    db.close()


def fresh(secure="off"):
    shutil.copyfile(BASE, WORK)
    db = sqlite3.connect(WORK, isolation_level=None)
    db.execute("PRAGMA journal_mode = wal")
    db.execute("PRAGMA synchronous = normal")
    db.execute(f"PRAGMA secure_delete = {secure}").fetchall()
    db.execute("SELECT count(*) FROM t").fetchall()
    return db


def timed(run):
    """Seconds, and those of the processor."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    start = time.perf_counter()
    run()
    taken = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF)
    return taken, (after.ru_utime + after.ru_stime
                   - before.ru_utime - before.ru_stime)


def least(columns):
    """The table's other columns are those whose values are copied."""
    db = fresh()

    def run():
        db.execute("BEGIN IMMEDIATE")
        db.execute(f"CREATE TABLE new (id INTEGER PRIMARY KEY, {columns})")
        db.execute(f"INSERT INTO new ({COLUMNS}) SELECT {COLUMNS} FROM t")
        db.execute("COMMIT")

    taken = timed(run)
    db.close()
    return taken


def altered(change, secure):
    db = fresh(secure)
    db.enable_load_extension(True)
    db.load_extension(MODULE)
    db.execute("SELECT migrate_add(?)", (SCRIPT % change,)).fetchall()
    taken = timed(lambda: db.execute("SELECT migrate_apply()").fetchall())
    db.close()
    return taken


SAME = "name text NOT NULL, note text, n integer"
OTHER = "name text, note text, n text"
MORE = SAME + ", made text DEFAULT CURRENT_TIMESTAMP"
ADD = "ADD COLUMN made timestamptz DEFAULT now()"
CHANGES = [  # name, change, columns of the least, secure_delete, bound
    ("in place", "ALTER COLUMN name SET NOT NULL", SAME, "off", "0.2"),
    ("rebuild", ADD, MORE, "off", "1.1"),
    ("rebuild, other type", "ALTER COLUMN n TYPE text", OTHER, "off", "1.1"),
    ("rebuild, secure_delete", ADD, MORE, "on", "1.1"),
]
make()
for name, change, columns, secure, bound in CHANGES:
    base, ours = zip(*[(least(columns), altered(change, secure))
                       for _ in range(TRIES)])
    base, ours = list(map(min, zip(*base))), list(map(min, zip(*ours)))
    print(f"{name}, {ROWS} rows: {ours[0]:.2f} s ({ours[1]:.2f}),"
          f" INSERT ... SELECT {base[0]:.2f} s ({base[1]:.2f}),"
          f" {ours[0] / base[0]:.2f} x ({ours[1] / base[1]:.2f}),"
          f" bound {bound} x", flush=True)
for name in (BASE, WORK, WORK + "-wal", WORK + "-shm"):
    if os.path.exists(name):
        os.remove(name)
