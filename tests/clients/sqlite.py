"""The story through Python's own sqlite3, or aiosqlite.

    sqlite.py sqlite3|aiosqlite MODULE FILE FOLDER
    sqlite.py probe NAME
"""

import importlib
import sqlite3
import sys

import story


def explain(error):
    fields = story.split(str(error))
    # Before Python 3.11 an error object has no code.
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        code = 19 if isinstance(error, sqlite3.IntegrityError) else 1
    fields["code"] = code & 0xff
    return fields


def tell_sqlite3(module, file, folder):
    db = sqlite3.connect(file)
    db.enable_load_extension(True)
    db.load_extension(module)

    def run(sql, arguments):
        return db.execute(sql, arguments).fetchall()

    story.tell(folder, "?", run, sqlite3.Error, explain)
    db.close()


def tell_aiosqlite(module, file, folder):
    import asyncio
    import aiosqlite

    loop = asyncio.new_event_loop()
    wait = loop.run_until_complete

    async def connect():
        return await aiosqlite.connect(file)

    db = wait(connect())
    wait(db.enable_load_extension(True))
    wait(db.load_extension(module))

    def run(sql, arguments):
        return wait(db.execute_fetchall(sql, arguments))

    story.tell(folder, "?", run, sqlite3.Error, explain)
    wait(db.close())


def main(what, *arguments):
    if what == "probe":
        importlib.import_module(arguments[0])
        if not hasattr(sqlite3.Connection, "enable_load_extension"):
            sys.exit("this python3 loads no extensions")
    elif what == "sqlite3":
        tell_sqlite3(*arguments)
    else:
        tell_aiosqlite(*arguments)


main(*sys.argv[1:])
