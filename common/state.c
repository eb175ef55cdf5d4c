#include "private.h"

#include "script.h"
#include "state.h"
#include "text.h"

bool
mig_cell_bool(MigStr cell)
{
	return cell.len > 0 && (cell.at[0] == 't' || cell.at[0] == '1');
}

int64_t
mig_cell_int(MigStr cell, int64_t absent)
{
	int64_t value;

	return cell.at != NULL && mig_str_int(cell, &value) ? value : absent;
}

int64_t
mig_cell_time(MigStr cell)
{
	int64_t value;

	if (cell.at == NULL)
		return MIG_NO_TIME;
	if (mig_str_int(cell, &value) || mig_time_parse(cell, &value))
		return value;
	return MIG_NO_TIME;
}

MigStr
mig_int_text(Mig *m, int64_t value)
{
	uint64_t left = value < 0 ? -(uint64_t) value : (uint64_t) value;
	char digits[24];
	size_t i = sizeof(digits);

	do
		digits[--i] = (char) ('0' + left % 10);
	while ((left /= 10) > 0);
	if (value < 0)
		digits[--i] = '-';
	return mig_copy(m, (MigStr){digits + i, sizeof(digits) - i});
}

/* "complete:" and the schema's key. */
static MigStr
complete_name(Mig *m, MigHost *h)
{
	MigText t = {m, NULL, 0, 0};

	mig_text_add(&t, "complete:");
	mig_text_str_add(&t, h->key);
	return mig_text_str(&t);
}

static bool
summary_row(void *arg, Mig *m, const MigStr *cells)
{
	MigState *s = arg;

	s->position = mig_cell_int(cells[0], 0);
	s->heads = mig_copy(m, cells[1]);
	s->complete = mig_cell_int(cells[2], 0);
	return mig_ok(m);
}

static bool
summary_read(MigState *s)
{
	s->position = s->complete = 0;
	s->heads = mig_str("");
	if (s->h->empty)
		return true;
	return s->h->ops->query(s->h, s->m, MIG_Q_SUMMARY, &s->h->key, summary_row,
	                        s);
}

bool
mig_state_init(MigState *s, Mig *m, MigHost *h)
{
	memset(s, 0, sizeof(*s));
	s->m = m;
	s->h = h;
	return summary_read(s);
}

bool
mig_state_is_complete(const MigState *s)
{
	return s->complete >= s->position;
}

bool
mig_state_has_one_head(const MigState *s)
{
	MigStr list = s->heads;
	MigStr word;

	return mig_str_next(&list, &word) && !mig_str_next(&list, &word);
}

/* Copies of several cells in one piece of memory; absent ones stay so. */
static bool
copy_cells(Mig *m, const MigStr *cells, const int *which, int count,
           MigStr *out)
{
	size_t size = 1;
	char *at;

	for (int i = 0; i < count; i++)
		size += cells[which[i]].at != NULL ? cells[which[i]].len : 0;
	at = mig_alloc(m, size);
	if (at == NULL)
		return false;
	for (int i = 0; i < count; i++)
	{
		MigStr cell = cells[which[i]];

		out[i].at = cell.at != NULL ? at : NULL;
		out[i].len = cell.at != NULL ? cell.len : 0;
		if (out[i].len > 0)
			memcpy(at, cell.at, cell.len);
		at += out[i].len;
	}
	return true;
}

/* A node. Most revise the one in the row before, whose id is here already. */
static bool
ids_row(void *arg, Mig *m, const MigStr *cells)
{
	static const int which[] = {MIG_C_REVISION, MIG_C_DEPENDS, MIG_C_LABELS,
	                            MIG_C_REVISES};
	MigState *s = arg;
	const MigGraph *g = &s->graph;
	MigStr own[MIG_COUNT(which)];
	int count = MIG_COUNT(which);

	if (g->count > 0 &&
	    mig_str_eq(cells[MIG_C_REVISES], g->nodes[g->count - 1].id))
		own[--count] = g->nodes[g->count - 1].id;
	return copy_cells(m, cells, which, count, own) &&
	       mig_graph_add(&s->graph, own[0], own[3], own[1], own[2],
	                     s->count++);
}

/* A node and its record. */
static bool
graph_row(void *arg, Mig *m, const MigStr *cells)
{
	MigState *s = arg;
	MigRecord *r = mig_grow(m, s->records, (size_t) s->count, &s->room,
	                        (size_t) s->count + 1, sizeof(*s->records));

	if (r == NULL)
		return false;
	s->records = r;
	r += s->count;
	memset(r, 0, sizeof(*r));
	if (!ids_row(arg, m, cells))
		return false;
	r->message = mig_copy(m, cells[MIG_C_MESSAGE]);
	r->position = mig_cell_int(cells[MIG_C_POSITION], 0);
	r->statements = (int32_t) mig_cell_int(cells[MIG_C_STATEMENTS], 0);
	r->transactional = mig_cell_bool(cells[MIG_C_TRANSACTIONAL]);
	return mig_ok(m);
}

static bool
newer_row(void *arg, Mig *m, const MigStr *cells)
{
	MigState *s = arg;

	if (!graph_row(arg, m, cells))
		return false;
	s->records[s->count - 1].applied = cells[MIG_C_APPLIED].at != NULL;
	return true;
}

static bool
status_row(void *arg, Mig *m, const MigStr *cells)
{
	static const int which[] = {MIG_C_CHECKSUM, MIG_C_CHAIN, MIG_C_APPLIED,
	                            MIG_C_APPLIED_BY};
	MigState *s = arg;
	MigStr own[MIG_COUNT(which)];
	MigMore *more;
	int32_t i = s->count;

	if (!newer_row(arg, m, cells) ||
	    !copy_cells(m, cells, which, MIG_COUNT(which), own))
		return false;
	more = mig_grow(m, s->more, (size_t) i, &s->more_room, (size_t) i + 1,
	                sizeof(*s->more));
	if (more == NULL)
		return false;
	s->more = more;
	more += i;
	more->checksum = own[0];
	more->chain = own[1];
	more->applied = own[2];
	more->applied_by = own[3];
	more->created = mig_cell_time(cells[MIG_C_CREATED]);
	more->applied_at = mig_cell_time(cells[MIG_C_APPLIED_AT]);
	more->elapsed = mig_cell_int(cells[MIG_C_ELAPSED], -1);
	return true;
}

static bool
lost_row(void *arg, Mig *m, const MigStr *cells)
{
	static const int which[] = {0, 1, 3};
	MigState *s = arg;
	MigStr own[MIG_COUNT(which)];
	MigLost *l = mig_grow(m, s->lost, (size_t) s->nlost, &s->lost_room,
	                      (size_t) s->nlost + 1, sizeof(*s->lost));

	if (l == NULL || !copy_cells(m, cells, which, MIG_COUNT(which), own))
		return false;
	s->lost = l;
	l += s->nlost++;
	l->revision = own[0];
	l->checksum = own[1];
	l->applied_by = own[2];
	l->applied_at = mig_cell_time(cells[2]);
	l->elapsed = mig_cell_int(cells[4], -1);
	return true;
}

/* What is applied stands in the node, and in the record if there is one. */
static void
set_applied(MigState *s, MigNode *node, bool applied)
{
	node->flags &= ~(uint32_t) MIG_NODE_APPLIED;
	if (applied)
		node->flags |= MIG_NODE_APPLIED;
	if (s->records != NULL)
		s->records[node->tag].applied = applied;
}

/* A repeatable script whose dependency is to run again does so behind it. */
static void
mark_outdated(MigState *s, MigNode *node)
{
	bool again = false;

	for (int32_t e = 0; e < node->ndeps; e++)
	{
		uint32_t flags = s->graph.nodes[s->graph.edges[node->deps + e]].flags;

		again |= flags & MIG_NODE_REPEATABLE && !(flags & MIG_NODE_APPLIED);
	}
	if (!again)
		return;
	set_applied(s, node, false);
	if (s->more == NULL)
		return;
	s->more[node->tag].applied = (MigStr){NULL, 0};
	s->more[node->tag].applied_by = (MigStr){NULL, 0};
	s->more[node->tag].applied_at = MIG_NO_TIME;
	s->more[node->tag].elapsed = -1;
}

/* Flags are the graph's, records the reader's: carry over what he knows. */
static void
mark_applied(MigState *s)
{
	bool repeatable = false;

	for (int32_t n = 0; n < s->graph.count; n++)
	{
		MigNode *node = &s->graph.nodes[n];

		if (s->records != NULL && node->tag >= 0 &&
		    s->records[node->tag].applied)
			node->flags |= MIG_NODE_APPLIED;
		repeatable |= node->flags & MIG_NODE_REPEATABLE;
	}
	for (int32_t i = 0; repeatable && i < s->graph.count; i++)
	{
		MigNode *node = &s->graph.nodes[s->graph.order[i]];

		if (node->flags & MIG_NODE_REPEATABLE)
			mark_outdated(s, node);
	}
}

/* Arrays of about the right size, so that they need not grow: positions are
   mostly dense. A table that was tampered with must not take all memory. */
static bool
prepare(MigState *s, MigLoad how)
{
	int64_t expected = s->position;

	if (how == MIG_LOAD_NEWER)
		expected -= s->complete;
	if (expected < 0 || expected > 200000)
		expected = 0;
	if (!mig_graph_init(s->m, &s->graph, (size_t) expected))
		return false;
	if (how == MIG_LOAD_IDS)
		return true;
	s->room = (size_t) expected;
	s->records = mig_alloc_array(s->m, s->room, sizeof(*s->records));
	return s->records != NULL;
}

/* What is applied comes in the order of ids, as nodes are. */
typedef struct Applied
{
	MigState *s;
	int32_t next;
} Applied;

static bool
applied_row(void *arg, Mig *m, const MigStr *cells)
{
	Applied *a = arg;
	MigState *s = a->s;
	int32_t n = a->next;
	MigStr lost[5] = {cells[0], cells[1], {NULL, 0}, {"", 0}, {NULL, 0}};

	if (n >= s->graph.count || !mig_str_eq(s->graph.nodes[n].id, cells[0]))
		n = mig_graph_find(&s->graph, cells[0]);
	if (n < 0)
		return lost_row(s, m, lost);
	set_applied(s, &s->graph.nodes[n], true);
	a->next = n + 1;
	return true;
}

/* A repeatable script that has changed since is to run again. */
static bool
outdated_row(void *arg, Mig *m, const MigStr *cells)
{
	MigState *s = arg;
	int32_t n = mig_graph_find(&s->graph, cells[0]);

	(void) m;
	if (n >= 0)
		set_applied(s, &s->graph.nodes[n], false);
	return true;
}

static bool
has_repeatable(const MigState *s)
{
	for (int32_t n = 0; n < s->graph.count; n++)
		if (s->graph.nodes[n].flags & MIG_NODE_REPEATABLE)
			return true;
	return false;
}

/* The rows of migrate_revision, with or without what is applied. */
static bool
load_rows(MigState *s, MigLoad how)
{
	MigHost *h = s->h;
	MigStr args[2] = {h->key, mig_int_text(s->m, s->complete)};

	switch (how)
	{
		case MIG_LOAD_IDS:
			return h->ops->query(h, s->m, MIG_Q_GRAPH_IDS, NULL, ids_row, s);
		case MIG_LOAD_GRAPH:
			return h->ops->query(h, s->m, MIG_Q_GRAPH, NULL, graph_row, s);
		case MIG_LOAD_ALL:
			return h->ops->query(h, s->m, MIG_Q_STATUS, args, status_row, s) &&
			       h->ops->query(h, s->m, MIG_Q_MISSING, args, lost_row, s);
		case MIG_LOAD_NEWER:
			s->graph.partial = true;
			return h->ops->query(h, s->m, MIG_Q_GRAPH_SINCE, args, newer_row,
			                     s);
	}
	return false;
}

bool
mig_state_load(MigState *s, MigLoad how)
{
	Applied applied = {s, 0};
	bool bare = how == MIG_LOAD_IDS || how == MIG_LOAD_GRAPH;

	if (!prepare(s, how) || (!s->h->empty && !load_rows(s, how)) ||
	    !mig_graph_build(&s->graph))
		return false;
	if (bare && !s->h->empty &&
	    !s->h->ops->query(s->h, s->m, MIG_Q_APPLIED, &s->h->key, applied_row,
	                      &applied))
		return false;
	if (bare && !s->h->empty && has_repeatable(s) &&
	    !s->h->ops->query(s->h, s->m, MIG_Q_OUTDATED, &s->h->key, outdated_row,
	                      s))
		return false;
	mark_applied(s);
	return true;
}

bool
mig_state_refuse_lost(MigState *s)
{
	if (s->nlost == 0)
		return true;
	mig_fail(s->m, MIG_STATE,
	         "revision \"%.*s\" is applied, but its script"
	         " is not known",
	         MIG_S(s->lost[0].revision));
	if (s->nlost > 1)
		mig_detail(s->m, "The same holds for %d more.", (int) s->nlost - 1);
	return mig_hint(s->m,
	                "Add the script again with migrate_add(), or set"
	                " the state straight with migrate_stamp(target, true).");
}

static bool
found_row(void *arg, Mig *m, const MigStr *cells)
{
	(void) m;
	(void) cells;
	*(bool *) arg = true;
	return true;
}

/* Lock one row of migrate_state, made first if need be. Where that is not
   needed, the page that it is on is not written now and again at the end. */
static bool
lock_row(Mig *m, MigHost *h, MigQuery lock, MigStr name)
{
	MigStr args[2] = {name, mig_str("0")};
	bool found = false;

	if (!h->ops->query(h, m, lock, args, found_row, &found))
		return false;
	if (found || h->exclusive)
		return true;
	return h->ops->query(h, m, MIG_Q_STATE_ENSURE, args, NULL, NULL) &&
	       h->ops->query(h, m, lock, args, found_row, &found);
}

bool
mig_state_lock(MigState *s)
{
	MigStr name = complete_name(s->m, s->h);

	return name.at != NULL &&
	       lock_row(s->m, s->h, MIG_Q_STATE_SHARE, mig_str("position")) &&
	       lock_row(s->m, s->h, MIG_Q_STATE_LOCK, name) && summary_read(s);
}

MigStr
mig_state_heads(MigGraph *g, int32_t without)
{
	MigText t = {g->m, NULL, 0, 0};

	for (int32_t n = 0; n < g->count; n++)
	{
		const MigNode *node = &g->nodes[n];
		int32_t up = node->nup;

		for (int32_t e = 0; e < node->nup; e++)
			up -= g->edges[node->up + e] == without;
		if (n == without || up > 0 || node->flags & MIG_NODE_REPEATABLE)
			continue;
		if (t.len > 0)
			mig_text_char(&t, ' ');
		mig_text_str_add(&t, node->id);
	}
	return mig_text_str(&t);
}

static bool
state_set(MigState *s, MigStr name, MigStr value)
{
	MigStr args[2] = {name, value};

	return name.at != NULL && value.at != NULL &&
	       s->h->ops->query(s->h, s->m, MIG_Q_STATE_SET, args, NULL, NULL);
}

/* Up to which position everything is applied. */
static int64_t
complete_of(const MigState *s)
{
	int64_t complete = s->position;

	for (int32_t i = 0; i < s->count; i++)
		if (!s->records[i].applied && s->records[i].position <= complete)
			complete = s->records[i].position - 1;
	return complete;
}

static bool
lacks_heads(const MigState *s)
{
	return s->heads.len == 0 && s->count > 0 && !s->graph.partial;
}

bool
mig_state_is_stale(const MigState *s)
{
	return complete_of(s) != s->complete || lacks_heads(s);
}

bool
mig_state_settle(MigState *s)
{
	s->wrote = true;
	if (lacks_heads(s) &&
	    !state_set(s, mig_str("heads"), mig_state_heads(&s->graph, -1)))
		return false;
	s->complete = complete_of(s);
	return state_set(s, complete_name(s->m, s->h),
	                 mig_int_text(s->m, s->complete));
}

bool
mig_state_lower(MigState *s, int64_t position)
{
	if (position > s->complete)
		return true;
	s->wrote = true;
	s->complete = position - 1;
	return state_set(s, complete_name(s->m, s->h),
	                 mig_int_text(s->m, s->complete));
}

bool
mig_state_repeat(MigState *s, bool revert)
{
	for (int32_t n = 0; n < s->graph.count; n++)
	{
		MigStr args[2] = {s->h->key, s->graph.nodes[n].id};
		MigRecord *record;

		if (!(s->graph.nodes[n].flags & MIG_NODE_REPEATABLE))
			continue;
		record = mig_state_record(s, n);
		if (record->applied && !revert)
			continue;
		record->applied = false;
		if (!mig_state_lower(s, record->position) ||
		    !s->h->ops->query(s->h, s->m, MIG_Q_APPLIED_DROP, args, NULL,
		                      NULL))
			return false;
	}
	return true;
}

MigRecord *
mig_state_record(const MigState *s, int32_t node)
{
	return &s->records[s->graph.nodes[node].tag];
}

MigMore *
mig_state_more(const MigState *s, int32_t node)
{
	return &s->more[s->graph.nodes[node].tag];
}

bool
mig_state_log(Mig *m, MigHost *h, const MigLogEntry *e)
{
	return mig_state_log_at(m, h, e, h->ops->now(h, NULL));
}

bool
mig_state_log_at(Mig *m, MigHost *h, const MigLogEntry *e, int64_t at)
{
	char time[40];
	MigStr none = {NULL, 0};
	MigStr args[10];

	args[0] = mig_time_iso(at, time);
	args[1] = mig_str(e->action);
	args[2] = h->key;
	args[3] = e->revision;
	args[4] = e->checksum;
	args[5] = h->who;
	args[6] = h->client;
	args[7] = e->elapsed < 0 ? none : mig_int_text(m, e->elapsed);
	args[8] = mig_str(h->version);
	args[9] = e->detail;
	return mig_ok(m) && h->ops->query(h, m, MIG_Q_LOG_ADD, args, NULL, NULL);
}

typedef struct Wanted
{
	const char *name;
	MigStr value;
} Wanted;

static bool
setting_row(void *arg, Mig *m, const MigStr *cells)
{
	Wanted *w = arg;

	if (mig_str_is(cells[0], w->name))
		w->value = mig_copy(m, cells[1]);
	return mig_ok(m);
}

MigStr
mig_setting(Mig *m, MigHost *h, const char *name)
{
	Wanted w = {name, {NULL, 0}};

	if (!h->empty)
		h->ops->query(h, m, MIG_Q_SETTINGS, NULL, setting_row, &w);
	return w.value;
}
