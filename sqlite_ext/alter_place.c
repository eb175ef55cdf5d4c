#include "alter.h"

/*
 * Many changes say nothing new of the rows that are stored: the text of the
 * table is then replaced in sqlite_master, as SQLite's documentation of ALTER
 * TABLE describes, and no row is copied.
 *
 * SQLite itself reads the new text first: an empty table is made of it, and
 * has to be stored as the old one is. What a new rule asks of the rows is
 * looked up. A default is a case of its own: rows from before ADD COLUMN have
 * no value there but the default's, whatever it is at the time.
 */

bool
sqlite_mig_alter_alike(SqliteAlter *a, bool indexes, bool *yes)
{
	static const char columns[] =
		"SELECT cid, name, pk, hidden FROM pragma_table_xinfo(%s, ?3)";
	static const char keys[] =
		"SELECT substr(i.name, length(%s) + 18), x.seqno, x.cid, x.\"desc\","
		" x.coll FROM pragma_index_list(%s, ?3) AS i,"
		" pragma_index_xinfo(i.name, ?3) AS x WHERE i.origin <> 'c'";
	MigHost *h = &a->s->base;
	MigStr args[3] = {a->item.table, a->fresh, a->item.schema};
	MigText t = {a->m, NULL, 0, 0};
	MigStr differ = {NULL, 0};

	mig_text_add(&t, "SELECT 1 FROM (");
	for (int i = 0; i < 2; i++)
	{
		const char *one = i == 0 ? "?1" : "?2", *two = i == 0 ? "?2" : "?1";

		mig_text_add(&t, i == 0 ? "SELECT * FROM ("
		                        : " UNION ALL SELECT *"
		                          " FROM (");
		if (indexes)
			mig_text_fmt(&t, keys, one, one);
		else
			mig_text_fmt(&t, columns, one);
		mig_text_add(&t, " EXCEPT ");
		if (indexes)
			mig_text_fmt(&t, keys, two, two);
		else
			mig_text_fmt(&t, columns, two);
		mig_text_char(&t, ')');
	}
	mig_text_add(&t, ") LIMIT 1");
	if (!mig_ok(a->m) || !h->ops->select(h, a->m, mig_text_str(&t), args, 3, 1,
	                                     sqlite_mig_alter_cell, &differ))
		return false;
	*yes = differ.at == NULL;
	return true;
}

/* The text is one that SQLite takes, and asks for what is stored. */
static bool
try_text(SqliteAlter *a, bool *fits)
{
	MigText t = {a->m, NULL, 0, 0};
	bool columns = false, keys = false;

	mig_text_add(&t, "DROP TABLE ");
	sqlite_mig_name(&t, a->item.schema, a->fresh);
	if (!sqlite_mig_alter_run(a, a->r.create) ||
	    !sqlite_mig_alter_alike(a, false, &columns) ||
	    !sqlite_mig_alter_alike(a, true, &keys) ||
	    !sqlite_mig_alter_run(a, mig_text_str(&t)))
		return false;
	*fits = columns && keys;
	return true;
}

/* Whether a row of the table is like that. Indexes would be asked for values
   that they have from before. */
static bool
any_row(SqliteAlter *a, MigStr condition, bool *yes)
{
	MigText t = {a->m, NULL, 0, 0};
	MigStr none = {NULL, 0};
	MigStr found;

	mig_text_add(&t, "SELECT 1 FROM ");
	sqlite_mig_name(&t, a->item.schema, a->item.table);
	mig_text_fmt(&t, " NOT INDEXED WHERE %.*s LIMIT 1", MIG_S(condition));
	if (!mig_ok(a->m) ||
	    !sqlite_mig_alter_value(a, mig_text_str(&t), none, &found))
		return false;
	*yes = found.at != NULL;
	return true;
}

static bool
fail_proof(SqliteAlter *a, const MigProof *p)
{
	if (p->check)
	{
		a->s->code = SQLITE_CONSTRAINT_CHECK;
		mig_fail(a->m, MIG_HOST,
		         "check constraint \"%.*s\" of relation \"%.*s\" is violated"
		         " by some row",
		         MIG_S(p->name), MIG_S(a->item.table));
	}
	else
	{
		a->s->code = SQLITE_CONSTRAINT_NOTNULL;
		mig_fail(a->m, MIG_HOST,
		         "column \"%.*s\" of relation \"%.*s\" contains null values",
		         MIG_S(p->name), MIG_S(a->item.table));
	}
	return mig_at(a->m, p->pos);
}

static bool
prove(SqliteAlter *a)
{
	for (int i = 0; i < a->r.nproofs; i++)
	{
		bool refuted;

		if (!any_row(a, a->r.proofs[i].refuted, &refuted))
			return false;
		if (refuted)
			return fail_proof(a, &a->r.proofs[i]);
	}
	return true;
}

/* The schema is read again only when its version is another one. */
static bool
next_version(SqliteAlter *a)
{
	MigText read = {a->m, NULL, 0, 0}, put = {a->m, NULL, 0, 0};
	MigStr none = {NULL, 0};
	MigStr text;
	int64_t version = 0;

	mig_text_add(&read, "PRAGMA ");
	mig_text_ident(&read, a->item.schema);
	mig_text_add(&read, ".schema_version");
	if (!mig_ok(a->m) ||
	    !sqlite_mig_alter_value(a, mig_text_str(&read), none, &text))
		return false;
	if (text.at == NULL || !mig_str_int(text, &version))
		return mig_fail(a->m, MIG_INTERNAL, "schema has no version");
	version = version >= INT32_MAX ? 1 : version + 1;
	mig_text_fmt(&put, "%.*s = %lld", MIG_S(mig_text_str(&read)),
	             (long long) version);
	return sqlite_mig_alter_run(a, mig_text_str(&put)) &&
	       sqlite_mig_alter_run(a, MIG_LIT("PRAGMA writable_schema = RESET"));
}

/* The switch makes prepared statements stale, as settings do; it is off again
   before anything else runs. */
static bool
put_text(SqliteAlter *a, MigStr text)
{
	MigText t = {a->m, NULL, 0, 0};
	sqlite3 *db = a->s->db;
	int before = 0;
	bool ok;

	mig_text_add(&t, "UPDATE ");
	sqlite_mig_name(&t, a->item.schema, MIG_LIT("sqlite_master"));
	mig_text_add(&t, " SET sql = ");
	mig_text_literal(&t, text);
	mig_text_add(&t, " WHERE type = 'table' AND name = ");
	mig_text_literal(&t, a->item.table);
	if (mig_text_str(&t).at == NULL)
		return false;
	sqlite3_db_config(db, SQLITE_DBCONFIG_WRITABLE_SCHEMA, -1, &before);
	ok =
		sqlite_mig_switch(a->s, a->m, SQLITE_DBCONFIG_WRITABLE_SCHEMA, 1) &&
		(sqlite3_exec(db, t.at, NULL, NULL, NULL) == SQLITE_OK ||
	     sqlite_mig_fail(a->s, a->m)) &&
		sqlite_mig_spare(a->s, a->m) &&
		sqlite_mig_switch(a->s, a->m, SQLITE_DBCONFIG_WRITABLE_SCHEMA, before);
	if (!ok)
		sqlite3_db_config(db, SQLITE_DBCONFIG_WRITABLE_SCHEMA, before, NULL);
	return ok && next_version(a) && sqlite_mig_spare(a->s, a->m);
}

/* Whether every row has a value of its own where a default changes. */
static bool
probe(SqliteAlter *a, bool *fits)
{
	*fits = true;
	if (a->r.probe.at == NULL)
		return a->r.ndefaults == 0 || mig_ok(a->m);
	if (!put_text(a, a->r.probe))
		return false;
	for (int i = 0; *fits && i < a->r.ndefaults; i++)
	{
		MigText t = {a->m, NULL, 0, 0};
		bool lacks;

		mig_text_ident(&t, a->r.defaults[i]);
		mig_text_add(&t, " = '" MIG_PROBE "'");
		if (!any_row(a, mig_text_str(&t), &lacks))
			return false;
		*fits = !lacks;
	}
	return *fits || put_text(a, a->sql);
}

/* Rows that a new foreign key leaves alone were none before. */
static bool
check_keys(SqliteAlter *a, int64_t before)
{
	MigStr orphan, parent;
	int64_t now;

	if (!sqlite_mig_violations(a, a->item.table, &now, &orphan, &parent))
		return false;
	if (now < 0 && before >= 0)
		return sqlite_mig_fail(a->s, a->m);
	if (before >= 0 && now > before)
		return sqlite_mig_fail_orphan(a, a->item.table, orphan, parent);
	return true;
}

static bool
replace(SqliteAlter *a)
{
	MigStr orphan, parent;
	int64_t before = 0;
	bool any;

	if (a->r.keys &&
	    !sqlite_mig_violations(a, a->item.table, &before, &orphan, &parent))
		return false;
	/* Reading the table makes SQLite read the text. */
	return put_text(a, a->r.stored) && any_row(a, MIG_LIT("0"), &any) &&
	       (!a->r.keys || check_keys(a, before));
}

bool
sqlite_mig_alter_in_place(SqliteAlter *a, bool *done)
{
	int defensive = 0;
	bool fits = false;

	*done = false;
	sqlite3_db_config(a->s->db, SQLITE_DBCONFIG_DEFENSIVE, -1, &defensive);
	if (!a->r.in_place || defensive || mig_str_is(a->item.schema, "temp"))
		return true;
	if (!try_text(a, &fits) || (fits && !prove(a)))
		return false;
	if (!fits || !probe(a, &fits))
		return mig_ok(a->m);
	if (!fits)
		return true;
	*done = true;
	return replace(a);
}
