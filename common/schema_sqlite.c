#include "private.h"

#include "schema.h"
#include "ddl.h"
#include "text.h"

static bool
is_plain(MigStr name)
{
	for (size_t i = 0; i < name.len; i++)
	{
		char c = name.at[i];

		if (!(c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (i > 0 && c >= '0' && c <= '9')))
			return false;
	}
	return name.len > 0;
}

static void
add_lower(MigText *t, MigStr s)
{
	for (size_t i = 0; i < s.len; i++)
	{
		char c = s.at[i];

		mig_text_char(t, c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
	}
}

static MigStr
lower(Mig *m, MigStr s)
{
	MigText t = {m, NULL, 0, 0};

	add_lower(&t, s);
	return mig_text_str(&t);
}

static void
add_token(MigText *t, const MigTokens *k, int i)
{
	const MigToken *token = &k->at[i];
	MigStr bare;

	if (token->kind == MIG_T_WORD)
		add_lower(t, token->text);
	else if (token->kind != MIG_T_NAME)
		mig_text_str_add(t, token->text);
	else
	{
		bare = mig_token_bare(t->m, k, i);
		if (is_plain(bare))
			add_lower(t, bare);
		else
			mig_text_ident(t, bare);
	}
}

static bool
needs_blank(const MigTokens *k, MigSpan s, int i)
{
	return i > s.from && !mig_token_char(k, i, ',') &&
	       !mig_token_char(k, i, ')') && !mig_token_char(k, i, '.') &&
	       !mig_token_char(k, i - 1, '(') && !mig_token_char(k, i - 1, '.');
}

static MigStr
canonical(Mig *m, const MigTokens *k, MigSpan s)
{
	MigText t = {m, NULL, 0, 0};

	for (int i = s.from; i < s.to; i++)
	{
		if (needs_blank(k, s, i))
			mig_text_char(&t, ' ');
		add_token(&t, k, i);
	}
	return mig_text_str(&t);
}

MigStr
mig_schema_canonical(Mig *m, MigStr sql)
{
	MigTokens k;

	if (!mig_tokens_of(m, &mig_sqlite, sql, &k))
		return (MigStr){NULL, 0};
	return canonical(m, &k, (MigSpan){0, k.count});
}

static bool
put(Mig *m, MigSchema *s, const char *kind, MigStr table, MigStr name,
    MigStr definition)
{
	MigObject o = {mig_str(kind), table, name, definition};

	return name.at != NULL && definition.at != NULL &&
	       mig_schema_add(m, s, &o);
}

/* "(id, email) without rowid" */
static MigStr
table_text(Mig *m, const MigTokens *k, const MigTable *table)
{
	MigText t = {m, NULL, 0, 0};

	mig_text_char(&t, '(');
	for (int i = 0; i < table->ncolumns; i++)
	{
		mig_text_add(&t, i > 0 ? ", " : "");
		add_token(&t, k, table->columns[i].name);
	}
	mig_text_char(&t, ')');
	if (table->options.from < table->options.to)
	{
		mig_text_char(&t, ' ');
		mig_text_str_add(&t, canonical(m, k, table->options));
	}
	return mig_text_str(&t);
}

/* A constraint without a name is known by its text. */
static bool
add_rule(Mig *m, MigSchema *s, MigStr name, const MigTokens *k,
         const MigRule *r)
{
	MigStr text = canonical(m, k, (MigSpan){r->head, r->span.to});
	MigStr own = r->name >= 0 ? lower(m, mig_token_bare(m, k, r->name)) : text;

	return put(m, s, "constraint", name, own, text);
}

static bool
add_table(Mig *m, MigSchema *s, MigStr name, MigStr sql)
{
	MigTokens k;
	MigTable t;
	bool is;

	if (!mig_tokens_of(m, &mig_sqlite, sql, &k) ||
	    !mig_table_read(m, &k, &t, &is))
		return false;
	if (!is || t.open < 0)
		return put(m, s, "table", (MigStr){NULL, 0}, name,
		           canonical(m, &k, (MigSpan){0, k.count}));
	if (!put(m, s, "table", (MigStr){NULL, 0}, name, table_text(m, &k, &t)))
		return false;
	for (int i = 0; i < t.ncolumns; i++)
	{
		const MigColumnDef *c = &t.columns[i];

		if (!put(m, s, "column", name,
		         lower(m, mig_token_bare(m, &k, c->name)),
		         canonical(m, &k, (MigSpan){c->name + 1, c->span.to})))
			return false;
	}
	for (int i = t.own; i < t.nrules; i++)
		if (!add_rule(m, s, name, &k, &t.rules[i]))
			return false;
	return true;
}

/* The statement behind the object's name: that is told already, and RENAME
   writes it in another way. "CREATE UNIQUE INDEX i ON ..." keeps UNIQUE. */
static MigStr
rest_text(Mig *m, MigStr sql, const char *word)
{
	MigTokens k;
	MigText t = {m, NULL, 0, 0};
	int at = 0, schema, name, end;

	if (!mig_tokens_of(m, &mig_sqlite, sql, &k))
		return (MigStr){NULL, 0};
	while (at < k.count && !mig_token_is(&k, at, word))
		at++;
	if (at > 1 && mig_token_is(&k, 1, "unique"))
		mig_text_add(&t, "unique ");
	at += 1 + mig_token_words(&k, at + 1, "if not exists");
	end = mig_token_qualified(&k, at, &schema, &name);
	mig_text_str_add(&t, canonical(m, &k, (MigSpan){end, k.count}));
	return mig_text_str(&t);
}

bool
mig_schema_add_sqlite(Mig *m, MigSchema *s, MigStr type, MigStr name,
                      MigStr table, MigStr sql)
{
	MigStr none = {NULL, 0};

	name = lower(m, name);
	table = lower(m, table);
	if (mig_str_is(type, "table"))
		return add_table(m, s, name, sql);
	if (mig_str_is(type, "index"))
		return put(m, s, "index", table, name, rest_text(m, sql, "index"));
	if (mig_str_is(type, "trigger"))
		return put(m, s, "trigger", table, name, rest_text(m, sql, "trigger"));
	return put(m, s, "view", none, name, rest_text(m, sql, "view"));
}

typedef struct Reader
{
	MigSchema *out;
} Reader;

static bool
read_row(void *arg, Mig *m, const MigStr *cells)
{
	Reader *r = arg;

	return mig_schema_add_sqlite(m, r->out, mig_copy(m, cells[0]),
	                             mig_copy(m, cells[1]), mig_copy(m, cells[2]),
	                             mig_copy(m, cells[3])) &&
	       mig_ok(m);
}

/* Rows without a statement are indexes that a constraint made. */
bool
mig_schema_read_sqlite(Mig *m, MigHost *host, MigStr schema, MigSchema *out)
{
	MigText t = {m, NULL, 0, 0};
	Reader r = {out};
	MigStr sql;

	mig_text_add(&t, "SELECT type, name, tbl_name, sql FROM ");
	mig_text_ident(&t, schema.at != NULL ? schema : MIG_LIT("main"));
	mig_text_add(&t, ".sqlite_master WHERE sql IS NOT NULL"
	                 " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
	                 " AND tbl_name NOT LIKE 'migrate\\_%' ESCAPE '\\'");
	sql = mig_text_str(&t);
	return sql.at != NULL &&
	       host->ops->select(host, m, sql, NULL, 0, 4, read_row, &r);
}
