"""Run the blocks of docs/tutorial.md one by one and compare what they show.

A block of the page is one of
    a script ("-- migrate:revision ..."): the file of that name, which stands
        somewhere in the page, gets this text
    a part of one ("-- migrate:verify", "-- migrate:down"): the last file gets
        this section
    SQL: each statement runs; comments behind it, and lines of the graph, are
        what it has to give
    shell: skipped, but for the lines that run psql
Times, milliseconds and hashes that are cut by "..." may differ.
"""

import os
import re
import sqlite3
import subprocess
import sys

DIRECTORY = os.path.join(os.environ["MIGRATE_TMP"], "tutorial")
MODULE = os.path.abspath(os.environ["MIGRATE_SQLITE_MODULE"])
PSQL = os.path.join(os.environ.get("MIGRATE_PG_BINDIR", ""), "psql")
SERVER = "PGHOST" in os.environ
LAST_OF_SQLITE = 6  # sections from here on may be PostgreSQL's

failures = []
counts = {"sqlite": 0, "postgresql": 0}


def blocks(page):
    """(section, the text before, lines) of each indented block."""
    section, before, lines = 0, "", []
    for line in page.split("\n") + ["end"]:
        if line.startswith("    ") or (lines and not line):
            lines.append(line[4:])
            continue
        if lines:
            yield section, before, "\n".join(lines).strip("\n").split("\n")
            before, lines = "", []
        if line.startswith("## "):
            section = int(re.match(r"## (\d*)", line).group(1) or 0)
            before = ""
        before += line + "\n"


def statements(lines):
    """(SQL, lines that it has to give); psql's \\set belongs to what follows."""
    sql, expected = "", []
    for line in lines:
        shown = line.startswith("-- ") or re.match(r"[*o|]", line)
        if shown and not sql.strip().endswith(";"):
            raise SystemExit("output without a statement: " + line)
        if shown:
            expected.append(re.sub(r"^-- ", "", line))
        elif line and not line.startswith("."):
            if sql.strip().endswith(";"):
                yield sql, expected
                sql, expected = "", []
            sql += line + "\n"
    if sql:
        yield sql, expected


def pattern(line):
    """What a shown line may be, blanks around columns aside."""
    line = "|".join(cell.strip() for cell in line.split("|"))
    line = re.escape(line)
    line = re.sub(r"\d+\\\.\d{3}(?!\d)", "[0-9.]+", line)
    line = re.sub(r"\d{4}\\-\d\d\\-\d\d\\ [\d:]+", "[-0-9: .+]+", line)
    return line.replace(r"\.\.\.", "[0-9a-f]+")


def compare(where, sql, expected, got):
    got = ["|".join(cell.strip() for cell in line.split("|"))
           for line in got if line.strip()]
    if len(got) == len(expected) and all(
            re.fullmatch(pattern(e), g) for e, g in zip(expected, got)):
        return
    failures.append("\n".join(
        ["%s: %s" % (where, sql.strip()), "the page shows:"] +
        ["    " + line for line in expected] + ["it gives:"] +
        ["    " + line for line in got]))


class Sqlite:
    def __init__(self, name):
        self.db = sqlite3.connect(name, isolation_level=None)
        self.db.enable_load_extension(True)
        self.db.load_extension(MODULE)

    def run(self, sql):
        try:
            rows = self.db.execute(sql).fetchall()
        except sqlite3.Error as error:
            return ("Runtime error: " + str(error)).split("\n")
        text = "\n".join("|".join("" if cell is None else str(cell)
                                  for cell in row) for row in rows)
        return text.split("\n")


def psql(sql):
    return subprocess.run([PSQL, "-X", "-At"], input=sql, text=True,
                          stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT).stdout.split("\n")


def shell(lines):
    text = "\n".join(lines).replace("shop", os.environ["PGDATABASE"])
    run = subprocess.run(["bash", "-euc", text], text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if run.returncode != 0:
        failures.append(text + "\n" + run.stdout)


def adjust(path, shown):
    """A file that was made just now, under the name that the page shows."""
    with open(path) as file:
        text = file.read()
    os.remove(path)
    ids = [re.match(r"\d+_\d+", os.path.basename(p)).group()
           for p in (path, shown)]
    with open(shown, "w") as file:
        file.write(text.replace(ids[0], ids[1]))


class Tutorial:
    def __init__(self, page):
        self.page = page
        self.path = None
        self.section = 0
        self.sqlite = None

    def script(self, lines):
        name = re.search(lines[0].split()[2] + r"_\w+\.sql", self.page)
        self.path = "migrations/" + name.group()
        with open(self.path, "w") as file:
            file.write("\n".join(lines) + "\n")

    def part(self, lines):
        with open(self.path) as file:
            head, down = file.read().split("-- migrate:down")
        if lines[0] == "-- migrate:verify":
            head = re.sub(r"^INSERT .*\n\n", "", head, flags=re.M)
            text = head + "\n".join(lines) + "\n\n-- migrate:down" + down
        else:
            text = head + "\n".join(lines) + "\n"
        with open(self.path, "w") as file:
            file.write(text)

    def edit(self, old, new):
        path = "migrations/20260119_083000_create_reviews.sql"
        with open(path) as file:
            text = file.read()
        with open(path, "w") as file:
            file.write(text.replace(old, new))

    def other_tool(self):
        """What section 11 begins with: three files, two of them applied."""
        os.makedirs("notes/migrations")
        os.chdir("notes")
        for name, up, down in (
                ("000001_notes", "CREATE TABLE note (id integer)",
                 "DROP TABLE note"),
                ("000002_titles", "ALTER TABLE note ADD COLUMN title text",
                 "ALTER TABLE note DROP COLUMN title"),
                ("000003_index", "CREATE INDEX note_title ON note (title)",
                 "DROP INDEX note_title")):
            for kind, sql in (("up", up), ("down", down)):
                with open("migrations/%s.%s.sql" % (name, kind), "w") as file:
                    file.write(sql + ";\n")
        self.sqlite = Sqlite("notes.db")
        for sql in ("CREATE TABLE schema_migrations (version uint64,"
                    " dirty bool)",
                    "INSERT INTO schema_migrations VALUES (2, 0)",
                    "CREATE TABLE note (id integer, title text)"):
            self.sqlite.run(sql)

    def sql(self, lines, server):
        where = "section %d" % self.section
        for sql, expected in statements(lines):
            if server:
                got = psql(sql)
            else:
                got = self.sqlite.run(sql)
            if expected and re.search(r"migrations/\d+_\d+_", expected[0]):
                adjust(got[0], expected[0])
                got = expected
            counts["postgresql" if server else "sqlite"] += 1
            if expected:
                compare(where, sql, expected, got)

    def enter(self, section):
        self.section = section
        if section == 1:
            self.sqlite = Sqlite("shop.db")
        if section == 11:
            self.other_tool()

    def block(self, section, before, lines):
        if section != self.section:
            self.enter(section)
        if lines[0].startswith("-- migrate:revision"):
            return self.script(lines)
        if lines[0].startswith("-- migrate:"):
            return self.part(lines)
        server = section > LAST_OF_SQLITE and section != 11 and (
            section != 9 or "In PostgreSQL" in before)
        if server and not SERVER:
            return None
        if lines[0].startswith("psql -"):
            return shell(lines)
        if re.match(r"(make|cd|createdb|\.load|mkdir) ", lines[0]) and \
                section != 11:
            return None
        if server and section > 7:
            psql("\\set scripts `cat migrations/*.sql`\n"
                 "SELECT migrate_add(:'scripts');")
        if section == 5:
            self.edit("AND 5", "AND 10")
        self.sql(lines, server)
        if section == 5:
            self.edit("AND 10", "AND 5")
        return None


def main():
    if not hasattr(sqlite3.Connection, "enable_load_extension"):
        print("skip tutorial - this python3 loads no extensions")
        return
    with open(sys.argv[1]) as file:
        page = file.read()
    os.makedirs(DIRECTORY + "/migrations")
    os.chdir(DIRECTORY)
    tutorial = Tutorial(page)
    for section, before, lines in blocks(page):
        if section > 0:
            tutorial.block(section, before, lines)
    print("# %d statements in SQLite, %d in PostgreSQL" % (
        counts["sqlite"], counts["postgresql"]))
    if not SERVER:
        print("skip tutorial/postgresql - there is no server")
    if counts["sqlite"] < 30 or (SERVER and counts["postgresql"] < 12):
        failures.append("blocks of the page were not found")
    for failure in failures:
        print("not ok tutorial - " + failure)
    if not failures:
        print("ok tutorial")


main()
