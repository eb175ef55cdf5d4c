#include "private.h"

#include "split.h"

void
mig_walk_start(MigWalker *w, Mig *m, const MigDialect *dialect, MigStr source,
               MigStr whole, MigStr text)
{
	const char *zero;

	memset(w, 0, sizeof(*w));
	w->m = m;
	w->source = source;
	w->whole = whole;
	w->from = (MigPos){source, 0, 1, 1};
	mig_lex_start(&w->lexer, dialect, text);
	zero = text.len > 0 ? memchr(text.at, '\0', text.len) : NULL;
	if (zero != NULL && mig_ok(m))
	{
		mig_fail(m, MIG_SYNTAX, "zero byte in the script");
		mig_hint(m, "Save the script in UTF-8.");
		mig_walk_at(w, (size_t) (zero - text.at));
	}
}

bool
mig_walk_idle(const MigWalker *w)
{
	return w->parens == 0 && !w->body;
}

bool
mig_walk_at(MigWalker *w, size_t offset)
{
	size_t at = (size_t) (w->lexer.text.at - w->whole.at) + offset;
	MigPos pos = w->from;

	if (at < pos.offset)
		pos = (MigPos){w->source, 0, 1, 1};
	mig_lex_pos_move(&pos, w->whole, at);
	return mig_at(w->m, pos);
}

static bool
is_word(const MigToken *t, const char *word)
{
	return t->kind == MIG_T_WORD && mig_str_word(t->text, word);
}

static bool
is_char(const MigToken *t, char c)
{
	return t->kind == MIG_T_CHAR && t->text.at[0] == c;
}

/* Words that may stand between CREATE and what it makes. */
static bool
is_filler(const MigToken *t)
{
	return is_word(t, "or") || is_word(t, "replace") || is_word(t, "temp") ||
	       is_word(t, "temporary");
}

/* What the statement is, as far as splitting goes, with one more token. */
static MigHead
head_next(const MigWalker *w, const MigToken *t)
{
	const MigDialect *d = w->lexer.dialect;

	if (w->head == MIG_HEAD_NONE)
	{
		if (is_word(t, "create"))
			return MIG_HEAD_CREATE;
		return d->copy_data && is_word(t, "copy") ? MIG_HEAD_COPY
		                                          : MIG_HEAD_OTHER;
	}
	if (w->head == MIG_HEAD_CREATE && !is_filler(t))
	{
		if (d->trigger_bodies && is_word(t, "trigger"))
			return MIG_HEAD_TRIGGER;
		if (d->atomic_bodies &&
		    (is_word(t, "function") || is_word(t, "procedure")))
			return MIG_HEAD_ROUTINE;
		return MIG_HEAD_OTHER;
	}
	return w->head;
}

/* Whether t opens a body. In a trigger that may be a table named begin, which
   does no harm: only ; END closes. */
static bool
opens_body(const MigWalker *w, const MigToken *t)
{
	if (w->head == MIG_HEAD_TRIGGER)
		return is_word(t, "begin") && !is_char(&w->last, '.');
	return w->head == MIG_HEAD_ROUTINE && is_word(t, "atomic") &&
	       is_word(&w->last, "begin");
}

static bool
closes_body(const MigWalker *w, const MigToken *t)
{
	return is_word(t, "end") &&
	       (is_char(&w->last, ';') || is_word(&w->last, "atomic"));
}

/* One token of a statement outside of parentheses. */
static void
token_outside(MigWalker *w, const MigToken *t)
{
	w->head = head_next(w, t);
	switch (w->head)
	{
		case MIG_HEAD_ROUTINE:
		case MIG_HEAD_TRIGGER:
			if (w->body && closes_body(w, t))
			{
				w->body = false;
				w->head = MIG_HEAD_OTHER;
			}
			else if (!w->body && opens_body(w, t))
			{
				w->body = true;
				w->body_at = t->offset;
			}
			break;
		case MIG_HEAD_COPY:
			if (is_word(t, "stdin") && is_word(&w->last, "from"))
				w->copy = true;
			break;
		case MIG_HEAD_NONE:
		case MIG_HEAD_CREATE:
		case MIG_HEAD_OTHER:
			break;
	}
}

static void
statement_forget(MigWalker *w)
{
	w->head = MIG_HEAD_NONE;
	w->copy = false;
}

static MigWalkStep
token_step(MigWalker *w, const MigToken *t)
{
	if (t->kind == MIG_T_HINT)
		return MIG_WALK_TOKEN;
	if (is_char(t, ';') && mig_walk_idle(w))
	{
		w->data = w->copy;
		statement_forget(w);
		return MIG_WALK_STOP;
	}
	if (w->parens == 0)
		token_outside(w, t);
	if (is_char(t, '(') && w->parens++ == 0)
		w->parens_at = t->offset;
	else if (is_char(t, ')') && w->parens > 0)
		w->parens--;
	w->last = *t;
	return MIG_WALK_TOKEN;
}

static bool
unterminated(MigWalker *w, const char *what, size_t offset)
{
	mig_fail(w->m, MIG_SYNTAX, "unterminated %s", what);
	mig_hint(w->m, "It begins here and runs to the end of the script.");
	return mig_walk_at(w, offset);
}

static bool
open_token(MigWalker *w, const MigToken *t)
{
	switch (t->kind)
	{
		case MIG_T_COMMENT:
		case MIG_T_HINT:
			return unterminated(w, "comment", t->offset);
		case MIG_T_NAME:
			return unterminated(w, "quoted identifier", t->offset);
		case MIG_T_DOLLAR:
			return unterminated(w, "dollar-quoted string", t->offset);
		case MIG_T_SPACE:
		case MIG_T_LINE_COMMENT:
		case MIG_T_WORD:
		case MIG_T_STRING:
		case MIG_T_OPERATOR:
		case MIG_T_CHAR:
			break;
	}
	return unterminated(w, "quoted string", t->offset);
}

bool
mig_walk_close(MigWalker *w)
{
	if (!mig_ok(w->m))
		return false;
	if (w->parens > 0)
		return unterminated(w, "parenthesis", w->parens_at);
	if (w->body)
		return unterminated(
			w, w->head == MIG_HEAD_TRIGGER ? "trigger body" : "routine body",
			w->body_at);
	if (w->copy)
	{
		mig_fail(w->m, MIG_SYNTAX, "COPY FROM stdin without data");
		mig_hint(w->m, "A semicolon ends the statement; the data follow on "
		               "the next lines, and then a line that is only \\. .");
		return mig_walk_at(w, w->last.offset);
	}
	statement_forget(w);
	return true;
}

/* The offset behind the line that i is in; lines of COPY data end at LF. */
static size_t
next_line(MigStr s, size_t i)
{
	const char *at = i < s.len ? memchr(s.at + i, '\n', s.len - i) : NULL;

	return at == NULL ? s.len : (size_t) (at - s.at) + 1;
}

/* Whether the line from i to end, line end included, is only \. */
static bool
is_data_end(MigStr s, size_t i, size_t end)
{
	MigStr line = {s.at + i, end - i};

	return line.len < 5 && mig_str_is(mig_str_trim(line), "\\.") &&
	       line.at[0] == '\\';
}

/* Behind COPY's semicolon: the rest of its line, the data, the \. line. */
static MigWalkStep
walk_data(MigWalker *w, MigToken *token)
{
	MigStr s = w->lexer.text;
	size_t semicolon = w->lexer.offset - 1;
	size_t i = w->lexer.offset;
	size_t start = next_line(s, i);

	w->data = false;
	while (i < start && (s.at[i] == ' ' || s.at[i] == '\t' ||
	                     s.at[i] == '\r' || s.at[i] == '\n'))
		i++;
	if (i < start && !mig_str_starts(mig_str_from(s, i), MIG_LIT("--")))
	{
		mig_fail(w->m, MIG_SYNTAX, "text behind the semicolon of COPY");
		mig_hint(w->m, "The data begin on the next line.");
		mig_walk_at(w, i);
		return MIG_WALK_END;
	}
	mig_lex_skip(&w->lexer, start);
	token->line = w->lexer.line;
	for (i = start; i < s.len;)
	{
		size_t end = next_line(s, i);

		if (is_data_end(s, i, end))
		{
			token->kind = MIG_T_STRING;
			token->text.at = s.at + start;
			token->text.len = i - start;
			token->offset = start;
			token->bol = true;
			token->open = false;
			mig_lex_skip(&w->lexer, end);
			return MIG_WALK_DATA;
		}
		i = end;
	}
	mig_fail(w->m, MIG_SYNTAX, "unterminated COPY data");
	mig_hint(w->m, "The data end with a line that is only \\. .");
	mig_walk_at(w, semicolon);
	return MIG_WALK_END;
}

/* A line of psql's, which begins with a backslash where a statement could. */
static MigWalkStep
walk_command(MigWalker *w, MigToken *token)
{
	MigStr s = w->lexer.text;
	size_t end = token->offset;
	MigStr line, command;

	while (end < s.len && s.at[end] != '\n' && s.at[end] != '\r')
		end++;
	line.at = s.at + token->offset;
	line.len = end - token->offset;
	mig_str_next(&(MigStr){line.at, line.len}, &command);
	if (w->head == MIG_HEAD_NONE && (mig_str_is(command, "\\restrict") ||
	                                 mig_str_is(command, "\\unrestrict")))
	{
		mig_lex_skip(&w->lexer, end);
		token->kind = MIG_T_SPACE;
		token->text = line;
		return MIG_WALK_BLANK;
	}
	mig_fail(w->m, MIG_SYNTAX, "\"%.*s\" is a command of psql, not SQL",
	         command.len > 60 ? 60 : (int) command.len, command.at);
	mig_hint(w->m, "Write SQL in its place; of psql's commands only "
	               "\\restrict and \\unrestrict may stand in a script.");
	mig_walk_at(w, token->offset);
	return MIG_WALK_END;
}

MigWalkStep
mig_walk(MigWalker *w, MigToken *token)
{
	if (!mig_ok(w->m))
		return MIG_WALK_END;
	if (w->data)
		return walk_data(w, token);
	if (!mig_lex_next(&w->lexer, token))
	{
		mig_walk_close(w);
		return MIG_WALK_END;
	}
	if (token->open)
	{
		open_token(w, token);
		return MIG_WALK_END;
	}
	if (mig_lex_blank(token))
		return MIG_WALK_BLANK;
	if (is_char(token, '\\') && w->lexer.dialect->psql_commands)
		return walk_command(w, token);
	return token_step(w, token);
}

/* Statements while they are collected. */
typedef struct Splitter
{
	MigStatements *out;
	size_t room;
	MigPos pos;   /* of the last statement: the next one's comes after it */
	size_t start; /* of the statement that is open, */
	size_t end;   /* behind its last token */
	bool any;     /* it has a token, */
	bool says;    /* and not only hints */
} Splitter;

/* Put the open statement, if there is one, to the others. */
static bool
statement_put(MigWalker *w, Splitter *s)
{
	MigStatements *out = s->out;
	size_t base = (size_t) (w->lexer.text.at - w->whole.at);
	MigStatement *items, *item;

	if (!s->says)
	{
		s->any = false;
		return true;
	}
	if (out->count == INT_MAX)
		return mig_fail(w->m, MIG_NOMEM, "out of memory");
	items = mig_grow(w->m, out->items, (size_t) out->count, &s->room,
	                 (size_t) out->count + 1, sizeof(*items));
	if (items == NULL)
		return false;
	out->items = items;
	item = &items[out->count++];
	memset(item, 0, sizeof(*item));
	item->text.at = w->lexer.text.at + s->start;
	item->text.len = s->end - s->start;
	item->kind = mig_statement_kind(w->lexer.dialect, item->text);
	mig_lex_pos_move(&s->pos, w->whole, base + s->start);
	item->pos = s->pos;
	s->any = s->says = false;
	return true;
}

static void
token_add(Splitter *s, const MigToken *t)
{
	if (!s->any)
		s->start = t->offset;
	s->end = t->offset + t->text.len;
	s->any = true;
	s->says |= t->kind != MIG_T_HINT;
}

bool
mig_split_from(Mig *m, const MigDialect *dialect, MigPos from, MigStr whole,
               MigStr body, MigStatements *out)
{
	Splitter s = {.out = out, .pos = from};
	MigWalker w;
	MigToken token;
	MigWalkStep step;

	out->items = NULL;
	out->count = 0;
	mig_walk_start(&w, m, dialect, from.source, whole, body);
	w.from = from;
	while ((step = mig_walk(&w, &token)) != MIG_WALK_END)
	{
		if (step == MIG_WALK_TOKEN)
			token_add(&s, &token);
		else if (step == MIG_WALK_STOP)
			statement_put(&w, &s);
		else if (step == MIG_WALK_DATA)
		{
			out->items[out->count - 1].kind = MIG_STMT_COPY_DATA;
			out->items[out->count - 1].data = token.text;
		}
	}
	return mig_ok(m) && statement_put(&w, &s);
}

bool
mig_split(Mig *m, const MigDialect *dialect, MigStr source, MigStr whole,
          MigStr body, MigStatements *out)
{
	return mig_split_from(m, dialect, mig_lex_pos(source, whole, 0), whole,
	                      body, out);
}
