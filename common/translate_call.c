#include "private.h"

#include "translate_call.h"

bool
mig_translate_native(Mig *m, const MigItem *item, MigText *out)
{
	for (int i = 0; i < item->nactions; i++)
	{
		const MigChange *a = &item->actions[i];

		if (a->kind == MIG_CH_DROP_TABLE || a->kind == MIG_CH_DROP_VIEW ||
		    a->kind == MIG_CH_TRUNCATE ||
		    (a->native.at != NULL && !a->exists && !item->exists))
		{
			mig_text_fmt(out, "%.*s;\n", MIG_S(a->native));
			continue;
		}
		if (item->table.at == NULL)
			mig_fail(m, MIG_STATE,
			         "change of type \"%.*s\" cannot be written as a script"
			         " for sqlite",
			         MIG_S(a->name));
		mig_fail(m, MIG_STATE,
		         "change of table \"%.*s\" cannot be written as a script for"
		         " sqlite",
		         MIG_S(item->table));
		mig_hint(m, "SQLite needs the table as it stands to rebuild it: run"
		            " migrate_apply() on the database, or write the change"
		            " in a section \"-- migrate:up dialect:sqlite\".");
		return mig_at(m, a->pos);
	}
	return mig_ok(m);
}

/* A line comment, whatever is in the text. */
static void
comment(MigText *t, const char *what, MigStr text)
{
	mig_text_fmt(t, "-- %s", what);
	for (size_t i = 0; i < text.len; i++)
		mig_text_char(
			t, text.at[i] == '\n' || text.at[i] == '\r' ? ' ' : text.at[i]);
	mig_text_char(t, '\n');
}

static void
notes(MigText *t, const MigTranslation *found)
{
	for (int i = 0; i < found->nnotes; i++)
	{
		const MigNote *n = &found->notes[i];
		MigText line = {t->m, NULL, 0, 0};

		if (n->kind == MIG_NOTE_MOVED)
			continue;
		if (n->kind != MIG_NOTE_COMMENT)
		{
			comment(t, "", n->text);
			continue;
		}
		mig_text_fmt(&line, "%.*s is ", MIG_S(n->object));
		mig_text_literal(&line, n->text);
		comment(t, "comment on ", mig_text_str(&line));
	}
}

/* What becomes of one statement, without a semicolon at its end. */
static bool
statement(MigText *t, const MigTranslation *found)
{
	notes(t, found);
	for (int i = 0; i < found->count; i++)
	{
		const MigItem *item = &found->items[i];

		if (item->kind == MIG_ITEM_SQL)
			mig_text_str_add(t, item->text);
		else if (!mig_translate_native(t->m, item, t))
			return false;
		else
			t->len -= 2; /* the last one's ";" and line end */
		if (i + 1 < found->count)
			mig_text_add(t, ";\n");
	}
	return mig_ok(t->m);
}

/* Where the text goes on behind a statement that is left out: behind its
   semicolon, and the line end if nothing else stands there. */
static size_t
behind(MigStr text, size_t i)
{
	size_t n = i;

	while (n < text.len && (text.at[n] == ' ' || text.at[n] == '\t' ||
	                        text.at[n] == '\n' || text.at[n] == '\r'))
		n++;
	if (n == text.len || text.at[n] != ';')
		return i;
	n++;
	return n < text.len && text.at[n] == '\n' ? n + 1 : n;
}

static bool
translate_all(MigTranslator *t, MigStr text, MigText *out)
{
	MigStatements all;
	size_t done = 0;

	if (!mig_split(t->m, mig_dialect_either(t->target), mig_str(""), text,
	               text, &all))
		return false;
	for (int i = 0; i < all.count; i++)
	{
		const MigStatement *s = &all.items[i];
		size_t at = (size_t) (s->text.at - text.at);
		MigTranslation found;

		mig_text_str_add(out, (MigStr){text.at + done, at - done});
		if (!mig_translate(t, s, &found) || !statement(out, &found))
			return false;
		done = at + s->text.len;
		if (found.count == 0)
			done = behind(text, done);
	}
	mig_text_str_add(out, mig_str_from(text, done));
	return mig_ok(t->m);
}

bool
mig_call_translate(MigCall *c)
{
	const MigDialect *target = mig_dialect_find(c->args[1].text);
	MigText out = {c->m, NULL, 0, 0};
	MigTranslator t;

	if (target == NULL)
	{
		mig_fail(c->m, MIG_ARGUMENT, "dialect \"%.*s\" does not exist",
		         MIG_S(c->args[1].text));
		return mig_hint(c->m, "Write 'postgresql' or 'sqlite'.");
	}
	mig_translator_init(&t, c->m, target);
	if (target->id != c->m->dialect->id)
		t.from = c->m->dialect->id;
	if (!translate_all(&t, c->args[0].text, &out))
		return false;
	c->result.text = mig_text_str(&out);
	c->result.null = false;
	return mig_ok(c->m);
}
