#include "private.h"

#include "schema.h"
#include "digest.h"
#include "map.h"
#include "text.h"

bool
mig_schema_add(Mig *m, MigSchema *s, const MigObject *object)
{
	MigObject *grown = mig_grow(m, s->objects, s->count, &s->room,
	                            s->count + 1, sizeof(*grown));

	if (grown == NULL)
		return false;
	s->objects = grown;
	s->objects[s->count++] = *object;
	return true;
}

static int
compare_names(const MigObject *a, const MigObject *b)
{
	int c = mig_str_cmp(a->kind, b->kind);

	if (c == 0)
		c = mig_str_cmp(a->table, b->table);
	return c != 0 ? c : mig_str_cmp(a->name, b->name);
}

static int
compare_objects(const void *context, int32_t a, int32_t b)
{
	const MigObject *objects = context;
	int c = compare_names(&objects[a], &objects[b]);

	if (c != 0)
		return c;
	return mig_str_cmp(objects[a].definition, objects[b].definition);
}

bool
mig_schema_sort(Mig *m, MigSchema *s)
{
	int32_t *order = mig_alloc_array(m, s->count, sizeof(*order));
	MigObject *sorted = mig_alloc_array(m, s->count, sizeof(*sorted));

	if (order == NULL || sorted == NULL)
		return false;
	for (size_t i = 0; i < s->count; i++)
		order[i] = (int32_t) i;
	if (!mig_sort(m, order, s->count, compare_objects, s->objects))
		return false;
	for (size_t i = 0; i < s->count; i++)
		sorted[i] = s->objects[order[i]];
	s->objects = sorted;
	s->room = s->count;
	return true;
}

bool
mig_schema_read(Mig *m, MigHost *host, MigStr schema, MigSchema *out)
{
	memset(out, 0, sizeof(*out));
	return (m->dialect->id == MIG_FOR_SQLITE
	            ? mig_schema_read_sqlite(m, host, schema, out)
	            : mig_schema_read_postgresql(m, host, schema, out)) &&
	       mig_schema_sort(m, out);
}

/* Length before bytes, so that no two lists give the same stream. */
static void
digest_str(MigDigest *d, MigStr s)
{
	unsigned char size[8];

	for (int i = 0; i < 8; i++)
		size[i] = (unsigned char) ((uint64_t) s.len >> (8 * i));
	mig_digest_add(d, size, sizeof(size));
	if (s.len > 0)
		mig_digest_add(d, s.at, s.len);
}

MigStr
mig_schema_fingerprint(Mig *m, const MigSchema *s)
{
	unsigned char sum[MIG_DIGEST_SIZE];
	MigDigest d;

	mig_digest_start(&d);
	for (size_t i = 0; i < s->count; i++)
	{
		const MigObject *o = &s->objects[i];

		digest_str(&d, o->kind);
		digest_str(&d, o->table);
		digest_str(&d, o->name);
		digest_str(&d, o->definition);
	}
	mig_digest_end(&d, sum);
	return mig_hex(m, sum, sizeof(sum));
}

/* Whether a table (view, ...) of that name is among the changes. */
static bool
is_known(const MigMap *whole, const MigObject *o)
{
	return o->table.at != NULL && mig_map_get(whole, o->table) >= 0;
}

static bool
is_whole(const MigDifference *c)
{
	const MigObject *o = c->before != NULL ? c->before : c->after;

	return o->table.at == NULL && (c->before == NULL || c->after == NULL);
}

/* What belongs to something that came or went says nothing new. */
static bool
drop_parts(Mig *m, MigDifferences *c)
{
	MigMap whole;
	int kept = 0;

	if (!mig_map_init(m, &whole, (size_t) c->count))
		return false;
	for (int i = 0; i < c->count; i++)
		if (is_whole(&c->at[i]) &&
		    mig_map_put(m, &whole,
		                c->at[i].before ? c->at[i].before->name
		                                : c->at[i].after->name,
		                0) < 0)
			return false;
	for (int i = 0; i < c->count; i++)
		if (is_whole(&c->at[i]) ||
		    !is_known(&whole,
		              c->at[i].before ? c->at[i].before : c->at[i].after))
			c->at[kept++] = c->at[i];
	c->count = kept;
	return true;
}

/* Both lists are sorted; among objects of one name (constraints without any
   have their text as name) definitions pair up in their order. */
bool
mig_schema_diff(Mig *m, const MigSchema *before, const MigSchema *after,
                MigDifferences *out)
{
	size_t i = 0, j = 0;

	out->count = 0;
	out->at =
		mig_alloc_array(m, before->count + after->count, sizeof(*out->at));
	if (out->at == NULL)
		return false;
	while (i < before->count || j < after->count)
	{
		const MigObject *a = i < before->count ? &before->objects[i] : NULL;
		const MigObject *b = j < after->count ? &after->objects[j] : NULL;
		int c = a == NULL ? 1 : b == NULL ? -1 : compare_names(a, b);

		i += c <= 0 ? 1 : 0;
		j += c >= 0 ? 1 : 0;
		if (c != 0 || !mig_str_eq(a->definition, b->definition))
			out->at[out->count++] =
				(MigDifference){c <= 0 ? a : NULL, c >= 0 ? b : NULL};
	}
	return drop_parts(m, out);
}

static void
add_object(MigText *t, const MigObject *o)
{
	mig_text_fmt(t, "%.*s \"%.*s\"", MIG_S(o->kind), MIG_S(o->name));
	if (o->table.at != NULL && o->table.len > 0 &&
	    !mig_str_is(o->kind, "index"))
		mig_text_fmt(t, " of table \"%.*s\"", MIG_S(o->table));
}

MigStr
mig_schema_object(Mig *m, const MigObject *object)
{
	MigText t = {m, NULL, 0, 0};

	add_object(&t, object);
	return mig_text_str(&t);
}

MigStr
mig_schema_change(Mig *m, const MigDifference *change)
{
	MigText t = {m, NULL, 0, 0};

	add_object(&t, change->before ? change->before : change->after);
	if (change->after == NULL)
		mig_text_add(&t, " is missing");
	else if (change->before == NULL)
		mig_text_add(&t, " is new");
	else
	{
		mig_text_add(&t, " is \"");
		mig_text_str_add(&t, change->after->definition);
		mig_text_add(&t, "\" and was \"");
		mig_text_str_add(&t, change->before->definition);
		mig_text_char(&t, '"');
	}
	return mig_text_str(&t);
}
