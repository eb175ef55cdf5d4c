#include "alter.h"

#include <string.h>

#include "run.h"
#include "typecheck.h"

/*
 * SQLite takes any value into any column but a STRICT one's. PostgreSQL looks
 * at each when a column changes its type; so this does, too.
 *
 * A rebuild looks while it copies, at what a value is before it gets the
 * affinity of its new column. Most are beyond doubt then; when one is not, the
 * whole column is asked behind the copy.
 */

/* What the copy shows of one action; bound as a pointer. */
typedef struct Seen
{
	MigTypeName type;
	MigAffinity affinity;
	bool utf8;   /* the database's text: it need not be copied to be read */
	bool asked;  /* the copy shows the column */
	bool doubts; /* some value may be refused */
} Seen;

static const char seen_type[] = "migrate_seen";

/* Whether a number that is stored as text is no question of its type. */
static bool
any_text(const Seen *seen)
{
	return seen->type.family == MIG_F_TEXT && seen->type.nargs == 0;
}

static bool
number_fits(const Seen *seen, sqlite3_value *value, MigStored *v)
{
	v->integer = sqlite3_value_int64(value);
	v->real = sqlite3_value_double(value);
	switch (seen->affinity)
	{
		case MIG_AFFINITY_TEXT:
			return any_text(seen);
		case MIG_AFFINITY_REAL:
			v->storage = MIG_STORED_REAL;
			break;
		case MIG_AFFINITY_INTEGER:
		case MIG_AFFINITY_NUMERIC:
			if (v->storage == MIG_STORED_REAL &&
			    v->real == (double) v->integer)
				return false; /* becomes an integer, perhaps */
			break;
		case MIG_AFFINITY_BLOB:
			break;
	}
	return mig_typecheck_value(&seen->type, v) == MIG_P_NONE;
}

/* Whether a value is right for its type, beyond doubt. */
static bool
fits(const Seen *seen, sqlite3_value *value)
{
	MigStored v = {.storage = MIG_STORED_NULL};

	switch (sqlite3_value_type(value))
	{
		case SQLITE_NULL:
			return true;
		case SQLITE_INTEGER:
			v.storage = MIG_STORED_INTEGER;
			return number_fits(seen, value, &v);
		case SQLITE_FLOAT:
			v.storage = MIG_STORED_REAL;
			return number_fits(seen, value, &v);
		case SQLITE_TEXT:
			if (seen->affinity != MIG_AFFINITY_TEXT &&
			    seen->affinity != MIG_AFFINITY_BLOB)
				return false; /* becomes a number, perhaps */
			v.storage = MIG_STORED_TEXT;
			v.text.at = seen->utf8 ? sqlite3_value_blob(value)
			                       : (const char *) sqlite3_value_text(value);
			break;
		default:
			v.storage = MIG_STORED_BLOB;
			v.text.at = (const char *) sqlite3_value_blob(value);
			break;
	}
	v.text.len = (size_t) sqlite3_value_bytes(value);
	return v.text.at != NULL &&
	       mig_typecheck_value(&seen->type, &v) == MIG_P_NONE;
}

/* migrate_type_seen(what the copy has bound, value): the value; true, if there
   is one argument more. */
static void
see(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	Seen *seen = sqlite3_value_pointer(argv[0], seen_type);

	if (argc > 2)
		sqlite3_result_int(context, 1);
	else
		sqlite3_result_value(context, argv[1]);
	if (seen != NULL && !seen->doubts)
		seen->doubts = !fits(seen, argv[1]);
}

/* It has one form for each number of arguments. */
static int
seen_put(sqlite3 *db, int args,
         void (*f)(sqlite3_context *, int, sqlite3_value **))
{
	return sqlite3_create_function_v2(db, MIG_SEEN, args,
	                                  SQLITE_UTF8 | SQLITE_DIRECTONLY, NULL, f,
	                                  NULL, NULL, NULL);
}

int
sqlite_mig_seen_add(sqlite3 *db)
{
	int rc = seen_put(db, 2, see);

	return rc == SQLITE_OK ? seen_put(db, 3, see) : rc;
}

void
sqlite_mig_seen_take_back(sqlite3 *db)
{
	seen_put(db, 2, NULL);
	seen_put(db, 3, NULL);
}

/* The action is number n of the item; the copy names its parameter, or not. */
static bool
seen_bind(SqliteAlter *a, sqlite3_stmt *stmt, bool utf8, int n, Seen *seen)
{
	const MigChange *c = &a->item.actions[n];

	if (c->kind != MIG_CH_SET_TYPE ||
	    sqlite3_bind_parameter_name(stmt, n + 1) == NULL)
		return true;
	seen->asked = true;
	seen->utf8 = utf8;
	seen->affinity = mig_type_affinity(c->text);
	if (!mig_type_read(a->m, MIG_FOR_SQLITE, c->text, &seen->type))
		return false;
	return sqlite3_bind_pointer(stmt, n + 1, seen, seen_type, NULL) ==
	           SQLITE_OK ||
	       sqlite_mig_fail(a->s, a->m);
}

static bool
seen_all(const SqliteAlter *a, const Seen *seen)
{
	for (int i = 0; i < a->item.nactions; i++)
		if (a->item.actions[i].kind == MIG_CH_SET_TYPE &&
		    (!seen[i].asked || seen[i].doubts))
			return false;
	return true;
}

bool
sqlite_mig_alter_values(SqliteAlter *a)
{
	Seen *seen =
		mig_alloc_array(a->m, (size_t) a->item.nactions, sizeof(*seen));
	sqlite3_stmt *stmt = NULL;
	MigStr none = {NULL, 0}, encoding = none;
	bool ok = seen != NULL &&
	          sqlite_mig_alter_value(a, MIG_LIT("PRAGMA encoding"), none,
	                                 &encoding) &&
	          sqlite_mig_spare(a->s, a->m);

	if (ok && sqlite3_prepare_v2(a->s->db, a->r.copy.at, -1, &stmt, NULL) !=
	              SQLITE_OK)
		ok = sqlite_mig_fail(a->s, a->m);
	for (int i = 0; ok && i < a->item.nactions; i++)
		ok = seen_bind(a, stmt, mig_str_is(encoding, "UTF-8"), i, &seen[i]);
	if (ok && sqlite3_step(stmt) != SQLITE_DONE)
		ok = sqlite_mig_fail(a->s, a->m);
	sqlite3_finalize(stmt);
	a->settled = ok && seen_all(a, seen);
	return ok;
}

static MigStr
question(SqliteAlter *a, const MigChange *c)
{
	MigText t = {a->m, NULL, 0, 0};

	mig_text_add(&t, "SELECT substr(CAST(");
	mig_text_ident(&t, c->column);
	mig_text_add(&t, " AS text), 1, 60) FROM ");
	sqlite_mig_name(&t, a->item.schema, a->item.table);
	mig_text_add(&t, " NOT INDEXED WHERE migrate_type_problem(?1, typeof(");
	mig_text_ident(&t, c->column);
	mig_text_add(&t, "), ");
	mig_text_ident(&t, c->column);
	mig_text_add(&t, ") IS NOT NULL LIMIT 1");
	return mig_text_str(&t);
}

static bool
check_one(SqliteAlter *a, const MigChange *c)
{
	MigStr found;

	if (!sqlite_mig_alter_value(a, question(a, c), c->text, &found))
		return false;
	if (found.at == NULL)
		return true;
	a->s->code = SQLITE_CONSTRAINT_DATATYPE;
	mig_fail(a->m, MIG_HOST,
	         "column \"%.*s\" of relation \"%.*s\" has a value that type"
	         " \"%.*s\" refuses: \"%.*s\"",
	         MIG_S(c->column), MIG_S(a->item.table), MIG_S(c->text),
	         MIG_S(found));
	mig_hint(a->m, "Correct such values before, or say with USING what becomes"
	               " of them.");
	return mig_at(a->m, c->pos);
}

bool
sqlite_mig_alter_types(SqliteAlter *a)
{
	for (int i = 0; !a->settled && i < a->item.nactions; i++)
		if (a->item.actions[i].kind == MIG_CH_SET_TYPE &&
		    a->item.actions[i].text.len > 0 &&
		    !check_one(a, &a->item.actions[i]))
			return false;
	return mig_ok(a->m);
}
