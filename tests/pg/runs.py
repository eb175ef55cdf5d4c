"""Runs that commit each revision, and jobs, among other sessions.

    runs.py PGSERVER.SH FOLDER [TEST]     the script, the server's folder

Nothing here waits for a time to pass: each step waits until the server shows
what it is about.
"""

import os
import signal
import subprocess
import sys
import threading
import time

import psycopg2

PGSERVER, FOLDER = sys.argv[1:3]
ONLY = sys.argv[3:] and sys.argv[3]
PATIENCE = 60  # seconds; only a failure waits that long
CANCELED, NO_LOCK, NO_SLOT = "57014", "55P03", "53400"


def server(*words):
    subprocess.run([PGSERVER, words[0], FOLDER, *words[1:]], check=True,
                   stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def connect(**options):
    options = {"user": "postgres", "dbname": "postgres", **options}
    connection = psycopg2.connect(host=FOLDER + "/s", port=5432, **options)
    connection.autocommit = True
    return connection


def ask(connection, sql, *arguments):
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments or None)
        return cursor.fetchall() if cursor.description else []


def one(connection, sql, *arguments):
    return ask(connection, sql, *arguments)[0][0]


def failure(connection, sql):
    """Its SQLSTATE and its text, or two times None."""
    try:
        ask(connection, sql)
    except psycopg2.Error as error:
        return error.pgcode, str(error)
    return None, None


def until(what, condition):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        result = condition()
        if result:
            return result
        threading.Event().wait(0.002)
    raise TimeoutError(f"gave up waiting until {what}")


class Call:
    """A statement that runs while the test goes on."""

    def __init__(self, sql, **options):
        self.connection = connect(**options)
        self.pid = self.connection.get_backend_pid()
        self.thread = threading.Thread(target=self.run, args=[sql])
        self.error = (None, None)
        self.thread.start()

    def run(self, sql):
        self.error = failure(self.connection, sql)

    def end(self):
        self.thread.join(PATIENCE)
        if self.thread.is_alive():
            raise TimeoutError("it hangs")
        notices = "".join(self.connection.notices)
        self.connection.close()
        return (*self.error, notices)


SLOW = """-- migrate:revision a
-- migrate:revises base
-- migrate:up
INSERT INTO t SELECT i FROM generate_series(1, 1000) AS i;
-- migrate:down
DELETE FROM t;
-- migrate:revision b
-- migrate:revises a
-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY t_i ON t (i);
-- migrate:down transaction:false
DROP INDEX CONCURRENTLY t_i;
-- migrate:revision c
-- migrate:revises b
-- migrate:up
ALTER TABLE t ADD COLUMN c integer;
-- migrate:down
ALTER TABLE t DROP COLUMN c;
"""
STATE = ("SELECT string_agg(revision, ' ' ORDER BY revision),"
         " (SELECT count(*) FROM t),"
         " (SELECT indisvalid FROM pg_index WHERE indexrelid ="
         " to_regclass('t_i')) FROM migrate_applied")
DONE = [("a b c", 1000, True)]


def fresh(scripts=SLOW):
    connection = until("the server is there", attempt)
    ask(connection, "DROP EXTENSION IF EXISTS migrate CASCADE")
    for (name,) in ask(connection, "SELECT nspname FROM pg_namespace WHERE"
                                   " nspname !~ '^pg_|^information_'"):
        ask(connection, f"DROP SCHEMA {name} CASCADE")
    for sql in ("CREATE SCHEMA public",
                "GRANT ALL ON SCHEMA public TO public",
                "CREATE EXTENSION migrate", "CREATE TABLE t (i integer)"):
        ask(connection, sql)
    ask(connection, "SELECT migrate_add(%s)", scripts)
    return connection


def attempt():
    try:
        return connect()
    except psycopg2.OperationalError:
        return None


def reader(tables="t"):
    """A transaction that CREATE INDEX CONCURRENTLY has to wait for."""
    connection = connect()
    ask(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ")
    ask(connection, f"SELECT count(*) FROM {tables}")
    return connection


def building(connection):
    """The process that waits for such a reader."""
    return until("the index is being built", lambda: ask(
        connection, "SELECT pid FROM pg_stat_activity WHERE wait_event ="
                    " 'virtualxid' AND backend_type = 'migrate'"))[0][0]


def gone(connection, pid):
    until("the process is gone", lambda: not ask(
        connection, "SELECT 1 FROM pg_stat_activity WHERE pid = %s", pid))


def job_state(connection, job):
    return [row[0] for row in ask(
        connection, "SELECT state FROM migrate_job WHERE job = %s"
                    " ORDER BY number", job)]


def same(what, got, wanted):
    return None if got == wanted else f"{what}: {got} instead of {wanted}"


# ------------------------------------------------------------------- the runs


def test_writes():
    """An index is built while four clients write."""
    connection = fresh()
    script = FOLDER + "/write.sql"
    with open(script, "w", encoding="ascii") as out:
        out.write("INSERT INTO t VALUES (1);\nUPDATE t SET i = i + 1 WHERE"
                  " ctid = (SELECT ctid FROM t LIMIT 1);\n")
    with subprocess.Popen(
            [os.environ["MIGRATE_PG_BINDIR"] + "/pgbench", "-n", "-c", "4",
             "-T", "600", "-f", script, "-h", FOLDER + "/s", "-U", "postgres",
             "postgres"], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL) as bench:
        until("they write", lambda: one(
            connection, "SELECT count(*) > 100 FROM t"))
        code, text = failure(connection, "CALL migrate_run()")
        bench.send_signal(signal.SIGINT)
        bench.wait()
    return text if code else same("state", [
        row[::2] for row in ask(connection, STATE)], [("a b c", True)])


def test_reader():
    """Neither the session that waits nor others that want to run keep the
    index from being finished: they hold no snapshot."""
    connection = fresh()
    held = reader()
    calls = [Call("CALL migrate_run()", application_name="runner")]
    worker = building(connection)
    calls += [Call("CALL migrate_run()", application_name="runner")
              for _ in range(3)]
    until("they wait", lambda: one(
        connection, "SELECT count(*) FROM pg_stat_activity WHERE"
                    " application_name = 'runner' AND wait_event ="
                    " 'Extension' AND backend_xmin IS NULL") == 3)
    holders = ask(connection, "SELECT a.pid FROM pg_stat_activity AS a WHERE"
                              " backend_xmin IS NOT NULL AND pid NOT IN"
                              " (pg_backend_pid(), %s, %s)", worker,
                  held.get_backend_pid())
    apply_code, apply_text = failure(connection, "SELECT migrate_apply()")
    stamp_code = failure(connection, "SELECT migrate_stamp('head')")[0]
    ask(held, "COMMIT")
    codes = [call.end()[0] for call in calls]
    return (same("snapshots", holders, []) or same("codes", codes, [None] * 4)
            or same("apply, stamp", (apply_code, stamp_code),
                    (NO_LOCK, NO_LOCK))
            or same("apply says", "CALL migrate_run()" in apply_text, True)
            or same("state", ask(connection, STATE), DONE))


def test_twenty():
    """Twenty callers at once: one does it, all succeed."""
    connection = fresh()
    held = reader()
    calls = [Call("CALL migrate_run()") for _ in range(20)]
    building(connection)
    ask(held, "COMMIT")
    ends = [call.end() for call in calls]
    return (same("codes", [end[0] for end in ends], [None] * 20)
            or same("runs of b", sum("applying b" in end[2] for end in ends),
                    1)
            or same("state", ask(connection, STATE), DONE))


def test_lock_timeout():
    """Waiting for another run ends with lock_timeout."""
    connection = fresh()
    held = reader()
    call = Call("CALL migrate_run()")
    building(connection)
    ask(connection, "SET lock_timeout = '1ms'")
    code, text = failure(connection, "CALL migrate_run()")
    ask(held, "COMMIT")
    return (same("code", code, NO_LOCK) or
            same("holder", f"Process {call.pid} is" in text, True)
            or same("first", call.end()[0], None))


def cut_off(strike, wanted):
    """Strike at a run while its worker builds; the next run completes."""
    connection = fresh()
    held = reader()
    call = Call("CALL migrate_run()")
    worker = building(connection)
    strike(connection, call.pid, worker)
    code, text, _ = call.end()
    gone(connection, worker)
    broken = ask(connection, STATE)
    ask(held, "COMMIT")
    wrong = failure(connection, "CALL migrate_run()")[1]
    return (same("code", code, wanted) or wrong
            or same("after it", broken, [("a", 1000, False)])
            or same("failed", bool(text), True)
            or same("state", ask(connection, STATE), DONE))


def test_cancel_caller():
    return cut_off(lambda c, caller, _: ask(
        c, "SELECT pg_cancel_backend(%s)", caller), CANCELED)


def test_terminate_caller():
    return cut_off(lambda c, caller, _: ask(
        c, "SELECT pg_terminate_backend(%s)", caller), None)


def test_terminate_worker():
    return cut_off(lambda c, _, worker: ask(
        c, "SELECT pg_terminate_backend(%s)", worker), "57P01")


def test_cancel_worker():
    return cut_off(lambda c, _, worker: ask(
        c, "SELECT pg_cancel_backend(%s)", worker), CANCELED)


def test_statement_timeout():
    """The session's timeout counts for the call as a whole."""
    connection = fresh()
    held = reader()
    call = Call("CALL migrate_run()", options="-c statement_timeout=500")
    code = call.end()[0]
    ask(held, "COMMIT")
    until("its worker is gone", lambda: not ask(
        connection, "SELECT 1 FROM pg_stat_activity"
                    " WHERE backend_type = 'migrate'"))
    ask(connection, "CALL migrate_run()")
    return (same("code", code, CANCELED)
            or same("state", ask(connection, STATE), DONE))


def test_error():
    """A statement's own error is the server's, with its place; the session
    goes on, and so does the next run."""
    connection = fresh(SLOW + "-- migrate:revision d\n-- migrate:up\n"
                       "SELECT 1;\nSELECT i / 0 FROM t;\n")
    code, text = failure(connection, "CALL migrate_run()")
    state = ask(connection, STATE)
    ask(connection, "TRUNCATE t")
    ask(connection, "CALL migrate_run()")
    return (same("code", code, "22012") or same("place", text.strip(
    ).splitlines()[-1], 'revision "d", line 4; the revisions before it are'
                        ' committed') or same("state", state, DONE)
            or same("revisions", one(connection, "SELECT count(*) FROM"
                                                 " migrate_applied"), 4))


def test_no_slots():
    """Without a free slot nothing is changed."""
    connection = fresh()
    slots = int(one(connection, "SHOW max_worker_processes"))
    ask(connection, "INSERT INTO migrate_setting VALUES ('job_workers', '64')")
    for i in range(slots):
        ask(connection, f"CREATE SCHEMA s{i}")
        ask(connection, f"CREATE TABLE s{i}.t (i integer)")
    held = reader()
    job = one(connection, "SELECT migrate_start('head', 's%%')")
    until("all slots are taken", lambda: one(
        connection, "SELECT count(*) FROM pg_stat_activity WHERE"
                    " wait_event = 'virtualxid'") >= slots - 1)
    codes = [failure(connection, sql)[0]
             for sql in ("SELECT migrate_start()",)]
    call = Call("CALL migrate_run()")
    code, text, _ = call.end()
    at = ask(connection, STATE.replace("FROM migrate_applied",
                                       "FROM migrate_applied WHERE"
                                       " schema = ''"))
    jobs = one(connection, "SELECT count(DISTINCT job) FROM migrate_job")
    ask(held, "COMMIT")
    ask(connection, "CALL migrate_wait(%s)", job)
    ask(connection, "CALL migrate_run()")
    return (same("codes", codes + [code], [NO_SLOT] * 2)
            or same("hint", "max_worker_processes" in text, True)
            or same("after it", at, [("a", 1000, None)])
            or same("jobs", jobs, 1)
            or same("done", set(job_state(connection, job)), {"done"}))


def test_rights():
    """A role without rights; one with them; SET ROLE; both in the worker."""
    connection = fresh("-- migrate:revision a\n-- migrate:revises base\n"
                       "-- migrate:up\nCREATE TABLE mine ();\n"
                       "-- migrate:revision b\n-- migrate:up\n"
                       "CREATE TABLE yours ();\nCREATE INDEX CONCURRENTLY x"
                       " ON yours ((1));\nINSERT INTO who SELECT"
                       " current_user, session_user;\n")
    for role in ("poor", "deploy", "owner"):
        if not ask(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s",
                   role):
            ask(connection, f"CREATE ROLE {role} LOGIN")
    ask(connection, "GRANT owner TO deploy")
    ask(connection, "GRANT SELECT, INSERT, UPDATE, DELETE ON migrate_revision,"
                    " migrate_applied, migrate_log, migrate_setting,"
                    " migrate_state, migrate_partial TO owner")
    ask(connection, "CREATE TABLE who (c name, s name)")
    ask(connection, "GRANT ALL ON who TO owner")
    poor = connect(user="poor")
    codes = [failure(poor, sql)[0]
             for sql in ("CALL migrate_run()", "SELECT migrate_start()")]
    deploy = connect(user="deploy")
    ask(deploy, "SET ROLE owner")
    job = one(deploy, "SELECT migrate_start('a')")
    ask(deploy, "CALL migrate_wait(%s)", job)
    ask(deploy, "CALL migrate_run()")
    owners = ask(connection, "SELECT DISTINCT relowner::regrole::text FROM"
                             " pg_class WHERE relname IN ('mine', 'yours',"
                             " 'x')")
    seen = [one(c, "SELECT count(*) FROM migrate_job")
            for c in (poor, deploy, connection)]
    codes += [failure(poor, f"{sql}({job})")[0]
              for sql in ("SELECT migrate_cancel", "CALL migrate_wait")]
    return (same("codes", codes, ["42501"] * 4)
            or same("owners", owners, [("owner",)])
            or same("who", ask(connection, "SELECT * FROM who"),
                    [("owner", "deploy")])
            or same("jobs seen", seen, [0, 1, 1]))


def test_settings():
    """A worker has the session's settings; a script's own last for the
    revision; nothing of it stays."""
    connection = fresh("""-- migrate:revision a
-- migrate:revises base
-- migrate:up transaction:false
SET my.own = 'script';
CREATE FUNCTION check_it() RETURNS integer LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  seen text := concat_ws(',', current_setting('my.own'),
    current_setting('my.other'), current_setting('work_mem'),
    current_setting('search_path'));
BEGIN
  -- From 17 on the server takes the path away itself while it builds.
  seen := replace(seen, 'pg_catalog, pg_temp', 's');
  IF seen <> 'script,session,1234kB,s' THEN
    RAISE 'settings are %', seen;
  END IF;
  RETURN 1;
END $$;
CREATE TABLE one AS SELECT 1 AS i;
CREATE INDEX CONCURRENTLY i ON one ((i + check_it()));
-- migrate:revision b
-- migrate:up transaction:false
CREATE TABLE two AS SELECT current_setting('my.own') AS own,
  current_setting('search_path') AS path;
""")
    ask(connection, "CREATE SCHEMA s")
    ask(connection, "SET work_mem = '1234kB'; SET my.other = 'session';"
                    " SET my.own = 'mine'")
    ask(connection, "CALL migrate_run('b', 's')")
    after = ask(connection, "SELECT * FROM s.two")
    ask(connection, "DROP SCHEMA s CASCADE; CREATE SCHEMA s;"
                    " DELETE FROM migrate_applied; UPDATE migrate_state SET"
                    " value = '0' WHERE name = 'complete:s'")
    ask(connection, "CALL migrate_wait(%s)",
        one(connection, "SELECT migrate_start('b', 's')"))
    return (same("the next revision's", after, [("mine", "s")])
            or same("a job's", ask(connection, "SELECT * FROM s.two"), after)
            or same("after it", one(connection, "SHOW my.own"), "mine"))


AGAIN = """-- migrate:revision a
-- migrate:revises base
-- migrate:up
CREATE TABLE p (i integer) PARTITION BY LIST (i);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE INDEX t_z ON t (i);
-- migrate:revision b
-- migrate:up transaction:false
CREATE UNIQUE INDEX CONCURRENTLY x ON t (abs(i) DESC, i) WHERE i > 2;
-- migrate:revision c
-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY ON t (lower(i::text));
-- migrate:revision d
-- migrate:up transaction:false
DROP INDEX CONCURRENTLY t_z;
-- migrate:revision e
-- migrate:up transaction:false
REINDEX INDEX CONCURRENTLY x;
"""


def begun(connection, revision):
    """As a crash leaves it when the statement is done or cut off."""
    ask(connection, "INSERT INTO migrate_partial VALUES ('', %s, 1, 'apply',"
                    " 'x', 1, now(), NULL)", revision)


def indexes(connection):
    return ask(connection, "SELECT indexrelid::regclass::text, indisvalid,"
                           " indexrelid::integer FROM pg_index"
                           " WHERE indrelid = 't'::regclass ORDER BY 1")


def test_again():
    """What a cut off statement did, as a whole or in part, is seen."""
    connection = fresh(AGAIN)
    ask(connection, "CALL migrate_run('a')")
    begun(connection, "b")
    ask(connection, "CREATE UNIQUE INDEX x ON t (abs(i), i) WHERE i > 2")
    other = failure(connection, "CALL migrate_run('b')")[0]
    ask(connection, "DROP INDEX x")
    ask(connection, "CREATE UNIQUE INDEX x ON t (abs(i) DESC, i)"
                    " WHERE i > 2")
    before = indexes(connection)
    ask(connection, "CALL migrate_run('b')")
    whole = indexes(connection)
    begun(connection, "c")
    ask(connection, "CREATE INDEX lower_it ON t (lower(i::text))")
    ask(connection, "UPDATE pg_index SET indisvalid = false WHERE indexrelid"
                    " = 'lower_it'::regclass")
    begun(connection, "d")
    ask(connection, "DROP INDEX t_z")
    begun(connection, "e")
    ask(connection, "CREATE INDEX x_ccnew ON t (i); UPDATE pg_index SET"
                    " indisvalid = false WHERE indexrelid ="
                    " 'x_ccnew'::regclass")
    ask(connection, "CALL migrate_run()")
    names = [row[:2] for row in indexes(connection)]
    left = ask(connection, "SELECT relname FROM pg_class WHERE"
                           " relnamespace = pg_my_temp_schema()")
    return (same("another definition", other, "42P07")
            or same("the same definition", whole, before)
            or same("indexes", names, [("t_lower_idx", True), ("x", True)])
            or same("left behind", left, []))


def test_detach():
    """Half of DETACH ... CONCURRENTLY is committed: the rest follows."""
    connection = fresh("""-- migrate:revision a
-- migrate:revises base
-- migrate:up
CREATE TABLE p (i integer) PARTITION BY LIST (i);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
-- migrate:revision b
-- migrate:up
ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;
""")
    if int(one(connection, "SHOW server_version_num")) < 140000:
        return None
    ask(connection, "CALL migrate_run('a')")
    held = connect()
    ask(held, "BEGIN; SELECT * FROM p")
    call = Call("CALL migrate_run()")
    until("it is half detached", lambda: ask(
        connection, "SELECT 1 FROM pg_inherits WHERE inhdetachpending"))
    ask(connection, "SELECT pg_cancel_backend(%s)", call.pid)
    code = call.end()[0]
    ask(held, "COMMIT")
    ask(connection, "CALL migrate_run()")
    return (same("code", code, CANCELED)
            or same("partitions", ask(connection, "SELECT 1 FROM"
                                      " pg_inherits WHERE inhparent ="
                                      " 'p'::regclass"), [])
            or same("applied", one(connection, "SELECT count(*) FROM"
                                               " migrate_applied"), 2))


COMMITS = """-- migrate:revision a
-- migrate:revises base
-- migrate:up
CREATE TABLE log (x xid8);
CREATE PROCEDURE fill(batch integer) LANGUAGE plpgsql AS $$
BEGIN
  FOR k IN 0 .. 3 LOOP
    UPDATE t SET i = i + 10000 WHERE i BETWEEN k * batch + 1
      AND (k + 1) * batch;
    INSERT INTO log VALUES (pg_current_xact_id());
    COMMIT;
  END LOOP;
END $$;
CREATE TABLE p (i integer) PARTITION BY LIST (i);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE INDEX p_i ON p (i);
-- migrate:revision b
-- migrate:up transaction:false
SELECT 1;
CALL fill(250);
DO $$ BEGIN
  INSERT INTO p VALUES (1);
  COMMIT;
  INSERT INTO log VALUES (pg_current_xact_id());
  ROLLBACK;
END $$;
reindex TABLE p;
CLUSTER p USING p_i;
-- migrate:verify
DO $$ BEGIN PERFORM 1; END $$;
-- migrate:down
"""


def test_commits():
    """What may commit runs outside of a transaction: CALL, DO, and what
    partitioned tables need. One that is cut off runs again."""
    scripts = COMMITS
    connection = fresh(scripts)
    if int(one(connection, "SHOW server_version_num")) < 150000:
        scripts = scripts.replace("CLUSTER p USING p_i;\n", "")
        ask(connection, "SELECT migrate_add(%s)", scripts)
    ask(connection, "INSERT INTO t SELECT generate_series(1, 1000)")
    inside = failure(connection, "SELECT migrate_apply()")
    ask(connection, "CALL migrate_run('a')")
    held = connect()
    ask(held, "BEGIN; SELECT * FROM t WHERE i = 600 FOR UPDATE")
    call = Call("CALL migrate_run()")
    until("it is half done", lambda: one(
        connection, "SELECT count(*) FROM log") == 2 and ask(
            connection, "SELECT 1 FROM pg_stat_activity WHERE"
                        " backend_type = 'migrate' AND wait_event_type ="
                        " 'Lock'"))
    ask(connection, "SELECT pg_cancel_backend(%s)", call.pid)
    code = call.end()[0]
    rehearsed = ask(connection, "SELECT statement, note FROM"
                                " migrate_rehearse() WHERE line = 4 OR"
                                " line > 10 ORDER BY line")
    ask(held, "COMMIT")
    job = one(connection, "SELECT migrate_start()")
    ask(connection, "CALL migrate_wait(%s)", job)
    outside = "cannot be rehearsed: it runs outside of a transaction"
    wanted = [("CALL fill(250);"[:-1], outside), ("reindex TABLE p", outside),
              ("CLUSTER p USING p_i", outside),
              ("DO $$ BEGIN PERFORM 1; END $$", None)]
    if scripts != COMMITS:
        del wanted[2]
    return (same("inside", "says transaction:false" in inside[1], True)
            or same("code", code, CANCELED)
            or same("rehearsed", rehearsed, wanted)
            or same("rows", one(connection, "SELECT count(*) FROM t WHERE"
                                            " i > 10000"), 1000)
            or same("transactions", one(
                connection, "SELECT count(DISTINCT x) FROM log"), 6)
            or same("partitions", one(connection, "SELECT count(*) FROM p"),
                    1)
            or same("applied", one(connection, "SELECT count(*) FROM"
                                               " migrate_applied"), 2))


def test_half_reverted():
    """What is half reverted is no success for those who want it applied."""
    connection = fresh("""-- migrate:revision a
-- migrate:revises base
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
-- migrate:revision b
-- migrate:up
SELECT 2;
-- migrate:down transaction:false
INSERT INTO t VALUES (1);
DELETE FROM missing;
SELECT count(*) FROM t;
-- migrate:verify
SELECT true;
""")
    ask(connection, "CALL migrate_run()")
    revert = "CALL migrate_run('a', action => 'revert')"
    first = failure(connection, revert)[0]
    texts = [failure(connection, sql) for sql in (
        "CALL migrate_run()", "CALL migrate_run('b')",
        "SELECT migrate_apply()", "SELECT * FROM migrate_rehearse()",
        "SELECT * FROM migrate_rehearse('a', action => 'round trip')")]
    below = failure(connection, "CALL migrate_run('a')")[0]
    # The summary of the state is written anew, and says nothing of it.
    ask(connection, "UPDATE migrate_state SET value = '9'"
                    " WHERE name LIKE 'complete:%%'")
    texts.append(failure(connection, "CALL migrate_run('heads')"))
    # The rest of it can be rehearsed.
    ask(connection, "CREATE TABLE missing ()")
    rest = ask(connection, "SELECT line, rows FROM"
                           " migrate_rehearse('a', action => 'revert')")
    ask(connection, revert)
    ask(connection, "CALL migrate_run()")
    return (same("first", first, "42P01")
            or same("codes", [code for code, _ in texts],
                    ["55000"] * 4 + [None] + ["55000"])
            or same("text", all('revision "b" is half reverted' in text
                                for code, text in texts if code), True)
            or same("below", below, None)
            or same("rest", rest, [(6, 0), (7, 1)])
            or same("once", one(connection, "SELECT count(*) FROM t"), 1)
            or same("applied", one(connection, "SELECT count(*) FROM"
                                               " migrate_applied"), 2))


def test_freeze():
    """COPY with FREEZE wants its table made or truncated where it runs."""
    connection = fresh("""-- migrate:revision a
-- migrate:revises base
-- migrate:up
CREATE TABLE f (i integer);
COPY f FROM PROGRAM 'echo 1' WITH (FREEZE);
TRUNCATE f;
copy f FROM PROGRAM 'echo 2' (FORMAT csv, FREEZE true);
COPY f FROM PROGRAM 'echo 3';
""")
    code, text = failure(connection, "CALL migrate_run()")
    return text if code else same("rows", ask(
        connection, "SELECT i FROM f ORDER BY i"), [(2,), (3,)])


def test_idle():
    """Where there is nothing to do nobody waits for a run; but not inside
    of a block."""
    connection = fresh()
    ask(connection, "CALL migrate_run()")
    held = connect()
    ask(held, "BEGIN; SELECT * FROM t")
    call = Call("CALL migrate_run('b', action => 'revert')")
    until("it waits", lambda: ask(
        connection, "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND"
                    " wait_event_type = 'Lock'", call.pid))
    ask(connection, "SET statement_timeout = '20s'")
    codes = [failure(connection, sql)[0] for sql in (
        "CALL migrate_run()", "BEGIN; CALL migrate_run()", "ROLLBACK")]
    held.close()
    return (same("codes", codes, [None, "25001", None])
            or same("revert", call.end()[0], None)
            or same("applied", one(connection, "SELECT count(*) FROM"
                                               " migrate_applied"), 2))


def test_blocks():
    """Where a commit is not ours to make nothing runs."""
    connection = fresh()
    ask(connection, "CREATE PROCEDURE inner_run() LANGUAGE plpgsql AS"
                    " 'BEGIN CALL migrate_run(); END'")
    ask(connection, "CREATE FUNCTION definer() RETURNS bigint LANGUAGE sql"
                    " SECURITY DEFINER AS 'SELECT migrate_start()'")
    other = "owner_of_it"
    if not ask(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s",
               other):
        ask(connection, f"CREATE ROLE {other}")
    ask(connection, f"ALTER FUNCTION definer() OWNER TO {other}")
    codes = [failure(connection, sql)[0] for sql in (
        "BEGIN; CALL migrate_run()", "ROLLBACK; BEGIN; CALL inner_run()",
        "ROLLBACK", "CALL migrate_run(); SELECT 1", "SELECT definer()",
        "DO 'BEGIN BEGIN CALL migrate_run(); EXCEPTION WHEN"
        " no_data_found THEN NULL; END; END'")]
    nothing = ask(connection, STATE)
    ask(connection, "CALL inner_run()")
    return (same("codes", codes, ["25001", "25001", None, "25001", "42501",
                                  "25001"])
            or same("nothing", nothing, [(None, 0, None)])
            or same("state", ask(connection, STATE), DONE))


# ------------------------------------------------------------------- the jobs


def test_rolled_back():
    """A job begins when its transaction commits, or never."""
    connection = fresh()
    other = connect()
    ask(connection, "BEGIN")
    ask(connection, "SELECT migrate_start()")
    ask(connection, "ROLLBACK")
    until("its worker is gone", lambda: not ask(
        other, "SELECT 1 FROM pg_stat_activity WHERE backend_type ="
               " 'migrate'"))
    never = ask(connection, STATE)
    ask(connection, "BEGIN")
    job = one(connection, "SELECT migrate_start()")
    until("it waits for us", lambda: ask(
        other, "SELECT 1 FROM pg_stat_activity WHERE backend_type = 'migrate'"
               " AND wait_event = 'transactionid'"))
    ask(connection, "COMMIT")
    ask(connection, "CALL migrate_wait(%s)", job)
    return (same("never", never, [(None, 0, None)])
            or same("state", ask(connection, STATE), DONE)
            or same("jobs", ask(connection, "SELECT state FROM migrate_job"),
                    [("done",)]))


def test_leave():
    """The job goes on when its client leaves; it can be watched."""
    connection = fresh()
    held = reader()
    leaver = connect(application_name="leaver")
    job = one(leaver, "SELECT migrate_start()")
    leaver.close()
    worker = building(connection)
    seen = ask(connection, "SELECT state, revision, statement, statements,"
                           " line, percent, ended IS NULL, elapsed IS NOT"
                           " NULL, blocked_by FROM migrate_job"
                           " WHERE job = %s", job)[0]
    phase = one(connection, "SELECT phase FROM migrate_progress(%s)", worker)
    block = failure(connection, "BEGIN; CALL migrate_wait(1)")[0]
    ask(connection, "ROLLBACK")
    call = Call(f"CALL migrate_wait({job})")
    until("it is waited for", lambda: ask(
        connection, "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND"
                    " backend_xmin IS NULL AND wait_event = 'Extension'",
        call.pid))
    ask(held, "COMMIT")
    code = call.end()[0]
    gone(connection, worker)
    return (same("seen", seen[:5], ("running", "b", 1, 1, "CREATE INDEX"
                                    " CONCURRENTLY t_i ON t (i)"))
            or same("more", seen[6:8], (True, True))
            or same("phase", "waiting for" in phase, True)
            or same("blocker", f"process {held.get_backend_pid()}, role"
                    " postgres, idle in transaction" in seen[8], True)
            or same("in a block", block, "25001") or same("code", code, None)
            or same("state", ask(connection, STATE), DONE))


def test_numbers():
    """The statement's number counts from the revision's first, also where
    the run goes on in its middle."""
    connection = fresh("""-- migrate:revision a_revision_with_a_rather_long_name_of_50_bytes
-- migrate:revises base
-- migrate:up transaction:false
SET my.own = 1;
SELECT 1;
CREATE INDEX CONCURRENTLY t_i ON t (i);
SELECT pg_sleep(0);
-- migrate:verify
SELECT true FROM pg_advisory_xact_lock(7);
-- migrate:down transaction:false
SELECT 1;
SELECT 2 FROM pg_advisory_xact_lock(7);
""")
    held = reader()
    job = one(connection, "SELECT migrate_start()")
    watched = ("SELECT revision LIKE 'a\\_rev%%bytes', statement, statements,"
               " line FROM migrate_job WHERE job = %s")
    seen = []
    worker = building(connection)
    seen += ask(connection, watched, job)
    ask(connection, "SELECT migrate_cancel(%s)", job)
    gone(connection, worker)
    job = one(connection, "SELECT migrate_start()")
    worker = building(connection)
    seen += ask(connection, watched, job)
    ask(connection, "SELECT pg_advisory_lock(7)")
    ask(held, "COMMIT")
    waits = "SELECT 1 FROM pg_locks WHERE NOT granted AND objid = 7"
    until("it verifies", lambda: ask(connection, waits))
    seen += ask(connection, watched, job)
    ask(connection, "SELECT pg_advisory_unlock(7)")
    ask(connection, "CALL migrate_wait(%s)", job)
    ask(connection, "SELECT pg_advisory_lock(7)")
    job = one(connection, "SELECT migrate_start('base', action => 'revert')")
    until("it waits", lambda: ask(connection, waits))
    seen += ask(connection, watched, job)
    ask(connection, "SELECT pg_advisory_unlock(7)")
    ask(connection, "CALL migrate_wait(%s)", job)
    build = "CREATE INDEX CONCURRENTLY t_i ON t (i)"
    return same("seen", seen, [
        (True, 3, 5, build), (True, 3, 5, build),
        (True, 5, 5, "SELECT true FROM pg_advisory_xact_lock(7)"),
        (True, 2, 2, "SELECT 2 FROM pg_advisory_xact_lock(7)")])


def test_cancel():
    """migrate_cancel stops what runs and what waits; migrate_wait says so."""
    connection = fresh()
    for name in ("s1", "s2", "s3"):
        ask(connection, f"CREATE SCHEMA {name}")
        ask(connection, f"CREATE TABLE {name}.t (i integer)")
    held = reader()
    job = one(connection, "SELECT migrate_start('head', 's1, s2, s3')")
    building(connection)
    until("two are building", lambda: one(
        connection, "SELECT count(*) FROM pg_stat_activity WHERE wait_event ="
                    " 'virtualxid' AND backend_type = 'migrate'") == 2)
    before = job_state(connection, job)
    canceled = one(connection, "SELECT migrate_cancel(%s)", job)
    code = failure(connection, f"CALL migrate_wait({job})")[0]
    again = one(connection, "SELECT migrate_cancel(%s)", job)
    none = failure(connection, "SELECT migrate_cancel(77)")[0]
    after = job_state(connection, job)
    ask(held, "COMMIT")
    ask(connection, "CALL migrate_wait(%s)", one(
        connection, "SELECT migrate_start('head', 's%%')"))
    return (same("before", before, ["running", "running", "waiting"])
            or same("after", after, ["canceled"] * 3)
            or same("answers", (canceled, again, code, none),
                    (True, False, CANCELED, "42704"))
            or same("applied", one(connection, "SELECT count(*) FROM"
                                               " migrate_applied"), 9))


def test_schemas():
    """A schema that fails stops only itself; canaries go first."""
    connection = fresh()
    for i in range(6):
        ask(connection, f"CREATE SCHEMA tenant_{i}")
        ask(connection, f"CREATE TABLE tenant_{i}.t (i integer)")
    ask(connection, "CREATE SCHEMA tenantx; ALTER TABLE tenant_3.t ADD c"
                    " integer")
    job = one(connection, "SELECT migrate_start('head', 'tenant_%%')")
    code, text = failure(connection, f"CALL migrate_wait({job})")
    states = job_state(connection, job)
    place = one(connection, "SELECT error FROM migrate_job WHERE state ="
                            " 'failed'")
    ask(connection, "INSERT INTO migrate_setting VALUES ('job_canary', '1')")
    ask(connection, "ALTER TABLE tenant_3.t DROP c")
    ask(connection, "DELETE FROM migrate_applied; UPDATE migrate_state SET"
                    " value = '0' WHERE name LIKE 'complete:%%'")
    second = one(connection, "SELECT migrate_start('head', 'tenant_0,"
                             " tenant_1 tenant_2')")
    failure(connection, f"CALL migrate_wait({second})")
    nobody = failure(connection, "SELECT migrate_start('head', 'nobody_%')")
    return (same("code", code, "42701")
            or same("schema", 'in schema "tenant_3"' in text, True)
            or same("states", states, ["done"] * 3 + ["failed"]
                    + ["done"] * 2)
            or same("place", place.splitlines()[-1], 'revision "c", line 4;'
                    ' the revisions before it are committed')
            or same("after the canary", job_state(connection, second),
                    ["failed", "skipped", "skipped"])
            or same("nobody", nobody[0], "3F000"))


# ------------------------------------------------------------- the lock guard


def test_guard():
    """A statement that does not get its lock gives way, says to whom, and is
    tried again; others are not kept waiting behind it."""
    connection = fresh()
    ask(connection, "INSERT INTO migrate_setting VALUES ('lock_timeout',"
                    " '40ms'), ('lock_backoff', '10ms'),"
                    " ('lock_tries', '1000')")
    held = connect(application_name="the blocker")
    ask(held, "BEGIN")
    ask(held, "SELECT count(*) FROM t")
    ask(held, "LOCK TABLE t IN ACCESS SHARE MODE")
    call = Call("CALL migrate_run('c')", application_name="runner")
    until("it gives way", lambda: ask(
        connection, "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND"
                    " wait_event = 'Extension'", call.pid))
    ask(connection, "SELECT count(*) FROM t")  # is not stuck behind it
    ask(held, "COMMIT")
    code, _, notices = call.end()
    logged = one(connection, "SELECT detail FROM migrate_log WHERE action ="
                             " 'wait' LIMIT 1")
    told = (f"Process {held.get_backend_pid()}, role postgres, application"
            " 'the blocker', idle in transaction for ")
    return (same("code", code, None)
            or same("notice", told in notices, True)
            or same("log", told in logged, True)
            or same("state", ask(connection, STATE), DONE))


def test_guard_ends():
    """After so many tries the error names the blocker; what was committed
    stays; the session's own lock_timeout rules migrate_apply."""
    connection = fresh(SLOW.replace(" transaction:false", "")
                       .replace(" CONCURRENTLY", ""))
    ask(connection, "INSERT INTO migrate_setting VALUES ('lock_timeout',"
                    " '40ms'), ('lock_backoff', '1ms'), ('lock_tries', '3')")
    held = connect(application_name="the blocker")
    ask(held, "BEGIN")
    ask(held, "LOCK TABLE t IN ROW SHARE MODE")
    code, text = failure(connection, "CALL migrate_run('c')")
    ask(connection, "SET lock_timeout = '20ms'")
    other = failure(connection, "SELECT migrate_apply('c')")
    state = ask(connection, STATE)
    ask(held, "COMMIT")
    ask(connection, "INSERT INTO migrate_setting VALUES ('job_workers', 'x')")
    setting = failure(connection, "SELECT migrate_start()")[0]
    ask(connection, "CALL migrate_run('c')")
    return (same("code", (code, other[0]), (NO_LOCK, NO_LOCK))
            or same("error", [word for word in (
                "tried 3 times", "application 'the blocker'", "line 4")
                if word not in text], [])
            or same("apply", "tried" in other[1], False)
            or same("after it", state, [("a b", 1000, True)])
            or same("setting", setting, "22023")
            or same("state", ask(connection, STATE), DONE))


# ------------------------------------- the lock guard outside of transactions


ALONE = """-- migrate:revision a
-- migrate:revises base
-- migrate:up
INSERT INTO t SELECT i FROM generate_series(1, 1000) AS i;
CREATE INDEX t_i ON t (i);
-- migrate:revision b
-- migrate:revises a
-- migrate:up transaction:false
{}
-- migrate:revision c
-- migrate:revises b
-- migrate:up
ALTER TABLE t ADD COLUMN c integer;
"""
# Another try may have met somebody else, or nobody who is still there.
WAITED = ("SELECT count(*) > 0, bool_and(revision = 'b'), bool_or(detail ~"
          " %s) FROM migrate_log WHERE action = 'wait'")


def guarded(statement, **settings):
    """Before revision b, whose statement is to wait for locks."""
    connection = fresh(ALONE.format(statement))
    ask(connection, "CALL migrate_run('a')")
    limit(connection, **settings)
    return connection


def limit(connection, timeout="40ms", backoff="10ms", tries="100000"):
    ask(connection, "INSERT INTO migrate_setting VALUES ('lock_timeout', %s),"
                    " ('lock_backoff', %s), ('lock_tries', %s) ON CONFLICT"
                    " (name) DO UPDATE SET value = EXCLUDED.value",
        timeout, backoff, tries)


def holder(mode="ACCESS SHARE", table="t"):
    connection = connect(application_name="the blocker")
    ask(connection, f"BEGIN; LOCK TABLE {table} IN {mode} MODE")
    return connection


def told(held, start="Process"):
    return (f"{start} {held.get_backend_pid()}, role postgres, application"
            " 'the blocker', idle in transaction for ")


def pausing(connection):
    """The process that pauses between two tries. It has no transaction, no
    snapshot, no lock that anybody could wait for."""
    return until("it pauses", lambda: ask(
        connection, "SELECT pid FROM pg_stat_activity AS a WHERE backend_type"
                    " = 'migrate' AND query LIKE '-- migrate: gave way%%' AND"
                    " wait_event = 'Extension' AND xact_start IS NULL AND"
                    " backend_xmin IS NULL AND NOT EXISTS (SELECT 1 FROM"
                    " pg_locks AS l WHERE l.pid = a.pid AND locktype <>"
                    " 'object')"))[0][0]


def queued(connection, mode="AccessExclusiveLock"):
    until("it waits for its lock", lambda: ask(
        connection, "SELECT 1 FROM pg_locks WHERE NOT granted AND mode = %s",
        mode))


def waits_long(connection):
    """For the end of a transaction, ten times as long as a lock."""
    return until("it has waited for long", lambda: ask(
        connection, "SELECT pid FROM pg_stat_activity WHERE wait_event ="
                    " 'virtualxid' AND backend_type = 'migrate' AND"
                    " clock_timestamp() - xact_start > '400ms'"))[0][0]


def run_as_job(connection):
    """As Call, by a job: its error and what the server would have said."""
    job = one(connection, "SELECT migrate_start()")
    code, text = failure(connection, f"CALL migrate_wait({job})")
    return code, text or ""


def test_guard_alone():
    """A statement outside of a transaction gives way, too: those behind it
    get their locks while it is tried again."""
    for statement, mode in (("VACUUM FULL t", "AccessExclusiveLock"),
                            ("REINDEX TABLE t", "ShareLock"),
                            ("CLUSTER t USING t_i", "AccessExclusiveLock"),
                            ("DO 'BEGIN LOCK TABLE t; END'",
                             "AccessExclusiveLock")):
        connection = guarded(statement + ";", timeout="300ms")
        held = holder("ROW EXCLUSIVE")
        call = Call("CALL migrate_run()")
        queued(connection, mode)
        ask(connection, "INSERT INTO t VALUES (1)")  # behind it for a while
        pausing(connection)
        ask(held, "COMMIT")
        code, text, notices = call.end()
        logged = ask(connection, WAITED, told(held))
        wrong = (text if code else same("notice", told(held) in notices, True)
                 or same("cut off", "cut off" in notices, False)
                 or same("log", logged, [(True, True, True)])
                 or same("applied", one(connection, "SELECT count(*) FROM"
                                        " migrate_applied"), 3))
        if wrong:
            return f"{statement}: {wrong}"
    return None


def test_guard_job():
    """A job likewise. Its row says for whom; no other run comes between."""
    connection = guarded("VACUUM FULL t;")
    held = holder()
    job = one(connection, "SELECT migrate_start()")
    pausing(connection)
    line, phase, blocker = until("its row says so", lambda: ask(
        connection, "SELECT line, phase, blocked_by FROM migrate_job WHERE"
                    " job = %s AND phase LIKE 'gave way to others%%'", job))[0]
    ask(connection, "SELECT count(*) FROM t")
    other = connect(options="-c statement_timeout=20s")
    ask(other, "SET lock_timeout = '1ms'")
    codes = set()
    for _ in range(20):
        codes |= {failure(other, sql)[0] for sql in (
            "CALL migrate_run()", "SELECT migrate_apply()")}
    ask(held, "COMMIT")
    ask(connection, "CALL migrate_wait(%s)", job)
    return (same("line", line, "VACUUM FULL t")
            or same("blocker", told(held, "process") in blocker, True)
            or same("phase", ", trying again in " in phase, True)
            or same("others", codes, {NO_LOCK})
            or same("log", ask(connection, WAITED, told(held)),
                    [(True, True, True)])
            or same("job", job_state(connection, job), ["done"])
            or same("lock", ask(connection, "SELECT 1 FROM pg_locks WHERE"
                                " locktype = 'object'"), []))


def test_guard_discard():
    """A script that releases all advisory locks does not let others in."""
    connection = guarded("DISCARD ALL;\nVACUUM FULL t;")
    held = holder()
    job = one(connection, "SELECT migrate_start()")
    pausing(connection)
    code = failure(connection, "SELECT migrate_apply()")[0]
    ask(held, "COMMIT")
    until("it is done", lambda: one(
        connection, "SELECT count(*) FROM migrate_applied") == 3)
    until("its process has ended", lambda: not ask(
        connection, "SELECT 1 FROM pg_stat_activity WHERE backend_type ="
                    " 'migrate'"))
    return (same("code", code, NO_LOCK)
            or same("job", job_state(connection, job), ["done"]))


def test_guard_alone_ends():
    """After so many tries the error names the blocker. What was done before
    stays, and the next run goes on."""
    for job in (False, True):
        connection = guarded("CREATE TABLE u ();\nVACUUM FULL t;",
                             timeout="20ms", backoff="1ms", tries="3")
        held = holder()
        code, text = (run_as_job(connection) if job else
                      failure(connection, "CALL migrate_run()"))
        at = ask(connection, "SELECT number, finished_at IS NULL FROM"
                             " migrate_partial WHERE revision = 'b' ORDER BY 1")
        ask(held, "COMMIT")
        ask(connection, "CALL migrate_run()")
        wrong = (same("code", code, NO_LOCK)
                 or same("error", [word for word in (
                     "due to lock timeout", "It was tried 3 times. In the way"
                     " was:", told(held), "lock_tries", "line 5")
                     if word not in text], [])
                 or same("after it", at, [(1, False), (2, True)])
                 or same("applied", one(connection, "SELECT count(*) FROM"
                                        " migrate_applied"), 3))
        if wrong:
            return f"job {job}: {wrong}"
    return None


def test_guard_schemas():
    """A schema whose tries are over is free for others while its job goes on
    with the next one."""
    connection = fresh(SLOW)
    limit(connection, timeout="20ms", backoff="1ms", tries="2")
    ask(connection, "INSERT INTO migrate_setting VALUES ('job_workers', '1')")
    for name in ("s1", "s2"):
        ask(connection, f"CREATE SCHEMA {name}; CREATE TABLE {name}.t"
                        " (i integer)")
    held = holder("SHARE UPDATE EXCLUSIVE", "s1.t")
    behind = reader("s2.t")
    job = one(connection, "SELECT migrate_start('head', 's1, s2')")
    building(connection)
    held.close()
    ask(connection, "SET lock_timeout = '5s'")
    call = Call("CALL migrate_run('head', 's1')")
    until("it builds, too", lambda: one(
        connection, "SELECT count(*) FROM pg_stat_activity WHERE wait_event ="
                    " 'virtualxid'") == 2)
    behind.close()
    code, text, _ = call.end()
    failure(connection, f"CALL migrate_wait({job})")
    return text if code else same("states", job_state(connection, job),
                                  ["failed", "done"])


PATIENT = {
    "CREATE INDEX CONCURRENTLY t_j ON t (i);": "t_j",
    "DROP INDEX CONCURRENTLY t_i;": None,
    "REINDEX INDEX CONCURRENTLY t_i;": None,
    "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;": None,
}


def test_guard_patient():
    """What only waits for old transactions is left alone: nobody queues
    behind it, and a long scan would be lost."""
    for statement, index in PATIENT.items():
        for sql in ("CALL migrate_run()", "CALL migrate_wait(%s)"):
            connection = guarded(statement)
            partitions(connection)
            if "DETACH" in statement and connection.server_version < 140000:
                continue
            held = reader("p, t" if "DETACH" in statement else "t")
            if "%s" in sql:
                sql = sql % one(connection, "SELECT migrate_start()")
            call = Call(sql)
            worker = waits_long(connection)
            ask(connection, "INSERT INTO t VALUES (1)")
            before = one(connection, "SELECT to_regclass(%s)::oid", index)
            ask(held, "COMMIT")
            code, text, notices = call.end()
            wrong = (text if code else same("gave way", "gave way" in notices
                                            or ask(connection, WAITED, "")
                                            != [(False, None, None)], False)
                     or same("built", one(connection, "SELECT to_regclass(%s)"
                                          "::oid", index), before)
                     or same("broken", ask(connection, "SELECT 1 FROM pg_index"
                                           " WHERE NOT indisvalid"), []))
            if wrong:
                return f"{sql}: {statement} {wrong}, process {worker}"
    return None


def partitions(connection):
    ask(connection, "CREATE TABLE p (i integer) PARTITION BY LIST (i);"
                    "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)")


def test_guard_concurrent():
    """But at a table's lock they give way; nothing of theirs is there by
    then."""
    for statement in ("CREATE INDEX CONCURRENTLY t_j ON t (i);",
                      "DROP INDEX CONCURRENTLY t_i;",
                      "REINDEX TABLE CONCURRENTLY t;"):
        connection = guarded(statement, timeout="300ms")
        held = holder("SHARE UPDATE EXCLUSIVE")
        call = Call("CALL migrate_run()")
        queued(connection, "ShareUpdateExclusiveLock")
        # Behind it for a while.
        ask(connection, "BEGIN; LOCK TABLE t IN ROW SHARE MODE; COMMIT")
        pausing(connection)
        ask(held, "COMMIT")
        code, text, notices = call.end()
        wrong = (text if code else same("notice", told(held) in notices, True)
                 or same("cut off", "cut off" in notices, False)
                 or same("broken", ask(connection, "SELECT 1 FROM pg_index"
                                       " WHERE NOT indisvalid"), []))
        if wrong:
            return f"{statement} {wrong}"
    return None


def test_guard_remains():
    """A try that left something behind: the next one clears it away."""
    connection = guarded("CREATE INDEX CONCURRENTLY t_j ON t (i);")
    writer = connect()
    ask(writer, "BEGIN; INSERT INTO t VALUES (7)")
    call = Call("CALL migrate_run()", options="-c deadlock_timeout=10ms")
    building(connection)
    held = connect(application_name="the blocker",
                   options="-c deadlock_timeout=1h")
    ask(held, "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM pg_class")
    # It waits for the build, which is to wait for its snapshot next.
    thread = threading.Thread(target=ask, args=[
        held, "LOCK TABLE t IN SHARE MODE"])
    thread.start()
    queued(connection, "ShareLock")
    ask(writer, "COMMIT")
    thread.join(PATIENCE)
    pausing(connection)
    ask(held, "COMMIT")
    code, text, notices = call.end()
    return text if code else (
        same("notices", [word for word in (
            told(held), "cut off: DROP INDEX CONCURRENTLY IF EXISTS"
                        " public.t_j") if word not in notices], [])
        or same("indexes", [row[:2] for row in indexes(connection)],
                [("t_i", True), ("t_j", True)]))


DEADLOCK = """DO $$ BEGIN
  INSERT INTO log VALUES (1);
  LOCK TABLE t IN ROW EXCLUSIVE MODE;
  PERFORM pg_advisory_xact_lock(7);
  LOCK TABLE u;
END $$;"""


def test_guard_deadlock():
    """A deadlock is a reason to try again."""
    connection = guarded(DEADLOCK, timeout="1h")
    ask(connection, "CREATE TABLE u (); CREATE TABLE log (i integer);"
                    "SELECT pg_advisory_lock(7)")
    held = connect(application_name="the blocker",
                   options="-c deadlock_timeout=1h")
    ask(held, "BEGIN; LOCK TABLE u IN ACCESS SHARE MODE")
    call = Call("CALL migrate_run()", options="-c deadlock_timeout=10ms")
    queued(connection, "ExclusiveLock")
    thread = threading.Thread(target=ask, args=[held, "LOCK TABLE t"])
    thread.start()
    queued(connection)
    ask(connection, "SELECT pg_advisory_unlock(7)")
    thread.join(PATIENCE)
    ask(held, "COMMIT")
    code, text, notices = call.end()
    return text if code else (
        same("notice", "gave way" in notices, True)
        or same("log", ask(connection, "SELECT * FROM log"), [(1,)]))


def test_guard_commits():
    """What has committed a part of its work is not begun anew behind its
    back; what has not is."""
    connection = guarded("DO $$ BEGIN\n  INSERT INTO log VALUES (1);\n  {}\n"
                         "  LOCK TABLE t;\n  INSERT INTO log VALUES (2);\n"
                         "END $$;".format("COMMIT;"))
    ask(connection, "CREATE TABLE log (i integer)")
    held = holder()
    ends = [failure(connection, "CALL migrate_run()"), run_as_job(connection)]
    waits = ask(connection, WAITED, "")
    rows = ask(connection, "SELECT i, count(*) FROM log GROUP BY i")
    ask(held, "COMMIT")
    ask(connection, "CALL migrate_run()")
    words = ["It was not tried again: part of its work is committed. In the"
             " way was:", told(held), "SET lock_timeout = 0", "line 4"]
    return (same("codes", [end[0] for end in ends], [NO_LOCK] * 2)
            or same("error", [word for word in words
                              if word not in ends[0][1]], [])
            or same("job", [word for word in words
                            if word not in ends[1][1]], [])
            or same("waits", waits, [(False, None, None)])
            or same("rows", rows, [(1, 2)])
            or same("applied", one(connection, "SELECT count(*) FROM"
                                               " migrate_applied"), 3))


def test_guard_detach():
    """Half of DETACH ... CONCURRENTLY is committed, then it gives way at the
    partition's lock: FINALIZE is tried then. That one keeps readers out, so
    it does not wait for old transactions for long either."""
    connection = guarded("ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;")
    if connection.server_version < 140000:
        return None
    partitions(connection)
    held = holder("ACCESS SHARE", "p1")
    call = Call("CALL migrate_run()")
    until("it is half detached", lambda: ask(
        connection, "SELECT 1 FROM pg_inherits WHERE inhdetachpending"))
    pausing(connection)
    ask(connection, "SELECT * FROM p1")
    old = reader()
    ask(held, "COMMIT")
    until("it waits for a transaction", lambda: ask(
        connection, "SELECT 1 FROM pg_stat_activity WHERE wait_event ="
                    " 'virtualxid' AND backend_type = 'migrate'"))
    ask(connection, "SELECT * FROM p1")
    ask(old, "COMMIT")
    code, text, notices = call.end()
    return text if code else (
        same("FINALIZE", notices.count("DETACH PARTITION public.p1 FINALIZE")
             > 1, True)
        or same("partitions", ask(connection, "SELECT 1 FROM pg_inherits WHERE"
                               " inhparent = 'p'::regclass"), [])
        or same("applied", one(connection, "SELECT count(*) FROM"
                                           " migrate_applied"), 3))


def test_guard_own():
    """A time-out of the session or the script goes before the setting. One
    that ends the wait for old transactions is not tried again, which would
    lose a scan each time."""
    connection = guarded(
        "CREATE TABLE seen (s text);\n" + 2 * (
            "DO $$ BEGIN INSERT INTO seen VALUES (current_setting("
            "'lock_timeout')); END $$;\nSET lock_timeout = '7s';\n")
        + "VACUUM seen;\nSET lock_timeout = 0;\nDO $$ BEGIN INSERT INTO seen"
          " VALUES (current_setting('lock_timeout')); END $$;")
    ask(connection, "CALL migrate_run()")
    seen = [row[0] for row in ask(connection, "SELECT s FROM seen")]
    connection = guarded("CREATE INDEX CONCURRENTLY t_j ON t (i);\n"
                         "VACUUM FULL u;", timeout="1h", tries="2")
    ask(connection, "CREATE TABLE u ()")
    held = reader()
    ask(connection, "SET lock_timeout = '30ms'")
    first = failure(connection, "CALL migrate_run()")
    valid = ("SELECT indisvalid FROM pg_index WHERE indexrelid ="
             " 't_j'::regclass")
    broken = one(connection, valid)
    ask(held, "COMMIT; BEGIN; LOCK TABLE u IN ACCESS SHARE MODE")
    second = failure(connection, "CALL migrate_run()")
    mended = one(connection, valid)
    ask(held, "COMMIT")
    ask(connection, "CALL migrate_run()")
    return (same("seen", seen, ["40ms", "7s", "0"])
            or same("first", [word for word in (
                "It was not tried again: it waited for other transactions",
                "SET lock_timeout = 0") if word not in first[1]], [])
            or same("second", (second[0], "tried 2 times" in second[1]),
                    (NO_LOCK, True))
            or same("index", (broken, mended), (False, True)))


def test_guard_off():
    """lock_tries = 0: no time-out and no other try."""
    connection = guarded("DO $$ BEGIN LOCK TABLE t; CREATE TABLE seen AS"
                         " SELECT current_setting('lock_timeout') AS s;"
                         " END $$;", tries="0")
    held = holder()
    call = Call("CALL migrate_run()")
    queued(connection)
    ask(held, "COMMIT")
    code, text, notices = call.end()
    ask(connection, "SET lock_timeout = '1ms'")
    return text if code else (
        same("gave way", "gave way" in notices, False)
        or same("setting", one(connection, "SELECT s FROM seen"), "0"))


def test_guard_cancel():
    """During the pause whatever ends the run ends it at once."""
    connection = guarded("VACUUM FULL t;", timeout="10ms", backoff="1h")
    held = holder()
    codes = []
    for sql in ("SELECT pg_cancel_backend({0})",
                "SELECT pg_terminate_backend({0})",
                "SELECT pg_cancel_backend({1})",
                "SELECT pg_terminate_backend({1})"):
        call = Call("CALL migrate_run()")
        worker = pausing(connection)
        ask(connection, sql.format(call.pid, worker))
        codes.append(call.end()[0])
        gone(connection, worker)
    job = one(connection, "SELECT migrate_start()")
    worker = pausing(connection)
    ask(connection, "SELECT migrate_cancel(%s)", job)
    gone(connection, worker)
    states = job_state(connection, job)
    job = one(connection, "SELECT migrate_start()")
    pausing(connection)
    server("stop", "fast")
    server("start")
    connection = until("the server is there", attempt)
    states += job_state(connection, job)
    limit(connection)
    ask(connection, "CALL migrate_run()")
    held.close()
    return (same("codes", codes, [CANCELED, None, CANCELED, "57P01"])
            or same("jobs", states, ["canceled", "interrupted"])
            or same("applied", one(connection, "SELECT count(*) FROM"
                                               " migrate_applied"), 3))


# ---------------------------------------------------- the server and the rest


def test_shutdown():
    """A job that the server's end cut off is shown as interrupted, and the
    next run completes."""
    for mode in ("smart", "fast", "immediate"):
        connection = fresh()
        held = reader()
        job = one(connection, "SELECT migrate_start()")
        building(connection)
        if mode == "smart":  # it waits for clients, then ends the job
            held.close()
            held = connect()
            ask(held, "SELECT 1")
            connection.close()
            held.close()
        server("stop", mode)
        server("start")
        connection = until("the server is there", attempt)
        state = job_state(connection, job)[0]
        code = failure(connection, f"CALL migrate_wait({job})")[0]
        ask(connection, "CALL migrate_run()")
        wrong = same("state", ask(connection, STATE), DONE)
        if mode != "smart":
            wrong = (wrong or same("job", state, "interrupted")
                     or same("code", code, "57000"))
        if wrong:
            return f"{mode}: {wrong}"
    return None


def test_kill():
    """kill -9 of the worker: the server starts again; the job is shown as
    interrupted."""
    connection = fresh()
    held = reader()
    job = one(connection, "SELECT migrate_start()")
    os.kill(building(connection), signal.SIGKILL)
    until("the server has noticed",
          lambda: failure(connection, "SELECT 1")[1])
    connection = until("the server is there", attempt)
    held.close()
    state = job_state(connection, job)
    ask(connection, "CALL migrate_run()")
    return (same("job", state, ["interrupted"])
            or same("state", ask(connection, STATE), DONE))


def test_drop():
    """DROP EXTENSION during a run ends it; DROP DATABASE refuses, with FORCE
    it ends the job."""
    connection = fresh()
    held = reader()
    call = Call("CALL migrate_run()")
    building(connection)
    ask(connection, "DROP EXTENSION migrate")
    ask(held, "COMMIT")
    code, text, _ = call.end()
    ask(connection, "DROP DATABASE IF EXISTS other")
    ask(connection, "CREATE DATABASE other")
    other = connect(dbname="other")
    ask(other, "CREATE EXTENSION migrate")
    ask(other, "CREATE TABLE t (i integer)")
    ask(other, "SELECT migrate_add(%s)", SLOW)
    ask(other, "BEGIN; LOCK TABLE t")
    starter = connect(dbname="other")
    ask(starter, "SELECT migrate_start()")
    starter.close()
    until("it waits", lambda: ask(
        connection, "SELECT 1 FROM pg_stat_activity WHERE datname = 'other'"
                    " AND backend_type = 'migrate'"
                    " AND wait_event_type = 'Lock'"))
    refused = failure(connection, "DROP DATABASE other")[0]
    forced = failure(connection, "DROP DATABASE other WITH (FORCE)")[0]
    return (same("dropped", (code, "was dropped" in text), ("55000", True))
            or same("DROP DATABASE", (refused, forced), ("55006", None)))


def test_read_only():
    """Read-only sessions are refused before anything runs."""
    connection = fresh()
    ask(connection, "SET default_transaction_read_only = on")
    codes = [failure(connection, sql)[0] for sql in (
        "CALL migrate_run()", "SELECT migrate_start()",
        "SELECT migrate_cancel(1)")]
    ask(connection, "BEGIN READ WRITE")
    job = one(connection, "SELECT migrate_start()")
    ask(connection, "COMMIT")
    code = failure(connection, f"CALL migrate_wait({job})")[0]
    return (same("codes", codes + [code], ["25006"] * 4)
            or same("job", job_state(connection, job), ["failed"]))


def main():
    os.environ["PGOPTIONS"] = ""
    server("start", "max_connections = 60", "max_worker_processes = 8")
    try:
        for key, test in list(globals().items()):
            if not key.startswith("test_") or ONLY not in ("", key[5:], None):
                continue
            name = "runs-" + key[5:].replace("_", "-")
            try:
                wrong = test()
            except (psycopg2.Error, TimeoutError, IndexError) as error:
                wrong = repr(error)
            print(f"not ok {name} - {wrong}" if wrong else f"ok {name}",
                  flush=True)
            for line in str(wrong).splitlines()[1:] if wrong else []:
                print(f"    {line}")
    finally:
        server("stop", "immediate")


main()
