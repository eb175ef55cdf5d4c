#include "alter.h"

/*
 * SQLite takes any value into any column but a STRICT one's. PostgreSQL looks
 * at each when a column changes its type; so this does, too.
 */

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
	for (int i = 0; i < a->item.nactions; i++)
		if (a->item.actions[i].kind == MIG_CH_SET_TYPE &&
		    a->item.actions[i].text.len > 0 &&
		    !check_one(a, &a->item.actions[i]))
			return false;
	return mig_ok(a->m);
}
