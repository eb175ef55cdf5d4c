"""Processes that are killed while they migrate an SQLite file, and disks
that are full.

    LD_PRELOAD=blow.so sqlite.py FOLDER MODULE blow.so

Without blow.so the moments are those of a clock only.
"""

import ctypes
import os
import select
import signal
import sqlite3
import sys
import time

import steps

FOLDER, MODULE, BLOW = (sys.argv[1:] + [""])[:3]
CRASHES = int(os.environ["CRASHES"])
RUNS = CRASHES if CRASHES > 30 else min(CRASHES, 12)
SEED = os.environ["SEED"]
FILE = os.path.join(FOLDER, "crash.db")
TABLES = "SELECT name FROM sqlite_master WHERE name GLOB 't_r*'"
COLUMNS = "SELECT name FROM pragma_table_info('ledger')"
KILL, TEAR, FULL = 1, 2, 3

blow = ctypes.CDLL(BLOW) if BLOW else None


def connect():
    db = sqlite3.connect(FILE, timeout=30, isolation_level=None)
    db.enable_load_extension(True)
    db.load_extension(MODULE)
    db.execute("PRAGMA foreign_keys = ON")
    return db


def ask(db, sql):
    return db.execute(sql).fetchall()


def fresh(mode):
    db = clear(mode)
    db.executescript(steps.BASIS)
    db.execute("SELECT migrate_add(?)", (steps.scripts(True),)).fetchall()
    return db


def inspect(db):
    """The position, or what is wrong with the file."""
    whole = ask(db, "PRAGMA integrity_check")[0][0]
    if whole != "ok":
        return None, whole
    if ask(db, "PRAGMA foreign_key_check"):
        return None, "a foreign key is broken"
    if not db.in_transaction and ask(db, "PRAGMA foreign_keys") != [(1,)]:
        return None, "foreign keys are off"
    return steps.inspect(lambda sql: ask(db, sql), TABLES, COLUMNS)


def inspect_file():
    db = connect()
    try:
        return inspect(db)
    except sqlite3.Error as error:
        return None, f"{type(error).__name__}: {error}"
    finally:
        db.close()


def step(db, position, target, wrapped):
    """One call; some of them in a transaction of the caller's. That cannot
    rebuild tables while foreign keys are on, so they are off then."""
    if wrapped:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("BEGIN")
    ask(db, steps.call(position, target))
    if wrapped:
        db.execute("COMMIT")
        db.execute("PRAGMA foreign_keys = ON")


def runner(rng, position, out, arm, limit):
    """The process that is to die: it says where it is after each call."""
    db = connect()
    if blow:
        blow.blow_arm(*arm, out)
    for _, target in zip(range(limit), steps.walk(rng, position)):
        step(db, position, target, rng.random() < 0.3)
        position = target
        os.write(out, f"{position}\n".encode())
    os.write(out, f"count {blow.blow_count() if blow else 0}\n".encode())


def spawn(rng, position, arm=(0, 0), limit=1000000):
    return spawn_with(lambda out: runner(rng, position, out, arm, limit))


def spawn_with(work):
    """Start it; its number, and the end of a pipe to read from."""
    result, out = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(result)
        try:
            work(out)
        except BaseException as error:  # the parent has to know
            os.write(out, f"error {error}\n".encode())
        os._exit(0)
    os.close(out)
    return pid, result


def finish(pid, result):
    """What it said until its end, and whether it was killed."""
    with os.fdopen(result) as lines:
        said = lines.read().splitlines()
    _, status = os.waitpid(pid, 0)
    return said, os.WIFSIGNALED(status)


def after(rng_copy, position, said):
    """The last position that was reported, and the one on the way."""
    walk = steps.walk(rng_copy, position)
    for line in said:
        if not line.isdigit():
            return None, None, line
        target = next(walk)
        rng_copy.random()
        if int(line) != target:
            return None, None, f"it said {line} instead of {target}"
        position = target
    return position, next(walk), None


def judge(rng_copy, position, said):
    """After the end of a runner: is the file at a boundary, and does the next
    run go on from there? Returns the new position, or what is wrong."""
    last, target, wrong = after(rng_copy, position, said)
    if wrong:
        return None, wrong
    found, wrong = inspect_file()
    if not wrong and found not in (last, target):
        wrong = f"at {found}, on the way from {last} to {target}"
    if wrong:
        return None, wrong
    db = connect()
    ask(db, steps.call(found, target))
    found, wrong = inspect(db)
    db.close()
    if not wrong and found != target:
        wrong = f"the next run led to {found} instead of {target}"
    return found, wrong


def killed(mode, name, start):
    """CRASHES times: start a runner that dies, and judge."""
    rng = steps.seeded(SEED, name)
    fresh(mode).close()
    position = hot = 0
    for i in range(CRASHES):
        seed = rng.random()
        said, dead = start(rng, steps.seeded(seed, ""), position)
        if not dead:
            return f"moment {i}: it was not killed: {said[-1:]}", ""
        hot += os.path.exists(FILE + "-journal")
        position, wrong = judge(steps.seeded(seed, ""), position, said)
        if wrong:
            return f"moment {i}: {wrong}", ""
    if mode == "delete" and hot == 0 and CRASHES >= 10:
        return "none of the moments was within a transaction", ""
    journals = f", {hot} left a journal" if mode == "delete" else ""
    return None, f"{CRASHES} moments{journals}"


def test_clock(mode, name):
    """Killed from outside, some time after its first call."""
    def start(rng, walk, position):
        pid, result = spawn(walk, position)
        select.select([result], [], [], 30)
        select.select([], [], [], rng.uniform(0, 0.02))
        os.kill(pid, signal.SIGKILL)
        return finish(pid, result)

    return killed(mode, name, start)


def operations(mode):
    """How many operations on files some calls make."""
    fresh(mode).close()
    said, _ = finish(*spawn(steps.seeded(SEED, ""), 0, limit=8))
    return int(said[-1].split()[1])


def test_operation(mode, name):
    """Killed at, or in the middle of, an operation on a file."""
    if not blow:
        return "skip", "there is no C compiler"
    most = operations(mode)

    def start(rng, walk, position):
        arm = rng.randint(1, most), rng.choice([KILL, TEAR])
        return finish(*spawn(walk, position, arm))

    return killed(mode, name, start)


def attempt(db, position, target, wrapped):
    """A call that may fail; the error's text, or None."""
    try:
        step(db, position, target, wrapped)
    except sqlite3.Error as error:
        if db.in_transaction:
            db.execute("ROLLBACK")
        db.execute("PRAGMA foreign_keys = ON")
        return str(error)
    return None


def full(mode, name, fill, clear):
    """CRASHES times: a disk that fills up, the first time at once; the error,
    the boundary, and on the same connection the next run."""
    rng = steps.seeded(SEED, name)
    db = fresh(mode)
    position = failures = 0
    for i in range(CRASHES):
        target = next(steps.walk(rng, position)) if i else steps.REVISIONS
        fill(db, rng.random() if i else 0)
        error = attempt(db, position, target, rng.random() < 0.3)
        clear(db)
        found, wrong = inspect(db)
        if error and "disk is full" not in error:
            wrong = wrong or error
        if not wrong and found != (position if error else target):
            wrong = f"at {found}, from {position} to {target}: {error}"
        if not wrong and error:
            failures += 1
            wrong = attempt(db, position, target, False)
        if not wrong:
            position, wrong = inspect(db)
        if wrong:
            return f"try {i}: {wrong}", ""
    db.close()
    if failures == 0:
        return "the disk was never full", ""
    return None, f"{failures} of {CRASHES} failed"


def test_full(mode, name):
    if not blow:
        return "skip", "there is no C compiler"
    most = operations(mode) // 8

    def fill(_, part):
        blow.blow_arm(1 + int(part * most), FULL, -1)

    return full(mode, name, fill, lambda _: blow.blow_arm(0, 0, -1))


def test_page_limit(mode, name):
    def fill(db, part):
        ask(db, "VACUUM")
        pages = ask(db, "PRAGMA page_count")[0][0]
        ask(db, f"PRAGMA max_page_count = {pages + int(part * 9)}")

    def clear(db):
        ask(db, "PRAGMA max_page_count = 1000000")

    return full(mode, name, fill, clear)


# The second of these refuses a transaction, so it is committed statement by
# statement, and two of them run on a connection of their own.
RUN = f"""-- migrate:revision r01
-- migrate:revises base
-- migrate:up
CREATE TABLE ledger (name text);
{steps.up_of("r01")}-- migrate:revision r02
-- migrate:revises r01
-- migrate:up transaction:false
{steps.up_of("r02")}VACUUM;
UPDATE t_r01 SET v = v || '!';
DELETE FROM t_r02 WHERE id % 2 = 0;
VACUUM;
INSERT INTO ledger (name) VALUES ('end of r02');
-- migrate:verify
SELECT count(*) = {steps.ROWS // 2} FROM t_r02;
-- migrate:revision r03
-- migrate:revises r02
-- migrate:up
{steps.up_of("r03")}"""


def clear(mode):
    for name in os.listdir(FOLDER):
        if name.startswith("crash.db"):
            os.remove(os.path.join(FOLDER, name))
    db = connect()
    ask(db, f"PRAGMA journal_mode = {mode}")
    return db


def picture(db):
    """Everything that a run leaves, but for times."""
    schema = ask(db, "SELECT type, name, sql FROM sqlite_master WHERE name NOT"
                 " GLOB 'migrate_*' AND sql IS NOT NULL ORDER BY 1, 2")
    tables = [row[1] for row in schema if row[0] == "table"]
    return (schema, [ask(db, f"SELECT * FROM {t} ORDER BY 1, 2")
                     for t in tables if not t.startswith("sqlite_")],
            ask(db, "SELECT revision, checksum FROM migrate_applied"),
            ask(db, "SELECT action, revision FROM migrate_log ORDER BY id"),
            ask(db, "SELECT * FROM migrate_partial"),
            ask(db, "SELECT * FROM migrate_verify()"),
            ask(db, "PRAGMA integrity_check"))


def run_all(out, arm):
    db = connect()
    if blow:
        blow.blow_arm(*arm, out)
    os.write(out, b"begin\n")
    ask(db, "SELECT migrate_run('head')")
    os.write(out, f"count {blow.blow_count() if blow else 0}\n".encode())


def runs_cut(mode, start):
    """RUNS times: migrate_run is killed; the next one goes on, and then
    all is as if it had not been."""
    def prepare():
        db = clear(mode)
        db.execute("SELECT migrate_add(?)", (RUN,)).fetchall()
        return db

    db = prepare()
    began = time.monotonic()
    ask(db, "SELECT migrate_run('head')")
    took = time.monotonic() - began
    wanted = picture(db)
    db.close()
    half = 0
    for i in range(RUNS):
        prepare().close()
        wrong = start(i, took)
        db = connect()
        half += ask(db, "SELECT count(*) > 0 FROM migrate_partial")[0][0]
        try:
            ask(db, "SELECT migrate_run('head')")
        except sqlite3.Error as error:
            wrong = wrong or str(error)
        if picture(db) != wanted:
            wrong = wrong or f"it ended otherwise: {picture(db)}"
        db.close()
        if wrong:
            return f"moment {i}: {wrong}", ""
    if half == 0 and RUNS >= 10:
        return "none of the moments was within the second revision", ""
    return None, f"{RUNS} moments, {half} left a revision half done"


def spawn_run(arm=(0, 0)):
    return spawn_with(lambda out: run_all(out, arm))


def test_run_clock(mode, name):
    rng = steps.seeded(SEED, name)

    def start(_, took):
        pid, result = spawn_run()
        select.select([result], [], [], 30)
        select.select([], [], [], rng.uniform(0, took))
        os.kill(pid, signal.SIGKILL)
        finish(pid, result)

    return runs_cut(mode, start)


def test_run_operation(mode, name):
    if not blow:
        return "skip", "there is no C compiler"
    rng = steps.seeded(SEED, name)
    db = clear(mode)
    db.execute("SELECT migrate_add(?)", (RUN,)).fetchall()
    db.close()
    said, _ = finish(*spawn_run())
    most = int(said[-1].split()[1])

    def start(_, took):
        arm = rng.randint(1, most), rng.choice([KILL, TEAR])
        said, dead = finish(*spawn_run(arm))
        return None if dead else f"it was not killed: {said[-1:]}"

    return runs_cut(mode, start)


def main():
    for key, test in sorted(globals().items()):
        if not key.startswith("test_"):
            continue
        for mode in ("delete", "wal"):
            name = f"crash/sqlite-{key[5:].replace('_', '-')}-{mode}"
            wrong, note = test(mode, name)
            if wrong == "skip":
                print(f"skip {name} - {note}")
            else:
                steps.report(name, wrong, note)


if hasattr(sqlite3.Connection, "enable_load_extension"):
    main()
else:
    print("skip crash/sqlite - this python3 loads no extensions")
