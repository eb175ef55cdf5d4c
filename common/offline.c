#include "private.h"

#include "look.h"
#include "offline.h"
#include "offline_sqlite.h"
#include "recall.h"
#include "run.h"
#include "script.h"
#include "store.h"
#include "text.h"
#include "translate_call.h"

#include "sqlite_sql.h"

/* One script being written. */
typedef struct Offline
{
	MigCall *c;
	MigLook *look;
	const MigDialect *dialect;
	MigTranslator *t;
	MigText out;
	bool open;    /* inside a transaction */
	bool guarded; /* migrate_unreferenced is there */
} Offline;

/* Where the state tables of the other database are. */
static const char *
prefix(const Offline *o)
{
	return o->dialect == &mig_sqlite ? "main." : ":\"migrate_schema\".";
}

/* The moment, as the engine writes it. */
static const char *
now(const Offline *o)
{
	return o->dialect == &mig_sqlite
	           ? "strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')"
	           : "CURRENT_TIMESTAMP";
}

static void
head_postgresql(MigText *t)
{
	mig_text_add(t, "\\set ON_ERROR_STOP on\n"
	                "CREATE EXTENSION IF NOT EXISTS migrate;\n"
	                "SELECT n.nspname AS migrate_schema\n"
	                "  FROM pg_catalog.pg_extension AS e\n"
	                "  JOIN pg_catalog.pg_namespace AS n"
	                " ON n.oid = e.extnamespace\n"
	                " WHERE e.extname = 'migrate' \\gset\n\n");
}

/* The tables, "@a." read as main. */
static void
head_sqlite(MigText *t)
{
	MigStr rest = mig_str(sqlite_mig_tables);

	mig_text_add(t, ".bail on\n");
	for (size_t i = 0; i < rest.len;)
	{
		MigStr here = mig_str_from(rest, i);

		if (mig_str_starts(here, MIG_LIT("@a.")))
		{
			mig_text_add(t, "main.");
			i += 3;
		}
		else
			mig_text_char(t, rest.at[i++]);
	}
	mig_text_add(t, "CREATE TEMP TABLE migrate_verified (\n"
	                "  ok NOT NULL CHECK (ok <> 0)\n);\n\n");
}

static void
transaction(Offline *o, bool open)
{
	if (o->open == open)
		return;
	o->open = open;
	if (open)
		mig_text_add(&o->out, o->dialect == &mig_sqlite
		                          ? "BEGIN IMMEDIATE;\n\n"
		                          : "BEGIN;\n\n");
	else
		mig_text_add(&o->out, "COMMIT;\n\n");
}

/* A statement that must return true, said so that its failure stops. */
static void
verified(Offline *o, const MigStatement *s, MigStr id)
{
	MigText *t = &o->out;

	if (o->dialect == &mig_sqlite)
	{
		mig_text_fmt(t, "INSERT INTO temp.migrate_verified VALUES ((%.*s));\n",
		             MIG_S(s->text));
		return;
	}
	mig_text_add(t, "DO $migrate_do$\nDECLARE v text;\nBEGIN\n  EXECUTE"
	                " $migrate_q$");
	mig_text_str_add(t, s->text);
	mig_text_fmt(t,
	             "$migrate_q$ INTO v;\n"
	             "  IF v IS NULL OR v IN ('f', 'false', '0') THEN\n"
	             "    RAISE EXCEPTION 'revision \"%.*s\" failed its"
	             " verification';\n  END IF;\nEND $migrate_do$;\n",
	             MIG_S(id));
}

static void
statement(Offline *o, const MigStatement *s)
{
	mig_text_str_add(&o->out, s->text);
	mig_text_add(&o->out, ";\n");
	if (s->kind != MIG_STMT_COPY_DATA)
		return;
	mig_text_str_add(&o->out, s->data);
	if (s->data.len > 0 && s->data.at[s->data.len - 1] != '\n')
		mig_text_char(&o->out, '\n');
	mig_text_add(&o->out, "\\.\n");
}

static bool
keys_off(const Offline *o, const MigWork *work)
{
	return work->foreign_keys_off && o->dialect == &mig_sqlite;
}

/* The words that a statement begins with, in lower case: ALTER TYPE ... ADD
   VALUE and the like. "*" stands for any tokens. */
static bool
begins(const Offline *o, const MigStatement *s, const char *const *words)
{
	MigLexer l;
	MigToken t;

	mig_lex_start(&l, o->dialect, s->text);
	while (*words != NULL && mig_lex_next(&l, &t))
	{
		if (mig_lex_blank(&t) || t.kind == MIG_T_HINT)
			continue;
		if (**words == '*')
			words +=
				t.kind == MIG_T_WORD && mig_str_word(t.text, words[1]) ? 2 : 0;
		else if (t.kind == MIG_T_WORD && mig_str_word(t.text, *words))
			words++;
		else
			return false;
	}
	return *words == NULL;
}

static bool
any_begins(const Offline *o, const MigWork *work, const char *const *words)
{
	for (int i = 0; i < work->count; i++)
		if (begins(o, &work->items[i], words))
			return true;
	return false;
}

/* A new value of an enum type can be used only once it is committed. */
static bool
adds_value(const Offline *o, const MigWork *work)
{
	static const char *const words[] = {"alter", "type",  "*",
	                                    "add",   "value", NULL};

	return o->dialect == &mig_postgresql && any_begins(o, work, words);
}

/* Settings do not outlive the revision that changed them; what psql started
   with is what they go back to. */
static void
settings_back(Offline *o, const MigWork *work)
{
	static const char *const set[] = {"set", NULL};
	static const char *const call[] = {"select", "*", "set_config", NULL};

	if (o->dialect == &mig_postgresql &&
	    (any_begins(o, work, set) || any_begins(o, work, call)))
		mig_text_add(&o->out, "RESET SESSION AUTHORIZATION;\nRESET ROLE;\n"
		                      "RESET ALL;\n");
}

/* One statement; with what is a part of it, it is all or nothing also where no
   transaction is open. */
static void
one(Offline *o, Mig *m, const MigStatement *s, bool verify, MigStr id)
{
	bool open = o->open;

	if (s->then != NULL || s->kind == MIG_STMT_ALTER)
		transaction(o, true);
	if (s->kind == MIG_STMT_ALTER)
		mig_offline_change(m, &o->out, s->item, &o->guarded);
	else if (verify)
		verified(o, s, id);
	else
		statement(o, s);
	for (s = s->then; s != NULL; s = s->then)
		statement(o, s);
	transaction(o, open);
}

static void
body(Offline *o, Mig *m, const MigWork *work, MigStr id)
{
	if (keys_off(o, work) || !work->transactional)
		transaction(o, false);
	if (keys_off(o, work))
		mig_text_add(&o->out, "PRAGMA foreign_keys = OFF;\n");
	if (work->transactional)
		transaction(o, true);
	if (keys_off(o, work))
		mig_offline_keys_before(&o->out);
	for (int i = 0; i < work->count; i++)
		one(o, m, &work->items[i], i >= work->count - work->nverify, id);
	if (keys_off(o, work))
		mig_offline_keys_after(&o->out);
	transaction(o, true);
	settings_back(o, work);
}

/* Behind the record of a revision. */
static void
afterwards(Offline *o, const MigWork *work)
{
	if (keys_off(o, work) || adds_value(o, work))
		transaction(o, false);
	if (keys_off(o, work) && work->foreign_keys_on)
		mig_text_add(&o->out, "PRAGMA foreign_keys = ON;\n\n");
}

static void
values(MigText *t, const MigStr *items, int count)
{
	for (int i = 0; i < count; i++)
	{
		if (i > 0)
			mig_text_add(t, ", ");
		mig_text_literal(t, items[i]);
	}
}

/* A repeatable script takes the place of the one that ran before. */
#define NEWER                                                                 \
	"UPDATE SET position = excluded.position,\n"                              \
	"  depends = excluded.depends, message = excluded.message,"               \
	" created_at = excluded.created_at,\n"                                    \
	"  checksum = excluded.checksum, chain = excluded.chain,"                 \
	" loaded_at = excluded.loaded_at,\n"                                      \
	"  loaded_by = excluded.loaded_by,"                                       \
	" transactional = excluded.transactional,\n"                              \
	"  statements = excluded.statements, script = excluded.script"

/* The script itself, so that the other database can revert it. */
static void
store(Offline *o, const MigScript *s, const MigWork *work, int32_t node)
{
	const MigMore *more = mig_state_more(&o->look->s, node);
	const MigNode *n = &o->look->s.graph.nodes[node];
	bool again = n->flags & MIG_NODE_REPEATABLE;
	MigText *t = &o->out;
	char created[40];
	MigStr none = {NULL, 0};
	MigStr items[] = {
		n->id,
		again ? mig_str("*")
			  : mig_graph_list(&o->look->s.graph, n->down, n->ndown),
		s->depends.len > 0 ? s->depends : none,
		s->labels.len > 0 ? s->labels : none,
		mig_state_record(&o->look->s, node)->message,
		more->created == MIG_NO_TIME ? none
									 : mig_time_iso(more->created, created),
		more->checksum,
		more->chain,
	};

	mig_text_fmt(t,
	             "INSERT INTO %smigrate_revision (position, revision, revises,"
	             " depends, labels, message, created_at, checksum, chain,"
	             " loaded_at, loaded_by, transactional, statements, script)\n"
	             "SELECT COALESCE(MAX(position), 0) + 1, ",
	             prefix(o));
	values(t, items, MIG_COUNT(items));
	mig_text_fmt(t, ", %s, %s, %s, %d, ", now(o),
	             o->dialect == &mig_sqlite ? "'migrate_sql'" : "CURRENT_USER",
	             work->transactional ? "true" : "false",
	             work->count - work->nverify);
	mig_text_literal(t, s->text);
	mig_text_fmt(t,
	             "\n  FROM %smigrate_revision WHERE true\n"
	             "ON CONFLICT (revision) DO %s;\n",
	             prefix(o), again ? NEWER : "NOTHING");
}

static void
record(Offline *o, const MigStep *step)
{
	MigText *t = &o->out;
	MigStr id = o->look->s.graph.nodes[step->node].id;
	MigStr sum = mig_state_more(&o->look->s, step->node)->checksum;
	const char *who =
		o->dialect == &mig_sqlite ? "'migrate_sql'" : "CURRENT_USER";
	MigStr pair[2] = {id, sum};

	if (step->action != MIG_APPLY ||
	    o->look->s.graph.nodes[step->node].flags & MIG_NODE_REPEATABLE)
	{
		mig_text_fmt(t,
		             "DELETE FROM %smigrate_applied WHERE schema = '' AND"
		             " revision = ",
		             prefix(o));
		mig_text_literal(t, id);
		mig_text_add(t, ";\n");
	}
	if (step->action == MIG_APPLY)
	{
		mig_text_fmt(t,
		             "INSERT INTO %smigrate_applied (schema, revision,"
		             " checksum, applied_at, applied_by)\nVALUES ('', ",
		             prefix(o));
		values(t, pair, 2);
		mig_text_fmt(t, ", %s, %s);\n", now(o), who);
	}
	mig_text_fmt(t,
	             "INSERT INTO %smigrate_log (at, action, schema, revision,"
	             " checksum, who, client, version)\n"
	             "VALUES (%s, '%s', '', ",
	             prefix(o), now(o), mig_action_name(step->action));
	values(t, pair, 2);
	mig_text_fmt(t, ", %s, 'migrate_sql', ", who);
	mig_text_literal(t, mig_str(o->c->host->version));
	mig_text_add(t, ");\n\n");
}

static bool
text_row(void *arg, Mig *m, const MigStr *cells)
{
	*(MigStr *) arg = mig_copy(m, cells[MIG_SC_SCRIPT]);
	return mig_ok(m);
}

static bool
step_sql(Offline *o, Mig *m, const MigStep *step)
{
	MigHost *h = o->c->host;
	MigStr id = o->look->s.graph.nodes[step->node].id;
	MigStr message = mig_state_record(&o->look->s, step->node)->message;
	MigSectionKind kind = step->action == MIG_APPLY ? MIG_UP : MIG_DOWN;
	MigStr text = {NULL, 0};
	MigScript *script;
	MigWork work, written;

	if (!h->ops->query(h, m, MIG_Q_SCRIPT, &id, text_row, &text))
		return false;
	script = mig_script_parse(m, mig_str(""), text, text);
	if (script == NULL ||
	    !mig_script_work(m, script, o->dialect, kind, &written) ||
	    !mig_script_work_for(m, script, o->t, kind, &work))
	{
		mig_context(m, "revision \"%.*s\"", MIG_S(id));
		return false;
	}
	if (kind == MIG_DOWN && !mig_script_has(script, o->dialect, MIG_DOWN))
		return mig_fail(m, MIG_STATE, "revision \"%.*s\" has no down section",
		                MIG_S(id));
	mig_text_fmt(&o->out, "-- %s %.*s %.*s\n",
	             kind == MIG_UP ? "applying" : "reverting", MIG_S(id),
	             MIG_S(message));
	body(o, m, &work, id);
	if (kind == MIG_UP)
		store(o, script, &written, step->node);
	record(o, step);
	afterwards(o, &work);
	return mig_ok(m);
}

/* As mig_state_repeat(). */
static void
repeat(Offline *o)
{
	const MigPlan *plan = &o->look->plan;
	const MigGraph *g = &o->look->s.graph;
	bool any = false;

	for (int32_t n = 0; n < g->count; n++)
		any |= g->nodes[n].flags & MIG_NODE_REPEATABLE;
	if (!any || plan->count == 0 || plan->steps[0].action != MIG_REVERT)
		return;
	mig_text_fmt(&o->out,
	             "DELETE FROM %smigrate_applied WHERE schema = '' AND revision"
	             " IN (\n  SELECT revision FROM %smigrate_revision WHERE"
	             " revises = '*');\n\n",
	             prefix(o), prefix(o));
}

/* The summary of the other database: unknown, so that its next run looks. */
static void
tail(Offline *o)
{
	const char *p = prefix(o);

	mig_text_fmt(
		&o->out,
		"INSERT INTO %smigrate_state (name, value) VALUES"
		" ('position', '0'), ('heads', ''), ('complete:', '0')\n"
		"ON CONFLICT (name) DO NOTHING;\n"
		"UPDATE %smigrate_state SET value = (SELECT CAST(COALESCE("
		"MAX(position), 0) AS text) FROM %smigrate_revision)"
		" WHERE name = 'position';\n"
		"UPDATE %smigrate_state SET value = '' WHERE name = 'heads';\n"
		"UPDATE %smigrate_state SET value = '0'"
		" WHERE name = 'complete:';\n\n",
		p, p, p, p, p);
}

static bool
write_steps(Offline *o)
{
	for (int i = 0; i < o->look->plan.count; i++)
	{
		Mig own;
		bool ok;

		mig_init(&own, &o->c->m->memory, o->dialect);
		ok = step_sql(o, &own, &o->look->plan.steps[i]);
		mig_done(&own);
		if (!ok)
		{
			o->c->m->status = own.status;
			return false;
		}
	}
	return mig_ok(o->c->m);
}

/* Upwards; downwards only from a start that was named, when the target does
   not lie above it. */
static bool
plan(Offline *o, MigStr target, MigStr source)
{
	MigGraph *g = &o->look->s.graph;
	MigStatus failure;

	if (source.at != NULL && !mig_plan_assume(g, source))
		return false;
	if (mig_plan_apply(g, target, &o->look->plan))
		return o->look->plan.count > 0 || source.at == NULL ||
		       mig_plan_revert(g, target, &o->look->plan);
	if (source.at == NULL || g->m->status.code != MIG_TARGET)
		return false;
	/* "-2" does not read as a way up; the first reading's error is kept. */
	failure = g->m->status;
	memset(&g->m->status, 0, sizeof(g->m->status));
	if (mig_plan_revert(g, target, &o->look->plan) && o->look->plan.count > 0)
		return true;
	g->m->status = failure;
	return false;
}

static bool
write_all(Offline *o)
{
	MigCall *c = o->c;

	o->t = mig_recall_translator(c->m, c->host, o->dialect, &o->look->s.graph);
	if (o->t == NULL || !plan(o, c->args[0].text, c->args[1].text))
		return false;
	mig_text_fmt(&o->out, "-- %d %s for %s, target %.*s\n",
	             o->look->plan.count,
	             o->look->plan.count == 1 ? "revision" : "revisions",
	             o->dialect->name, MIG_S(c->args[0].text));
	if (o->dialect == &mig_sqlite)
		head_sqlite(&o->out);
	else
		head_postgresql(&o->out);
	transaction(o, true);
	if (!write_steps(o))
		return false;
	transaction(o, true);
	repeat(o);
	tail(o);
	transaction(o, false);
	c->result = mig_value_text(mig_text_str(&o->out));
	return mig_ok(c->m);
}

bool
mig_call_sql(MigCall *c)
{
	Offline o = {.c = c, .dialect = c->m->dialect, .out = {.m = c->m}};
	MigStr none = {NULL, 0};

	if (c->args[2].text.at != NULL)
		o.dialect = mig_dialect_find(c->args[2].text);
	if (o.dialect == NULL)
	{
		mig_fail(c->m, MIG_ARGUMENT, "dialect \"%.*s\" does not exist",
		         MIG_S(c->args[2].text));
		return mig_hint(c->m, "Write 'postgresql' or 'sqlite'.");
	}
	o.look = mig_look_begin(c, none, MIG_LOAD_ALL);
	return o.look != NULL && mig_look_end(c, write_all(&o));
}
