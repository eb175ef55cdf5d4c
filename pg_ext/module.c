#include "postgres.h"

#include "fmgr.h"

/* One line of the server's log and of pg_get_loaded_modules() names us. */
#ifdef PG_MODULE_MAGIC_EXT
PG_MODULE_MAGIC_EXT(.name = "migrate", .version = MIGRATE_VERSION);
#else
PG_MODULE_MAGIC;
#endif
