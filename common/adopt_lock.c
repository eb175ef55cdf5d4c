#include "private.h"

#include "adopt.h"
#include "text.h"

/*
 * SQLite: the write lock that the call holds keeps everybody from writing,
 * tools included. PostgreSQL: an advisory lock where the tool takes one, and
 * a lock on its state table against anybody who writes to it.
 */

static uint32_t
crc32_of(MigStr s)
{
	uint32_t crc = 0xFFFFFFFFu;

	for (size_t i = 0; i < s.len; i++)
	{
		crc ^= (unsigned char) s.at[i];
		for (int bit = 0; bit < 8; bit++)
			crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1)));
	}
	return ~crc;
}

static bool
text_row(void *arg, Mig *m, const MigStr *cells)
{
	*(MigStr *) arg =
		cells[0].at == NULL ? mig_str("?") : mig_copy(m, cells[0]);
	return mig_ok(m);
}

/* The first cell of a query's last row; absent: no row. */
static bool
one_text(MigAdopt *a, const char *sql, const MigStr *args, int nargs,
         MigStr *out)
{
	*out = (MigStr){NULL, 0};
	return a->h->ops->select(a->h, a->m, mig_str(sql), args, nargs, 1,
	                         text_row, out);
}

static bool
refuse_held(MigAdopt *a, const char *who)
{
	mig_fail(a->m, MIG_STATE, "%s is running", a->tool->name);
	mig_detail(a->m, "Its lock is held by %s.", who);
	return mig_hint(a->m, "Wait until it has finished.");
}

static bool
take_advisory(MigAdopt *a, int64_t id)
{
	MigStr arg = mig_int_text(a->m, id);
	MigStr got;

	if (arg.at == NULL ||
	    !one_text(a, "SELECT pg_try_advisory_xact_lock(CAST($1 AS bigint))",
	              &arg, 1, &got))
		return false;
	return mig_cell_bool(got) || refuse_held(a, "another session");
}

/* golang-migrate's number: of the schema, the table and the database. */
static int64_t
golang_lock(MigAdopt *a, MigStr database)
{
	MigText t = {a->m, NULL, 0, 0};

	mig_text_str_add(&t, a->table->schema);
	mig_text_char(&t, '\0');
	mig_text_str_add(&t, a->table->name);
	mig_text_char(&t, '\0');
	mig_text_str_add(&t, database);
	return (int64_t) (crc32_of(mig_text_str(&t)) * 1486364155u);
}

static bool
lock_advisory(MigAdopt *a)
{
	const MigAdoptTool *tool = a->tool;
	bool golang = strcmp(tool->name, "golang-migrate") == 0;
	MigStr database;

	for (int i = 0; i < MIG_COUNT(tool->locks); i++)
		if (tool->locks[i] != 0 && !take_advisory(a, tool->locks[i]))
			return false;
	if (!golang && tool->lock_factor == 0)
		return true;
	if (!one_text(a, "SELECT CAST(current_database() AS text)", NULL, 0,
	              &database))
		return false;
	return take_advisory(a, golang ? golang_lock(a, database)
	                               : tool->lock_factor * crc32_of(database));
}

/* A session that has written to the table, or locked it, without a commit. */
static const char writer[] =
	"SELECT 'process ' || l.pid FROM pg_locks AS l WHERE l.locktype ="
	" 'relation' AND l.granted AND l.pid <> pg_backend_pid()"
	" AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname ="
	" current_database()) AND l.relation = (SELECT c.oid FROM pg_class AS c"
	" JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = $1"
	" AND c.relname = $2) AND l.mode NOT IN ('AccessShareLock',"
	" 'RowShareLock', 'ShareLock')";

static bool
lock_relation(MigAdopt *a)
{
	MigStr args[2] = {a->table->schema, a->table->name};
	MigStr who;
	MigStr sql;

	if (!one_text(a, writer, args, 2, &who))
		return false;
	if (who.at != NULL)
		return refuse_held(a, who.at);
	sql = mig_adopt_sql(a->m, "LOCK TABLE @t IN SHARE MODE NOWAIT", a->table);
	return sql.at != NULL &&
	       a->h->ops->select(a->h, a->m, sql, NULL, 0, 0, NULL, NULL);
}

/* The tool's own lock table, if it has one and it is there. */
static bool
look_table(MigAdopt *a)
{
	const MigAdoptTable *table;
	MigStr who;
	MigStr sql;

	if (a->tool->lock_table == NULL)
		return true;
	table = mig_adopt_table(a, a->table->schema, a->tool->lock_table);
	if (table == NULL)
		return true;
	sql = mig_adopt_sql(a->m, a->tool->lock_owner, table);
	if (sql.at == NULL || !one_text(a, sql.at, NULL, 0, &who))
		return false;
	if (who.at == NULL)
		return true;
	refuse_held(a, who.at);
	return mig_hint(a->m, "Wait until it has finished; if it died, release"
	                      " its lock with the tool.");
}

bool
mig_adopt_lock(MigAdopt *a, bool look)
{
	if (a->table == NULL)
		return true;
	if (!look && a->m->dialect != &mig_sqlite &&
	    (!lock_advisory(a) || !lock_relation(a)))
		return false;
	return look_table(a);
}
