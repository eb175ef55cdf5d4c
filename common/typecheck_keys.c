#include "private.h"

#include "typecheck_find.h"

/* ------------------------------------------------------- duplicate keys */

typedef struct Uniques
{
	MigFindings *f;
	MigUnique *at;
	size_t count, room;
	MigStr index; /* of the last row */
	bool skip;    /* that index has an expression */
} Uniques;

static MigUnique *
add_unique(Mig *m, Uniques *u, const MigLiveTable *t)
{
	MigUnique *grown =
		mig_grow(m, u->at, u->count, &u->room, u->count + 1, sizeof(*grown));

	if (grown == NULL)
		return NULL;
	u->at = grown;
	grown = &u->at[u->count++];
	grown->table = t;
	grown->count = 0;
	return grown;
}

/* Cells: table, index, column (NULL: an expression). */
static bool
unique_row(void *arg, Mig *m, const MigStr *cells)
{
	Uniques *u = arg;
	const MigLiveTable *t = mig_live_table(u->f->live, cells[0]);
	MigUnique *last;
	int column =
		t != NULL && cells[2].at != NULL ? mig_live_column(t, cells[2]) : -1;

	if (u->index.at == NULL || !mig_str_eq(u->index, cells[1]))
	{
		u->index = mig_copy(m, cells[1]);
		u->skip = false;
		if (!mig_ok(m) || add_unique(m, u, t) == NULL)
			return false;
	}
	last = &u->at[u->count - 1];
	if (column < 0 || last->count == MIG_COUNT(last->columns))
		u->skip = true;
	else
		last->columns[last->count++] = column;
	if (u->skip)
		last->count = 0;
	return true;
}

/* Whole indexes only: a partial one is a key of the rows that it holds. */
static bool
read_uniques(Uniques *u)
{
	MigFindings *f = u->f;
	MigText q = {f->m, NULL, 0, 0};
	MigStr sql;

	mig_text_add(&q, "SELECT m.name, l.name, x.name FROM ");
	mig_text_ident(&q, f->live->schema);
	mig_text_add(&q, ".sqlite_master AS m JOIN pragma_index_list(m.name, ");
	mig_text_literal(&q, f->live->schema);
	mig_text_add(&q, ") AS l JOIN pragma_index_xinfo(l.name, ");
	mig_text_literal(&q, f->live->schema);
	mig_text_add(&q, ") AS x WHERE m.type = 'table' AND m.rootpage > 0 AND"
	                 " l.\"unique\" AND NOT l.partial AND x.\"key\" AND"
	                 " m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND m.name NOT"
	                 " LIKE 'migrate\\_%' ESCAPE '\\'"
	                 " ORDER BY m.name, l.name, x.seqno");
	sql = mig_text_str(&q);
	return sql.at != NULL &&
	       f->host->ops->select(f->host, f->m, sql, NULL, 0, 3, unique_row, u);
}

static void
add_key(MigText *q, const MigLiveColumn *c)
{
	mig_text_add(q, "migrate_type_key(");
	mig_text_literal(q, c->declared);
	mig_text_add(q, ", typeof(");
	mig_text_ident(q, c->name);
	mig_text_add(q, "), ");
	mig_text_ident(q, c->name);
	mig_text_char(q, ')');
}

static void
add_keys(MigText *q, const MigUnique *u)
{
	for (int i = 0; i < u->count; i++)
	{
		mig_text_add(q, i > 0 ? ", " : "");
		add_key(q, &u->table->columns[u->columns[i]]);
	}
}

/* Rows that are one in PostgreSQL; NULL equals nothing, there as here. */
static MigStr
duplicates(Mig *m, const MigUnique *u)
{
	const MigLiveTable *t = u->table;
	MigText q = {m, NULL, 0, 0};

	mig_text_add(&q, "SELECT ");
	mig_find_row_key(&q, t);
	for (int i = 0; i < u->count; i++)
	{
		mig_text_add(&q, i > 0 ? ", " : "");
		mig_text_ident(&q, t->columns[u->columns[i]].name);
	}
	mig_text_add(&q, " FROM ");
	mig_text_str_add(&q, t->from);
	mig_text_add(&q, " WHERE (");
	add_keys(&q, u);
	mig_text_add(&q, ") IN (SELECT ");
	add_keys(&q, u);
	mig_text_add(&q, " FROM ");
	mig_text_str_add(&q, t->from);
	mig_text_add(&q, " GROUP BY ");
	for (int i = 0; i < u->count; i++)
		mig_text_fmt(&q, "%s%d", i > 0 ? ", " : "", i + 1);
	mig_text_add(&q, " HAVING count(*) > 1)");
	return mig_text_str(&q);
}

static MigStr
names(Mig *m, const MigUnique *u)
{
	MigText t = {m, NULL, 0, 0};

	for (int i = 0; i < u->count; i++)
	{
		mig_text_add(&t, i > 0 ? ", " : "");
		mig_text_str_add(&t, u->table->columns[u->columns[i]].name);
	}
	return mig_text_str(&t);
}

/* Types of which PostgreSQL takes different stored values for one. */
static bool
folds(const MigLiveColumn *c)
{
	switch (c->type.family)
	{
		case MIG_F_UUID:
		case MIG_F_DATE:
		case MIG_F_TIME:
		case MIG_F_TIMESTAMP:
		case MIG_F_TIMESTAMPTZ:
		case MIG_F_CHAR:
		case MIG_F_BOOLEAN:
		case MIG_F_FLOAT32:
		case MIG_F_BYTES:
			return true;
		case MIG_F_NUMERIC:
			return c->type.nargs > 0;
		default:
			return false;
	}
}

typedef struct Aliases
{
	const MigUnique *unique;
	bool found;
} Aliases;

static bool
alias_row(void *arg, Mig *m, const MigStored *cells)
{
	Aliases *a = arg;

	(void) m;
	for (int i = 0; i < a->unique->count && !a->found; i++)
	{
		const MigLiveTable *t = a->unique->table;

		a->found = mig_typecheck_alias(&t->columns[a->unique->columns[i]].type,
		                               &cells[i]);
	}
	return true;
}

/* Without a value that is not in its plain form there is no duplicate: the
   index of SQLite sees to that. It is read, not the table. */
static bool
has_alias(MigFindings *f, const MigUnique *u, bool *found)
{
	MigText q = {f->m, NULL, 0, 0};
	Aliases a = {u, false};
	MigStr sql;

	mig_text_add(&q, "SELECT ");
	for (int i = 0; i < u->count; i++)
	{
		mig_text_add(&q, i > 0 ? ", " : "");
		mig_text_ident(&q, u->table->columns[u->columns[i]].name);
	}
	mig_text_add(&q, " FROM ");
	mig_text_str_add(&q, u->table->from);
	sql = mig_text_str(&q);
	if (sql.at == NULL ||
	    !f->host->ops->scan(f->host, f->m, sql, u->count, alias_row, &a))
		return false;
	*found = a.found;
	return true;
}

bool
mig_find_keys(MigFindings *f, const MigLiveTable *only)
{
	Uniques u = {.f = f};

	if (!read_uniques(&u))
		return false;
	for (size_t i = 0; i < u.count; i++)
	{
		const MigUnique *one = &u.at[i];
		bool found = false;

		for (int c = 0; c < one->count; c++)
			found = found || folds(&one->table->columns[one->columns[c]]);
		if (!found || (only != NULL && one->table != only))
			continue;
		if (!has_alias(f, one, &found))
			return false;
		if (found &&
		    !mig_find_listed(f, one->table, names(f->m, one), MIG_P_DUPLICATE,
		                     duplicates(f->m, one), one->count))
			return false;
	}
	return true;
}

/* -------------------------------------------------------------- orphans */

#define REFERENCE_MAX 32

typedef struct Reference
{
	MigStr table, parent, id;
	MigStr from[REFERENCE_MAX], to[REFERENCE_MAX];
	int count;
} Reference;

typedef struct References
{
	Reference *at;
	size_t count, room;
} References;

/* Cells: table, number of the foreign key, parent, column, its column. */
static bool
reference_row(void *arg, Mig *m, const MigStr *cells)
{
	References *r = arg;
	Reference *last = r->count > 0 ? &r->at[r->count - 1] : NULL;

	if (last == NULL || !mig_str_eq(last->table, cells[0]) ||
	    !mig_str_eq(last->id, cells[1]))
	{
		Reference *grown = mig_grow(m, r->at, r->count, &r->room, r->count + 1,
		                            sizeof(*grown));

		if (grown == NULL)
			return false;
		r->at = grown;
		last = &r->at[r->count++];
		memset(last, 0, sizeof(*last));
		last->table = mig_copy(m, cells[0]);
		last->id = mig_copy(m, cells[1]);
		last->parent = mig_copy(m, cells[2]);
	}
	if (last->count < REFERENCE_MAX)
	{
		last->from[last->count] = mig_copy(m, cells[3]);
		last->to[last->count] = (MigStr){NULL, 0};
		if (cells[4].at != NULL)
			last->to[last->count] = mig_copy(m, cells[4]);
		last->count++;
	}
	return mig_ok(m);
}

static bool
read_references(MigFindings *f, References *r)
{
	MigText q = {f->m, NULL, 0, 0};
	MigStr sql;

	mig_text_add(&q, "SELECT m.name, r.id, r.\"table\", r.\"from\", r.\"to\""
	                 " FROM ");
	mig_text_ident(&q, f->live->schema);
	mig_text_add(&q, ".sqlite_master AS m JOIN pragma_foreign_key_list(m.name,"
	                 " ");
	mig_text_literal(&q, f->live->schema);
	mig_text_add(&q, ") AS r WHERE m.type = 'table' ORDER BY m.name, r.id,"
	                 " r.seq");
	sql = mig_text_str(&q);
	return sql.at != NULL && f->host->ops->select(f->host, f->m, sql, NULL, 0,
	                                              5, reference_row, r);
}

/* The column that is referred to; without one, the primary key's. */
static MigStr
target(const Reference *r, const MigLiveTable *parent, int i)
{
	int column;

	if (r->to[i].at != NULL)
		return r->to[i];
	column = mig_live_key(parent, i + 1);
	return column >= 0 ? parent->columns[column].name : (MigStr){NULL, 0};
}

static void
add_column(MigText *q, const char *table, MigStr name)
{
	mig_text_add(q, table);
	mig_text_ident(q, name);
}

static void
add_row_key(MigText *q, const MigLiveTable *t)
{
	if (t->rowid != NULL)
		mig_text_fmt(q, "c.%s, ", t->rowid);
	for (int i = 1; t->rowid == NULL && i <= t->nkey; i++)
	{
		add_column(q, "c.", t->columns[mig_live_key(t, i)].name);
		mig_text_add(q, ", ");
	}
}

/* Rows whose reference is whole and finds nothing. A parent that is not
   there, or has no such column, has no rows. */
static MigStr
orphans(Mig *m, const Reference *r, const MigLiveTable *t,
        const MigLiveTable *parent)
{
	MigText q = {m, NULL, 0, 0};
	bool join = parent != NULL;

	for (int i = 0; i < r->count && join; i++)
		join = mig_live_column(parent, target(r, parent, i)) >= 0;
	mig_text_add(&q, "SELECT ");
	add_row_key(&q, t);
	for (int i = 0; i < r->count; i++)
		add_column(&q, i > 0 ? ", c." : "c.", r->from[i]);
	mig_text_add(&q, " FROM ");
	mig_text_str_add(&q, t->from);
	mig_text_add(&q, " AS c");
	for (int i = 0; i < r->count && join; i++)
	{
		if (i == 0)
		{
			mig_text_add(&q, " LEFT JOIN ");
			mig_text_str_add(&q, parent->from);
			mig_text_add(&q, " AS p ON ");
		}
		add_column(&q, i > 0 ? " AND p." : "p.", target(r, parent, i));
		add_column(&q, " = c.", r->from[i]);
	}
	for (int i = 0; i < r->count; i++)
	{
		add_column(&q, i > 0 ? " AND c." : " WHERE c.", r->from[i]);
		mig_text_add(&q, " IS NOT NULL");
	}
	if (join)
	{
		add_column(&q, " AND p.", target(r, parent, 0));
		mig_text_add(&q, " IS NULL");
	}
	return mig_text_str(&q);
}

bool
mig_find_orphans(MigFindings *f, const MigLiveTable *only)
{
	References all = {NULL, 0, 0};

	if (!read_references(f, &all))
		return false;
	for (size_t i = 0; i < all.count; i++)
	{
		const Reference *r = &all.at[i];
		const MigLiveTable *t = mig_live_table(f->live, r->table);
		MigText columns = {f->m, NULL, 0, 0};

		if (t == NULL || (only != NULL && t != only))
			continue;
		for (int c = 0; c < r->count; c++)
		{
			mig_text_add(&columns, c > 0 ? ", " : "");
			mig_text_str_add(&columns, r->from[c]);
		}
		if (!mig_find_listed(
				f, t, mig_text_str(&columns), MIG_P_ORPHAN,
				orphans(f->m, r, t, mig_live_table(f->live, r->parent)),
				r->count))
			return false;
	}
	return true;
}
