#include "private.h"

#include "adopt.h"
#include "author.h"
#include "each.h"
#include "export.h"
#include "function.h"
#include "look.h"
#include "offline.h"
#include "rehearse.h"
#include "run.h"
#include "store.h"
#include "text.h"
#include "translate_call.h"
#include "typecheck_call.h"
#include "verify.h"

static bool
call_dialect(MigCall *c)
{
	c->result = mig_value_text(mig_str(c->m->dialect->name));
	return true;
}

static bool
call_version(MigCall *c)
{
	c->result = mig_value_text(mig_str(c->host->version));
	return true;
}

/* clang-format off */
#define TEXT(name, standard) {name, MIG_TYPE_TEXT, false, standard}
#define TEXT_REQUIRED(name) {name, MIG_TYPE_TEXT, true, NULL}
#define BOOL(name, standard) {name, MIG_TYPE_BOOL, false, standard}
#define COL_TEXT(name) {name, MIG_TYPE_TEXT}
#define COL_INT(name) {name, MIG_TYPE_INT}
#define COL_BOOL(name) {name, MIG_TYPE_BOOL}
#define COL_TIME(name) {name, MIG_TYPE_TIME}
#define NO_ARGS {{NULL, MIG_TYPE_TEXT, false, NULL}}
#define NO_COLUMNS {{NULL, MIG_TYPE_TEXT}}

const MigFunction mig_functions[MIG_FN_COUNT] = {
	[MIG_FN_ADD] = {
		"migrate_add", MIG_FN_WRITES, MIG_TYPE_INT, mig_call_add,
		{TEXT_REQUIRED("script")},
		NO_COLUMNS,
	},
	[MIG_FN_LOAD] = {
		"migrate_load", MIG_FN_WRITES | MIG_FN_FILES, MIG_TYPE_INT, mig_call_load,
		{TEXT_REQUIRED("path"), TEXT("layout", "auto")},
		NO_COLUMNS,
	},
	[MIG_FN_REMOVE] = {
		"migrate_remove", MIG_FN_WRITES, MIG_TYPE_INT, mig_call_remove,
		{TEXT_REQUIRED("revision")},
		NO_COLUMNS,
	},
	[MIG_FN_REPLACE] = {
		"migrate_replace", MIG_FN_WRITES, MIG_TYPE_INT, mig_call_replace,
		{TEXT_REQUIRED("script")},
		NO_COLUMNS,
	},
	[MIG_FN_SCRIPT] = {
		"migrate_script", 0, MIG_TYPE_TEXT, mig_call_script,
		{TEXT_REQUIRED("revision")},
		NO_COLUMNS,
	},
	[MIG_FN_REVISION] = {
		"migrate_revision", MIG_FN_FILES, MIG_TYPE_TEXT, mig_call_revision,
		{TEXT_REQUIRED("message"), TEXT("directory", NULL), TEXT("revises",
		 "head"), TEXT("labels", NULL), TEXT("depends", NULL),
		 TEXT("revision", NULL)},
		NO_COLUMNS,
	},
	[MIG_FN_MERGE] = {
		"migrate_merge", MIG_FN_FILES, MIG_TYPE_TEXT, mig_call_merge,
		{TEXT("revises", "heads"), TEXT("message", NULL), TEXT("directory",
		 NULL)},
		NO_COLUMNS,
	},
	[MIG_FN_APPLY] = {
		"migrate_apply", MIG_FN_WRITES, MIG_TYPE_INT, mig_call_apply,
		{TEXT("target", "head"), TEXT("schema", NULL)},
		NO_COLUMNS,
	},
	[MIG_FN_REVERT] = {
		"migrate_revert", MIG_FN_WRITES, MIG_TYPE_INT, mig_call_revert,
		{TEXT_REQUIRED("target"), TEXT("schema", NULL)},
		NO_COLUMNS,
	},
	[MIG_FN_STAMP] = {
		"migrate_stamp", MIG_FN_WRITES, MIG_TYPE_INT, mig_call_stamp,
		{TEXT_REQUIRED("target"), BOOL("purge", "0"), TEXT("schema", NULL)},
		NO_COLUMNS,
	},
	[MIG_FN_SQL] = {
		"migrate_sql", 0, MIG_TYPE_TEXT, mig_call_sql,
		{TEXT("target", "head"), TEXT("source", NULL), TEXT("dialect",
		 NULL)},
		NO_COLUMNS,
	},
	[MIG_FN_PLAN] = {
		"migrate_plan", MIG_FN_ROWS, MIG_TYPE_TEXT, mig_call_plan,
		{TEXT("target", "head"), TEXT("action", "apply"), TEXT("schema",
		 NULL)},
		{COL_INT("step"), COL_TEXT("action"), COL_TEXT("revision"),
		 COL_TEXT("message"), COL_BOOL("transactional"),
		 COL_INT("statements")},
	},
	[MIG_FN_STATUS] = {
		"migrate_status", MIG_FN_ROWS, MIG_TYPE_TEXT, mig_call_status,
		{TEXT("schema", NULL)},
		{COL_TEXT("revision"), COL_TEXT("revises"), COL_TEXT("depends"),
		 COL_TEXT("labels"), COL_TEXT("message"), COL_TEXT("state"),
		 COL_BOOL("is_head"), COL_TIME("applied_at"), COL_TEXT("applied_by"),
		 COL_INT("elapsed_ms")},
	},
	[MIG_FN_CURRENT] = {
		"migrate_current", MIG_FN_ROWS, MIG_TYPE_TEXT, mig_call_current,
		{TEXT("schema", NULL)},
		{COL_TEXT("revision"), COL_TEXT("message"), COL_TEXT("labels"),
		 COL_BOOL("is_head")},
	},
	[MIG_FN_HEADS] = {
		"migrate_heads", MIG_FN_ROWS, MIG_TYPE_TEXT, mig_call_heads,
		NO_ARGS,
		{COL_TEXT("revision"), COL_TEXT("message"), COL_TEXT("labels")},
	},
	[MIG_FN_BASES] = {
		"migrate_bases", MIG_FN_ROWS, MIG_TYPE_TEXT, mig_call_bases,
		NO_ARGS,
		{COL_TEXT("revision"), COL_TEXT("message"), COL_TEXT("labels")},
	},
	[MIG_FN_BRANCHES] = {
		"migrate_branches", MIG_FN_ROWS, MIG_TYPE_TEXT, mig_call_branches,
		NO_ARGS,
		{COL_TEXT("revision"), COL_TEXT("message"), COL_TEXT("labels")},
	},
	[MIG_FN_HISTORY] = {
		"migrate_history", MIG_FN_ROWS, MIG_TYPE_TEXT, mig_call_history,
		{TEXT("range", "base:heads")},
		{COL_TEXT("revision"), COL_TEXT("revises"), COL_TEXT("depends"),
		 COL_TEXT("labels"), COL_TEXT("message"), COL_TIME("created_at"),
		 COL_BOOL("is_head"), COL_BOOL("is_branch_point"),
		 COL_BOOL("is_merge_point")},
	},
	[MIG_FN_SHOW] = {
		"migrate_show", 0, MIG_TYPE_TEXT, mig_call_show,
		{TEXT_REQUIRED("revision")},
		NO_COLUMNS,
	},
	[MIG_FN_GRAPH] = {
		"migrate_graph", 0, MIG_TYPE_TEXT, mig_call_graph,
		{TEXT("format", "text")},
		NO_COLUMNS,
	},
	[MIG_FN_VERIFY] = {
		"migrate_verify", MIG_FN_ROWS, MIG_TYPE_TEXT, mig_call_verify,
		{TEXT("schema", NULL)},
		{COL_TEXT("revision"), COL_TEXT("problem"), COL_TEXT("detail")},
	},
	[MIG_FN_CHECK] = {
		"migrate_check", 0, MIG_TYPE_INT, mig_call_check,
		{TEXT("schema", NULL)},
		NO_COLUMNS,
	},
	[MIG_FN_FINGERPRINT] = {
		"migrate_fingerprint", 0, MIG_TYPE_TEXT, mig_call_fingerprint,
		{TEXT("target", "heads")},
		NO_COLUMNS,
	},
	[MIG_FN_DIALECT] = {
		"migrate_dialect", MIG_FN_PURE, MIG_TYPE_TEXT, call_dialect,
		NO_ARGS,
		NO_COLUMNS,
	},
	[MIG_FN_VERSION] = {
		"migrate_version", MIG_FN_PURE, MIG_TYPE_TEXT, call_version,
		NO_ARGS,
		NO_COLUMNS,
	},
	[MIG_FN_ADOPT] = {
		"migrate_adopt", MIG_FN_WRITES, MIG_TYPE_INT, mig_call_adopt,
		{TEXT("tool", "auto"), TEXT("state", NULL), TEXT("schema", NULL)},
		NO_COLUMNS,
	},
	[MIG_FN_ADOPT_PLAN] = {
		"migrate_adopt_plan", MIG_FN_ROWS, MIG_TYPE_TEXT, mig_call_adopt_plan,
		{TEXT("tool", "auto"), TEXT("state", NULL), TEXT("schema", NULL)},
		{COL_TEXT("tool"), COL_TEXT("version"), COL_TEXT("revision"),
		 COL_TIME("applied_at"), COL_TEXT("checksum"), COL_TEXT("action"),
		 COL_TEXT("detail")},
	},
	[MIG_FN_EXPORT] = {
		"migrate_export", MIG_FN_ROWS, MIG_TYPE_TEXT, mig_call_export,
		{TEXT_REQUIRED("layout")},
		{COL_TEXT("name"), COL_TEXT("content")},
	},
	[MIG_FN_RUN] = {
		"migrate_run", MIG_FN_WRITES, MIG_TYPE_INT, mig_call_run,
		{TEXT("target", "head"), TEXT("schema", NULL),
		 TEXT("action", "apply")},
		NO_COLUMNS,
	},
	[MIG_FN_REHEARSE] = {
		"migrate_rehearse", MIG_FN_WRITES | MIG_FN_ROWS, MIG_TYPE_INT,
		mig_call_rehearse,
		{TEXT("target", "head"), TEXT("schema", NULL),
		 TEXT("action", "apply")},
		{COL_INT("step"), COL_TEXT("action"), COL_TEXT("revision"),
		 COL_TEXT("source"), COL_INT("line"), COL_TEXT("statement"),
		 {"elapsed_ms", MIG_TYPE_MS}, COL_INT("rows"), COL_INT("bytes"),
		 COL_TEXT("locks"), COL_TEXT("rewritten"), COL_TEXT("sequences"),
		 COL_TEXT("note")},
	},
	[MIG_FN_TRANSLATE] = {
		"migrate_translate", MIG_FN_PURE, MIG_TYPE_TEXT, mig_call_translate,
		{TEXT_REQUIRED("sql"), TEXT_REQUIRED("dialect")},
		NO_COLUMNS,
	},
	[MIG_FN_TYPES] = {
		"migrate_types", MIG_FN_ROWS, MIG_TYPE_TEXT, mig_call_types,
		{TEXT("schema", NULL)},
		{COL_TEXT("table_name"), COL_TEXT("column_name"),
		 COL_TEXT("declared"), COL_TEXT("family"), COL_TEXT("becomes"),
		 COL_TEXT("verdict"), COL_TEXT("why")},
	},
	[MIG_FN_TYPE_CHECK] = {
		"migrate_type_check", MIG_FN_ROWS, MIG_TYPE_TEXT,
		mig_call_type_check,
		{TEXT("relation", NULL), TEXT("schema", NULL)},
		{COL_TEXT("table_name"), COL_TEXT("column_name"),
		 COL_TEXT("problem"), COL_TEXT("effect"), COL_INT("count"),
		 COL_TEXT("keys"), COL_TEXT("example"), COL_TEXT("query")},
	},
	[MIG_FN_TYPE_PROBLEM] = {
		"migrate_type_problem", MIG_FN_PURE, MIG_TYPE_TEXT,
		mig_call_type_problem,
		{TEXT_REQUIRED("type"), TEXT_REQUIRED("storage"), TEXT("value",
		 NULL)},
		NO_COLUMNS,
	},
	[MIG_FN_TYPE_KEY] = {
		"migrate_type_key", MIG_FN_PURE, MIG_TYPE_TEXT, mig_call_type_key,
		{TEXT_REQUIRED("type"), TEXT_REQUIRED("storage"), TEXT("value",
		 NULL)},
		NO_COLUMNS,
	},
	[MIG_FN_SCHEMA] = {
		"migrate_schema", MIG_FN_ROWS, MIG_TYPE_TEXT, mig_call_schema,
		{TEXT("schema", NULL)},
		{COL_TEXT("kind"), COL_TEXT("table_name"), COL_TEXT("name"),
		 COL_TEXT("definition")},
	},
	[MIG_FN_SCHEMA_FINGERPRINT] = {
		"migrate_schema_fingerprint", 0, MIG_TYPE_TEXT,
		mig_call_schema_fingerprint,
		{TEXT("schema", NULL)},
		NO_COLUMNS,
	},
};
/* clang-format on */

int
mig_function_nargs(const MigFunction *f)
{
	int n = 0;

	while (n < MIG_MAX_ARGS && f->args[n].name != NULL)
		n++;
	return n;
}

int
mig_function_ncolumns(const MigFunction *f)
{
	int n = 0;

	while (n < MIG_MAX_COLUMNS && f->columns[n].name != NULL)
		n++;
	return n;
}

/* NULL and what was left out mean the standard. */
static bool
fill_argument(MigCall *c, int i)
{
	const MigArg *arg = &c->function->args[i];
	MigValue *value = &c->args[i];

	if (!value->null)
	{
		if (value->text.at == NULL)
			value->text = mig_str("");
		return true;
	}
	if (arg->required)
		return mig_fail(c->m, MIG_ARGUMENT,
		                "argument \"%s\" of %s() is missing", arg->name,
		                c->function->name);
	value->text = mig_str(arg->type == MIG_TYPE_TEXT ? arg->standard : NULL);
	value->number = 0;
	value->null = value->text.at == NULL;
	return true;
}

bool
mig_call(MigCall *c)
{
	c->result = mig_value_int(0);
	c->nrows = 0;
	c->rows = NULL;
	c->row = NULL;
	for (int i = 0; c->function->args[i].name != NULL; i++)
		if (!fill_argument(c, i))
			return false;
	return c->function->code(c) && mig_ok(c->m);
}

bool
mig_call_row(MigCall *c, int64_t i, MigValue *cells)
{
	return c->row(c, i, cells);
}

const char *
mig_status_text(Mig *m)
{
	const MigStatus *s = &m->status;
	size_t room = sizeof(*s) + 64;
	MigStatus copy = *s;
	char *text;
	size_t n;

	/* The allocation must work although something has failed. */
	m->status.code = MIG_OK;
	text = mig_alloc(m, room);
	m->status = copy;
	if (text == NULL)
		return s->message;
	n = (size_t) snprintf(text, room, "%s", s->message);
	if (s->detail[0] != '\0')
		n += (size_t) snprintf(text + n, room - n, "\nDETAIL:  %s", s->detail);
	if (s->hint[0] != '\0')
		n += (size_t) snprintf(text + n, room - n, "\nHINT:  %s", s->hint);
	if (s->context[0] != '\0')
		snprintf(text + n, room - n, "\nCONTEXT:  %s", s->context);
	return text;
}
