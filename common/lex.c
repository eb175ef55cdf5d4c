#include "private.h"

#include "lex.h"

/* What a token that begins with a byte may be. Classes up to DO may stand in
   a word, classes from OP to BT in an operator. */
enum
{
	WO, /* letter, digit, _ or a byte over 127 */
	DO, /* $ */
	OP, /* operator */
	MI, /* - */
	SL, /* slash */
	BT, /* ` */
	SP, /* blank or line end */
	QU, /* ' */
	DQ, /* " */
	BR, /* [ */
	CH  /* a token of its own */
};

/* clang-format off */
static const unsigned char classes[256] = {
	CH, CH, CH, CH, CH, CH, CH, CH, CH, SP, SP, SP, SP, SP, CH, CH,
	CH, CH, CH, CH, CH, CH, CH, CH, CH, CH, CH, CH, CH, CH, CH, CH,
	SP, OP, DQ, OP, DO, OP, OP, QU, CH, CH, OP, OP, CH, MI, CH, SL,
	WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, CH, CH, OP, OP, OP, OP,
	OP, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO,
	WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, BR, CH, CH, OP, WO,
	BT, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO,
	WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, CH, OP, CH, OP, CH,
	WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO,
	WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO,
	WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO,
	WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO,
	WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO,
	WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO,
	WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO,
	WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO,
};
/* clang-format on */

#define CLASS(c) classes[(unsigned char) (c)]

static const char bom[] = {'\xEF', '\xBB', '\xBF'};

/* Whether the byte at i is the first of a line. */
static bool
line_start(MigStr s, size_t i)
{
	return i == 0 || s.at[i - 1] == '\n' || s.at[i - 1] == '\r';
}

static bool
is_bom(MigStr s, size_t i)
{
	return s.at[i] == bom[0] && s.len - i >= sizeof(bom) &&
	       memcmp(s.at + i, bom, sizeof(bom)) == 0 && line_start(s, i);
}

static bool
behind_bom(MigStr s, size_t i)
{
	return i >= sizeof(bom) && s.at[i - 1] == bom[2] &&
	       is_bom(s, i - sizeof(bom));
}

/* Whether the byte at i ends a line: LF, or CR that no LF follows. */
static bool
line_end(MigStr s, size_t i)
{
	return s.at[i] == '\n' ||
	       (s.at[i] == '\r' && (i + 1 == s.len || s.at[i + 1] != '\n'));
}

/* The end of the line that i is in, line end not included. */
static size_t
rest_of_line(MigStr s, size_t i)
{
	while (i < s.len && s.at[i] != '\n' && s.at[i] != '\r')
		i++;
	return i;
}

static size_t
end_of_space(MigStr s, size_t i)
{
	while (i < s.len && CLASS(s.at[i]) == SP)
		i++;
	return i;
}

static size_t
end_of_word(MigStr s, size_t i)
{
	while (i < s.len && CLASS(s.at[i]) <= DO)
		i++;
	return i;
}

/* Whether the two bytes a, b stand at i. */
static bool
pair_at(MigStr s, size_t i, char a, char b)
{
	return i + 1 < s.len && s.at[i] == a && s.at[i + 1] == b;
}

static size_t
end_of_operator(const MigDialect *d, MigStr s, size_t i)
{
	for (; i < s.len; i++)
	{
		int class = CLASS(s.at[i]);

		if (class < OP || class > (d->backtick_names ? SL : BT) ||
		    pair_at(s, i, '-', '-') || pair_at(s, i, '/', '*'))
			break;
	}
	return i;
}

/* Behind the slash-star at i; 0: unterminated. */
static size_t
end_of_comment(const MigDialect *d, MigStr s, size_t i)
{
	size_t depth = 1;

	i += 2;
	while (depth > 0 && i + 1 < s.len)
	{
		bool opens = d->nested_comments && pair_at(s, i, '/', '*');
		bool closes = pair_at(s, i, '*', '/');

		depth = depth + opens - closes;
		i += opens || closes ? 2 : 1;
	}
	return depth == 0 ? i : 0;
}

/* Behind the quote that closes the one at i; inside, a doubled one stands for
   itself. 0: unterminated. */
static size_t
end_of_quote(MigStr s, size_t i, char close)
{
	i++;
	while (i < s.len)
	{
		const char *at = memchr(s.at + i, close, s.len - i);

		if (at == NULL)
			return 0;
		i = (size_t) (at - s.at);
		if (close == ']' || !pair_at(s, i, close, close))
			return i + 1;
		i += 2;
	}
	return 0;
}

/* The same where a backslash takes the byte behind it along. */
static size_t
end_of_escapes(MigStr s, size_t i)
{
	i++;
	while (i < s.len)
	{
		if (s.at[i] == '\\' || pair_at(s, i, '\'', '\''))
			i += 2;
		else if (s.at[i++] == '\'')
			return i;
	}
	return 0;
}

/* A string goes on at the next quote if only blanks, line comments and at
   least one line end lie between. Returns that quote's offset, or 0. */
static size_t
next_segment(MigStr s, size_t i)
{
	bool line = false;

	while (i < s.len && (CLASS(s.at[i]) == SP || pair_at(s, i, '-', '-')))
	{
		line |= s.at[i] == '\n' || s.at[i] == '\r';
		i = s.at[i] == '-' ? rest_of_line(s, i) : i + 1;
	}
	return line && i < s.len && s.at[i] == '\'' ? i : 0;
}

/* E'..' whose quote stands at i, with the segments that follow it. */
static size_t
end_of_escape_string(MigStr s, size_t i)
{
	size_t end = end_of_escapes(s, i);

	while (end > 0 && (i = next_segment(s, end)) > 0)
		end = end_of_escapes(s, i);
	return end;
}

/* The length of the dollar quote $tag$ that begins at i, or 0. */
static size_t
dollar_tag(MigStr s, size_t i)
{
	size_t n = i + 1;

	if (n < s.len && s.at[n] >= '0' && s.at[n] <= '9')
		return 0;
	while (n < s.len && CLASS(s.at[n]) == WO)
		n++;
	return n < s.len && s.at[n] == '$' ? n + 1 - i : 0;
}

/* Behind the dollar quote at i whose tag is that long; 0: unterminated. */
static size_t
end_of_dollar(MigStr s, size_t i, size_t tag)
{
	size_t n = i + tag;

	while (s.len - n >= tag)
	{
		const char *at = memchr(s.at + n, '$', s.len - n - tag + 1);

		if (at == NULL)
			break;
		n = (size_t) (at - s.at);
		if (memcmp(at, s.at + i, tag) == 0)
			return n + tag;
		n++;
	}
	return 0;
}

/* The length of a string's or name's prefix at i, the quote not counted, or 0
   if none begins there. */
static size_t
prefix_of(MigStr s, size_t i)
{
	char next = i + 1 < s.len ? s.at[i + 1] : ' ';

	if (next == '\'' && strchr("eEbBxXnN", s.at[i]) != NULL)
		return 1;
	if (next == '&' && (s.at[i] == 'u' || s.at[i] == 'U') && i + 2 < s.len &&
	    (s.at[i + 2] == '\'' || s.at[i + 2] == '"'))
		return 2;
	return 0;
}

static size_t
word(const MigDialect *d, MigStr s, size_t i, MigTokenKind *kind)
{
	size_t prefix = prefix_of(s, i);
	char letter = s.at[i];

	*kind = MIG_T_WORD;
	if (prefix == 0)
		return end_of_word(s, i);
	*kind = s.at[i + prefix] == '"' ? MIG_T_NAME : MIG_T_STRING;
	if (d->escape_strings && (letter == 'e' || letter == 'E'))
		return end_of_escape_string(s, i + prefix);
	return end_of_quote(s, i + prefix, s.at[i + prefix]);
}

/* A $ that begins no dollar quote begins a word: $1. */
static size_t
dollar(const MigDialect *d, MigStr s, size_t i, MigTokenKind *kind)
{
	size_t tag = d->dollar_quotes ? dollar_tag(s, i) : 0;

	*kind = tag > 0 ? MIG_T_DOLLAR : MIG_T_WORD;
	return tag > 0 ? end_of_dollar(s, i, tag) : end_of_word(s, i);
}

/* Where the token at i ends; 0 if it is unterminated. */
static size_t
token_end(const MigDialect *d, MigStr s, size_t i, MigTokenKind *kind)
{
	switch (CLASS(s.at[i]))
	{
		case SP:
			*kind = MIG_T_SPACE;
			return end_of_space(s, i);
		case WO:
			return word(d, s, i, kind);
		case DO:
			return dollar(d, s, i, kind);
		case QU:
			*kind = MIG_T_STRING;
			return end_of_quote(s, i, '\'');
		case DQ:
			*kind = MIG_T_NAME;
			return end_of_quote(s, i, '"');
		case BR:
			*kind = d->bracket_names ? MIG_T_NAME : MIG_T_CHAR;
			return d->bracket_names ? end_of_quote(s, i, ']') : i + 1;
		case BT:
			*kind = d->backtick_names ? MIG_T_NAME : MIG_T_OPERATOR;
			return d->backtick_names ? end_of_quote(s, i, '`')
			                         : end_of_operator(d, s, i);
		case MI:
			if (pair_at(s, i, '-', '-'))
			{
				*kind = MIG_T_LINE_COMMENT;
				return rest_of_line(s, i);
			}
			break;
		case SL:
			if (pair_at(s, i, '/', '*'))
			{
				*kind =
					pair_at(s, i + 1, '*', '+') ? MIG_T_HINT : MIG_T_COMMENT;
				return end_of_comment(d, s, i);
			}
			break;
		case CH:
			*kind = MIG_T_CHAR;
			return i + 1;
	}
	*kind = MIG_T_OPERATOR;
	return end_of_operator(d, s, i);
}

/* Whether tokens of this kind may hold line ends. */
static bool
has_lines(MigTokenKind kind)
{
	return kind != MIG_T_WORD && kind != MIG_T_CHAR &&
	       kind != MIG_T_OPERATOR && kind != MIG_T_LINE_COMMENT;
}

void
mig_lex_start(MigLexer *l, const MigDialect *dialect, MigStr text)
{
	l->dialect = dialect;
	l->text = text;
	l->offset = 0;
	l->line = 1;
}

bool
mig_lex_next(MigLexer *l, MigToken *token)
{
	MigStr s = l->text;
	size_t i = l->offset;
	size_t end;

	if (i >= s.len)
		return false;
	if (is_bom(s, i))
	{
		token->kind = MIG_T_SPACE;
		end = i + sizeof(bom);
	}
	else
		end = token_end(l->dialect, s, i, &token->kind);
	token->open = end == 0;
	if (end == 0)
		end = s.len;
	token->text.at = s.at + i;
	token->text.len = end - i;
	token->offset = i;
	token->line = l->line;
	token->bol = line_start(s, i) || behind_bom(s, i);
	if (has_lines(token->kind))
		mig_lex_skip(l, end);
	l->offset = end;
	return true;
}

void
mig_lex_skip(MigLexer *l, size_t offset)
{
	for (; l->offset < offset; l->offset++)
		l->line += line_end(l->text, l->offset);
}

bool
mig_lex_blank(const MigToken *token)
{
	return token->kind == MIG_T_SPACE || token->kind == MIG_T_LINE_COMMENT ||
	       token->kind == MIG_T_COMMENT;
}

MigPos
mig_lex_pos(MigStr source, MigStr text, size_t offset)
{
	MigPos pos = {source, 0, 1, 1};

	mig_lex_pos_move(&pos, text, offset);
	return pos;
}

/* Over whole lines that end in LF, as far as they lie before end. */
static size_t
lines_over(MigPos *pos, MigStr text, size_t end)
{
	size_t i = pos->offset;

	while (i < end)
	{
		const char *at = memchr(text.at + i, '\n', end - i);
		size_t n = at ? (size_t) (at - text.at) - i : 0;

		if (at == NULL || memchr(text.at + i, '\r', n) != NULL)
			break;
		i += n + 1;
		pos->line++;
		pos->column = 1;
	}
	return i;
}

void
mig_lex_pos_move(MigPos *pos, MigStr text, size_t offset)
{
	size_t i = lines_over(pos, text, offset < text.len ? offset : text.len);

	while (i < offset && i < text.len)
	{
		unsigned char c = (unsigned char) text.at[i];
		bool mark;

		if (c >= ' ' && c < 0x80)
		{
			pos->column++;
			i++;
			continue;
		}
		mark = is_bom(text, i);
		if (line_end(text, i))
		{
			pos->line++;
			pos->column = 1;
		}
		else if (!mark && (c & 0xC0) != 0x80)
			pos->column++;
		i += mark ? sizeof(bom) : 1;
	}
	pos->offset = i;
}
