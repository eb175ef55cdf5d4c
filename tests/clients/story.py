"""The story that each client tells: story.txt, a title and a statement in
turn. @two@, @wrong@ and @folder@ are values: two scripts at once, a wrong
one, and where the database finds the folder of scripts.

What is printed is the same for every client of a database; a failure is
shown by the fields of the client's own error object.
"""

import re

FIELDS = ("message", "code", "detail", "hint", "constraint", "place")


def read(name):
    with open(name, encoding="utf-8") as text:
        return text.read()


def values(folder):
    two = (read(f"{folder}/20260101_000000_people.sql") +
           read(f"{folder}/20260102_000000_letters.sql"))
    return {"@two@": two, "@wrong@": read(f"{folder}/wrong.txt"),
            "@folder@": folder}


def place_of(context):
    """The last line of a context; those before are the server's own."""
    return (context or "").strip().rpartition("\n")[2]


def split(text):
    """SQLite has one text: the message, then lines that say what they are."""
    fields = {"message": text.partition("\n")[0]}
    for line in text.split("\n")[1:]:
        name, _, value = line.partition(":")
        fields[name.lower()] = value.strip()
    fields["place"] = fields.pop("context", "")
    return fields


def show_rows(rows):
    for row in rows:
        print(" ".join(str(cell) for cell in row))


def show_error(fields):
    for name in FIELDS:
        if fields.get(name):
            print(f"{name}: {fields[name]}")


def tell(folder, mark, run, error, explain):
    """run(sql, arguments) gives rows or raises error; explain makes fields
    of that. mark is how the client writes a parameter."""
    known = values(folder)
    lines = read(__file__.replace(".py", ".txt")).splitlines()
    for title, sql in zip(lines[::2], lines[1::2]):
        print(f"* {title}")
        arguments = [known[name] for name in re.findall("@[a-z]+@", sql)]
        try:
            show_rows(run(re.sub("@[a-z]+@", lambda _: mark, sql), arguments))
        except error as failure:
            show_error(explain(failure))
