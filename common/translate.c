#include "private.h"

#include "translate_work.h"

#define BOTH MIG_FOR_BOTH
#define PG MIG_FOR_POSTGRESQL
#define LITE MIG_FOR_SQLITE

/* Words that show a flavour; call: only with a parenthesis behind. */
static const struct
{
	const char *word;
	MigFor of;
	bool call;
} marks[] = {
	{"autoincrement", LITE, false},
	{"glob", LITE, false},
	{"datetime", LITE, true},
	{"strftime", LITE, true},
	{"julianday", LITE, true},
	{"unixepoch", LITE, true},
	{"ifnull", LITE, true},
	{"randomblob", LITE, true},
	{"typeof", LITE, true},
	{"group_concat", LITE, true},
	{"json_extract", LITE, true},
	{"last_insert_rowid", LITE, true},
	{"iif", LITE, true},
	{"now", PG, true},
	{"clock_timestamp", PG, true},
	{"gen_random_uuid", PG, true},
	{"uuid_generate_v4", PG, true},
	{"nextval", PG, true},
	{"to_char", PG, true},
	{"to_timestamp", PG, true},
	{"date_trunc", PG, true},
	{"string_agg", PG, true},
	{"array_agg", PG, true},
	{"jsonb_build_object", PG, true},
	{"any", PG, true},
	{"ilike", PG, false},
	{"concurrently", PG, false},
};

/* What a token alone shows. */
static MigFor
token_mark(const MigTokens *k, int i)
{
	const MigToken *t = &k->at[i];
	char c = t->text.at[0];

	switch (t->kind)
	{
		case MIG_T_NAME:
			return c == '`' || c == '[' ? LITE : BOTH;
		case MIG_T_STRING:
			if (c == 'x' || c == 'X')
				return LITE;
			return c == 'e' || c == 'E' ? PG : BOTH;
		case MIG_T_DOLLAR:
			return PG;
		case MIG_T_OPERATOR:
			return mig_str_is(t->text, "==") ? LITE : BOTH;
		case MIG_T_CHAR:
			/* A bracket by itself is an array's: one around a name is not. */
			if (c == '[')
				return PG;
			return c == ':' && mig_token_char(k, i + 1, ':') ? PG : BOTH;
		case MIG_T_WORD:
			if (mig_token_char(k, i - 1, '.'))
				return BOTH;
			if (mig_str_word(t->text, "public") &&
			    mig_token_char(k, i + 1, '.'))
				return PG;
			for (int n = 0; n < MIG_COUNT(marks); n++)
				if (mig_str_word(t->text, marks[n].word) &&
				    (!marks[n].call || mig_token_char(k, i + 1, '(')))
					return marks[n].of;
			return BOTH;
		case MIG_T_SPACE:
		case MIG_T_LINE_COMMENT:
		case MIG_T_COMMENT:
		case MIG_T_HINT:
			break;
	}
	return BOTH;
}

static void
survey(MigWorking *w)
{
	for (int i = 0; i < w->k.count; i++)
	{
		MigFor of = token_mark(&w->k, i);

		w->of_sqlite |= of == LITE;
		w->of_postgres |= of == PG;
	}
}

/*
 * What to do with a statement, by its first words ("?a|b": a, b or nothing;
 * "a|b": one of them). The first row that fits counts. Without a function it
 * is refused as `what`, or, when that is NULL, passes.
 */
typedef struct Form
{
	const char *words;
	MigFor target; /* BOTH: any */
	bool (*work)(MigWorking *w);
	const char *what;
} Form;

static bool
work_table(MigWorking *w)
{
	MigTable t;
	bool is;

	if (!mig_table_read(w->m, &w->k, &t, &is))
		return false;
	if (is)
		return mig_w_table(w, &t);

	/* What is not understood is the database's to judge, unless it is known
	   to be the other one's. */
	return !w->sqlite || !w->of_postgres ||
	       mig_w_refuse(w, 0, "this form of CREATE TABLE");
}

static bool
drop_statement(MigWorking *w)
{
	MigStr s = w->k.text;

	return mig_w_dropped(w, 0, "\"%.*s\" is left out", MIG_S(s));
}

/* Extensions of PostgreSQL that add only what the translator knows. */
static bool
work_extension(MigWorking *w)
{
	static const char *const known[] = {"pgcrypto", "uuid-ossp", "plpgsql"};
	int i = 2;

	if (mig_token_is(&w->k, i, "if"))
		i += mig_token_words(&w->k, i, "if not exists");
	for (int n = 0; i < w->k.count && n < MIG_COUNT(known); n++)
	{
		MigStr name = mig_token_bare(w->m, &w->k, i);

		if (name.at != NULL && mig_str_word(name, known[n]))
			return mig_w_dropped(w, 0, "extension \"%.*s\" is left out",
			                     MIG_S(name));
	}
	return mig_w_refuse(w, i, "extension \"%.*s\"", MIG_S(w->k.at[i].text));
}

/* SET and SELECT set_config: what has no say in what SQL means. */
static bool
work_set(MigWorking *w)
{
	static const char *const known[] = {
		"statement_timeout",
		"lock_timeout",
		"idle_in_transaction_session_timeout",
		"transaction_timeout",
		"client_encoding",
		"standard_conforming_strings",
		"check_function_bodies",
		"client_min_messages",
		"default_tablespace",
		"default_table_access_method",
		"row_security",
		"xmloption",
		"default_with_oids",
		"maintenance_work_mem",
		"work_mem",
	};
	int i =
		mig_token_is(&w->k, 1, "local") || mig_token_is(&w->k, 1, "session")
			? 2
			: 1;

	for (int n = 0; n < MIG_COUNT(known); n++)
		if (mig_token_is(&w->k, i, known[n]))
			return drop_statement(w);
	if (mig_token_is(&w->k, i, "search_path") &&
	    mig_token_is(&w->k, i + 2, "public") && w->k.count == i + 3)
		return drop_statement(w);
	return mig_w_refuse(w, i, "setting \"%.*s\"", MIG_S(w->k.at[i].text));
}

static bool
work_create_schema(MigWorking *w)
{
	int i = mig_token_words(&w->k, 2, "if not exists") ? 5 : 2;

	if (mig_token_is(&w->k, i, "public") && w->k.count == i + 1)
		return drop_statement(w);
	return mig_w_refuse(w, i, "schema \"%.*s\"", MIG_S(w->k.at[i].text));
}

/* In PostgreSQL a trigger is known by its table. */
static bool
work_drop_trigger(MigWorking *w)
{
	return mig_token_find(&w->k, (MigSpan){2, w->k.count}, "on") > 0 ||
	       mig_w_refuse(w, 0, "DROP TRIGGER without its table");
}

static const Form forms[] = {
	{"create ?temp|temporary|unlogged|global|local ?temp|temporary table",
     BOTH, work_table, NULL},
	{"create ?unique index", BOTH, mig_w_index, NULL},
	{"create ?or ?replace ?temp|temporary ?recursive view", BOTH, mig_w_view,
     NULL},
	{"create type", BOTH, mig_w_enum, NULL},
	{"create extension", LITE, work_extension, NULL},
	{"create schema", LITE, work_create_schema, NULL},
	{"create materialized", LITE, NULL, "a materialized view"},
	{"create ?or ?replace function|procedure|aggregate", LITE, NULL,
     "a routine"},
	{"create ?unlogged|temp|temporary sequence", LITE, NULL, "a sequence"},
	{"create domain", LITE, NULL, "a domain"},
	{"create policy", LITE, NULL, "a policy"},
	{"create role|user|group", LITE, NULL, "a role"},
	{"create ?or ?replace rule", LITE, NULL, "a rule"},
	{"create statistics", LITE, NULL, "extended statistics"},
	{"create operator|collation|cast|foreign|server|publication|event", LITE,
     NULL, "this CREATE statement"},
	{"create virtual", PG, NULL, "a virtual table"},
	{"alter table", BOTH, mig_w_alter, NULL},
	{"alter type", LITE, mig_w_alter_type, NULL},
	{"alter", LITE, NULL, "this ALTER statement"},
	{"drop table|view|index|type|extension", BOTH, mig_w_drop_objects, NULL},
	{"drop trigger", PG, work_drop_trigger, NULL},
	{"drop trigger", LITE, mig_w_drop_objects, NULL},
	{"drop", LITE, NULL, "this DROP statement"},
	{"truncate", LITE, mig_w_truncate, NULL},
	{"comment on", LITE, mig_w_comment, NULL},
	{"pragma", PG, mig_w_pragma, NULL},
	{"attach", PG, NULL, "ATTACH"},
	{"detach", PG, NULL, "DETACH"},
	{"insert", BOTH, mig_w_insert_rows, NULL},
	{"replace into", PG, mig_w_insert_rows, NULL},
	{"with|select|values|update|delete", BOTH, mig_w_query, NULL},
	{"merge", LITE, NULL, "MERGE"},
	{"copy", LITE, NULL, "COPY"},
	{"do", LITE, NULL, "a DO block"},
	{"call", LITE, NULL, "CALL"},
	{"grant", LITE, NULL, "GRANT"},
	{"revoke", LITE, NULL, "REVOKE"},
	{"lock", LITE, NULL, "LOCK"},
	{"set", LITE, work_set, NULL},
	{"refresh", LITE, NULL, "REFRESH MATERIALIZED VIEW"},
};

/* Triggers are the same statement in both, with bodies that are not. */
static bool
work_trigger(MigWorking *w)
{
	MigSpan all = {0, w->k.count};

	if (w->sqlite && mig_token_find(&w->k, all, "execute") >= 0)
		return mig_w_refuse_hint(
			w, 0, "SQLite's triggers hold their statements in BEGIN ... END.",
			"a trigger that executes a function");
	if (!w->sqlite && mig_token_find(&w->k, all, "begin") >= 0)
		return mig_w_refuse_hint(w, 0,
		                         "PostgreSQL's triggers execute a function.",
		                         "a trigger with a body");
	return true;
}

/* One of the words, divided by "|", stands at i. */
static bool
one_of(const MigTokens *k, int i, const char *words, size_t len)
{
	MigStr rest = {words, len};

	while (rest.len > 0)
	{
		const char *bar = memchr(rest.at, '|', rest.len);
		size_t n = bar == NULL ? rest.len : (size_t) (bar - rest.at);

		if (i < k->count && k->at[i].kind == MIG_T_WORD &&
		    mig_name_same(k->at[i].text, (MigStr){rest.at, n}))
			return true;
		rest = mig_str_from(rest, bar == NULL ? n : n + 1);
	}
	return false;
}

static bool
fits(const MigTokens *k, const char *words)
{
	int i = 0;

	while (*words != '\0')
	{
		bool maybe = *words == '?';
		size_t len = strcspn(words, " ");

		if (one_of(k, i, words + maybe, len - maybe))
			i++;
		else if (!maybe)
			return false;
		words += len + (words[len] == ' ');
	}
	return true;
}

static bool
dispatch(MigWorking *w)
{
	if (fits(&w->k, "create ?temp|temporary trigger") ||
	    fits(&w->k, "create or replace trigger") ||
	    fits(&w->k, "create constraint trigger"))
		return work_trigger(w);
	for (int i = 0; i < MIG_COUNT(forms); i++)
	{
		const Form *f = &forms[i];

		if ((f->target != BOTH && f->target != w->t->target->id) ||
		    !fits(&w->k, f->words))
			continue;
		if (f->work != NULL)
			return f->work(w);
		return f->what == NULL || mig_w_refuse(w, 0, "%s", f->what);
	}
	return true;
}

/* The statement as it is, or with its edits, unless there are results or it is
   left out. */
static bool
finish(MigWorking *w)
{
	bool left_out = false;

	if (!mig_ok(w->m))
		return false;
	for (int i = 0; i < w->out->nnotes; i++)
		left_out |= w->out->notes[i].kind != MIG_NOTE_DIFFERS &&
		            w->out->notes[i].kind != MIG_NOTE_MOVED;
	if (w->out->count > 0 || (left_out && w->nedits == 0))
		return true;
	w->out->same = w->nedits == 0 && w->offsets == NULL;
	return mig_w_emit(
		w, 0, w->nedits == 0 ? w->k.text : mig_w_bytes(w, 0, w->k.text.len));
}

/* SQLite's comments do not nest: such a one goes, and a blank takes its
   place. */
static bool
comments(MigWorking *w)
{
	MigLexer lexer;
	MigToken t;
	int opened = 0;

	for (size_t i = 1; i < w->k.text.len; i++)
		opened += w->k.text.at[i] == '*' && w->k.text.at[i - 1] == '/';
	if (opened < 2)
		return true;
	mig_lex_start(&lexer, mig_dialect_either(w->t->target), w->k.text);
	while (mig_lex_next(&lexer, &t))
		for (size_t i = 2; t.kind == MIG_T_COMMENT && i + 1 < t.text.len; i++)
			if (t.text.at[i] == '/' && t.text.at[i + 1] == '*')
			{
				mig_w_cut(w, t.offset, t.offset + t.text.len);
				break;
			}
	return mig_ok(w->m);
}

void
mig_translator_init(MigTranslator *t, Mig *m, const MigDialect *target)
{
	memset(t, 0, sizeof(*t));
	t->m = t->keep = m;
	t->target = target;
	t->from = BOTH;
}

bool
mig_translate(MigTranslator *t, const MigStatement *in, MigTranslation *out)
{
	MigWorking w = {.t = t, .m = t->m, .in = in, .out = out};

	memset(out, 0, sizeof(*out));
	w.sqlite = t->target->id == LITE;
	if (!mig_tokens(t->m, t->target->id, in->text, &w.k))
		return false;
	if (mig_statement_is_control(in))
		return finish(&w);
	survey(&w);
	return mig_w_reserved(&w) && dispatch(&w) && mig_w_comments_move(&w) &&
	       mig_w_remember_change(&w) && (!w.sqlite || comments(&w)) &&
	       finish(&w);
}

/* CREATE TABLE, ALTER TABLE, DROP TABLE, CREATE TYPE, ALTER TYPE. */
static bool
learn(MigWorking *w)
{
	MigTable table;
	bool is;

	survey(w);
	if (!mig_w_reserved(w) || !mig_table_read(w->m, &w->k, &table, &is))
		return false;
	if (is)
		return mig_w_survey_table(w, &table) && mig_w_remember(w, &table);
	if (mig_token_words(&w->k, 0, "create type") &&
	    mig_token_find(&w->k, (MigSpan){2, w->k.count}, "enum") > 0)
		return mig_w_enum(w);
	if (mig_token_words(&w->k, 0, "alter type"))
		return !w->sqlite || mig_w_alter_type(w);
	return mig_w_remember_change(w);
}

bool
mig_translator_learn(MigTranslator *t, const MigStatement *in)
{
	MigTranslation out = {0};
	MigWorking w = {.t = t, .m = t->m, .in = in, .out = &out};

	w.sqlite = t->target->id == LITE;
	if (!mig_tokens(t->m, t->target->id, in->text, &w.k) || learn(&w))
		return mig_ok(t->m);

	/* What it could not read is not this statement's failure. */
	if (t->m->status.code == MIG_SYNTAX)
		memset(&t->m->status, 0, sizeof(t->m->status));
	return mig_ok(t->m);
}

/* ALTER TABLE [IF EXISTS] [ONLY] old RENAME TO name, ALTER TYPE likewise. */
bool
mig_translator_renames(MigTranslator *t, const MigStatement *in, MigStr name,
                       MigStr *old)
{
	MigTokens k;
	int schema, from, i = 2;

	*old = (MigStr){NULL, 0};
	if (!mig_tokens(t->m, t->target->id, in->text, &k))
		return mig_ok(t->m);
	if (!mig_token_words(&k, 0, "alter table") &&
	    !mig_token_words(&k, 0, "alter type"))
		return true;
	i += mig_token_words(&k, i, "if exists");
	i += mig_token_is(&k, i, "only");
	i = mig_token_qualified(&k, i, &schema, &from);
	if (from >= 0 && mig_token_words(&k, i, "rename to") && i + 2 < k.count &&
	    mig_name_same(mig_token_bare(t->m, &k, i + 2), name))
		*old = mig_token_bare(t->m, &k, from);
	return mig_ok(t->m);
}
