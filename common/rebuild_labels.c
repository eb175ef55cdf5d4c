#include "private.h"

#include "enum_labels.h"
#include "rebuild_work.h"

/* Labels of an enum type: the translator makes "m mood text CHECK (m IN ('a',
   'b'))" of a column of type mood. */

const MigRule *
mig_r_labels_of(MigEditor *e, int c)
{
	MigStr name = mig_r_bare(e, e->t.columns[c].name);

	for (int i = 0; i < e->t.nrules; i++)
	{
		const MigRule *r = &e->t.rules[i];

		if (r->kind == MIG_R_CHECK && (r->column < 0 || r->column == c) &&
		    r->expr.to > r->expr.from + 3 &&
		    mig_name_same(mig_r_bare(e, r->expr.from), name) &&
		    mig_token_is(&e->k, r->expr.from + 1, "in") &&
		    mig_token_close(&e->k, r->expr.from + 2) == r->expr.to - 1)
			return r;
	}
	return NULL;
}

/* Whether a column is of an enum type. */
static bool
is_of(MigEditor *e, int c, MigStr name)
{
	MigSpan type = e->t.columns[c].type;

	return type.to == type.from + 2 &&
	       mig_name_same(mig_r_bare(e, type.from), name) &&
	       mig_token_is(&e->k, type.from + 1, "text");
}

/* Of the one that the action names. */
static bool
is_of_type(MigEditor *e, int c)
{
	return is_of(e, c, e->action->name);
}

/* What stands between the parentheses of a CHECK of labels. */
static MigStr
list_of(const MigEditor *e, const MigRule *r)
{
	size_t from = mig_r_end_of(e, r->expr.from + 2);

	return (MigStr){e->text.at + from,
	                mig_r_start_of(e, r->expr.to - 1) - from};
}

bool
mig_r_rename_type(MigEditor *e)
{
	for (int c = 0; c < e->t.ncolumns; c++)
	{
		int type = e->t.columns[c].type.from;

		if (!is_of_type(e, c))
			continue;
		e->native = false;
		if (!mig_r_splice(e, mig_r_start_of(e, type), mig_r_end_of(e, type),
		                  e->action->using))
			return false;
	}
	return mig_ok(e->m);
}

/* To those that stand there: there may be some that no script is known for. */
bool
mig_r_add_label(MigEditor *e)
{
	const MigChange *a = e->action;

	for (int c = 0; c < e->t.ncolumns; c++)
	{
		const MigRule *r = is_of_type(e, c) ? mig_r_labels_of(e, c) : NULL;
		MigStr list, more;

		if (r == NULL)
			continue;
		list = list_of(e, r);
		more = mig_enum_with(e->m, list, a->text, a->column, a->before);
		if (more.at == NULL)
			return false;
		if (more.at == list.at)
			continue;
		e->native = false;
		if (!mig_r_splice(e, mig_r_end_of(e, r->expr.from + 2),
		                  mig_r_start_of(e, r->expr.to - 1), more))
			return false;
	}
	return mig_ok(e->m);
}

bool
mig_rebuild_labels(Mig *m, MigStr stored, MigStr type, MigStr *labels)
{
	MigEditor e = {.m = m, .text = stored};
	bool is;

	if (!mig_tokens_of(m, &mig_sqlite, stored, &e.k) ||
	    !mig_table_read(m, &e.k, &e.t, &is))
		return false;
	for (int c = 0; is && c < e.t.ncolumns; c++)
	{
		const MigRule *r = is_of(&e, c, type) ? mig_r_labels_of(&e, c) : NULL;

		if (r == NULL)
			continue;
		*labels = mig_enum_union(m, labels->at != NULL ? *labels : mig_str(""),
		                         list_of(&e, r));
		if (labels->at == NULL)
			return false;
	}
	return mig_ok(m);
}

/* A string that is the label, in the quotes of either kind that SQLite reads
   as a string. */
static bool
is_label(Mig *m, const MigTokens *k, int i, MigStr label)
{
	MigText t = {m, NULL, 0, 0};

	if (k->at[i].kind == MIG_T_STRING)
		return mig_str_eq(k->at[i].text, label);
	if (k->at[i].kind != MIG_T_NAME || k->at[i].text.at[0] != '"')
		return false;
	mig_text_literal(&t, mig_token_bare(m, k, i));
	return mig_str_eq(mig_text_str(&t), label);
}

bool
mig_rebuild_names_label(Mig *m, MigStr sql, MigStr label, bool *yes)
{
	MigTokens k;

	*yes = false;
	if (!mig_tokens_of(m, &mig_sqlite, sql, &k))
		return false;
	for (int i = 0; i < k.count && !*yes; i++)
		*yes = is_label(m, &k, i, label);
	return mig_ok(m);
}

static bool
fail_named(MigEditor *e, const char *what)
{
	mig_fail(e->m, MIG_SYNTAX,
	         "cannot rename label %.*s of type \"%.*s\": %s of table"
	         " \"%.*s\" names it",
	         MIG_S(e->action->column), MIG_S(e->action->name), what,
	         MIG_S(e->item->table));
	mig_hint(e->m, MIG_LABEL_HINT);
	return mig_at(e->m, e->action->pos);
}

/* A default that is the label, in parentheses or not; another expression that
   names it cannot be followed. */
static bool
rename_default(MigEditor *e, int c)
{
	const MigRule *r = mig_table_rule(&e->t, c, MIG_R_DEFAULT);
	MigSpan s;

	if (r == NULL)
		return true;
	s = r->expr;
	while (s.to > s.from + 2 && mig_token_char(&e->k, s.from, '(') &&
	       mig_token_char(&e->k, s.to - 1, ')'))
		s = (MigSpan){s.from + 1, s.to - 1};
	if (s.to == s.from + 1 && is_label(e->m, &e->k, s.from, e->action->column))
		return mig_r_splice(e, mig_r_start_of(e, s.from),
		                    mig_r_end_of(e, s.from), e->action->using);
	for (int i = s.from; i < s.to; i++)
		if (is_label(e->m, &e->k, i, e->action->column))
			return fail_named(e, "a default");
	return mig_ok(e->m);
}

/* Whether an expression names the label, and a column of the type. */
static bool
names_label(MigEditor *e, MigSpan s)
{
	bool label = false, column = false;

	for (int i = s.from; i < s.to; i++)
		label |= is_label(e->m, &e->k, i, e->action->column);
	for (int c = 0; label && c < e->t.ncolumns; c++)
		column |= is_of_type(e, c) &&
		          mig_r_names(e, s, mig_r_bare(e, e->t.columns[c].name));
	return column;
}

/* The CHECKs of the labels have the new one by now. */
static bool
no_rule_names_it(MigEditor *e)
{
	for (int i = 0; i < e->t.nrules; i++)
	{
		const MigRule *r = &e->t.rules[i];

		if (r->kind != MIG_R_CHECK && r->kind != MIG_R_GENERATED)
			continue;
		if (names_label(e, r->expr))
			return fail_named(
				e, r->kind == MIG_R_CHECK ? "a CHECK" : "a generated column");
	}
	return mig_ok(e->m);
}

/* In the CHECK as it stands: it may have labels that no script is known for. */
static bool
rename_in_check(MigEditor *e, int c)
{
	const MigRule *r = mig_r_labels_of(e, c);

	for (int i = r == NULL ? 0 : r->expr.from + 3; r != NULL && i < r->expr.to;
	     i++)
		if (is_label(e->m, &e->k, i, e->action->column))
			return mig_r_splice(e, mig_r_start_of(e, i), mig_r_end_of(e, i),
			                    e->action->using);
	return mig_ok(e->m);
}

bool
mig_r_rename_label(MigEditor *e)
{
	for (int c = 0; c < e->t.ncolumns; c++)
	{
		if (!is_of_type(e, c))
			continue;
		e->changed = true;
		e->native = e->in_place = false;
		if (!rename_in_check(e, c) || !rename_default(e, c) ||
		    !mig_r_name_add(e, &e->relabelled, &e->nrelabelled,
		                    &e->relabelled_room,
		                    mig_r_bare(e, e->t.columns[c].name)))
			return false;
	}
	return no_rule_names_it(e);
}

MigStr
mig_r_relabelled(MigEditor *e, MigStr column)
{
	MigText t = {e->m, NULL, 0, 0};

	for (size_t i = 0; i < e->nrelabelled; i++)
		if (mig_name_same(e->relabelled[i], column))
		{
			mig_text_add(&t, "CASE ");
			mig_text_ident(&t, column);
			mig_text_fmt(&t, " WHEN %.*s THEN %.*s ELSE ",
			             MIG_S(e->action->column), MIG_S(e->action->using));
			mig_text_ident(&t, column);
			mig_text_add(&t, " END");
			return mig_text_str(&t);
		}
	return (MigStr){NULL, 0};
}
