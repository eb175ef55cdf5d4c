#include "binding.h"

/* No default: a new code of the core warns here. */
static int
sqlstate_of(MigCode code)
{
	switch (code)
	{
		case MIG_NOMEM:
			return ERRCODE_OUT_OF_MEMORY;
		case MIG_SYNTAX:
			return ERRCODE_SYNTAX_ERROR;
		case MIG_ARGUMENT:
			return ERRCODE_INVALID_PARAMETER_VALUE;
		case MIG_GRAPH:
			return ERRCODE_INVALID_OBJECT_DEFINITION;
		case MIG_TARGET:
			return ERRCODE_UNDEFINED_OBJECT;
		case MIG_STATE:
			return ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE;
		case MIG_TRANSACTION:
			return ERRCODE_ACTIVE_SQL_TRANSACTION;
		case MIG_CONTEXT:
			return ERRCODE_OBJECT_IN_USE;
		case MIG_PERMISSION:
			return ERRCODE_INSUFFICIENT_PRIVILEGE;
		case MIG_REFUTED:
			return ERRCODE_CHECK_VIOLATION;
		case MIG_FILE:
			return ERRCODE_IO_ERROR;
		case MIG_HOST:
			return ERRCODE_EXTERNAL_ROUTINE_EXCEPTION;
		case MIG_OK:
		case MIG_INTERNAL:
			break;
	}
	return ERRCODE_INTERNAL_ERROR;
}

void
pg_mig_raise(const MigStatus *s)
{
	ereport(ERROR,
	        (errcode(sqlstate_of(s->code)), errmsg_internal("%s", s->message),
	         s->detail[0] ? errdetail_internal("%s", s->detail) : 0,
	         s->hint[0] ? errhint("%s", s->hint) : 0,
	         s->context[0] ? (errcontext("%s", s->context)) : 0));
}
