#include "alter.h"

#include "ddl.h"

/*
 * A rebuild's rows. All have to arrive: as many must go with the old table as
 * came into the new one.
 */

static bool
has_word(SqliteAlter *a, MigStr sql, const char *word)
{
	MigTokens k;

	if (!mig_tokens_of(a->m, &mig_sqlite, sql, &k))
		return false;
	for (int i = 0; i < k.count; i++)
		if (mig_token_is(&k, i, word))
			return true;
	return false;
}

static bool
count_rows(SqliteAlter *a, MigStr table, int64_t *count)
{
	MigText t = {a->m, NULL, 0, 0};
	MigStr none = {NULL, 0};
	MigStr text;

	mig_text_add(&t, "SELECT count(*) FROM ");
	sqlite_mig_name(&t, a->item.schema, table);
	if (!sqlite_mig_alter_value(a, mig_text_str(&t), none, &text))
		return false;
	*count = sqlite_mig_alter_number(text);
	return true;
}

static bool
fail_lost(SqliteAlter *a, int64_t rows, int64_t kept)
{
	return mig_fail(a->m, MIG_HOST,
	                "table \"%.*s\" would keep %lld of its %lld rows",
	                MIG_S(a->item.table), (long long) kept, (long long) rows);
}

/* Whether emptying the table counts its rows at no cost: SQLite then frees
   its pages as DROP TABLE does. Triggers and foreign keys would make it look
   at each row. */
static bool
counts_free(SqliteAlter *a, const SqliteParts *p, bool *yes)
{
	MigText t = {a->m, NULL, 0, 0};
	MigStr none = {NULL, 0};
	MigStr found;
	int keys = 0;

	*yes = true;
	for (size_t i = 0; i < p->count; i++)
		*yes &= !p->items[i].temporary;
	sqlite3_db_config(a->s->db, SQLITE_DBCONFIG_ENABLE_FKEY, -1, &keys);
	if (!*yes || !keys)
		return true;
	mig_text_add(&t, "SELECT 1 FROM pragma_foreign_key_list(");
	mig_text_literal(&t, a->item.table);
	mig_text_add(&t, ", ");
	mig_text_literal(&t, a->item.schema);
	mig_text_add(&t, ") LIMIT 1");
	if (!sqlite_mig_alter_value(a, mig_text_str(&t), none, &found))
		return false;
	*yes = found.at == NULL;
	return true;
}

/* Empty the old table: as many rows have to go as have been copied. */
static bool
empty(SqliteAlter *a, const SqliteParts *p, int64_t copied)
{
	MigText t = {a->m, NULL, 0, 0};
	int64_t rows;

	for (size_t i = 0; i < p->count; i++)
	{
		MigText drop = {a->m, NULL, 0, 0};

		if (!p->items[i].trigger)
			continue;
		mig_text_add(&drop, "DROP TRIGGER ");
		sqlite_mig_name(&drop, a->item.schema, p->items[i].name);
		if (!sqlite_mig_alter_run(a, mig_text_str(&drop)))
			return false;
	}
	mig_text_add(&t, "DELETE FROM ");
	sqlite_mig_name(&t, a->item.schema, a->item.table);
	if (!sqlite_mig_alter_run(a, mig_text_str(&t)))
		return false;
	rows = (int64_t) (uint32_t) sqlite3_changes(a->s->db);
	return rows == copied || fail_lost(a, rows, copied);
}

/*
 * Pages that are written before the rows and again behind them stay in memory
 * while `copy` fills the cache: that of the schema which names the new table,
 * and migrate's own of the state. If one went to the WAL in between, SQLite
 * would read all that follows it there and write its checksums once more.
 */
static bool
hold(SqliteAlter *a, MigStr sql, sqlite3_stmt **stmt)
{
	int rc;

	*stmt = NULL;
	if (sql.at == NULL)
		return false;
	rc = sqlite3_prepare_v2(a->s->db, sql.at, -1, stmt, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(*stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ||
	       sqlite_mig_fail(a->s, a->m);
}

static bool
hold_schema(SqliteAlter *a, sqlite3_stmt **stmt)
{
	MigText t = {a->m, NULL, 0, 0};

	mig_text_add(&t, "name = ");
	mig_text_literal(&t, a->fresh);
	return mig_text_str(&t).at != NULL &&
	       hold(a, sqlite_mig_alter_master(a, "1", a->item.schema, t.at),
	            stmt);
}

static bool
hold_state(SqliteAlter *a, sqlite3_stmt **stmt)
{
	MigText t = {a->m, NULL, 0, 0};

	mig_text_add(&t, "SELECT 1 FROM ");
	sqlite_mig_name(&t, mig_str(a->s->state), MIG_LIT("migrate_state"));
	return hold(a, mig_text_str(&t), stmt);
}

/* Copy the rows, all of them: with a conflict clause that replaces or ignores
   some could get lost, and the count of what was inserted does not say it. */
static bool
copy(SqliteAlter *a, const SqliteParts *p, int64_t *rows)
{
	int64_t copied;
	bool later;

	*rows = 0;
	if (a->r.copy.at == NULL)
		return true;
	if (!counts_free(a, p, &later) ||
	    (!later && !count_rows(a, a->item.table, rows)) ||
	    !sqlite_mig_alter_values(a))
		return false;
	copied = (int64_t) (uint32_t) sqlite3_changes(a->s->db);
	if (has_word(a, a->r.create, "conflict") &&
	    !count_rows(a, a->fresh, &copied))
		return false;
	if (later)
	{
		*rows = copied;
		return empty(a, p, copied & UINT32_MAX);
	}
	return (uint32_t) copied == (uint32_t) *rows ||
	       fail_lost(a, *rows, copied);
}

bool
sqlite_mig_alter_fill(SqliteAlter *a, const SqliteParts *p, int64_t *rows)
{
	sqlite3_stmt *schema = NULL, *state = NULL;
	bool ok =
		hold_schema(a, &schema) && hold_state(a, &state) && copy(a, p, rows);

	sqlite3_finalize(schema);
	sqlite3_finalize(state);
	return ok;
}
