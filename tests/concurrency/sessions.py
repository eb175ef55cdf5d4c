"""Sessions of PostgreSQL that migrate one database at the same moment.

Every race ends in the same question: has each revision run once, by what it
did, by migrate_applied and by migrate_log alike? Each revision adds a row to
a table without any constraint, so that a second run shows.
"""

import os
import threading
import time

import psycopg2

SESSIONS = int(os.environ["SESSIONS"])
ROUNDS = int(os.environ["ROUNDS"])
REVISIONS = 12
PATIENCE = 60  # seconds; only a failure waits that long

LOCK_TIMEOUT = "55P03"
SERIALIZATION = "40001"
NOT_APPLIED = "42704"


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


def connect(database="race", **options):
    connection = psycopg2.connect(dbname=database, **options)
    connection.autocommit = True
    return connection


def ask(connection, sql, *arguments):
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        return cursor.fetchall() if cursor.description else None


def number(connection, sql, *arguments):
    return ask(connection, sql, *arguments)[0][0]


def fresh(scripts=None):
    """A new database that holds the scripts."""
    admin = connect("postgres")
    ask(admin, "DROP DATABASE IF EXISTS race")
    ask(admin, "CREATE DATABASE race")
    admin.close()
    connection = connect()
    ask(connection, "CREATE EXTENSION migrate")
    ask(connection, "CREATE TABLE ran (name text)")
    if scripts:
        ask(connection, "SELECT migrate_add(%s)", scripts)
    return connection


class Session(threading.Thread):
    """One that connects, prepares, waits for all the others, and works."""

    def __init__(self, index, barrier, work, prepare=None):
        super().__init__()
        self.index, self.barrier = index, barrier
        self.work, self.prepare = work, prepare
        self.results, self.codes, self.texts = [], [], []

    def attempt(self, sql, *arguments):
        """Run it; a database's error is kept, its SQLSTATE returned."""
        try:
            self.results.append(number(self.connection, sql, *arguments))
        except psycopg2.Error as error:
            self.codes.append(error.pgcode)
            self.texts.append(str(error))
            if not self.connection.autocommit:
                self.connection.rollback()
            return error.pgcode
        return None

    def run(self):
        try:
            self.connection = connect()
            if self.prepare:
                self.prepare(self)
        except psycopg2.Error as error:
            self.codes.append(error.pgcode or "connect")
            self.texts.append(str(error))
        self.barrier.wait()
        try:
            self.work(self)
        except psycopg2.Error as error:
            self.codes.append(error.pgcode or "work")
            self.texts.append(str(error))
        self.connection.close()


def race(works, prepare=None):
    """All of it at once; returns the sessions when they are done."""
    barrier = threading.Barrier(len(works))
    sessions = [Session(index, barrier, work, prepare)
                for index, work in enumerate(works)]
    for session in sessions:
        session.start()
    for session in sessions:
        session.join()
    return sessions


def errors(sessions, allowed=()):
    """The first text of an error that is not allowed."""
    for session in sessions:
        for code, text in zip(session.codes, session.texts):
            if code not in allowed:
                return f"SQLSTATE {code}: {text.strip()}"
    return None


def applied_once(connection, count):
    """Nothing, or what is wrong: count revisions, each of them run once."""
    ran = sorted(n for (n,) in ask(connection, "SELECT name FROM ran"))
    applied = sorted(n for (n,) in ask(
        connection, "SELECT revision FROM migrate_applied"))
    logged = sorted(n for (n,) in ask(
        connection, "SELECT revision FROM migrate_log"))
    if len(set(ran)) != count:
        return f"{len(set(ran))} of {count} ran"
    if ran != applied or ran != logged:
        return f"ran {ran}, applied {applied}, logged {logged}"
    return verified(connection)


def verified(connection):
    found = ask(connection, "SELECT * FROM migrate_verify()")
    return f"migrate_verify: {found}" if found else None


def apply(session):
    session.attempt("SELECT migrate_apply('head')")


def test_apply():
    """All sessions call migrate_apply('head') at once."""
    for _ in range(ROUNDS):
        connection = fresh(line_of(REVISIONS))
        sessions = race([apply] * SESSIONS)
        results = sorted(r for s in sessions for r in s.results)
        wrong = errors(sessions) or applied_once(connection, REVISIONS)
        connection.close()
        if wrong:
            return wrong
        if results != [0] * (SESSIONS - 1) + [REVISIONS]:
            return f"results {results}"
    return None


def test_transactions():
    """The same, each in a transaction that does something else as well."""
    def work(session):
        session.connection.autocommit = False
        ask(session.connection, "SELECT count(*) FROM ran")
        session.attempt("SELECT migrate_apply('head')")
        ask(session.connection, "SELECT count(*) FROM t_r01")
        session.connection.commit()

    connection = fresh(line_of(REVISIONS))
    sessions = race([work] * SESSIONS)
    wrong = errors(sessions) or applied_once(connection, REVISIONS)
    connection.close()
    return wrong


def test_lock_timeout():
    """Who does not want to wait fails with that, and can come again."""
    def hurry(session):
        ask(session.connection, "SET lock_timeout = '1ms'")

    connection = fresh(line_of(REVISIONS))
    holder = connect()
    holder.autocommit = False
    ask(holder, "SELECT migrate_apply('head')")
    sessions = race([apply] * SESSIONS, hurry)
    holder.commit()
    codes = [code for s in sessions for code in s.codes]
    wrong = errors(sessions, [LOCK_TIMEOUT])
    if not wrong and len(codes) != SESSIONS:
        wrong = f"{len(codes)} of {SESSIONS} failed"
    if not wrong:
        again = race([apply] * SESSIONS)
        wrong = errors(again) or applied_once(connection, REVISIONS)
    holder.close()
    connection.close()
    return wrong


def test_isolation():
    """Old snapshots: they may have to come again, and never apply twice."""
    levels = ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"]

    def begin(session):
        session.level = levels[session.index % len(levels)]
        ask(session.connection, f"BEGIN ISOLATION LEVEL {session.level}")
        ask(session.connection, "SELECT * FROM migrate_status()")

    def work(session):
        if session.attempt("SELECT migrate_apply('head')"):
            ask(session.connection, "ROLLBACK")
            return
        try:
            ask(session.connection, "COMMIT")
        except psycopg2.Error as error:
            session.codes.append(error.pgcode)
            session.texts.append(str(error))

    for _ in range(ROUNDS):
        connection = fresh(line_of(REVISIONS))
        sessions = race([work] * SESSIONS, begin)
        committed = [s for s in sessions if s.level == levels[0]]
        wrong = (errors(committed) or errors(sessions, [SERIALIZATION]) or
                 applied_once(connection, REVISIONS))
        connection.close()
        if wrong:
            return wrong
    return None


def test_add_and_run():
    """Half of them add a branch each while the others run what is there."""
    half = SESSIONS // 2

    def adder(name):
        def work(session):
            session.attempt("SELECT migrate_add(%s)", script(name, "base"))
            session.attempt("SELECT migrate_add(%s)",
                            script(name + "x", name))
        return work

    def runner(session):
        stored, end = 0, time.monotonic() + PATIENCE
        while stored < 2 * half and not session.codes:
            if time.monotonic() > end:
                raise psycopg2.OperationalError(f"{stored} were added")
            session.attempt("SELECT migrate_apply('heads')")
            stored = number(session.connection,
                            "SELECT count(*) FROM migrate_revision")
        session.attempt("SELECT migrate_apply('heads')")

    connection = fresh()
    works = [adder(f"b{i:02}") for i in range(half)] + [runner] * half
    sessions = race(works)
    wrong = errors(sessions) or applied_once(connection, 2 * half)
    connection.close()
    return wrong


def test_same_script():
    """All of them add the same scripts and then run them, as pods do."""
    def pod(session):
        session.attempt("SELECT migrate_add(%s)", line_of(REVISIONS))
        session.attempt("SELECT migrate_apply('head')")

    for _ in range(ROUNDS):
        connection = fresh()
        sessions = race([pod] * SESSIONS)
        added = sum(s.results[0] for s in sessions if s.results)
        wrong = errors(sessions) or applied_once(connection, REVISIONS)
        if not wrong and added != REVISIONS:
            wrong = f"{added} were added, not {REVISIONS}"
        connection.close()
        if wrong:
            return wrong
    return None


def tenant_state(connection, schema):
    return (number(connection, f"SELECT count(*) FROM {schema}.ran"),
            number(connection, "SELECT count(*) FROM migrate_applied "
                               "WHERE schema = %s", schema))


def test_tenants():
    """Two schemas do not wait for each other; one schema's runs do."""
    connection = fresh(line_of(REVISIONS))
    for schema in ("one", "two"):
        ask(connection, f"CREATE SCHEMA {schema}")
        ask(connection, f"CREATE TABLE {schema}.ran (name text)")
    holder, other, same = connect(), connect(), connect()
    holder.autocommit = False
    ask(holder, "SELECT migrate_apply('head', schema => 'one')")
    # Longer than the deadlock check, so that a wait would be seen.
    ask(other, "SET lock_timeout = '3s'")
    wrong = None
    try:
        ask(other, "SELECT migrate_apply('head', schema => 'two')")
    except psycopg2.Error as error:
        wrong = f"the other schema: {error}"
    ask(same, "SET lock_timeout = '1ms'")
    try:
        ask(same, "SELECT migrate_apply('head', schema => 'one')")
        wrong = wrong or "two runs of one schema at once"
    except psycopg2.errors.LockNotAvailable:
        pass
    holder.commit()
    for schema in ("one", "two"):
        state = tenant_state(connection, schema)
        if not wrong and state != (REVISIONS, REVISIONS):
            wrong = f"{schema}: {state}"
    for each in (holder, other, same, connection):
        each.close()
    return wrong


def test_many_tenants():
    """Several sessions for each of several schemas."""
    schemas = [f"tenant{i}" for i in range(max(1, SESSIONS // 5))]

    def worker(schema):
        return lambda session: session.attempt(
            "SELECT migrate_apply('head', schema => %s)", schema)

    connection = fresh(line_of(REVISIONS))
    for schema in schemas:
        ask(connection, f"CREATE SCHEMA {schema}")
        ask(connection, f"CREATE TABLE {schema}.ran (name text)")
    sessions = race([worker(schema) for schema in schemas * 5])
    wrong = errors(sessions)
    for schema in schemas:
        state = tenant_state(connection, schema)
        if not wrong and state != (REVISIONS, REVISIONS):
            wrong = f"{schema}: {state}"
    connection.close()
    return wrong


def alternating(rows):
    """Each revision was applied and reverted in turn."""
    last = {}
    for action, revision in rows:
        if last.get(revision, "revert") == action:
            return f"{action} of {revision} twice in a row"
        last[revision] = action
    return None


def test_apply_and_revert():
    """Half of them go up while the others go down."""
    def up(session):
        for _ in range(5):
            session.attempt("SELECT migrate_apply('head')")

    def down(session):
        for target in ("r06", "base", "r03", "base", "r09"):
            session.attempt("SELECT migrate_revert(%s)", target)

    connection = fresh(line_of(REVISIONS))
    half = SESSIONS // 2
    sessions = race([up] * half + [down] * half)
    # A target that is not applied just then is refused.
    wrong = (errors(s for s in sessions if s.work is up) or
             errors((s for s in sessions if s.work is down),
                    [NOT_APPLIED]))
    wrong = wrong or alternating(ask(
        connection, "SELECT action, revision FROM migrate_log ORDER BY id"))
    ran = ask(connection, "SELECT name FROM ran ORDER BY 1")
    applied = ask(connection, "SELECT revision FROM migrate_applied"
                              " ORDER BY 1")
    tables = ask(connection, "SELECT substr(relname, 3) FROM pg_class"
                             " WHERE relname ~ '^t_r..$' ORDER BY 1")
    if not wrong and not ran == applied == tables:
        wrong = f"ran {ran}, applied {applied}, tables {tables}"
    wrong = wrong or verified(connection)
    connection.close()
    return wrong


def main():
    for name, test in sorted(globals().items()):
        if not name.startswith("test_"):
            continue
        wrong = test()
        label = "concurrency/postgresql-" + name[5:].replace("_", "-")
        print(f"not ok {label} - {wrong}" if wrong else f"ok {label}",
              flush=True)


main()
