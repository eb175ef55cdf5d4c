#include "private.h"

#include "alembic_sql.h"
#include "lines.h"
#include "text.h"

/* "-- Running upgrade a, b -> c": the line goes on behind the second word. */
static bool
take_running(MigStr *comment, bool *up)
{
	MigStr rest = *comment;

	if (!mig_str_take(&rest, "-- Running "))
		return false;
	*up = mig_str_take(&rest, "upgrade ");
	if (!*up && !mig_str_take(&rest, "downgrade "))
		return false;
	*comment = rest;
	return mig_str_find(rest, MIG_LIT("->")) < rest.len;
}

bool
mig_alembic_is_sql(const MigDialect *dialect, MigStr text)
{
	MigLexer lexer;
	MigToken token;
	bool up;

	mig_lex_start(&lexer, dialect, text);
	while (mig_lex_next(&lexer, &token))
		if (token.kind == MIG_T_LINE_COMMENT && token.bol &&
		    take_running(&token.text, &up))
			return true;
	return false;
}

/* An upgrade is named by what stands behind the arrow, a downgrade by what
   stands before it. */
static MigStr
revision_of(MigStr rest, bool up)
{
	size_t arrow = mig_str_find(rest, MIG_LIT("->"));
	MigStr side = {rest.at, arrow};
	MigStr word;

	if (up)
		side = mig_str_from(rest, arrow + 2);
	return mig_str_next(&side, &word) ? word : MIG_LIT("");
}

typedef struct Reader
{
	Mig *m;
	const MigDialect *dialect;
	MigPos pos;   /* moves on with the steps */
	bool began;   /* the output has transactions, */
	bool inside;  /* and this is in one */
	MigStr table; /* that Alembic keeps; absent while it is not known */
} Reader;

/* The first tokens of a statement with one blank between them. */
static MigStr
flat(const Reader *r, MigStr text)
{
	MigText t = {r->m, NULL, 0, 0};
	MigLexer lexer;
	MigToken token;

	mig_lex_start(&lexer, r->dialect, text);
	for (int n = 0; n < 16 && mig_lex_next(&lexer, &token);)
	{
		if (mig_lex_blank(&token))
			continue;
		mig_text_str_add(&t, token.text);
		mig_text_char(&t, ' ');
		n++;
	}
	return mig_text_str(&t);
}

/* A name, perhaps behind a schema's; *name is the name itself. */
static bool
take_name(MigStr *s, MigStr *name)
{
	do
		*name = mig_str_before(s, ' ');
	while (mig_str_take(s, ". "));
	return name->len > 0;
}

/* What Alembic does with its own table, which is the one with a column
   version_num. */
static bool
is_own(Reader *r, MigStr text)
{
	static const char *const forms[][2] = {
		{"insert into ", "( version_num )"},
		{"update ", "set version_num = "},
		{"create table ", "( version_num "},
	};
	MigStr all = flat(r, text);
	MigStr name;

	for (int i = 0; i < MIG_COUNT(forms); i++)
	{
		MigStr s = all;

		if (mig_str_take_word(&s, forms[i][0]) && take_name(&s, &name) &&
		    mig_str_take_word(&s, forms[i][1]))
		{
			r->table = name;
			return true;
		}
	}
	if (mig_str_take_word(&all, "delete from "))
	{
		bool own = take_name(&all, &name) &&
		           mig_str_take_word(&all, "where ") &&
		           mig_str_find(all, MIG_LIT(". version_num = ")) < all.len;

		r->table = own ? name : r->table;
		return own;
	}
	return mig_str_take_word(&all, "drop table ") && take_name(&all, &name) &&
	       (r->table.at != NULL ? mig_str_eq(name, r->table)
	                            : mig_str_is(name, "alembic_version"));
}

/* Take note of a transaction's begin or end; false for anything else. */
static bool
is_control(Reader *r, const MigStatement *s)
{
	if (s->kind == MIG_STMT_BEGIN)
		r->began = r->inside = true;
	else if (s->kind == MIG_STMT_COMMIT)
		r->inside = false;
	else
		return false;
	return true;
}

/* The last part, if there is one, is done. */
static void
part_end(const Reader *r, MigAlembicStep *step, char *canvas)
{
	MigPart *part;

	if (canvas == NULL || !mig_ok(r->m))
		return;
	part = &step->parts[step->nparts - 1];
	part->text = mig_canvas_text(canvas, step->text.len, &part->line);
}

/* A part that is all blanks, for statements to be copied into. */
static bool
part_begin(Reader *r, MigAlembicStep *step, bool transactional, char **canvas)
{
	MigPart *part = &step->parts[step->nparts];

	part_end(r, step, *canvas);
	step->nparts++;
	*canvas = mig_canvas(r->m, step->text);
	if (*canvas == NULL)
		return false;
	mig_blank(*canvas, step->text.len);
	*part = (MigPart){.kind = step->up ? MIG_UP : MIG_DOWN,
	                  .target = step->target,
	                  .transactional = transactional,
	                  .source = step->file->name,
	                  .line = step->line,
	                  .text = {*canvas, step->text.len}};
	return true;
}

/* A statement with what stands before it, comments mostly, and its
   semicolon. */
static void
copy(const MigAlembicStep *step, char *canvas, size_t from, size_t to)
{
	memcpy(canvas + from, step->text.at + from, to - from);
	while (to < step->text.len && strchr(" \t\r\n", step->text.at[to]))
		to++;
	if (to < step->text.len && step->text.at[to] == ';')
		canvas[to] = ';';
}

/* Where a statement ends, with COPY's data and the line that ends them. */
static size_t
end_of(const MigAlembicStep *step, const MigStatement *s)
{
	const char *end = s->text.at + s->text.len;
	MigStr rest;

	if (s->data.at == NULL)
		return (size_t) (end - step->text.at);
	rest = mig_str_from(step->text,
	                    (size_t) (s->data.at + s->data.len - step->text.at));
	return step->text.len - rest.len + mig_str_before(&rest, '\n').len;
}

static bool
step_parts(Reader *r, MigAlembicStep *step)
{
	MigStatements all;
	size_t done = 0;
	bool kind = true;
	char *canvas = NULL;

	if (!mig_split_from(r->m, r->dialect, r->pos, step->file->text, step->text,
	                    &all))
		return false;
	step->parts =
		mig_alloc_array(r->m, (size_t) all.count + 1, sizeof(*step->parts));
	if (step->parts == NULL)
		return false;
	for (int i = 0; i < all.count; i++)
	{
		const MigStatement *s = &all.items[i];
		size_t end = end_of(step, s);
		bool transactional = r->inside || !r->began;
		bool skip = is_control(r, s) || is_own(r, s->text);

		if (!skip && (canvas == NULL || kind != transactional) &&
		    !part_begin(r, step, transactional, &canvas))
			return false;
		kind = skip ? kind : transactional;
		if (!skip)
			copy(step, canvas, done, end);
		done = end;
		while (done < step->text.len &&
		       strchr(" \t\r\n;", step->text.at[done]))
			done++;
	}
	if (step->nparts == 0 && !part_begin(r, step, true, &canvas))
		return false;
	part_end(r, step, canvas);
	return true;
}

static bool
step_begin(Reader *r, const MigToken *token, const MigLexer *lexer,
           MigAlembicStep *step)
{
	MigStr rest = token->text;

	memset(step, 0, sizeof(*step));
	take_running(&rest, &step->up);
	step->revision = revision_of(rest, step->up);
	step->text = mig_str_from(lexer->text, lexer->offset);
	step->line = token->line;
	return mig_ok(r->m);
}

/* The steps as they stand; what is before the first is looked at too, since
   a transaction may begin there. */
static bool
cut(Reader *r, const MigFile *file, MigAlembicStep **steps, int *count)
{
	size_t room = 0;
	MigLexer lexer;
	MigToken token;
	bool up;

	mig_lex_start(&lexer, r->dialect, file->text);
	while (mig_lex_next(&lexer, &token))
	{
		MigStr comment = token.text;
		MigAlembicStep *items;

		if (token.kind != MIG_T_LINE_COMMENT || !token.bol ||
		    !take_running(&comment, &up))
			continue;
		items = mig_grow(r->m, *steps, (size_t) *count, &room,
		                 (size_t) *count + 1, sizeof(*items));
		if (items == NULL)
			return false;
		*steps = items;
		if (*count > 0)
			items[*count - 1].text.len =
				(size_t) (token.text.at - items[*count - 1].text.at);
		if (!step_begin(r, &token, &lexer, &items[(*count)++]))
			return false;
	}
	return true;
}

/* Whether the text before the first step begins a transaction. */
static bool
head_read(Reader *r, const MigFile *file, MigStr head)
{
	MigStatements all;

	if (!mig_split_from(r->m, r->dialect, r->pos, file->text, head, &all))
		return false;
	for (int i = 0; i < all.count; i++)
		if (!is_control(r, &all.items[i]))
			is_own(r, all.items[i].text);
	return mig_ok(r->m);
}

bool
mig_alembic_sql(Mig *m, const MigFile *file, MigFor target,
                MigAlembicStep **steps, int *count)
{
	Reader r = {.m = m, .dialect = mig_dialect_of(m, target)};
	MigStr head = file->text;

	*steps = NULL;
	*count = 0;
	r.pos = mig_lex_pos(file->name, file->text, 0);
	if (!cut(&r, file, steps, count) || *count == 0)
		return mig_ok(m);
	head.len = (size_t) ((*steps)[0].text.at - head.at);
	if (!head_read(&r, file, head))
		return false;
	for (int i = 0; i < *count; i++)
	{
		MigAlembicStep *step = &(*steps)[i];

		step->file = file;
		step->target = target;
		mig_lex_pos_move(&r.pos, file->text,
		                 (size_t) (step->text.at - file->text.at));
		if (!step_parts(&r, step))
			return false;
	}
	return true;
}
