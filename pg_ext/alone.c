#include "worker.h"

#include "access/xact.h"
#include "executor/spi.h"
#include "libpq/pqformat.h"
#include "libpq/pqmq.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/ipc.h"
#include "storage/proc.h"
#include "storage/shm_mq.h"
#include "storage/shm_toc.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "job.h"
#include "lockguard.h"

/*
 * A statement that refuses a transaction, while its session waits.
 *
 *     session                          worker
 *     commit; no snapshot
 *     write session and task
 *     start the worker       ------>   connect, become that session
 *     wait for messages      <------   notices, errors
 *                            <------   whom it gave way to, done: rows
 *     wait for its end                 exit
 *
 * The messages are those of the client protocol, but for 'W', whom it gave way
 * to: the session logs that. When the session is
 * cancelled or fails, it ends the worker and waits for that; when its process
 * ends, the shared memory goes, and ends the worker on its way.
 */

#define MAGIC 0x6d696772
#define QUEUE_SIZE 65536

enum
{
	KEY_SESSION,
	KEY_TASK,
	KEY_QUEUE
};

/* ---------------------------------------------------------------- the task */

/* Each statement of a task: this, its text, its data. */
typedef struct Part
{
	int kind;
	bool data;
	Size text_size, data_size;
} Part;

/* A task: this, the settings, the statement. */
typedef struct TaskHead
{
	bool again;
	int count;
	int timeout, tries, backoff; /* of the guard */
} TaskHead;

static void
part_put(StringInfo task, const MigStatement *s)
{
	Part part = {s->kind, s->data.at != NULL, s->text.len, s->data.len};

	appendBinaryStringInfo(task, (const char *) &part, sizeof(part));
	appendBinaryStringInfo(task, s->text.at, (int) s->text.len);
	if (part.data)
		appendBinaryStringInfo(task, s->data.at, (int) s->data.len);
}

static void
task_write(StringInfo task, const MigAlone *alone, const PgMigGuard *guard)
{
	TaskHead head = {.again = alone->again,
	                 .count = alone->nsettings,
	                 .timeout = guard->timeout,
	                 .tries = guard->tries,
	                 .backoff = guard->backoff};

	initStringInfo(task);
	appendBinaryStringInfo(task, (const char *) &head, sizeof(head));
	for (int i = 0; i < alone->nsettings; i++)
		part_put(task, alone->settings[i]);
	part_put(task, alone->statement);
}

static const char *
part_get(const char *at, MigStatement *s)
{
	Part part;

	memcpy(&part, at, sizeof(part));
	at += sizeof(part);
	memset(s, 0, sizeof(*s));
	s->kind = (MigStatementKind) part.kind;
	s->text = (MigStr){at, part.text_size};
	at += part.text_size;
	if (part.data)
		s->data = (MigStr){at, part.data_size};
	return at + part.data_size;
}

/* Texts point into the task. */
static void
task_read(const char *at, MigAlone *alone, PgMigGuard *guard)
{
	const MigStatement **settings;
	MigStatement *all;
	TaskHead head;

	memcpy(&head, at, sizeof(head));
	at += sizeof(head);
	all = palloc(sizeof(*all) * (Size) (head.count + 1));
	settings = palloc(sizeof(*settings) * (Size) (head.count + 1));
	for (int i = 0; i <= head.count; i++)
	{
		at = part_get(at, &all[i]);
		settings[i] = &all[i];
	}
	*alone = (MigAlone){.statement = &all[head.count],
	                    .again = head.again,
	                    .settings = settings,
	                    .nsettings = head.count};
	*guard = (PgMigGuard){.timeout = head.timeout,
	                      .tries = head.tries,
	                      .backoff = head.backoff,
	                      .memory = CurrentMemoryContext};
}

/* -------------------------------------------------------------- the worker */

static void
send_waits(const PgMigGuard *guard)
{
	StringInfoData wait;
	ListCell *cell;

	foreach (cell, guard->waits)
	{
		pq_beginmessage(&wait, 'W');
		pq_sendstring(&wait, lfirst(cell));
		pq_endmessage(&wait);
	}
}

static void
send_done(const MigResult *result)
{
	StringInfoData done;

	pq_beginmessage(&done, 'C');
	pq_sendint64(&done, result->rows);
	pq_sendbyte(&done, result->holds);
	pq_endmessage(&done);
}

extern PGDLLEXPORT void pg_mig_alone_main(Datum arg);

void
pg_mig_alone_main(Datum arg)
{
	dsm_segment *seg = pg_mig_worker_attach(arg);
	shm_toc *toc = shm_toc_attach(MAGIC, dsm_segment_address(seg));
	MigResult result = {0, false};
	PgMigSession *session;
	PgMigGuard guard;
	MigAlone alone;
	shm_mq *queue;

	if (toc == NULL)
		proc_exit(0);
	queue = shm_toc_lookup(toc, KEY_QUEUE, false);
	shm_mq_set_sender(queue, MyProc);
	pq_redirect_to_shm_mq(seg, shm_mq_attach(queue, seg, NULL));
	session = shm_toc_lookup(toc, KEY_SESSION, false);
	pg_mig_session_connect(session);
	pg_mig_session_restore(session);
	/* The session converts for its client. */
	SetClientEncoding(GetDatabaseEncoding());
	pg_mig_run_mark();
	task_read(shm_toc_lookup(toc, KEY_TASK, false), &alone, &guard);
	pg_mig_toplevel(&alone, &guard, NULL, &result);
	send_waits(&guard);
	send_done(&result);
	proc_exit(0);
}

/* ------------------------------------------------------------- the session */

typedef struct Helper
{
	dsm_segment *seg;
	shm_mq_handle *queue;
	BackgroundWorkerHandle *handle;
	PgMigGuard *guard;
} Helper;

/* Whatever ends the session's interest ends the worker. */
static void
helper_unwanted(dsm_segment *seg, Datum arg)
{
	BackgroundWorkerHandle *handle =
		(BackgroundWorkerHandle *) DatumGetPointer(arg);

	(void) seg;
	TerminateBackgroundWorker(handle);
	pfree(handle);
}

static void
helper_fill(Helper *p, const MigAlone *alone)
{
	Size session = pg_mig_session_size();
	shm_toc_estimator e;
	StringInfoData task;
	shm_toc *toc;
	shm_mq *queue;
	char *at;

	task_write(&task, alone, p->guard);
	shm_toc_initialize_estimator(&e);
	shm_toc_estimate_chunk(&e, session);
	shm_toc_estimate_chunk(&e, (Size) task.len);
	shm_toc_estimate_chunk(&e, QUEUE_SIZE);
	shm_toc_estimate_keys(&e, 3);
	p->seg = dsm_create(shm_toc_estimate(&e), 0);
	toc = shm_toc_create(MAGIC, dsm_segment_address(p->seg),
	                     shm_toc_estimate(&e));
	at = shm_toc_allocate(toc, session);
	pg_mig_session_save((PgMigSession *) at, session);
	shm_toc_insert(toc, KEY_SESSION, at);
	at = shm_toc_allocate(toc, (Size) task.len);
	memcpy(at, task.data, (Size) task.len);
	shm_toc_insert(toc, KEY_TASK, at);
	queue = shm_mq_create(shm_toc_allocate(toc, QUEUE_SIZE), QUEUE_SIZE);
	shm_toc_insert(toc, KEY_QUEUE, queue);
	shm_mq_set_receiver(queue, MyProc);
	p->queue = shm_mq_attach(queue, p->seg, NULL);
	pfree(task.data);
}

/* The handle outlives the memory of a call that fails. */
static void
helper_start(Helper *p)
{
	MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);

	p->handle =
		pg_mig_worker_start("pg_mig_alone_main", "migrate statement", p->seg);
	MemoryContextSwitchTo(old);
	if (p->handle == NULL)
		pg_mig_worker_none("A statement that refuses a transaction block runs"
		                   " in a process of its own.");
	on_dsm_detach(p->seg, helper_unwanted, PointerGetDatum(p->handle));
	shm_mq_set_handle(p->queue, p->handle);
}

/* Its locks are gone when it is. */
static void
helper_raise(Helper *p, ErrorData *e)
{
	WaitForBackgroundWorkerShutdown(p->handle);
	e->elevel = ERROR;
	ThrowErrorData(e);
}

/* One message; false: it was the last. */
static bool
helper_message(Helper *p, char *data, Size size, MigResult *r)
{
	StringInfoData message;
	ErrorData e;

	initStringInfo(&message);
	appendBinaryStringInfo(&message, data, (int) size);
	switch (pq_getmsgbyte(&message))
	{
		case 'E':
			pq_parse_errornotice(&message, &e);
			helper_raise(p, &e);
			break;
		case 'N':
			pq_parse_errornotice(&message, &e);
			ThrowErrorData(&e);
			break;
		case 'W':
			pg_mig_guard_remember(p->guard, pq_getmsgrawstring(&message));
			break;
		case 'C':
			r->rows = pq_getmsgint64(&message);
			r->holds = pq_getmsgbyte(&message) != 0;
			return false;
	}
	pfree(message.data);
	return true;
}

static void
helper_follow(Helper *p, MigResult *r)
{
	Size size;
	void *data;

	do
	{
		InvalidateCatalogSnapshot();
		if (shm_mq_receive(p->queue, &size, &data, false) != SHM_MQ_SUCCESS)
			ereport(ERROR,
			        (errcode(ERRCODE_OPERATOR_INTERVENTION),
			         errmsg("the background worker ended before the"
			                " statement did"),
			         errdetail("It may have finished it or not; the next run"
			                   " finds out.")));
	} while (helper_message(p, data, size, r));
	if (WaitForBackgroundWorkerShutdown(p->handle) == BGWH_POSTMASTER_DIED)
		proc_exit(1);
}

/* Cancelled or failed: leave nobody behind. */
static void
helper_stop(Helper *p)
{
	if (p->handle == NULL)
		return;
	HOLD_INTERRUPTS();
	TerminateBackgroundWorker(p->handle);
	(void) WaitForBackgroundWorkerShutdown(p->handle);
	RESUME_INTERRUPTS();
}

static void
run_helper(PgMigPlace *place, const MigAlone *alone, PgMigGuard *guard,
           MigResult *r)
{
	volatile Helper helper = {NULL, NULL, NULL, guard};
	Helper *p = (Helper *) &helper;

	place->text =
		pnstrdup(alone->statement->text.at, alone->statement->text.len);
	pg_mig_session_check("run a statement alone");
	helper_fill(p, alone);
	PG_TRY();
	{
		helper_start(p);
		helper_follow(p, r);
	}
	PG_CATCH();
	{
		helper_stop(p);
		PG_RE_THROW();
	}
	PG_END_TRY();
	dsm_detach(p->seg);
}

/* In the session: it has committed just now. */
static void
alone_helper(PgHost *h, PgMigPlace *place, const MigAlone *alone, MigResult *r)
{
	pg_mig_path_script(h);
	run_helper(place, alone, &h->guard, r);
	AtEOXact_GUC(false, h->settings);
	pg_mig_refuse_dropped(h);
	pg_mig_path_own(h);
}

/* In a job's process: no need of another one. */
static void
alone_here(PgHost *h, PgMigPlace *place, const MigAlone *alone, MigResult *r)
{
	pg_mig_transaction_end(h);
	pg_mig_job_alone(h, place, alone, r);
	pg_mig_transaction_start(h);
	pg_mig_refuse_dropped(h);
	pg_mig_path_own(h);
}

bool
pg_mig_exec_alone(MigHost *host, Mig *m, const MigAlone *alone, MigResult *r)
{
	static const bool always = true;
	PgHost *h = (PgHost *) host;
	MemoryContext own = AllocSetContextCreate(h->memory, "migrate statement",
	                                          ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(own);
	PgMigPlace place = {.place = &host->place, .memory = own, .bare = &always};

	(void) m;
	place.text = "";
	pg_mig_place_push(&place);
	if (h->from == PG_MIG_WORKER)
		alone_here(h, &place, alone, r);
	else
		alone_helper(h, &place, alone, r);
	pg_mig_place_pop(&place);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(own);
	return true;
}
