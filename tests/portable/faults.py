"""A rebuild of a table that others refer to, beside other connections, on a
full disk and interrupted: it is done, or nothing is.

    faults.py FOLDER MODULE
"""

import os
import sqlite3
import sys
import threading

FOLDER, MODULE = sys.argv[1:3]

SCRIPTS = """-- migrate:revision 1
-- migrate:up
CREATE TABLE p (id integer NOT NULL PRIMARY KEY, note text NOT NULL, n numeric);
CREATE TABLE c (id integer NOT NULL PRIMARY KEY, pid integer NOT NULL
  REFERENCES p (id) ON DELETE CASCADE);
CREATE INDEX p_note ON p (note);
CREATE VIEW v AS SELECT note FROM p;
-- migrate:revision 2
-- migrate:revises 1
-- migrate:up
ALTER TABLE c ADD COLUMN late integer DEFAULT 7;
ALTER TABLE p ALTER COLUMN note TYPE varchar(90) USING upper(note);
"""
CHANGE = "SELECT migrate_apply('2')"


def connect(path, timeout=0):
    db = sqlite3.connect(path, timeout=timeout, isolation_level=None,
                         check_same_thread=False)
    db.enable_load_extension(True)
    db.load_extension(MODULE)
    db.execute("PRAGMA foreign_keys = ON")
    return db


def fresh(name, mode):
    path = os.path.join(FOLDER, name + ".db")
    for end in ("", "-wal", "-shm", "-journal"):
        if os.path.exists(path + end):
            os.remove(path + end)
    db = connect(path)
    db.execute("PRAGMA page_size = 1024")
    db.execute(f"PRAGMA journal_mode = {mode}").fetchall()
    db.execute("PRAGMA cache_size = 20")
    db.execute("SELECT migrate_add(?)", (SCRIPTS,)).fetchall()
    db.execute("SELECT migrate_apply('1')").fetchall()
    db.execute("WITH RECURSIVE r (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r"
               " WHERE i < 2000) INSERT INTO p SELECT i, printf('note %060d', i), i FROM r")
    db.execute("INSERT INTO c (id, pid) SELECT id, id FROM p WHERE id % 5 = 0")
    return path, db


def snapshot(db):
    return [db.execute(sql).fetchall() for sql in (
        "SELECT type, name, sql FROM sqlite_master ORDER BY 2",
        "SELECT * FROM p ORDER BY id", "SELECT * FROM c ORDER BY id",
        "SELECT revision FROM migrate_applied ORDER BY 1", "SELECT * FROM migrate_partial",
        "SELECT count(*) FROM migrate_log", "PRAGMA foreign_keys",
        "PRAGMA foreign_key_check", "PRAGMA integrity_check",
        "PRAGMA legacy_alter_table", "SELECT count(note) FROM v")]


def ask(db, sql):
    return db.execute(sql).fetchall()


def is_changed(db):
    shows = snapshot(db)
    return (shows[1][6] == (7, f"NOTE {7:060}", 7) and len(shows[1]) == 2000
            and len(shows[2]) == 400 and shows[2][0][2] == 7
            and shows[3] == [("1",), ("2",)] and shows[6] == [(1,)] and not shows[7])


def fails(db, words):
    """The change fails with those words; what is wrong behind it."""
    before = snapshot(db)
    try:
        ask(db, CHANGE)
        return "it did not fail"
    except sqlite3.Error as error:
        if words not in str(error):
            return f"it said: {error}"
    if db.in_transaction:
        return "a transaction is open"
    if snapshot(db) != before:
        return "something is not as it was"
    return None


def verdict(name, wrong):
    print(f"ok portable/{name}" if not wrong else f"not ok portable/{name} - {wrong}")


def reader_in_wal():
    """A reader keeps what it has seen; the change does not wait for it."""
    path, db = fresh("wal", "wal")
    reader = connect(path)
    ask(reader, "BEGIN")
    before = snapshot(reader)
    ask(db, CHANGE)
    if snapshot(reader) != before:
        return "the reader sees a change"
    ask(reader, "COMMIT")
    return None if is_changed(db) and is_changed(reader) else "it is not changed"


def reader_in_the_way():
    path, db = fresh("journal", "delete")
    reader = connect(path)
    ask(reader, "BEGIN")
    ask(reader, "SELECT count(*) FROM p")
    wrong = fails(db, "database is locked")
    if wrong:
        return wrong
    ask(reader, "COMMIT")
    ask(db, CHANGE)
    return None if is_changed(db) else "it is not changed"


def reader_that_ends():
    """The change waits as long as busy_timeout lets it. A third connection
    cannot begin to read as soon as the change wants to commit."""
    path, db = fresh("waits", "delete")
    reader, third = connect(path), connect(path)
    ask(reader, "BEGIN")
    ask(reader, "SELECT count(*) FROM p")
    ask(db, "PRAGMA busy_timeout = 60000")
    waited = []

    def end():
        while True:
            try:
                ask(third, "SELECT count(*) FROM p")
            except sqlite3.OperationalError:
                waited.append(True)
                ask(reader, "COMMIT")
                return

    thread = threading.Thread(target=end)
    thread.start()
    ask(db, CHANGE)
    thread.join()
    return None if waited and is_changed(db) else "it is not changed"


def full(mode):
    """No room for one page more, for two, ... until there is enough."""
    _, db = fresh("full", mode)
    (pages,), = ask(db, "PRAGMA page_count")
    room = count = 0
    while True:
        ask(db, f"PRAGMA max_page_count = {pages + room}")
        wrong = fails(db, "database or disk is full")
        if wrong == "it did not fail":
            break
        if wrong:
            return f"room for {room} pages: {wrong}"
        count += 1
        room += 1 + room // 4
    if count < 5:
        return f"it failed {count} times only"
    return None if is_changed(db) else "it is not changed"


def interrupted(mode):
    """At one moment after the other until it is done."""
    _, db = fresh("interrupted", mode)
    moment, count = 1, 0
    while True:
        left = [moment]

        def handler():
            left[0] -= 1
            return left[0] == 0

        before = snapshot(db)
        db.set_progress_handler(handler, 50)
        try:
            ask(db, CHANGE)
            done = True
        except sqlite3.Error as error:
            done = False
            if "interrupted" not in str(error):
                return f"moment {moment}: it said: {error}"
        db.set_progress_handler(None, 0)
        if done:
            break
        if db.in_transaction:
            return f"moment {moment}: a transaction is open"
        if snapshot(db) != before:
            return f"moment {moment}: something is not as it was"
        count += 1
        moment += 1 + moment // 6
    if count < 10:
        return f"it was interrupted {count} times only"
    return None if is_changed(db) else "it is not changed"


verdict("rebuild beside a reader in WAL", reader_in_wal())
verdict("rebuild with a reader in the way", reader_in_the_way())
verdict("rebuild waits for a reader", reader_that_ends())
for journal in ("wal", "delete"):
    verdict(f"rebuild on a full disk, {journal}", full(journal))
    verdict(f"rebuild interrupted, {journal}", interrupted(journal))
