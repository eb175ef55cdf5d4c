#!/usr/bin/env python3
"""Real migration trees through the engine, compared with what they give
without it.

    corpora.py FOLDER [NAME ...]        none: the usual ones; all: all

Of each tree, in databases of its own:

  - its files become scripts of ours (dbmate's are), migrate_load takes them;
  - migrate_apply of all, in one transaction; where the tree cannot have that,
    the call must be refused, leave nothing, and a call a revision works;
    a revision that refuses a transaction runs by the script of migrate_sql;
  - the schema must be that of FOLDER/schema/NAME.sql and that of the same
    files by hand (byhand.py);
  - migrate_verify is silent, migrate_check content, loading again changes
    nothing, and a second database has the same fingerprint;
  - the tree's own directory, loaded as it is, is known for its tool's and
    ends with the same schema;
  - the offline script of a tree that can run in one transaction gives the
    same schema;
  - SQLite: rows survive as they do by hand (rows.py);
  - every down is run, newest first: those that fail are those that fail by
    hand, and what is left is the same. (SQLite drops no column that has an
    index: by hand the index goes first.)

Result lines are those of tests/run.sh; lines that begin with "|" are the
table of docs/corpora.md.
"""

import os
import re
import shutil
import sys
import time

import refusals
import rows
import trees
from byhand import ByHand, batches
from databases import TMP, Postgres, Sqlite, SqlError, has_postgresql, literal
from databases import normal_dump


ONE = "one transaction"


class Failed(Exception):
    """A check that did not hold."""


def expect(condition, text):
    if not condition:
        raise Failed(text)


DATABASES = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}


def plural(items, one, many):
    return one if len(items) == 1 else many


def equal(got, wanted, what):
    if got != wanted:
        raise Failed(f"{what}: {got!r}, not {wanted!r}")


def different(got, wanted, limit=12):
    """Some of the lines that only one side has."""
    a, b = got.splitlines(), wanted.splitlines()
    only_a, only_b = set(a) - set(b), set(b) - set(a)
    lines = ["+ " + x for x in a if x in only_a][:limit]
    lines += ["- " + x for x in b if x in only_b][:limit]
    return "\n".join(lines) or "the same lines in another order"


def same_schema(got, wanted, what):
    expect(got == wanted, f"the schema is not {what}\n" + different(got, wanted))


def undated(text):
    """A tree may name partitions by the day that it runs on."""
    folded = re.sub(r"_20\d{6}", "_DAY", text)
    if folded == text:
        return text
    folded = re.sub(r"'20\d\d-\d\d-\d\d[^']*'", "'DAY'", folded)
    return "\n".join(sorted(folded.splitlines()))


class Subject:
    """One tree and the databases that it is tested in."""

    def __init__(self, tree, corpora):
        self.tree = tree
        self.corpora = corpora
        self.revisions = trees.read(tree, corpora)
        self.folder = os.path.join(TMP, tree.name)
        self.native = os.path.join(self.folder, "native")
        self.used = []
        self.notes = []
        self.how = ONE
        self.then = None  # the schema to compare with the recorded one

    def database(self, suffix, install=True):
        name = self.tree.name + suffix
        if self.tree.database == "sqlite":
            db = Sqlite(name, self.tree.keys)
        else:
            db = Postgres(name)
        self.used.append(db)
        if self.tree.before:
            db.run(self.tree.before)
        if install:
            db.install()
        return db

    def write_scripts(self):
        source = os.path.join(self.corpora, self.tree.name)
        if self.tree.reader is trees.dbmate:
            shutil.copytree(source, self.native)
            return
        os.makedirs(self.native)
        previous = None
        for r in self.revisions:
            with open(os.path.join(self.native, r.id + ".sql"), "wb") as file:
                file.write(r.native(previous))
            previous = r.id

    def schema_file(self):
        return os.path.join(self.corpora, "schema", self.tree.name + ".sql")

    def expected(self):
        with open(self.schema_file(), encoding="utf-8") as file:
            return file.read()

    def clean(self):
        for db in self.used:
            db.drop()
        shutil.rmtree(self.folder, ignore_errors=True)

    # The steps; each is one result line.

    def load(self):
        self.write_scripts()
        self.db = self.database("")
        self.start = self.db.schema()
        call = f"migrate_load({literal(self.native)})"
        n = len(self.revisions)
        equal(self.db.value(call), str(n), "migrate_load")
        equal(self.db.value(call), "0", "migrate_load again")
        heads = self.db.rows("migrate_heads()", "revision")
        equal(heads, [(self.revisions[-1].id,)], "heads")
        equal(len(self.db.rows("migrate_plan()")), n, "length of the plan")

    def apply(self):
        try:
            done = self.db.value("migrate_apply()")
        except SqlError as error:
            self.refused(str(error))
            self.step_by_step()
        else:
            expect(not self.tree.whole, f"not refused: {self.tree.whole}")
            equal(done, str(len(self.revisions)), "migrate_apply")
        equal(self.db.value("migrate_apply()"), "0", "migrate_apply again")
        self.schema = self.db.schema()
        self.then = self.then or self.schema

    def refused(self, error):
        known = [self.tree.whole] if self.tree.whole is not None else []
        if self.tree.whole == trees.UNKNOWN:
            known = [trees.ALONE, trees.ENUM]
        words = [w for w in known if w in error]
        expect(words, error)
        same_schema(self.db.schema(), self.start, "untouched by a refused run")
        self.how = "revision by revision"
        self.notes.append("one transaction is refused: " + words[0])

    def step_by_step(self):
        plan = self.db.rows("migrate_plan()", "revision, transactional")
        script = os.path.join(self.folder, "alone.sql")
        part = self.tree.recorded
        if part:
            self.run_plan(plan[:part], script)
            self.then = self.db.schema()
            self.notes.append(f"the recorded schema is that of the first {part}")
        self.run_plan(plan[part or 0 :], script)
        alone = sum(transactional == "f" for _, transactional in plan)
        if alone:
            self.notes.append(f"{alone} by the script of `migrate_sql`")

    def run_plan(self, plan, script):
        text = ""
        for revision, transactional in plan:
            target = literal(revision)
            if transactional == "t":
                text += f"SELECT migrate.migrate_apply({target});\n"
            else:
                text += f"SELECT migrate.migrate_sql({target}) \\g {script}\n"
                text += f"\\i {script}\n"
        self.db.run(text)

    def recorded(self):
        if not os.path.exists(self.schema_file()):
            return False
        wanted = self.expected()
        if self.db.kind == "sqlite":
            got, wanted = " ".join(self.then.split()), " ".join(wanted.split())
        else:
            got, wanted = undated(self.then), undated(normal_dump(wanted))
        same_schema(got, wanted, "that of schema/" + self.tree.name + ".sql")
        return True

    def by_hand(self):
        self.hand_db = self.database("_hand", install=False)
        self.hand = ByHand(
            self.hand_db, self.revisions, os.path.join(self.folder, "hand")
        )
        self.hand.apply()
        same_schema(self.schema, self.hand_db.schema(), "that of its files by hand")

    def content(self):
        db, twin = self.db, self.hand_db
        equal(db.rows("migrate_verify()"), [], "migrate_verify")
        equal(db.value("migrate_check()"), "0", "migrate_check")
        call = f"migrate_load({literal(self.native)})"
        equal(db.value(call), "0", "migrate_load of what is applied")
        twin.install()
        equal(twin.value(call), str(len(self.revisions)), "load of a twin")
        one, two = (d.value("migrate_fingerprint()") for d in (db, twin))
        equal(one, two, "fingerprint of a twin")
        expect(re.fullmatch("[0-9a-f]{64}", one), f"fingerprint {one!r}")
        equal(twin.value("migrate_stamp('head')"), str(len(self.revisions)), "stamp")
        equal(twin.value("migrate_check()"), "0", "migrate_check of a twin")

    def auto(self):
        """The directory as it is: its layout is found, and gives the same."""
        layout = trees.LAYOUTS.get(self.tree.tool.lower())
        if layout is None:
            return False
        source = os.path.join(self.corpora, self.tree.name)
        copy = os.path.join(self.folder, "auto")
        # Migrations in Go are revisions that no database can run.
        shutil.copytree(source, copy, ignore=shutil.ignore_patterns("*.go"))
        if self.tree.reader is trees.marked_pairs:
            trees.take_out_marks(copy)
        db = self.database("_auto")
        db.value(f"migrate_load({literal(copy)})")
        equal(db.value(f"migrate_load({literal(copy)}, {literal(layout)})"), "0",
              f"migrate_load again as {layout}")
        plan = db.rows("migrate_plan('heads')", "revision, transactional")
        first = db.value(f"migrate_script({literal(plan[0][0])})")
        origin = re.search(r"(?m)^-- migrate:origin (\S+)", first)
        equal(origin.group(1) if origin else "native", layout, "layout")
        plan = plan[: len(self.revisions)]
        equal(len(plan), len(self.revisions), "length of the plan")
        one, self.db = self.db, db
        try:
            if self.how == ONE:
                db.value("migrate_apply('heads')")
            else:
                script = os.path.join(self.folder, "auto.sql")
                self.run_plan(plan, script)
        finally:
            self.db = one
        same_schema(db.schema(), self.schema, "that of its own directory")
        return True

    def offline(self):
        if self.how != ONE:
            return False
        script = self.db.value("migrate_sql('head', 'base')")
        other = self.database("_offline", install=False)
        if other.kind == "sqlite":
            script = re.sub(r"(?m)^\.bail .*$", "", script)
        other.run(script)
        same_schema(other.schema(), self.schema, "that of the offline script")
        return True

    def rows(self):
        if self.tree.database != "sqlite":
            return False
        db, other = self.database("_rows"), self.database("_rows_hand", install=False)
        db.value(f"migrate_load({literal(self.native)})")
        folder = os.path.join(self.folder, "rows")
        wrong, count = rows.survive(db, ByHand(other, self.revisions, folder))
        expect(not wrong, wrong)
        expect(count, "no table could be filled")
        return True

    def revert(self):
        reach = [r for r in self.revisions if r.down is not None]
        if not reach:
            self.notes.append("no downs")
            return False
        failed = self.revert_all()
        by_hand = self.hand.revert()
        helped = self.hand.helped
        equal(sorted(failed), sorted(by_hand), "downs that fail")
        same_schema(
            self.db.schema(), self.hand_db.schema(), "that of the downs by hand"
        )
        none = len(self.revisions) - len(reach)
        if none:
            self.notes.append(f"{none} {'has' if none == 1 else 'have'} no down")
        if failed:
            self.notes.append(
                f"{len(failed)} {plural(failed, 'down fails', 'downs fail')},"
                " by hand as well"
            )
        if helped:
            self.notes.append(
                f"{len(helped)} {plural(helped, 'needs', 'need')} help by hand:"
                " SQLite drops no column that has an index"
            )
        if failed or none:
            pass
        elif self.db.schema() != self.start:
            self.notes.append("all downs run, and leave what they leave by hand")
        else:
            self.notes.append("all downs run, nothing is left")
            self.apply_again()
        return True

    def apply_again(self):
        if self.how != ONE:
            return
        equal(self.db.value("migrate_apply()"), str(len(self.revisions)), "apply")
        same_schema(self.db.schema(), self.schema, "that of the first apply")

    def revert_all(self):
        """All in one call, else one by one past those that fail."""
        try:
            done = self.db.value("migrate_revert('base')")
        except SqlError:
            same_schema(self.db.schema(), self.schema, "untouched by a failed revert")
        else:
            equal(done, str(len(self.revisions)), "migrate_revert")
            return set()
        steps = []
        for below, r in zip([None] + self.revisions, self.revisions):
            steps.append((r, literal(below.id if below else "base")))
        steps.reverse()
        if self.db.kind == "sqlite":
            return self.revert_sqlite(steps)
        return self.revert_postgresql(steps)

    def revert_sqlite(self, steps):
        failed = set()
        for r, below in steps:
            try:
                self.db.value(f"migrate_revert({below})")
            except SqlError:
                if r.down is not None:
                    failed.add(r.id)
                self.db.value(f"migrate_stamp({below})")
        return failed

    def revert_postgresql(self, steps):
        failed = set()
        for single, batch in batches(steps, lambda s: s[0].down_alone):
            if single:
                failed |= self.revert_alone(*batch[0])
                continue
            text = "".join(
                f"SELECT migrate.migrate_revert({below});\n\\if :ERROR\n"
                f"\\echo failed {r.id}\n"
                f"SELECT migrate.migrate_stamp({below});\n\\endif\n"
                for r, below in batch
            )
            failed |= set(re.findall(r"(?m)^failed (.*)$", self.db.run_on(text)[0]))
        return failed - {r.id for r in self.revisions if r.down is None}

    def revert_alone(self, r, below):
        try:
            self.db.run(self.db.value(f"migrate_sql({below}, {literal(r.id)})"))
        except SqlError:
            self.db.value(f"migrate_stamp({below})")
            return {r.id} if r.down is not None else set()
        return set()


STEPS = [
    "load",
    "apply",
    "recorded",
    "by_hand",
    "content",
    "auto",
    "offline",
    "rows",
    "revert",
]


def missing(tree, corpora):
    """Why it cannot be tested here, or None."""
    if not os.path.isdir(os.path.join(corpora, tree.name)):
        return "it is not in the folder"
    if tree.database == "postgresql" and not has_postgresql():
        return "there is no PostgreSQL server"
    return None


def test(tree, corpora):
    begin = time.monotonic()
    subject = Subject(tree, corpora)
    wrong = None
    for step in STEPS:
        try:
            if getattr(subject, step)() is not False:
                print(f"ok {tree.name}/{step}", flush=True)
        except (Failed, SqlError) as error:
            print(f"not ok {tree.name}/{step} - {error}", flush=True)
            wrong = wrong or step
            if step in ("load", "apply", "by_hand"):
                break
    subject.clean()
    result = "fails: " + wrong if wrong else "same schema, " + subject.how
    print(
        f"| {tree.name}{' *' if tree.usual else ''} | {tree.tool}"
        f" | {len(subject.revisions)} | {DATABASES[tree.database]}"
        f" | {result} | {'; '.join(subject.notes)} |",
        f"{time.monotonic() - begin:.1f} s",
        flush=True,
    )


def main(corpora, names):
    for tree in trees.chosen(names):
        reason = missing(tree, corpora)
        if reason:
            print(f"skip {tree.name} - {reason}", flush=True)
        else:
            test(tree, corpora)
    if not names or names == ["all"]:
        refusals.test(corpora)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
