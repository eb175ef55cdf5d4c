#include "private.h"

#include "typecheck_call.h"
#include "look.h"
#include "schema.h"
#include "typecheck_find.h"

/* Open a call that looks, and read the live tables. */
static MigLive *
live_begin(MigCall *c, MigStr schema)
{
	MigLive *live = mig_alloc(c->m, sizeof(*live));

	if (live == NULL || !c->host->ops->begin(c->host, c->m, MIG_READ, schema))
		return NULL;
	if (mig_live_read(c->m, c->host, schema, live))
		return live;
	mig_look_end(c, false);
	return NULL;
}

/* ----------------------------------------------------------------- types */

/* One row a column. */
typedef struct Place
{
	const MigLiveTable *table;
	const MigLiveColumn *column;
} Place;

static bool
types_row(MigCall *c, int64_t i, MigValue *cells)
{
	const Place *place = (const Place *) c->rows + i;
	const MigTypeName *type = &place->column->type;
	MigFor other = c->m->dialect->id == MIG_FOR_SQLITE ? MIG_FOR_POSTGRESQL
	                                                   : MIG_FOR_SQLITE;
	MigTypeFate fate;

	if (!mig_type_fate(c->m, type, other, &fate))
		return false;
	cells[0] = mig_value_text(place->table->name);
	cells[1] = mig_value_text(place->column->name);
	cells[2] = mig_value_text(place->column->declared);
	cells[3] = mig_value_text(mig_str(mig_type_family(type->family)));
	cells[4] = mig_value_text(fate.becomes);
	cells[5] = mig_value_text(mig_str(mig_type_verdict(fate.verdict)));
	cells[6] = mig_value_text(mig_str(fate.why));
	return true;
}

bool
mig_call_types(MigCall *c)
{
	MigLive *live = live_begin(c, c->args[0].text);
	Place *places;
	size_t count = 0;

	if (live == NULL || !mig_look_end(c, true))
		return false;
	for (int i = 0; i < live->ntables; i++)
		count += (size_t) live->tables[i].ncolumns;
	places = mig_alloc_array(c->m, count, sizeof(*places));
	if (places == NULL)
		return false;
	c->rows = places;
	for (int i = 0; i < live->ntables; i++)
		for (int k = 0; k < live->tables[i].ncolumns; k++)
			*places++ = (Place){&live->tables[i], &live->tables[i].columns[k]};
	c->nrows = (int64_t) count;
	c->row = types_row;
	return true;
}

/* ------------------------------------------------------------ type_check */

static bool
check_row(MigCall *c, int64_t i, MigValue *cells)
{
	MigFinding *row = &((MigFindings *) c->rows)->rows[i];

	cells[0] = mig_value_text(row->table);
	cells[1] = mig_value_text(row->column);
	cells[2] = mig_value_text(mig_str(row->problem));
	cells[3] = mig_value_text(mig_str(row->effect));
	cells[4] = mig_value_int(row->count);
	cells[5] = mig_value_text(mig_text_str(&row->keys));
	cells[6] = mig_value_text(row->example);
	cells[7] = mig_value_text(row->query);
	return mig_ok(c->m);
}

static bool
has_table(Mig *m, const MigLive *live, MigStr name)
{
	MigStr best = {NULL, 0};
	int distance = 0;

	if (name.at == NULL || mig_live_table(live, name) != NULL)
		return true;
	mig_fail(m, MIG_ARGUMENT, "table \"%.*s\" does not exist", MIG_S(name));
	for (int i = 0; i < live->ntables; i++)
		mig_nearest(name, live->tables[i].name, &best, &distance);
	if (best.at != NULL)
		mig_hint(m, "The closest table is \"%.*s\".", MIG_S(best));
	return false;
}

static bool
find_all(MigFindings *f, MigStr name)
{
	bool sqlite = f->m->dialect->id == MIG_FOR_SQLITE;
	const MigLiveTable *only = NULL;

	if (!has_table(f->m, f->live, name))
		return false;
	if (name.at != NULL)
		only = mig_live_table(f->live, name);
	for (int i = 0; i < f->live->ntables; i++)
	{
		const MigLiveTable *t = &f->live->tables[i];

		if (only != NULL && t != only)
			continue;
		if (!(sqlite ? mig_find_values(f, t) : mig_find_losses(f, t)))
			return false;
	}
	if (sqlite && (!mig_find_keys(f, only) || !mig_find_orphans(f, only)))
		return false;
	return true;
}

bool
mig_call_type_check(MigCall *c)
{
	MigLive *live = live_begin(c, c->args[1].text);
	MigFindings *found = mig_alloc(c->m, sizeof(*found));

	if (live == NULL)
		return false;
	if (found != NULL)
		mig_findings_start(found, c->m, c->host, live);
	if (!mig_look_end(c, found != NULL && find_all(found, c->args[0].text)))
		return false;
	c->rows = found;
	c->nrows = (int64_t) found->count;
	c->row = check_row;
	return true;
}

/* ------------------------------------------------------ one stored value */

static bool
read_value(MigCall *c, MigTypeName *type, MigStored *v)
{
	MigStr storage = c->args[1].text;

	if (!mig_type_read(c->m, MIG_FOR_SQLITE, c->args[0].text, type))
		return false;
	if (mig_typecheck_stored(storage, c->args[2].text, v))
		return true;
	mig_fail(c->m, MIG_ARGUMENT, "value \"%.*s\" is not stored as \"%.*s\"",
	         MIG_S(c->args[2].text), MIG_S(storage));
	return mig_hint(c->m, "Write typeof(value), which is 'null', 'integer',"
	                      " 'real', 'text' or 'blob'.");
}

bool
mig_call_type_problem(MigCall *c)
{
	MigTypeName type;
	MigStored v;
	MigProblem p;

	if (!read_value(c, &type, &v))
		return false;
	p = mig_typecheck_value(&type, &v);
	c->result =
		mig_value_text(mig_str(p != MIG_P_NONE ? mig_problem_name(p) : NULL));
	return true;
}

bool
mig_call_type_key(MigCall *c)
{
	MigTypeName type;
	MigStored v;

	if (!read_value(c, &type, &v))
		return false;
	c->result = mig_value_text(mig_typecheck_key(c->m, &type, &v));
	return mig_ok(c->m);
}

/* ---------------------------------------------------------------- schema */

static MigSchema *
schema_read(MigCall *c)
{
	MigStr name = c->args[0].text;
	MigSchema *schema = mig_alloc(c->m, sizeof(*schema));

	if (schema == NULL || !c->host->ops->begin(c->host, c->m, MIG_READ, name))
		return NULL;
	if (!mig_look_end(c, mig_schema_read(c->m, c->host, name, schema)))
		return NULL;
	return schema;
}

static bool
schema_row(MigCall *c, int64_t i, MigValue *cells)
{
	const MigObject *o = &((MigSchema *) c->rows)->objects[i];

	cells[0] = mig_value_text(o->kind);
	cells[1] = mig_value_text(o->table);
	cells[2] = mig_value_text(o->name);
	cells[3] = mig_value_text(o->definition);
	return true;
}

bool
mig_call_schema(MigCall *c)
{
	MigSchema *schema = schema_read(c);

	if (schema == NULL)
		return false;
	c->rows = schema;
	c->nrows = (int64_t) schema->count;
	c->row = schema_row;
	return true;
}

bool
mig_call_schema_fingerprint(MigCall *c)
{
	MigSchema *schema = schema_read(c);

	if (schema == NULL)
		return false;
	c->result = mig_value_text(mig_schema_fingerprint(c->m, schema));
	return mig_ok(c->m);
}
