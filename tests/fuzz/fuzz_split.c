/* Statements lie in the text one behind the other with nothing between them
   that says something but semicolons and psql's lines; a statement, split
   again, is itself. */
#include "fuzz.h"
#include "split.h"

/* What lies between statements. Bytes of data, and of a COPY's line, are not
   tokens. */
static void
between(Mig *m, MigStr gap)
{
	MigLexer l;
	MigToken t;

	mig_lex_start(&l, m->dialect, gap);
	while (mig_lex_next(&l, &t))
	{
		if (t.kind == MIG_T_CHAR && t.text.at[0] == '\\')
		{
			size_t end = t.offset;

			MUST(m->dialect->psql_commands);
			while (end < gap.len && gap.at[end] != '\n' && gap.at[end] != '\r')
				end++;
			mig_lex_skip(&l, end);
			continue;
		}
		MUST(mig_lex_blank(&t) || t.kind == MIG_T_HINT ||
		     (t.kind == MIG_T_CHAR && t.text.at[0] == ';'));
	}
}

static void
again(Mig *m, const MigStatement *s)
{
	MigStatements all;

	/* Its data, or the line before a byte order mark, are not in it. */
	if (s->kind == MIG_STMT_COPY_DATA || s->text.at[0] == '\xEF')
		return;
	MUST(mig_split(m, m->dialect, s->pos.source, s->text, s->text, &all));
	MUST(all.count == 1 && all.items[0].text.len == s->text.len);
	MUST(all.items[0].kind == s->kind);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	MigStr none = {"", 0};
	MigStatements all;
	MigStr text;
	size_t at = 0;
	Mig m;

	if (!fuzz_begin(&m, data, size, &text))
		return 0;
	if (!mig_split(&m, m.dialect, none, text, text, &all))
	{
		MUST(m.status.code == MIG_SYNTAX && m.status.pos.line > 0);
		MUST(m.status.pos.offset <= text.len && m.status.hint[0] != '\0');
	}
	else
		for (int i = 0; i < all.count; i++)
		{
			const MigStatement *s = &all.items[i];
			size_t start = (size_t) (s->text.at - text.at);

			MUST(s->text.len > 0 && start >= at && s->pos.offset == start);
			between(&m, (MigStr){text.at + at, start - at});
			again(&m, s);
			at = start + s->text.len;
			if (s->data.at == NULL)
				continue;
			MUST(s->data.at > text.at + at);
			at = (size_t) (s->data.at - text.at) + s->data.len;
			MUST(mig_str_starts(mig_str_from(text, at), MIG_LIT("\\.")));
		}
	mig_done(&m);
	return 0;
}
