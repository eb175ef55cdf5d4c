#include "private.h"

#include "name.h"
#include "target.h"

/* One step: where it can lead. */
typedef struct Next
{
	int32_t some[MIG_NAMES_SHOWN];
	int count;
} Next;

static void
offer(Next *next, int32_t node, const uint64_t *line)
{
	if (line != NULL && !mig_set_has(line, node))
		return;
	if (next->count < MIG_COUNT(next->some))
		next->some[next->count] = node;
	next->count++;
}

/* From nothing: to the bases upwards, to the heads downwards. */
static void
step_from_empty(const MigGraph *g, bool up, const uint64_t *line, Next *next)
{
	for (int32_t i = 0; i < g->count; i++)
		if (up ? mig_node_is_base(&g->nodes[i])
		       : mig_node_is_head(&g->nodes[i]))
			offer(next, i, line);
}

static void
step(const MigGraph *g, int32_t at, bool up, const uint64_t *line, Next *next)
{
	const MigNode *n = &g->nodes[at < 0 ? 0 : at];

	next->count = 0;
	if (at == MIG_AT_BASE)
		return;
	if (at == MIG_AT_EMPTY)
	{
		step_from_empty(g, up, line, next);
		return;
	}
	for (int32_t e = 0; e < (up ? n->nup : n->ndown); e++)
		offer(next, g->edges[(up ? n->up : n->down) + e], line);
}

static MigStr
place_of(const MigGraph *g, int32_t at)
{
	return at < 0 ? MIG_LIT("base") : g->nodes[at].id;
}

static bool
fail_fork(MigGraph *g, MigStr text, int32_t at, bool up, const Next *next)
{
	MigStr list = mig_name_list(g, next->some, next->count);

	mig_fail(g->m, MIG_TARGET, "target \"%.*s\" is ambiguous", MIG_S(text));
	if (at < 0)
		mig_detail(g->m, "The %s are %.*s.", up ? "bases" : "heads",
		           MIG_S(list));
	else
		mig_detail(g->m, "Revision \"%.*s\" %s %.*s.", MIG_S(g->nodes[at].id),
		           up ? "is revised by" : "revises", MIG_S(list));
	return mig_hint(g->m, up ? "Name the revision itself, or the branch as "
	                           "in \"branch@+1\"."
	                         : "Name the revision itself.");
}

static bool
fail_far(MigGraph *g, MigStr text, int32_t from, int64_t taken, bool up)
{
	mig_fail(g->m, MIG_TARGET, "target \"%.*s\" goes too far", MIG_S(text));
	return mig_detail(g->m, "From \"%.*s\" the way %s is %lld %s long.",
	                  MIG_S(place_of(g, from)), up ? "up" : "down to base",
	                  (long long) taken, taken == 1 ? "step" : "steps");
}

bool
mig_name_walk(MigGraph *g, MigStr text, int64_t steps, const uint64_t *line,
              bool strict, int32_t *at)
{
	bool up = steps > 0;
	int64_t count = up ? steps : -steps;
	int32_t from = *at;
	Next next;

	for (int64_t i = 0; i < count; i++)
	{
		step(g, *at, up, line, &next);
		if (next.count > 1)
			return fail_fork(g, text, *at, up, &next);
		if (next.count == 1)
			*at = next.some[0];
		else if (!up && *at != MIG_AT_BASE)
			*at = MIG_AT_BASE;
		else if (strict)
			return fail_far(g, text, from, i, up);
		else
			break;
	}
	return true;
}

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || (unsigned char) c > 127;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits from offset to end, as steps that are cut to what can make a
   difference in this graph. */
static int64_t
steps_of(const MigGraph *g, MigStr s, size_t sign, size_t end)
{
	int64_t n = 0;

	for (size_t i = sign + 1; i < end; i++)
		if (n <= g->count)
			n = n * 10 + (s.at[i] - '0');
	if (n > g->count)
		n = (int64_t) g->count + 2;
	return s.at[sign] == '-' ? -n : n;
}

/* Whether some name goes on where text ends: then it is no step downwards,
   for an identifier may hold a minus. */
static bool
is_prefix(const MigGraph *g, MigStr text)
{
	for (int32_t i = 0; i < g->count; i++)
	{
		MigStr labels = g->nodes[i].labels;
		MigStr label;

		if (mig_str_starts(g->nodes[i].id, text))
			return true;
		while (mig_str_next(&labels, &label))
			if (mig_str_starts(label, text))
				return true;
	}
	return false;
}

/* s is "symbol+2": exact names may hold any character, else the symbol is a
   word. What follows the digits counts only if a name could go on so. */
static bool
read_steps(const MigGraph *g, MigStr s, size_t *sign, size_t *end)
{
	size_t i = s.len;

	while (i > 0 && is_digit(s.at[i - 1]))
		i--;
	if (i > 1 && i < s.len && (s.at[i - 1] == '+' || s.at[i - 1] == '-') &&
	    mig_graph_lookup(g, (MigStr){s.at, i - 1}) >= 0)
	{
		*sign = i - 1;
		*end = s.len;
		return s.at[i - 1] == '+' || !is_prefix(g, s);
	}
	for (i = 0; i < s.len && is_word(s.at[i]);)
		i++;
	if (i == s.len || (s.at[i] != '+' && s.at[i] != '-'))
		return false;
	*sign = i;
	for (i++; i < s.len && is_digit(s.at[i]);)
		i++;
	*end = i;
	if (i == *sign + 1)
		return false;
	if (s.at[*sign] == '+')
		return true;
	if (i < s.len && (is_word(s.at[i]) || s.at[i] == '-' || s.at[i] == '.'))
		return false;
	return *sign == 0 || !is_prefix(g, s);
}

bool
mig_name_relative(const MigGraph *g, MigStr text, MigRelative *out)
{
	size_t from = 0;
	size_t sign = 0, end = 0;
	bool found = false;

	memset(out, 0, sizeof(*out));
	if (text.len == 0 || mig_graph_lookup(g, text) >= 0)
		return false;
	for (size_t i = 1; i < text.len && !found; i++)
		if (text.at[i] == '@' &&
		    read_steps(g, mig_str_from(text, i + 1), &sign, &end))
		{
			found = true;
			from = i + 1;
			out->branch = (MigStr){text.at, i};
		}
	if (!found && !read_steps(g, text, &sign, &end))
		return false;
	text = mig_str_from(text, from);
	if (sign > 0)
		out->symbol = (MigStr){text.at, sign};
	out->start = (MigStr){text.at - from, from + sign};
	out->steps = steps_of(g, text, sign, end);
	return true;
}

static bool
fail_origin(MigGraph *g, MigStr text, int64_t steps, const int32_t *nodes,
            int count)
{
	MigStr list = mig_name_list(g, nodes, count);

	mig_fail(g->m, MIG_TARGET,
	         "target \"%.*s\" could count from several revisions",
	         MIG_S(text));
	mig_detail(g->m, "They are %.*s.", MIG_S(list));
	return mig_hint(g->m, "Name the one that is meant, as in \"%.*s%+lld\".",
	                MIG_S(g->nodes[nodes[0]].id), (long long) steps);
}

/* Where "branch@+1" begins: at the current revisions of the branch, else at
   the highest applied ones of it. */
static bool
branch_origin(MigGraph *g, const MigOrigin *from, const uint64_t *line,
              int32_t **nodes, int *count)
{
	MigSet s = mig_set_of(g, from->nodes, from->count);
	MigSet low = mig_set_new(g);

	if (s == NULL || low == NULL)
		return false;
	mig_set_keep(g, s, line);
	if (mig_set_count(g, s) == 0)
	{
		mig_set_join(g, s, from->applied);
		mig_set_keep(g, s, line);
		for (int32_t i = 0; i < g->count; i++)
		{
			const MigNode *n = &g->nodes[i];

			for (int32_t e = 0; mig_set_has(s, i) && e < n->ndown; e++)
				mig_set_put(low, g->edges[n->down + e]);
			for (int32_t e = 0; mig_set_has(s, i) && e < n->ndeps; e++)
				mig_set_put(low, g->edges[n->deps + e]);
		}
		mig_set_drop(g, s, low);
	}
	return mig_set_list(g, s, nodes, count);
}

static bool
fail_direction(MigGraph *g, MigStr text, bool upgrade, int64_t steps)
{
	if (steps == 0)
	{
		mig_fail(g->m, MIG_TARGET, "target \"%.*s\" asks for no step",
		         MIG_S(text));
		return mig_hint(g->m, "Write \"%s1\".", upgrade ? "+" : "-");
	}
	mig_fail(g->m, MIG_TARGET, "target \"%.*s\" leads %s, not %s", MIG_S(text),
	         upgrade ? "down" : "up", upgrade ? "up" : "down");
	if (upgrade)
		return mig_hint(g->m, "migrate_revert() takes \"-1\"; here write "
		                      "\"+1\".");
	return mig_hint(g->m, "migrate_apply() takes \"+1\"; here write \"-1\".");
}

/* The start of a relative upgrade target, and which branch bounds it. */
static bool
goal_origin(MigGraph *g, MigStr text, const MigRelative *r,
            const MigOrigin *from, const uint64_t *line, int32_t *at)
{
	MigOrigin here;
	int32_t *nodes;
	int count;

	if (r->symbol.at != NULL)
		return mig_name_one(g, r->steps > 0 ? r->symbol : r->start, at);
	if (r->steps <= 0)
		return fail_direction(g, text, true, r->steps);
	if (from == NULL)
	{
		MigSet current = mig_set_maximal(g, MIG_ALL_EDGES);

		from = &here;
		here.applied = mig_set_flagged(g, MIG_NODE_APPLIED);
		if (current == NULL || here.applied == NULL ||
		    !mig_set_list(g, current, &here.nodes, &here.count))
			return false;
	}
	nodes = from->nodes;
	count = from->count;
	if (line != NULL && !branch_origin(g, from, line, &nodes, &count))
		return false;
	if (count > 1)
		return fail_origin(g, text, r->steps, nodes, count);
	*at = count == 1 ? nodes[0] : MIG_AT_EMPTY;
	return true;
}

bool
mig_name_goals(MigGraph *g, MigStr text, const MigOrigin *from, bool strict,
               int32_t **nodes, int *count)
{
	MigRelative r;
	MigSet line = NULL;
	int32_t at;

	if (!mig_name_relative(g, text, &r))
		return mig_target_many(g, text, nodes, count);
	if (r.branch.len > 0 && r.steps > 0)
	{
		line = mig_name_lineage(g, r.branch, MIG_DOWN_EDGES);
		if (line == NULL)
			return false;
	}
	if (!goal_origin(g, text, &r, from, line, &at) ||
	    !mig_name_walk(g, text, r.steps, line, strict, &at))
		return false;
	if (at < 0)
	{
		mig_fail(g->m, MIG_TARGET, "target \"%.*s\" leads to base",
		         MIG_S(text));
		return mig_hint(g->m, "migrate_revert('base') reverts everything.");
	}
	*nodes = mig_alloc_array(g->m, 1, sizeof(int32_t));
	if (*nodes == NULL)
		return false;
	**nodes = at;
	*count = 1;
	return true;
}

/* The one current revision from which "-1" or "branch@-1" counts. */
static bool
floor_origin(MigGraph *g, MigStr text, const MigRelative *r, int32_t *at)
{
	MigSet s = mig_set_maximal(g, MIG_ALL_EDGES);
	MigSet line;
	int32_t *nodes;
	int count;

	if (s == NULL)
		return false;
	if (r->branch.len > 0)
	{
		line = mig_name_lineage(g, r->branch, MIG_DOWN_EDGES);
		if (line == NULL)
			return false;
		mig_set_keep(g, s, line);
		if (mig_set_count(g, s) == 0)
		{
			s = mig_set_maximal(g, MIG_DOWN_EDGES);
			if (s == NULL)
				return false;
			mig_set_keep(g, s, line);
		}
	}
	if (!mig_set_list(g, s, &nodes, &count))
		return false;
	if (count > 1)
		return fail_origin(g, text, r->steps, nodes, count);
	if (count == 0 && r->branch.len > 0)
		return mig_fail(g->m, MIG_TARGET,
		                "nothing of branch \"%.*s\" is applied",
		                MIG_S(r->branch));
	if (count == 0)
		return mig_fail(g->m, MIG_TARGET, "no revision is applied");
	*at = nodes[0];
	return true;
}

/* A relative downgrade target that names no symbol: from what is applied. */
static bool
floor_from_current(MigGraph *g, MigStr text, const MigRelative *r,
                   MigStr *branch, int32_t *goal)
{
	int32_t node;

	if (r->steps >= 0)
		return fail_direction(g, text, false, r->steps);
	if (!floor_origin(g, text, r, goal))
		return false;
	*branch = r->branch.len > 0 ? r->branch : g->nodes[*goal].id;
	return mig_name_find(g, g->nodes[*goal].id, *branch, &node) &&
	       mig_name_walk(g, text, r->steps, NULL, true, goal);
}

bool
mig_name_floor(MigGraph *g, MigStr text, MigStr *branch, int32_t *goal)
{
	MigRelative r;
	MigSet line = NULL;

	*branch = (MigStr){NULL, 0};
	if (!mig_name_relative(g, text, &r))
	{
		size_t at = text.len;

		while (at > 0 && text.at[at - 1] != '@')
			at--;
		if (at > 1)
			*branch = (MigStr){text.at, at - 1};
		text = mig_str_from(text, at);
		if (!mig_name_one(g, text, goal))
			return false;
		if (*goal == MIG_AT_EMPTY)
			*goal = MIG_AT_BASE;
		return true;
	}
	*branch = r.branch;
	if (r.symbol.at == NULL)
		return floor_from_current(g, text, &r, branch, goal);
	if (r.branch.len > 0 && r.steps >= 0)
		line = mig_name_lineage(g, r.branch, MIG_DOWN_EDGES);
	if (!mig_ok(g->m) ||
	    !mig_name_one(g, r.steps >= 0 ? r.symbol : r.start, goal))
		return false;
	if (*goal == MIG_AT_EMPTY && r.steps == 0)
		return fail_direction(g, text, false, 0);
	return mig_name_walk(g, text, r.steps, line, true, goal);
}
