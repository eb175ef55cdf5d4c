#include "private.h"

#include "typecheck_find.h"

void
mig_findings_start(MigFindings *f, Mig *m, MigHost *host, const MigLive *live)
{
	memset(f, 0, sizeof(*f));
	f->m = m;
	f->host = host;
	f->live = live;
}

MigFinding *
mig_findings_add(MigFindings *f)
{
	MigFinding *grown = mig_grow(f->m, f->rows, f->count, &f->room,
	                             f->count + 1, sizeof(*grown));

	if (grown == NULL)
		return NULL;
	f->rows = grown;
	grown = &f->rows[f->count++];
	memset(grown, 0, sizeof(*grown));
	grown->keys.m = f->m;
	return grown;
}

void
mig_finding_key(MigFinding *row, int64_t n, MigStr key)
{
	if (n >= MIG_FIND_KEYS || key.at == NULL)
		return;
	mig_text_add(&row->keys, row->keys.len > 0 ? ", " : "");
	mig_text_str_add(&row->keys, key);
}

/* Bytes below a blank, and those that are not UTF-8, show as "?": a result
   has to be text. */
MigStr
mig_finding_example(Mig *m, MigStr value)
{
	MigText t = {m, NULL, 0, 0};
	size_t at = 0;

	for (int n = 0; n < 60 && at < value.len; n++)
	{
		size_t size = 1;

		while (size < 4 && at + size < value.len &&
		       ((unsigned char) value.at[at + size] & 0xc0) == 0x80)
			size++;
		if ((unsigned char) value.at[at] < ' ' ||
		    mig_utf8_check((MigStr){value.at + at, size}, NULL) != MIG_P_NONE)
			mig_text_char(&t, '?');
		else
			mig_text_str_add(&t, (MigStr){value.at + at, size});
		at += size;
	}
	if (at < value.len)
		mig_text_add(&t, "...");
	return mig_text_str(&t);
}

int
mig_find_row_key(MigText *sql, const MigLiveTable *t)
{
	if (t->rowid != NULL)
	{
		mig_text_fmt(sql, "%s, ", t->rowid);
		return 1;
	}
	for (int i = 1; i <= t->nkey; i++)
	{
		mig_text_ident(sql, t->columns[mig_live_key(t, i)].name);
		mig_text_add(sql, ", ");
	}
	return t->nkey;
}

typedef struct Listing
{
	MigFindings *f;
	MigFinding *row; /* NULL until something is found */
	const MigLiveTable *table;
	MigStr column, query;
	MigProblem problem;
	int nkeys, nvalues;
} Listing;

static MigStr
joined(Mig *m, const MigStored *cells, int count, bool brackets)
{
	MigText t = {m, NULL, 0, 0};

	mig_text_add(&t, brackets ? "(" : "");
	for (int i = 0; i < count; i++)
	{
		mig_text_add(&t, i > 0 ? ", " : "");
		mig_text_str_add(
			&t, mig_finding_example(m, mig_typecheck_text(m, &cells[i])));
	}
	mig_text_add(&t, brackets ? ")" : "");
	return mig_text_str(&t);
}

static bool
listing_row(void *arg, Mig *m, const MigStored *cells)
{
	Listing *l = arg;

	if (l->row == NULL)
	{
		l->row = mig_findings_add(l->f);
		if (l->row == NULL)
			return false;
		l->row->table = l->table->name;
		l->row->column = l->column;
		l->row->problem = mig_problem_name(l->problem);
		l->row->effect = mig_problem_effect(l->problem);
		l->row->query = l->query;
		l->row->example = joined(m, cells + l->nkeys, l->nvalues, false);
	}
	if (l->row->count < MIG_FIND_KEYS)
		mig_finding_key(l->row, l->row->count,
		                joined(m, cells, l->nkeys, l->nkeys > 1));
	l->row->count++;
	return mig_ok(m);
}

bool
mig_find_listed(MigFindings *f, const MigLiveTable *t, MigStr column,
                MigProblem p, MigStr query, int nvalues)
{
	Listing l = {
		f, NULL, t, column, query, p, t->rowid != NULL ? 1 : t->nkey, nvalues};

	return query.at != NULL && column.at != NULL &&
	       f->host->ops->scan(f->host, f->m, query, l.nkeys + nvalues,
	                          listing_row, &l);
}
