"""Whether rows survive: a tree, revision by revision, with a row in every
table, by the engine and by hand.

An empty table hides the worst that a rebuild can do: with foreign keys on,
dropping the old table deletes the rows that reference it. So behind each
revision every table that is empty gets a row of ones, which reference each
other, in both databases; and behind the next one both must hold the same.
"""

import re

from databases import SqlError, literal

# What a script may put in that is not the same twice: times, random ids.
VOLATILE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9A-Fa-f]{16,}|\d{4}-\d\d-\d\d[ T0-9:.Z]*|\d{9,}"
)


def tables(db):
    return [
        name
        for name, sql in db.fetch(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
            r" AND name NOT LIKE 'sqlite\_%' ESCAPE '\'"
            r" AND name NOT LIKE 'migrate\_%' ESCAPE '\' ORDER BY name"
        )
        if not sql.upper().startswith("CREATE VIRTUAL") and "_fts" not in name
    ]


def fill(db):
    db.run("PRAGMA foreign_keys=OFF")
    for table in tables(db):
        if db.fetch(f'SELECT count(*) FROM "{table}"')[0][0]:
            continue
        columns = [
            row[1]
            for row in db.fetch(f'PRAGMA table_xinfo("{table}")')
            if row[6] == 0
        ]
        names = ", ".join(f'"{c}"' for c in columns)
        ones = ", ".join("'1'" for _ in columns)
        try:
            db.run(f'INSERT OR IGNORE INTO "{table}" ({names}) VALUES ({ones})')
        except SqlError:
            pass  # a check or a trigger wants something else: it stays empty
    db.set_keys()


def empty(db):
    db.run("PRAGMA foreign_keys=OFF")
    for table in tables(db):
        db.run(f'DELETE FROM "{table}"')
    db.set_keys()


def content(db):
    found = {}
    for table in tables(db):
        lines = [repr(row) for row in db.fetch(f'SELECT * FROM "{table}"')]
        found[table] = sorted(VOLATILE.sub("~", line) for line in lines)
    return found


def attempt(action, *arguments):
    try:
        action(*arguments)
    except SqlError as error:
        return str(error)
    return None


def step(db, hand, revision):
    """One revision on both sides. Data of ones may be refused, then by both,
    and the tables are emptied. What is wrong, or None."""
    call = f"migrate_apply({literal(revision.id)})"
    ours = attempt(db.value, call)
    theirs = attempt(hand.run_sqlite, revision.up)
    if bool(ours) != bool(theirs):
        return f"engine: {ours or 'no error'}; by hand: {theirs or 'no error'}"
    if ours:
        empty(db)
        empty(hand.db)
        db.value(call)
        hand.run_sqlite(revision.up)
    one, two = content(db), content(hand.db)
    for table in one:
        if one[table] != two.get(table):
            return f"table {table}: {one[table]}, by hand {two.get(table)}"
    return None


def survive(db, hand):
    """(what is wrong or None, how many rows there are at the end)"""
    for revision in hand.revisions:
        wrong = step(db, hand, revision)
        if wrong:
            return f"{revision.id}: {wrong}", 0
        fill(db)
        fill(hand.db)
    return None, sum(len(lines) for lines in content(db).values())
