#!/usr/bin/env python3
"""manual.py - the tables of docs/types.md say what migrate_types() says.

    manual.py FILE [--write]    --write: put the tables in

A table stands between "<!-- types: sqlite -->" (or postgresql) and the next
"<!-- end -->"; its first column are the declared types that are asked.
"""
import os
import re
import sqlite3
import subprocess
import sys

ASKED = {
    "sqlite": [
        "INTEGER", "INT", "BIGINT", "SMALLINT", "TINYINT", "MEDIUMINT", "int4",
        "UNSIGNED BIG INT", "NUMERIC", "NUMERIC(10,2)", "DECIMAL(10,2)",
        "NUMBER", "REAL", "DOUBLE", "DOUBLE PRECISION", "FLOAT", "TEXT",
        "CLOB", "STRING", "VARCHAR(20)", "NVARCHAR(20)", "CHAR(5)", "BOOLEAN",
        "DATE", "TIME", "DATETIME", "TIMESTAMP", "timestamptz text",
        "duration text", "JSON", "json text", "jsonb text", "uuid text",
        "GUID", "BLOB", "bytea blob", "inet text", "MONEY", "ANY", "",
    ],
    "postgresql": [
        "smallint", "integer", "bigint", "numeric", "numeric(10,2)", "real",
        "double precision", "text", "character varying(20)", "character(5)",
        "boolean", "date", "time without time zone",
        "timestamp without time zone", "timestamp with time zone", "interval",
        "json", "jsonb", "uuid", "bytea", "inet", "cidr", "macaddr",
        "text[]", "int4range", "tsvector", "money", "xml", "bit(3)", "point",
        "time with time zone",
    ],
}


def sqlite_rows():
    db = sqlite3.connect(":memory:")
    db.enable_load_extension(True)
    db.load_extension(os.environ["MIGRATE_SQLITE_MODULE"])
    columns = ", ".join("c%d %s" % (i, t)
                        for i, t in enumerate(ASKED["sqlite"]))
    db.execute("CREATE TABLE t (%s)" % columns)
    return list(db.execute("SELECT declared, family, becomes, verdict, why"
                           " FROM migrate_types()"))


def postgresql_rows():
    columns = ", ".join("c%d %s" % (i, t)
                        for i, t in enumerate(ASKED["postgresql"]))
    sql = """DROP EXTENSION IF EXISTS migrate CASCADE;
        DROP SCHEMA IF EXISTS manual CASCADE;
        CREATE EXTENSION migrate; CREATE SCHEMA manual;
        CREATE TABLE manual.t (%s);
        SELECT declared, family, coalesce(becomes, '~'), verdict,
        coalesce(why, '~') FROM migrate_types('manual');
        DROP SCHEMA manual CASCADE;""" % columns
    run = subprocess.run(
        [os.path.join(os.environ.get("MIGRATE_PG_BINDIR", ""), "psql"), "-X",
         "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1"],
        input=sql.encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=dict(os.environ, PGOPTIONS="-c client_min_messages=warning"))
    if run.returncode != 0:
        sys.exit("psql: " + run.stderr.decode())
    return [[None if c == "~" else c for c in line.split("\t")]
            for line in run.stdout.decode().splitlines()]


def table(rows, head):
    out = ["| declared | family | %s | verdict | what is lost |" % head,
           "|---|---|---|---|---|"]
    for declared, family, becomes, verdict, why in rows:
        out.append("| %s | %s | %s | %s | %s |" % (
            "`%s`" % declared if declared else "(nothing)", family,
            "`%s`" % becomes if becomes else "", verdict, why or ""))
    return "\n".join(out) + "\n"


def main():
    path = sys.argv[1]
    text = open(path, encoding="utf-8").read()
    failed = 0
    for name, rows, head in (("sqlite", sqlite_rows, "PostgreSQL"),
                             ("postgresql", postgresql_rows, "SQLite")):
        if name == "postgresql" and not os.environ.get("PGHOST"):
            print("skip manual postgresql - there is no server")
            continue
        mark = re.compile("(<!-- types: %s -->\n\n)(.*?)(\n<!-- end -->)" %
                          name, re.S)
        found = mark.search(text)
        want = table(rows(), head)
        if "--write" in sys.argv:
            text = text[:found.start(2)] + want + text[found.end(2):]
        elif found is None or found.group(2) != want:
            failed = 1
            print("not ok manual %s - the table should be\n%s" % (name, want))
        else:
            print("ok manual", name)
    if "--write" in sys.argv:
        open(path, "w", encoding="utf-8").write(text)
    return failed


sys.exit(main())
