#!/usr/bin/env python3
"""judge.py - PostgreSQL itself says whether migrate_type_check is right.

For each declared type a table in SQLite gets values of every kind: a list of
known traps, and changes of them by chance (the seed is fixed). Then

    a value without a problem, or that PostgreSQL "changes", must be taken
    a value that PostgreSQL "refuses" must be refused
    what it "may refuse" may be either

by the table that migrate_types() proposes. Keys likewise: rows that the check
calls duplicates are those that a unique index of PostgreSQL refuses.
"""
import os
import random
import re
import sqlite3
import subprocess
import sys

SEED = int(os.environ.get("SEED", "1"))
CHANGES = int(os.environ.get("CHANGES", "150"))

BIG = 2 ** 63 - 1
DATES = [
    "2026-01-29", "2026-1-9", "2026-02-29", "2024-02-29", "1900-02-29",
    "2000-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "2026-01-32",
    "0000-01-01", "0001-01-01", "9999-12-31", "12345-01-01", "20260129",
    "20261329", "26-01-29", "x", "", " ", "today", "now", "infinity",
    "-infinity", "Infinity", "epoch", "0044-03-15 BC", "2026-01-29 00:00:00",
    "2026-01-29 04:56:46", "2026-01-29T04:56:46", "2026-01-29T04:56:46Z",
    "2026-01-29 04:56:46.123456", "2026-01-29 04:56:46.1234567",
    "2026-01-29 04:56", "2026-01-29 24:00:00", "2026-01-29 24:00:01",
    "2026-01-29 25:00", "2026-01-29 04:60", "2026-01-29 04:56:60",
    "2026-01-29 04:56:61", "2026-01-29 04:56:46+02", "2026-01-29 04:56:46+0230",
    "2026-01-29 04:56:46+02:30", "2026-01-29 04:56:46 -07:00",
    "2026-01-29 04:56:46+16", "2026-01-29 04:56:46+15:60",
    "2026-01-29 04:56:46 UTC", "2026-01-29 04:56:46 nowhere", "Jan 29 2026",
    "29/01/2026", "01/29/2026", "2026.029", "2026-01-29 4:5:6",
    "2026-01-29 04:56:46 PM", "  2026-01-29  ", "294276-12-31 00:00:00",
    "294277-01-01 00:00:00", "5874897-12-31", "5874898-01-01",
    "4714-11-24 BC", "4714-11-23 BC", "4713-01-01 BC", "1-1-1", "é",
    1700000000, 1700000000.5, 0, b"2026-01-29", "2026-01-29\0", "1e5",
]
TIMES = [
    "04:56:46", "4:56", "24:00:00", "24:00:01", "23:59:60", "23:60", "04:56:46.5",
    "04:56:46Z", "04:56:46+02", "noon", "", "allballs", "now", "infinity",
    "04:56 PM", "045646", "04", "2026-01-29 04:56:46", 1200, 0.5, "-04:00",
]
NUMBERS = [
    0, 1, -1, 32767, 32768, -32768, -32769, 2 ** 31 - 1, 2 ** 31, -2 ** 31,
    -2 ** 31 - 1, BIG, -BIG - 1, 1.5, 0.5, -0.0, 1e18, 1e19, 1e20, 1e300, 1e-300,
    0.1, 1 / 3, 99.994, 99.995, 99.996, 999.994, 999.995, 9999.995, 123.456,
    float("inf"), float("-inf"), "", " ", "x", "12", "1.5", " 7 ", "1e2", "1e",
    "0x1G", "1 2", "--1", "+5", ".5", "5.", ".", "-", "1,000", "NaN", "nan",
    "Infinity", "-inf", "1e400", "-1e400", "1e-400", "9" * 30, b"1", b"", "1\0",
    3.4028235e38, 3.5e38, 1e-46, 1.5e-45, 123456.7,
]
TEXTS = [
    "", "a", "abcde", "abcdef", "abcde     ", "abcde    f", "äöüß€", "äöüß€x",
    "\U0001f600" * 5, "a\0", "\0", b"abc", b"\xff", 1, 12345678, 1.5, "\\x41",
    "a\\b", "NULL", "x" * 300,
]
BOOLEANS = [
    0, 1, 2, -1, 0.5, 1.0, "t", "f", "T", "tr", "true", "TRUE", "falsE", "yes",
    "y", "no", "n", "on", "of", "off", "o", "1", "0", "2", "", " true ", "ja",
    "truex", b"1",
]
JSON = [
    "{}", "[]", "null", "true", "1", "-1", "01", "1.", ".5", "1e5", "1e+5",
    "1e", '"a"', "'a'", '"', '"\\u0041"', '"\\u0000"', '"\\ud83d\\ude00"',
    '"\\ud83d"', '"\\ude00"', '"\\ud83d\\u0041"', '"\\x"', '"\t"',
    '{"a":1,"b":[1,2,{"c":null}]}', '{"a":1,}', '{"a"}', "{a:1}", '{"a":}',
    "[1,]", "[,1]", "[1 2]", "[1]]", "[[1]", "{} {}", "", " ", " [ 1 , 2 ] ",
    "nul", "nullx", "True", "NaN", "Infinity", '{"a":1}}', '[{]}', 5, 1.5,
    b"{}", '"a\0"', "[" * 1000 + "]" * 1000, '"\\/\\b\\f\\n\\r\\t\\\\\\""',
]
UUIDS = [
    "abcdef00-1111-2222-3333-444444444444",
    "ABCDEF00-1111-2222-3333-444444444444", "abcdef00111122223333444444444444",
    "{abcdef00-1111-2222-3333-444444444444}",
    "{abcdef00111122223333444444444444}", "abcd-ef00-1111-2222-3333-4444-4444-4444",
    "abcdef00-1111-2222-3333-44444444444", "abcdef00-1111-2222-3333-4444444444445",
    "abcdef0-01111-2222-3333-444444444444", "gbcdef00-1111-2222-3333-444444444444",
    "abcdef00--1111-2222-3333-44444444444", " abcdef00-1111-2222-3333-444444444444",
    "abcdef00-1111-2222-3333-444444444444-", "", "{}", "{abcdef00111122223333444444444444",
    12, 1.5, b"\xab" * 16,
]
BYTES = ["", "abc", "a\\b", "\\x4142", "\\x4", "\\\\", "\\101", 5, 1.5, b"", b"\0\xff",
         "é", "a\0"]
ADDRESSES = [
    "10.1.2.3", "10.1.2.3/8", "10.0.0.0/8", "10.1.2.256", "10.1.2", "10.1.2.3/33",
    "::1", "::", "fe80::1/64", "fe80::/10", "2001:db8::1", "2001:db8:::1", "1:2:3:4:5:6:7:8",
    "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "::ffff:10.1.2.3", "12345::", "x", "", "10.1.2.3/",
    "08:00:2b:01:02:03", "08-00-2b-01-02-03", "08002b:010203", "08002b-010203",
    "0800.2b01.0203", "0800-2b01-0203", "08002b010203", "08:00:2b:01:02", "08:00-2b:01:02:03",
    "08:00:2b:01:02:0g", "1::2:3:4:5:6:7:8", "1::2:3:4:5:6:7", "::2:3:4:5:6:7:8",
    "1:2:3:4:5:6:7::", "1:", ":1",
]
INTERVALS = [
    "1 day", "2 days 03:04:05", "P1DT2H", "P1Y2M3D", "PT0.5S", "1 year 2 mons", "-3 hours",
    "3 hours ago", "1.5 weeks", "04:05", "5", 5, 1.5, "x", "", "1 fortnight", "P", "1 1 1",
    "1h30m", "@ 1 minute", "P1X",
]

TYPES = [
    ("INTEGER", NUMBERS), ("SMALLINT", NUMBERS), ("MEDIUMINT", NUMBERS),
    ("BIGINT", NUMBERS), ("int4", NUMBERS), ("NUMERIC", NUMBERS),
    ("NUMERIC(5,2)", NUMBERS), ("DECIMAL(10)", NUMBERS), ("REAL", NUMBERS),
    ("float8", NUMBERS), ("DOUBLE PRECISION", NUMBERS),
    ("TEXT", TEXTS), ("VARCHAR(5)", TEXTS), ("NVARCHAR(5)", TEXTS),
    ("VARCHAR", TEXTS), ("CHAR(5)", TEXTS), ("CHAR", TEXTS), ("CLOB", TEXTS),
    ("BOOLEAN", BOOLEANS), ("DATE", DATES), ("DATETIME", DATES),
    ("TIMESTAMP", DATES), ("timestamptz text", DATES), ("TIME", TIMES),
    ("json text", JSON), ("jsonb text", JSON), ("JSON", JSON),
    ("uuid text", UUIDS), ("GUID", UUIDS), ("BLOB", BYTES),
    ("inet text", ADDRESSES), ("cidr text", ADDRESSES),
    ("macaddr text", ADDRESSES), ("duration text", INTERVALS),
]

# Numbers that some versions of the server, or some libraries below it, take.
EITHER = re.compile(r"[ +-]*(inf(inity)?|nan|0[xob].*|.*e .*|.*_.*) *$", re.I)

failed = 0


def result(name, problems):
    global failed
    if not problems:
        print("ok", name)
        return
    failed += 1
    print("not ok", name, "-", len(problems), "values")
    for p in problems[:15]:
        print("   ", p)


def mutate(rng, value):
    chars = list(value)
    for _ in range(rng.randint(1, 2)):
        at = rng.randrange(len(chars) + 1)
        how = rng.randrange(3)
        if how == 0 and chars:
            del chars[min(at, len(chars) - 1)]
        elif how == 1:
            chars.insert(at, rng.choice('0123456789-+:. TZeabf{}[]",/\\'))
        elif chars:
            chars[min(at, len(chars) - 1)] = rng.choice('0123456789-:. ezA"')
    return "".join(chars)


def values_of(declared, fixed):
    rng = random.Random("%d %s" % (SEED, declared))
    texts = [v for v in fixed if isinstance(v, str) and 0 < len(v) < 60]
    return list(fixed) + [mutate(rng, rng.choice(texts))
                          for _ in range(CHANGES)]


def number_text(value):
    return "%.15g" % value if isinstance(value, float) else str(value)


def literal(value, numbers_as_such):
    """What the check says that PostgreSQL is given; None: cannot be said."""
    if isinstance(value, bytes):
        return "'\\x%s'::bytea" % value.hex()
    if isinstance(value, str):
        if "\0" in value:
            return None
        return "'%s'" % value.replace("'", "''")
    text = number_text(value)
    if numbers_as_such:
        return "(%s)" % text if "inf" not in text else "'%s'::float8" % text
    return "'%s'" % text


def psql(sql):
    """Unaligned rows of a script."""
    run = subprocess.run(
        [os.path.join(os.environ.get("MIGRATE_PG_BINDIR", ""), "psql"), "-X",
         "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"],
        input=sql.encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=dict(os.environ, PGCLIENTENCODING="UTF8",
                 PGOPTIONS="-c client_min_messages=warning"))
    if run.returncode != 0:
        sys.exit("psql: " + run.stderr.decode())
    return run.stdout.decode().split("\n")[:-1]


def connect():
    db = sqlite3.connect(":memory:")
    db.enable_load_extension(True)
    db.load_extension(os.environ["MIGRATE_SQLITE_MODULE"])
    db.text_factory = lambda b: b.decode("utf-8", "surrogateescape")
    return db


TRY = """
CREATE FUNCTION pg_temp.try(id bigint, sql text) RETURNS text LANGUAGE plpgsql
AS $$ BEGIN EXECUTE sql; RETURN id || ' taken'; EXCEPTION WHEN OTHERS THEN
RETURN id || ' refused ' || replace(SQLERRM, chr(10), ' '); END $$;
"""


def judge_values(declared, fixed):
    db = connect()
    db.execute('CREATE TABLE t (v %s)' % declared)
    for value in values_of(declared, fixed):
        db.execute("INSERT INTO t VALUES (?)", (value,))
    # What is not UTF-8 does not come from Python.
    if fixed is TEXTS:
        db.execute("INSERT INTO t VALUES (CAST(x'ff' AS TEXT)),"
                   " (CAST(x'eda080' AS TEXT)), (CAST(x'c080' AS TEXT))")
    becomes, family = db.execute(
        "SELECT becomes, family FROM migrate_types()").fetchone()
    verdicts = {}
    for problem, effect, count, query in db.execute(
            "SELECT problem, effect, count, query FROM migrate_type_check()"):
        listed = [row[0] for row in db.execute(query)]
        if len(listed) != count:
            result("%s %s" % (declared, problem),
                   ["%d counted, %d listed" % (count, len(listed))])
        for rowid in listed:
            verdicts[rowid] = (problem, effect)
    stored = dict(db.execute("SELECT rowid, v FROM t"))
    sql = ["CREATE TEMP TABLE t (v %s);" % becomes, TRY]
    as_such = family in ("date", "time", "timestamp",
                         "timestamp with time zone")
    wrong = []
    for rowid, value in stored.items():
        bad = isinstance(value, str) and not value.isprintable() and any(
            0xdc80 <= ord(c) <= 0xdcff for c in value)
        text = None if bad else literal(value, as_such)
        if text is None:
            if verdicts.get(rowid, ("", ""))[1] != "refuses":
                wrong.append("%r was not found" % (value,))
            continue
        insert = "INSERT INTO t VALUES (%s)" % text
        sql.append("SELECT pg_temp.try(%d, '%s');" %
                   (rowid, insert.replace("'", "''")))
    answers = 0
    for line in psql("SET standard_conforming_strings = on;\n" +
                     "\n".join(sql)):
        rowid, answer = line.split(" ", 1)
        value = stored[int(rowid)]
        problem, effect = verdicts.get(int(rowid), ("", "takes"))
        answers += 1
        if effect == "may refuse" or fixed is NUMBERS and EITHER.match(
                number_text(value) if isinstance(value, float)
                else str(value)):
            continue
        taken = answer == "taken"
        if taken == (effect == "refuses"):
            wrong.append("%r: the check says %s %s, the server %s" %
                         (value, effect, problem, answer))
    if answers < len(fixed) // 2:
        wrong.append("the server judged %d values only" % answers)
    result("values of %s" % declared, wrong)


KEYS = [
    ("uuid text", [v for v in UUIDS if isinstance(v, str)]),
    ("DATE", [v for v in DATES if isinstance(v, str)]),
    ("DATETIME", [v for v in DATES if isinstance(v, str)]),
    ("timestamptz text", DATES[:1] + [
        "2026-01-29 00:00:00", "2026-01-29 00:00:00Z", "2026-01-29 02:00:00+02",
        "2026-01-28 22:00:00-02", "2026-01-28 24:00:00Z", "2026-01-29 00:00:00.5",
        "2026-01-29T00:00:00.500"]),
    ("TIME", [v for v in TIMES if isinstance(v, str)]),
    ("NUMERIC(5,2)", [1, 1.001, 1.004, 1.005, 1.006, 99.994, 99.99, 2.5, -0.001,
                      0, 0.004, 999.99, 999.994]),
    ("CHAR(5)", ["a", "a ", "a  ", "b", " b", "", " ", "A"]),
    ("BOOLEAN", [0, 1, "t", "f", "off"]),
    ("BLOB", ["a", b"a", "b", b"c", 5, "5", b"5"]),
    ("jsonb text", ["1", "2"]),
]


def judge_keys(declared, fixed):
    db = connect()
    db.execute('CREATE TABLE t (v %s UNIQUE)' % declared)
    for value in fixed:
        db.execute("INSERT OR IGNORE INTO t VALUES (?)", (value,))
    becomes = db.execute("SELECT becomes FROM migrate_types()").fetchone()[0]
    bad, twice = set(), set()
    for problem, effect, query in db.execute(
            "SELECT problem, effect, query FROM migrate_type_check()"):
        rows = {row[0] for row in db.execute(query)}
        if problem == "duplicate key":
            twice |= rows
        elif effect != "changes":
            bad |= rows
    stored = {rowid: value for rowid, value in db.execute(
        "SELECT rowid, v FROM t") if rowid not in bad}
    sql = ["SET timezone = 'UTC'; CREATE TEMP TABLE t (id int, v %s);" % becomes]
    for rowid, value in stored.items():
        sql.append("INSERT INTO t VALUES (%d, %s);" %
                   (rowid, literal(value, False)))
    sql.append("SELECT id FROM t WHERE v IN (SELECT v FROM t GROUP BY v"
               " HAVING count(*) > 1);")
    server = {int(line) for line in psql("\n".join(sql))}
    twice &= set(stored)
    wrong = ["%r: the check %s, the server %s" %
             (stored[i], "found it" if i in twice else "did not",
              "did" if i in server else "did not")
             for i in sorted(server ^ twice)]
    if not server and declared != "jsonb text":
        wrong.append("there is no duplicate to find")
    result("keys of %s" % declared, wrong)


def main():
    if not os.environ.get("PGHOST"):
        print("skip judge - there is no server")
        return 0
    for declared, fixed in TYPES:
        judge_values(declared, fixed)
    for declared, fixed in KEYS:
        judge_keys(declared, fixed)
    return 1 if failed else 0


sys.exit(main())
