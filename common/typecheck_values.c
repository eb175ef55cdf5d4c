#include "private.h"

#include "typecheck_find.h"

/*
 * One pass over a table of SQLite. Most values are what was declared: an
 * integer in its range, text that is UTF-8. They are settled here without a
 * look at their type's rules.
 */
typedef struct Seen
{
	MigProblem problem;
	MigFinding finding; /* table and query are filled in at the end */
	struct Seen *next;
} Seen;

typedef struct Column
{
	const MigLiveColumn *live;
	bool integers; /* one from least to most has no problem */
	int64_t least, most;
	bool reals; /* none has a problem */
	bool key;   /* of the primary key, where NULL must not be */
	Seen *seen;
} Column;

typedef struct Scan
{
	const MigLiveTable *table;
	Column *columns;
	int nkeys; /* cells before the columns */
} Scan;

static void
column_start(Column *c, const MigLiveTable *t, const MigLiveColumn *live)
{
	static const int bits[] = {16, 32, 64};
	MigFamily family = live->type.family;

	c->live = live;
	c->key = live->key > 0 && t->rowid != NULL && !live->not_null;
	c->reals = family == MIG_F_FLOAT64;
	c->integers = true;
	c->least = INT64_MIN;
	c->most = INT64_MAX;
	if (family == MIG_F_INT16 || family == MIG_F_INT32 ||
	    family == MIG_F_INT64)
	{
		c->most >>= 64 - bits[family - MIG_F_INT16];
		c->least = -c->most - 1;
	}
	else if (family == MIG_F_BOOLEAN)
	{
		c->least = 0;
		c->most = 1;
	}
	else if (family != MIG_F_FLOAT32 && family != MIG_F_FLOAT64 &&
	         family != MIG_F_TEXT &&
	         (family != MIG_F_NUMERIC || live->type.nargs > 0))
		c->integers = false;
}

static MigProblem
check(const Column *c, const MigStored *v)
{
	switch (v->storage)
	{
		case MIG_STORED_NULL:
			return c->key ? MIG_P_NULL : MIG_P_NONE;
		case MIG_STORED_INTEGER:
			if (c->integers && v->integer >= c->least && v->integer <= c->most)
				return MIG_P_NONE;
			break;
		case MIG_STORED_REAL:
			if (c->reals)
				return MIG_P_NONE;
			break;
		case MIG_STORED_TEXT:
		case MIG_STORED_BLOB:
			break;
	}
	return mig_typecheck_value(&c->live->type, v);
}

static MigStr
key_text(Mig *m, const Scan *s, const MigStored *cells)
{
	MigText text = {m, NULL, 0, 0};

	if (s->nkeys == 0)
		return (MigStr){NULL, 0};
	mig_text_add(&text, s->nkeys > 1 ? "(" : "");
	for (int i = 0; i < s->nkeys; i++)
	{
		MigStr one = mig_typecheck_text(m, &cells[i]);

		mig_text_add(&text, i > 0 ? ", " : "");
		mig_text_str_add(&text, mig_finding_example(m, one));
	}
	mig_text_add(&text, s->nkeys > 1 ? ")" : "");
	return mig_text_str(&text);
}

static Seen *
seen_of(Mig *m, Column *c, MigProblem p)
{
	Seen *seen = c->seen;

	while (seen != NULL && seen->problem != p)
		seen = seen->next;
	if (seen != NULL)
		return seen;
	seen = mig_alloc(m, sizeof(*seen));
	if (seen == NULL)
		return NULL;
	seen->problem = p;
	seen->finding.keys.m = m;
	seen->next = c->seen;
	c->seen = seen;
	return seen;
}

static bool
note(Mig *m, Scan *s, Column *c, MigProblem p, const MigStored *cells,
     const MigStored *v)
{
	Seen *seen = seen_of(m, c, p);

	if (seen == NULL)
		return false;
	if (seen->finding.count == 0)
		seen->finding.example =
			mig_finding_example(m, mig_typecheck_text(m, v));
	if (seen->finding.count < MIG_FIND_KEYS)
		mig_finding_key(&seen->finding, seen->finding.count,
		                key_text(m, s, cells));
	seen->finding.count++;
	return mig_ok(m);
}

static bool
scan_row(void *arg, Mig *m, const MigStored *cells)
{
	Scan *s = arg;

	for (int i = 0; i < s->table->ncolumns; i++)
	{
		const MigStored *v = &cells[s->nkeys + i];
		MigProblem p = check(&s->columns[i], v);

		if (p != MIG_P_NONE && !note(m, s, &s->columns[i], p, cells, v))
			return false;
	}
	return true;
}

/* What lists the values with a problem asks the same code. */
static MigStr
listing(Mig *m, const MigLiveTable *t, const MigLiveColumn *c, MigProblem p)
{
	MigText q = {m, NULL, 0, 0};

	mig_text_add(&q, "SELECT ");
	mig_find_row_key(&q, t);
	mig_text_ident(&q, c->name);
	mig_text_add(&q, " FROM ");
	mig_text_str_add(&q, t->from);
	mig_text_add(&q, " WHERE ");
	if (p == MIG_P_NULL || p == MIG_P_NO_TYPE)
	{
		mig_text_ident(&q, c->name);
		mig_text_add(&q, p == MIG_P_NULL ? " IS NULL" : " IS NOT NULL");
		return mig_text_str(&q);
	}
	mig_text_add(&q, "migrate_type_problem(");
	mig_text_literal(&q, c->declared);
	mig_text_add(&q, ", typeof(");
	mig_text_ident(&q, c->name);
	mig_text_add(&q, "), ");
	mig_text_ident(&q, c->name);
	mig_text_fmt(&q, ") = '%s'", mig_problem_name(p));
	return mig_text_str(&q);
}

static bool
report(MigFindings *f, const MigLiveTable *t, const Column *c)
{
	for (int p = 0; p < MIG_P_COUNT; p++)
		for (const Seen *s = c->seen; s != NULL; s = s->next)
		{
			MigFinding *row;

			if (s->problem != (MigProblem) p)
				continue;
			row = mig_findings_add(f);
			if (row == NULL)
				return false;
			*row = s->finding;
			row->table = t->name;
			row->column = c->live->name;
			row->problem = mig_problem_name(s->problem);
			row->effect = mig_problem_effect(s->problem);
			row->query = listing(f->m, t, c->live, s->problem);
		}
	return mig_ok(f->m);
}

bool
mig_find_values(MigFindings *f, const MigLiveTable *t)
{
	MigText q = {f->m, NULL, 0, 0};
	Scan s = {t, NULL, 0};
	MigStr sql;

	s.columns =
		mig_alloc_array(f->m, (size_t) t->ncolumns, sizeof(*s.columns));
	if (s.columns == NULL)
		return false;
	mig_text_add(&q, "SELECT ");
	s.nkeys = mig_find_row_key(&q, t);
	for (int i = 0; i < t->ncolumns; i++)
	{
		column_start(&s.columns[i], t, &t->columns[i]);
		mig_text_add(&q, i > 0 ? ", " : "");
		mig_text_ident(&q, t->columns[i].name);
	}
	mig_text_add(&q, " FROM ");
	mig_text_str_add(&q, t->from);
	sql = mig_text_str(&q);
	if (sql.at == NULL ||
	    !f->host->ops->scan(f->host, f->m, sql, s.nkeys + t->ncolumns,
	                        scan_row, &s))
		return false;
	for (int i = 0; i < t->ncolumns; i++)
		if (!report(f, t, &s.columns[i]))
			return false;
	return true;
}
