#include "binding.h"

#include "access/htup_details.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/rel.h"

#include "insert.h"

/*
 * The trigger that keeps migrate_revision.loaded_by honest.
 *
 * A script runs with the rights of the role that applies it, so what matters
 * is who wrote it: a role with INSERT or UPDATE on the table must not pass
 * its scripts off as another's. The table's owner, who could drop this
 * trigger anyway, and superusers may write what they like, as a restore of a
 * dump does.
 */

/* What decides about what runs, and in which order. */
static const char *const guarded[] = {"revision", "revises", "depends",
                                      "labels", "script"};

static int
column_of(TupleDesc shape, const char *name)
{
	int number = SPI_fnumber(shape, name);

	if (number <= 0)
		elog(ERROR, "column \"%s\" does not exist", name);
	return number;
}

static bool
is_changed(TupleDesc shape, HeapTuple before, HeapTuple after,
           const char *name)
{
	int number = column_of(shape, name);
	bool was_null, is_null;
	Datum was = SPI_getbinval(before, shape, number, &was_null);
	Datum is = SPI_getbinval(after, shape, number, &is_null);

	if (was_null || is_null)
		return was_null != is_null;
	return !datum_image_eq(was, is, false, -1);
}

static bool
is_rewritten(TupleDesc shape, HeapTuple before, HeapTuple after)
{
	for (int i = 0; i < (int) lengthof(guarded); i++)
		if (is_changed(shape, before, after, guarded[i]))
			return true;
	return false;
}

Datum
pg_mig_guard_author(void)
{
	return CStringGetTextDatum(GetUserNameFromId(GetUserId(), false));
}

PG_FUNCTION_INFO_V1(pg_mig_guard);

bool
pg_mig_guard_alone(Relation table)
{
	const int kind = TRIGGER_TYPE_ROW | TRIGGER_TYPE_BEFORE |
	                 TRIGGER_TYPE_INSERT | TRIGGER_TYPE_UPDATE;
	const Trigger *trigger;
	FmgrInfo function;

	if (table->trigdesc == NULL || table->trigdesc->numtriggers != 1)
		return false;
	trigger = &table->trigdesc->triggers[0];
	if (trigger->tgtype != kind ||
	    trigger->tgenabled != TRIGGER_FIRES_ALWAYS || trigger->tgnattr > 0 ||
	    trigger->tgqual != NULL)
		return false;
	/* Somebody may have put another function in its place. */
	fmgr_info(trigger->tgfoid, &function);
	return function.fn_addr == pg_mig_guard;
}

Datum
pg_mig_guard(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	TupleDesc shape;
	HeapTuple row;
	bool null = false;
	bool update;
	Datum author;
	int column;

	if (!CALLED_AS_TRIGGER(fcinfo) ||
	    !TRIGGER_FIRED_BEFORE(trigger->tg_event) ||
	    !TRIGGER_FIRED_FOR_ROW(trigger->tg_event))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
		                errmsg("function must be called as a BEFORE trigger"
		                       " for each row")));
	update = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event);
	row = update ? trigger->tg_newtuple : trigger->tg_trigtuple;
	if (has_privs_of_role(GetUserId(), trigger->tg_relation->rd_rel->relowner))
		return PointerGetDatum(row);
	shape = RelationGetDescr(trigger->tg_relation);
	column = column_of(shape, "loaded_by");
	if (update && !is_rewritten(shape, trigger->tg_trigtuple, row))
		author = SPI_getbinval(trigger->tg_trigtuple, shape, column, &null);
	else
		author = pg_mig_guard_author();
	return PointerGetDatum(
		heap_modify_tuple_by_cols(row, shape, 1, &column, &author, &null));
}
