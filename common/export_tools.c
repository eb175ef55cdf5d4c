#include "private.h"

#include "export.h"

/* A word of another tool's in a text would be read by it. */
static bool
has_word(MigStr text, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= text.len; i++)
		if (memcmp(text.at + i, word, n) == 0)
			return true;
	return false;
}

static bool
read_both(MigExport *e, MigPiece *up, MigPiece *down)
{
	return mig_export_piece(e, MIG_UP, up) &&
	       mig_export_piece(e, MIG_DOWN, down);
}

static bool
outside(const MigPiece *p)
{
	return p->alone || p->control;
}

/* dbmate: one file, both blocks, an option each. */
static bool
write_dbmate(MigExport *e)
{
	MigText t = {e->m, NULL, 0, 0};
	MigPiece up, down;

	if (!read_both(e, &up, &down))
		return false;
	mig_text_fmt(&t, "-- migrate:up%s\n",
	             outside(&up) ? " transaction:false" : "");
	mig_text_str_add(&t, mig_text_str(&up.text));
	mig_text_fmt(&t, "\n-- migrate:down%s\n",
	             outside(&down) ? " transaction:false" : "");
	mig_text_str_add(&t, mig_text_str(&down.text));
	return mig_export_file(e, mig_text_str(&t), "%.*s_%.*s.sql",
	                       MIG_S(e->version), MIG_S(e->slug));
}

/* golang-migrate: a file each; the driver decides about transactions. In
   PostgreSQL a file is one call: one statement runs outside of any. SQLite's
   driver wraps every file unless it is told not to. */
static bool
golang_piece(MigExport *e, const MigPiece *p, const char *way)
{
	bool sqlite = e->dialect == &mig_sqlite;

	if (p->sections == 0)
		return true;
	if (sqlite ? outside(p) : p->alone && p->all.count > 1)
		return mig_export_refuse(e, "statements outside of a transaction");
	return mig_export_file(
		e,
		p->text.at == NULL ? mig_str("") : (MigStr){p->text.at, p->text.len},
		"%.*s_%.*s.%s.sql", MIG_S(e->version), MIG_S(e->slug), way);
}

static bool
write_golang(MigExport *e)
{
	MigPiece up, down;

	return read_both(e, &up, &down) && golang_piece(e, &up, "up") &&
	       golang_piece(e, &down, "down");
}

/* goose cuts a text at line ends behind a semicolon: a statement with such a
   line in it has to say where it begins and ends. */
static bool
needs_marks(MigStr text)
{
	return memchr(text.at, ';', text.len) != NULL || has_word(text, "\n--") ||
	       mig_str_starts(text, MIG_LIT("--"));
}

static bool
goose_part(MigExport *e, MigText *t, const MigPiece *p, const char *title)
{
	mig_text_fmt(t, "-- +goose %s\n", title);
	for (int i = 0; i < p->all.count; i++)
	{
		MigStr text = p->all.items[i].text;

		if (has_word(text, "+goose"))
			return mig_export_refuse(e, "a statement with \"+goose\" in it");
		if (needs_marks(text))
			mig_text_fmt(t,
			             "-- +goose StatementBegin\n%.*s;\n"
			             "-- +goose StatementEnd\n",
			             MIG_S(text));
		else
			mig_text_fmt(t, "%.*s;\n", MIG_S(text));
	}
	return mig_ok(e->m);
}

static bool
write_goose(MigExport *e)
{
	MigText t = {e->m, NULL, 0, 0};
	MigPiece up, down;

	if (!read_both(e, &up, &down))
		return false;
	if (up.sections > 0 && down.sections > 0 && outside(&up) != outside(&down))
		return mig_export_refuse(e, "up and down of which only one runs in a"
		                            " transaction");
	if (outside(&up) || outside(&down))
		mig_text_add(&t, "-- +goose NO TRANSACTION\n");
	if (!goose_part(e, &t, &up, "Up"))
		return false;
	mig_text_char(&t, '\n');
	if (down.sections > 0 && !goose_part(e, &t, &down, "Down"))
		return false;
	return mig_export_file(e, mig_text_str(&t), "%.*s_%.*s.sql",
	                       MIG_S(e->version), MIG_S(e->slug));
}

/* Flyway: what a file cannot say of itself stands in a .conf beside it. */
static bool
flyway_piece(MigExport *e, MigPiece *p, char letter)
{
	MigStr text = mig_text_str(&p->text);
	MigText conf = {e->m, NULL, 0, 0};
	char name[400];

	if (e->version.at == NULL)
		snprintf(name, sizeof(name), "R__%.*s.sql", MIG_S(e->slug));
	else
		snprintf(name, sizeof(name), "%c%.*s__%.*s.sql", letter,
		         MIG_S(e->version), MIG_S(e->slug));
	if (!mig_export_file(e, text, "%s", name))
		return false;
	if (outside(p))
		mig_text_add(&conf, "executeInTransaction=false\n");
	if (has_word(text, "${"))
		mig_text_add(&conf, "placeholderReplacement=false\n");
	return conf.len == 0 ||
	       mig_export_file(e, mig_text_str(&conf), "%s.conf", name);
}

static bool
write_flyway(MigExport *e)
{
	MigPiece up, down;

	if (!read_both(e, &up, &down) || !flyway_piece(e, &up, 'V'))
		return false;
	return down.sections == 0 || e->version.at == NULL ||
	       flyway_piece(e, &down, 'U');
}

static const MigExporter exporters[] = {
	{"dbmate", write_dbmate, false},
	{"flyway", write_flyway, true},
	{"golang-migrate", write_golang, false},
	{"goose", write_goose, false},
};

const MigExporter *
mig_exporter_find(MigStr name)
{
	for (int i = 0; i < MIG_COUNT(exporters); i++)
		if (mig_str_is(name, exporters[i].name))
			return &exporters[i];
	return NULL;
}

MigStr
mig_exporter_names(Mig *m)
{
	MigText t = {m, NULL, 0, 0};

	for (int i = 0; i < MIG_COUNT(exporters); i++)
		mig_text_fmt(&t, "%s%s", i > 0 ? ", " : "", exporters[i].name);
	return mig_text_str(&t);
}
