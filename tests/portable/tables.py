"""Random tables, and random changes of them, as a model: rebuild.py has the
engine carry the changes out and makes the changed model's table by hand.

    t = Table(random)
    t.create(), t.around()   statements that make it and what refers to it
    change(random, t, n)     an action as PostgreSQL writes it, done to t

Texts of rules, indexes and views have columns in them, not their names, so
that they follow one that gets another name.
"""

TYPES = ["integer", "text", "varchar(20)", "numeric(8,2)", "boolean", "blob", "real", "bigint"]
STRICT = ["INTEGER", "INT", "TEXT", "BLOB", "REAL", "ANY"]
FLOATS = ("numeric(8,2)", "boolean", "real", "REAL")
DEFAULTS = [None, None, "7", "'seven'", "NULL", "(1 + 2)", "-1", "'it''s, (so)'", "x'00ff'"]
CONFLICTS = ["", "", "", " ON CONFLICT ABORT", " ON CONFLICT REPLACE", " ON CONFLICT IGNORE",
             " ON CONFLICT FAIL", " ON CONFLICT ROLLBACK"]
COLLATIONS = ["NOCASE", "RTRIM", "BINARY"]
COMMENTS = ["/* plain {} */", "/* it's, ( {} */", "-- ) \" {}\n", "/* -- {} */", "-- /* {}\n"]
NAMES = ["order", "Mixed Case", "naïve", "日本", "rowid", "oid", "say \"x\"", "it's", "a.b", "--no",
         "/*no", "(", "check", "new", "select", "unique", "x,y", "[z"]
ROWIDS = ("rowid", "oid", "_rowid_")
TABLES = ["t", "t", "t", "order", "Tabelle ü", "it's", "check"]
ACTIONS = ["", "CASCADE", "SET NULL", "SET DEFAULT", "NO ACTION", "RESTRICT"]
DEFERRED = ["", "", " DEFERRABLE INITIALLY DEFERRED", " NOT DEFERRABLE",
            " DEFERRABLE INITIALLY IMMEDIATE"]
KEYS = ["integer PRIMARY KEY", "INTEGER PRIMARY KEY AUTOINCREMENT", "bigint NOT NULL PRIMARY KEY",
        "bigint NOT NULL UNIQUE", "INTEGER PRIMARY KEY DESC", "INT NOT NULL PRIMARY KEY",
        "INTEGER|PRIMARY KEY (id)", "INTEGER|PRIMARY KEY (id DESC)", "bigint NOT NULL|CONSTRAINT t_pk PRIMARY KEY (id)",
        "INTEGER PRIMARY KEY ON CONFLICT REPLACE AUTOINCREMENT",
        "bigint NOT NULL UNIQUE|PRIMARY KEY ({0}, id)"]


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def reference(rnd, actions=ACTIONS):
    """What stands behind REFERENCES t (c)."""
    text = ""
    for event in ("DELETE", "UPDATE"):
        action = rnd.choice(actions)
        text += f" ON {event} {action}" if action else ""
    return text + rnd.choice(DEFERRED)


class Column:
    """`parts` are texts behind its type, each with the columns in it."""

    def __init__(self, rnd, name, type):
        self.name, self.type = name, type
        self.q = name if name.isascii() and name.isalnum() and name[-1].isdigit() else quoted(name)
        self.before = rnd.random() < 0.5  # the type
        self.comment = rnd.choice(COMMENTS).format(name.replace("*/", ""))
        self.null, self.null_text = True, " NOT NULL"
        self.default = None
        self.unique = None  # or its conflict clause
        self.collate = None
        self.checks = []  # (name or None, text, columns)
        self.generated = None  # (text, columns, STORED or VIRTUAL)
        self.refers = None
        self.source = self.q  # what its values are made of, in the table before
        self.new = False  # of the script at hand
        self.made = False  # by a change of its type
        self.touched = False
        self.kept = True  # its comment

    def text(self):
        parts = [self.comment, self.type] if self.before else [self.type, self.comment]
        if not self.kept:
            parts = [self.type]
        if self.collate:
            parts.append("COLLATE " + self.collate)
        if not self.null:
            parts.append(self.null_text.strip())
        if self.default:
            parts.append("DEFAULT " + self.default)
        if self.unique is not None:
            parts.append("UNIQUE" + self.unique)
        for name, text, columns in self.checks:
            text = "CHECK (" + text.format(*[c.q for c in columns]) + ")"
            parts.append(f"CONSTRAINT {quoted(name)} {text}" if name else text)
        if self.generated:
            text, columns, how = self.generated
            parts.append(f"GENERATED ALWAYS AS ({text.format(*[c.q for c in columns])}) {how}")
        if self.refers:
            parts.append(self.refers)
        return self.q + " " + " ".join(parts)

    def value(self, rnd, i, clean):
        """One that fits, or, where SQLite does not mind, another."""
        if self.null and rnd.random() < 0.15:
            return None
        if self.type == "ANY" or not clean:
            return rnd.choice([i * 10, f"v{i}", f"V{i} "])
        if self.unique is None and rnd.random() < 0.3:
            i = 1
        kind = self.type.lower()
        if kind in ("integer", "int", "bigint"):
            return rnd.choice([i * 10, -i])
        if kind == "boolean":
            return i % 2
        if kind == "blob":
            return bytes([i, 0, 255])
        if kind in ("real", "numeric(8,2)"):
            return i + 0.5
        return rnd.choice([f"v{i}", f"V{i}", f"v{i} ", f"{i}"])


def own_column(rnd, name, strict):
    c = Column(rnd, name, rnd.choice(STRICT if strict else TYPES))
    c.null = rnd.random() < 0.6
    c.null_text += rnd.choice(CONFLICTS)
    c.default = rnd.choice(DEFAULTS)
    if rnd.random() < 0.2:
        c.unique = rnd.choice(CONFLICTS)
    if c.type.lower().startswith(("text", "var", "any")) and rnd.random() < 0.6:
        c.collate = rnd.choice(COLLATIONS)
    if rnd.random() < 0.3:
        c.checks.append((f"check {name}", "length({0}) < 90 /* ) */", [c]))
    if rnd.random() < 0.1:
        c.checks.append((None, "{0} IS NOT ', CHECK ('", [c]))
    return c


class Table:
    def __init__(self, rnd):
        self.name = rnd.choice(TABLES)
        self.q = self.name if self.name == "t" else quoted(self.name)
        self.strict = rnd.random() < 0.25
        self.clean = self.strict or rnd.random() < 0.5
        names = [f"c{i}" for i in range(rnd.randint(2, 6))]
        for i in range(len(names)):
            if rnd.random() < 0.3:
                names[i] = rnd.choice([n for n in NAMES if n not in names])
        self.columns = [own_column(rnd, n, self.strict) for n in names]
        own = list(self.columns)
        key, _, rule = rnd.choice(KEYS).partition("|")
        if self.strict:
            key = key.replace("bigint", "INT").replace("integer", "INTEGER")
        self.key = key
        self.rules = []  # (name or None, text, columns)
        if rule:
            self.rules.append((None, rule, [own[0]] if "{0}" in rule else []))
        if "{0}" in rule:
            own[0].null, own[0].null_text = False, " NOT NULL"
        primary = "PRIMARY" in key or rule
        self.rowids = not primary or "AUTO" in key or rnd.random() < 0.7
        self.alias = self.rowids and "DESC" not in key and (
            key.lower().startswith("integer primary key") or (key == "INTEGER" and rule))
        self.table_rules(rnd, own)
        self.extra(rnd, own)
        self.indexes = []  # (name, text behind ON, columns, unique)
        for i in range(rnd.randint(0, 3)):
            a, b = rnd.choice(own), rnd.choice(own)
            text, unique = rnd.choice([("({0})", ""), ("({0} DESC, {1})", ""), ("(lower({0}))", ""),
                                       ("({1}) WHERE {0} IS NOT NULL", ""), ("(id, {0})", "UNIQUE "),
                                       ("({0} COLLATE NOCASE, {1} COLLATE RTRIM)", ""),
                                       ("(id + 1, {0})", "")])
            used = [a, b] if "{1}" in text else [a]
            self.indexes.append((f"i{i}", text, used, unique))
        self.looks = None  # a column of a view; not one whose name the rowid has, too
        if rnd.random() < 0.25:
            self.looks = rnd.choice([c for c in own if c.name not in ROWIDS] or [None])
        self.temporary = rnd.random() < 0.3
        self.child = reference(rnd)
        # A second key that others refer to, of an index or a constraint.
        self.target = None
        if rnd.random() < 0.15:
            self.target = k = Column(rnd, "k9", "INTEGER")
            if rnd.random() < 0.5:
                k.unique = ""
            else:
                self.indexes.append(("ik", "({0})", [k], "UNIQUE "))
            self.columns.append(k)
        self.renamed, self.broken = False, None
        self.end = "/* ) the end */"
        self.added = []  # constraints of the script at hand: they are not dropped again

    def table_rules(self, rnd, own):
        """Constraints of the table."""
        a, b = own[0], own[-1]
        if rnd.random() < 0.4:
            self.rules.append(("both", "UNIQUE (id, {0})" + rnd.choice(CONFLICTS), [a]))
        if rnd.random() < 0.4:
            self.rules.append((None, "CHECK ({0} IS NULL OR id <> -1)", [b]))
        if rnd.random() < 0.2:
            self.rules.append((None, f"CHECK ({self.q}.id <> -9 AND '/*' <> ')')", []))
        if rnd.random() < 0.2:
            self.rules.append(("pair", "UNIQUE ({0} COLLATE NOCASE DESC, id)", [b]))

    def extra(self, rnd, own):
        """Generated columns and those that refer to rows."""
        if rnd.random() < 0.4:
            g = Column(rnd, "g", "INTEGER" if self.strict else rnd.choice(["", "integer", "text"]))
            g.before = True  # SQLite takes it for a part of the type otherwise
            if rnd.random() < 0.6:
                g.generated = ("id + 2", [], rnd.choice(["VIRTUAL", "STORED"]))
            else:
                g.generated = ("length({0})", [rnd.choice(own)], rnd.choice(["VIRTUAL", "STORED"]))
            if rnd.random() < 0.2:
                g.checks.append((None, "{0} <> -100", [g]))
            self.columns.append(g)
        if rnd.random() < 0.5:
            c = Column(rnd, "pid", "INTEGER" if self.strict else "bigint")
            c.refers = "REFERENCES p (id)" + reference(rnd)
            c.default = rnd.choice([None, "1"])
            self.columns.append(c)
        if rnd.random() < 0.3:
            c = Column(rnd, "sid", "INTEGER" if self.strict else "bigint")
            actions = ACTIONS
            if "REPLACE" in self.create():
                # SQLite 3.40 lets some orphans pass; which ones goes by the order
                # in which it has read the tables.
                actions = [a for a in ACTIONS if a != "SET NULL"]
            own = reference(rnd, actions)
            c.refers = f"CONSTRAINT own REFERENCES {self.q} (id)" + own
            self.columns.append(c)
            if rnd.random() < 0.3:
                c.refers = None
                self.rules.append(("own", "FOREIGN KEY ({0}) REFERENCES " + self.q + " (id)" + own,
                                   [c]))

    def create(self):
        items = [f"id {self.key} -- the key\n"] + [c.text() for c in self.columns]
        for name, text, columns in self.rules:
            text = text.format(*[c.q for c in columns])
            items.append(f"CONSTRAINT {quoted(name)} {text}" if name else text)
        options = ["STRICT"] * self.strict + ["WITHOUT ROWID"] * (not self.rowids)
        return f"CREATE TABLE {self.q} (\n  {', '.join(items)}\n/* ) the end */)" + ", ".join(options)

    def others(self):
        """Tables that refer to it."""
        yield f"CREATE TABLE child (tid bigint REFERENCES {self.q} (id){self.child})"
        if self.target:
            yield f"CREATE TABLE other (k bigint REFERENCES {self.q} ({self.target.q}))"

    def around(self):
        """What else there is of it."""
        t = self.q
        for name, text, columns, unique in self.indexes:
            yield f"CREATE {unique}INDEX {name} ON {t} {text.format(*[c.q for c in columns])}"
        yield f"CREATE TRIGGER tr AFTER INSERT ON {t} BEGIN INSERT INTO log VALUES (new.id); END"
        yield (f"CREATE TRIGGER up AFTER UPDATE OF id ON {t} WHEN new.id > 3 BEGIN"
               " INSERT INTO log VALUES (old.id); END")
        yield ("CREATE TRIGGER other_tr AFTER INSERT ON p BEGIN"
               f" UPDATE {t} SET id = id WHERE id = new.id; END")
        yield f"CREATE VIEW v AS SELECT id FROM {t}"
        yield "CREATE VIEW w AS SELECT id + 1 AS n FROM v"
        yield "CREATE VIEW x (a, b) AS SELECT w.n, v.id FROM w JOIN v ON v.id + 1 = w.n"
        yield ("CREATE TRIGGER instead INSTEAD OF INSERT ON w BEGIN"
               f" INSERT INTO {t} (id) VALUES (new.n - 1); END")
        yield f"CREATE TRIGGER gone INSTEAD OF DELETE ON x BEGIN DELETE FROM {t} WHERE id = old.b; END"
        if self.looks:
            yield f"CREATE VIEW looks AS SELECT {self.looks.q} AS a FROM {t}"
        if self.temporary:
            yield (f"CREATE TEMP TRIGGER tt AFTER DELETE ON main.{t} BEGIN"
                   " INSERT INTO log VALUES (old.id); END")


def late(rnd, t):
    """A column that comes behind the rows: they have no value in it of their own."""
    c = Column(rnd, "s1", "INTEGER" if t.strict else "integer")
    c.null, c.default, c.kept = rnd.random() < 0.5, "3", False
    return c


def in_key(t, c):
    return any("PRIMARY" in text and c in columns for _, text, columns in t.rules)


def drop_column(t, c):
    """With the constraints and indexes that name it, as PostgreSQL does."""
    if any(o.generated and c in o.generated[1] for o in t.columns) or c is t.looks:
        t.broken = f"{c.name} is used"  # where by hand its name may be a string
    if any(o.name == "s1" for o in t.columns):
        t.end = ""  # SQLite has put that column behind it, and may take it for c's
    t.columns.remove(c)
    t.rules = [r for r in t.rules if c not in r[2]]
    t.indexes = [i for i in t.indexes if c not in i[2]]
    for o in t.columns:
        if any(c in columns for _, _, columns in o.checks):
            o.checks = [r for r in o.checks if c not in r[2]]
            o.touched = True


def nullness(rnd, t, c, n):
    if c.generated or in_key(t, c):
        return None
    if rnd.random() < 0.5:
        t.added.append(c)
        c.null, c.null_text = False, c.null_text if not c.null else " NOT NULL"
        return f"ALTER COLUMN {quoted(c.name)} SET NOT NULL"
    if c in t.added:
        return None
    c.null = True
    return f"ALTER COLUMN {quoted(c.name)} DROP NOT NULL"


def default(rnd, t, c, n):
    if c.generated:
        return None
    c.default = rnd.choice(["42", None])
    return f"ALTER COLUMN {quoted(c.name)} " + ("SET DEFAULT 42" if c.default else "DROP DEFAULT")


def retype(rnd, t, c, n):
    """Types whose texts are not PostgreSQL's, and bytes, are refused."""
    if c.generated or c.refers or c.type in FLOATS + ("blob", "BLOB") or c.name in ("sid", "k9"):
        return None
    if c.made or (c.new and not t.alone):
        return None
    if rnd.random() < 0.3:
        c.source, c.made = "(id * 2)", True
        c.type = "INTEGER" if t.strict else "bigint"
        c.default = None  # PostgreSQL would have to cast it
        return (f"ALTER COLUMN {quoted(c.name)} DROP DEFAULT, "
                f"ALTER COLUMN {quoted(c.name)} TYPE bigint USING (id * 2)")
    c.type = "TEXT" if t.strict else "text"
    return f"ALTER COLUMN {quoted(c.name)} TYPE text"


def add_rule(rnd, t, c, n):
    kind = rnd.randrange(5)
    if kind == 0:
        rule = (f"r{n}", f"CHECK (id > -{n + 5})", [])
    elif kind == 1:
        rule = (f"u{n}", "UNIQUE (id, {0})", [c])
    elif kind == 2:
        rule = (f"u{n}", "UNIQUE ({0})", [c])
    elif kind == 3:
        rule = (f"f{n}", "FOREIGN KEY ({0}) REFERENCES p (id)" + rnd.choice(
            [" ON DELETE CASCADE", " ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED", ""]), [c])
        if not c.name == "pid" and rnd.random() < 0.7:
            return None
        if c.type.lower() not in ("integer", "int", "bigint"):
            return None
    else:
        rule = (f"n{n}", "CHECK ({0} IS NOT NULL)", [c])
    t.rules.append(rule)
    t.added.append(rule[0])
    return f"ADD CONSTRAINT {rule[0]} " + rule[1].format(*[quoted(o.name) for o in rule[2]])


def add_column(rnd, t, c, n):
    new = Column(rnd, f"a{n}", "INTEGER" if t.strict else "integer")
    new.new, new.kept, new.source, words = True, False, "5", "NOT NULL DEFAULT 5"
    kind = rnd.randrange(5)
    if kind < 2:
        new.null, new.default = False, "5"
    elif kind == 2:
        how = rnd.choice(["STORED", "VIRTUAL"]) if t.alone else "STORED"
        new.generated = ("id + 1", [], how)
        words = "GENERATED ALWAYS AS (id + 1) " + how
    elif kind == 3:
        new.unique, new.source, words = "", "NULL", "UNIQUE"
    else:
        new.refers, new.source = "REFERENCES p (id) ON DELETE SET NULL", "NULL"
        words = new.refers
    t.columns.append(new)
    return f"ADD COLUMN a{n} integer {words}"


def drop(rnd, t, c, n):
    if len(t.columns) < 2:
        return None
    drop_column(t, c)
    return f"DROP COLUMN {quoted(c.name)}"


def drop_rule(rnd, t, c, n):
    named = [r for r in t.rules if r[0] and r[0] not in t.added]
    if c.checks and c.checks[0][0]:
        name = c.checks[0][0]
        c.checks, c.touched = c.checks[1:], True
    elif c.unique is not None and rnd.random() < 0.5:
        c.unique, c.touched = None, True
        name = f"{t.name}_{c.name}_key"
    elif named:
        rule = rnd.choice(named)
        t.rules.remove(rule)
        name = rule[0]
    else:
        return None
    return f"DROP CONSTRAINT {quoted(name)}"


def drop_expression(rnd, t, c, n):
    if not c.generated or (c.new and not t.alone):
        return None
    c.generated, c.touched = None, True
    if c.new:
        c.source = "(id + 1)"
    return f"ALTER COLUMN {quoted(c.name)} DROP EXPRESSION"


def rename(rnd, t, c, n):
    old = c.name
    c.name = c.q = f"n{n}"
    t.renamed = c.touched = True
    return f"RENAME COLUMN {quoted(old)} TO n{n}"


def rename_rule(rnd, t, c, n):
    named = [i for i, r in enumerate(t.rules) if r[0] and r[0] not in t.added]
    if not named:
        return None
    i = rnd.choice(named)
    old, t.rules[i] = t.rules[i][0], (f"m{n}",) + t.rules[i][1:]
    return f"RENAME CONSTRAINT {quoted(old)} TO m{n}"


CHANGES = [nullness, nullness, default, default, retype, add_rule, add_rule, add_column, drop,
           drop_rule, drop_rule, drop_expression]


def change(rnd, t, n, alone):
    """An action, done to the model; None: not now. Alone in its statement it
    may be one that PostgreSQL does not combine with others."""
    c, t.alone = rnd.choice(t.columns), alone
    actions = CHANGES + [rename, rename_rule] if alone else CHANGES
    done = rnd.choice(actions)(rnd, t, c, n)
    if done:
        c.touched = True
    return done
