"""A table rebuilt by ALTER TABLE against the least that it takes: INSERT INTO
new SELECT ... FROM old, in one transaction.

    rebuild.py FOLDER MODULE [ROWS]         10,000,000 rows unless given

The least is measured before and behind it, each in a fresh copy of the file;
the better of the two counts.
"""

import os
import shutil
import sqlite3
import sys
import time

FOLDER, MODULE = sys.argv[1:3]
ROWS = int(sys.argv[3]) if len(sys.argv) > 3 else 10_000_000
BASE = os.path.join(FOLDER, "rebuild-base.db")
WORK = os.path.join(FOLDER, "rebuild-work.db")
COLUMNS = "id, name, note, n"
SCRIPT = """-- migrate:revision r
-- migrate:revises base
-- migrate:up
ALTER TABLE t ALTER COLUMN name SET NOT NULL;
"""


def make():
    db = sqlite3.connect(BASE, isolation_level=None)
    db.executescript(f"""PRAGMA journal_mode = off; PRAGMA synchronous = off;
CREATE TABLE t (id INTEGER PRIMARY KEY, name text, note text, n integer);
BEGIN;
INSERT INTO t (name, note, n) WITH RECURSIVE s (i) AS (
  SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {ROWS})
  SELECT 'name ' || i, 'a note of some length for row ' || i, i FROM s;
COMMIT;""")
    db.close()


def fresh():
    shutil.copyfile(BASE, WORK)
    db = sqlite3.connect(WORK, isolation_level=None)
    db.execute("PRAGMA journal_mode = wal")
    db.execute("PRAGMA synchronous = normal")
    db.execute("SELECT count(*) FROM t").fetchall()
    return db


def least():
    db = fresh()
    start = time.perf_counter()
    db.execute("BEGIN IMMEDIATE")
    db.execute("CREATE TABLE new (id INTEGER PRIMARY KEY, name text NOT NULL,"
               " note text, n integer)")
    db.execute(f"INSERT INTO new ({COLUMNS}) SELECT {COLUMNS} FROM t")
    db.execute("COMMIT")
    taken = time.perf_counter() - start
    db.close()
    return taken


def rebuilt():
    db = fresh()
    db.enable_load_extension(True)
    db.load_extension(MODULE)
    db.execute("SELECT migrate_add(?)", (SCRIPT,)).fetchall()
    start = time.perf_counter()
    db.execute("SELECT migrate_apply()").fetchall()
    taken = time.perf_counter() - start
    db.close()
    return taken


make()
first = least()
ours = rebuilt()
base = min(first, least())
for name in (BASE, WORK, WORK + "-wal", WORK + "-shm"):
    if os.path.exists(name):
        os.remove(name)
print(f"rebuild {ROWS} rows: {ours:.2f} s, INSERT ... SELECT {base:.2f} s,"
      f" {ours / base:.2f} x, bound 1.1 x")
