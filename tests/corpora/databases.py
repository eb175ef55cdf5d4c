"""Databases to throw away: the same few verbs for PostgreSQL and SQLite.

    db = Sqlite("name")         a new, empty one, the module loaded
    db.value("migrate_load('/tmp/x')")
    db.run("CREATE TABLE t (a int)")
    db.schema()                 what is in it, as text that can be compared
    db.drop()

tests/run.sh says which variables of the environment are read.
"""

import json
import os
import re
import sqlite3
import subprocess
import unicodedata

TMP = os.environ.get("MIGRATE_TMP", "/tmp")
BINDIR = os.environ.get("MIGRATE_PG_BINDIR")
MODULE = os.environ.get("MIGRATE_SQLITE_MODULE", "build/sqlite/migrate")

# The engine lives in a schema of its own, so that a dump shows at a glance
# what belongs to it.
OURS = re.compile(
    r"^(CREATE SCHEMA migrate;|ALTER SCHEMA migrate |COMMENT ON EXTENSION "
    r"migrate |CREATE EXTENSION IF NOT EXISTS migrate )"
)
NOISE = ("--", "SET ", "SELECT pg_catalog.set_config", "\\restrict", "\\unrestrict")


class SqlError(Exception):
    """What the database said, all of it."""


def has_postgresql():
    return bool(os.environ.get("PGHOST"))


def literal(text):
    return "'" + str(text).replace("'", "''") + "'"


def program(name):
    return os.path.join(BINDIR, name) if BINDIR else name


class Postgres:
    """A database of the server that the environment names."""

    kind = "postgresql"
    prefix = "migrate."

    def __init__(self, name):
        self.name = "corpora_" + re.sub("[^a-z0-9]", "_", name.lower())
        self.admin(f'DROP DATABASE IF EXISTS "{self.name}"')
        self.admin(f'CREATE DATABASE "{self.name}" TEMPLATE template0')

    def psql(self, text, database, stop=True):
        env = dict(
            os.environ,
            PGOPTIONS="-c client_min_messages=warning",
            PGCLIENTENCODING="UTF8",
        )
        return subprocess.run(
            [program("psql"), "-X", "-q", "-At", "-d", database]
            + ["-v", f"ON_ERROR_STOP={int(stop)}", "-f", "-"],
            input=text.encode(),
            env=env,
            capture_output=True,
        )

    def admin(self, text):
        done = self.psql(text, "postgres")
        if done.returncode != 0:
            raise SqlError(done.stderr.decode())

    def install(self):
        self.run("CREATE SCHEMA migrate; CREATE EXTENSION migrate SCHEMA migrate")

    def run(self, text):
        done = self.psql(text, self.name)
        if done.returncode != 0:
            raise SqlError(done.stderr.decode(errors="replace").strip())
        return done.stdout.decode(errors="replace").rstrip("\n")

    def run_on(self, text):
        """The same, going on after errors: what was printed, both ways."""
        done = self.psql(text, self.name, stop=False)
        return done.stdout.decode(errors="replace"), done.stderr.decode(
            errors="replace"
        )

    def value(self, call):
        return self.run(f"SELECT {self.prefix}{call}")

    def rows(self, call, columns="*"):
        text = self.run(f"SELECT {columns} FROM {self.prefix}{call}")
        return [tuple(line.split("|")) for line in text.split("\n") if line]

    def schema(self):
        done = subprocess.run(
            [program("pg_dump"), "-s", "--no-tablespaces", "-N", "migrate"]
            + ["-d", self.name],
            capture_output=True,
        )
        if done.returncode != 0:
            raise SqlError(done.stderr.decode())
        return normal_dump(done.stdout.decode())

    def drop(self):
        self.admin(f'DROP DATABASE IF EXISTS "{self.name}"')


def normal_dump(text):
    """pg_dump's output without what depends on its version and on us."""
    return "\n".join(
        line
        for line in text.splitlines()
        if line.strip() and not line.startswith(NOISE) and not OURS.match(line)
    )


def normalize(text, form):
    return None if text is None else unicodedata.normalize(form.upper(), text)


def jsonb(text):
    """What SQLite has since 3.45, as text instead of bytes."""
    return None if text is None else json.dumps(json.loads(text))


class Sqlite:
    """A file of its own, keys on as applications have it, with the functions
    that the applications of the trees bring along."""

    kind = "sqlite"
    prefix = ""

    def __init__(self, name, keys=True):
        self.path = os.path.join(TMP, name + ".db")
        self.remove()
        self.db = sqlite3.connect(self.path, isolation_level=None)
        self.db.execute("PRAGMA synchronous=OFF")
        self.keys = keys
        self.set_keys()
        self.db.create_function("normalize", 2, normalize, deterministic=True)
        if sqlite3.sqlite_version_info < (3, 45):
            self.db.create_function("jsonb", 1, jsonb, deterministic=True)

    def set_keys(self):
        self.db.execute(f"PRAGMA foreign_keys={'ON' if self.keys else 'OFF'}")

    def remove(self):
        for suffix in ("", "-journal", "-wal", "-shm"):
            if os.path.exists(self.path + suffix):
                os.unlink(self.path + suffix)

    def install(self):
        self.db.enable_load_extension(True)
        self.db.load_extension(MODULE)

    def run(self, text):
        try:
            self.db.executescript(text)
        except (sqlite3.Error, sqlite3.Warning) as error:
            if self.db.in_transaction:
                self.db.execute("ROLLBACK")
            self.set_keys()
            raise SqlError(str(error)) from error

    def rows(self, call, columns="*"):
        return self.fetch(f"SELECT {columns} FROM {call}")

    def value(self, call):
        value = self.fetch("SELECT " + call)[0][0]
        return "" if value is None else str(value)

    def fetch(self, text):
        try:
            return self.db.execute(text).fetchall()
        except sqlite3.Error as error:
            raise SqlError(str(error)) from error

    def schema(self):
        lines = []
        for kind, name, table, sql in self.fetch(
            "SELECT type, name, tbl_name, sql FROM sqlite_master"
            r" WHERE name NOT LIKE 'sqlite\_%' ESCAPE '\'"
            r" AND tbl_name NOT LIKE 'migrate\_%' ESCAPE '\'"
            " ORDER BY type, name"
        ):
            lines.append("|".join([kind, name, table, " ".join((sql or "").split())]))
        return "\n".join(lines)

    def drop(self):
        self.db.close()
        self.remove()
