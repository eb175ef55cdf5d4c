#include "private.h"

#include "comment.h"
#include "text.h"

#define ROWS "migrate_comment"

MigStr
mig_comment_put(Mig *m, const MigNote *note)
{
	MigText t = {m, NULL, 0, 0};

	if (note->text.at == NULL)
		mig_text_add(&t, "DELETE FROM " ROWS " WHERE object = ");
	else
		mig_text_add(&t, "INSERT OR REPLACE INTO " ROWS
		                 " (object, comment) VALUES (");
	mig_text_literal(&t, note->object);
	if (note->text.at != NULL)
	{
		mig_text_add(&t, ", ");
		mig_text_literal(&t, note->text);
		mig_text_char(&t, ')');
	}
	return mig_text_str(&t);
}

/* object LIKE 'text%', without LIKE's own signs. */
static void
begins(MigText *t, MigStr text)
{
	mig_text_add(t, "substr(object, 1, length(");
	mig_text_literal(t, text);
	mig_text_add(t, ")) = ");
	mig_text_literal(t, text);
	mig_text_add(t, " COLLATE NOCASE");
}

/* Constraints and triggers whose names end in " on t". */
static void
ends(MigText *t, MigStr tail)
{
	mig_text_add(t, "substr(object, -length(");
	mig_text_literal(t, tail);
	mig_text_add(t, ")) = ");
	mig_text_literal(t, tail);
	mig_text_add(t, " COLLATE NOCASE AND (");
	begins(t, MIG_LIT("constraint "));
	mig_text_add(t, " OR ");
	begins(t, MIG_LIT("trigger "));
	mig_text_char(t, ')');
}

static MigStr
joined(Mig *m, const char *before, MigStr one, const char *between, MigStr two)
{
	MigText t = {m, NULL, 0, 0};

	mig_text_fmt(&t, "%s%.*s%s%.*s", before, MIG_S(one), between, MIG_S(two));
	return mig_text_str(&t);
}

MigStr
mig_comment_column(Mig *m, MigStr table, MigStr column)
{
	return joined(m, "column ", table, ".", column);
}

MigStr
mig_comment_rule(Mig *m, MigStr rule, MigStr table)
{
	return joined(m, "constraint ", rule, " on ", table);
}

MigStr
mig_comment_rename(Mig *m, MigStr rows, MigStr object, MigStr to)
{
	MigText t = {m, NULL, 0, 0};

	/* A row that is left under the new name is about something that is
	   gone. */
	mig_text_fmt(&t,
	             to.at == NULL ? "DELETE FROM %.*s"
	                           : "UPDATE OR REPLACE %.*s SET object = ",
	             MIG_S(rows));
	if (to.at != NULL)
		mig_text_literal(&t, to);
	mig_text_add(&t, " WHERE object = ");
	mig_text_literal(&t, object);
	mig_text_add(&t, " COLLATE NOCASE");
	return mig_text_str(&t);
}

/* "column t." or "on t", the beginning or the end of many. */
MigStr
mig_comment_move(Mig *m, const MigNote *note)
{
	MigStr from = note->object;
	MigText t = {m, NULL, 0, 0};

	mig_text_add(&t, "UPDATE OR REPLACE " ROWS " SET object = ");
	if (note->text.at != NULL && mig_str_starts(from, MIG_LIT("on ")))
	{
		from = joined(m, " ", from, "", MIG_LIT(""));
		mig_text_add(&t, "substr(object, 1, length(object) - length(");
		mig_text_literal(&t, from);
		mig_text_add(&t, ")) || ");
		mig_text_literal(&t, joined(m, " ", note->text, "", MIG_LIT("")));
		mig_text_add(&t, " WHERE ");
		ends(&t, from);
	}
	else if (note->text.at != NULL && from.at[from.len - 1] == '.')
	{
		mig_text_literal(&t, note->text);
		mig_text_add(&t, " || substr(object, length(");
		mig_text_literal(&t, from);
		mig_text_add(&t, ") + 1) WHERE ");
		begins(&t, from);
	}
	else
		return mig_comment_rename(m, MIG_LIT(ROWS), from, note->text);
	return mig_text_str(&t);
}

MigStr
mig_comment_drop(Mig *m, MigStr rows, MigStr database, MigStr table)
{
	MigText t = {m, NULL, 0, 0};

	mig_text_fmt(&t, "DELETE FROM %.*s WHERE object COLLATE NOCASE IN (",
	             MIG_S(rows));
	mig_text_literal(&t, joined(m, "table ", table, "", MIG_LIT("")));
	mig_text_add(&t, ", ");
	mig_text_literal(&t, joined(m, "view ", table, "", MIG_LIT("")));
	mig_text_add(&t, ") OR ");
	begins(&t, mig_comment_column(m, table, MIG_LIT("")));
	mig_text_add(&t, " OR ");
	ends(&t, joined(m, " on ", table, "", MIG_LIT("")));
	mig_text_add(&t, " OR object COLLATE NOCASE IN (SELECT 'index ' || name"
	                 " FROM ");
	mig_text_ident(&t, database);
	mig_text_add(&t, ".sqlite_master WHERE type = 'index' AND tbl_name = ");
	mig_text_literal(&t, table);
	mig_text_add(&t, " COLLATE NOCASE)");
	return mig_text_str(&t);
}
