#include "private.h"

#include "rebuild_work.h"

static bool
act(MigEditor *e)
{
	switch (e->action->kind)
	{
		case MIG_CH_ADD_COLUMN:
			return mig_r_add_column(e);
		case MIG_CH_DROP_COLUMN:
			return mig_r_drop_column(e);
		case MIG_CH_RENAME_TYPE:
			return mig_r_rename_type(e);
		case MIG_CH_ADD_LABEL:
			return mig_r_add_label(e);
		case MIG_CH_RENAME_LABEL:
			return mig_r_rename_label(e);
		case MIG_CH_NATIVE:
			e->changed = true;
			e->in_place = false;
			return true;
		default:
			break;
	}
	e->native = false;
	switch (e->action->kind)
	{
		case MIG_CH_SET_TYPE:
			return mig_r_set_type(e);
		case MIG_CH_SET_DEFAULT:
		case MIG_CH_DROP_DEFAULT:
			return mig_r_set_default(e,
			                         e->action->kind == MIG_CH_DROP_DEFAULT);
		case MIG_CH_SET_NOT_NULL:
		case MIG_CH_DROP_NOT_NULL:
			return mig_r_set_not_null(e,
			                          e->action->kind == MIG_CH_DROP_NOT_NULL);
		case MIG_CH_ADD_RULE:
			return mig_r_add_rule(e);
		case MIG_CH_DROP_RULE:
			return mig_r_drop_rule(e);
		case MIG_CH_RENAME_RULE:
			return mig_r_rename_rule(e);
		case MIG_CH_DROP_EXPRESSION:
			return mig_r_drop_expression(e);
		case MIG_CH_DROP_REFERENCES:
			return mig_r_drop_references(e);
		default:
			return mig_fail(e->m, MIG_INTERNAL, "action without a meaning");
	}
}

/* The last action that changes a column's type, or -1. */
static int
typed(const MigEditor *e, MigStr name)
{
	int i = e->item->nactions - 1;

	while (i >= 0 && (e->item->actions[i].kind != MIG_CH_SET_TYPE ||
	                  !mig_name_same(e->item->actions[i].column, name)))
		i--;
	return i;
}

/* What a column's values are made of. A value is made once, so that what is
   seen of it is what is stored; a column's own is seen in `where`, which is
   cheaper. */
static MigStr
source(MigEditor *e, MigStr name, MigText *where)
{
	MigText t = {e->m, NULL, 0, 0};
	MigStr relabelled = mig_r_relabelled(e, name);
	int i = typed(e, name);

	if (relabelled.at != NULL)
		return relabelled;
	if (mig_r_is_new(e, name))
		return mig_r_given_find(e, name)->value;
	if (i >= 0 && !mig_r_is_itself(e, e->item->actions[i].using, name))
	{
		mig_text_fmt(&t, MIG_SEEN "(?%d, %.*s)", i + 1,
		             MIG_S(e->item->actions[i].using));
		return mig_text_str(&t);
	}
	mig_text_ident(&t, name);
	if (i >= 0)
		mig_text_fmt(where, "%s" MIG_SEEN "(?%d, %.*s, 1)",
		             where->len > 0 ? " AND " : " WHERE ", i + 1,
		             MIG_S(mig_text_str(&t)));
	return mig_text_str(&t);
}

/* A name that the rowid has in the table as it stands, of those that are in
   *names, a bit for each; a column may have taken it. */
static const char *const rowids[] = {"rowid", "oid", "_rowid_"};

static void
rowid_names(MigEditor *e, unsigned *names)
{
	if (!mig_r_has_rowid(&e->k, &e->t))
		*names = 0;
	for (int i = 0; i < MIG_COUNT(rowids); i++)
		if (mig_table_column(e->m, &e->k, &e->t, mig_str(rowids[i])) >= 0)
			*names &= ~(1u << i);
}

/* INSERT INTO new (columns) SELECT sources FROM old. */
static bool
copy_rows(MigEditor *e, MigStr name, unsigned rowid, MigRebuild *out)
{
	MigText to = {e->m, NULL, 0, 0}, from = {e->m, NULL, 0, 0};
	MigText t = {e->m, NULL, 0, 0}, where = {e->m, NULL, 0, 0};

	rowid_names(e, &rowid);
	out->rowid = rowid != 0 && mig_r_rowid_column(e->m, &e->k, &e->t) < 0;
	for (int i = 0; out->rowid && i < MIG_COUNT(rowids) && to.len == 0; i++)
		if (rowid & (1u << i))
		{
			mig_text_add(&to, rowids[i]);
			mig_text_add(&from, rowids[i]);
		}
	for (int c = 0; c < e->t.ncolumns && mig_ok(e->m); c++)
	{
		MigStr column = mig_r_bare(e, e->t.columns[c].name);

		if (mig_table_rule(&e->t, c, MIG_R_GENERATED) != NULL ||
		    (mig_r_is_new(e, column) && mig_r_given_find(e, column) == NULL))
			continue;
		mig_text_add(&to, to.len > 0 ? ", " : "");
		mig_text_add(&from, from.len > 0 ? ", " : "");
		mig_text_ident(&to, column);
		mig_text_str_add(&from, source(e, column, &where));
	}
	out->copy = (MigStr){NULL, 0};
	if (to.len == 0)
		return mig_ok(e->m);
	mig_text_add(&t, "INSERT INTO ");
	if (e->item->schema.at != NULL)
	{
		mig_text_ident(&t, e->item->schema);
		mig_text_char(&t, '.');
	}
	mig_text_ident(&t, name);
	mig_text_fmt(&t, " (%.*s) SELECT %.*s FROM ", MIG_S(mig_text_str(&to)),
	             MIG_S(mig_text_str(&from)));
	if (e->item->schema.at != NULL)
	{
		mig_text_ident(&t, e->item->schema);
		mig_text_char(&t, '.');
	}
	mig_text_ident(&t, e->item->table);
	if (where.len > 0)
		mig_text_str_add(&t, mig_text_str(&where));
	out->copy = mig_text_str(&t);
	return mig_ok(e->m);
}

/* The table under its new name. Its old one before a column, in a CHECK, goes
   away: columns are known without. */
static bool
rename_table(MigEditor *e, MigStr name, MigRebuild *out)
{
	MigText t = {e->m, NULL, 0, 0};
	int i = e->t.open + 1;

	while (i + 2 < e->t.close)
	{
		if (mig_token_name(&e->k, i) && mig_token_char(&e->k, i + 1, '.') &&
		    mig_name_same(mig_r_bare(e, i), e->item->table))
		{
			if (!mig_r_splice(e, mig_r_start_of(e, i),
			                  mig_r_start_of(e, i + 2), MIG_LIT("")))
				return false;
		}
		else
			i++;
	}
	for (i = e->t.open; i < e->t.close; i++)
		out->sequence |= mig_token_is(&e->k, i, "autoincrement");
	if (e->item->schema.at != NULL)
	{
		mig_text_ident(&t, e->item->schema);
		mig_text_char(&t, '.');
	}
	mig_text_ident(&t, name);
	i = e->t.schema >= 0 ? e->t.schema : e->t.name;
	if (!mig_r_splice(e, mig_r_start_of(e, i), mig_r_end_of(e, e->t.name),
	                  mig_text_str(&t)))
		return false;
	out->create = e->text;
	return true;
}

static bool
native_statements(MigEditor *e, MigRebuild *out)
{
	out->statements = mig_alloc_array(e->m, (size_t) e->item->nactions + 1,
	                                  sizeof(*out->statements));
	if (out->statements == NULL)
		return false;
	for (int i = 0; i < e->item->nactions; i++)
	{
		const MigChange *a = &e->item->actions[i];
		bool wanted = a->kind == MIG_CH_NATIVE;

		for (size_t n = 0; n < e->nadded; n++)
			wanted |= a->kind == MIG_CH_ADD_COLUMN &&
			          mig_str_eq(e->added[n], a->column);
		for (size_t n = 0; n < e->ndropped; n++)
			wanted |= a->kind == MIG_CH_DROP_COLUMN &&
			          mig_str_eq(e->dropped[n], a->column);
		if (wanted)
			out->statements[out->nstatements++] = a->native;
	}
	return true;
}

/* The text as it was, with a default that no row has. */
static bool
probe(const MigEditor *edited, MigStr stored, MigRebuild *out)
{
	static const MigChange none = {.kind = MIG_CH_SET_DEFAULT};
	MigEditor e = {.m = edited->m, .item = edited->item, .text = stored};

	e.action = &none;
	if (!mig_r_read_table(&e))
		return false;
	for (size_t i = 0; i < edited->ndefaults; i++)
	{
		MigStr value = MIG_LIT("'" MIG_PROBE "'");
		int c = mig_table_column(e.m, &e.k, &e.t, edited->defaults[i]);
		const MigRule *r =
			c < 0 ? NULL : mig_table_rule(&e.t, c, MIG_R_DEFAULT);

		if (c < 0)
			return mig_ok(e.m);
		if (!(r == NULL
		          ? mig_r_insert(&e, mig_r_type_of(&e.t.columns[c]),
		                         " DEFAULT ", value)
		          : mig_r_splice(&e, mig_r_start_of(&e, r->expr.from),
		                         mig_r_end_of(&e, r->expr.to - 1), value)))
			return false;
	}
	out->probe = e.text;
	return true;
}

static bool
edit_in_place(MigEditor *e, MigStr stored, MigRebuild *out)
{
	out->in_place = true;
	out->stored = e->text;
	out->proofs = e->proofs;
	out->nproofs = (int) e->nproofs;
	out->keys = e->keys;
	out->defaults = e->defaults;
	out->ndefaults = (int) e->ndefaults;
	return e->ndefaults == 0 || probe(e, stored, out);
}

bool
mig_rebuild(Mig *m, MigStr stored, MigStr name, const MigItem *item,
            MigRebuild *out)
{
	MigEditor e = {.m = m, .item = item, .text = stored, .native = true};
	unsigned names = (1u << MIG_COUNT(rowids)) - 1;
	int rowid;

	e.in_place = true;
	memset(out, 0, sizeof(*out));
	if (!mig_r_read_table(&e))
		return false;
	rowid_names(&e, &names);
	rowid = mig_r_rowid_column(m, &e.k, &e.t);
	for (int i = 0; i < item->nactions; i++)
	{
		e.action = &item->actions[i];
		if (!act(&e))
			return false;
	}
	out->changed = e.changed;
	out->native = e.native;
	out->dropped = e.dropped;
	out->ndropped = (int) e.ndropped;
	out->rules = e.rules;
	out->nrules = (int) e.nrules;
	if (!e.changed)
		return mig_ok(m);
	if (e.native && !native_statements(&e, out))
		return false;
	if (e.in_place && rowid == mig_r_rowid_column(m, &e.k, &e.t) &&
	    !edit_in_place(&e, stored, out))
		return false;
	return rename_table(&e, name, out) && copy_rows(&e, name, names, out);
}
