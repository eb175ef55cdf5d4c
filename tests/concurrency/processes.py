"""Processes that migrate one SQLite file at the same moment.

    processes.py FOLDER MODULE
"""

import os
import sqlite3
import sys
import time
import traceback

FOLDER, MODULE = sys.argv[1:]
PROCESSES = int(os.environ["PROCESSES"])
ROUNDS = int(os.environ["ROUNDS"])
REVISIONS = 12
PATIENCE = 60  # seconds; only a failure waits that long
FILE = os.path.join(FOLDER, "race.db")


def script(name, revises):
    return f"""-- migrate:revision {name}
-- migrate:revises {revises}
-- migrate:up
CREATE TABLE t_{name} (a integer PRIMARY KEY);
INSERT INTO ran VALUES ('{name}');
-- migrate:down
DROP TABLE t_{name};
DELETE FROM ran WHERE name = '{name}';
"""


def line_of(count):
    names = ["base"] + [f"r{i:02}" for i in range(1, count + 1)]
    return "".join(script(n, p) for p, n in zip(names, names[1:]))


def connect(timeout=60.0):
    db = sqlite3.connect(FILE, timeout=timeout, isolation_level=None)
    db.enable_load_extension(True)
    db.load_extension(MODULE)
    return db


def number(db, sql, *arguments):
    return db.execute(sql, arguments).fetchone()[0]


def fresh(mode, scripts=None):
    for name in os.listdir(FOLDER):
        if name.startswith("race.db"):
            os.remove(os.path.join(FOLDER, name))
    db = connect()
    db.execute(f"PRAGMA journal_mode = {mode}").fetchall()
    db.execute("PRAGMA synchronous = off")
    db.execute("CREATE TABLE ran (name text)")
    if scripts:
        number(db, "SELECT migrate_add(?)", scripts)
    db.close()


def child(work, start, out):
    """What a process of the race does; each line that it writes counts."""
    lines = []
    try:
        os.read(start, 1)  # ends when the parent lets go
        db = connect()
        work(db, lines)
        db.close()
    except sqlite3.OperationalError as error:
        busy = str(error).startswith("database is locked")
        lines.append("locked" if busy else f"error {error}")
    except BaseException:  # whatever it is, the parent has to know
        lines.append("error " + traceback.format_exc())
    os.write(out, "".join(f"{line}\n" for line in lines).encode())
    os._exit(0)


def race(works):
    """All of it at once; returns what the processes wrote."""
    start, go = os.pipe()
    result, out = os.pipe()
    pids = []
    for work in works:
        pid = os.fork()
        if pid == 0:
            os.close(go)
            os.close(result)
            child(work, start, out)
        pids.append(pid)
    os.close(out)
    os.close(start)
    os.close(go)
    with os.fdopen(result) as lines:
        said = lines.read().splitlines()
    for pid in pids:
        os.waitpid(pid, 0)
    return said


def failure(said, allowed=()):
    bad = [line for line in said
           if not line.isdigit() and line not in allowed]
    return "\n".join(bad) if bad else None


def column(db, sql):
    return [row[0] for row in db.execute(sql)]


def applied_once(count):
    db = connect()
    ran = sorted(column(db, "SELECT name FROM ran"))
    applied = sorted(column(db, "SELECT revision FROM migrate_applied"))
    logged = sorted(column(db, "SELECT revision FROM migrate_log"))
    wrong = sound(db)
    db.close()
    if len(set(ran)) != count:
        return f"{len(set(ran))} of {count} ran"
    if ran != applied or ran != logged:
        return f"ran {ran}, applied {applied}, logged {logged}"
    return wrong


def sound(db):
    found = db.execute("SELECT * FROM migrate_verify()").fetchall()
    if found:
        return f"migrate_verify: {found}"
    whole = number(db, "PRAGMA integrity_check")
    return None if whole == "ok" else whole


def apply(db, lines):
    lines.append(number(db, "SELECT migrate_apply('head')"))


def test_apply(mode):
    for _ in range(ROUNDS):
        fresh(mode, line_of(REVISIONS))
        said = race([apply] * PROCESSES)
        wrong = failure(said) or applied_once(REVISIONS)
        if wrong:
            return wrong
        if sorted(said) != sorted(["0"] * (PROCESSES - 1) + [str(REVISIONS)]):
            return f"results {said}"
    return None


def test_same_script(mode):
    """Each brings the scripts itself, and makes the tables if it is first."""
    def pod(db, lines):
        lines.append(number(db, "SELECT migrate_add(?)", line_of(REVISIONS)))
        lines.append(number(db, "SELECT migrate_apply('head')"))

    for _ in range(ROUNDS):
        fresh(mode)
        said = race([pod] * PROCESSES)
        wrong = failure(said) or applied_once(REVISIONS)
        if wrong:
            return wrong
        if sum(map(int, said)) != 2 * REVISIONS:
            return f"results {said}"
    return None


def test_no_waiting(mode):
    """Without a time-out who is late gets an error, and no harm is done."""
    def hurry(db, lines):
        db.execute("PRAGMA busy_timeout = 0").fetchall()
        lines.append(number(db, "SELECT migrate_apply('head')"))

    fresh(mode, line_of(REVISIONS))
    holder = connect()
    holder.execute("BEGIN IMMEDIATE")
    holder.execute("INSERT INTO ran VALUES ('x')")
    said = race([hurry] * PROCESSES)
    if said != ["locked"] * PROCESSES:
        holder.close()
        return f"results {said}"
    holder.execute("ROLLBACK")
    holder.close()
    said = race([hurry] * PROCESSES)
    wrong = failure(said, ["locked"])
    if wrong:
        return wrong
    race([apply])
    return applied_once(REVISIONS)


def test_add_and_run(mode):
    """Half of them add a branch each while the others run what is there."""
    half = PROCESSES // 2

    def adder(name):
        def work(db, lines):
            for one, under in ((name, "base"), (name + "x", name)):
                lines.append(number(db, "SELECT migrate_add(?)",
                                    script(one, under)))
        return work

    def runner(db, lines):
        stored, end = 0, time.monotonic() + PATIENCE
        while stored < 2 * half:
            if time.monotonic() > end:
                raise TimeoutError(f"{stored} scripts were added")
            number(db, "SELECT migrate_apply('heads')")
            stored = number(db, "SELECT count(*) FROM migrate_revision")
        lines.append(number(db, "SELECT migrate_apply('heads')"))

    fresh(mode, script("a", "base"))
    wrong = failure(race([adder(f"b{i:02}") for i in range(half)] +
                         [runner] * half))
    race([lambda db, lines: number(db, "SELECT migrate_apply('heads')")])
    return wrong or applied_once(2 * half + 1)


def alternating(rows):
    last = {}
    for action, revision in rows:
        if last.get(revision, "revert") == action:
            return f"{action} of {revision} twice in a row"
        last[revision] = action
    return None


def test_apply_and_revert(mode):
    def up(db, lines):
        for _ in range(5):
            lines.append(number(db, "SELECT migrate_apply('head')"))

    def down(db, lines):
        for _ in range(5):
            lines.append(number(db, "SELECT migrate_revert('base')"))

    fresh(mode, line_of(REVISIONS))
    wrong = failure(race([up, down] * (PROCESSES // 2)))
    db = connect()
    ran = sorted(column(db, "SELECT name FROM ran"))
    applied = sorted(column(db, "SELECT revision FROM migrate_applied"))
    tables = sorted(column(db, "SELECT substr(name, 3) FROM sqlite_master"
                               " WHERE name GLOB 't_r*'"))
    if not ran == applied == tables:
        wrong = wrong or f"ran {ran}, applied {applied}, tables {tables}"
    wrong = wrong or sound(db) or alternating(db.execute(
        "SELECT action, revision FROM migrate_log ORDER BY id"))
    db.close()
    return wrong


def main():
    for name, test in sorted(globals().items()):
        if not name.startswith("test_"):
            continue
        for mode in ("delete", "wal"):
            wrong = test(mode)
            label = f"concurrency/sqlite-{name[5:].replace('_', '-')}-{mode}"
            print(f"not ok {label} - {wrong}" if wrong else f"ok {label}",
                  flush=True)


if hasattr(sqlite3.Connection, "enable_load_extension"):
    main()
else:
    print("skip concurrency/sqlite - this python3 loads no extensions")
