#include "private.h"

#include "script.h"

typedef struct Worker
{
	Mig *m;
	const MigScript *s;
	const MigDialect *dialect;
	MigWork *out;
	size_t room;
} Worker;

/* Statements of a section while its own transactions are taken out. */
typedef struct Wrap
{
	const MigSection *section;
	const MigStatement *begin; /* of the pair that is open */
	bool any;                  /* the section has one */
} Wrap;

static bool
work_put(Worker *w, const MigStatement *statement)
{
	MigWork *out = w->out;
	MigStatement *items;

	if (out->count == INT_MAX)
		return mig_fail(w->m, MIG_NOMEM, "out of memory");
	items = mig_grow(w->m, out->items, (size_t) out->count, &w->room,
	                 (size_t) out->count + 1, sizeof(*items));
	if (items == NULL)
		return false;
	out->items = items;
	items[out->count++] = *statement;
	return true;
}

/* The statement's first words, for a message. */
static MigStr
start_of(const MigStatement *statement)
{
	MigStr s = statement->text;
	size_t n = 0;

	while (n < s.len && n < 40 && s.at[n] != '\n' && s.at[n] != '\r')
		n++;
	while (n > 0 && n < s.len && ((unsigned char) s.at[n] & 0xC0) == 0x80)
		n--;
	s.len = n;
	return mig_str_trim(s);
}

static bool
refuse(Worker *w, const MigStatement *statement, const char *hint)
{
	mig_fail(w->m, MIG_SYNTAX, "transaction control in a script: \"%.*s\"",
	         MIG_S(start_of(statement)));
	mig_hint(w->m, "%s", hint);
	return mig_at(w->m, statement->pos);
}

static bool
begin_step(Worker *w, Wrap *wrap, const MigStatement *statement)
{
	if (!wrap->section->transactional)
		return refuse(w, statement,
		              "A section with transaction:false has no transaction; "
		              "take the option or the statement out.");
	if (wrap->begin != NULL)
		return refuse(w, statement, "The BEGIN before it has no COMMIT yet.");
	wrap->begin = statement;
	return true;
}

static bool
commit_step(Worker *w, Wrap *wrap, const MigStatement *statement)
{
	if (wrap->begin == NULL)
		return refuse(w, statement,
		              "There is no BEGIN before it in this section; the "
		              "revision runs in a transaction without either.");
	wrap->begin = NULL;
	return true;
}

/* A statement to run. Outside of the section's own transactions it would not
   have been undone with them, which cannot be granted. */
static bool
plain_step(Worker *w, const Wrap *wrap, const MigStatement *statement)
{
	if (!wrap->any || wrap->begin != NULL ||
	    statement->kind == MIG_STMT_PRAGMA)
		return work_put(w, statement);
	mig_fail(w->m, MIG_SYNTAX,
	         "statement outside of the section's BEGIN ... COMMIT: \"%.*s\"",
	         MIG_S(start_of(statement)));
	mig_hint(w->m, "Leave BEGIN and COMMIT out: the revision runs in one "
	               "transaction without them.");
	return mig_at(w->m, statement->pos);
}

static bool
statement_step(Worker *w, Wrap *wrap, const MigStatement *statement)
{
	switch (statement->kind)
	{
		case MIG_STMT_BEGIN:
			return begin_step(w, wrap, statement);
		case MIG_STMT_COMMIT:
			return commit_step(w, wrap, statement);
		case MIG_STMT_ROLLBACK:
		case MIG_STMT_SAVEPOINT:
		case MIG_STMT_OTHER_CONTROL:
			return refuse(w, statement,
			              "The revision runs in one transaction, which the "
			              "script cannot control.");
		case MIG_STMT_FK_OFF:
			w->out->foreign_keys_off = true;
			return true;
		case MIG_STMT_FK_ON:
			return true;
		case MIG_STMT_PLAIN:
		case MIG_STMT_PRAGMA:
		case MIG_STMT_COPY_DATA:
		case MIG_STMT_ALONE:
			break;
	}
	return plain_step(w, wrap, statement);
}

static bool
section_work(Worker *w, const MigSection *section)
{
	Wrap wrap = {.section = section};
	int before = w->out->count;
	MigStatements all;

	if (!mig_split_from(w->m, w->dialect, section->pos, w->s->whole,
	                    section->body, &all))
		return false;
	for (int i = 0; i < all.count; i++)
		wrap.any |= all.items[i].kind == MIG_STMT_BEGIN;
	for (int i = 0; i < all.count; i++)
		if (!statement_step(w, &wrap, &all.items[i]))
			return false;
	if (wrap.begin != NULL)
		return refuse(w, wrap.begin,
		              "Its section has no COMMIT; the revision runs in a "
		              "transaction without either.");
	w->out->wrapped |= wrap.any;
	if (w->out->count == before)
		return true;
	w->out->transactional &= section->transactional;
	if (section->kind == MIG_VERIFY)
		w->out->nverify += w->out->count - before;
	return true;
}

static bool
is_for(const MigSection *section, const MigDialect *dialect)
{
	return section->target == MIG_FOR_BOTH || section->target == dialect->id;
}

/* Every section of a kind, in file order or, for down, from the last. */
static bool
sections_work(Worker *w, MigSectionKind kind)
{
	const MigScript *s = w->s;

	for (int i = 0; i < s->nsections; i++)
	{
		int at = kind == MIG_DOWN ? s->nsections - 1 - i : i;
		const MigSection *section = &s->sections[at];

		if (section->kind == kind && is_for(section, w->dialect) &&
		    !section_work(w, section))
			return false;
	}
	return true;
}

bool
mig_script_work(Mig *m, const MigScript *s, const MigDialect *dialect,
                MigSectionKind kind, MigWork *out)
{
	Worker w = {.m = m, .s = s, .dialect = dialect, .out = out};

	memset(out, 0, sizeof(*out));
	out->transactional = true;
	if (!sections_work(&w, kind) ||
	    (kind == MIG_UP && !sections_work(&w, MIG_VERIFY)))
		return false;
	for (int i = 0; i < out->count && out->alone == NULL; i++)
		if (out->items[i].kind == MIG_STMT_ALONE)
			out->alone = &out->items[i];
	out->transactional &= out->alone == NULL;
	return true;
}

bool
mig_script_has(const MigScript *s, const MigDialect *dialect,
               MigSectionKind kind)
{
	for (int i = 0; i < s->nsections; i++)
		if (s->sections[i].kind == kind && is_for(&s->sections[i], dialect))
			return true;
	return false;
}
