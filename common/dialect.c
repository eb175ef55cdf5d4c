#include "private.h"

#include "dialect.h"

const MigDialect mig_postgresql = {
	.name = "postgresql",
	.id = MIG_FOR_POSTGRESQL,
	.dollar_quotes = true,
	.escape_strings = true,
	.nested_comments = true,
	.psql_commands = true,
	.copy_data = true,
	.atomic_bodies = true,
};

const MigDialect mig_sqlite = {
	.name = "sqlite",
	.id = MIG_FOR_SQLITE,
	.bracket_names = true,
	.backtick_names = true,
	.trigger_bodies = true,
};

/* Both flavours at once. */
#define EITHER                                                                \
	.dollar_quotes = true, .escape_strings = true, .nested_comments = true,   \
	.backtick_names = true, .psql_commands = true, .copy_data = true,         \
	.trigger_bodies = true, .atomic_bodies = true

const MigDialect mig_either_postgresql = {
	.name = "postgresql",
	.id = MIG_FOR_POSTGRESQL,
	EITHER,
};

const MigDialect mig_either_sqlite = {
	.name = "sqlite",
	.id = MIG_FOR_SQLITE,
	EITHER,
};

const MigDialect *
mig_dialect_find(MigStr name)
{
	if (mig_str_is(name, mig_postgresql.name))
		return &mig_postgresql;
	if (mig_str_is(name, mig_sqlite.name))
		return &mig_sqlite;
	return NULL;
}

const MigDialect *
mig_dialect_of(const Mig *m, MigFor id)
{
	switch (id)
	{
		case MIG_FOR_BOTH:
			return mig_dialect_either(m->dialect);
		case MIG_FOR_POSTGRESQL:
			return &mig_postgresql;
		case MIG_FOR_SQLITE:
			return &mig_sqlite;
	}
	return m->dialect;
}

const MigDialect *
mig_dialect_either(const MigDialect *dialect)
{
	return dialect->id == MIG_FOR_SQLITE ? &mig_either_sqlite
	                                     : &mig_either_postgresql;
}
