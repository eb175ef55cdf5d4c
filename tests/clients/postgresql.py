"""The story through a driver of PostgreSQL.

    postgresql.py psycopg2|psycopg|asyncpg FOLDER
    postgresql.py probe NAME               is there such a driver?
    postgresql.py race COUNT               so many clients at once
"""

import importlib
import sys

import story


def from_diagnosis(error):
    """psycopg2 and psycopg 3."""
    d = error.diag
    return {"message": d.message_primary, "code": d.sqlstate,
            "detail": d.message_detail, "hint": d.message_hint,
            "constraint": d.constraint_name,
            "place": story.place_of(d.context)}


def from_attributes(error):
    """asyncpg."""
    return {"message": error.message, "code": error.sqlstate,
            "detail": error.detail, "hint": error.hint,
            "constraint": error.constraint_name,
            "place": story.place_of(error.context)}


def tell_psycopg(module, folder):
    driver = importlib.import_module(module)
    connection = driver.connect("")
    connection.autocommit = True
    cursor = connection.cursor()

    def run(sql, arguments):
        cursor.execute(sql, arguments)
        return cursor.fetchall()

    story.tell(folder, "%s", run, driver.Error, from_diagnosis)
    connection.close()


def tell_asyncpg(folder):
    import asyncio
    import asyncpg

    loop = asyncio.new_event_loop()
    connection = loop.run_until_complete(asyncpg.connect())

    def run(sql, arguments):
        return loop.run_until_complete(connection.fetch(sql, *arguments))

    story.tell(folder, "$1", run, asyncpg.PostgresError, from_attributes)
    loop.run_until_complete(connection.close())


def race(count):
    """All of them apply at once; prints how many revisions each has run."""
    import threading
    import psycopg2

    barrier, results = threading.Barrier(count), []

    def client():
        connection = psycopg2.connect("")
        connection.autocommit = True
        cursor = connection.cursor()
        barrier.wait()
        try:
            cursor.execute("SELECT migrate_apply()")
            results.append(cursor.fetchone()[0])
        except psycopg2.Error as error:
            results.append(str(error))
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(" ".join(sorted(str(result) for result in results)))


def main(what, argument):
    if what == "probe":
        importlib.import_module(argument)
    elif what == "race":
        race(int(argument))
    elif what == "asyncpg":
        tell_asyncpg(argument)
    else:
        tell_psycopg(what, argument)


main(*sys.argv[1:])
