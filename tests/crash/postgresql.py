"""Sessions, clients and servers of PostgreSQL that end while they migrate.

    postgresql.py PGSERVER.SH FOLDER        the script, and the server's folder
"""

import ctypes
import os
import select
import signal
import subprocess
import sys
import time

import psycopg2

import steps

PGSERVER, FOLDER = sys.argv[1:]
CRASHES = int(os.environ["CRASHES"])
SEED = os.environ["SEED"]
TABLES = "SELECT relname FROM pg_class WHERE relname ~ '^t_r..$'"
COLUMNS = ("SELECT attname FROM pg_attribute WHERE attrelid ="
           " 'ledger'::regclass AND attnum > 0 AND NOT attisdropped")
PATIENCE = 60  # seconds; only a failure waits that long
SUBREAPER = 36

CANCELED, LOCK_TIMEOUT = "57014", "55P03"


def server(*words, prefix=()):
    subprocess.run([*prefix, PGSERVER, words[0], FOLDER, *words[1:]],
                   check=True, stdin=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)  # its log says more


def connect(**options):
    connection = psycopg2.connect(host=FOLDER + "/s", port=5432,
                                  user="postgres", dbname="postgres",
                                  **options)
    connection.autocommit = True
    return connection


def until(what, condition):
    """Ask again and again, for a bounded time."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        result = condition()
        if result:
            return result
        select.select([], [], [], 0.002)
    raise TimeoutError(f"gave up waiting until {what}")


def reconnect():
    """A connection as soon as the server gives one."""
    def attempt():
        try:
            return connect()
        except psycopg2.OperationalError:
            return None

    return until("the server is there", attempt)


def ask(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


def fresh():
    connection = reconnect()
    ask(connection, "DROP EXTENSION IF EXISTS migrate")
    ask(connection, "DROP SCHEMA public CASCADE")
    ask(connection, "CREATE SCHEMA public")
    ask(connection, "CREATE EXTENSION migrate")
    ask(connection, steps.BASIS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT migrate_add(%s)", [steps.scripts(False)])
    return connection


def inspect(connection):
    return steps.inspect(lambda sql: ask(connection, sql), TABLES, COLUMNS)


def runner(rng, position, out):
    """The client: it says who it is, and where it is after each call."""
    connection = connect(application_name="runner")
    os.write(out, f"{connection.get_backend_pid()}\n".encode())
    for target in steps.walk(rng, position):
        if rng.random() < 0.3:
            ask(connection, "BEGIN")
            ask(connection, steps.call(position, target))
            ask(connection, "COMMIT")
        else:
            ask(connection, steps.call(position, target))
        position = target
        os.write(out, f"{position}\n".encode())


class Runner:
    """A process that walks until it, or what it needs, is killed."""

    def __init__(self, seed, position):
        self.seed, self.position = seed, position
        self.lines, out = os.pipe()
        self.client = os.fork()
        if self.client == 0:
            os.close(self.lines)
            try:
                runner(steps.seeded(seed, ""), position, out)
            except psycopg2.Error as error:
                text = str(error).strip().splitlines() or ["?"]
                os.write(out, f"error {error.pgcode} {text[0]}\n".encode())
            finally:
                os._exit(0)
        os.close(out)
        self.text = b""
        while self.text.count(b"\n") < 2:
            self.read()
        self.backend = int(self.text.split()[0])

    def read(self):
        some = os.read(self.lines, 4096)
        self.text += some
        if not some and self.text.count(b"\n") < 2:
            raise RuntimeError(self.text.decode())
        return some

    def finish(self):
        """Read to its end; the last position it reached and the next."""
        while self.read():
            pass
        os.close(self.lines)
        os.waitpid(self.client, 0)
        walk_rng = steps.seeded(self.seed, "")
        walk, last = steps.walk(walk_rng, self.position), self.position
        for line in self.text.decode().splitlines()[1:]:
            if not line.isdigit():
                continue
            last = next(walk)
            walk_rng.random()
            if int(line) != last:
                raise RuntimeError(f"it said {line} instead of {last}")
        return last, next(walk)


def gone(connection):
    """No session of a runner is there any more."""
    return not ask(connection, "SELECT 1 FROM pg_stat_activity"
                               " WHERE application_name = 'runner'")


def crashes(name, strike, longest=0.04, count=CRASHES):
    """count times: let a runner walk, strike, and look where it left off."""
    rng = steps.seeded(SEED, name)
    fresh().close()
    position = 0
    for i in range(count):
        walker = Runner(rng.random(), position)
        select.select([], [], [], rng.uniform(0, longest))
        strike(walker)
        last, target = walker.finish()
        connection = reconnect()
        until("the session is gone", lambda: gone(connection))
        found, wrong = inspect(connection)
        if not wrong and found not in (last, target):
            wrong = f"at {found}, on the way from {last} to {target}"
        if not wrong:
            ask(connection, steps.call(found, target))
            position, wrong = inspect(connection)
        if not wrong and position != target:
            wrong = f"the next run led to {position} instead of {target}"
        connection.close()
        if wrong:
            return f"moment {i}: {wrong}", ""
    return None, f"{count} moments"


def children(pid):
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)],
                            stdout=subprocess.PIPE, check=False)
    return [int(word) for word in listed.stdout.split()]


def postmaster():
    with open(FOLDER + "/data/postmaster.pid", encoding="ascii") as lines:
        return int(lines.readline())


def dead(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_backend(name):
    """kill -9 of the session's process: the server ends all the others and
    makes a recovery."""
    def strike(walker):
        other = reconnect()
        os.kill(walker.backend, signal.SIGKILL)
        until("the server has noticed", lambda: attempt(other, "SELECT 1"))
        other.close()

    return crashes(name, strike)


def test_immediate(name):
    """The server stops without saying goodbye."""
    def strike(_):
        server("stop", "immediate")
        server("start")

    return crashes(name, strike)


def test_all(name):
    """Every process of the server is killed."""
    return crashes(name, kill_all)


def test_client(name):
    """The client is killed: the server finishes the call, or not."""
    def strike(walker):
        os.kill(walker.client, signal.SIGKILL)

    return crashes(name, strike)


def told(function):
    def strike(walker):
        connection = reconnect()
        ask(connection, f"SELECT {function}({walker.backend})")
        connection.close()

    return strike


def test_terminate(name):
    return crashes(name, told("pg_terminate_backend"))


def test_cancel(name):
    """It may come between two calls, when there is nothing to cancel."""
    def strike(walker):
        connection = reconnect()
        cancel = f"SELECT pg_cancel_backend({walker.backend})"
        until("the call is canceled",
              lambda: ask(connection, cancel) == [(False,)] or
              gone(connection))
        connection.close()

    return crashes(name, strike)


def attempt(connection, sql):
    """The SQLSTATE of its failure, or None."""
    try:
        ask(connection, sql)
    except psycopg2.Error as error:
        return error.pgcode or "lost"
    return None


def test_statement_timeout(name):
    """The same session goes on afterwards."""
    rng = steps.seeded(SEED, name)
    connection = fresh()
    position = failures = 0
    for i in range(CRASHES):
        target = next(steps.walk(rng, position))
        ask(connection, f"SET statement_timeout = {rng.randint(1, 12)}")
        code = attempt(connection, steps.call(position, target))
        # A time-out at the very end of the call strikes the next statement.
        while attempt(connection, "SET statement_timeout = 0") == CANCELED:
            pass
        found, wrong = inspect(connection)
        if not wrong and code not in (None, CANCELED):
            wrong = f"SQLSTATE {code}"
        if not wrong and found != (position if code else target):
            wrong = f"at {found}, from {position} to {target}: {code}"
        if wrong:
            return f"moment {i}: {wrong}", ""
        failures += code is not None
        ask(connection, steps.call(found, target))
        position = target
    connection.close()
    return None, f"{failures} of {CRASHES} were cut short"


def test_lock_timeout(name):
    """In the middle of a run a table is locked by somebody else."""
    connection, other = fresh(), connect()
    ask(other, "BEGIN")
    ask(other, "LOCK TABLE ledger")
    ask(connection, "SET lock_timeout = '1ms'")
    code = attempt(connection, "SELECT migrate_apply()")
    ask(other, "ROLLBACK")
    position, wrong = inspect(connection)
    if not wrong and (code, position) != (LOCK_TIMEOUT, 0):
        wrong = f"SQLSTATE {code} at {position}"
    if not wrong:
        ask(connection, "SELECT migrate_apply()")
        position, wrong = inspect(connection)
    if not wrong and position != steps.REVISIONS:
        wrong = f"the next run led to {position}"
    other.close()
    connection.close()
    return wrong, ""


def test_uncommitted(name):
    """A client that is lost before COMMIT has done nothing."""
    connection = fresh()
    ready, out = os.pipe()
    pid = os.fork()
    if pid == 0:
        own = connect(application_name="runner")
        ask(own, "BEGIN")
        ask(own, "SELECT migrate_apply()")
        os.write(out, b"x")
        signal.pause()
        os._exit(0)
    os.read(ready, 1)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    until("the session is gone", lambda: gone(connection))
    position, wrong = inspect(connection)
    if not wrong and position != 0:
        wrong = f"at {position}"
    connection.close()
    return wrong, ""


def test_full(name):
    """No file of the server may grow beyond a size: as on a full disk."""
    big = ("-- migrate:revision big\n-- migrate:revises r06\n-- migrate:up\n"
           "CREATE TABLE big AS SELECT repeat(md5(i::text), 200) AS v"
           " FROM generate_series(1, 8000) AS i;\n"
           "ALTER TABLE big ALTER v SET STORAGE EXTERNAL;\n"
           "UPDATE big SET v = v || v;\n"
           "-- migrate:down\nDROP TABLE big;\n")
    connection = fresh()
    with connection.cursor() as cursor:
        cursor.execute("SELECT migrate_apply('r02'), migrate_add(%s)", [big])
    connection.close()
    server("stop")
    server("start", prefix=["prlimit", "--fsize=20971520"])
    connection = reconnect()
    code = attempt(connection, "SELECT migrate_apply()")
    position, wrong = inspect(connection)
    connection.close()
    server("stop")
    server("start")
    if not wrong and (code is None or position != 2):
        wrong = f"SQLSTATE {code} at {position}"
    connection = reconnect()
    if not wrong:
        ask(connection, "SELECT migrate_apply()")
        if ask(connection, "SELECT count(*) FROM big") != [(8000,)]:
            wrong = "the next run did not do its work"
    ask(connection, "DROP TABLE IF EXISTS big")
    connection.close()
    return wrong, f"SQLSTATE {code}"


# Runs that commit each revision, with statements outside of transactions.

EACH = """-- migrate:revision e1
-- migrate:revises base
-- migrate:up
CREATE TABLE big AS SELECT i AS id, 'row ' || i AS v
FROM generate_series(1, 2000) AS i;
-- migrate:down
DROP TABLE big;
-- migrate:revision e2
-- migrate:revises e1
-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY x1 ON big (v);
INSERT INTO ledger VALUES ('e2');
CREATE UNIQUE INDEX CONCURRENTLY x2 ON big (id, lower(v)) WHERE id > 3;
VACUUM big;
-- migrate:down transaction:false
DROP INDEX CONCURRENTLY x2;
DELETE FROM ledger;
DROP INDEX CONCURRENTLY x1;
-- migrate:revision e3
-- migrate:revises e2
-- migrate:up
ALTER TABLE big ADD COLUMN c integer DEFAULT 5;
-- migrate:down
ALTER TABLE big DROP COLUMN c;
-- migrate:revision e4
-- migrate:revises e3
-- migrate:up transaction:false
REINDEX INDEX CONCURRENTLY x1;
DROP INDEX CONCURRENTLY x2;
CREATE INDEX CONCURRENTLY ON big ((id + c));
-- migrate:down transaction:false
DROP INDEX CONCURRENTLY big_expr_idx;
CREATE UNIQUE INDEX CONCURRENTLY x2 ON big (id, lower(v)) WHERE id > 3;
"""
SCHEMA = """SELECT 'index', pg_get_indexdef(indexrelid), indisvalid::text
FROM pg_index WHERE indrelid = to_regclass('big')
UNION ALL SELECT 'column', attname, format_type(atttypid, atttypmod)
FROM pg_attribute WHERE attrelid = to_regclass('big') AND attnum > 0
AND NOT attisdropped
UNION ALL SELECT 'ledger', name, '' FROM ledger
UNION ALL SELECT 'applied', revision, '' FROM migrate_applied
UNION ALL SELECT 'half', revision, number::text FROM migrate_partial
UNION ALL SELECT 'wrong', revision, problem FROM migrate_verify()
ORDER BY 1, 2, 3"""
UP, DOWN = "CALL migrate_run()", "CALL migrate_run('base', NULL, 'revert')"
OURS = ("SELECT pid FROM pg_stat_activity WHERE backend_type = 'migrate' OR"
        " application_name = 'runner'")


def tide(jobs):
    """A client that runs up and down until it is cut off; its process."""
    pid = os.fork()
    if pid != 0:
        return pid
    try:
        connection = connect(application_name="runner")
        while True:
            if jobs:
                job = ask(connection, "SELECT migrate_start()")[0][0]
                ask(connection, f"CALL migrate_wait({job})")
            else:
                ask(connection, UP)
            ask(connection, DOWN)
    finally:
        os._exit(0)


def crashes_each(name, strike, jobs=False):
    """Cut it off again and again; after each time the run that follows
    leads to the schema of one that nobody disturbed."""
    rng = steps.seeded(SEED, name)
    fresh().close()
    connection = reconnect()
    ask(connection, "SELECT migrate_remove(revision) FROM migrate_revision"
                    " ORDER BY position DESC")
    with connection.cursor() as cursor:
        cursor.execute("SELECT migrate_add(%s)", [EACH])
    ask(connection, UP)
    wanted = ask(connection, SCHEMA)
    ask(connection, DOWN)
    below = ask(connection, SCHEMA)
    for i in range(CRASHES):
        connection.close()
        client = tide(jobs)
        select.select([], [], [], rng.uniform(0, 0.2))
        strike(rng)
        os.kill(client, signal.SIGKILL)
        os.waitpid(client, 0)
        connection = reconnect()
        until("its processes are gone", lambda: not ask(connection, OURS))
        stuck = ask(connection, "SELECT job FROM migrate_job WHERE state IN"
                                " ('waiting', 'running')")
        ways = [(UP, wanted), (DOWN, below)]
        # What is half done is finished first.
        if ask(connection, "SELECT 1 FROM migrate_partial WHERE action ="
                           " 'revert'"):
            ways.reverse()
        for call, schema in ways:
            ask(connection, call)
            found = ask(connection, SCHEMA)
            if found != schema or stuck:
                return f"moment {i}: {found}, {stuck}", ""
    connection.close()
    return None, f"{CRASHES} moments"


def stopped(pid):
    """Whether it has stopped; None: it had come to its end before."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
            state = stat.read().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if state in "ZX" else state in "Tt"


def kill_one(sql):
    """SIGKILL of one of the server's processes, as soon as there is one."""
    def caught(other):
        pid = until("there is a process to kill", lambda: ask(other, sql))
        return pid[0][0]

    def strike(rng):
        other = reconnect()
        while True:
            pid = caught(other)
            select.select([], [], [], rng.uniform(0, 0.01))
            try:
                os.kill(pid, signal.SIGSTOP)
            except ProcessLookupError:
                continue
            while (state := stopped(pid)) is False:
                select.select([], [], [], 0.001)
            if state:
                break
        os.kill(pid, signal.SIGKILL)
        until("the server has noticed", lambda: attempt(other, "SELECT 1"))
        other.close()

    return strike


def kill_all(_):
    main = postmaster()
    os.kill(main, signal.SIGSTOP)  # or it would start new ones
    processes = [main] + children(main)
    for pid in processes:
        os.kill(pid, signal.SIGKILL)

    def over():
        for pid in processes:
            try:
                os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:
                pass
        return all(dead(pid) for pid in processes)

    until("the server is dead", over)
    server("start")


WORKER = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'migrate'"
WAITER = ("SELECT pid FROM pg_stat_activity WHERE application_name = 'runner'"
          " AND backend_type = 'client backend' AND state = 'active'")


def test_each_worker(name):
    return crashes_each(name, kill_one(WORKER))


def test_each_waiter(name):
    return crashes_each(name, kill_one(WAITER))


def test_each_server(name):
    return crashes_each(name, kill_all)


def test_each_job(name):
    return crashes_each(name, kill_one(WORKER), jobs=True)


def test_each_terminate(name):
    """The session ends, and its worker with it; the server goes on."""
    def strike(_):
        connection = reconnect()
        ask(connection, "SELECT pg_terminate_backend(pid) FROM"
                        " pg_stat_activity WHERE application_name = 'runner'"
                        " AND backend_type = 'client backend'")
        connection.close()

    return crashes_each(name, strike)


def main():
    # Its orphans are ours, so that they do not stay as zombies.
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    server("start", "max_connections = 20")
    try:
        for key, test in sorted(globals().items()):
            if key.startswith("test_"):
                name = f"crash/postgresql-{key[5:].replace('_', '-')}"
                steps.report(name, *test(name))
    finally:
        server("stop", "immediate")


main()
