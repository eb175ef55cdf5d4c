#include "private.h"

#include "enum_labels.h"
#include "translate_work.h"

/*
 * Enum types, which SQLite has not: columns of one are text with a CHECK of
 * its labels. Types are remembered as tables are (translate_known.c).
 */

/* The newest version that is seen now, gone or not. */
static const MigEnumType *
version_find(const MigTranslator *t, MigStr name)
{
	const MigEnumType *found = NULL;

	for (const MigEnumType *e = t->enums; e != NULL; e = e->next)
		if (mig_name_same(e->name, name) && e->number <= t->known &&
		    (found == NULL || e->number > found->number))
			found = e;
	return found;
}

const MigEnumType *
mig_w_find_enum(const MigWorking *w, MigStr name)
{
	const MigEnumType *e;

	if (name.at == NULL)
		return NULL;
	do
		e = version_find(w->t, name);
	while (e == NULL && mig_w_recall(w, name));
	return e == NULL || e->gone ? NULL : e;
}

static bool
enum_put(MigWorking *w, const MigEnumType *like, uint32_t number)
{
	MigEnumType *e = mig_w_keep_alloc(w, sizeof(*e));

	if (e == NULL)
		return false;
	e->name = mig_w_keep(w, like->name);
	e->labels = mig_w_keep(w, like->labels);
	e->gone = like->gone;
	e->number = number;
	e->next = w->t->enums;
	w->t->enums = e;
	return mig_ok(w->m);
}

/* What is translated once more only counts: its versions are there. */
static bool
version_add(MigWorking *w, const MigEnumType *like)
{
	MigTranslator *t = w->t;

	if (!mig_ok(w->m))
		return false;
	if (++t->known <= t->newest)
		return true;
	if (!enum_put(w, like, t->known))
		return false;
	t->newest = t->known;
	return mig_ok(w->m);
}

bool
mig_w_take_enum(MigWorking *w, const MigWorking *past, MigStr name)
{
	const MigEnumType *like = mig_w_find_enum(past, name);

	return like == NULL ? mig_ok(past->m) : enum_put(w, like, 0);
}

/* A label as SQLite writes it; absent when token i is none. */
static MigStr
label_at(MigWorking *w, int i)
{
	MigText t = {w->m, NULL, 0, 0};
	MigStr value = {NULL, 0};

	if (i < w->k.count)
		value = mig_w_literal(w, i);
	if (value.at == NULL)
		return value;
	mig_text_literal(&t, value);
	return mig_text_str(&t);
}

/* The labels in a list of CREATE TYPE. */
static MigStr
labels_read(MigWorking *w, MigSpan s)
{
	MigText t = {w->m, NULL, 0, 0};

	for (int i = s.from; i < s.to; i++)
	{
		MigStr label = label_at(w, i);

		if (label.at == NULL && !mig_token_char(&w->k, i, ','))
			return mig_span_text(&w->k, s);
		if (label.at == NULL)
			continue;
		mig_text_add(&t, t.len > 0 ? ", " : "");
		mig_text_str_add(&t, label);
	}
	return mig_text_str(&t);
}

/* CREATE TYPE name AS ENUM (labels): nothing in SQLite. PostgreSQL takes it as
   it stands. */
bool
mig_w_enum(MigWorking *w)
{
	int schema, name;
	int i = mig_token_qualified(&w->k, 2, &schema, &name);
	int open = i + 2;
	MigEnumType e = {.next = NULL};

	if (name < 0 || !mig_token_words(&w->k, i, "as enum") ||
	    !mig_token_char(&w->k, open, '('))
		return !w->sqlite || mig_w_refuse(w, 0, "a type that is no enum");
	e.name = mig_token_bare(w->m, &w->k, name);
	e.labels =
		labels_read(w, (MigSpan){open + 1, mig_token_close(&w->k, open)});
	if (!version_add(w, &e) || !w->sqlite)
		return mig_ok(w->m);
	return mig_w_dropped(w, 0,
	                     "type \"%.*s\" is left out: columns of it are text "
	                     "with a CHECK",
	                     MIG_S(e.name));
}

/* As PostgreSQL says it. */
static bool
fail_label(MigWorking *w, const MigEnumType *e, int i, const char *format)
{
	mig_fail(w->m, MIG_SYNTAX, format, MIG_S(mig_w_literal(w, i)));
	mig_hint(w->m, "The labels of type \"%.*s\" are %.*s.", MIG_S(e->name),
	         MIG_S(e->labels));
	return mig_at(w->m, mig_w_pos(w, i));
}

#define NO_LABEL "\"%.*s\" is not an existing enum label"
#define LABEL_EXISTS "enum label \"%.*s\" already exists"

/* Of every table that has columns of the type. */
static MigChange *
labels_item(MigWorking *w, MigChangeKind kind, const MigEnumType *e)
{
	MigItem *item = mig_w_item(w, 0, MIG_ITEM_ALTER);
	MigChange *change = mig_alloc(w->m, sizeof(*change));

	if (item == NULL || change == NULL)
		return NULL;
	change->kind = kind;
	change->pos = mig_w_pos(w, 0);
	change->name = e->name;
	item->actions = change;
	item->nactions = 1;
	return change;
}

/* ADD VALUE [IF NOT EXISTS] label [BEFORE | AFTER label]. One that is there may
   still be missing in a column. */
static bool
add_value(MigWorking *w, const MigEnumType *old, int i)
{
	int exists = mig_token_words(&w->k, i, "if not exists");
	MigStr label = label_at(w, i + exists),
		   beside = label_at(w, i + 2 + exists);
	MigEnumType e = *old;
	MigChange *change;
	bool there;

	i += exists;
	if (label.at == NULL)
		return mig_w_refuse(w, i, "this ALTER TYPE");
	there = mig_enum_has(w->m, old->labels, label);
	if (there && exists == 0)
		return fail_label(w, old, i, LABEL_EXISTS);
	if (!there && beside.at != NULL &&
	    !mig_enum_has(w->m, old->labels, beside))
		return fail_label(w, old, i + 2, NO_LABEL);
	change = labels_item(w, MIG_CH_ADD_LABEL, old);
	if (change == NULL)
		return false;
	change->text = label;
	change->column = beside;
	change->before = mig_token_is(&w->k, i + 1, "before");
	e.labels = mig_enum_with(w->m, old->labels, label, beside, change->before);
	return there || version_add(w, &e);
}

/* RENAME VALUE label TO label */
static bool
rename_value(MigWorking *w, const MigEnumType *old, int i)
{
	MigStr from = label_at(w, i), to = label_at(w, i + 2);
	MigEnumType e = *old;
	MigChange *change;

	if (from.at == NULL || to.at == NULL || !mig_token_is(&w->k, i + 1, "to"))
		return mig_w_refuse(w, 0, "this ALTER TYPE");
	if (!mig_enum_has(w->m, old->labels, from))
		return fail_label(w, old, i, NO_LABEL);
	if (mig_enum_has(w->m, old->labels, to))
		return fail_label(w, old, i + 2, LABEL_EXISTS);
	e.labels = mig_enum_renamed(w->m, old->labels, from, to);
	if (!version_add(w, &e))
		return false;
	change = labels_item(w, MIG_CH_RENAME_LABEL, old);
	if (change == NULL)
		return false;
	change->column = from;
	change->using = to;
	return mig_ok(w->m);
}

static bool
rename_type(MigWorking *w, const MigEnumType *old, int i)
{
	MigEnumType left = *old, e = *old;
	MigChange *change;

	e.name = mig_token_bare(w->m, &w->k, i);
	left.gone = true;
	if (e.name.at == NULL || !version_add(w, &left) || !version_add(w, &e))
		return false;
	change = labels_item(w, MIG_CH_RENAME_TYPE, old);
	if (change == NULL)
		return false;
	change->using = e.name;
	return mig_ok(w->m);
}

/* ALTER TYPE name ADD VALUE, RENAME VALUE or RENAME TO. */
bool
mig_w_alter_type(MigWorking *w)
{
	int schema, name;
	int i = mig_token_qualified(&w->k, 2, &schema, &name);
	const MigEnumType *e = NULL;
	bool add = mig_token_words(&w->k, i, "add value") > 0;
	bool value = mig_token_words(&w->k, i, "rename value") > 0;

	if (name >= 0 &&
	    (add || value || mig_token_words(&w->k, i, "rename to") > 0))
		e = mig_w_find_enum(w, mig_token_bare(w->m, &w->k, name));
	if (e == NULL)
		return mig_w_refuse(w, 0, "this ALTER statement");
	if (add)
		return add_value(w, e, i + 2);
	return value ? rename_value(w, e, i + 2) : rename_type(w, e, i + 2);
}

bool
mig_translator_knows_enum(MigTranslator *t, MigStr name)
{
	MigWorking w = {.t = t, .m = t->m};

	return mig_w_find_enum(&w, name) != NULL;
}

bool
mig_translator_learn_labels(MigTranslator *t, MigStr type, MigStr labels)
{
	MigWorking w = {.t = t, .m = t->m};
	const MigEnumType *old = mig_w_find_enum(&w, type);
	MigEnumType e;

	if (old == NULL)
		return mig_ok(t->m);
	e = *old;
	e.labels = labels;
	return version_add(&w, &e);
}
