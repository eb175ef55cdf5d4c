/*
 * typecheck_call.h - the SQL functions about types and the schema:
 * migrate_types, migrate_type_check, migrate_type_problem, migrate_type_key,
 * migrate_schema, migrate_schema_fingerprint.
 */
#ifndef MIG_TYPECHECK_CALL_H
#define MIG_TYPECHECK_CALL_H

#include "function.h"

extern bool mig_call_types(MigCall *c);
extern bool mig_call_type_check(MigCall *c);
extern bool mig_call_type_problem(MigCall *c);
extern bool mig_call_type_key(MigCall *c);
extern bool mig_call_schema(MigCall *c);
extern bool mig_call_schema_fingerprint(MigCall *c);

#endif
