#include "private.h"

#include "rebuild_work.h"

/* The column that a CHECK of the table is about, if it is one. */
static MigStr
only_column(MigEditor *e, const MigRule *r)
{
	MigStr one = {NULL, 0};

	for (int c = 0; c < e->t.ncolumns; c++)
	{
		MigStr name = mig_r_bare(e, e->t.columns[c].name);

		if (!mig_r_names(e, r->expr, name))
			continue;
		if (one.at != NULL)
			return (MigStr){NULL, 0};
		one = name;
	}
	return one;
}

/* The name that PostgreSQL gives a constraint, without a number. */
static MigStr
usual_name(MigEditor *e, const MigRule *r)
{
	MigText t = {e->m, NULL, 0, 0};
	const char *end;
	MigStr one = {NULL, 0};

	mig_text_str_add(&t, e->item->table);
	switch (r->kind)
	{
		case MIG_R_PRIMARY_KEY:
			mig_text_add(&t, "_pkey");
			return mig_text_str(&t);
		case MIG_R_UNIQUE:
			end = "_key";
			break;
		case MIG_R_REFERENCES:
			end = "_fkey";
			break;
		case MIG_R_CHECK:
			end = "_check";
			one = only_column(e, r);
			break;
		default:
			return (MigStr){NULL, 0};
	}
	if (r->kind == MIG_R_CHECK && one.at != NULL)
		mig_text_fmt(&t, "_%.*s", MIG_S(one));
	else if (r->kind != MIG_R_CHECK && r->column >= 0)
		mig_text_fmt(&t, "_%.*s",
		             MIG_S(mig_r_bare(e, e->t.columns[r->column].name)));
	else if (r->kind != MIG_R_CHECK)
		for (int i = r->expr.from; i < r->expr.to;
		     i = mig_token_comma(&e->k, i, r->expr.to) + 1)
			mig_text_fmt(&t, "_%.*s", MIG_S(mig_r_bare(e, i)));
	mig_text_add(&t, end);
	return mig_text_str(&t);
}

/* A constraint's name, given or usual; the nth of the same gets a number. */
static MigStr
rule_name(MigEditor *e, const MigRule *r)
{
	MigStr name;
	MigText t = {e->m, NULL, 0, 0};
	int before = 0;

	if (r->name >= 0)
		return mig_r_bare(e, r->name);
	name = usual_name(e, r);
	for (const MigRule *o = e->t.rules; name.at != NULL && o < r; o++)
		before += mig_name_same(
			o->name >= 0 ? mig_r_bare(e, o->name) : usual_name(e, o), name);
	if (before == 0)
		return name;
	mig_text_fmt(&t, "%.*s%d", MIG_S(name), before);
	return mig_text_str(&t);
}

static const MigRule *
rule_find(MigEditor *e, MigStr name)
{
	for (int usual = 0; usual < 2; usual++)
		for (int i = 0; i < e->t.nrules; i++)
			if ((e->t.rules[i].name < 0) == usual &&
			    mig_name_same(rule_name(e, &e->t.rules[i]), name))
				return &e->t.rules[i];
	return NULL;
}

/* Whether a condition means the same in a query: not a name in quotes that is
   no column, which may be a string in the one and not in the other. */
static bool
is_plain(MigEditor *e, MigSpan s)
{
	for (int i = s.from; i < s.to; i++)
		if (e->k.at[i].kind == MIG_T_NAME &&
		    mig_table_column(e->m, &e->k, &e->t, mig_r_bare(e, i)) < 0)
			return false;
	return mig_ok(e->m);
}

/* What the rows must be like that a new constraint finds. */
static bool
rule_proof(MigEditor *e, const MigRule *r)
{
	MigText t = {e->m, NULL, 0, 0};

	e->keys |= r->kind == MIG_R_REFERENCES;
	if (r->kind == MIG_R_REFERENCES)
		return true;
	if (r->kind != MIG_R_CHECK || !is_plain(e, r->expr))
	{
		e->in_place = false;
		return true;
	}
	mig_text_fmt(&t, "NOT (%.*s)", MIG_S(mig_span_text(&e->k, r->expr)));
	return mig_r_proof_add(e, true, rule_name(e, r), mig_text_str(&t));
}

bool
mig_r_add_rule(MigEditor *e)
{
	const MigChange *a = e->action;
	int before = e->t.nrules;

	if (a->name.at != NULL && rule_find(e, a->name) != NULL)
		return mig_r_missing(e, "constraint", a->name, "exists already");
	if (!mig_ok(e->m) || !mig_r_append(e, e->t.close - 1, a->text))
		return false;
	if (e->t.nrules == before + 1)
		return rule_proof(e, &e->t.rules[before]);
	e->in_place = false;
	return true;
}

bool
mig_r_rule_lost(MigEditor *e, const MigRule *r)
{
	MigStr name = rule_name(e, r);

	return name.at == NULL
	           ? mig_ok(e->m)
	           : mig_r_name_add(e, &e->rules, &e->nrules, &e->rule_room, name);
}

bool
mig_r_lose_rule(MigEditor *e, const MigRule *r)
{
	return mig_r_rule_lost(e, r) &&
	       (r->column < 0 ? mig_r_take_item(e, r->span)
	                      : mig_r_take_out(e, r->span));
}

bool
mig_r_drop_references(MigEditor *e)
{
	for (int i = 0; i < e->t.nrules;)
	{
		const MigRule *r = &e->t.rules[i++];

		if (r->kind != MIG_R_REFERENCES || r->table < 0 ||
		    !mig_name_same(mig_r_bare(e, r->table), e->action->name))
			continue;
		if (!mig_r_lose_rule(e, r))
			return false;
		i = 0;
	}
	return mig_ok(e->m);
}

/* One that has an index cannot go without it. */
static void
rule_indexed(MigEditor *e, const MigRule *r)
{
	e->in_place &= r->kind == MIG_R_CHECK || r->kind == MIG_R_REFERENCES ||
	               r->kind == MIG_R_NOT_NULL || r->kind == MIG_R_NULL ||
	               r->kind == MIG_R_DEFAULT;
}

bool
mig_r_drop_rule(MigEditor *e)
{
	const MigChange *a = e->action;
	const MigRule *r = rule_find(e, a->name);

	if (r == NULL)
		return mig_ok(e->m) &&
		       (a->exists ||
		        mig_r_missing(e, "constraint", a->name, "does not exist"));
	rule_indexed(e, r);
	if (r->kind == MIG_R_DEFAULT && r->column >= 0 &&
	    !mig_r_name_add(e, &e->defaults, &e->ndefaults, &e->default_room,
	                    mig_r_bare(e, e->t.columns[r->column].name)))
		return false;
	return r->column < 0 ? mig_r_take_item(e, r->span)
	                     : mig_r_take_out(e, r->span);
}

bool
mig_r_rename_rule(MigEditor *e)
{
	const MigChange *a = e->action;
	const MigRule *r = rule_find(e, a->name);
	MigText t = {e->m, NULL, 0, 0};

	if (r == NULL)
		return mig_ok(e->m) &&
		       mig_r_missing(e, "constraint", a->name, "does not exist");
	mig_text_add(&t, r->name < 0 ? "CONSTRAINT " : "");
	mig_text_ident(&t, a->text);
	mig_text_add(&t, r->name < 0 ? " " : "");
	if (r->name < 0)
		return mig_r_splice(e, mig_r_start_of(e, r->head),
		                    mig_r_start_of(e, r->head), mig_text_str(&t));
	return mig_r_splice(e, mig_r_start_of(e, r->name),
	                    mig_r_end_of(e, r->name), mig_text_str(&t));
}
