/*
 * graph_driver.c - asks the core about revision graphs, a line a request.
 *
 * Fields are parted by tabs, lists inside a field by blanks:
 *
 *     graph                          forget everything
 *     rev  ID  REVISES  DEPENDS  LABELS
 *     row  NAME                      NAME and all below it is applied
 *     ask  OPERATION  TARGET         one line of answer
 *
 * An answer is "ok" and fields, or "error" with code, message, detail, hint.
 * tests/alembic_core.py talks to it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dialect.h"
#include "plan.h"
#include "target.h"

#define REVISIONS 4096
#define ROWS 256

typedef struct Driver
{
	Mig m;
	MigGraph g;
	char *revisions[REVISIONS];
	int nrevisions;
	char *rows[ROWS];
	int nrows;
} Driver;

static void *
get(void *context, size_t size)
{
	(void) context;
	return malloc(size);
}

static void
put(void *context, void *memory)
{
	(void) context;
	free(memory);
}

/* The next field of a line, which is cut there. */
static char *
field(char **line)
{
	char *start = *line;
	char *tab = strchr(start, '\t');

	*line = tab != NULL ? tab + 1 : start + strlen(start);
	if (tab != NULL)
		*tab = '\0';
	return start;
}

static void
print_field(const char *text)
{
	putchar('\t');
	for (; *text != '\0'; text++)
		putchar(*text == '\t' || *text == '\n' ? ' ' : *text);
}

static void
print_nodes(const MigGraph *g, const int32_t *nodes, int count)
{
	putchar('\t');
	for (int i = 0; i < count; i++)
		printf("%s%.*s", i > 0 ? " " : "", MIG_S(g->nodes[nodes[i]].id));
}

/* One field of the nodes for which test holds. */
static void
print_those(const MigGraph *g, bool (*test)(const MigNode *))
{
	const char *gap = "";

	putchar('\t');
	for (int32_t i = 0; i < g->count; i++)
	{
		if (!test(&g->nodes[i]))
			continue;
		printf("%s%.*s", gap, MIG_S(g->nodes[i].id));
		gap = " ";
	}
}

static bool
is_real_base(const MigNode *n)
{
	return n->ndown == 0 && n->ndeps == 0;
}

static bool
build(Driver *d)
{
	MigMemory memory = {get, put, NULL, 0};

	mig_done(&d->m);
	mig_init(&d->m, &memory, &mig_postgresql);
	if (!mig_graph_init(&d->m, &d->g, (size_t) d->nrevisions))
		return false;
	for (int i = 0; i < d->nrevisions; i++)
	{
		char *copy = mig_alloc(&d->m, strlen(d->revisions[i]) + 1);
		char *fields[4];

		if (copy == NULL)
			return false;
		strcpy(copy, d->revisions[i]);
		for (int f = 0; f < 4; f++)
			fields[f] = field(&copy);
		if (!mig_graph_add(&d->g, mig_str(fields[0]), mig_str(fields[1]),
		                   mig_str(fields[2]), mig_str(fields[3]), i))
			return false;
	}
	return mig_graph_build(&d->g);
}

/* Rows are read as Alembic does: whole or by prefix. */
static bool
apply_rows(Driver *d)
{
	int32_t *rows = mig_alloc_array(&d->m, (size_t) d->nrows, sizeof(int32_t));
	MigGraph *g = &d->g;

	if (rows == NULL)
		return false;
	for (int i = 0; i < d->nrows; i++)
		if (!mig_target_one(g, mig_str(d->rows[i]), &rows[i]))
			return false;
	for (int i = 0; i < d->nrows; i++)
		if (rows[i] >= 0)
			g->nodes[rows[i]].flags |= MIG_NODE_APPLIED;
	for (int32_t i = g->count; i-- > 0;)
	{
		const MigNode *n = &g->nodes[g->order[i]];

		if ((n->flags & MIG_NODE_APPLIED) == 0)
			continue;
		for (int32_t e = 0; e < n->ndown; e++)
			g->nodes[g->edges[n->down + e]].flags |= MIG_NODE_APPLIED;
		for (int32_t e = 0; e < n->ndeps; e++)
			g->nodes[g->edges[n->deps + e]].flags |= MIG_NODE_APPLIED;
	}
	return true;
}

/* The steps, and the current revisions after them. */
static bool
print_plan(Driver *d, const MigPlan *plan)
{
	int32_t *nodes;
	int count;

	for (int i = 0; i < plan->count; i++)
	{
		MigNode *n = &d->g.nodes[plan->steps[i].node];

		if (plan->steps[i].action == MIG_APPLY ||
		    plan->steps[i].action == MIG_STAMP)
			n->flags |= MIG_NODE_APPLIED;
		else
			n->flags &= ~(uint32_t) MIG_NODE_APPLIED;
	}
	if (!mig_plan_current(&d->g, &nodes, &count))
		return false;
	printf("ok\t");
	for (int i = 0; i < plan->count; i++)
		printf("%s%.*s", i > 0 ? " " : "",
		       MIG_S(d->g.nodes[plan->steps[i].node].id));
	print_nodes(&d->g, nodes, count);
	return true;
}

static bool
ask_plan(Driver *d, const char *what, MigStr target)
{
	MigPlan plan;

	if (!apply_rows(d))
		return false;
	if (strcmp(what, "upgrade") == 0)
		return mig_plan_apply(&d->g, target, &plan) && print_plan(d, &plan);
	if (strcmp(what, "downgrade") == 0)
		return mig_plan_revert(&d->g, target, &plan) && print_plan(d, &plan);
	return mig_plan_stamp(&d->g, target, false, &plan) && print_plan(d, &plan);
}

static bool
ask_purge(Driver *d, MigStr target)
{
	MigPlan plan;

	return mig_plan_stamp(&d->g, target, true, &plan) && print_plan(d, &plan);
}

/* "source:target", or the target alone from nothing. */
static bool
ask_offline(Driver *d, bool up, MigStr range)
{
	const char *colon = memchr(range.at, ':', range.len);
	MigStr source = MIG_LIT("base");
	MigPlan plan;

	if (colon != NULL)
	{
		source = (MigStr){range.at, (size_t) (colon - range.at)};
		range = mig_str_from(range, source.len + 1);
	}
	else if (!up)
		return mig_fail(&d->m, MIG_ARGUMENT, "range has no colon");
	if (!mig_plan_assume(&d->g, source))
		return false;
	if (up)
		return mig_plan_apply(&d->g, range, &plan) && print_plan(d, &plan);
	return mig_plan_revert(&d->g, range, &plan) && print_plan(d, &plan);
}

static bool
ask_history(Driver *d, MigStr range)
{
	int32_t *nodes;
	int count;

	/* Only a range that says so looks at what is applied. */
	if (strstr(range.at, "current") != NULL && !apply_rows(d))
		return false;
	if (!mig_plan_history(&d->g, range, &nodes, &count))
		return false;
	printf("ok");
	print_nodes(&d->g, nodes, count);
	return true;
}

static bool
ask_nodes(Driver *d, const char *what, MigStr target)
{
	int32_t *nodes, one;
	int count = 1;
	bool done;

	if (strstr(target.at, "current") != NULL && !apply_rows(d))
		return false;
	if (strcmp(what, "resolve") == 0)
		done = mig_target_many(&d->g, target, &nodes, &count);
	else if (strcmp(what, "create") == 0)
		done = mig_target_parents(&d->g, target, &nodes, &count);
	else
	{
		done = mig_target_one(&d->g, target, &one);
		nodes = &one;
	}
	if (!done)
		return false;
	printf("ok");
	if (count == 1 && nodes[0] < 0)
		print_field("(base)");
	else
		print_nodes(&d->g, nodes, count);
	return true;
}

static bool
ask_status(Driver *d)
{
	int32_t *nodes;
	int count;

	if (!apply_rows(d) || !mig_plan_tips(&d->g, &nodes, &count))
		return false;
	printf("ok");
	print_nodes(&d->g, nodes, count);
	if (!mig_plan_current(&d->g, &nodes, &count))
		return false;
	print_nodes(&d->g, nodes, count);
	print_those(&d->g, mig_node_is_head);
	print_those(&d->g, mig_node_is_real_head);
	return true;
}

/* A field a revision: "id=labels;flags". */
static bool
ask_labels(Driver *d)
{
	MigStr *labels = mig_graph_labels(&d->g);

	if (labels == NULL)
		return false;
	printf("ok");
	for (int32_t i = 0; i < d->g.count; i++)
	{
		const MigNode *n = &d->g.nodes[i];

		printf("\t%.*s=%.*s;%d%d%d%d", MIG_S(n->id), MIG_S(labels[i]),
		       mig_node_is_branch_point(n), mig_node_is_merge_point(n),
		       mig_node_is_head(n), mig_node_is_real_head(n));
	}
	return true;
}

static bool
ask(Driver *d, const char *what, MigStr target)
{
	static const char *const plans[] = {"upgrade", "downgrade", "stamp"};
	static const char *const nodes[] = {"resolve", "resolve_one", "create"};

	for (int i = 0; i < 3; i++)
	{
		if (strcmp(what, plans[i]) == 0)
			return ask_plan(d, what, target);
		if (strcmp(what, nodes[i]) == 0)
			return ask_nodes(d, what, target);
	}
	if (strcmp(what, "purge") == 0)
		return ask_purge(d, target);
	if (strcmp(what, "sql_upgrade") == 0 || strcmp(what, "sql_downgrade") == 0)
		return ask_offline(d, what[4] == 'u', target);
	if (strcmp(what, "history") == 0)
		return ask_history(d, target);
	if (strcmp(what, "status") == 0)
		return ask_status(d);
	if (strcmp(what, "labels") == 0)
		return ask_labels(d);
	if (strcmp(what, "heads") != 0 && strcmp(what, "bases") != 0)
		return mig_fail(&d->m, MIG_INTERNAL, "no such operation");
	printf("ok");
	print_those(&d->g, what[0] == 'h' ? mig_node_is_head : mig_node_is_base);
	print_those(&d->g, what[0] == 'h' ? mig_node_is_real_head : is_real_base);
	return true;
}

static void
answer(Driver *d, char *rest)
{
	char *what = field(&rest);
	MigStr target = mig_str(rest);

	if (!build(d) || !ask(d, what, target))
	{
		printf("error\t%d", (int) d->m.status.code);
		print_field(d->m.status.message);
		print_field(d->m.status.detail);
		print_field(d->m.status.hint);
	}
	putchar('\n');
	fflush(stdout);
}

static void
forget(Driver *d)
{
	while (d->nrevisions > 0)
		free(d->revisions[--d->nrevisions]);
	while (d->nrows > 0)
		free(d->rows[--d->nrows]);
}

static char *
copy_of(const char *text)
{
	char *copy = malloc(strlen(text) + 1);

	if (copy == NULL)
		abort();
	return strcpy(copy, text);
}

int
main(void)
{
	static Driver driver;
	static char line[1 << 16];
	Driver *d = &driver;
	bool sane = true;

	while (sane && fgets(line, sizeof(line), stdin) != NULL)
	{
		char *rest = line;
		char *verb;

		line[strcspn(line, "\n")] = '\0';
		verb = field(&rest);
		if (strcmp(verb, "graph") == 0)
			forget(d);
		else if (strcmp(verb, "rev") == 0 && d->nrevisions < REVISIONS)
			d->revisions[d->nrevisions++] = copy_of(rest);
		else if (strcmp(verb, "row") == 0 && d->nrows < ROWS)
			d->rows[d->nrows++] = copy_of(rest);
		else if (strcmp(verb, "ask") == 0)
			answer(d, rest);
		else
			sane = false;
	}
	forget(d);
	mig_done(&d->m);
	if (!sane)
		fprintf(stderr, "graph_driver: request not understood: %s\n", line);
	return !sane;
}
