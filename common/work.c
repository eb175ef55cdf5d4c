#include "private.h"

#include "comment.h"
#include "script.h"
#include "translate.h"

typedef struct Worker
{
	Mig *m;
	const MigScript *s;
	const MigDialect *dialect;
	MigTranslator *t; /* NULL: statements stay as they are written */
	bool both;        /* the section at hand is for both databases */
	MigWork *out;
	size_t room, note_room;
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

static bool
note_put(Worker *w, const MigNote *note)
{
	MigWork *out = w->out;
	MigWorkNote *notes =
		mig_grow(w->m, out->notes, (size_t) out->nnotes, &w->note_room,
	             (size_t) out->nnotes + 1, sizeof(*notes));

	if (notes == NULL)
		return false;
	out->notes = notes;
	notes[out->nnotes].line =
		note->kind == MIG_NOTE_DIFFERS ? note->pos.line : 0;
	notes[out->nnotes++].text = mig_copy(w->m, note->text);
	return mig_ok(w->m);
}

static bool
comment_put(Worker *w, const MigNote *note)
{
	MigStatement statement = {.kind = MIG_STMT_PLAIN, .pos = note->pos};

	statement.text = mig_comment_put(w->m, note);
	return statement.text.at != NULL && work_put(w, &statement);
}

/* Comments go with what they are about: behind the last of the statements, as
   a part of it. Where nothing is left of the statement, it is that. */
static bool
moves_put(Worker *w, const MigTranslation *found)
{
	const MigStatement **end = NULL;

	if (found->count > 0 && w->out->count > 0)
		end = &w->out->items[w->out->count - 1].then;
	for (int i = 0; i < found->nnotes; i++)
	{
		const MigNote *note = &found->notes[i];
		MigStatement one = {.kind = MIG_STMT_PLAIN, .pos = note->pos};
		MigStatement *kept;

		if (note->kind != MIG_NOTE_MOVED)
			continue;
		one.text = mig_comment_move(w->m, note);
		if (one.text.at == NULL)
			return false;
		if (end == NULL)
		{
			if (!work_put(w, &one))
				return false;
			end = &w->out->items[w->out->count - 1].then;
			continue;
		}
		kept = mig_alloc(w->m, sizeof(*kept));
		if (kept == NULL)
			return false;
		*kept = one;
		*end = kept;
		end = &kept->then;
	}
	return true;
}

static bool
joins(const MigItem *item)
{
	for (int i = 0; i < item->nactions; i++)
		switch (item->actions[i].kind)
		{
			case MIG_CH_NATIVE:
			case MIG_CH_DROP_TABLE:
			case MIG_CH_DROP_VIEW:
			case MIG_CH_TRUNCATE:
				return false;
			default:
				break;
		}
	return true;
}

/* Whether a later ALTER may be carried out together with an earlier one of
   the same table: not when it looks at what the earlier one leaves. */
static bool
may_join(const MigItem *a, const MigItem *b)
{
	bool values = false;

	if (a->table.at == NULL || !mig_str_eq(a->table, b->table) ||
	    !mig_str_eq(a->schema, b->schema) || a->exists != b->exists ||
	    !joins(a) || !joins(b))
		return false;
	for (int i = 0; i < a->nactions; i++)
		values |= a->actions[i].kind == MIG_CH_ADD_COLUMN ||
		          a->actions[i].kind == MIG_CH_SET_TYPE;
	for (int i = 0; i < b->nactions; i++)
		if (values && (b->actions[i].kind == MIG_CH_SET_TYPE ||
		               b->actions[i].kind == MIG_CH_DROP_EXPRESSION))
			return false;
	return true;
}

static MigStr
copy(Mig *m, MigStr s)
{
	return s.at == NULL ? s : mig_copy(m, s);
}

/* Out of the scratch memory. */
static MigItem *
item_copy(Mig *m, const MigItem *from)
{
	MigItem *item = mig_alloc(m, sizeof(*item));
	MigChange *actions =
		mig_alloc_array(m, (size_t) from->nactions, sizeof(*actions));

	if (item == NULL || actions == NULL)
		return NULL;
	*item = *from;
	item->schema = copy(m, from->schema);
	item->table = copy(m, from->table);
	item->actions = actions;
	for (int i = 0; i < from->nactions; i++)
	{
		actions[i] = from->actions[i];
		actions[i].column = copy(m, from->actions[i].column);
		actions[i].name = copy(m, from->actions[i].name);
		actions[i].text = copy(m, from->actions[i].text);
		actions[i].using = copy(m, from->actions[i].using);
		actions[i].native = copy(m, from->actions[i].native);
	}
	return mig_ok(m) ? item : NULL;
}

static MigItem *
join(Mig *m, const MigItem *a, const MigItem *b)
{
	size_t count = (size_t) a->nactions + (size_t) b->nactions;
	MigItem *item = mig_alloc(m, sizeof(*item));
	MigChange *actions = mig_alloc_array(m, count, sizeof(*actions));

	if (item == NULL || actions == NULL)
		return NULL;
	*item = *a;
	item->actions = actions;
	item->nactions = (int) count;
	memcpy(actions, a->actions, (size_t) a->nactions * sizeof(*actions));
	memcpy(actions + a->nactions, b->actions,
	       (size_t) b->nactions * sizeof(*actions));
	return item;
}

/* The text of statements that are joined is all of them, with what stands
   between: a finished one is known again by it. Both are parts of a script. */
static void
text_join(MigStatement *last, const MigStatement *next)
{
	const char *end = next->text.at + next->text.len;

	if (end > last->text.at + last->text.len)
		last->text.len = (size_t) (end - last->text.at);
}

/* Several changes of a table, one behind the other, are one rebuild. */
static bool
alter_put(Worker *w, const MigStatement *original, const MigItem *from)
{
	MigWork *out = w->out;
	const MigItem *item = item_copy(w->m, from);
	MigStatement *last = out->count > 0 ? &out->items[out->count - 1] : NULL;
	MigStatement statement = *original;

	if (item == NULL)
		return false;
	if (last != NULL && last->kind == MIG_STMT_ALTER &&
	    may_join(last->item, item))
	{
		last->item = join(w->m, last->item, item);
		text_join(last, original);
		return last->item != NULL;
	}
	statement.kind = MIG_STMT_ALTER;
	statement.item = item;
	return work_put(w, &statement);
}

static bool
results_put(Worker *w, const MigStatement *original,
            const MigTranslation *found)
{
	for (int i = 0; i < found->nnotes; i++)
		if (found->notes[i].kind != MIG_NOTE_MOVED &&
		    !(found->notes[i].kind == MIG_NOTE_COMMENT
		          ? comment_put(w, &found->notes[i])
		          : note_put(w, &found->notes[i])))
			return false;
	if (found->same)
		return work_put(w, original) && moves_put(w, found);
	for (int i = 0; i < found->count; i++)
	{
		const MigItem *item = &found->items[i];
		MigStatement statement = {.pos = item->pos};

		if (item->kind == MIG_ITEM_ALTER)
		{
			if (!alter_put(w, original, item))
				return false;
			continue;
		}
		statement.text = mig_copy(w->m, item->text);
		if (statement.text.at == NULL)
			return false;
		statement.kind = mig_statement_kind(w->dialect, statement.text);
		if (!work_put(w, &statement))
			return false;
	}
	return moves_put(w, found);
}

/* A statement of a section for both databases. What translation needs on its
   way is a multiple of the statement, and goes again. */
static bool
translated_put(Worker *w, const MigStatement *original)
{
	MigTranslation found;
	Mig *before = w->t->m;
	Mig scratch;
	bool ok;

	mig_init(&scratch, &w->m->memory, w->m->dialect);
	w->t->m = &scratch;
	ok = mig_translate(w->t, original, &found);
	w->t->m = before;
	if (!ok)
		w->m->status = scratch.status;
	ok = ok && results_put(w, original, &found);
	mig_done(&scratch);
	return ok;
}

/* A statement of a section for this database alone passes. What it makes is
   known to those behind it. */
static bool
own_put(Worker *w, const MigStatement *original)
{
	Mig *before;
	MigFor from;
	Mig scratch;
	bool ok;

	if (w->t == NULL)
		return work_put(w, original);
	before = w->t->m;
	from = w->t->from;
	mig_init(&scratch, &w->m->memory, w->m->dialect);
	w->t->m = &scratch;
	w->t->from = w->t->target->id;
	ok = mig_translator_learn(w->t, original);
	w->t->m = before;
	w->t->from = from;
	if (!ok)
		w->m->status = scratch.status;
	mig_done(&scratch);
	return ok && work_put(w, original);
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
		return w->t != NULL && w->both ? translated_put(w, statement)
		                               : own_put(w, statement);
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
			w->out->foreign_keys_on = true;
			return true;
		case MIG_STMT_PLAIN:
		case MIG_STMT_PRAGMA:
		case MIG_STMT_COPY_DATA:
		case MIG_STMT_ALONE:
		case MIG_STMT_ALTER:
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

	w->both = section->target == MIG_FOR_BOTH;
	if (!mig_split_from(w->m,
	                    w->both ? mig_dialect_either(w->dialect) : w->dialect,
	                    section->from, w->s->whole, section->body, &all))
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
	if (!section->transactional && section->kind != MIG_VERIFY)
		mig_statement_loosen(w->dialect, w->out->items + before,
		                     w->out->count - before);
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

static bool
all_work(Worker *w, MigSectionKind kind)
{
	MigWork *out = w->out;

	memset(out, 0, sizeof(*out));
	out->transactional = true;
	if (!sections_work(w, kind) ||
	    (kind == MIG_UP && !sections_work(w, MIG_VERIFY)))
		return false;
	for (int i = 0; i < out->count && out->alone == NULL; i++)
		if (out->items[i].kind == MIG_STMT_ALONE)
			out->alone = &out->items[i];
	out->transactional &= out->alone == NULL;
	return true;
}

bool
mig_script_work(Mig *m, const MigScript *s, const MigDialect *dialect,
                MigSectionKind kind, MigWork *out)
{
	Worker w = {.m = m, .s = s, .dialect = dialect, .out = out};

	return all_work(&w, kind);
}

bool
mig_script_work_for(Mig *m, const MigScript *s, MigTranslator *t,
                    MigSectionKind kind, MigWork *out)
{
	Worker w = {.m = m, .s = s, .dialect = t->target, .t = t, .out = out};

	return all_work(&w, kind);
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
