#include "sqlite_mig.h"

#include <string.h>

#include "lex.h"

/*
 * An unqualified name in SQLite means the first of temp, main, and the
 * attached databases that has it, and a new table goes to main. For a run on
 * an attached database this puts its name before
 *
 *     the object of CREATE, DROP, ALTER TABLE, REINDEX, ANALYZE, PRAGMA
 *     names behind FROM, JOIN, INTO, UPDATE, IN and the commas of a FROM list
 *
 * but not before names that are qualified already, those of temporary objects
 * and those of common table expressions. Bodies of views and triggers stay:
 * SQLite resolves names in them within their own database.
 */
typedef struct Word
{
	MigToken token;
	int match; /* of a parenthesis: the index of the other one, or -1 */
	bool put;  /* the database's name goes before it */
} Word;

typedef struct Scan
{
	SqliteHost *s;
	Mig *m;
	Word *words; /* what is not blank */
	size_t count, room;
	MigMap tables; /* names of common table expressions, lower case */
} Scan;

static const MigStr nothing = {"", 0};

static MigStr
text_at(const Scan *q, size_t i)
{
	return i < q->count ? q->words[i].token.text : nothing;
}

static bool
is_word(const Scan *q, size_t i, const char *word)
{
	return i < q->count && q->words[i].token.kind == MIG_T_WORD &&
	       mig_str_word(q->words[i].token.text, word);
}

static bool
is_char(const Scan *q, size_t i, char c)
{
	return i < q->count && q->words[i].token.kind == MIG_T_CHAR &&
	       q->words[i].token.text.at[0] == c;
}

static bool
is_name(const Scan *q, size_t i)
{
	return i < q->count && (q->words[i].token.kind == MIG_T_WORD ||
	                        q->words[i].token.kind == MIG_T_NAME ||
	                        q->words[i].token.kind == MIG_T_STRING);
}

static bool
is_any(const Scan *q, size_t i, const char *const *words)
{
	for (; *words != NULL; words++)
		if (is_word(q, i, *words))
			return true;
	return false;
}

static bool
scan_tokens(Scan *q, MigStr text)
{
	MigLexer lexer;
	MigToken token;

	mig_lex_start(&lexer, &mig_sqlite, text);
	while (mig_lex_next(&lexer, &token))
	{
		Word *words;

		if (mig_lex_blank(&token) || token.kind == MIG_T_HINT)
			continue;
		words = mig_grow(q->m, q->words, q->count, &q->room, q->count + 1,
		                 sizeof(*words));
		if (words == NULL)
			return false;
		q->words = words;
		memset(&words[q->count], 0, sizeof(*words));
		words[q->count].token = token;
		words[q->count++].match = -1;
	}
	return true;
}

/* Parentheses find each other; open ones wait in a list through `match`. */
static void
scan_pairs(Scan *q)
{
	int open = -1;

	for (size_t i = 0; i < q->count; i++)
	{
		int before = open;

		if (is_char(q, i, '('))
		{
			q->words[i].match = open;
			open = (int) i;
		}
		else if (is_char(q, i, ')') && open >= 0)
		{
			open = q->words[open].match;
			q->words[before].match = (int) i;
			q->words[i].match = before;
		}
	}
	while (open >= 0)
	{
		int next = q->words[open].match;

		q->words[open].match = -1;
		open = next;
	}
}

/* A name without its quotes, in lower case, as SQLite compares names. */
static MigStr
plain_name(Mig *m, MigStr name)
{
	MigStr copy = mig_copy(m, name);
	char quote = name.len > 1 ? name.at[0] : '\0';
	char *to = (char *) copy.at;
	size_t n = 0;

	if (copy.at == NULL || quote == '\0' || strchr("\"'`[", quote) == NULL)
		quote = '\0';
	else
		name = (MigStr){name.at + 1, name.len - 2};
	if (quote == '[')
		quote = '\0';
	for (size_t i = 0; to != NULL && i < name.len; i++)
	{
		char c = name.at[i];

		if (quote != '\0' && c == quote)
			i++;
		to[n++] = c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c;
	}
	copy.len = n;
	return copy;
}

/* NAME [(columns)] AS [NOT] [MATERIALIZED] ( makes NAME a table of this
   statement. */
static bool
scan_expressions(Scan *q, size_t i)
{
	if (!mig_map_init(q->m, &q->tables, 8))
		return false;
	for (i++; i < q->count; i++)
	{
		size_t next = i + 1;
		size_t name = i - 1;
		MigStr plain;

		if (!is_word(q, i, "as"))
			continue;
		if (is_word(q, next, "not"))
			next++;
		if (is_word(q, next, "materialized"))
			next++;
		if (!is_char(q, next, '('))
			continue;
		if (is_char(q, name, ')') && q->words[name].match > 0)
			name = (size_t) q->words[name].match - 1;
		if (!is_name(q, name))
			continue;
		plain = plain_name(q->m, text_at(q, name));
		if (plain.at == NULL || mig_map_put(q->m, &q->tables, plain, 0) < 0)
			return false;
	}
	return true;
}

/* Whether a database has an object of that name. */
static bool
has_object(Scan *q, const char *database, MigStr plain)
{
	MigText t = {q->m, NULL, 0, 0};
	sqlite3_stmt *stmt = NULL;
	bool found = false;
	MigStr sql;

	mig_text_add(&t, "SELECT 1 FROM ");
	mig_text_ident(&t, mig_str(database));
	mig_text_add(&t, ".sqlite_master WHERE name = ?1 COLLATE NOCASE");
	sql = mig_text_str(&t);
	if (sql.at == NULL)
		return false;
	if (sqlite3_prepare_v2(q->s->db, sql.at, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_bind_text(stmt, 1, plain.at, (int) plain.len, SQLITE_STATIC) ==
	        SQLITE_OK)
		found = sqlite3_step(stmt) == SQLITE_ROW;
	sqlite3_finalize(stmt);
	return found;
}

/* temp comes before all other databases. */
static bool
is_temporary(Scan *q, size_t i)
{
	MigStr plain = plain_name(q->m, text_at(q, i));

	return plain.at != NULL && (mig_str_is(plain, "sqlite_temp_master") ||
	                            mig_str_is(plain, "sqlite_temp_schema") ||
	                            has_object(q, "temp", plain));
}

/* Word i names what the statement makes: put the database before it. */
static void
qualify_new(Scan *q, size_t i)
{
	if (is_name(q, i) && !is_char(q, i + 1, '.'))
		q->words[i].put = true;
}

/* Word i names an object that is there. */
static void
qualify(Scan *q, size_t i)
{
	if (is_name(q, i) && !is_char(q, i + 1, '.') && !is_temporary(q, i))
		q->words[i].put = true;
}

/* Likewise, where a common table expression may be meant. */
static void
qualify_table(Scan *q, size_t i)
{
	MigStr plain = plain_name(q->m, text_at(q, i));

	if (plain.at != NULL && mig_map_get(&q->tables, plain) < 0)
		qualify(q, i);
}

/* Behind the object's kind: [IF [NOT] EXISTS] name. */
static size_t
skip_exists(const Scan *q, size_t i)
{
	if (!is_word(q, i, "if"))
		return i;
	i += is_word(q, i + 1, "not") ? 2 : 1;
	return is_word(q, i, "exists") ? i + 1 : i;
}

/*
 * The tables that a query, or the rest of a statement from word i on, names.
 * `from` says whether the list at hand is a FROM list, `table` whether a
 * table comes next in it; what holds outside of a parenthesis waits in the
 * word that opened it.
 */
typedef struct Lists
{
	bool from;
	bool table;
} Lists;

static const char *const ends_from[] = {
	"where",  "group",     "having", "order",     "limit",  "window", "union",
	"except", "intersect", "set",    "returning", "select", "values", NULL};

static Lists
lists_open(const Scan *q, size_t i, Lists now)
{
	Lists inner = {false, false};

	/* FROM (a JOIN b), but not FROM (SELECT ...) or FROM f(x, y). */
	if (now.from && now.table && !is_word(q, i + 1, "select") &&
	    !is_word(q, i + 1, "with") && !is_word(q, i + 1, "values"))
		inner.from = inner.table = true;
	return inner;
}

/* What is written to is no common table expression. */
static void
list_target(Scan *q, size_t i)
{
	if (is_word(q, i, "into"))
		qualify(q, i + 1);
	else if (is_word(q, i, "update") && is_word(q, i + 1, "or"))
		qualify(q, i + 3);
	else if (is_word(q, i, "update") && !is_word(q, i + 1, "set"))
		qualify(q, i + 1);
	else if (is_word(q, i, "delete") && is_word(q, i + 1, "from"))
		qualify(q, i + 2);
}

static void
list_word(Scan *q, size_t i, Lists *now)
{
	bool distinct = i > 0 && is_word(q, i - 1, "distinct");

	if ((is_word(q, i, "from") && !distinct) || is_word(q, i, "join"))
		now->from = now->table = true;
	else if (is_char(q, i, ',') && now->from)
		now->table = true;
	else if (is_any(q, i, ends_from))
		now->from = now->table = false;
	else if (now->table && is_name(q, i))
	{
		qualify_table(q, i);
		now->table = false;
	}
	else if (is_word(q, i, "in") && !is_char(q, i + 1, '('))
		qualify_table(q, i + 1);
	else
		list_target(q, i);
}

static bool
scan_query(Scan *q, size_t i)
{
	Lists *outer = mig_alloc_array(q->m, q->count + 1, sizeof(*outer));
	Lists now = {false, false};
	size_t depth = 0;

	if (outer == NULL || !scan_expressions(q, i))
		return false;
	for (; i < q->count; i++)
	{
		if (is_char(q, i, '('))
		{
			Lists inner = lists_open(q, i, now);

			now.table = false;
			outer[depth++] = now;
			now = inner;
		}
		else if (is_char(q, i, ')') && depth > 0)
			now = outer[--depth];
		else
			list_word(q, i, &now);
	}
	return true;
}

/* An index or a trigger of a temporary table is temporary. */
static bool
is_on_temporary(Scan *q, size_t i)
{
	while (i < q->count && !is_word(q, i, "on"))
		i++;
	return i + 1 < q->count && is_temporary(q, i + 1);
}

/* CREATE TABLE name AS SELECT ... has a query behind its name. */
static bool
scan_create(Scan *q)
{
	bool temp = is_word(q, 1, "temp") || is_word(q, 1, "temporary");
	size_t kind =
		temp || is_word(q, 1, "unique") || is_word(q, 1, "virtual") ? 2 : 1;
	bool on = is_word(q, kind, "index") || is_word(q, kind, "trigger");
	size_t i = skip_exists(q, kind + 1);

	if (!temp && !(on && is_on_temporary(q, i)))
		qualify_new(q, i);
	if (!is_word(q, kind, "table") || is_word(q, 1, "virtual"))
		return true;
	while (i < q->count && !is_word(q, i, "as") && !is_char(q, i, '('))
		i++;
	return !is_word(q, i, "as") || scan_query(q, i);
}

/* REINDEX takes the name of a collation, too. */
static void
scan_reindex(Scan *q)
{
	MigStr plain = plain_name(q->m, text_at(q, 1));

	if (plain.at != NULL && has_object(q, q->s->state, plain))
		qualify(q, 1);
}

static bool
scan_statement(Scan *q)
{
	static const char *const queries[] = {"select", "values",  "with",
	                                      "insert", "replace", "update",
	                                      "delete", "explain", NULL};

	if (is_word(q, 0, "create"))
		return scan_create(q);
	if (is_word(q, 0, "drop"))
		qualify(q, skip_exists(q, 2));
	else if (is_word(q, 0, "alter"))
		qualify(q, 2);
	else if (is_word(q, 0, "pragma"))
		qualify_new(q, 1);
	else if (is_word(q, 0, "analyze"))
		qualify(q, 1);
	else if (is_word(q, 0, "reindex"))
		scan_reindex(q);
	else if (is_any(q, 0, queries))
		return scan_query(q, 0);
	return true;
}

/* ANALYZE alone would look at every database. */
static MigStr
joined(Scan *q, MigStr text)
{
	MigText t = {q->m, NULL, 0, 0};
	size_t done = 0;
	MigStr name = mig_str(q->s->state);

	for (size_t i = 0; i < q->count; i++)
	{
		size_t offset = q->words[i].token.offset;

		if (!q->words[i].put)
			continue;
		mig_text_str_add(&t, (MigStr){text.at + done, offset - done});
		mig_text_ident(&t, name);
		mig_text_char(&t, '.');
		done = offset;
	}
	mig_text_str_add(&t, mig_str_from(text, done));
	if (q->count == 1 && is_word(q, 0, "analyze"))
	{
		mig_text_char(&t, ' ');
		mig_text_ident(&t, name);
	}
	return mig_text_str(&t);
}

MigStr
sqlite_mig_qualify(SqliteHost *s, Mig *m, MigStr text)
{
	Scan q = {s, m, NULL, 0, 0, {NULL, 0, 0}};
	MigStr none = {NULL, 0};

	if (!scan_tokens(&q, text))
		return none;
	scan_pairs(&q);
	if (!scan_statement(&q) || !mig_ok(m))
		return none;
	return joined(&q, text);
}
