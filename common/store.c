#include "private.h"

#include "function.h"
#include "layout.h"
#include "plan.h"
#include "store.h"
#include "target.h"
#include "text.h"

/* A stored row, as far as a merge needs it. */
typedef struct Row
{
	MigStr revision, revises, depends, labels, checksum, chain;
	MigStr source; /* stored; of a new row row_args() knows it */
	int64_t position;
	bool trusted;
	bool applied; /* in any schema */
	bool same;    /* its script has the same bytes */
	bool dropped;
	bool again; /* repeatable, and it or what it depends on is to run again: it
	               gets a new position */
	bool changed;      /* has to be written whole */
	bool rewired;      /* only revises or chain differ */
	MigScript *script; /* the one that came, or NULL */
} Row;

/* The state of one merge; rows are stored ones, then new ones. */
typedef struct Merge
{
	Mig *m;
	MigHost *h;
	const MigMerge *in;
	Row *rows;
	int32_t count;
	int32_t nstored;
	size_t room;
	MigMap arrived; /* revision to index in in->scripts */
	MigMap ids;     /* revision to index in rows that are stored */
	MigGraph graph;
	int64_t position;
} Merge;

static bool
row_read(void *arg, Mig *m, const MigStr *cells)
{
	Merge *g = arg;
	int32_t i;
	Row *r = mig_grow(m, g->rows, (size_t) g->count, &g->room,
	                  (size_t) g->count + 1, sizeof(*g->rows));

	if (r == NULL)
		return false;
	g->rows = r;
	r += g->count;
	memset(r, 0, sizeof(*r));
	r->revision = mig_copy(m, cells[MIG_SS_REVISION]);
	r->revises = mig_copy(m, cells[MIG_SS_REVISES]);
	r->depends = mig_copy(m, cells[MIG_SS_DEPENDS]);
	r->labels = mig_copy(m, cells[MIG_SS_LABELS]);
	r->checksum = mig_copy(m, cells[MIG_SS_CHECKSUM]);
	r->chain = mig_copy(m, cells[MIG_SS_CHAIN]);
	r->source = mig_copy(m, cells[MIG_SS_SOURCE]);
	r->position = mig_cell_int(cells[MIG_SS_POSITION], 0);
	r->trusted = mig_cell_bool(cells[MIG_SS_TRUSTED]);
	i = mig_map_get(&g->arrived, r->revision);
	if (i >= 0)
	{
		r->script = g->in->scripts[i];
		/* A shell cuts the last line end off: no change either. */
		r->same = mig_str_eq(mig_str_trim(r->script->text),
		                     mig_str_trim(cells[MIG_SS_SCRIPT]));
	}
	return mig_ok(m) && mig_map_put(m, &g->ids, r->revision, g->count++) >= 0;
}

static bool
applied_read(void *arg, Mig *m, const MigStr *cells)
{
	Merge *g = arg;
	int32_t i = mig_map_get(&g->ids, cells[0]);

	(void) m;
	if (i >= 0)
		g->rows[i].applied = true;
	return true;
}

/* What came, by id; the same id twice is an error with both places. */
static bool
arrive(Merge *g)
{
	const MigMerge *in = g->in;

	if (in->ids != NULL)
	{
		g->arrived = *in->ids;
		return true;
	}
	if (!mig_map_init(g->m, &g->arrived, (size_t) in->nscripts))
		return false;
	for (int32_t i = 0; i < in->nscripts; i++)
	{
		MigScript *s = in->scripts[i];
		int32_t at = mig_map_put(g->m, &g->arrived, s->revision, i);

		if (at < 0)
			return false;
		if (at == i)
			continue;
		mig_fail(g->m, MIG_GRAPH,
		         "revision \"%.*s\" stands twice in the scripts",
		         MIG_S(s->revision));
		mig_detail(g->m, "The first is at %.*s%sline %d.",
		           MIG_S(in->scripts[at]->source),
		           in->scripts[at]->source.len > 0 ? " " : "",
		           in->scripts[at]->revision_pos.line);
		return mig_at(g->m, s->revision_pos);
	}
	return true;
}

/* Blanks between words, and nothing for an empty list. One word stays where it
   is. */
static MigStr
list_of(Mig *m, MigStr words)
{
	MigText t = {m, NULL, 0, 0};
	MigStr rest = words;
	MigStr word;

	if (!mig_str_next(&rest, &word))
		return (MigStr){NULL, 0};
	if (rest.len == 0)
		return word;
	while (mig_str_next(&words, &word))
	{
		if (t.len > 0)
			mig_text_char(&t, ' ');
		mig_text_str_add(&t, word);
	}
	return mig_text_str(&t);
}

static bool
in_directory(MigStr source, MigStr directory)
{
	return directory.at != NULL && source.len > directory.len &&
	       mig_str_starts(source, directory) &&
	       source.at[directory.len] == '/';
}

static MigStr
source_of(Mig *m, MigStr directory, const MigScript *s)
{
	MigText t = {m, NULL, 0, 0};
	MigStr none = {NULL, 0};

	if (directory.at == NULL)
		return s->source.len > 0 ? s->source : none;
	mig_text_str_add(&t, directory);
	mig_text_char(&t, '/');
	mig_text_str_add(&t, s->source);
	return mig_text_str(&t);
}

/* An applied script's up sections are history. */
static bool
refuse_changed(Merge *g, const Row *r, MigStr checksum)
{
	Mig *m = g->m;

	if (!r->applied || g->in->replace || r->script->repeatable ||
	    mig_str_eq(checksum, r->checksum))
		return true;
	mig_fail(m, MIG_STATE,
	         "script of revision \"%.*s\" differs from the one that was"
	         " applied",
	         MIG_S(r->revision));
	mig_detail(m, "The checksum of its up sections is %.*s, stored is %.*s.",
	           MIG_S(checksum), MIG_S(r->checksum));
	mig_hint(m, "Write the change as a new revision, or put it in the place of"
	            " the old one with migrate_replace().");
	return mig_at(m, r->script->revision_pos);
}

/* A script meets its stored row. */
static bool
row_update(Merge *g, Row *r)
{
	MigScript *s = r->script;
	MigStr revises =
		s->revises.at != NULL ? list_of(g->m, s->revises) : r->revises;
	MigStr source = source_of(g->m, g->in->directory, s);
	MigStr checksum = mig_hex(g->m, s->checksum, MIG_DIGEST_SIZE);

	if (!mig_ok(g->m) || !refuse_changed(g, r, checksum))
		return false;
	r->changed = !r->same || !r->trusted || (g->in->replace && r->applied);
	if (source.at != NULL && !mig_str_eq(source, r->source))
		r->rewired = true; /* written, but nothing that counts */
	if (!mig_str_eq(revises, r->revises))
		r->rewired = true;
	r->again =
		s->repeatable && !g->in->replace && !mig_str_eq(checksum, r->checksum);
	r->revises = revises;
	r->depends = list_of(g->m, s->depends);
	r->labels = list_of(g->m, s->labels);
	r->checksum = checksum;
	if (source.at != NULL)
		r->source = source;
	return mig_ok(g->m);
}

/* Without revises a script is a base, if there is nothing yet to revise. */
static bool
refuse_loose(Merge *g, const MigScript *s)
{
	if (s->revises.at != NULL || g->nstored == 0)
		return true;
	mig_fail(g->m, MIG_GRAPH, "revision \"%.*s\" does not say what it revises",
	         MIG_S(s->revision));
	mig_hint(g->m,
	         "Add a line \"-- migrate:revises ID\", or \"-- migrate:revises"
	         " base\" for a new base.");
	return mig_at(g->m, s->revision_pos);
}

/* There is room for it, and nothing in it. */
static bool
row_new(Merge *g, MigScript *s)
{
	Row *r = &g->rows[g->count];

	r->script = s;
	r->revision = s->revision;
	r->revises = list_of(g->m, s->revises);
	r->depends = list_of(g->m, s->depends);
	r->labels = list_of(g->m, s->labels);
	r->checksum = mig_hex(g->m, s->checksum, MIG_DIGEST_SIZE);
	r->changed = true;
	g->count++;
	return mig_ok(g->m);
}

static bool
refuse_stranger(Merge *g, const MigScript *s)
{
	mig_fail(g->m, MIG_TARGET, "revision \"%.*s\" is not stored",
	         MIG_S(s->revision));
	mig_hint(g->m, "A new script is stored with migrate_add().");
	return mig_at(g->m, s->revision_pos);
}

/*
 * A file that is gone but applied keeps its place in the directory's order:
 * the script behind it still revises it, unless its header says otherwise.
 * Scripts come in the order of their files.
 */
static void
keep_place(Merge *g, const Row *gone)
{
	MigStr name = mig_str_from(gone->source, g->in->directory.len + 1);
	MigScript *next;
	int32_t before;
	int i = 0;

	while (i < g->in->nscripts &&
	       mig_str_cmp(g->in->scripts[i]->source, name) < 0)
		i++;
	if (i == g->in->nscripts || g->in->scripts[i]->revises_pos.line > 0)
		return;
	/* Of several that are gone in one place the last one counts. */
	next = g->in->scripts[i];
	before = mig_map_get(&g->ids, next->revises);
	if (before < 0 || g->rows[before].script != NULL ||
	    mig_str_cmp(g->rows[before].source, gone->source) < 0)
		next->revises = gone->revision;
}

/* The same where another tool's rule gives the order: who would take its
   place comes behind it. */
static void
keep_foreign(Merge *g, const Row *gone)
{
	for (int i = 0; i < g->in->nscripts; i++)
	{
		MigScript *s = g->in->scripts[i];

		if (s->repeatable || s->revises_pos.line > 0 ||
		    !mig_str_eq(s->revises, gone->revises))
			continue;
		s->revises = gone->revision;
		return;
	}
}

static bool
is_foreign(const MigMerge *in)
{
	return in->nscripts > 0 && in->scripts[0]->origin.at != NULL;
}

static void
keep_places(Merge *g)
{
	bool foreign = is_foreign(g->in);

	for (int32_t i = 0; i < g->nstored; i++)
		if (g->rows[i].script == NULL && g->rows[i].applied &&
		    in_directory(g->rows[i].source, g->in->directory))
			foreign ? keep_foreign(g, &g->rows[i])
					: keep_place(g, &g->rows[i]);
}

/* Room for just the new rows: there may be very many. */
static bool
rows_reserve(Merge *g)
{
	size_t count = (size_t) g->count + (size_t) g->in->nscripts;
	Row *rows;

	for (int32_t i = 0; i < g->nstored; i++)
		count -= g->rows[i].script != NULL;
	rows = mig_alloc_array(g->m, count, sizeof(*rows));
	if (rows == NULL)
		return false;
	if (g->count > 0)
		memcpy(rows, g->rows, (size_t) g->count * sizeof(*rows));
	g->rows = rows;
	return true;
}

/* Stored rows meet what came; the rest of what came is new. */
static bool
meet(Merge *g)
{
	keep_places(g);
	for (int32_t i = 0; i < g->nstored; i++)
	{
		Row *r = &g->rows[i];

		if (r->script != NULL && !row_update(g, r))
			return false;
		if (r->script == NULL && !r->applied &&
		    in_directory(r->source, g->in->directory))
			r->dropped = true;
	}
	if (!rows_reserve(g))
		return false;
	for (int i = 0; i < g->in->nscripts; i++)
	{
		MigScript *s = g->in->scripts[i];

		if (mig_map_get(&g->ids, s->revision) >= 0)
			continue;
		if (g->in->replace)
			return refuse_stranger(g, s);
		if (!refuse_loose(g, s) || !row_new(g, s))
			return false;
	}
	return true;
}

/* The place of what the graph complains of, if it came with this call. */
static bool
blame(Merge *g)
{
	const Row *r;

	if (g->m->status.code != MIG_GRAPH || g->graph.blamed < 0)
		return false;
	r = &g->rows[g->graph.blamed];
	if (r->script == NULL)
		return false;
	if (r->script->revises_pos.line > 0)
		return mig_at(g->m, r->script->revises_pos);
	return mig_at(g->m, r->script->revision_pos);
}

static bool
build(Merge *g)
{
	if (!mig_graph_init(g->m, &g->graph, (size_t) g->count))
		return false;
	for (int32_t i = 0; i < g->count; i++)
	{
		const Row *r = &g->rows[i];

		if (!r->dropped && !mig_graph_add(&g->graph, r->revision, r->revises,
		                                  r->depends, r->labels, i))
			return blame(g);
	}
	return mig_graph_build(&g->graph) || blame(g);
}

/* New chain hashes; a row whose own differs has to be written. */
static bool
rechain(Merge *g)
{
	MigStr *sums = mig_alloc_array(g->m, (size_t) g->count, sizeof(*sums));
	MigStr *chains;

	if (sums == NULL)
		return false;
	for (int32_t i = 0; i < g->count; i++)
		sums[i] = g->rows[i].checksum;
	chains = mig_store_chains(&g->graph, sums);
	if (chains == NULL)
		return false;
	for (int32_t n = 0; n < g->graph.count; n++)
	{
		Row *r = &g->rows[g->graph.nodes[n].tag];

		if (mig_str_eq(chains[n], r->chain))
			continue;
		r->chain = chains[n];
		r->rewired = true;
		/* What it depends on is to run again, and it behind that. */
		if (mig_str_is(r->revises, "*") && !g->in->replace)
			r->again = true;
	}
	return true;
}

/* What a script's up sections are here, as text. */
static bool
work_args(Mig *m, const MigScript *s, MigStr *transactional,
          MigStr *statements)
{
	bool can = true;
	int count = s->statements;
	MigWork work;

	if (!s->plain)
	{
		if (!mig_script_work(m, s, m->dialect, MIG_UP, &work))
			return false;
		can = work.transactional;
		count = work.count - work.nverify;
	}
	*transactional = mig_str(can ? "1" : "0");
	*statements = mig_int_text(m, count);
	return true;
}

/* A row as the queries that write it want it. */
static bool
row_args(Merge *g, Mig *m, Row *r, MigStr now, MigStr *args)
{
	MigScript *s = r->script;
	char created[40];
	MigStr none = {NULL, 0};

	args[MIG_A_REVISION] = r->revision;
	args[MIG_A_REVISES] = r->revises;
	args[MIG_A_DEPENDS] = r->depends;
	args[MIG_A_LABELS] = r->labels;
	args[MIG_A_MESSAGE] = s->message.at ? s->message : mig_str("");
	args[MIG_A_CREATED] = s->created == MIG_NO_TIME
	                          ? none
	                          : mig_copy(m, mig_time_iso(s->created, created));
	args[MIG_A_CHECKSUM] = r->checksum;
	args[MIG_A_CHAIN] = r->chain;
	args[MIG_A_SOURCE] =
		r->source.at ? r->source : source_of(m, g->in->directory, s);
	args[MIG_A_LOADED_AT] = now;
	args[MIG_A_LOADED_BY] = g->h->who;
	args[MIG_A_POSITION] = mig_int_text(m, r->position);
	args[MIG_A_SCRIPT] = s->text;
	return work_args(m, s, &args[MIG_A_TRANSACTIONAL],
	                 &args[MIG_A_STATEMENTS]) &&
	       mig_ok(m);
}

static bool
row_set(Merge *g, Mig *m, Row *r, MigStr now)
{
	MigStr args[MIG_A_COUNT];

	return row_args(g, m, r, now, args) &&
	       g->h->ops->query(g->h, m, MIG_Q_REVISION_SET, args, NULL, NULL);
}

static bool
log_replaced(Merge *g, const Row *r)
{
	MigLogEntry entry = {"replace", r->revision, r->checksum, {NULL, 0}, -1};
	MigStr args[2] = {r->revision, r->checksum};

	return g->h->ops->query(g->h, g->m, MIG_Q_APPLIED_CHECKSUM, args, NULL,
	                        NULL) &&
	       mig_state_log(g->m, g->h, &entry);
}

/* Whether a stored row has to be written, or goes. */
static bool
is_written(const Row *r)
{
	return r->dropped || r->changed || r->rewired;
}

/* One row's change, in an arena of its own. */
static bool
write_one(Merge *g, int32_t i, MigStr now)
{
	Row *r = &g->rows[i];
	MigStr args[4] = {r->revision, r->revises, r->chain, {NULL, 0}};
	Mig own;
	bool ok = true;

	if (!is_written(r))
		return true;
	if (r->again)
		r->position = ++g->position;
	mig_init(&own, &g->m->memory, g->m->dialect);
	args[3] = mig_int_text(&own, r->position);
	if (r->dropped)
		ok = g->h->ops->query(g->h, &own, MIG_Q_REVISION_DROP, args, NULL,
		                      NULL);
	else if (r->script != NULL)
		ok = row_set(g, &own, r, now);
	else
		ok = g->h->ops->query(g->h, &own, MIG_Q_REVISION_CHAIN, args, NULL,
		                      NULL);
	mig_done(&own);
	if (!ok)
	{
		g->m->status = own.status;
		return false;
	}
	return !(g->in->replace && r->changed && r->applied) || log_replaced(g, r);
}

/* New rows are written by so many, or so many bytes of scripts, at once. */
#define ADD_ROWS 128
#define ADD_BYTES (1u << 20)

static bool
rows_write(MigHost *h, Mig *m, const MigStr *args, int rows)
{
	bool ok = true;

	if (h->ops->query_rows != NULL)
		return h->ops->query_rows(h, m, MIG_Q_REVISION_ADD, args, rows);
	for (int i = 0; ok && i < rows; i++)
		ok = h->ops->query(h, m, MIG_Q_REVISION_ADD, args + i * MIG_A_COUNT,
		                   NULL, NULL);
	return ok;
}

/* Add new rows from *next on, which moves behind them, in an arena of their
   own. */
static bool
add_some(Merge *g, int32_t *next, MigStr now)
{
	int rows = 0;
	size_t bytes = 0;
	MigStr *args;
	Mig own;
	bool ok;

	mig_init(&own, &g->m->memory, g->m->dialect);
	args = mig_alloc_array(&own, ADD_ROWS * MIG_A_COUNT, sizeof(*args));
	ok = args != NULL;
	while (ok && *next < g->count && rows < ADD_ROWS && bytes < ADD_BYTES)
	{
		Row *r = &g->rows[(*next)++];

		r->position = ++g->position;
		bytes += r->script->text.len;
		ok = row_args(g, &own, r, now, args + rows++ * MIG_A_COUNT);
	}
	ok = ok && rows_write(g->h, &own, args, rows);
	mig_done(&own);
	if (!ok)
		g->m->status = own.status;
	return ok;
}

static bool
state_set(Merge *g, const char *name, MigStr value)
{
	MigStr args[2] = {mig_str(name), value};

	return value.at != NULL &&
	       g->h->ops->query(g->h, g->m, MIG_Q_STATE_ENSURE, args, NULL,
	                        NULL) &&
	       g->h->ops->query(g->h, g->m, MIG_Q_STATE_SET, args, NULL, NULL);
}

/* What writing will come to: the last position that it gives, and how much a
   user would call a change. */
static int64_t
count_changes(const Merge *g, int64_t *position)
{
	int64_t changed = g->count - g->nstored;

	*position = g->position + changed;
	for (int32_t i = 0; i < g->nstored; i++)
	{
		const Row *r = &g->rows[i];

		*position += is_written(r) && r->again;
		changed += r->dropped || r->changed;
	}
	return changed;
}

/* The summary comes before the rows: SQLite has sent pages of the beginning to
   its log before the last row is there, and one that changes again makes it
   read and sum up that log once more. */
static bool
write_summary(Merge *g, int64_t *changed)
{
	int64_t position;

	*changed = count_changes(g, &position);
	if (*changed == 0)
		return true;
	return (position == g->position ||
	        state_set(g, "position", mig_int_text(g->m, position))) &&
	       state_set(g, "heads", mig_state_heads(&g->graph, -1));
}

static bool
write_all(Merge *g)
{
	char text[40];
	MigStr now = mig_time_iso(g->h->ops->now(g->h, NULL), text);

	/* What goes makes room for labels that move. */
	for (int32_t i = 0; i < g->nstored; i++)
		if (g->rows[i].dropped && !write_one(g, i, now))
			return false;
	for (int32_t i = 0; i < g->nstored; i++)
		if (!g->rows[i].dropped && !write_one(g, i, now))
			return false;
	for (int32_t i = g->nstored; i < g->count;)
		if (!add_some(g, &i, now))
			return false;
	return true;
}

static bool
position_read(void *arg, Mig *m, const MigStr *cells)
{
	(void) m;
	*(int64_t *) arg = mig_cell_int(cells[0], 0);
	return true;
}

/* One writer of scripts at a time. */
static bool
lock_scripts(Merge *g)
{
	MigStr args[2] = {mig_str("position"), mig_str("0")};
	MigHost *h = g->h;

	g->position = -1;
	if (!h->ops->query(h, g->m, MIG_Q_STATE_LOCK, args, position_read,
	                   &g->position))
		return false;
	if (g->position >= 0)
		return true;
	return h->ops->query(h, g->m, MIG_Q_STATE_ENSURE, args, NULL, NULL) &&
	       h->ops->query(h, g->m, MIG_Q_STATE_LOCK, args, position_read,
	                     &g->position);
}

/* What a half done revision has finished is what the new script says. */
static bool
accept(Merge *g)
{
	for (int i = 0; i < g->in->nscripts; i++)
		if (!g->h->ops->query(g->h, g->m, MIG_Q_PARTIAL_ACCEPT,
		                      &g->in->scripts[i]->revision, NULL, NULL))
			return false;
	return true;
}

bool
mig_store_merge(Mig *m, MigHost *h, const MigMerge *merge, int64_t *changed)
{
	Merge g = {0};

	g.m = m;
	g.h = h;
	g.in = merge;
	*changed = 0;
	if (!lock_scripts(&g) || !arrive(&g) ||
	    !h->ops->query(h, m, MIG_Q_SCRIPTS, NULL, row_read, &g) ||
	    !h->ops->query(h, m, MIG_Q_APPLIED_ANY, NULL, applied_read, &g))
		return false;
	g.nstored = g.count;
	return meet(&g) && build(&g) && rechain(&g) &&
	       write_summary(&g, changed) && write_all(&g) &&
	       (!merge->replace || accept(&g));
}
