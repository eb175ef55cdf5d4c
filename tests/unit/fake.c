#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "run.h"
#include "text.h"

/* What there is now is permanent. */
static void
keep_all(Fake *f)
{
	fake_copy(&f->before, &f->now);
	f->ran_kept = strlen(f->ran);
}

static bool
fake_begin(MigHost *h, Mig *m, MigScope scope, MigStr schema)
{
	Fake *f = (Fake *) h;

	if (mig_str_is(schema, "nowhere"))
		return mig_fail(m, MIG_ARGUMENT, "schema \"nowhere\" does not exist");
	if (scope == MIG_EACH && f->block)
		return mig_run_refuse_block(m);
	keep_all(f);
	h->key = schema.at ? schema : mig_str("");
	h->who = mig_str("tester");
	h->client = mig_str("here");
	f->begun++;
	return true;
}

static bool
fake_end(MigHost *h, Mig *m, bool ok)
{
	Fake *f = (Fake *) h;

	(void) m;
	if (!ok)
	{
		fake_copy(&f->now, &f->before);
		f->ran[f->ran_kept] = '\0';
	}
	f->begun--;
	return true;
}

/* Whether the host is cut off here. */
static bool
cut(Fake *f, Mig *m)
{
	return f->cut > 0 && --f->cut == 0 && !mig_fail(m, MIG_HOST, "cut off");
}

static bool
fake_commit(MigHost *h, Mig *m)
{
	Fake *f = (Fake *) h;

	if (cut(f, m))
		return false;
	keep_all(f);
	f->commits++;
	h->commits++;
	if (f->between != NULL)
		f->between(f);
	keep_all(f);
	return !cut(f, m);
}

static bool
fake_enter(MigHost *h, Mig *m, bool fk_off)
{
	(void) m;
	(void) fk_off;
	((Fake *) h)->entered++;
	return true;
}

static bool
fake_leave(MigHost *h, Mig *m, bool done)
{
	(void) m;
	(void) done;
	((Fake *) h)->entered--;
	return true;
}

static void
note_text(char *to, size_t room, const char *text, size_t len)
{
	size_t used = strlen(to);

	snprintf(to + used, room - used, "%.*s;", (int) len, text);
}

static bool
has(MigStr text, const char *word)
{
	for (size_t i = 0; i + strlen(word) <= text.len; i++)
		if (memcmp(text.at + i, word, strlen(word)) == 0)
			return true;
	return false;
}

int
fake_count(MigStr text, const char *word)
{
	size_t n = strlen(word);
	int count = 0;

	for (size_t i = 0; i + n <= text.len; i++)
		count += memcmp(text.at + i, word, n) == 0;
	return count;
}

static void *
plain_get(void *context, size_t size)
{
	(void) context;
	return malloc(size);
}

static void
plain_put(void *context, void *memory)
{
	(void) context;
	free(memory);
}

void
fake_mig(Mig *m)
{
	static const MigMemory memory = {plain_get, plain_put, NULL, 0};

	mig_init(m, &memory, &mig_sqlite);
}

static bool
fake_exec(MigHost *h, Mig *m, const MigStatement *s, MigResult *r)
{
	Fake *f = (Fake *) h;
	char text[200];
	int n;

	if (cut(f, m))
		return false;
	if (has(s->text, "fail"))
		return mig_fail(m, MIG_HOST, "it failed");
	if (has(s->text, "count"))
		n = snprintf(text, sizeof(text), "%.*s %d", MIG_S(s->text),
		             f->now.applied.rows);
	else
		n = snprintf(text, sizeof(text), "%.*s", MIG_S(s->text));
	note_text(f->ran, sizeof(f->ran), text, (size_t) n);
	r->rows = 1;
	r->holds = !has(s->text, "refuse");
	return true;
}

static bool
fake_exec_alone(MigHost *h, Mig *m, const MigAlone *alone, MigResult *r)
{
	Fake *f = (Fake *) h;
	char text[200];
	int n;

	if (cut(f, m))
		return false;
	if (has(alone->statement->text, "fail"))
		return mig_fail(m, MIG_HOST, "it failed");
	for (int i = 0; i < alone->nsettings; i++)
		note_text(f->ran, sizeof(f->ran), alone->settings[i]->text.at,
		          alone->settings[i]->text.len);
	n = snprintf(text, sizeof(text), "%s:%.*s",
	             alone->again ? "again" : "alone",
	             MIG_S(alone->statement->text));
	note_text(f->ran, sizeof(f->ran), text, (size_t) n);
	f->ran_kept = strlen(f->ran);
	r->rows = 1;
	r->holds = true;
	return !cut(f, m);
}

static void
fake_note(MigHost *h, Mig *m, const char *text)
{
	Fake *f = (Fake *) h;

	(void) m;
	note_text(f->notes, sizeof(f->notes), text, strlen(text));
}

static int64_t
fake_now(MigHost *h, int *offset)
{
	if (offset != NULL)
		*offset = 3600;
	return ((Fake *) h)->clock += 1000000;
}

static bool
fake_allowed(MigHost *h, Mig *m, bool write)
{
	(void) h;
	(void) m;
	(void) write;
	return true;
}

static bool
fake_is_directory(MigHost *h, Mig *m, MigStr path, bool *yes)
{
	(void) h;
	(void) m;
	*yes = !has(path, ".sql");
	return true;
}

static bool
fake_list(MigHost *h, Mig *m, MigStr root, MigStr path, MigStr **names,
          int *count)
{
	Fake *f = (Fake *) h;

	(void) root;
	(void) path;
	*count = f->nfiles;
	*names = mig_alloc_array(m, (size_t) f->nfiles, sizeof(MigStr));
	for (int i = 0; *names != NULL && i < f->nfiles; i++)
		(*names)[i] = f->files[i].name;
	return *names != NULL;
}

static bool
fake_read(MigHost *h, Mig *m, MigStr path, MigStr *text)
{
	Fake *f = (Fake *) h;

	for (int i = 0; i < f->nfiles; i++)
	{
		MigStr name = f->files[i].name;

		if (path.len < name.len ||
		    !mig_str_eq(mig_str_from(path, path.len - name.len), name))
			continue;
		*text = mig_copy(m, f->files[i].text);
		return text->at != NULL;
	}
	return mig_fail(m, MIG_FILE, "could not open file \"%.*s\"", MIG_S(path));
}

static bool
fake_write(MigHost *h, Mig *m, MigStr path, MigStr text)
{
	Fake *f = (Fake *) h;

	(void) text;
	(void) m;
	note_text(f->ran, sizeof(f->ran), path.at, path.len);
	return true;
}

static const MigHostOps fake_ops = {
	.begin = fake_begin,
	.end = fake_end,
	.enter = fake_enter,
	.leave = fake_leave,
	.exec = fake_exec,
	.commit = fake_commit,
	.exec_alone = fake_exec_alone,
	.query = fake_query,
	.note = fake_note,
	.now = fake_now,
};

static const MigFileOps fake_files = {
	fake_allowed, fake_is_directory, fake_list, fake_read, fake_write,
};

void
fake_init(Fake *f)
{
	memset(f, 0, sizeof(*f));
	f->base.ops = &fake_ops;
	f->base.files = &fake_files;
	f->base.version = "9.9.9";
}

void
fake_done(Fake *f)
{
	fake_clear(&f->now);
	fake_clear(&f->before);
}

bool
fake_call(Fake *f, Mig *m, MigFunctionId id, MigCall *c, const char *a,
          const char *b, const char *d)
{
	const char *given[] = {a, b, d};

	memset(c, 0, sizeof(*c));
	c->m = m;
	c->host = &f->base;
	c->function = &mig_functions[id];
	for (int i = 0; i < MIG_MAX_ARGS; i++)
	{
		MigValue *v = &c->args[i];

		v->null = i >= 3 || given[i] == NULL;
		if (v->null)
			continue;
		v->text = mig_str(given[i]);
		mig_str_int(v->text, &v->number);
	}
	return mig_call(c);
}

MigStr
fake_rows(MigCall *c)
{
	MigText t = {c->m, NULL, 0, 0};
	int columns = mig_function_ncolumns(c->function);

	for (int64_t i = 0; i < c->nrows; i++)
	{
		MigValue cells[MIG_MAX_COLUMNS];

		if (!mig_call_row(c, i, cells))
			break;
		for (int k = 0; k < columns; k++)
		{
			if (k > 0)
				mig_text_char(&t, '|');
			if (cells[k].null)
				continue;
			if (c->function->columns[k].type == MIG_TYPE_TEXT)
				mig_text_str_add(&t, cells[k].text);
			else
				mig_text_int(&t, cells[k].number);
		}
		mig_text_char(&t, '\n');
	}
	return mig_text_str(&t);
}
