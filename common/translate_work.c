#include "private.h"

#include "translate_work.h"

void
mig_w_replace(MigWorking *w, MigSpan s, MigStr text)
{
	MigStr old;
	MigEdit *edits;

	if (!mig_ok(w->m) || s.from >= s.to)
		return;
	edits = mig_grow(w->m, w->edits, (size_t) w->nedits, &w->edit_room,
	                 (size_t) w->nedits + 1, sizeof(*edits));
	if (edits == NULL)
		return;
	old = mig_span_text(&w->k, s);
	w->edits = edits;
	edits[w->nedits].from = (size_t) (old.at - w->k.text.at);
	edits[w->nedits].to = edits[w->nedits].from + old.len;
	edits[w->nedits++].text = text;
}

void
mig_w_insert(MigWorking *w, size_t offset, MigStr text)
{
	MigEdit *edits;

	if (!mig_ok(w->m))
		return;
	edits = mig_grow(w->m, w->edits, (size_t) w->nedits, &w->edit_room,
	                 (size_t) w->nedits + 1, sizeof(*edits));
	if (edits == NULL)
		return;
	w->edits = edits;
	edits[w->nedits].from = edits[w->nedits].to = offset;
	edits[w->nedits++].text = text;
}

void
mig_w_cut(MigWorking *w, size_t from, size_t to)
{
	mig_w_insert(w, from, MIG_LIT(""));
	if (mig_ok(w->m))
		w->edits[w->nedits - 1].to = to;
}

void
mig_w_put(MigWorking *w, MigSpan s, const char *text)
{
	mig_w_replace(w, s, mig_str(text));
}

void
mig_w_drop(MigWorking *w, MigSpan s)
{
	size_t end;

	if (s.from >= s.to)
		return;
	mig_w_put(w, s, "");
	if (!mig_ok(w->m))
		return;

	/* One of the gaps around goes too: that behind; at the end of a list or
	   of the statement the one before. */
	end = w->k.at[s.to].offset;
	if (s.to < w->k.count && !mig_token_char(&w->k, s.to, ',') &&
	    !mig_token_char(&w->k, s.to, ')'))
		w->edits[w->nedits - 1].to = end;
	else if (s.from > 0)
		w->edits[w->nedits - 1].from =
			w->k.at[s.from - 1].offset + w->k.at[s.from - 1].text.len;
}

void
mig_w_behind(MigWorking *w, int i, const char *text)
{
	mig_w_insert(w, w->k.at[i].offset + w->k.at[i].text.len, mig_str(text));
}

void
mig_w_before(MigWorking *w, int i, const char *text)
{
	mig_w_insert(w, w->k.at[i].offset, mig_str(text));
}

/* By place; what is inserted comes before what is replaced there, and of two
   replacements the wider one, which holds the other. */
static int
edit_cmp(const void *context, int32_t a, int32_t b)
{
	const MigWorking *w = context;
	const MigEdit *x = &w->edits[a];
	const MigEdit *y = &w->edits[b];

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->to == x->from || y->to == y->from)
		return (x->to > x->from) - (y->to > y->from);
	return (x->to < y->to) - (x->to > y->to);
}

MigStr
mig_w_bytes(MigWorking *w, size_t from, size_t to)
{
	MigText t = {w->m, NULL, 0, 0};
	MigStr none = {NULL, 0};
	int32_t *order =
		mig_alloc_array(w->m, (size_t) w->nedits + 1, sizeof(*order));
	size_t at = from;
	int n = 0;

	if (order == NULL)
		return none;
	for (int i = 0; i < w->nedits; i++)
		if (w->edits[i].from >= from && w->edits[i].to <= to)
			order[n++] = i;
	if (!mig_sort(w->m, order, (size_t) n, edit_cmp, w))
		return none;
	for (int i = 0; i < n; i++)
	{
		const MigEdit *e = &w->edits[order[i]];

		/* Inside of what is gone already. */
		if (e->from < at)
			continue;
		mig_text_str_add(&t, (MigStr){w->k.text.at + at, e->from - at});
		mig_text_str_add(&t, e->text);
		at = e->to;
	}
	mig_text_str_add(&t, (MigStr){w->k.text.at + at, to - at});
	return mig_text_str(&t);
}

MigStr
mig_w_text(MigWorking *w, MigSpan s)
{
	MigStr old = mig_span_text(&w->k, s);
	size_t from = (size_t) (old.at - w->k.text.at);

	if (s.from >= s.to)
		return old;
	return mig_w_bytes(w, from, from + old.len);
}

MigPos
mig_w_pos(const MigWorking *w, int i)
{
	MigPos pos = w->in->pos;
	size_t base = pos.offset;

	if (i > w->k.count)
		i = w->k.count;
	pos.offset = 0;
	mig_lex_pos_move(&pos, w->in->text,
	                 w->offsets == NULL ? w->k.at[i].offset : w->offsets[i]);
	pos.offset += base;
	return pos;
}

MigItem *
mig_w_item(MigWorking *w, int i, MigItemKind kind)
{
	MigTranslation *out = w->out;
	MigItem *items;

	if (!mig_ok(w->m))
		return NULL;
	items = mig_grow(w->m, out->items, (size_t) out->count, &out->room,
	                 (size_t) out->count + 1, sizeof(*items));
	if (items == NULL)
		return NULL;
	out->items = items;
	memset(&items[out->count], 0, sizeof(*items));
	items[out->count].kind = kind;
	items[out->count].pos = mig_w_pos(w, i);
	return &items[out->count++];
}

bool
mig_w_emit(MigWorking *w, int i, MigStr sql)
{
	MigItem *item = sql.at == NULL ? NULL : mig_w_item(w, i, MIG_ITEM_SQL);

	if (item == NULL)
		return false;
	item->text = sql;
	return true;
}

bool
mig_w_note(MigWorking *w, int i, MigNoteKind kind, MigStr object, MigStr text)
{
	MigTranslation *out = w->out;
	MigNote *notes;

	if (!mig_ok(w->m))
		return false;
	notes = mig_grow(w->m, out->notes, (size_t) out->nnotes, &out->note_room,
	                 (size_t) out->nnotes + 1, sizeof(*notes));
	if (notes == NULL)
		return false;
	out->notes = notes;
	notes[out->nnotes++] = (MigNote){kind, mig_w_pos(w, i), object, text};
	return true;
}

/* A note's text, cut at a character where it is too long. */
static MigStr
note_text(MigWorking *w, const char *format, va_list args)
{
	MigText t = {w->m, NULL, 0, 0};
	char text[256];
	int n = vsnprintf(text, sizeof(text), format, args);

	if (n >= (int) sizeof(text))
		for (n = (int) sizeof(text) - 1;
		     n > 0 && ((unsigned char) text[n - 1] & 0x80) != 0; n--)
			text[n - 1] = '\0';
	mig_text_add(&t, text);
	return mig_text_str(&t);
}

bool
mig_w_dropped(MigWorking *w, int i, const char *format, ...)
{
	MigStr none = {NULL, 0}, text;
	va_list args;

	va_start(args, format);
	text = note_text(w, format, args);
	va_end(args);
	return mig_w_note(w, i, MIG_NOTE_DROPPED, none, text);
}

bool
mig_w_differs(MigWorking *w, int i, const char *format, ...)
{
	MigStr none = {NULL, 0}, text;
	MigPos pos = mig_w_pos(w, i);
	va_list args;

	va_start(args, format);
	text = note_text(w, format, args);
	va_end(args);

	/* The same of one line is said once. */
	for (int n = 0; n < w->out->nnotes; n++)
		if (w->out->notes[n].pos.line == pos.line &&
		    mig_str_eq(w->out->notes[n].text, text))
			return mig_ok(w->m);
	return mig_w_note(w, i, MIG_NOTE_DIFFERS, none, text);
}

/* The message so far, what cannot be translated, and to what. */
static bool
refuse(MigWorking *w, int i, const char *what)
{
	mig_fail(w->m, MIG_SYNTAX, "cannot translate %s to %s", what,
	         w->sqlite ? "SQLite" : "PostgreSQL");
	return mig_at(w->m, mig_w_pos(w, i));
}

bool
mig_w_refuse(MigWorking *w, int i, const char *format, ...)
{
	char what[256];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	refuse(w, i, what);
	return mig_hint(w->m,
	                "Write this part in a section \"-- migrate:up "
	                "dialect:%s\" and its counterpart for %s.",
	                w->t->target->name, w->sqlite ? "postgresql" : "sqlite");
}

bool
mig_w_refuse_hint(MigWorking *w, int i, const char *hint, const char *format,
                  ...)
{
	char what[256];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	refuse(w, i, what);
	return mig_hint(w->m,
	                "%s%srite this part in a section \"-- migrate:up "
	                "dialect:%s\" and its counterpart for %s.",
	                hint, hint[0] == '\0' ? "W" : " Or w", w->t->target->name,
	                w->sqlite ? "postgresql" : "sqlite");
}

bool
mig_w_is_sqlite(const MigWorking *w)
{
	if (w->of_sqlite != w->of_postgres)
		return w->of_sqlite;
	return !w->of_sqlite && w->t->from == MIG_FOR_SQLITE;
}

bool
mig_w_is_postgres(const MigWorking *w)
{
	if (w->of_sqlite != w->of_postgres)
		return w->of_postgres;
	return !w->of_sqlite && w->t->from == MIG_FOR_POSTGRESQL;
}

void
mig_w_schema(MigWorking *w, int schema, int name)
{
	MigStr s;

	if (schema < 0)
		return;
	s = mig_token_bare(w->m, &w->k, schema);
	if (s.at != NULL && mig_str_word(s, w->sqlite ? "public" : "main"))
		mig_w_put(w, (MigSpan){schema, name}, "");
}

/* Names in ` and [] in double quotes. */
bool
mig_w_names(MigWorking *w)
{
	for (int i = 0; i < w->k.count && mig_ok(w->m); i++)
	{
		const MigToken *token = &w->k.at[i];
		MigText t = {w->m, NULL, 0, 0};

		if (token->kind != MIG_T_NAME || token->open ||
		    (token->text.at[0] != '`' && token->text.at[0] != '['))
			continue;
		mig_text_ident(&t, mig_token_bare(w->m, &w->k, i));
		mig_w_replace(w, (MigSpan){i, i + 1}, mig_text_str(&t));
	}
	return mig_ok(w->m);
}

void *
mig_w_keep_alloc(MigWorking *w, size_t size)
{
	void *memory = mig_alloc(w->t->keep, size);

	if (memory == NULL)
		mig_fail(w->m, MIG_NOMEM, "out of memory");
	return memory;
}

MigStr
mig_w_keep(MigWorking *w, MigStr s)
{
	MigStr copy;

	if (s.at == NULL)
		return s;
	copy = mig_copy(w->t->keep, s);
	if (copy.at == NULL)
		mig_fail(w->m, MIG_NOMEM, "out of memory");
	return copy;
}

bool
mig_w_recall(const MigWorking *w, MigStr name)
{
	MigTranslator *t = w->t;
	Mig *m = t->m;
	MigTranslator then;
	MigWorking now = {.t = t, .m = m}, past = {.t = &then};
	MigStr copy;
	Mig own;
	bool ok;

	if (t->recall == NULL || !mig_ok(m))
		return false;
	if (t->asked.slots == NULL && !mig_map_init(t->keep, &t->asked, 8))
		return mig_fail(m, MIG_NOMEM, "out of memory");
	if (mig_map_get(&t->asked, name) >= 0)
		return false;
	copy = mig_copy(t->keep, name);
	if (copy.at == NULL || mig_map_put(t->keep, &t->asked, copy, 0) < 0)
		return mig_fail(m, MIG_NOMEM, "out of memory");
	mig_init(&own, &m->memory, m->dialect);
	mig_translator_init(&then, &own, t->target);
	past.m = &own;
	ok = t->recall(t, copy, &then) && mig_w_take_table(&now, &past, copy) &&
	     mig_w_take_enum(&now, &past, copy);
	if (!ok && mig_ok(m))
		m->status = own.status;
	mig_done(&own);
	return ok;
}
