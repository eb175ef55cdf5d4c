#if defined(__linux__)
#define _DEFAULT_SOURCE /* madvise; not in C11 */
#include <sys/mman.h>
#endif

#include "sqlite_mig.h"

#include <string.h>

#ifndef MIGRATE_VERSION
#error "compile with -DMIGRATE_VERSION, as the Makefile does"
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

static void *
memory_get(void *context, size_t size)
{
	(void) context;
	return memory_expect(sqlite3_malloc64(size), size);
}

static void
memory_put(void *context, void *memory)
{
	(void) context;
	sqlite3_free(memory);
}

static const MigMemory memory = {memory_get, memory_put, NULL, 0};

/* "migrate_stamp(target, purge, schema)" */
static bool
refuse_count(Mig *m, const MigFunction *f, int argc)
{
	MigText t = {m, NULL, 0, 0};
	MigStr names;

	for (int i = 0; i < mig_function_nargs(f); i++)
		mig_text_fmt(&t, "%s%s", i > 0 ? ", " : "", f->args[i].name);
	names = mig_text_str(&t);
	if (names.at == NULL)
		return false;
	mig_fail(m, MIG_ARGUMENT, "too many arguments: %d", argc);
	return mig_hint(m, "%s takes (%s).", f->name, names.at);
}

/* A blob's bytes are taken as they are (readfile() returns one), whatever the
   database's encoding. */
static MigStr
text_of(Mig *m, sqlite3_value *value)
{
	MigStr s = {NULL, 0};

	if (sqlite3_value_type(value) == SQLITE_BLOB)
		s.at = sqlite3_value_blob(value);
	else
		s.at = (const char *) sqlite3_value_text(value);
	s.len = (size_t) sqlite3_value_bytes(value);
	if (s.at == NULL && s.len == 0 && sqlite3_value_type(value) == SQLITE_BLOB)
		return mig_str("");
	if (s.at == NULL)
	{
		mig_fail(m, MIG_NOMEM, "out of memory");
		return s;
	}
	return mig_copy(m, s);
}

static bool
is_one_of(MigStr s, const char *const *words)
{
	while (*words != NULL)
		if (mig_str_word(s, *words++))
			return true;
	return false;
}

/* SQLite has no booleans: numbers, and the words that PostgreSQL reads. */
static bool
bool_of(Mig *m, const MigArg *arg, sqlite3_value *value, int64_t *out)
{
	static const char *const yes[] = {"true", "t", "yes", "y", "on", NULL};
	static const char *const no[] = {"false", "f", "no", "n", "off", NULL};
	int type = sqlite3_value_numeric_type(value);
	MigStr s;

	*out = 1;
	if (type == SQLITE_INTEGER || type == SQLITE_FLOAT)
	{
		*out = sqlite3_value_double(value) != 0;
		return true;
	}
	s = text_of(m, value);
	if (is_one_of(s, yes))
		return true;
	*out = 0;
	return is_one_of(s, no) ||
	       mig_fail(m, MIG_ARGUMENT,
	                "argument \"%s\" is not a boolean: \"%.*s\"", arg->name,
	                MIG_S(s));
}

static bool
int_of(Mig *m, const MigArg *arg, sqlite3_value *value, int64_t *out)
{
	MigStr s;

	if (sqlite3_value_numeric_type(value) == SQLITE_INTEGER)
	{
		*out = sqlite3_value_int64(value);
		return true;
	}
	s = text_of(m, value);
	return mig_fail(m, MIG_ARGUMENT,
	                "argument \"%s\" is not an integer: \"%.*s\"", arg->name,
	                MIG_S(s));
}

static bool
argument(Mig *m, const MigArg *arg, sqlite3_value *value, MigValue *out)
{
	out->null = sqlite3_value_type(value) == SQLITE_NULL;
	if (out->null)
		return true;
	switch (arg->type)
	{
		case MIG_TYPE_TEXT:
			out->text = text_of(m, value);
			return mig_ok(m);
		case MIG_TYPE_BOOL:
			return bool_of(m, arg, value, &out->number);
		case MIG_TYPE_INT:
		case MIG_TYPE_TIME:
		case MIG_TYPE_MS:
			return int_of(m, arg, value, &out->number);
	}
	return false;
}

bool
sqlite_mig_call_start(SqliteCall *c, SqliteEntry *entry, sqlite3 *db, int argc,
                      sqlite3_value **argv)
{
	const MigFunction *f = entry->function;

	memset(c, 0, sizeof(*c));
	mig_init(&c->m, &memory, &mig_sqlite);
	c->host.base.ops = &sqlite_mig_host;
	c->host.base.files = &sqlite_mig_files;
	c->host.base.version = MIGRATE_VERSION;
	c->host.base.release = sqlite3_libversion_number();
	c->host.base.exclusive = true;
	c->host.db = db;
	c->host.entry = entry;
	c->call.m = &c->m;
	c->call.host = &c->host.base;
	c->call.function = f;
	for (int i = 0; i < MIG_MAX_ARGS; i++)
		c->call.args[i].null = true;
	if (argc > mig_function_nargs(f))
		return refuse_count(&c->m, f, argc);
	for (int i = 0; i < argc; i++)
		if (argv[i] != NULL &&
		    !argument(&c->m, &f->args[i], argv[i], &c->call.args[i]))
			return false;
	return true;
}

void
sqlite_mig_call_done(SqliteCall *c)
{
	mig_done(&c->m);
}

void
sqlite_mig_result(sqlite3_context *context, MigType type,
                  const MigValue *value)
{
	char time[40];
	MigStr s = {NULL, 0};

	if (value->null)
	{
		sqlite3_result_null(context);
		return;
	}
	switch (type)
	{
		case MIG_TYPE_INT:
		case MIG_TYPE_BOOL:
			sqlite3_result_int64(context, value->number);
			return;
		case MIG_TYPE_MS:
			sqlite3_result_double(context, (double) value->number / 1000);
			return;
		case MIG_TYPE_TEXT:
			s = value->text;
			break;
		case MIG_TYPE_TIME:
			s = mig_time_iso(value->number, time);
			break;
	}
	sqlite3_result_text64(context, s.at ? s.at : "", s.len, SQLITE_TRANSIENT,
	                      SQLITE_UTF8);
}
