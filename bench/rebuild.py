"""ALTER TABLE on SQLite against the least that a copy of the table takes:
INSERT INTO new SELECT ... FROM old, in one transaction.

    rebuild.py FOLDER MODULE [ROWS]         1,000,000 rows unless given

One change is done in place, the other one is a rebuild: that one once with
PRAGMA secure_delete off, which is SQLite's own default, and once on, as some
distributions build it: then the pages of the old table are written once more.
The least is measured before and behind them, each in a fresh copy of the
file; the better of the two counts.
"""

import os
import shutil
import sqlite3
import sys
import time

FOLDER, MODULE = sys.argv[1:3]
ROWS = int(sys.argv[3]) if len(sys.argv) > 3 else 1_000_000
BASE = os.path.join(FOLDER, "rebuild-base.db")
WORK = os.path.join(FOLDER, "rebuild-work.db")
COLUMNS = "id, name, note, n"
SCRIPT = """-- migrate:revision r
-- migrate:revises base
-- migrate:up
ALTER TABLE t ALTER COLUMN name %s;
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


def altered(change, secure):
    db = fresh(secure)
    db.enable_load_extension(True)
    db.load_extension(MODULE)
    db.execute("SELECT migrate_add(?)", (SCRIPT % change,)).fetchall()
    start = time.perf_counter()
    db.execute("SELECT migrate_apply()").fetchall()
    taken = time.perf_counter() - start
    db.close()
    return taken


CHANGES = [
    ("in place", "SET NOT NULL", "off", "0.2"),
    ("rebuild", "TYPE text USING name", "off", "1.1"),
    ("rebuild, secure_delete", "TYPE text USING name", "on", "1.1"),
]
make()
base = least()
ours = [altered(change, secure) for _, change, secure, _ in CHANGES]
base = min(base, least())
for name in (BASE, WORK, WORK + "-wal", WORK + "-shm"):
    if os.path.exists(name):
        os.remove(name)
for (name, _, _, bound), taken in zip(CHANGES, ours):
    print(f"{name}, {ROWS} rows: {taken:.2f} s, INSERT ... SELECT {base:.2f} s,"
          f" {taken / base:.2f} x, bound {bound} x")
