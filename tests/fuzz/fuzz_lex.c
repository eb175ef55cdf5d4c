/* Tokens cover the text; what they say of lines agrees with mig_lex_pos();
   cut alone, a closed token is the same token. */
#include "fuzz.h"
#include "lex.h"

static void
alone(const MigToken *t, const MigDialect *dialect)
{
	MigLexer l;
	MigToken again;

	mig_lex_start(&l, dialect, t->text);
	MUST(mig_lex_next(&l, &again));
	MUST(again.text.len == t->text.len && again.open == t->open);
	MUST(again.kind == t->kind);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	MigStr none = {"", 0};
	size_t at = 0;
	MigStr text;
	MigLexer l;
	MigToken t;
	MigPos pos;
	Mig m;

	if (!fuzz_begin(&m, data, size, &text))
		return 0;
	pos = mig_lex_pos(none, text, 0);
	mig_lex_start(&l, m.dialect, text);
	while (mig_lex_next(&l, &t))
	{
		MUST(t.offset == at && t.text.at == text.at + at && t.text.len > 0);
		mig_lex_pos_move(&pos, text, at);
		MUST(pos.line == t.line && pos.offset == at);
		if (t.bol && t.kind != MIG_T_SPACE)
			MUST(pos.column == 1);
		/* A byte order mark is one only where a line begins. */
		if (t.text.at[0] != '\xEF')
			alone(&t, m.dialect);
		at += t.text.len;
		MUST(!t.open || at == text.len);
	}
	MUST(at == text.len);
	mig_done(&m);
	return 0;
}
