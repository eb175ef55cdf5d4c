"""DROP TABLE and TRUNCATE of tables that others refer to, in a section for
both databases: the same is refused, and the same rows stay.

    drop.py MODULE          PostgreSQL too, where PGHOST is set

Then what ALTER TABLE does without a copy: which statements keep the pages of
a table where they are, and what stands against it.
"""

import os
import sqlite3
import sys

MODULE = sys.argv[1]

SETUP = [
    "CREATE TABLE p (id integer NOT NULL PRIMARY KEY, note text DEFAULT 'x')",
    "CREATE TABLE c (id integer NOT NULL PRIMARY KEY, pid integer NOT NULL"
    " REFERENCES p (id) ON DELETE CASCADE, up integer REFERENCES c (id))",
    "CREATE TABLE g (cid integer References c (id) ON DELETE SET NULL)",
    "INSERT INTO p (id, note) VALUES (1, 'a'), (2, 'b')",
    "INSERT INTO c (id, pid, up) VALUES (1, 1, NULL), (2, 2, 1)",
    "INSERT INTO g (cid) VALUES (1), (2)",
    "CREATE VIEW v AS SELECT id FROM p",
    "CREATE VIEW w AS SELECT id FROM v",
]
TABLES = ["p", "c", "g", "v", "w"]

# name, statement; behind it the same is there in both databases
CASES = [
    ("refused", "DROP TABLE c;"),
    ("refused, IF EXISTS", "DROP TABLE IF EXISTS c;"),
    ("refused, two", "DROP TABLE p, c;"),
    ("with those that refer to it", "DROP VIEW w; DROP VIEW v; DROP TABLE p, c, g;"),
    ("last one first", "DROP TABLE g, c;"),
    ("cascade", "DROP TABLE c CASCADE;"),
    ("cascade with views", "DROP TABLE p CASCADE;"),
    ("cascade, two", "DROP TABLE p, c CASCADE;"),
    ("not there", "DROP TABLE IF EXISTS nothing, g;"),
    ("missing", "DROP TABLE nothing;"),
    ("truncate refused", "TRUNCATE c;"),
    ("truncate", "TRUNCATE g;"),
    ("truncate with others", "TRUNCATE TABLE c, g, p;"),
    ("truncate cascade", "TRUNCATE p CASCADE;"),
    ("truncate one that refers to itself", "DROP TABLE g; TRUNCATE c;"),
    ("a view uses it", "DROP TABLE g; DROP TABLE c; DROP TABLE p;"),
    ("a view uses one of two", "DROP TABLE c, g, p;"),
    ("a view uses it, IF EXISTS", "DROP TABLE IF EXISTS p, c, g;"),
    ("a view uses the view", "DROP VIEW v;"),
    ("a view uses the view, IF EXISTS", "DROP VIEW IF EXISTS nothing, v;"),
    ("both views", "DROP VIEW v, w;"),
    ("both views, last one first", "DROP VIEW w; DROP VIEW v;"),
    ("view cascade", "DROP VIEW v CASCADE;"),
    ("view that is not there", "DROP VIEW nothing;"),
    ("view that is a table", "DROP VIEW g;"),
    ("a view uses the column", "CREATE VIEW x AS SELECT note FROM p; ALTER TABLE p DROP COLUMN note;"),
    ("a table that a view uses renamed", "ALTER TABLE p RENAME TO q;"),
    ("column that others refer to", "ALTER TABLE c DROP COLUMN id;"),
    ("key that others refer to", "ALTER TABLE c DROP CONSTRAINT c_pkey;"),
    ("column of an index that others refer to", "CREATE UNIQUE INDEX i ON p (note);"
     " ALTER TABLE g ADD COLUMN n text REFERENCES p (note); DROP VIEW w, v;"
     " ALTER TABLE p DROP COLUMN note;"),
    ("column of an index", "CREATE UNIQUE INDEX i ON p (note); ALTER TABLE p DROP COLUMN note;"),
    ("a view uses the column in quotes", 'CREATE VIEW x AS SELECT "note" FROM p;'
     " ALTER TABLE p DROP COLUMN note;"),
    ("a view uses the column of a constraint in quotes", "ALTER TABLE p ADD UNIQUE (note);"
     ' CREATE VIEW x AS SELECT "note" FROM p; ALTER TABLE p DROP COLUMN note;'),
    ("expression of a new column", "ALTER TABLE g ADD COLUMN h integer GENERATED ALWAYS AS (cid + 1)"
     " STORED; ALTER TABLE g ALTER COLUMN h DROP EXPRESSION;"),
]
# Behind a CASCADE these say whether the rows that stay are free.
TRIES = ["INSERT INTO g (cid) VALUES (77)", "INSERT INTO c (id, pid) VALUES (9, 77)",
         "DELETE FROM c WHERE id = 1"]

ALTERS = [  # of a table that has a row from before ADD COLUMN: in place, statement
    (True, "ALTER COLUMN a SET NOT NULL"),
    (True, "ALTER COLUMN a SET DEFAULT 'y'"),
    (True, "ALTER COLUMN a DROP DEFAULT"),
    (True, "ALTER COLUMN k DROP NOT NULL"),
    (True, "ADD CONSTRAINT r CHECK (id > 0)"),
    (True, "DROP CONSTRAINT t_ck"),
    (True, "RENAME CONSTRAINT t_ck TO other"),
    (True, "ADD CONSTRAINT f FOREIGN KEY (k) REFERENCES o (id)"),
    (True, "DROP CONSTRAINT t_o_fkey"),
    (True, "ALTER COLUMN a TYPE varchar(90)"),
    (True, "ALTER COLUMN late SET NOT NULL"),
    (False, "ALTER COLUMN late SET DEFAULT 8"),
    (False, "ALTER COLUMN late DROP DEFAULT"),
    (False, "ALTER COLUMN a TYPE blob"),
    (False, "ALTER COLUMN a TYPE text USING upper(a)"),
    (False, "ADD UNIQUE (a)"),
    (False, "DROP CONSTRAINT t_u_key"),
]
ROWS = ["CREATE TABLE o (id integer PRIMARY KEY)", "INSERT INTO o VALUES (1), (2)",
        "CREATE TABLE t (id integer PRIMARY KEY, a text DEFAULT 'x', k integer NOT NULL,"
        " u text UNIQUE, o integer REFERENCES o, CONSTRAINT t_ck CHECK (k < 9))",
        "INSERT INTO t (id, a, k) VALUES (1, 'b', 1)",
        "ALTER TABLE t ADD COLUMN late integer DEFAULT 7",
        "INSERT INTO t VALUES (2, 'x', 2, 'u', 1, 6)", "CREATE INDEX i ON t (late)"]
BROKEN = [
    ("ALTER COLUMN u SET NOT NULL", 'column "u" of relation "t" contains null values'),
    ("ADD CONSTRAINT r CHECK (late <> 7)",
     'check constraint "r" of relation "t" is violated by some row'),
    ("ADD FOREIGN KEY (late) REFERENCES o (id)", "foreign key violated"),
]


# The way in which SQLite's scripts change a table: views look on.
RECIPES = [
    ("a table in the place of another", "PRAGMA foreign_keys = off;"
     " PRAGMA legacy_alter_table = on; CREATE TABLE n (id integer"
     " PRIMARY KEY, note text); INSERT INTO n (id, note) SELECT id, note FROM p; DROP TABLE p;"
     " ALTER TABLE n RENAME TO p;", None),
    ("a table without the column", "PRAGMA foreign_keys = off; DROP TABLE p; CREATE TABLE p (a text);",
     'cannot drop table "p" because other objects depend on it'),
    ("a view made again", "DROP VIEW v; CREATE VIEW v AS SELECT 1 AS id;", None),
    ("a view without the column", "DROP VIEW v; CREATE VIEW v AS SELECT 1 AS other;",
     'cannot drop view "v" because other objects depend on it'),
]


# Rows that a rebuild would lose, without and with what makes it count them
# before: a trigger of temp, foreign keys of the table.
LOST = [
    "CREATE TABLE t (id integer PRIMARY KEY, a text UNIQUE ON CONFLICT REPLACE)",
    "CREATE TABLE t (id integer PRIMARY KEY, a text UNIQUE ON CONFLICT IGNORE,"
    " up integer REFERENCES t)",
    "CREATE TABLE t (a text PRIMARY KEY ON CONFLICT REPLACE, id integer) WITHOUT ROWID",
]
COUNTED = ["SELECT 1", "CREATE TEMP TRIGGER g AFTER DELETE ON main.t BEGIN SELECT raise(ABORT, 'g'); END"]


def connect():
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.enable_load_extension(True)
    db.load_extension(MODULE)
    db.execute("PRAGMA foreign_keys = ON")
    return db


def script(statement):
    return f"-- migrate:revision r\n-- migrate:revises base\n-- migrate:up\n{statement}\n"


def look(ask):
    """Rows by table, None where it is gone, and what the tries give."""
    found = {}
    for t in TABLES:
        rows = ask(f"SELECT * FROM {t} ORDER BY 1")
        found[t] = None if rows is None else [tuple(r) for r in rows]
    for sql in TRIES:
        found[sql] = ask(sql) is not None
    return found


def of_sqlite(statement):
    db = connect()
    for sql in SETUP:
        db.execute(sql)

    def ask(sql):
        try:
            return db.execute(sql).fetchall()
        except sqlite3.Error:
            return None

    done = bool(ask("SELECT migrate_add('%s')" % script(statement).replace("'", "''"))
                and ask("SELECT migrate_apply()"))
    if ask("PRAGMA foreign_keys") != [(1,)] or ask("PRAGMA integrity_check") != [("ok",)]:
        return "foreign keys or the file are not as they were"
    return done, look(ask)


def of_postgres(psycopg2, statement):
    db = psycopg2.connect("")
    at = db.cursor()
    at.execute("SET client_min_messages = error; DROP SCHEMA IF EXISTS dropping CASCADE;"
               " CREATE SCHEMA dropping; SET search_path = dropping")
    for sql in SETUP:
        at.execute(sql)

    def ask(sql):
        at.execute("SAVEPOINT s")
        try:
            at.execute(sql)
            return at.fetchall() if at.description else []
        except psycopg2.Error:
            at.execute("ROLLBACK TO s")
            return None

    found = ask(statement) is not None, look(ask)
    db.rollback()
    db.close()
    return found


def verdict(name, wrong):
    print(f"not ok portable/{name} - {wrong}" if wrong else f"ok portable/{name}")


def drops():
    psycopg2 = None
    if os.environ.get("PGHOST"):
        try:
            import psycopg2
        except ImportError:
            pass
    if psycopg2 is None:
        print("skip portable/drop - there is no server, or no psycopg2")
        return
    for name, statement in CASES:
        ours, theirs = of_sqlite(statement), of_postgres(psycopg2, statement)
        verdict(f"drop, {name}", ours != theirs and f"{ours} in SQLite, {theirs} in PostgreSQL")


def root(db):
    return db.execute("SELECT rootpage FROM sqlite_master WHERE name = 't'").fetchone()[0]


def altered(statement, setting=None):
    """The error or None, whether it was done in place, and the rows."""
    db = connect()
    for sql in ROWS:
        db.execute(sql)
    before = root(db), db.execute("SELECT rowid, * FROM t").fetchall()
    db.execute("SELECT migrate_add(?)", (script(f"ALTER TABLE t {statement};"),)).fetchall()
    try:
        db.execute("SELECT migrate_apply()").fetchall()
    except sqlite3.Error as error:
        return str(error), root(db) == before[0], ""
    wrong = ""
    if "upper" not in statement and db.execute("SELECT rowid, * FROM t").fetchall() != before[1]:
        wrong = "other rows: %s" % db.execute("SELECT * FROM t").fetchall()
    if db.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
        wrong = "the file is broken"
    if db.execute("PRAGMA writable_schema").fetchall() != [(0,)]:
        wrong = "the schema stays writable"
    return None, root(db) == before[0], wrong


def alters():
    for wanted, statement in ALTERS:
        error, in_place, wrong = altered(statement)
        if not error and not wrong and in_place != wanted:
            wrong = "it was %s" % ("done in place" if in_place else "rebuilt")
        verdict(f"in place, {statement}", error or wrong)
    for statement, words in BROKEN:
        error, _, _ = altered(statement)
        verdict(f"in place, refused {statement}", words not in (error or "") and f"{error}")


def recipes():
    for name, statement, words in RECIPES:
        db = connect()
        for sql in SETUP:
            db.execute(sql)
        db.execute("SELECT migrate_add(?)", (script(statement),)).fetchall()
        error = ""
        try:
            db.execute("SELECT migrate_apply()").fetchall()
        except sqlite3.Error as failure:
            error = str(failure)
        if words and "line 4" not in error:
            error += " without its line"
        verdict(f"drop, {name}", (words or "") not in error or (not words and error)
                or (words and "without" in error) and error)


def lost():
    for create in LOST:
        for more in COUNTED:
            db = connect()
            for sql in (create, "INSERT INTO t (id, a) VALUES (1, 'a'), (2, 'b')", more,
                        "CREATE TRIGGER d AFTER DELETE ON t BEGIN DELETE FROM t; END"):
                db.execute(sql)
            wrong, text = "it was done", "ALTER TABLE t ALTER COLUMN a TYPE text USING 's';"
            db.execute("SELECT migrate_add(?)", (script(text),)).fetchall()
            try:
                db.execute("SELECT migrate_apply()").fetchall()
            except sqlite3.Error as error:
                wrong = 'table "t" would keep 1 of its 2 rows' not in str(error) and str(error)
            if db.execute("SELECT id, a FROM t").fetchall() != [(1, "a"), (2, "b")]:
                wrong = "rows are gone"
            verdict(f"rebuild that loses rows, {create}, {more}", wrong)


drops()
recipes()
lost()
alters()
