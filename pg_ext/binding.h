/*
 * binding.h - what the files of the PostgreSQL binding share.
 *
 * One call from SQL: pg_mig_call() fetches the arguments and runs the core,
 * which calls back through pg_mig_host_ops and pg_mig_file_ops; then
 * functions.c or tables.c hands back what it left.
 */
#ifndef PG_MIG_BINDING_H
#define PG_MIG_BINDING_H

#include "postgres.h"

#include "fmgr.h"
#include "utils/palloc.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

#include "function.h"

typedef struct PgHost
{
	MigHost host;         /* first: the core knows only this part */
	MemoryContext memory; /* of the call; never CurrentMemoryContext */
	Oid schema;           /* of the extension */
	bool stable;          /* queries see what the caller's statement sees */
	bool nested;          /* a run called us */
	int settings;         /* nest level of settings, while a call is open */
} PgHost;

/* Everything of one call. */
typedef struct PgCall
{
	MigCall call;
	Mig m;
	PgHost host;
} PgCall;

extern const MigHostOps pg_mig_host_ops;
extern const MigFileOps pg_mig_file_ops;

/*
 * call.c: run function id with fcinfo's arguments. Does not return when it
 * fails. The result stays until pg_mig_call_end().
 */
extern void pg_mig_call(FunctionCallInfo fcinfo, MigFunctionId id, PgCall *c);
extern void pg_mig_call_end(PgCall *c);

/* A value as a Datum of type (text, int4, int8, bool, timestamptz), in
   CurrentMemoryContext. Not for a value that is null. */
extern Datum pg_mig_datum(Oid type, const MigValue *v);

/* host.c: run the core's code of c, on the watch for nested calls. */
extern bool pg_mig_run(PgHost *h, MigCall *c);

/* query.c: MigHostOps.query. */
extern bool pg_mig_query(MigHost *host, Mig *m, MigQuery query,
                         const MigStr *args, MigRowFn row, void *arg);

/* exec.c: MigHostOps.exec. */
extern bool
pg_mig_exec(MigHost *host, Mig *m, const MigStatement *s, MigResult *r);

/* copy.c: COPY ... FROM stdin with its data; the number of rows. */
extern uint64 pg_mig_copy(const MigStatement *s, const char *text);

/* error.c: raise a failure of the core as the server's error; does not
   return. */
extern void pg_mig_raise(const MigStatus *s);

#endif
