"""Each script of shared.py through migrate_apply in both databases: the
schemas that they leave are compared by families of types, keys, rules,
defaults and indexes; then the same statements are tried on both, and the same
rows must be there.

    portable.py [NAME ...]      all, or those whose names hold a word
"""

import datetime
import decimal
import os
import re
import sqlite3
import sys

import psycopg2

import shared

MODULE = os.environ["MIGRATE_SQLITE_MODULE"]

FAMILIES = {
    "int": "smallint integer int int2 int4 int8 bigint tinyint mediumint serial",
    "float": "real float double float4 float8 double+precision",
    "numeric": "numeric decimal number",
    "text": "text clob string",
    "varchar": "varchar character+varying nvarchar",
    "char": "char character bpchar",
    "boolean": "boolean bool",
    "timestamp": "timestamp datetime timestamp+without+time+zone",
    "timestamptz": "timestamptz timestamp+with+time+zone",
    "json": "json jsonb",
    "bytes": "bytea blob",
    "time": "time time+without+time+zone",
    "interval": "interval duration",
}
FAMILY = {n.replace("+", " "): f for f, names in FAMILIES.items() for n in names.split()}


def family(declared):
    name = re.sub(r"\s+", " ", declared.lower()).strip()
    arguments = "".join(re.findall(r"\([^)]*\)", name)).replace(" ", "")
    name = re.sub(r"\s*\([^)]*\)", "", name)
    kept = name
    if name not in FAMILY and name.endswith((" text", " blob")):
        kept = name[:-5]
    found = FAMILY.get(kept, kept)
    if found == "varchar" and not arguments:
        found = "text"
    if found == "char" and not arguments:
        arguments = "(1)"
    if found not in ("numeric", "varchar", "char"):
        arguments = ""
    if found == "numeric" and arguments and "," not in arguments:
        arguments = arguments[:-1] + ",0)"
    return found + arguments


# PostgreSQL. Everything of a case happens in a transaction that is undone.

COLUMNS = """SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
  a.attnotnull, a.atthasdef, a.attidentity <> '' OR
  coalesce(pg_get_expr(d.adbin, d.adrelid), '') LIKE 'nextval%', a.attgenerated <> ''
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE n.nspname = 'public' AND c.relkind = 'r'"""
RULES = """SELECT c.relname, k.contype::text, coalesce(f.relname, ''),
  ARRAY(SELECT attname::text FROM unnest(k.conkey) WITH ORDINALITY u (n, i)
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n ORDER BY i),
  ARRAY(SELECT attname::text FROM unnest(k.confkey) WITH ORDINALITY u (n, i)
    JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.n ORDER BY i),
  k.confdeltype::text, k.confupdtype::text
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
LEFT JOIN pg_class f ON f.oid = k.confrelid
WHERE c.relnamespace = 'public'::regnamespace AND k.contype IN ('p', 'u', 'c', 'f')"""
INDEXES = """SELECT c.relname, i.relname, x.indisunique, x.indpred IS NOT NULL,
  ARRAY(SELECT coalesce(a.attname::text, '') FROM unnest(x.indkey) WITH ORDINALITY u (n, o)
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.n ORDER BY o)
FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
WHERE c.relnamespace = 'public'::regnamespace
AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.oid
  AND k.contype IN ('p', 'u'))"""
ACTIONS = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL",
           "d": "SET DEFAULT", " ": ""}
CODES = {"23505": "unique", "23502": "not null", "23514": "check", "23503": "key",
         "23001": "key", "42703": "missing", "42P01": "missing"}


class Postgres:
    def __init__(self, cases):
        self.db = psycopg2.connect("")
        self.db.autocommit = True
        self.at = self.db.cursor()
        self.at.execute("DROP EXTENSION IF EXISTS migrate CASCADE")
        self.at.execute("DROP SCHEMA IF EXISTS migrate CASCADE")
        self.at.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        self.at.execute("CREATE SCHEMA migrate; CREATE EXTENSION migrate SCHEMA migrate")
        for revision, text in cases:
            self.at.execute("SELECT migrate.migrate_add(%s)", (text,))

    def ask(self, sql):
        self.at.execute(sql)
        return self.at.fetchall() if self.at.description else []

    def begin(self, revision):
        self.ask("BEGIN")
        self.at.execute("SELECT migrate.migrate_apply(%s)", (revision,))

    def end(self):
        self.ask("ROLLBACK")

    def tried(self, sql):
        self.ask("SAVEPOINT s")
        try:
            rows = self.ask(sql)
        except psycopg2.Error as error:
            self.ask("ROLLBACK TO s")
            return CODES.get(error.pgcode, error.pgcode)
        return rows

    def schema(self):
        found = set()
        for t, name, kind, null, default, numbered, generated in self.ask(COLUMNS):
            found.add(("column", t, name, family(kind), null,
                       default and not numbered and not generated, numbered, generated))
        checks = {}
        for t, kind, other, cols, refs, on_delete, on_update in self.ask(RULES):
            if kind == "c":
                checks[t] = checks.get(t, 0) + 1
            elif kind == "f":
                found.add(("key", t, tuple(cols), other, tuple(refs),
                           ACTIONS[on_delete], ACTIONS[on_update]))
            else:
                found.add((kind, t, tuple(cols)))
        found |= {("checks", t, n) for t, n in checks.items()}
        found |= {("index", t, name, unique, part, tuple(cols))
                  for t, name, unique, part, cols in self.ask(INDEXES)}
        found |= {("view", name) for name, in self.ask(
            "SELECT viewname::text FROM pg_views WHERE schemaname = 'public'")}
        return found


# SQLite. A database for each case.

WORDS = [("UNIQUE constraint", "unique"), ("NOT NULL constraint", "not null"),
         ("CHECK constraint", "check"), ("FOREIGN KEY constraint", "key"),
         ("no such", "missing"), ("has no column", "missing")]


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


class Sqlite:
    def begin(self, revision, text):
        self.db = sqlite3.connect(":memory:", isolation_level=None)
        self.db.enable_load_extension(True)
        self.db.load_extension(MODULE)
        self.ask("PRAGMA foreign_keys = ON")
        self.db.execute("SELECT migrate_add(?)", (text,)).fetchall()
        self.db.execute("SELECT migrate_apply(?)", (revision,)).fetchall()

    def end(self):
        self.db.close()

    def ask(self, sql):
        return self.db.execute(sql).fetchall()

    def tried(self, sql):
        try:
            return self.ask(sql)
        except sqlite3.Error as error:
            for words, kind in WORDS:
                if words in str(error):
                    return kind
            return str(error)

    def schema(self):
        found = set()
        for kind, name, sql in self.ask(
                "SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'view')"
                " AND name NOT GLOB 'migrate_*' AND name NOT GLOB 'sqlite_*'"):
            found |= {("view", name)} if kind == "view" else self.table(name, sql)
        return found

    def table(self, t, sql):
        found, key, enums = set(), {}, 0
        bare = re.sub(r"--.*|/\*.*?\*/|'[^']*'", " ", sql)
        for _, name, kind, null, default, pk, hidden in self.ask(
                f"PRAGMA table_xinfo({quoted(t)})"):
            enums += kind.lower() == "mood text"
            numbered = kind.upper() == "INTEGER" and pk > 0
            found.add(("column", t, name, family(kind), bool(null or pk),
                       default is not None, numbered, hidden > 1))
            if pk:
                key[pk] = name
        if key:
            found.add(("p", t, tuple(key[i] for i in sorted(key))))
        if len(key) > 1:  # only a single INTEGER counts
            found = {x[:6] + (False,) + x[7:] if x[0] == "column" else x for x in found}
        checks = len(re.findall(r"\bCHECK\s*\(", bare, re.I)) - enums
        if checks:
            found.add(("checks", t, checks))
        return found | self.keys(t) | self.indexes(t)

    def keys(self, t):
        keys = {}
        for i, _, other, col, ref, on_update, on_delete, _ in self.ask(
                f"PRAGMA foreign_key_list({quoted(t)})"):
            key = keys.setdefault(i, ([], other, [], on_delete, on_update))
            key[0].append(col)
            key[2].append(ref or self.ask(
                f"SELECT name FROM pragma_table_info('{other}') WHERE pk = 1")[0][0])
        return {("key", t, tuple(k[0]), k[1], tuple(k[2]), k[3], k[4])
                for k in keys.values()}

    def indexes(self, t):
        found = set()
        for _, name, unique, origin, part in self.ask(f"PRAGMA index_list({quoted(t)})"):
            cols = tuple(c or "" for _, _, c in self.ask(f"PRAGMA index_info({quoted(name)})"))
            if origin == "u":
                found.add(("u", t, cols))
            elif origin == "c":
                found.add(("index", t, name, bool(unique), bool(part), cols))
        return found


def plain(value):
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, (decimal.Decimal, float)):
        return str(int(value) if value == int(value) else float(value))
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ")
    return str(value)


def seen(outcome):
    if isinstance(outcome, str):
        return outcome
    return sorted(tuple(plain(v) for v in row) for row in outcome)


def compare(case, revision, text, postgres, sqlite):
    """What is not equal."""
    wrong = []
    postgres.begin(revision)
    sqlite.begin(revision, text)
    a, b = postgres.schema(), sqlite.schema()
    wrong += [f"only PostgreSQL has {x}" for x in sorted(a - b, key=str)]
    wrong += [f"only SQLite has {x}" for x in sorted(b - a, key=str)]
    for sql in case.tries + case.shows:
        x, y = seen(postgres.tried(sql)), seen(sqlite.tried(sql))
        if x != y:
            wrong.append(f"{sql}: {x} in PostgreSQL, {y} in SQLite")
    return wrong


def main():
    wanted = sys.argv[1:]
    scripts = []
    for i, case in enumerate(shared.CASES):
        revision = f"c{i:03}"
        text = f"-- migrate:revision {revision}\n-- migrate:revises base\n-- migrate:up\n{case.up}\n"
        if not wanted or any(w in case.name for w in wanted):
            scripts.append((case, revision, text))
    postgres, sqlite = Postgres([s[1:] for s in scripts]), Sqlite()
    for case, revision, text in scripts:
        try:
            wrong = compare(case, revision, text, postgres, sqlite)
        except (psycopg2.Error, sqlite3.Error) as error:
            wrong = [str(error)]
        postgres.end()
        sqlite.end()
        name = f"portable/{case.name}"
        print(f"not ok {name} - " + "\n    ".join(wrong) if wrong else f"ok {name}")


main()
