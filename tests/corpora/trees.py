"""Trees of other tools, read as revisions in the order of their own tool.

    for revision in read(find("coder-pg"), folder):
        revision.native(previous)       a script of ours, as bytes

A reader joins what belongs together and leaves the SQL as it is, byte for
byte: line ends, comments and a BEGIN and COMMIT of its own stay.
"""

import os
import re
from collections import namedtuple

# reader      a function of this module
# database    which one it is for
# whole       None: all of it works in one transaction; else the words that
#             the refusal holds
# before      SQL that its tool has run before the first revision
# keys        SQLite: whether foreign keys are on, as its application has it
# usual       whether it is tested by default
# stop        how many revisions can be run by SQL alone
# recorded    how many of them the recorded schema holds, if not all
Tree = namedtuple(
    "Tree",
    "name tool reader database whole before keys usual stop recorded",
    defaults=(None, "", True, False, None, None),
)

SQLX_TABLE = """CREATE TABLE public._sqlx_migrations (
    version bigint PRIMARY KEY,
    description text NOT NULL,
    installed_on timestamptz NOT NULL DEFAULT now(),
    success boolean NOT NULL,
    checksum bytea NOT NULL,
    execution_time bigint NOT NULL
);"""

ALONE = "cannot run inside a transaction"
ENUM = "unsafe use of new value"
UNKNOWN = ""


class Revision:
    def __init__(self, name, up, down=None, alone=False, down_alone=False):
        self.id = name
        self.up = up
        self.down = down
        self.alone = alone  # its tool runs it outside of a transaction
        self.down_alone = down_alone

    def native(self, previous):
        parts = [
            "-- migrate:revision %s\n-- migrate:revises %s\n"
            % (self.id, previous or "base"),
            section("up", self.alone),
            ended(self.up),
        ]
        if self.down is not None:
            parts += [section("down", self.down_alone), ended(self.down)]
        return b"".join(p if isinstance(p, bytes) else p.encode() for p in parts)


def section(kind, alone):
    return "-- migrate:%s%s\n" % (kind, " transaction:false" if alone else "")


def ended(body):
    return body if body.endswith(b"\n") or not body else body + b"\n"


def content(path):
    with open(path, "rb") as file:
        return file.read()


def optional(path):
    return content(path) if os.path.exists(path) else None


def dbmate(folder):
    """They are scripts of ours; cut here for the tests by hand."""
    for name in sorted(os.listdir(folder)):
        parts = re.split(rb"(?m)^-- *migrate:(up|down).*\n", content(f"{folder}/{name}"))
        found = dict(zip(parts[1::2], parts[2::2]))
        stem = re.match(r"\d+", name).group()
        yield Revision(stem, found[b"up"], found.get(b"down"))


def pairs(folder):
    """NAME.up.sql and perhaps NAME.down.sql."""
    for name in sorted(os.listdir(folder)):
        if name.endswith(".up.sql"):
            stem = name[: -len(".up.sql")]
            yield Revision(
                stem,
                content(f"{folder}/{name}"),
                optional(f"{folder}/{stem}.down.sql"),
            )


MARK = b"/* TEMPLATE: schema */"


def marked_pairs(folder):
    """The same, with a mark where a schema's name may stand."""
    for r in pairs(folder):
        yield Revision(r.id, r.up.replace(MARK, b""), r.down.replace(MARK, b""))


def take_out_marks(folder):
    """The files without it; some stand inside of strings."""
    for name in os.listdir(folder):
        text = content(f"{folder}/{name}").replace(MARK, b"")
        with open(f"{folder}/{name}", "wb") as file:
            file.write(text)


def folders(folder):
    """NAME/up.sql with NAME/down.sql, or NAME/migration.sql."""
    for name in sorted(os.listdir(folder)):
        path = f"{folder}/{name}"
        if os.path.exists(path + "/migration.sql"):
            yield Revision(name, content(path + "/migration.sql"))
        elif os.path.isdir(path):
            yield Revision(
                name, content(path + "/up.sql"), optional(path + "/down.sql")
            )


def sqlx(folder):
    for name in sorted(os.listdir(folder)):
        up = content(f"{folder}/{name}")
        alone = up.startswith(b"-- no-transaction")
        yield Revision(name[: -len(".sql")], up, alone=alone)


def version(name):
    return [int(n) for n in re.findall(r"\d+", name.split("__")[0])]


def flyway(folder):
    for name in sorted(os.listdir(folder), key=version):
        yield Revision(name[: -len(".sql")], content(f"{folder}/{name}"))


def plain(folder):
    for name in sorted(os.listdir(folder)):
        if name.endswith(".sql"):
            yield Revision(name[: -len(".sql")], content(f"{folder}/{name}"))


def goose(folder):
    """-- +goose Up and Down; the other annotations only guide its splitter."""
    for name in sorted(os.listdir(folder), key=lambda n: int(n.split("_")[0])):
        text = content(f"{folder}/{name}")
        alone = bool(re.search(rb"(?mi)^ *-- *\+goose NO TRANSACTION", text))
        parts = re.split(rb"(?mi)^ *-- *\+goose +(?:Up|Down)\b.*\n?", text)
        bodies = [re.sub(rb"(?mi)^ *-- *\+goose .*\n?", b"", p) for p in parts]
        stem = name.rsplit(".", 1)[0]
        if name.endswith(".sql"):
            down = bodies[2] if len(bodies) > 2 else None
            yield Revision(stem, bodies[1], down, alone, alone)


TREES = [
    Tree("ncps-dbmate-pg", "dbmate", dbmate, "postgresql", usual=True),
    Tree("ncps-dbmate-sqlite", "dbmate", dbmate, "sqlite", usual=True),
    Tree("pocketid-sqlite", "golang-migrate", pairs, "sqlite", usual=True),
    Tree("pocketid-pg", "golang-migrate", pairs, "postgresql"),
    Tree("vaultwarden-sqlite", "Diesel", folders, "sqlite", keys=False),
    Tree("vaultwarden-pg", "Diesel", folders, "postgresql"),
    Tree("river-sqlite", "River", marked_pairs, "sqlite"),
    Tree("river-pg", "River", marked_pairs, "postgresql", whole=ENUM, usual=True),
    Tree("coder-pg", "golang-migrate", pairs, "postgresql"),
    Tree("mas-pg", "sqlx", sqlx, "postgresql", whole=ALONE, before=SQLX_TABLE),
    Tree("hatchet", "goose", goose, "postgresql", whole=ALONE, stop=181, recorded=152),
    Tree("documenso", "Prisma", folders, "postgresql"),
    Tree("kestra-pg", "Flyway", flyway, "postgresql"),
    Tree("preciazo-sqlite", "Drizzle", plain, "sqlite", usual=True),
]


# As migrate_load() calls them; what is plain has no layout of its own.
LAYOUTS = {
    "dbmate": "native",
    "golang-migrate": "golang-migrate",
    "diesel": "diesel",
    "river": "golang-migrate",
    "sqlx": "sqlx",
    "goose": "goose",
    "prisma": "prisma",
    "flyway": "flyway",
    "drizzle": "drizzle",
}

READERS = {tree.tool.lower(): tree.reader for tree in TREES}
READERS["plain"] = plain


def chosen(names):
    """By name; none: the usual ones; "all". NAME:TOOL:DATABASE is a tree that
    stands in no list."""
    for tree in TREES:
        if tree.name in names or names == ["all"] or (not names and tree.usual):
            yield tree
    for name in names:
        if name.count(":") == 2:
            folder, tool, database = name.split(":")
            yield Tree(folder, tool, READERS[tool], database, whole=UNKNOWN)


def read(tree, corpora):
    found = list(tree.reader(os.path.join(corpora, tree.name)))
    return found[: tree.stop]
