#include "private.h"

#include "perform.h"
#include "text.h"

void
mig_place_text(const MigPlace *place, char *out, size_t size)
{
	static const char *const kept[] = {
		[MIG_KEPT_NOTHING] = "",
		[MIG_KEPT_REVISION] = "; the revisions before it are committed",
		[MIG_KEPT_STATEMENT] = "; the statements before it are committed",
	};
	const char *end = kept[place->kept];
	int n = snprintf(out, size, "revision \"%.*s\"", MIG_S(place->revision));
	size_t left;

	if (n < 0 || (size_t) n >= size)
		return;
	out += n;
	left = size - (size_t) n;
	if (place->statement == NULL)
		snprintf(out, left, "%s", end);
	else if (place->source.len > 0)
		snprintf(out, left, ", %.*s line %d%s", MIG_S(place->source),
		         place->statement->pos.line, end);
	else
		snprintf(out, left, ", line %d%s", place->statement->pos.line, end);
}

MigStr
mig_perform_glimpse(MigStr text)
{
	size_t n = 0;

	while (n < text.len && n < 120 && text.at[n] != '\n' && text.at[n] != '\r')
		n++;
	while (n > 0 && n < text.len &&
	       ((unsigned char) text.at[n] & 0xC0) == 0x80)
		n--;
	text.len = n;
	return text;
}

bool
mig_perform_blame(Mig *m, MigHost *h)
{
	char place[MIG_PLACE_MAX];

	mig_place_text(&h->place, place, sizeof(place));
	return mig_context(m, "%s", place);
}

static bool
exec_one(Mig *m, MigHost *h, const MigStatement *s, bool verify)
{
	MigResult result = {0, false};
	MigStr head;

	h->place.statement = s;
	if (!h->ops->exec(h, m, s, &result))
		return false;
	if (verify && !result.holds)
	{
		mig_fail(m, MIG_REFUTED, "revision \"%.*s\" failed its verification",
		         MIG_S(h->place.revision));
		head = mig_perform_glimpse(s->text);
		return mig_detail(m, "This statement did not return true: %.*s",
		                  MIG_S(head));
	}
	h->place.statement = NULL;
	return true;
}

/* The next token that says something; false at the end. */
static bool
next_token(MigLexer *l, MigToken *token)
{
	while (mig_lex_next(l, token))
		if (!mig_lex_blank(token))
			return true;
	return false;
}

bool
mig_perform_sets(const MigDialect *dialect, const MigStatement *statement)
{
	MigLexer l;
	MigToken token;

	mig_lex_start(&l, dialect, statement->text);
	if (!next_token(&l, &token))
		return false;
	if (dialect == &mig_postgresql)
		return mig_str_word(token.text, "reset") ||
		       (mig_str_word(token.text, "set") && next_token(&l, &token) &&
		        !mig_str_word(token.text, "local") &&
		        !mig_str_word(token.text, "constraints"));
	if (statement->kind != MIG_STMT_PRAGMA || !next_token(&l, &token) ||
	    !next_token(&l, &token))
		return false;
	if (mig_str_is(token.text, ".") &&
	    (!next_token(&l, &token) || !next_token(&l, &token)))
		return false;
	return mig_str_is(token.text, "=");
}

bool
mig_perform(Mig *m, MigHost *h, const MigWork *work, int from, int to)
{
	bool ok = true;

	if (!h->ops->enter(h, m, work->foreign_keys_off))
		return false;
	h->place.count = work->count;
	h->place.number = from + 1;
	for (int i = 0; ok && i < from; i++)
		if (mig_perform_sets(m->dialect, &work->items[i]))
			ok = exec_one(m, h, &work->items[i], false);
	for (int i = from; ok && i < to; i++)
	{
		h->place.number = i + 1;
		ok = exec_one(m, h, &work->items[i], i >= work->count - work->nverify);
	}
	if (!ok)
		mig_perform_blame(m, h);
	return h->ops->leave(h, m, ok) && ok;
}

/* A note, with its place if it has one. */
static bool
tell(Mig *m, MigHost *h, const MigWorkNote *note)
{
	MigStatement statement = {.pos = {.line = note->line}};
	MigPlace place = h->place;
	MigText t = {m, NULL, 0, 0};
	char at[MIG_PLACE_MAX];
	MigStr text = note->text;

	if (note->line > 0)
	{
		place.statement = &statement;
		mig_place_text(&place, at, sizeof(at));
		mig_text_add(&t, at);
		mig_text_add(&t, ": ");
		mig_text_str_add(&t, note->text);
		text = mig_text_str(&t);
	}
	if (text.at == NULL)
		return false;
	h->ops->note(h, m, text.at);
	return true;
}

bool
mig_perform_start(Mig *m, MigHost *h, MigAction action, MigStr id,
                  MigStr message, const MigReady *ready, int from)
{
	MigText t = {m, NULL, 0, 0};
	MigStr text;

	h->place.revision = id;
	h->place.source = ready->source;
	h->place.statement = NULL;
	mig_text_add(&t, action == MIG_APPLY ? "applying " : "reverting ");
	mig_text_str_add(&t, id);
	if (message.len > 0)
		mig_text_fmt(&t, " %.*s", MIG_S(message));
	if (from > 0)
		mig_text_fmt(&t, ", %d of %d statements are done already", from,
		             ready->work.count - ready->work.nverify);
	text = mig_text_str(&t);
	if (text.at == NULL)
		return false;
	h->ops->note(h, m, text.at);
	if (ready->work.wrapped)
		h->ops->note(h, m, "its own BEGIN and COMMIT are left out");
	for (int i = 0; i < ready->work.nnotes; i++)
		if (!tell(m, h, &ready->work.notes[i]))
			return false;
	return true;
}

bool
mig_record_write(Mig *m, MigHost *h, const MigDone *done)
{
	MigLogEntry entry = {.action = mig_action_name(done->action),
	                     .revision = done->id,
	                     .checksum = done->checksum,
	                     .elapsed = done->elapsed};
	bool up = done->action == MIG_APPLY || done->action == MIG_STAMP;
	MigStr none = {NULL, 0};
	char at[40];
	MigStr args[6];

	args[0] = h->key;
	args[1] = done->id;
	args[2] = done->checksum;
	args[3] = mig_time_iso(done->at, at);
	args[4] = h->who;
	args[5] = done->elapsed < 0 ? none : mig_int_text(m, done->elapsed);
	if (up && done->again &&
	    !h->ops->query(h, m, MIG_Q_APPLIED_DROP, args, NULL, NULL))
		return false;
	return mig_ok(m) &&
	       h->ops->query(h, m, up ? MIG_Q_APPLIED_ADD : MIG_Q_APPLIED_DROP,
	                     args, NULL, NULL) &&
	       mig_state_log_at(m, h, &entry, done->at);
}

bool
mig_records_add(Mig *m, MigRecords *r, const MigDone *done)
{
	MigDone *items = mig_grow(m, r->items, r->count, &r->room, r->count + 1,
	                          sizeof(*items));

	if (items == NULL)
		return false;
	r->items = items;
	items += r->count++;
	*items = *done;
	items->id = mig_copy(m, done->id);
	items->checksum = mig_copy(m, done->checksum);
	return mig_ok(m);
}

bool
mig_records_write(Mig *m, MigHost *h, MigRecords *r)
{
	for (size_t i = 0; i < r->count; i++)
	{
		Mig own;
		bool ok;

		mig_init(&own, &m->memory, m->dialect);
		ok = mig_record_write(&own, h, &r->items[i]);
		mig_done(&own);
		if (!ok)
		{
			m->status = own.status;
			return false;
		}
	}
	r->count = 0;
	return true;
}

/* The letters of a name that begins like those of our tables and functions,
   in any case. */
static bool
text_looks(MigStr text)
{
	static const char prefix[] = "migrate_";
	const size_t n = sizeof(prefix) - 1;

	for (size_t i = n - 1; i < text.len; i++)
	{
		const char *end = memchr(text.at + i, '_', text.len - i);
		size_t k = 0;

		if (end == NULL)
			return false;
		i = (size_t) (end - text.at);
		while (k < n && (text.at[i - n + 1 + k] | 0x20) == (prefix[k] | 0x20))
			k++;
		if (k == n)
			return true;
	}
	return false;
}

bool
mig_perform_looks(const MigWork *work)
{
	for (int i = 0; i < work->count; i++)
		if (text_looks(work->items[i].text))
			return true;
	return false;
}
