#include "alter.h"

#include "run.h"

/*
 * DROP of a table or view that views use. PostgreSQL refuses it at once. In
 * SQLite a table is changed by dropping it and giving its name to another one,
 * while views look on; so what counts is that they work again when the
 * revision ends.
 */

/* The next view, from *u on, that has worked and does not work now. */
static bool
next_broken(SqliteAlter *a, const SqliteUser **u)
{
	for (; *u != NULL; *u = (*u)->next)
	{
		bool works;

		if (!(*u)->view || !(*u)->works)
			continue;
		if (!sqlite_mig_user_works(a, *u, &works))
			return false;
		if (!works)
			return true;
	}
	return true;
}

bool
sqlite_mig_views_drop(SqliteAlter *a, const SqliteWatch *w)
{
	for (const SqliteUser *u = w->users; u != NULL; u = u->next)
	{
		MigText t = {a->m, NULL, 0, 0};

		if (!next_broken(a, &u))
			return false;
		if (u == NULL)
			break;
		mig_text_add(&t, "DROP VIEW IF EXISTS ");
		sqlite_mig_name(&t, u->database, u->name);
		if (!sqlite_mig_alter_run(a, mig_text_str(&t)) ||
		    !sqlite_mig_comment_drop(a, u->database, u->name))
			return false;
	}
	return mig_ok(a->m);
}

static bool
there(SqliteAlter *a, MigStr database, MigStr view, bool *yes)
{
	MigStr found;

	if (!sqlite_mig_alter_value(
			a,
			sqlite_mig_alter_master(a, "1", database,
	                                "type = 'view' AND name = ?1"),
			view, &found))
		return false;
	*yes = found.at != NULL;
	return true;
}

static bool
fail_broken(SqliteAlter *a, const SqliteBroken *b)
{
	MigPlace place = a->s->base.place;
	char text[MIG_PLACE_MAX];

	a->s->code = SQLITE_ERROR;
	mig_fail(a->m, MIG_HOST,
	         "cannot drop %.*s \"%.*s\" because other objects depend on it",
	         MIG_S(b->kind), MIG_S(b->name));
	mig_detail(a->m, "View \"%.*s\" uses it.", MIG_S(b->view));
	mig_hint(a->m, "Drop the view before, and make it again behind the change,"
	               " or use DROP ... CASCADE to drop it, too.");
	place.statement = &b->by;
	mig_place_text(&place, text, sizeof(text));
	return mig_context(a->m, "%s", text);
}

/* Outside of a revision's transaction there is no later. */
bool
sqlite_mig_views_remember(SqliteAlter *a, const SqliteWatch *w,
                          const MigChange *by, const MigStatement *st)
{
	for (const SqliteUser *u = w->users; u != NULL; u = u->next)
	{
		SqliteBroken *b;
		bool stays;

		if (!next_broken(a, &u))
			return false;
		if (u == NULL)
			break;
		if (!there(a, u->database, u->name, &stays))
			return false;
		if (!stays)
			continue;
		b = mig_alloc(a->m, sizeof(*b));
		if (b == NULL)
			return false;
		*b = (SqliteBroken){a->s->broken,
		                    u->database,
		                    u->name,
		                    by->kind == MIG_CH_DROP_VIEW ? MIG_LIT("view")
		                                                 : MIG_LIT("table"),
		                    by->name,
		                    *st};
		if (a->s->hold == SQLITE_HOLD_NOTHING)
			return fail_broken(a, b);
		a->s->broken = b;
	}
	return mig_ok(a->m);
}

bool
sqlite_mig_broken_check(SqliteHost *s, Mig *m)
{
	SqliteAlter a = {.s = s, .m = m};

	for (const SqliteBroken *b = s->broken; b != NULL; b = b->next)
	{
		SqliteUser u = {
			.database = b->database, .name = b->view, .view = true};
		bool stays, works = true;

		if (!there(&a, b->database, b->view, &stays) ||
		    (stays && !sqlite_mig_user_works(&a, &u, &works)))
			return false;
		if (stays && !works)
			return fail_broken(&a, b);
	}
	s->broken = NULL;
	return true;
}
