"""What a tree gives without us: its files through psql, or sqlite3's library.

A file is one transaction, unless it begins one itself, its tool runs it
outside of one, or it switches foreign keys off: in a transaction that would
have no effect, and rebuilding a table would delete rows.
"""

import os
import re

from databases import SqlError

OWN = re.compile(
    rb"(?mi)^\s*(BEGIN|START TRANSACTION|PRAGMA\s+foreign_keys\s*=\s*\w+)\s*;"
)

DROPPED = re.compile(r"(?i)ALTER TABLE (\w+) DROP COLUMN (\w+)")


def begins(body):
    return bool(OWN.search(body))


class ByHand:
    def __init__(self, db, revisions, folder):
        self.db = db
        self.revisions = revisions
        self.folder = folder
        self.helped = set()
        os.makedirs(folder)

    def path(self, revision, kind):
        return os.path.join(self.folder, f"{revision.id}.{kind}.sql")

    def command(self, revision, kind):
        """psql commands that run one file."""
        body = getattr(revision, kind)
        path = self.path(revision, kind)
        with open(path, "wb") as file:
            file.write(body)
        if begins(body) or is_alone(revision, kind):
            return f"\\i {path}\n"
        return f"BEGIN;\n\\i {path}\nCOMMIT;\n"

    def apply(self):
        if self.db.kind == "sqlite":
            for r in self.revisions:
                self.run_sqlite(r.up)
        else:
            self.db.run("".join(self.command(r, "up") for r in self.revisions))

    def run_sqlite(self, body):
        text = body.decode()
        self.db.run(text if begins(body) else f"BEGIN;\n{text}\n;COMMIT;")
        self.db.set_keys()

    def revert(self):
        """Each down, newest first, going on behind those that fail; the
        revisions whose down failed."""
        todo = [r for r in reversed(self.revisions) if r.down is not None]
        if self.db.kind == "sqlite":
            return {r.id for r in todo if not self.try_down(r)}
        failed = set()
        for alone, batch in batches(todo, lambda r: r.down_alone):
            text = "".join(self.command(r, "down") for r in batch)
            if alone:
                text = "\\set ON_ERROR_STOP on\n" + text
            errors = self.db.run_on(text)[1]
            for path in re.findall(r"(?m)^psql:(.*?):\d+: ERROR:", errors):
                failed.add(os.path.basename(path)[: -len(".down.sql")])
        return failed

    def try_down(self, r):
        """As it is, or else as people help themselves where SQLite refuses to
        drop a column: without the indexes on it."""
        if self.try_sqlite(r.down):
            return True
        indexes = self.indexes_on(DROPPED.findall(r.down.decode()))
        for name, _ in indexes:
            self.db.run(f'DROP INDEX "{name}"')
        if indexes and self.try_sqlite(r.down):
            self.helped.add(r.id)
            return True
        for _, text in indexes:
            self.db.run(text)
        return False

    def indexes_on(self, columns):
        return [
            row
            for table, column in columns
            for row in self.db.rows(
                "sqlite_master AS s, pragma_index_info(s.name) AS c"
                " WHERE s.type = 'index' AND s.sql IS NOT NULL"
                f" AND s.tbl_name = '{table}' AND c.name = '{column}'",
                "s.name, s.sql",
            )
        ]

    def try_sqlite(self, body):
        try:
            self.run_sqlite(body)
        except SqlError:
            return False
        return True


def is_alone(revision, kind):
    return revision.alone if kind == "up" else revision.down_alone


def batches(items, alone):
    """Runs of items for one session; one that is alone has its own."""
    batch = []
    for item in items:
        if alone(item):
            if batch:
                yield False, batch
            yield True, [item]
            batch = []
        else:
            batch.append(item)
    if batch:
        yield False, batch
