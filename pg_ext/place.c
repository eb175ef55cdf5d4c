#include "binding.h"

#include "mb/pg_wchar.h"
#include "utils/memutils.h"

#include "run.h"

/* Lines before the character at position (from 1) of text. */
static int
lines_before(const char *text, int position)
{
	int lines = 0;

	for (; position > 1 && *text != '\0'; position--)
	{
		if (*text == '\n' || (*text == '\r' && text[1] != '\n'))
			lines++;
		text += pg_mblen(text);
	}
	return lines;
}

/* The server tells a place in this very statement: count its lines. Nested
   statements have positions of their own. */
static int
lines_to_error(const PgMigPlace *p)
{
	MemoryContext old;
	ErrorData *e;
	int lines = 0;

	if (getinternalerrposition() <= 0)
		return 0;
	old = MemoryContextSwitchTo(p->memory);
	e = CopyErrorData();
	if (e->internalquery != NULL && strcmp(e->internalquery, p->text) == 0)
		lines = lines_before(p->text, e->internalpos);
	FreeErrorData(e);
	MemoryContextSwitchTo(old);
	return lines;
}

static void
add_statement(const PgMigPlace *p)
{
	int position = geterrposition();

	if (position > 0)
	{
		errposition(0);
		internalerrposition(position);
		internalerrquery(p->text);
	}
	else if (*p->bare)
		errcontext("SQL statement \"%s\"", p->text);
}

/* Adds the place; the server's message, code and fields stay as they are. */
static void
add_place(void *arg)
{
	const PgMigPlace *p = arg;
	MigPlace place = *p->place;
	MigStatement statement;
	char text[MIG_PLACE_MAX];

	if (p->text != NULL && place.statement != NULL)
	{
		add_statement(p);
		statement = *place.statement;
		statement.pos.line += lines_to_error(p);
		place.statement = &statement;
	}
	mig_place_text(&place, text, sizeof(text));
	errcontext("%s", text);
	if (geterrcode() == ERRCODE_UNSAFE_NEW_ENUM_VALUE_USAGE)
		errhint("Commit the revision that adds the value first: run"
		        " migrate_apply() for it alone, then for the rest.");
}

void
pg_mig_place_push(PgMigPlace *p)
{
	p->context.callback = add_place;
	p->context.arg = p;
	p->context.previous = error_context_stack;
	error_context_stack = &p->context;
}

void
pg_mig_place_pop(PgMigPlace *p)
{
	error_context_stack = p->context.previous;
}
