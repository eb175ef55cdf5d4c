/* A translation keeps the text or fails with a place and a hint; a table that
   was edited reads as a table. */
#include "ddl.h"
#include "fuzz.h"
#include "rebuild.h"
#include "translate.h"

static void
failed(const Mig *m, MigStr text)
{
	MUST(m->status.code == MIG_SYNTAX && m->status.message[0] != '\0');
	MUST(m->status.pos.line > 0 && m->status.pos.offset <= text.len);
}

/* The actions on a table, which is the first statement's text. */
static void
rebuild(Mig *m, MigStr stored, const MigItem *item, MigStr text)
{
	MigRebuild r;
	MigTokens k;
	MigTable t;
	bool is;

	if (!mig_rebuild(m, stored, mig_str("new"), item, &r))
	{
		MUST(m->status.code == MIG_SYNTAX || m->status.code == MIG_NOMEM);
		MUST(m->status.pos.offset <= text.len);
		return;
	}
	if (!r.changed)
		return;
	MUST(mig_tokens_of(m, &mig_sqlite, r.create, &k));
	MUST(mig_table_read(m, &k, &t, &is) && is);
}

/* Of an enum type, whose tables the host finds. */
static bool
is_of_type(const MigChange *a)
{
	return a->kind == MIG_CH_RENAME_TYPE || a->kind == MIG_CH_ADD_LABEL ||
	       a->kind == MIG_CH_RENAME_LABEL;
}

/* What drops or empties a table is no rebuild. */
static bool
goes(const MigChange *a)
{
	return a->kind == MIG_CH_DROP_TABLE || a->kind == MIG_CH_DROP_VIEW ||
	       a->kind == MIG_CH_TRUNCATE;
}

static void
item(Mig *m, const MigItem *i, MigStr stored, MigStr text)
{
	MUST(i->pos.line > 0 && i->pos.offset <= text.len);
	if (i->kind == MIG_ITEM_SQL)
	{
		MUST(i->text.at != NULL);
		return;
	}
	MUST(i->nactions > 0);
	MUST(i->table.at != NULL || is_of_type(&i->actions[0]));
	for (int n = 0; n < i->nactions; n++)
		MUST(i->actions[n].kind < MIG_CH_COUNT && i->actions[n].pos.line > 0);
	if (i->table.at != NULL && !goes(&i->actions[0]))
		rebuild(m, stored, i, text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	MigStr none = {"", 0};
	MigTranslator t;
	MigTranslation out;
	MigStatements all;
	MigStr text;
	Mig m;

	if (!fuzz_begin(&m, data, size, &text))
		return 0;
	mig_translator_init(&t, &m, m.dialect);
	t.from = data[0] & 2 ? MIG_FOR_SQLITE : MIG_FOR_BOTH;
	if (!mig_split(&m,
	               m.dialect == &mig_sqlite ? &mig_either_sqlite
	                                        : &mig_either_postgresql,
	               none, text, text, &all))
		failed(&m, text);
	for (int i = 0; i < all.count && mig_ok(&m); i++)
	{
		if (!mig_translate(&t, &all.items[i], &out))
		{
			failed(&m, text);
			MUST(m.status.hint[0] != '\0');
			break;
		}
		MUST(!out.same ||
		     (out.count == 1 && out.items[0].text.at == all.items[i].text.at &&
		      out.items[0].text.len == all.items[i].text.len));
		for (int n = 0; n < out.count && mig_ok(&m); n++)
			item(&m, &out.items[n], all.items[0].text, text);
	}
	mig_done(&m);
	return 0;
}
