"""Random tables and random changes of them on SQLite (tables.py): what
migrate_apply makes of ALTER TABLE is compared with the same change done by
hand, that is, with a database that had the changed table from the start.

    SEED=N CASES=N TRIES=N rebuild.py MODULE

A table has keys, rules, collations, generated columns, conflict clauses,
comments, names of all kinds, indexes, triggers, views over views, rows that
refer to it and to itself, rows with rowids of their own and rows from before
ADD COLUMN; it may be STRICT or WITHOUT ROWID. The two are asked by pragmas,
queries, and by TRIES of the statements that are tried on copies. What no change touches
must stay byte for byte; a change that fails by hand has to fail, and leave
everything as it was.
"""

import copy
import os
import random
import re
import sqlite3
import sys

from tables import ROWIDS, Table, change, late, quoted

MODULE = sys.argv[1]
SEED = os.environ.get("SEED") or str(random.randrange(10**9))
CASES = int(os.environ.get("CASES", "80"))
TRIES = int(os.environ.get("TRIES", "6"))
BEFORE = ["CREATE TABLE p (id bigint PRIMARY KEY)", "INSERT INTO p VALUES (1), (2)",
          "CREATE TABLE log (id)"]
INSIDE = "cannot be rebuilt inside a transaction with foreign keys on"


class ByHand(Exception):
    """The changed table does not take the rows."""


def opened():
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
    return db


def connect(keys):
    db = opened()
    db.enable_load_extension(True)
    db.load_extension(MODULE)
    db.execute(f"PRAGMA foreign_keys = {keys}")
    return db


def ask(db, sql):
    return db.execute(sql).fetchall()


def attempt(db, sql, values=()):
    """Or leave it."""
    try:
        db.execute(sql, values)
    except sqlite3.Error:
        pass


def rowid_of(t):
    """A name of the rowid that no column has taken."""
    if not t.rowids:
        return []
    taken = [c.name for c in t.columns]
    return [n for n in ROWIDS if n not in taken][:1]


def put(rnd, db, t, id):
    """A row; some are refused, and are not there then."""
    columns = [c for c in t.columns if not c.generated and not c.refers and c.name != "sid"]
    values = [c.value(rnd, abs(id) % 97, t.clean) for c in columns]
    names = ["id"] + [c.q for c in columns]
    if not t.alias and rowid_of(t) and rnd.random() < 0.9:
        names, values = rowid_of(t) + names, [rnd.choice([id * 1000, -id, 10 - id]), id] + values
    else:
        values = [id] + values
    attempt(db, f"INSERT OR ABORT INTO {t.q} ({', '.join(names)})"
            f" VALUES ({', '.join('?' * len(values))})", values)


def fill(rnd, db, t, keys):
    """Rows with gaps between them; some are gone again, the last one too."""
    for id in list(range(1, 9)) + [-5, 2**40, 2**40 + 1]:
        put(rnd, db, t, id)
    names = [c.name for c in t.columns]
    if "pid" in names:
        attempt(db, f"UPDATE OR IGNORE {t.q} SET pid = 1 WHERE id < 4")
    if "sid" in names:
        attempt(db, f"UPDATE OR IGNORE {t.q} SET sid = (SELECT min(id) FROM {t.q}) WHERE id > 2")
    attempt(db, f"INSERT INTO child SELECT id FROM {t.q} WHERE id % 2 = 0")
    if t.target:
        attempt(db, f"INSERT INTO other SELECT {t.target.q} FROM {t.q} WHERE {t.target.q} IS NOT NULL LIMIT 3")
    attempt(db, f"DELETE FROM {t.q} WHERE id IN (7, {2**40 + 1})")
    if keys == "off" and rnd.random() < 0.5:
        attempt(db, "INSERT INTO child VALUES (999)")


def references(db, table):
    """Foreign keys without their numbers."""
    found = {}
    for row in ask(db, f"PRAGMA foreign_key_list({quoted(table)})"):
        found.setdefault(row[0], []).append(row[1:])
    return sorted(map(repr, found.values()))


def indexes(db, t):
    """Those of constraints go by numbers."""
    return sorted(
        repr((i[2], i[3], i[4], i[1] if i[3] == "c" else "",
              ask(db, f"PRAGMA index_xinfo({quoted(i[1])})")))
        for i in ask(db, f"PRAGMA index_list({quoted(t.name)})"))


def texts(db, t):
    """Of all but the table; names in them may have got quotes."""
    found = ask(db, "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name <> '%s' AND sql"
                " NOT NULL AND name NOT GLOB 'migrate_*' AND name NOT GLOB 'sqlite_*' UNION ALL"
                " SELECT type, name, tbl_name, sql FROM sqlite_temp_master WHERE type = 'trigger'"
                % t.name.replace("'", "''"))
    return sorted(re.sub('["\\\\]', "", repr(row)) if t.renamed else repr(row) for row in found)


def rows(db, t):
    """What can be read. repr() tells 1 from 1.0."""
    found = {"rows": repr(ask(db, f"SELECT {', '.join(rowid_of(t) + ['*'])} FROM {t.q} ORDER BY id"))}
    tables = ["child", "log", "p"] + ["other"] * bool(t.target)
    for name in tables + ["v", "w", "x"] + ["looks"] * (t.looks is not None):
        found[name] = repr(ask(db, f"SELECT * FROM {name} ORDER BY 1, 1"))
    return found


def tries(t):
    """Statements that find out what the table takes; names are the same in both."""
    yield f"INSERT INTO {t.q} (id) VALUES (50)"
    yield f"INSERT INTO {t.q} (id) VALUES (1)"
    yield f"INSERT INTO {t.q} (id) VALUES (-30)"
    yield f"INSERT INTO {t.q} (id) VALUES ('no number')"
    yield f"INSERT INTO {t.q} (id) VALUES (NULL)"
    for c in t.columns:
        yield f"UPDATE {t.q} SET {c.q} = NULL WHERE id < 5"
        yield f"UPDATE {t.q} SET {c.q} = '{'long ' * 20}' WHERE id = 2"
        yield f"UPDATE {t.q} SET {c.q} = x'00ff' WHERE id = 3"
        yield f"UPDATE {t.q} SET {c.q} = 999, id = 998 WHERE id = 3"
        yield f"UPDATE {t.q} SET {c.q} = 2.5 WHERE id = 3"
        yield f"UPDATE {t.q} SET {c.q} = (SELECT upper({c.q}) FROM {t.q} WHERE id = 1) WHERE id = 4"
        yield f"UPDATE {t.q} SET {c.q} = (SELECT {c.q} || ' ' FROM {t.q} WHERE id = 1) WHERE id = 4"
        yield f"UPDATE {t.q} SET {c.q} = ', CHECK (' WHERE id = 3"
        yield f"INSERT INTO {t.q} (id, {c.q}) SELECT 60 + id, {c.q} FROM {t.q} WHERE id BETWEEN 1 AND 3 ORDER BY id"
        yield f"SELECT id FROM {t.q} WHERE {c.q} = upper({c.q}) || ' ' OR {c.q} = 'v1 ' ORDER BY {c.q}, id"
    yield "DELETE FROM p WHERE id = 1"
    yield "UPDATE p SET id = 77 WHERE id = 1"
    yield "INSERT INTO p VALUES (3)"
    yield f"DELETE FROM {t.q} WHERE id IN (2, -5)"
    yield f"UPDATE {t.q} SET id = 70 WHERE id = 4"
    yield "INSERT INTO child VALUES (123)"
    yield "INSERT INTO w VALUES (60)"
    yield "DELETE FROM x WHERE b = 5"
    if t.target:
        yield "UPDATE other SET k = 12345"


def tried(db, t):
    """What each of them does to a copy, with foreign keys on: a deferred one
    shows itself at COMMIT."""
    with_keys = opened()
    with_keys.execute("PRAGMA foreign_keys = on")
    found = {}
    wanted = list(tries(t))
    rnd = random.Random(f"{SEED}/{t.create()}")
    for sql in rnd.sample(wanted, min(TRIES, len(wanted))):
        db.backup(with_keys)
        done = []
        for step in ("BEGIN", sql, "COMMIT"):
            try:
                cursor = with_keys.execute(step)
                done += cursor.fetchall() + [cursor.rowcount]
            except sqlite3.Error as error:
                # Of a CHECK without a name SQLite shows the text.
                done.append(str(error).split(":")[0] if t.renamed else str(error))
        if with_keys.in_transaction:
            with_keys.execute("ROLLBACK")
        found[sql] = done, rows(with_keys, t)
    with_keys.close()
    return found


def state(db, t):
    """Everything that can be seen, but for the text of the table."""
    found = rows(db, t)
    found["columns"] = repr(ask(db, f"PRAGMA table_xinfo({quoted(t.name)})"))
    for table in (t.name, "child"):
        found["references of " + table] = references(db, table)
    try:
        found["orphans"] = sorted(ask(db, "PRAGMA foreign_key_check"), key=repr)
    except sqlite3.Error as error:
        found["orphans"] = str(error)
    found["integrity"] = ask(db, "PRAGMA integrity_check")
    found["keys"] = ask(db, "PRAGMA foreign_keys")
    found["legacy"] = ask(db, "PRAGMA legacy_alter_table")
    found["writable"] = ask(db, "PRAGMA writable_schema")
    found["texts"] = texts(db, t)
    found["indexes"] = indexes(db, t)
    if sqlite3.sqlite_version_info >= (3, 37):
        found["options"] = ask(db, f"SELECT wr, strict FROM pragma_table_list WHERE name = '%s'"
                               % t.name.replace("'", "''"))
    if ask(db, "SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'"):
        found["sequence"] = ask(db, "SELECT name, seq FROM sqlite_sequence WHERE name NOT GLOB 'migrate_*'")
    found.update(tried(db, t))
    return found


def orphans(db):
    return len(ask(db, "PRAGMA foreign_key_check"))


def copy_rows(db, before, after, source):
    columns = [c for c in after.columns if not c.generated]
    rowid = rowid_of(after) if rowid_of(before) else []
    names = rowid + ["id"] + [c.q for c in columns]
    values = rowid_of(before)[:len(rowid)] + ["id"] + [c.source for c in columns]
    for row in ask(source, f"SELECT {', '.join(values)} FROM {before.q} ORDER BY id"):
        db.execute(f"INSERT OR ABORT INTO {after.q} ({', '.join(names)})"
                   f" VALUES ({', '.join('?' * len(row))})", row)
    for table in ["child", "log"] + ["other"] * bool(after.target):
        for value in ask(source, f"SELECT * FROM {table} ORDER BY rowid"):
            db.execute(f"INSERT INTO {table} VALUES (?)", value)


def by_hand(before, after, keys, source):
    """The changed table in a database of its own, with the same rows."""
    if after.broken:
        raise ByHand(after.broken)
    db = connect("off")
    try:
        for sql in BEFORE + [after.create()] + list(after.others()):
            db.execute(sql)
        copy_rows(db, before, after, source)
        for sql in after.around():
            db.execute(sql)
        if "AUTO" in after.key:
            seq = source.execute("SELECT seq FROM sqlite_sequence").fetchone()
            db.execute("UPDATE sqlite_sequence SET seq = ?", seq)
        rows(db, after)
        if orphans(db) > orphans(source):
            raise ByHand("orphans")
        db.execute(f"PRAGMA foreign_keys = {keys}")
        return state(db, after)
    except sqlite3.Error as error:
        raise ByHand(str(error)) from None
    finally:
        db.close()


def differ(got, wanted):
    for name in wanted:
        if got.get(name) != wanted[name]:
            return f"{name}:\n{got.get(name)}\nby hand\n{wanted[name]}"
    return None


def text_kept(db, after):
    """What the stored text has lost, or None."""
    stored = ask(db, "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = '%s'"
                 % after.name.replace("'", "''"))[0][0]
    wanted = [f"id {after.key} -- the key\n", after.end]
    for c in after.columns:
        wanted += [" " + c.comment] * c.kept
        wanted += [c.text()] * (c.kept and not c.touched and not after.renamed)
    for text in wanted:
        if text not in stored:
            return f"gone from the text: {text!r}\n{stored}"
    return None


def make(rnd, db, t, keys):
    made, added = copy.deepcopy(t), None
    for sql in BEFORE + [made.create()] + list(made.others()) + list(made.around()):
        db.execute(sql)
    fill(rnd, db, made, keys)
    if rnd.random() < 0.4:
        added = late(rnd, t)
        t.columns.append(added)
        db.execute(f"ALTER TABLE {t.q} ADD COLUMN {added.text()}")
        attempt(db, f"UPDATE OR IGNORE {t.q} SET s1 = 4 WHERE id = 3")
    if rnd.random() < 0.3:
        db.execute("ANALYZE")


def script(rnd, after):
    actions, alone = [], rnd.random() < 0.5
    while not actions:
        wanted = [change(rnd, after, n, alone) for n in range(rnd.randint(1, 3))]
        actions = [a for a in wanted if a]
    if alone:
        return "\n".join(f"ALTER TABLE {after.q} {a};" for a in actions)
    return f"ALTER TABLE {after.q} {', '.join(actions)};"


def statistics(db):
    """Of the indexes that have names."""
    if not ask(db, "SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'"):
        return {}
    return {i: s for i, s in ask(db, "SELECT idx, stat FROM sqlite_stat1 WHERE tbl NOT GLOB"
                                 " 'migrate_*' AND idx NOT GLOB 'sqlite_*'")}


def apply(db, text, inside):
    if inside:
        db.execute("BEGIN")
    try:
        ask(db, "SELECT migrate_apply()")
        return None
    except sqlite3.Error as error:
        return str(error)
    finally:
        if inside:
            db.execute("COMMIT")


def one(number, counts):
    rnd = random.Random(f"{SEED}/{number}")
    before, keys, inside = Table(rnd), rnd.choice(["on", "off"]), rnd.random() < 0.2
    db = connect(keys)
    make(rnd, db, before, keys)
    after = copy.deepcopy(before)
    text = script(rnd, after)
    where = f"case {number}, keys {keys}{', inside' * inside}\n{before.create()}\n{text}\n"
    old, known = state(db, before), statistics(db)
    try:
        wanted, expected = by_hand(before, after, keys, db), None
    except ByHand as error:
        wanted, expected = old, str(error)
    ask(db, "SELECT migrate_add('-- migrate:revision r\n-- migrate:revises base\n"
        "-- migrate:up\n%s\n')" % text.replace("'", "''"))
    failed = apply(db, text, inside)
    if failed and inside and INSIDE in failed:
        wanted, expected = old, failed
    if (failed is None) != (expected is None):
        return f"{where}{failed or 'no failure'}\nby hand: {expected or 'no failure'}"
    counts["failed" if failed else "changed"] += 1
    final = before if failed else after
    wrong = differ(state(db, final), wanted) or text_kept(db, final)
    left = statistics(db)
    for name in [i[0] for i in final.indexes if i[0] in known]:
        if left.get(name) != known[name]:
            wrong = wrong or f"statistics of {name}: {left.get(name)}"
    return where + wrong if wrong else None


def main():
    counts = {"changed": 0, "failed": 0}
    wrong = [w for w in (one(n, counts) for n in range(CASES)) if w]
    for text in wrong[:5]:
        print("not ok portable/rebuild - " + text.replace("\n", "\n    "))
    if not wrong:
        print(f"ok portable/rebuild of {CASES} tables, {counts['failed']} changes refused")


print(f"SEED={SEED}")
main()
