#include "private.h"

#include "typecheck_find.h"

/* What values of PostgreSQL lose in SQLite, where the declared type alone
   does not tell. "$" is the column. */
static const struct
{
	MigFamily family;
	const char *problem, *effect, *condition;
} losses[] = {
	{MIG_F_NUMERIC, "NaN", "changes", "$ = 'NaN'"},
	{MIG_F_NUMERIC, "infinite", "changes",
     "$::text IN ('Infinity', '-Infinity')"},
	/* SQLite keeps integers of 64 bits, and 15 digits of all else. */
	{MIG_F_NUMERIC, "more than 15 digits", "changes",
     "CASE WHEN $ = trunc($) AND abs($) <= 9223372036854775807 THEN false"
     " ELSE length(btrim(translate($::text, '.-', ''), '0')) > 15 END"},
	{MIG_F_FLOAT32, "NaN", "changes", "$ = 'NaN'"},
	{MIG_F_FLOAT64, "NaN", "changes", "$ = 'NaN'"},
	{MIG_F_DATE, "infinite", "changes", "NOT isfinite($)"},
	{MIG_F_DATE, "outside of years 1 to 9999", "changes",
     "isfinite($) AND ($ < '0001-01-01' OR $ >= '10000-01-01')"},
	{MIG_F_TIME, "24:00", "changes", "$ = '24:00'"},
	{MIG_F_TIMESTAMP, "infinite", "changes", "NOT isfinite($)"},
	{MIG_F_TIMESTAMP, "outside of years 1 to 9999", "changes",
     "isfinite($) AND ($ < '0001-01-01' OR $ >= '10000-01-01')"},
	{MIG_F_TIMESTAMPTZ, "infinite", "changes", "NOT isfinite($)"},
	{MIG_F_TIMESTAMPTZ, "outside of years 1 to 9999", "changes",
     "isfinite($) AND ($ < '0001-01-01 00:00+00' OR"
     " $ >= '10000-01-01 00:00+00')"},
	{MIG_F_ARRAY, "no type", "refuses", "$ IS NOT NULL"},
	{MIG_F_OTHER, "no type", "refuses", "$ IS NOT NULL"},
};

static MigStr
condition(Mig *m, const char *text, MigStr name)
{
	MigText t = {m, NULL, 0, 0};

	for (; *text != '\0'; text++)
		if (*text == '$')
			mig_text_ident(&t, name);
		else
			mig_text_char(&t, *text);
	return mig_text_str(&t);
}

/* The counts of a table, "{0,3,1}", in the order of columns and losses. */
static bool
counts_row(void *arg, Mig *m, const MigStr *cells)
{
	MigStr *out = arg;

	*out = mig_copy(m, cells[0]);
	return out->at != NULL;
}

static bool
read_counts(MigFindings *f, const MigLiveTable *t, MigStr *out)
{
	MigText q = {f->m, NULL, 0, 0};
	bool any = false;
	MigStr sql;

	mig_text_add(&q, "SELECT array_to_string(ARRAY[");
	for (int c = 0; c < t->ncolumns; c++)
		for (int i = 0; i < MIG_COUNT(losses); i++)
		{
			if (losses[i].family != t->columns[c].type.family)
				continue;
			mig_text_add(&q, any ? ", " : "");
			mig_text_add(&q, "count(*) FILTER (WHERE ");
			mig_text_str_add(
				&q, condition(f->m, losses[i].condition, t->columns[c].name));
			mig_text_char(&q, ')');
			any = true;
		}
	mig_text_add(&q, "], ' ') FROM ");
	mig_text_str_add(&q, t->from);
	*out = mig_str("");
	sql = mig_text_str(&q);
	if (!any || sql.at == NULL)
		return mig_ok(f->m);
	return f->host->ops->select(f->host, f->m, sql, NULL, 0, 1, counts_row,
	                            out);
}

/* The primary key, else where the row lies. */
static void
add_key(MigText *q, const MigLiveTable *t)
{
	mig_text_add(q, t->nkey == 0 ? "ctid" : "");
	for (int i = 1; i <= t->nkey; i++)
	{
		mig_text_add(q, i > 1 ? ", " : "");
		mig_text_ident(q, t->columns[mig_live_key(t, i)].name);
	}
}

static MigStr
listing(Mig *m, const MigLiveTable *t, const MigLiveColumn *c,
        const char *loss)
{
	MigText q = {m, NULL, 0, 0};

	mig_text_add(&q, "SELECT ");
	add_key(&q, t);
	mig_text_add(&q, ", ");
	mig_text_ident(&q, c->name);
	mig_text_add(&q, " FROM ");
	mig_text_str_add(&q, t->from);
	mig_text_add(&q, " WHERE ");
	mig_text_str_add(&q, condition(m, loss, c->name));
	return mig_text_str(&q);
}

typedef struct First
{
	MigFinding *row;
	int64_t n;
	bool brackets;
} First;

static bool
first_row(void *arg, Mig *m, const MigStr *cells)
{
	First *first = arg;
	MigText key = {m, NULL, 0, 0};

	mig_text_fmt(&key, first->brackets ? "(%.*s)" : "%.*s", MIG_S(cells[0]));
	if (first->n == 0)
		first->row->example = mig_finding_example(m, cells[1]);
	mig_finding_key(first->row, first->n++, mig_text_str(&key));
	return mig_ok(m);
}

/* Where the first ones are. A column of a key has a name of its own there,
   so that it is not read as one of the query's. */
static bool
read_first(MigFindings *f, const MigLiveTable *t, const MigLiveColumn *c,
           const char *loss, MigFinding *row)
{
	First first = {row, 0, t->nkey > 1};
	MigText q = {f->m, NULL, 0, 0};
	MigStr sql;

	mig_text_add(&q, "SELECT concat_ws(', ', ");
	add_key(&q, t);
	mig_text_add(&q, "), ");
	mig_text_ident(&q, c->name);
	mig_text_add(&q, "::text FROM ");
	mig_text_str_add(&q, t->from);
	mig_text_add(&q, " WHERE ");
	mig_text_str_add(&q, condition(f->m, loss, c->name));
	mig_text_add(&q, " ORDER BY ");
	add_key(&q, t);
	mig_text_fmt(&q, " LIMIT %d", MIG_FIND_KEYS);
	sql = mig_text_str(&q);
	return sql.at != NULL && f->host->ops->select(f->host, f->m, sql, NULL, 0,
	                                              2, first_row, &first);
}

static bool
report(MigFindings *f, const MigLiveTable *t, const MigLiveColumn *c, int loss,
       int64_t count)
{
	MigFinding *row = mig_findings_add(f);

	if (row == NULL)
		return false;
	row->table = t->name;
	row->column = c->name;
	row->problem = losses[loss].problem;
	row->effect = losses[loss].effect;
	row->count = count;
	row->query = listing(f->m, t, c, losses[loss].condition);
	return read_first(f, t, c, losses[loss].condition, row);
}

bool
mig_find_losses(MigFindings *f, const MigLiveTable *t)
{
	MigStr counts, word;

	if (!read_counts(f, t, &counts))
		return false;
	for (int c = 0; c < t->ncolumns; c++)
		for (int i = 0; i < MIG_COUNT(losses); i++)
		{
			int64_t count = 0;

			if (losses[i].family != t->columns[c].type.family)
				continue;
			if (!mig_str_next(&counts, &word) || !mig_str_int(word, &count))
				return mig_fail(f->m, MIG_INTERNAL, "a count is missing");
			if (count > 0 && !report(f, t, &t->columns[c], i, count))
				return false;
		}
	return true;
}
