#include "binding.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#if defined(__linux__)
#include <sys/mman.h>
#endif

/* A refusal changes nothing. */
static void *
memory_expect(void *memory, size_t size)
{
#if defined(MADV_HUGEPAGE)
	size_t length;
	void *pages = mig_memory_pages(memory, size, &length);

	if (length > 0)
		(void) madvise(pages, length, MADV_HUGEPAGE);
#else
	(void) size;
#endif
	return memory;
}

/* The core has nothing to put back, so that this is a place to stop at. */
static void *
memory_get(void *context, size_t size)
{
	CHECK_FOR_INTERRUPTS();
	return memory_expect(
		MemoryContextAllocExtended((MemoryContext) context, size,
	                               MCXT_ALLOC_NO_OOM | MCXT_ALLOC_HUGE),
		size);
}

static void
memory_put(void *context, void *memory)
{
	(void) context;
	pfree(memory);
}

static void
argument_fetch(FunctionCallInfo fcinfo, int i, MigType type, MigValue *v)
{
	text *t;

	v->null = i >= PG_NARGS() || PG_ARGISNULL(i);
	if (v->null)
		return;
	switch (type)
	{
		case MIG_TYPE_TEXT:
			t = PG_GETARG_TEXT_PP(i);
			v->text.at = VARDATA_ANY(t);
			v->text.len = VARSIZE_ANY_EXHDR(t);
			break;
		case MIG_TYPE_BOOL:
			v->number = PG_GETARG_BOOL(i);
			break;
		case MIG_TYPE_INT:
			v->number = PG_GETARG_INT64(i);
			break;
		case MIG_TYPE_MS:
			v->number = (int64_t) (PG_GETARG_FLOAT8(i) * 1000);
			break;
		case MIG_TYPE_TIME:
			v->number = PG_GETARG_TIMESTAMPTZ(i) + PG_MIG_EPOCH_GAP;
			break;
	}
}

void
pg_mig_call_start(PgCall *c, MigFunctionId id, Oid schema,
                  MemoryContext parent)
{
	const MigFunction *f = &mig_functions[id];
	MigMemory memory = {memory_get, memory_put, NULL, 0};

	memset(c, 0, sizeof(*c));
	c->host.memory =
		AllocSetContextCreate(parent, "migrate", ALLOCSET_DEFAULT_SIZES);
	memory.context = c->host.memory;
	mig_init(&c->m, &memory, &mig_postgresql);
	c->host.host.ops = &pg_mig_host_ops;
	c->host.host.files = &pg_mig_file_ops;
	c->host.host.version = MIGRATE_VERSION;
	c->host.schema = schema;
	/* As a volatile function's queries see what the ones before did, and a
	   stable one's do not. */
	c->host.stable = !(f->flags & (MIG_FN_WRITES | MIG_FN_FILES));
	c->host.stamps = id == MIG_FN_STAMP;
	c->host.commits = id == MIG_FN_RUN;
	c->call.m = &c->m;
	c->call.host = &c->host.host;
	c->call.function = f;
	for (int i = 0; i < MIG_MAX_ARGS; i++)
		c->call.args[i].null = true;
}

/* A CALL that is no part of a transaction block may commit. */
static bool
may_commit(FunctionCallInfo fcinfo)
{
	const CallContext *context = (const CallContext *) fcinfo->context;

	return context != NULL && IsA(context, CallContext) && !context->atomic &&
	       !IsSubTransaction();
}

void
pg_mig_call(FunctionCallInfo fcinfo, MigFunctionId id, PgCall *c)
{
	const MigFunction *f = &mig_functions[id];

	pg_mig_call_start(c, id, get_func_namespace(fcinfo->flinfo->fn_oid),
	                  CurrentMemoryContext);
	if (may_commit(fcinfo))
		c->host.from = PG_MIG_PROCEDURE;
	for (int i = 0; i < mig_function_nargs(f); i++)
		argument_fetch(fcinfo, i, f->args[i].type, &c->call.args[i]);
	if (!pg_mig_run(&c->host, &c->call))
		pg_mig_raise(&c->m.status);
}

void
pg_mig_call_end(PgCall *c)
{
	MemoryContextDelete(c->host.memory);
}

Datum
pg_mig_datum(Oid type, const MigValue *v)
{
	switch (type)
	{
		case TEXTOID:
			return PointerGetDatum(
				cstring_to_text_with_len(v->text.at, (int) v->text.len));
		case BOOLOID:
			return BoolGetDatum(v->number != 0);
		case INT4OID:
			if (v->number != (int32) v->number)
				ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				                errmsg("integer out of range")));
			return Int32GetDatum((int32) v->number);
		case INT8OID:
			return Int64GetDatum(v->number);
		case FLOAT8OID:
			return Float8GetDatum((double) v->number / 1000);
		case TIMESTAMPTZOID:
			return TimestampTzGetDatum(v->number - PG_MIG_EPOCH_GAP);
		default:
			elog(ERROR, "type %u is none of migrate's", type);
	}
	pg_unreachable();
}
