#include "private.h"

#include "translate_work.h"

bool
mig_w_type(MigWorking *w, MigSpan s, MigTypeName *out)
{
	MigFor in = mig_w_is_sqlite(w) ? MIG_FOR_SQLITE : MIG_FOR_POSTGRESQL;

	if (!mig_type_read(w->m, in, mig_span_text(&w->k, s), out))
		return false;
	if (out->family == MIG_F_OTHER && mig_w_find_enum(w, out->name) != NULL)
		out->family = MIG_F_ENUM;
	return true;
}

bool
mig_w_type_becomes(MigWorking *w, MigSpan s, MigTypeName *type,
                   MigStr *becomes, MigStr *labels)
{
	MigTypeFate fate;
	MigText t = {w->m, NULL, 0, 0};

	labels->at = NULL;
	labels->len = 0;
	if (!mig_w_type(w, s, type))
		return false;
	if (type->family == MIG_F_ENUM && w->sqlite)
	{
		*labels = mig_w_find_enum(w, type->name)->labels;
		mig_text_str_add(&t, w->k.at[s.to - 1].text);
		mig_text_add(&t, " text");
		*becomes = mig_text_str(&t);
		return mig_ok(w->m);
	}
	if (type->family == MIG_F_ENUM)
	{
		*becomes = type->declared;
		return true;
	}
	if (!mig_type_fate(w->m, type, w->t->target->id, &fate))
		return false;
	*becomes = fate.becomes;
	if (fate.becomes.at != NULL)
		return true;
	return mig_w_refuse(w, s.from, "type \"%.*s\"", MIG_S(type->declared));
}

/* What a column's type and constraints show of the flavour. */
bool
mig_w_survey_rule(MigWorking *w, const MigRule *r, const MigTypeName *type)
{
	const MigTokens *k = &w->k;

	switch (r->kind)
	{
		case MIG_R_IDENTITY:
		case MIG_R_EXCLUDE:
		case MIG_R_LIKE:
			w->of_postgres = true;
			break;
		case MIG_R_GENERATED:
			w->of_sqlite |= mig_token_is(k, r->head, "as") ||
			                !mig_token_is(k, r->tail, "stored");
			break;
		case MIG_R_DEFAULT:
			w->of_sqlite |= type != NULL && type->family == MIG_F_BOOLEAN &&
			                (mig_str_is(mig_span_text(k, r->expr), "0") ||
			                 mig_str_is(mig_span_text(k, r->expr), "1"));
			w->of_sqlite |= type != NULL &&
			                mig_w_is_number_type(type->family) &&
			                (mig_token_is(k, r->expr.from, "true") ||
			                 mig_token_is(k, r->expr.from, "false"));
			break;
		case MIG_R_COLLATE:
			w->of_sqlite |= mig_token_is(k, r->expr.from, "nocase") ||
			                mig_token_is(k, r->expr.from, "binary") ||
			                mig_token_is(k, r->expr.from, "rtrim");
			break;
		case MIG_R_PRIMARY_KEY:
			w->of_sqlite |= mig_token_is(k, r->tail, "asc") ||
			                mig_token_is(k, r->tail, "desc");
			break;
		case MIG_R_REFERENCES:
		case MIG_R_NULL:
		case MIG_R_NOT_NULL:
		case MIG_R_UNIQUE:
		case MIG_R_CHECK:
		case MIG_R_OTHER:
			break;
	}
	w->of_sqlite |= mig_token_words(k, r->tail, "on conflict") > 0;
	w->of_postgres |= r->schema >= 0 && mig_token_is(k, r->schema, "public");
	return true;
}

bool
mig_w_survey_column(MigWorking *w, const MigTable *t, int c)
{
	const MigColumnDef *col = &t->columns[c];
	MigTypeName type;

	if (!mig_w_type(w, col->type, &type))
		return false;
	w->of_sqlite |=
		type.family == MIG_F_NONE ||
		(type.where == MIG_FOR_SQLITE && type.family != MIG_F_OTHER);
	w->of_postgres |= type.where == MIG_FOR_POSTGRESQL || type.serial ||
	                  type.family == MIG_F_ARRAY || type.family == MIG_F_ENUM;
	for (int i = col->rules; i < col->rules + col->nrules; i++)
		if (!mig_w_survey_rule(w, &t->rules[i], &type))
			return false;
	return true;
}

bool
mig_w_survey_table(MigWorking *w, const MigTable *t)
{
	const MigTokens *k = &w->k;

	for (int i = 0; i < t->ncolumns; i++)
		if (!mig_w_survey_column(w, t, i))
			return false;
	for (int i = t->own; i < t->nrules; i++)
		if (!mig_w_survey_rule(w, &t->rules[i], NULL))
			return false;
	for (int i = t->options.from; i < t->options.to && t->open >= 0; i++)
	{
		w->of_sqlite |= mig_token_words(k, i, "without rowid") > 0 ||
		                mig_token_is(k, i, "strict");
		w->of_postgres |= mig_token_is(k, i, "with") ||
		                  mig_token_is(k, i, "inherits") ||
		                  mig_token_is(k, i, "partition") ||
		                  mig_token_is(k, i, "tablespace");
	}
	if (t->schema >= 0)
	{
		w->of_postgres |= mig_token_is(k, t->schema, "public");
		w->of_sqlite |= mig_token_is(k, t->schema, "main") ||
		                mig_token_is(k, t->schema, "temp");
	}
	return true;
}

bool
mig_w_table(MigWorking *w, MigTable *t)
{
	bool fine;

	if (!mig_w_survey_table(w, t))
		return false;
	fine = w->sqlite ? mig_w_is_sqlite(w) || mig_w_table_sqlite(w, t)
	                 : mig_w_table_postgres(w, t);
	return fine && mig_w_remember(w, t);
}
