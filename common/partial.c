#include "private.h"

#include "checksum.h"
#include "partial.h"
#include "text.h"

static bool
partial_row(void *arg, Mig *m, const MigStr *cells)
{
	MigPartials *p = arg;
	MigPartial *items = mig_grow(m, p->items, (size_t) p->count, &p->room,
	                             (size_t) p->count + 1, sizeof(*p->items));

	if (items == NULL)
		return false;
	p->items = items;
	items += p->count++;
	items->revision = mig_copy(m, cells[0]);
	items->number = (int32_t) mig_cell_int(cells[1], 0);
	items->revert = mig_str_is(cells[2], "revert");
	items->checksum = mig_copy(m, cells[3]);
	items->line = (int32_t) mig_cell_int(cells[4], 0);
	items->finished = mig_cell_bool(cells[5]);
	return mig_ok(m);
}

bool
mig_partial_load(Mig *m, MigHost *h, MigStr revision, MigPartials *out)
{
	MigStr args[2] = {h->key, revision};

	memset(out, 0, sizeof(*out));
	return h->empty ||
	       h->ops->query(h, m, MIG_Q_PARTIAL, args, partial_row, out);
}

MigProgress
mig_partial_of(const MigPartials *p, MigStr revision)
{
	MigProgress out = {false, false, 0, false};

	for (int32_t i = 0; i < p->count; i++)
	{
		const MigPartial *row = &p->items[i];

		if (!mig_str_eq(row->revision, revision))
			continue;
		out.any = true;
		out.revert = row->revert;
		if (row->number != out.finished + 1)
			continue;
		if (row->finished)
			out.finished++;
		else
			out.begun = true;
	}
	return out;
}

static bool
refuse(const MigState *s, int32_t n, const MigProgress *at)
{
	const MigNode *node = &s->graph.nodes[n];
	Mig *m = s->m;

	mig_fail(m, MIG_STATE, "revision \"%.*s\" is half %s", MIG_S(node->id),
	         at->revert ? "reverted" : "applied");
	if (at->revert || node->tag < 0)
		mig_detail(m, "%d statements of it are done.", (int) at->finished);
	else
		mig_detail(m, "%d of %d statements are done.", (int) at->finished,
		           (int) s->records[node->tag].statements);
	if (at->revert)
		return mig_hint(m, "Go on with migrate_run() and the action"
		                   " 'revert'.");
	return mig_hint(m, "Go on with migrate_run('%.*s').", MIG_S(node->id));
}

static bool
any_of(const MigState *s, const bool *planned, int32_t first, int32_t count)
{
	for (int32_t e = 0; e < count; e++)
		if (planned[s->graph.edges[first + e]])
			return true;
	return false;
}

/* The record of a revision whose rows are not left over from before a stamp
   or the like; NULL if they are. */
static MigRecord *
half_done(const MigState *s, int32_t n, bool revert)
{
	MigRecord *record = NULL;

	if (n >= 0 && s->graph.nodes[n].tag >= 0)
		record = &s->records[s->graph.nodes[n].tag];
	return record != NULL && record->applied == revert ? record : NULL;
}

void
mig_partial_turn(const MigState *s, const MigPartials *p, MigAction action)
{
	for (int32_t i = 0; i < p->count; i++)
	{
		const MigPartial *row = &p->items[i];
		int32_t n = mig_graph_find(&s->graph, row->revision);

		if (i > 0 && mig_str_eq(row->revision, row[-1].revision))
			continue;
		if (row->revert == (action == MIG_APPLY) &&
		    half_done(s, n, row->revert) != NULL)
			s->graph.nodes[n].flags ^= MIG_NODE_APPLIED;
	}
}

/* Whether a plan has to do with a node that is half done. */
static bool
meets(const MigState *s, const bool *planned, int32_t n, bool revert,
      bool both)
{
	const MigNode *node = &s->graph.nodes[n];

	if (planned[n])
		return both;
	if (revert)
		return any_of(s, planned, node->up, node->nup) ||
		       any_of(s, planned, node->users, node->nusers);
	return any_of(s, planned, node->down, node->ndown) ||
	       any_of(s, planned, node->deps, node->ndeps);
}

bool
mig_partial_refuse(const MigState *s, const MigPartials *p,
                   const MigPlan *plan, MigScope scope)
{
	bool revert = plan->count > 0 && plan->steps[0].action == MIG_REVERT;
	bool *planned;

	if (p->count == 0)
		return true;
	planned = mig_alloc_array(s->m, (size_t) s->graph.count, sizeof(*planned));
	if (planned == NULL)
		return false;
	for (int i = 0; i < plan->count; i++)
		planned[plan->steps[i].node] = true;
	for (int32_t i = 0; i < p->count; i++)
	{
		MigProgress at = mig_partial_of(p, p->items[i].revision);
		int32_t n = mig_graph_find(&s->graph, p->items[i].revision);
		MigRecord *record = half_done(s, n, at.revert);

		if (record == NULL)
			continue;
		if (meets(s, planned, n, at.revert,
		          scope == MIG_RUN || at.revert != revert))
			return refuse(s, n, &at);
		if (at.revert && !planned[n])
			record->applied = false;
	}
	return true;
}

static bool
refuse_changed(Mig *m, MigStr revision, const MigPartial *row,
               const MigStatement *now)
{
	mig_fail(m, MIG_STATE,
	         "finished statement of revision \"%.*s\" has"
	         " changed",
	         MIG_S(revision));
	if (now == NULL)
		mig_detail(m,
		           "Statement %d, which stood in line %d, has run already"
		           " and is not there any more.",
		           (int) row->number, (int) row->line);
	else
		mig_detail(m,
		           "Statement %d, in line %d, has run already as another"
		           " one.",
		           (int) row->number, now->pos.line);
	mig_hint(m, "Restore it and load the script again, or accept the script as"
	            " it is with migrate_replace().");
	if (now != NULL)
		mig_at(m, now->pos);
	return false;
}

bool
mig_partial_check(Mig *m, const MigPartials *p, MigStr revision,
                  const MigWork *work)
{
	int total = work->count - work->nverify;

	for (int32_t i = 0; i < p->count; i++)
	{
		const MigPartial *row = &p->items[i];
		const MigStatement *now;
		MigStr sum;

		if (!row->finished || !mig_str_eq(row->revision, revision))
			continue;
		if (row->number < 1 || row->number > total)
			return refuse_changed(m, revision, row, NULL);
		now = &work->items[row->number - 1];
		sum = mig_partial_checksum(m, now);
		if (sum.at == NULL)
			return false;
		if (row->checksum.len > 0 && !mig_str_eq(sum, row->checksum))
			return refuse_changed(m, revision, row, now);
	}
	return true;
}

bool
mig_partial_add(Mig *m, MigHost *h, MigStr revision, MigAction action,
                int32_t number, const MigStatement *statement, bool finished)
{
	char now[40];
	MigStr args[8];

	args[0] = h->key;
	args[1] = revision;
	args[2] = mig_int_text(m, number);
	args[3] = mig_str(mig_action_name(action));
	args[4] = mig_partial_checksum(m, statement);
	args[5] = mig_int_text(m, statement->pos.line);
	args[6] = mig_time_iso(h->ops->now(h, NULL), now);
	args[7] = finished ? args[6] : (MigStr){NULL, 0};
	return mig_ok(m) &&
	       h->ops->query(h, m, MIG_Q_PARTIAL_ADD, args, NULL, NULL);
}

bool
mig_partial_finish(Mig *m, MigHost *h, MigStr revision, int32_t number,
                   const MigStatement *statement)
{
	char now[40];
	MigStr args[6];

	args[0] = h->key;
	args[1] = revision;
	args[2] = mig_int_text(m, number);
	args[3] = mig_partial_checksum(m, statement);
	args[4] = mig_int_text(m, statement->pos.line);
	args[5] = mig_time_iso(h->ops->now(h, NULL), now);
	return mig_ok(m) &&
	       h->ops->query(h, m, MIG_Q_PARTIAL_FINISH, args, NULL, NULL);
}

bool
mig_partial_drop(Mig *m, MigHost *h, MigStr revision)
{
	MigStr args[2] = {h->key, revision};

	return h->ops->query(h, m, MIG_Q_PARTIAL_DROP, args, NULL, NULL);
}

MigStr
mig_partial_checksum(Mig *m, const MigStatement *statement)
{
	MigSection section = {.kind = MIG_UP, .transactional = true};
	MigToken data = {.kind = MIG_T_DOLLAR, .text = statement->data};
	unsigned char sum[MIG_DIGEST_SIZE];
	MigChecksum c;
	MigLexer lexer;
	MigToken token;

	mig_checksum_start(&c);
	mig_checksum_section(&c, &section);
	mig_lex_start(&lexer, m->dialect, statement->text);
	while (mig_lex_next(&lexer, &token))
		if (!mig_lex_blank(&token))
			mig_checksum_token(&c, &token);
	if (statement->data.at != NULL)
		mig_checksum_token(&c, &data);
	mig_checksum_section_end(&c);
	mig_checksum_end(&c, sum);
	return mig_hex(m, sum, MIG_DIGEST_SIZE);
}
