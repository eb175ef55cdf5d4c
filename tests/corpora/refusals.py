"""Trees that must be refused, in whole or in part, and say why."""

import os
import re

import trees
from databases import Postgres, Sqlite, SqlError, has_postgresql, literal

# A command of psql outside of strings and bodies, as these files have them.
COMMAND = re.compile(rb"(?m)^ *\\|\\gexec")


def refusal(db, call):
    """The error that a call gives, or None."""
    try:
        db.value(call)
    except SqlError as error:
        return str(error)
    return None


def psql_commands(folder):
    """Sqitch's scripts are psql's: those that speak to psql are refused with
    the line, and nothing of them runs. What is found wrong."""
    db = Postgres("vibetype")
    db.install()
    wrong, refused, taken = [], 0, 0
    for name in sorted(os.listdir(folder + "/deploy")):
        up = trees.content(f"{folder}/deploy/{name}")
        down = trees.content(f"{folder}/revert/{name}")
        revision = trees.Revision(name[: -len(".sql")], up, down)
        script = literal(revision.native(None).decode())
        error = refusal(db, f"migrate_add({script})")
        if not COMMAND.search(up + down):
            taken += 1
            wrong += [f"{name}: {error}"] if error else []
        elif error and "psql" in error and re.search(r"CONTEXT:  line \d+", error):
            refused += 1
        else:
            wrong.append(f"{name}: {error or 'is taken'}")
    db.drop()
    if not refused or not taken:
        wrong.append(f"{refused} are refused, {taken} are taken")
    return wrong


def edited_later(folder):
    """A file that was edited after it had been applied."""
    name = "0004_left_wolfsbane"
    first = trees.content(f"{folder}/{name}.sql.first-version")
    edited, previous, texts = None, None, []
    for r in trees.plain(folder):
        if r.id == name:
            edited = literal(r.native(previous).decode())
            r.up = first
        texts.append(r.native(previous).decode())
        previous = r.id
    db = Sqlite("edited")
    db.install()
    db.value(f"migrate_add({literal(''.join(texts))})")
    db.value(f"migrate_apply({literal(name)})")
    wrong = []
    error = refusal(db, f"migrate_add({edited})")
    if not error or name not in error or "applied" not in error:
        wrong.append(f"the edited file: {error or 'is taken'}")
    if db.rows("migrate_verify()"):
        wrong.append("the database is not as it was")
    equal = db.value(f"migrate_replace({edited})") == "1"
    if not equal or db.rows("migrate_verify()"):
        wrong.append("the database is not content behind migrate_replace")
    db.drop()
    return wrong


def report(name, wrong):
    if wrong:
        print(f"not ok {name} - " + "\n".join(wrong), flush=True)
    else:
        print(f"ok {name}", flush=True)


def test(corpora):
    folder = os.path.join(corpora, "vibetype")
    if not os.path.isdir(folder):
        print("skip vibetype/psql_commands - it is not in the folder")
    elif not has_postgresql():
        print("skip vibetype/psql_commands - there is no PostgreSQL server")
    else:
        report("vibetype/psql_commands", psql_commands(folder))
    folder = os.path.join(corpora, "preciazo-sqlite")
    if os.path.isdir(folder):
        report("preciazo-sqlite/edited_later", edited_later(folder))
    else:
        print("skip preciazo-sqlite/edited_later - it is not in the folder")
