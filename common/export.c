#include "private.h"

#include "export.h"
#include "look.h"
#include "slug.h"

/* One stored script. */
typedef struct Stored
{
	MigStr revision, source, text;
	MigScript *script;
	int32_t node; /* or -1: repeatable */
	MigStr version;
} Stored;

typedef struct Work
{
	MigCall *c;
	MigState s;
	Stored *items; /* by revision, then in the order of the files */
	int count;
	size_t room;
	MigExport e;
} Work;

bool
mig_export_refuse(MigExport *e, const char *what)
{
	mig_fail(e->m, MIG_STATE, "layout \"%s\" cannot say %s", e->layout, what);
	mig_detail(e->m, "Revision \"%.*s\" has it.", MIG_S(e->s->revision));
	return mig_hint(e->m, "Take it out of the script with migrate_replace(),"
	                      " or choose another layout.");
}

bool
mig_export_file(MigExport *e, MigStr content, const char *format, ...)
{
	char name[512];
	MigText t = {e->m, NULL, 0, 0};
	MigFile *grown;
	va_list args;

	if (e->nfiles == INT_MAX)
		return mig_fail(e->m, MIG_NOMEM, "out of memory");
	va_start(args, format);
	vsnprintf(name, sizeof(name), format, args);
	va_end(args);
	grown = mig_grow(e->m, e->files, (size_t) e->nfiles, &e->room,
	                 (size_t) e->nfiles + 1, sizeof(*grown));
	if (grown == NULL)
		return false;
	e->files = grown;
	mig_text_str_add(&t, e->folder);
	mig_text_add(&t, name);
	grown[e->nfiles].name = mig_text_str(&t);
	grown[e->nfiles++].text = content;
	return mig_ok(e->m);
}

/* ---------------------------------------------------------------- pieces */

static bool
is_for(const MigSection *s, MigSectionKind kind, const MigDialect *dialect)
{
	return s->kind == kind &&
	       (s->target == MIG_FOR_BOTH || s->target == dialect->id);
}

/* Lines that pg_dump writes for psql. */
static bool
is_restrict(MigStr line)
{
	return mig_str_starts(line, MIG_LIT("\\restrict ")) ||
	       mig_str_starts(line, MIG_LIT("\\unrestrict "));
}

/* A section's text without empty lines around it. */
static void
add_body(MigText *t, MigStr body)
{
	body = mig_str_trim(body);
	while (body.len > 0)
	{
		MigStr line = body;
		size_t n = 0;

		while (n < body.len && body.at[n] != '\n')
			n++;
		line.len = n < body.len ? n + 1 : n;
		if (!is_restrict(line))
			mig_text_str_add(t, line);
		body = mig_str_from(body, line.len);
	}
	if (t->len > 0 && t->at[t->len - 1] != '\n')
		mig_text_char(t, '\n');
}

/* The last statement's semicolon, if it is missing: what is joined behind it
   must not become part of it. */
static void
close_last(MigText *t, MigStr body, const MigStatements *all)
{
	const MigStatement *last;
	const char *end;

	if (all->count == 0)
		return;
	last = &all->items[all->count - 1];
	end = last->text.at + last->text.len;
	if (memchr(end, ';', (size_t) (body.at + body.len - end)) == NULL)
		mig_text_add(t, ";\n");
}

static bool
look_at(MigExport *e, const MigStatements *all, MigPiece *out)
{
	for (int i = 0; i < all->count; i++)
		switch (all->items[i].kind)
		{
			case MIG_STMT_COPY_DATA:
				return mig_export_refuse(e,
				                         "COPY ... FROM stdin with its data");
			case MIG_STMT_BEGIN:
			case MIG_STMT_FK_OFF:
				out->control = true;
				break;
			case MIG_STMT_ALONE:
				out->alone = true;
				break;
			case MIG_STMT_PLAIN:
			case MIG_STMT_COMMIT:
			case MIG_STMT_ROLLBACK:
			case MIG_STMT_SAVEPOINT:
			case MIG_STMT_OTHER_CONTROL:
			case MIG_STMT_PRAGMA:
			case MIG_STMT_FK_ON:
			case MIG_STMT_ALTER:
				break;
		}
	return true;
}

static bool
add_section(MigExport *e, const MigSection *s, MigPiece *out)
{
	bool alone = out->alone;
	MigStatements all;

	if (!mig_split(e->m, e->dialect, e->s->source, s->body, s->body, &all) ||
	    !look_at(e, &all, out))
		return false;
	out->alone |= !s->transactional;
	if (out->sections++ > 0 && out->alone != alone)
		return mig_export_refuse(e, "sections in and out of a transaction in"
		                            " one revision");
	add_body(&out->text, s->body);
	close_last(&out->text, s->body, &all);
	return mig_ok(e->m);
}

bool
mig_export_piece(MigExport *e, MigSectionKind kind, MigPiece *out)
{
	const MigScript *s = e->s;

	memset(out, 0, sizeof(*out));
	out->text.m = e->m;
	for (int i = 0; i < s->nsections; i++)
	{
		int at = kind == MIG_DOWN ? s->nsections - 1 - i : i;

		if (is_for(&s->sections[at], MIG_VERIFY, e->dialect))
			return mig_export_refuse(e, "a verify section");
		if (is_for(&s->sections[at], kind, e->dialect) &&
		    !add_section(e, &s->sections[at], out))
			return false;
	}
	return mig_text_str(&out->text).at != NULL &&
	       mig_split(e->m, e->dialect, s->source, mig_text_str(&out->text),
	                 mig_text_str(&out->text), &out->all);
}

/* --------------------------------------------------------------- versions */

/* The digits of a revision; absent when it has anything else in it. */
static MigStr
digits_of(Mig *m, MigStr revision)
{
	MigText t = {m, NULL, 0, 0};
	MigStr none = {NULL, 0};

	for (size_t i = 0; i < revision.len; i++)
	{
		char c = revision.at[i];

		if (c >= '0' && c <= '9')
			mig_text_char(&t, c);
		else if (c != '_')
			return none;
	}
	return t.len > 0 && t.len <= 18 ? mig_text_str(&t) : none;
}

/* Revisions as versions, if they rise, and all have one length: then every
   tool sorts them alike. */
static bool
use_revisions(Work *w, int nlinear)
{
	MigStr before = {NULL, 0};

	for (int i = 0; i < nlinear; i++)
	{
		MigStr own = digits_of(w->c->m, w->items[i].revision);

		if (own.at == NULL || mig_str_is(own, "0") ||
		    (before.at != NULL &&
		     (own.len != before.len || mig_str_cmp(own, before) <= 0)))
			return false;
		w->items[i].version = before = own;
	}
	return true;
}

static bool
number(Work *w, int nlinear)
{
	if (use_revisions(w, nlinear))
		return mig_ok(w->c->m);
	for (int i = 0; i < nlinear; i++)
	{
		char text[24];

		snprintf(text, sizeof(text), "%06d", i + 1);
		w->items[i].version = mig_copy(w->c->m, mig_str(text));
	}
	return mig_ok(w->c->m);
}

/* ---------------------------------------------------------------- reading */

static bool
stored_row(void *arg, Mig *m, const MigStr *cells)
{
	Work *w = arg;
	Stored *grown = mig_grow(m, w->items, (size_t) w->count, &w->room,
	                         (size_t) w->count + 1, sizeof(*grown));

	if (grown == NULL)
		return false;
	w->items = grown;
	grown += w->count++;
	memset(grown, 0, sizeof(*grown));
	grown->revision = mig_copy(m, cells[MIG_SS_REVISION]);
	grown->source = mig_copy(m, cells[MIG_SS_SOURCE]);
	grown->text = mig_copy(m, cells[MIG_SS_SCRIPT]);
	return mig_ok(m);
}

/* By place in the graph's order; repeatables last, by their ids. */
typedef struct Order
{
	const Stored *items;
	const int32_t *place;
} Order;

static int
by_place(const void *context, int32_t a, int32_t b)
{
	const Order *o = context;
	int32_t p = o->items[a].node, q = o->items[b].node;

	if (p < 0 && q < 0)
		return mig_str_cmp(o->items[a].revision, o->items[b].revision);
	if (p < 0 || q < 0)
		return p < 0 ? 1 : -1;
	return o->place[p] < o->place[q] ? -1 : 1;
}

static bool
sort_items(Work *w)
{
	Mig *m = w->c->m;
	const MigGraph *g = &w->s.graph;
	int32_t *place = mig_alloc_array(m, (size_t) g->count, sizeof(*place));
	int32_t *order = mig_alloc_array(m, (size_t) w->count, sizeof(*order));
	Stored *sorted = mig_alloc_array(m, (size_t) w->count, sizeof(*sorted));
	Order o = {w->items, place};

	if (place == NULL || order == NULL || sorted == NULL)
		return false;
	for (int32_t i = 0; i < g->count; i++)
		place[g->order[i]] = i;
	for (int32_t i = 0; i < w->count; i++)
		order[i] = i;
	if (!mig_sort(m, order, (size_t) w->count, by_place, &o))
		return false;
	for (int32_t i = 0; i < w->count; i++)
		sorted[i] = w->items[order[i]];
	w->items = sorted;
	return true;
}

static bool
read_scripts(Work *w, int *nlinear)
{
	Mig *m = w->c->m;
	MigHost *h = w->c->host;

	*nlinear = 0;
	if (!h->empty && !h->ops->query(h, m, MIG_Q_SCRIPTS, NULL, stored_row, w))
		return false;
	for (int i = 0; i < w->count; i++)
	{
		Stored *s = &w->items[i];

		s->script = mig_script_parse(m, s->source, s->text, s->text);
		if (s->script == NULL)
			return false;
		s->script->revision = s->revision;
		s->node = s->script->repeatable
		              ? -1
		              : mig_graph_find(&w->s.graph, s->revision);
		*nlinear += s->node >= 0;
	}
	return sort_items(w);
}

/* ---------------------------------------------------------------- writing */

static bool
has_own_sections(const Work *w)
{
	for (int i = 0; i < w->count; i++)
		for (int k = 0; k < w->items[i].script->nsections; k++)
			if (w->items[i].script->sections[k].target != MIG_FOR_BOTH)
				return true;
	return false;
}

static MigStr
message_of(const Work *w, const Stored *s)
{
	if (s->node >= 0)
		return mig_state_record(&w->s, s->node)->message;
	return s->script->message.at != NULL ? s->script->message : s->revision;
}

/* What came from elsewhere says of its origin the tool's own name. */
static bool
write_one(Work *w, const MigExporter *to, const Stored *s)
{
	MigExport *e = &w->e;

	e->s = s->script;
	e->version = s->version;
	e->slug = mig_slug(e->m, message_of(w, s), 60);
	if (e->slug.at != NULL && e->slug.len == 0)
		e->slug = mig_str("migration");
	if (s->node < 0 && !to->repeatable)
		return mig_export_refuse(e, "a repeatable script");
	return mig_ok(e->m) && to->write(e);
}

static bool
write_folder(Work *w, const MigExporter *to, const MigDialect *dialect,
             const char *folder)
{
	w->e.dialect = dialect;
	w->e.folder = mig_str(folder);
	for (int i = 0; i < w->count; i++)
		if (!write_one(w, to, &w->items[i]))
			return false;
	return true;
}

static bool
write_all(Work *w, const MigExporter *to)
{
	w->e.m = w->c->m;
	w->e.layout = to->name;
	if (!has_own_sections(w))
		return write_folder(w, to, w->c->m->dialect, "");
	return write_folder(w, to, &mig_postgresql, "postgresql/") &&
	       write_folder(w, to, &mig_sqlite, "sqlite/");
}

static bool
file_row(MigCall *c, int64_t i, MigValue *cells)
{
	const Work *w = c->rows;

	cells[0] = mig_value_text(w->e.files[i].name);
	cells[1] = mig_value_text(w->e.files[i].text);
	return true;
}

static bool
export_locked(Work *w, const MigExporter *to)
{
	int nlinear;

	return mig_state_init(&w->s, w->c->m, w->c->host) &&
	       mig_state_load(&w->s, MIG_LOAD_GRAPH) &&
	       read_scripts(w, &nlinear) && number(w, nlinear) && write_all(w, to);
}

bool
mig_call_export(MigCall *c)
{
	const MigHostOps *ops = c->host->ops;
	const MigExporter *to = mig_exporter_find(c->args[0].text);
	Work *w = mig_alloc(c->m, sizeof(*w));
	MigStr none = {NULL, 0};
	bool ok;

	if (w == NULL)
		return false;
	if (to == NULL)
	{
		MigStr names = mig_exporter_names(c->m);

		mig_fail(c->m, MIG_ARGUMENT, "layout \"%.*s\" cannot be written",
		         MIG_S(c->args[0].text));
		return mig_hint(c->m, "Those that can be are %.*s.", MIG_S(names));
	}
	w->c = c;
	if (!ops->begin(c->host, c->m, MIG_READ, none))
		return false;
	ok = export_locked(w, to);
	c->rows = w;
	c->row = file_row;
	c->nrows = ok ? w->e.nfiles : 0;
	return ops->end(c->host, c->m, true) && ok;
}
