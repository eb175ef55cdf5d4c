#include "binding.h"

#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/catalog.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "executor/instrument.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "storage/proc.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

/*
 * What a rehearsal sees of a statement beside its rows. Every relation of a
 * user is remembered with its file and with the strongest lock that was held
 * on it; behind a statement, those on which a lock is held are looked at
 * again. A relation that is not remembered is the statement's own: its lock
 * keeps nobody waiting.
 */
typedef struct Known
{
	Oid oid; /* the key */
	Oid file;
	LOCKMODE mode;
	char kind;
	const char *name; /* for one that is dropped */
} Known;

typedef struct PgMigRehearsal
{
	HTAB *known;
	uint64 wal; /* bytes written before the statement */
	MemoryContext context;
	ResourceOwner owner;
	int level; /* of the transaction around it */
	ResourceOwner trial_owner;
} PgRehearsal;

/* Relations that a user made; toast tables go with theirs. */
static bool
is_of_users(Form_pg_class c, Oid oid)
{
	return oid >= FirstNormalObjectId && !IsToastNamespace(c->relnamespace) &&
	       c->relkind != RELKIND_COMPOSITE_TYPE &&
	       !isTempOrTempToastNamespace(c->relnamespace);
}

static const char *
name_of(Oid oid, Form_pg_class c)
{
	if (RelationIsVisible(oid))
		return quote_identifier(NameStr(c->relname));
	return quote_qualified_identifier(get_namespace_name(c->relnamespace),
	                                  NameStr(c->relname));
}

static Known *
remember(PgRehearsal *r, MemoryContext memory, Form_pg_class c)
{
	Oid oid = c->oid;
	bool found;
	Known *k = hash_search(r->known, &oid, HASH_ENTER, &found);

	k->mode = NoLock;
	k->file = c->relfilenode;
	k->kind = c->relkind;
	k->name = MemoryContextStrdup(memory, name_of(oid, c));
	return k;
}

static void
remember_all(PgRehearsal *r, MemoryContext memory)
{
	Relation catalog = table_open(RelationRelationId, AccessShareLock);
	TableScanDesc scan = table_beginscan_catalog(catalog, 0, NULL);
	HeapTuple tuple;

	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		Form_pg_class c = (Form_pg_class) GETSTRUCT(tuple);

		if (is_of_users(c, c->oid))
			remember(r, memory, c);
	}
	table_endscan(scan);
	table_close(catalog, AccessShareLock);
}

void
pg_mig_rehearse_begin(PgHost *h)
{
	HASHCTL shape = {0};
	PgRehearsal *r = MemoryContextAllocZero(h->memory, sizeof(PgRehearsal));

	h->rehearsal = r;
	r->context = CurrentMemoryContext;
	r->owner = CurrentResourceOwner;
	r->level = GetCurrentTransactionNestLevel();
	BeginInternalSubTransaction("migrate_rehearse");
	MemoryContextSwitchTo(r->context);
	shape.keysize = sizeof(Oid);
	shape.entrysize = sizeof(Known);
	shape.hcxt = h->memory;
	r->known = hash_create("migrate relations", 256, &shape,
	                       HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	remember_all(r, h->memory);
}

void
pg_mig_rehearse_guard(PgHost *h, Mig *m)
{
	pg_mig_guard_read(h, m);
	h->guard.tries = Min(h->guard.tries, 1);
}

/* What a commit would check, and then back to where begin was. */
void
pg_mig_rehearse_end(PgHost *h, bool check)
{
	PgRehearsal *r = h->rehearsal;

	pg_mig_path_script(h);
	if (check && SPI_execute("SET CONSTRAINTS ALL IMMEDIATE", false, 0) < 0)
		elog(ERROR, "SPI_execute failed");
	AtEOXact_GUC(false, h->settings);
	RollbackAndReleaseCurrentSubTransaction();
	MemoryContextSwitchTo(r->context);
	CurrentResourceOwner = r->owner;
	h->rehearsal = NULL;
}

/* An error passes: nobody else would end a subtransaction of ours, and the
   caller's transaction could then not go on. Does not return if there is
   one. */
void
pg_mig_rehearse_abort(PgHost *h)
{
	PgRehearsal *r = h->rehearsal;
	ErrorData *error;

	if (r == NULL)
		return;
	MemoryContextSwitchTo(h->memory);
	error = CopyErrorData();
	FlushErrorState();
	while (GetCurrentTransactionNestLevel() > r->level)
		RollbackAndReleaseCurrentSubTransaction();
	MemoryContextSwitchTo(r->context);
	CurrentResourceOwner = r->owner;
	ReThrowError(error);
}

/* A lock that this statement took, or a file that it wrote. */
typedef struct Found
{
	LOCKMODE mode;
	const char *name;
	char kind;
	bool locked;
	bool rewritten;
} Found;

typedef struct FoundList
{
	Found *items;
	int count;
} FoundList;

/* A relation on which a lock is held: what is new about it? */
static void
look_at(PgHost *h, Oid oid, LOCKMODE mode, FoundList *found)
{
	PgRehearsal *r = h->rehearsal;
	Known *k = hash_search(r->known, &oid, HASH_FIND, NULL);
	HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(oid));
	Form_pg_class c = NULL;
	Found *f;

	if (HeapTupleIsValid(tuple))
		c = (Form_pg_class) GETSTRUCT(tuple);
	if (k == NULL && c != NULL && is_of_users(c, oid))
		remember(r, h->memory, c)->mode = AccessExclusiveLock;
	else if (k != NULL &&
	         (mode > k->mode || (c != NULL && c->relfilenode != k->file)))
	{
		f = &found->items[found->count++];
		f->mode = mode;
		f->name = k->name;
		f->kind = k->kind;
		f->locked = mode > k->mode;
		f->rewritten = c != NULL && c->relfilenode != k->file;
		k->mode = Max(mode, k->mode);
		if (c != NULL)
			k->file = c->relfilenode;
	}
	if (HeapTupleIsValid(tuple))
		ReleaseSysCache(tuple);
}

static LOCKMODE
strongest(LOCKMASK mask)
{
	for (LOCKMODE mode = MaxLockMode; mode > NoLock; mode--)
		if (mask & LOCKBIT_ON(mode))
			return mode;
	return NoLock;
}

static void
look_around(PgHost *h, FoundList *found)
{
	LockData *data = GetLockStatusData();

	found->count = 0;
	found->items = palloc0(sizeof(Found) * (size_t) Max(data->nelements, 1));
	for (int i = 0; i < data->nelements; i++)
	{
		LockInstanceData *l = &data->locks[i];
		LOCKMODE mode = strongest(l->holdMask);

		if (l->pid == MyProcPid && mode != NoLock &&
		    l->locktag.locktag_type == LOCKTAG_RELATION &&
		    l->locktag.locktag_field1 == MyDatabaseId)
			look_at(h, l->locktag.locktag_field2, mode, found);
	}
}

static int
by_strength(const void *a, const void *b)
{
	const Found *x = a;
	const Found *y = b;

	return x->mode != y->mode ? y->mode - x->mode : strcmp(x->name, y->name);
}

static void
add_word(StringInfo out, const char *format, const char *a, const char *b)
{
	if (out->len > 0)
		appendStringInfoString(out, ", ");
	appendStringInfo(out, format, a, b);
}

/* As the row shows it; absent when there is nothing to show. */
static MigStr
words(PgHost *h, const StringInfo s)
{
	if (s->len == 0)
		return (MigStr){NULL, 0};
	return mig_str(MemoryContextStrdup(h->memory, s->data));
}

static void
describe(PgHost *h, FoundList *found, MigSeen *seen)
{
	StringInfoData locks, rewritten, sequences;

	initStringInfo(&locks);
	initStringInfo(&rewritten);
	initStringInfo(&sequences);
	qsort(found->items, (size_t) found->count, sizeof(Found), by_strength);
	for (int i = 0; i < found->count; i++)
	{
		const Found *f = &found->items[i];

		if (f->kind == RELKIND_SEQUENCE)
			add_word(&sequences, "%s", f->name, "");
		else if (f->locked)
			add_word(&locks, "%s on %s",
			         GetLockmodeName(DEFAULT_LOCKMETHOD, f->mode), f->name);
		if (f->rewritten && f->kind != RELKIND_SEQUENCE)
			add_word(&rewritten, "%s", f->name, "");
	}
	seen->locks = words(h, &locks);
	seen->rewritten = words(h, &rewritten);
	seen->sequences = words(h, &sequences);
}

/* Before a statement: what is held already, by the caller or by the engine,
   is none of its doing. */
bool
pg_mig_watch(MigHost *host, Mig *m, bool after, MigSeen *seen)
{
	PgHost *h = (PgHost *) host;
	PgRehearsal *r = h->rehearsal;
	uint64 wal = pgWalUsage.wal_bytes;
	MemoryContext own = AllocSetContextCreate(h->memory, "migrate rehearsal",
	                                          ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(own);
	FoundList found;

	(void) m;
	look_around(h, &found);
	if (after)
	{
		seen->bytes = (int64_t) (wal - r->wal);
		describe(h, &found, seen);
	}
	else
		r->wal = wal;
	MemoryContextSwitchTo(old);
	MemoryContextDelete(own);
	return true;
}

bool
pg_mig_trial(MigHost *host, Mig *m, bool begin)
{
	PgHost *h = (PgHost *) host;
	PgRehearsal *r = h->rehearsal;
	MemoryContext old = CurrentMemoryContext;

	(void) m;
	AtEOXact_GUC(begin, h->settings);
	if (begin)
	{
		r->trial_owner = CurrentResourceOwner;
		BeginInternalSubTransaction("migrate_trial");
	}
	else
	{
		RollbackAndReleaseCurrentSubTransaction();
		CurrentResourceOwner = r->trial_owner;
		remember_all(r, h->memory);
	}
	MemoryContextSwitchTo(old);
	pg_mig_path_own(h);
	return true;
}
