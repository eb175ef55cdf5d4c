#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "text.h"

/* The state tables of the fake host, and the queries on them. */

static char *
keep(MigStr s)
{
	char *copy;

	if (s.at == NULL)
		return NULL;
	copy = malloc(s.len + 1);
	if (copy == NULL)
		abort();
	memcpy(copy, s.at, s.len);
	copy[s.len] = '\0';
	return copy;
}

static void
put_row(FakeTable *t, const MigStr *cells, int count)
{
	if (t->rows == FAKE_ROWS)
		abort();
	t->columns = count;
	for (int i = 0; i < count; i++)
		t->cells[t->rows][i] = keep(cells[i]);
	t->rows++;
}

static void
drop_row(FakeTable *t, int row)
{
	for (int i = 0; i < t->columns; i++)
		free(t->cells[row][i]);
	t->rows--;
	memmove(t->cells[row], t->cells[t->rows], sizeof(t->cells[row]));
}

static void
set_cell(FakeTable *t, int row, int column, MigStr value)
{
	free(t->cells[row][column]);
	t->cells[row][column] = keep(value);
}

/* The row whose first `count` cells are those, or -1. */
static int
find_row(const FakeTable *t, const MigStr *key, int count)
{
	for (int r = 0; r < t->rows; r++)
	{
		int same = 0;

		while (same < count &&
		       mig_str_eq(mig_str(t->cells[r][same]), key[same]))
			same++;
		if (same == count)
			return r;
	}
	return -1;
}

static MigStr
cell(const FakeTable *t, int row, int column)
{
	return mig_str(row < 0 ? NULL : t->cells[row][column]);
}

static void
clear_table(FakeTable *t)
{
	while (t->rows > 0)
		drop_row(t, t->rows - 1);
}

static void
copy_table(FakeTable *to, const FakeTable *from)
{
	clear_table(to);
	for (int r = 0; r < from->rows; r++)
	{
		MigStr cells[FAKE_CELLS];

		for (int i = 0; i < from->columns; i++)
			cells[i] = mig_str(from->cells[r][i]);
		put_row(to, cells, from->columns);
	}
}

void
fake_copy(FakeTables *to, const FakeTables *from)
{
	copy_table(&to->revision, &from->revision);
	copy_table(&to->applied, &from->applied);
	copy_table(&to->log, &from->log);
	copy_table(&to->state, &from->state);
	copy_table(&to->setting, &from->setting);
	copy_table(&to->partial, &from->partial);
}

void
fake_clear(FakeTables *t)
{
	static const FakeTables none;

	fake_copy(t, &none);
}

/* Rows of migrate_partial of one revision or all, by number. */
static bool
query_partial(Fake *f, Mig *m, const MigStr *args, MigRowFn row, void *arg)
{
	const FakeTable *t = &f->now.partial;

	for (int number = 1; number <= FAKE_ROWS; number++)
		for (int r = 0; r < t->rows; r++)
		{
			MigStr c[6] = {cell(t, r, 1), cell(t, r, 2),
			               cell(t, r, 3), cell(t, r, 4),
			               cell(t, r, 5), mig_str(t->cells[r][7] ? "t" : "f")};

			if (atoi(t->cells[r][2]) == number &&
			    mig_str_eq(cell(t, r, 0), args[0]) &&
			    (args[1].at == NULL || mig_str_eq(c[0], args[1])) &&
			    !row(arg, m, c))
				return false;
		}
	return true;
}

static void
finish_partial(Fake *f, const MigStr *args)
{
	int r = find_row(&f->now.partial, args, 3);

	if (r < 0)
		return;
	set_cell(&f->now.partial, r, 4, args[3]);
	set_cell(&f->now.partial, r, 5, args[4]);
	set_cell(&f->now.partial, r, 7, args[5]);
}

static void
accept_partial(Fake *f, const MigStr *args)
{
	FakeTable *t = &f->now.partial;

	for (int r = 0; r < t->rows; r++)
		if (mig_str_eq(cell(t, r, 1), args[0]))
			set_cell(t, r, 4, mig_str(""));
}

static bool
query_mark(Fake *f, Mig *m, MigStr id, MigRowFn row, void *arg)
{
	const FakeTable *t = &f->now.revision;
	int r = find_row(t, &id, 1);
	char count[24];
	MigStr c[3];

	snprintf(count, sizeof(count), "%d", f->now.log.rows);
	c[0] = mig_str(count);
	c[1] = cell(t, r, MIG_A_CHAIN);
	c[2] = cell(t, r, MIG_A_LOADED_AT);
	return r < 0 || row(arg, m, c);
}

static MigStr
state_of(Fake *f, const char *name, MigStr key)
{
	char full[200];
	MigStr wanted;

	snprintf(full, sizeof(full), "%s%.*s", name, MIG_S(key));
	wanted = mig_str(full);
	return cell(&f->now.state, find_row(&f->now.state, &wanted, 1), 1);
}

static bool
query_summary(Fake *f, Mig *m, const MigStr *args, MigRowFn row, void *arg)
{
	MigStr cells[3] = {state_of(f, "position", mig_str("")),
	                   state_of(f, "heads", mig_str("")),
	                   state_of(f, "complete:", args[0])};

	return row(arg, m, cells);
}

/* The row of migrate_applied, or -1; what is repeatable and has changed since
   has none. */
static int
find_applied(const Fake *f, MigStr key, int r)
{
	const FakeTable *t = &f->now.revision;
	MigStr which[2] = {key, cell(t, r, MIG_A_REVISION)};
	int a = find_row(&f->now.applied, which, 2);

	if (!mig_str_is(cell(t, r, MIG_A_REVISES), "*") ||
	    mig_str_eq(cell(&f->now.applied, a, 2), cell(t, r, MIG_A_CHECKSUM)))
		return a;
	return -1;
}

static bool
query_outdated(Fake *f, Mig *m, MigStr key, MigRowFn row, void *arg)
{
	const FakeTable *t = &f->now.revision;

	for (int r = 0; r < t->rows; r++)
	{
		MigStr which[2] = {key, cell(t, r, MIG_A_REVISION)};

		if (find_row(&f->now.applied, which, 2) >= 0 &&
		    find_applied(f, key, r) < 0 && !row(arg, m, &which[1]))
			return false;
	}
	return true;
}

/* Whatever the word is. */
static bool
query_naming(Fake *f, Mig *m, MigStr key, MigRowFn row, void *arg)
{
	const FakeTable *t = &f->now.revision;

	for (int r = 0; r < t->rows; r++)
	{
		MigStr which[2] = {key, cell(t, r, MIG_A_REVISION)};
		int a = key.at == NULL ? -1 : find_row(&f->now.applied, which, 2);
		MigStr c[3] = {which[1], {NULL, 0}, cell(t, r, MIG_A_SCRIPT)};

		if (a >= 0)
			c[1] = cell(&f->now.applied, a, 3);
		if ((a >= 0 || key.at == NULL) && !row(arg, m, c))
			return false;
	}
	return true;
}

/* The rows of the graph; wide: with everything. */
static bool
query_graph(Fake *f, Mig *m, MigStr key, int64_t above, MigRowFn row,
            void *arg)
{
	const FakeTable *t = &f->now.revision;

	for (int r = 0; r < t->rows; r++)
	{
		int a = find_applied(f, key, r);
		int64_t position = 0;
		MigStr c[MIG_C_COUNT];

		mig_str_int(cell(t, r, MIG_A_POSITION), &position);
		if (position <= above)
			continue;
		c[MIG_C_REVISION] = cell(t, r, MIG_A_REVISION);
		c[MIG_C_REVISES] = cell(t, r, MIG_A_REVISES);
		c[MIG_C_DEPENDS] = cell(t, r, MIG_A_DEPENDS);
		c[MIG_C_LABELS] = cell(t, r, MIG_A_LABELS);
		c[MIG_C_POSITION] = cell(t, r, MIG_A_POSITION);
		c[MIG_C_APPLIED] = cell(&f->now.applied, a, 2);
		c[MIG_C_MESSAGE] = cell(t, r, MIG_A_MESSAGE);
		c[MIG_C_TRANSACTIONAL] = cell(t, r, MIG_A_TRANSACTIONAL);
		c[MIG_C_STATEMENTS] = cell(t, r, MIG_A_STATEMENTS);
		c[MIG_C_CREATED] = cell(t, r, MIG_A_CREATED);
		c[MIG_C_CHECKSUM] = cell(t, r, MIG_A_CHECKSUM);
		c[MIG_C_CHAIN] = cell(t, r, MIG_A_CHAIN);
		c[MIG_C_APPLIED_AT] = cell(&f->now.applied, a, 3);
		c[MIG_C_APPLIED_BY] = cell(&f->now.applied, a, 4);
		c[MIG_C_ELAPSED] = cell(&f->now.applied, a, 5);
		if (!row(arg, m, c))
			return false;
	}
	return true;
}

static bool
query_applied(Fake *f, Mig *m, MigStr key, MigRowFn row, void *arg)
{
	const FakeTable *t = &f->now.applied;

	for (int r = 0; r < t->rows; r++)
	{
		MigStr c[2] = {cell(t, r, 1), cell(t, r, 2)};

		if (mig_str_eq(cell(t, r, 0), key) && !row(arg, m, c))
			return false;
	}
	return true;
}

static bool
query_missing(Fake *f, Mig *m, MigStr key, MigRowFn row, void *arg)
{
	const FakeTable *t = &f->now.applied;

	for (int r = 0; r < t->rows; r++)
	{
		MigStr c[5] = {cell(t, r, 1), cell(t, r, 2), cell(t, r, 3),
		               cell(t, r, 4), cell(t, r, 5)};

		if (mig_str_eq(cell(t, r, 0), key) &&
		    find_row(&f->now.revision, &c[0], 1) < 0 && !row(arg, m, c))
			return false;
	}
	return true;
}

static bool
query_script(Fake *f, Mig *m, MigStr id, MigRowFn row, void *arg)
{
	const FakeTable *t = &f->now.revision;
	int r = find_row(t, &id, 1);
	MigStr c[MIG_SC_COUNT];

	if (r < 0)
		return true;
	c[MIG_SC_SCRIPT] = cell(t, r, MIG_A_SCRIPT);
	c[MIG_SC_SOURCE] = cell(t, r, MIG_A_SOURCE);
	c[MIG_SC_CHECKSUM] = cell(t, r, MIG_A_CHECKSUM);
	c[MIG_SC_LOADED_BY] = cell(t, r, MIG_A_LOADED_BY);
	c[MIG_SC_TRUSTED] = mig_str(f->untrusted ? "f" : "t");
	c[MIG_SC_CHAIN] = cell(t, r, MIG_A_CHAIN);
	c[MIG_SC_LOADED_AT] = cell(t, r, MIG_A_LOADED_AT);
	return row(arg, m, c);
}

static bool
query_scripts(Fake *f, Mig *m, MigRowFn row, void *arg)
{
	const FakeTable *t = &f->now.revision;

	for (int r = 0; r < t->rows; r++)
	{
		MigStr c[MIG_SS_COUNT];

		c[MIG_SS_REVISION] = cell(t, r, MIG_A_REVISION);
		c[MIG_SS_REVISES] = cell(t, r, MIG_A_REVISES);
		c[MIG_SS_DEPENDS] = cell(t, r, MIG_A_DEPENDS);
		c[MIG_SS_LABELS] = cell(t, r, MIG_A_LABELS);
		c[MIG_SS_POSITION] = cell(t, r, MIG_A_POSITION);
		c[MIG_SS_CHECKSUM] = cell(t, r, MIG_A_CHECKSUM);
		c[MIG_SS_CHAIN] = cell(t, r, MIG_A_CHAIN);
		c[MIG_SS_SOURCE] = cell(t, r, MIG_A_SOURCE);
		c[MIG_SS_TRUSTED] = mig_str(f->untrusted ? "f" : "t");
		c[MIG_SS_SCRIPT] = cell(t, r, MIG_A_SCRIPT);
		if (!row(arg, m, c))
			return false;
	}
	return true;
}

static bool
each_cell(const FakeTable *t, Mig *m, int first, int count, MigRowFn row,
          void *arg)
{
	for (int r = 0; r < t->rows; r++)
	{
		MigStr c[FAKE_CELLS];

		for (int i = 0; i < count; i++)
			c[i] = cell(t, r, first + i);
		if (!row(arg, m, c))
			return false;
	}
	return true;
}

static void
drop_if(FakeTable *t, const MigStr *key, int count)
{
	int r;

	while ((r = find_row(t, key, count)) >= 0)
		drop_row(t, r);
}

static void
set_revision(Fake *f, const MigStr *args)
{
	int r = find_row(&f->now.revision, args, 1);

	for (int i = 0; r >= 0 && i < MIG_A_COUNT; i++)
		set_cell(&f->now.revision, r, i, args[i]);
}

static void
set_chain(Fake *f, const MigStr *args)
{
	int r = find_row(&f->now.revision, args, 1);

	if (r < 0)
		return;
	set_cell(&f->now.revision, r, MIG_A_REVISES, args[1]);
	set_cell(&f->now.revision, r, MIG_A_CHAIN, args[2]);
	set_cell(&f->now.revision, r, MIG_A_POSITION, args[3]);
}

static void
set_state(Fake *f, const MigStr *args)
{
	int r = find_row(&f->now.state, args, 1);

	if (r >= 0)
		set_cell(&f->now.state, r, 1, args[1]);
}

static void
set_checksum(Fake *f, const MigStr *args)
{
	FakeTable *t = &f->now.applied;

	for (int r = 0; r < t->rows; r++)
		if (mig_str_eq(cell(t, r, 1), args[0]))
			set_cell(t, r, 2, args[1]);
}

static void
forget_applied(Fake *f, MigStr id)
{
	FakeTable *t = &f->now.applied;

	for (int r = t->rows - 1; r >= 0; r--)
		if (mig_str_eq(cell(t, r, 1), id))
			drop_row(t, r);
}

static bool
lock_state(Fake *f, Mig *m, const MigStr *args, MigRowFn row, void *arg)
{
	int r = find_row(&f->now.state, args, 1);
	MigStr value = cell(&f->now.state, r, 1);

	return r < 0 || row == NULL || row(arg, m, &value);
}

static void
ensure_state(Fake *f, const MigStr *args)
{
	if (find_row(&f->now.state, args, 1) < 0)
		put_row(&f->now.state, args, 2);
}

static bool
any_partial(Fake *f, Mig *m, MigQuery query, const MigStr *args, MigRowFn row,
            void *arg)
{
	if (query == MIG_Q_PARTIAL)
		return query_partial(f, m, args, row, arg);
	if (query == MIG_Q_PARTIAL_ADD)
		put_row(&f->now.partial, args, 8);
	else if (query == MIG_Q_PARTIAL_FINISH)
		finish_partial(f, args);
	else if (query == MIG_Q_PARTIAL_DROP)
		drop_if(&f->now.partial, args, 2);
	else
		accept_partial(f, args);
	return true;
}

static bool
query_since(Fake *f, Mig *m, MigQuery query, const MigStr *args, MigRowFn row,
            void *arg)
{
	int64_t above = -1;

	if (query == MIG_Q_GRAPH_SINCE)
		mig_str_int(args[1], &above);
	return query_graph(f, m, args[0], above, row, arg);
}

bool
fake_query(MigHost *h, Mig *m, MigQuery query, const MigStr *args,
           MigRowFn row, void *arg)
{
	Fake *f = (Fake *) h;

	switch (query)
	{
		case MIG_Q_SUMMARY:
			return query_summary(f, m, args, row, arg);
		case MIG_Q_TABLES_NAMING:
			return true;
		case MIG_Q_STATE_ENSURE:
			ensure_state(f, args);
			return true;
		case MIG_Q_STATE_LOCK:
		case MIG_Q_STATE_SHARE:
			return lock_state(f, m, args, row, arg);
		case MIG_Q_STATE_SET:
			set_state(f, args);
			return true;
		case MIG_Q_GRAPH_SINCE:
		case MIG_Q_STATUS:
			return query_since(f, m, query, args, row, arg);
		case MIG_Q_GRAPH:
		case MIG_Q_GRAPH_IDS:
			return query_graph(f, m, mig_str(""), -1, row, arg);
		case MIG_Q_APPLIED:
			return query_applied(f, m, args[0], row, arg);
		case MIG_Q_MISSING:
			return query_missing(f, m, args[0], row, arg);
		case MIG_Q_SCRIPT:
			return query_script(f, m, args[0], row, arg);
		case MIG_Q_SCRIPTS:
			return query_scripts(f, m, row, arg);
		case MIG_Q_APPLIED_ANY:
			return each_cell(&f->now.applied, m, 1, 1, row, arg);
		case MIG_Q_REVISION_ADD:
			put_row(&f->now.revision, args, MIG_A_COUNT);
			return true;
		case MIG_Q_REVISION_SET:
			set_revision(f, args);
			return true;
		case MIG_Q_REVISION_CHAIN:
			set_chain(f, args);
			return true;
		case MIG_Q_REVISION_DROP:
			drop_if(&f->now.revision, args, 1);
			return true;
		case MIG_Q_APPLIED_ADD:
			put_row(&f->now.applied, args, 6);
			return true;
		case MIG_Q_APPLIED_DROP:
			drop_if(&f->now.applied, args, 2);
			return true;
		case MIG_Q_APPLIED_CHECKSUM:
			set_checksum(f, args);
			return true;
		case MIG_Q_LOG_ADD:
			put_row(&f->now.log, args, 10);
			return true;
		case MIG_Q_SETTINGS:
			return each_cell(&f->now.setting, m, 0, 2, row, arg);
		case MIG_Q_SCRIPTS_NAMING:
			return query_naming(f, m, args[0], row, arg);
		case MIG_Q_PARTIAL:
		case MIG_Q_PARTIAL_ADD:
		case MIG_Q_PARTIAL_FINISH:
		case MIG_Q_PARTIAL_DROP:
		case MIG_Q_PARTIAL_ACCEPT:
			return any_partial(f, m, query, args, row, arg);
		case MIG_Q_OUTDATED:
			return query_outdated(f, m, args[0], row, arg);
		case MIG_Q_APPLIED_FORGET:
			forget_applied(f, args[0]);
			return true;
		case MIG_Q_MARK:
			return query_mark(f, m, args[0], row, arg);
		case MIG_Q_COUNT:
			break;
	}
	abort();
}
