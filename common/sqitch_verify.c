#include "private.h"

#include "sqitch_verify.h"
#include "lines.h"
#include "text.h"

/* Statements that change something, and those in the body of a DO. */
static const char *const writers[] = {
	"insert", "update", "delete",  "merge",    "create",  "drop",  "alter",
	"copy",   "grant",  "revoke",  "truncate", "comment", "call",  "refresh",
	"vacuum", "import", "reindex", "replace",  "execute", "attach"};

static bool
is_writer(MigStr word)
{
	for (int i = 0; i < MIG_COUNT(writers); i++)
		if (mig_str_word(word, writers[i]))
			return true;
	return false;
}

/* Whether one of those words stands in it, outside of quotes; *body is what
   the last dollar quote in it holds, absent without one. */
static bool
has_writer(const MigDialect *dialect, MigStr text, MigStr *body)
{
	MigLexer lexer;
	MigToken token;

	*body = (MigStr){NULL, 0};
	mig_lex_start(&lexer, dialect, text);
	while (mig_lex_next(&lexer, &token))
	{
		if (token.kind == MIG_T_WORD && is_writer(token.text))
			return true;
		if (token.kind == MIG_T_DOLLAR && !token.open)
		{
			MigStr inner = mig_str_from(token.text, 1);
			size_t tag = 2 + mig_str_before(&inner, '$').len;

			*body = mig_str_from(token.text, tag);
			body->len -= tag;
		}
	}
	return false;
}

/* The statement and, if it is one of those that run code, that code. */
static bool
is_writing(const MigDialect *dialect, const MigStatement *s)
{
	MigStr text = s->text;
	MigStr body;

	while (!has_writer(dialect, text, &body))
	{
		if (body.at == NULL)
			return false;
		text = body;
	}
	return true;
}

/* BEGIN, ROLLBACK and the like. */
static bool
is_control(const MigStatement *s)
{
	return s->kind == MIG_STMT_BEGIN || s->kind == MIG_STMT_COMMIT ||
	       s->kind == MIG_STMT_ROLLBACK || s->kind == MIG_STMT_SAVEPOINT ||
	       s->kind == MIG_STMT_OTHER_CONTROL;
}

static bool
is_query(MigStr text)
{
	static const char *const words[] = {"select", "with", "values", "table"};

	for (int i = 0; i < MIG_COUNT(words); i++)
	{
		MigStr rest = text;

		if (mig_str_take_word(&rest, words[i]) &&
		    (rest.len == 0 || strchr(" \t\r\n(*'\"-/", rest.at[0]) != NULL))
			return true;
	}
	return text.len > 0 && text.at[0] == '(';
}

/* Every row is made, with all of its columns, and forgotten. (A statement's
   text does not end with a comment.) */
static void
query_add(MigText *t, const MigDialect *dialect, MigStr query)
{
	bool pg = dialect == &mig_postgresql;

	mig_text_add(t, pg ? "DO $migrate_verify$DECLARE migrate_row record;"
	                     "BEGIN FOR migrate_row IN "
	                   : "SELECT count(*) >= 0 FROM (");
	mig_text_str_add(t, query);
	mig_text_add(t, pg ? " LOOP NULL; END LOOP; END$migrate_verify$" : ")");
}

/* Whether the wrapping would break, by its own tag. */
static bool
is_odd(const MigDialect *dialect, MigStr query)
{
	MigStr tag = MIG_LIT("$migrate_verify$");

	return dialect == &mig_postgresql && mig_str_find(query, tag) < query.len;
}

static void
statement_add(MigText *t, const MigDialect *dialect, const MigStatement *s)
{
	if (is_control(s))
	{
		for (size_t i = 0; i < s->text.len; i++)
			if (s->text.at[i] == '\n')
				mig_text_char(t, '\n');
	}
	else if (is_query(s->text) && !is_odd(dialect, s->text))
		query_add(t, dialect, s->text);
	else
		mig_text_str_add(t, s->text);
}

bool
mig_sqitch_verify(Mig *m, const MigFile *file, const MigDialect *dialect,
                  MigStr *text, bool *writes)
{
	MigText t = {m, NULL, 0, 0};
	MigStr body = mig_bom_off(file->text);
	size_t done = 0;
	MigStatements all;

	*writes = false;
	if (!mig_split(m, dialect, file->name, file->text, body, &all))
		return false;
	for (int i = 0; i < all.count; i++)
	{
		const MigStatement *s = &all.items[i];
		size_t at = (size_t) (s->text.at - body.at);

		if (!is_control(s) && is_writing(dialect, s))
		{
			*writes = true;
			return true;
		}
		mig_text_str_add(&t, (MigStr){body.at + done, at - done});
		statement_add(&t, dialect, s);
		done = at + s->text.len;
	}
	mig_text_str_add(&t, mig_str_from(body, done));
	*text = mig_text_str(&t);
	return mig_ok(m);
}
