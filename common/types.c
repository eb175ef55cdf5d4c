#include "private.h"

#include "types.h"
#include "lex.h"
#include "text.h"

#define BOTH MIG_FOR_BOTH
#define PG MIG_FOR_POSTGRESQL
#define LITE MIG_FOR_SQLITE

/* One name. sqlite and postgresql as in MigTypeName. */
typedef struct TypeRow
{
	const char *name;
	MigFor where;
	MigFamily family;
	const char *sqlite;
	const char *postgresql;
	bool serial;
} TypeRow;

/* What SQLite calls INTEGER holds 64 bits, whatever it is called; so names
   without a width become bigint. */
static const TypeRow rows[] = {
	{"smallint", BOTH, MIG_F_INT16, NULL, NULL, false},
	{"int2", BOTH, MIG_F_INT16, NULL, NULL, false},
	{"tinyint", LITE, MIG_F_INT16, NULL, "smallint", false},
	{"integer", BOTH, MIG_F_INT32, NULL, "bigint", false},
	{"int", BOTH, MIG_F_INT32, NULL, "bigint", false},
	{"int4", BOTH, MIG_F_INT32, NULL, NULL, false},
	{"mediumint", LITE, MIG_F_INT32, NULL, "integer", false},
	{"bigint", BOTH, MIG_F_INT64, NULL, NULL, false},
	{"int8", BOTH, MIG_F_INT64, NULL, NULL, false},
	{"unsigned big int", LITE, MIG_F_INT64, NULL, "bigint", false},
	{"unsigned int", LITE, MIG_F_INT64, NULL, "bigint", false},
	{"unsigned integer", LITE, MIG_F_INT64, NULL, "bigint", false},
	{"unsigned bigint", LITE, MIG_F_INT64, NULL, "bigint", false},
	{"int unsigned", LITE, MIG_F_INT64, NULL, "bigint", false},
	{"integer unsigned", LITE, MIG_F_INT64, NULL, "bigint", false},
	{"bigint unsigned", LITE, MIG_F_INT64, NULL, "bigint", false},
	{"long", LITE, MIG_F_INT64, NULL, "bigint", false},
	{"smallserial", PG, MIG_F_INT16, "integer", NULL, true},
	{"serial2", PG, MIG_F_INT16, "integer", NULL, true},
	{"serial", PG, MIG_F_INT32, "integer", NULL, true},
	{"serial4", PG, MIG_F_INT32, "integer", NULL, true},
	{"bigserial", PG, MIG_F_INT64, "integer", NULL, true},
	{"serial8", PG, MIG_F_INT64, "integer", NULL, true},

	{"numeric", BOTH, MIG_F_NUMERIC, NULL, NULL, false},
	{"decimal", BOTH, MIG_F_NUMERIC, NULL, NULL, false},
	{"dec", BOTH, MIG_F_NUMERIC, NULL, NULL, false},
	{"number", LITE, MIG_F_NUMERIC, NULL, "numeric", false},
	{"real", BOTH, MIG_F_FLOAT32, NULL, "double precision", false},
	{"float4", BOTH, MIG_F_FLOAT32, NULL, "double precision", false},
	{"float", BOTH, MIG_F_FLOAT64, NULL, "double precision", false},
	{"double precision", BOTH, MIG_F_FLOAT64, NULL, NULL, false},
	{"float8", BOTH, MIG_F_FLOAT64, NULL, NULL, false},
	{"double", LITE, MIG_F_FLOAT64, NULL, "double precision", false},

	{"text", BOTH, MIG_F_TEXT, NULL, NULL, false},
	{"clob", LITE, MIG_F_TEXT, NULL, "text", false},
	{"longtext", LITE, MIG_F_TEXT, NULL, "text", false},
	{"mediumtext", LITE, MIG_F_TEXT, NULL, "text", false},
	{"tinytext", LITE, MIG_F_TEXT, NULL, "text", false},
	{"string", LITE, MIG_F_TEXT, "text", "text", false},
	{"varchar", BOTH, MIG_F_VARCHAR, NULL, NULL, false},
	{"character varying", BOTH, MIG_F_VARCHAR, NULL, NULL, false},
	{"char varying", BOTH, MIG_F_VARCHAR, NULL, NULL, false},
	{"varying character", LITE, MIG_F_VARCHAR, NULL, "varchar", false},
	{"nvarchar", LITE, MIG_F_VARCHAR, NULL, "varchar", false},
	{"varchar2", LITE, MIG_F_VARCHAR, NULL, "varchar", false},
	{"char", BOTH, MIG_F_CHAR, NULL, NULL, false},
	{"character", BOTH, MIG_F_CHAR, NULL, NULL, false},
	{"bpchar", PG, MIG_F_CHAR, NULL, NULL, false},
	{"nchar", BOTH, MIG_F_CHAR, NULL, NULL, false},
	{"native character", LITE, MIG_F_CHAR, NULL, "char", false},

	{"boolean", BOTH, MIG_F_BOOLEAN, NULL, NULL, false},
	{"bool", BOTH, MIG_F_BOOLEAN, NULL, NULL, false},

	/* SQLite's drivers look at these names, and dates are no numbers: they
	   are kept although their affinity is NUMERIC. */
	{"date", BOTH, MIG_F_DATE, NULL, NULL, false},
	{"time", BOTH, MIG_F_TIME, NULL, NULL, false},
	{"time without time zone", PG, MIG_F_TIME, "time", NULL, false},
	{"timestamp", BOTH, MIG_F_TIMESTAMP, NULL, NULL, false},
	{"timestamp without time zone", PG, MIG_F_TIMESTAMP, "timestamp", NULL,
     false},
	{"datetime", LITE, MIG_F_TIMESTAMP, NULL, "timestamp", false},
	{"timestamptz", PG, MIG_F_TIMESTAMPTZ, "timestamptz text", NULL, false},
	{"timestamp with time zone", PG, MIG_F_TIMESTAMPTZ, "timestamptz text",
     NULL, false},
	/* "interval" has the letters INT, which make a number of it. */
	{"interval", PG, MIG_F_INTERVAL, "duration text", NULL, false},
	{"duration", LITE, MIG_F_INTERVAL, "duration text", "interval", false},

	{"json", BOTH, MIG_F_JSON, "json text", NULL, false},
	{"jsonb", BOTH, MIG_F_JSON, "jsonb text", NULL, false},
	{"uuid", BOTH, MIG_F_UUID, "uuid text", NULL, false},
	{"guid", LITE, MIG_F_UUID, NULL, "uuid", false},
	{"uniqueidentifier", LITE, MIG_F_UUID, NULL, "uuid", false},
	{"bytea", PG, MIG_F_BYTES, "bytea blob", NULL, false},
	{"blob", LITE, MIG_F_BYTES, NULL, "bytea", false},
	{"binary", LITE, MIG_F_BYTES, "blob", "bytea", false},
	{"varbinary", LITE, MIG_F_BYTES, "blob", "bytea", false},
	{"longblob", LITE, MIG_F_BYTES, NULL, "bytea", false},
	{"mediumblob", LITE, MIG_F_BYTES, NULL, "bytea", false},
	{"tinyblob", LITE, MIG_F_BYTES, NULL, "bytea", false},
	{"any", LITE, MIG_F_NONE, NULL, "", false},
	{"inet", PG, MIG_F_NETWORK, "inet text", NULL, false},
	{"cidr", PG, MIG_F_NETWORK, "cidr text", NULL, false},
	{"macaddr", PG, MIG_F_NETWORK, "macaddr text", NULL, false},
};

/* What a family loses on its way into the other database, when the declared
   type is one that the database's own name stands for. */
typedef struct FamilyRow
{
	MigFamily family;
	const char *name;
	MigVerdict to_sqlite, to_postgresql;
	const char *sqlite_why, *postgresql_why;
} FamilyRow;

static const FamilyRow families[] = {
	{MIG_F_NONE, "none", MIG_V_WIDER, MIG_V_NONE,
     "A column without a type takes any value.",
     "PostgreSQL has no column without a type."},
	{MIG_F_INT16, "integer 16", MIG_V_WIDER, MIG_V_NARROWER,
     "SQLite takes integers of 64 bits, and other values too.",
     "Numbers beyond 16 bits and values that are no integers are refused."},
	{MIG_F_INT32, "integer 32", MIG_V_WIDER, MIG_V_NARROWER,
     "SQLite takes integers of 64 bits, and other values too.",
     "Numbers beyond 32 bits and values that are no integers are refused."},
	{MIG_F_INT64, "integer 64", MIG_V_WIDER, MIG_V_NARROWER,
     "SQLite takes other values too.",
     "Values that are no integers are refused."},
	{MIG_F_NUMERIC, "numeric", MIG_V_LOSSY, MIG_V_NARROWER,
     "SQLite keeps 15 digits of a fraction, rounds nothing to the scale and "
     "drops zeros at the end.",
     "Values are rounded to the scale; those beyond the precision are "
     "refused."},
	{MIG_F_FLOAT32, "float 32", MIG_V_WIDER, MIG_V_LOSSY,
     "SQLite's floating point numbers have 64 bits.",
     "Six digits of a number stay."},
	{MIG_F_FLOAT64, "float 64", MIG_V_WIDER, MIG_V_NARROWER,
     "SQLite takes other values too; it has no NaN.",
     "Values that are no numbers are refused."},
	{MIG_F_TEXT, "text", MIG_V_SAME, MIG_V_NARROWER, NULL,
     "Zero bytes and what is not UTF-8 are refused."},
	{MIG_F_VARCHAR, "varchar", MIG_V_WIDER, MIG_V_NARROWER,
     "SQLite does not check the length.", "Longer values are refused."},
	{MIG_F_CHAR, "char", MIG_V_LOSSY, MIG_V_LOSSY,
     "SQLite neither pads nor checks the length.",
     "Values are padded with blanks; longer ones are refused."},
	{MIG_F_BOOLEAN, "boolean", MIG_V_WIDER, MIG_V_NARROWER,
     "SQLite keeps 0 and 1, and takes other values too.",
     "Values other than 0 and 1 are refused."},
	{MIG_F_DATE, "date", MIG_V_WIDER, MIG_V_NARROWER,
     "SQLite keeps what was written and does not check it.",
     "What is no date is refused."},
	{MIG_F_TIME, "time", MIG_V_WIDER, MIG_V_NARROWER,
     "SQLite keeps what was written and does not check it.",
     "What is no time is refused."},
	{MIG_F_TIMESTAMP, "timestamp", MIG_V_WIDER, MIG_V_NARROWER,
     "SQLite keeps what was written and does not check it; "
     "CURRENT_TIMESTAMP gives whole seconds.",
     "What is no timestamp is refused; numbers of seconds are none."},
	{MIG_F_TIMESTAMPTZ, "timestamp with time zone", MIG_V_LOSSY,
     MIG_V_NARROWER,
     "SQLite keeps the text that was written: equal moments in different "
     "zones differ; CURRENT_TIMESTAMP gives whole seconds in UTC.",
     "What is no timestamp is refused; text without a zone is read in the "
     "session's."},
	{MIG_F_INTERVAL, "interval", MIG_V_LOSSY, MIG_V_NARROWER,
     "SQLite keeps the text and cannot calculate with it.",
     "What is no interval is refused."},
	{MIG_F_JSON, "json", MIG_V_LOSSY, MIG_V_NARROWER,
     "SQLite keeps the text as written, does not check it and compares it "
     "as text.",
     "What is no JSON is refused."},
	{MIG_F_UUID, "uuid", MIG_V_LOSSY, MIG_V_NARROWER,
     "SQLite keeps the text as written: upper and lower case differ.",
     "What is no UUID is refused."},
	{MIG_F_BYTES, "bytes", MIG_V_SAME, MIG_V_NARROWER, NULL,
     "Text among the values is refused or read as an escape."},
	{MIG_F_ENUM, "enum", MIG_V_LOSSY, MIG_V_NARROWER,
     "A CHECK keeps other labels out; order is that of text.",
     "Labels that the type does not have are refused."},
	{MIG_F_ARRAY, "array", MIG_V_NONE, MIG_V_NONE, "SQLite has no arrays.",
     NULL},
	{MIG_F_NETWORK, "network address", MIG_V_LOSSY, MIG_V_NARROWER,
     "SQLite keeps the text as written, does not check it and orders it as "
     "text.",
     "What is no address is refused."},
	{MIG_F_OTHER, "other", MIG_V_NONE, MIG_V_NONE, "SQLite has no such type.",
     "PostgreSQL has no such type."},
};

/* Families ordered: a move down a row of the same ladder is wider. */
static const struct
{
	MigFamily from, to;
	MigVerdict verdict;
	const char *why;
} moves[] = {
	{MIG_F_INT16, MIG_F_INT32, MIG_V_WIDER, NULL},
	{MIG_F_INT16, MIG_F_INT64, MIG_V_WIDER, NULL},
	{MIG_F_INT32, MIG_F_INT64, MIG_V_WIDER, NULL},
	{MIG_F_INT16, MIG_F_NUMERIC, MIG_V_WIDER, NULL},
	{MIG_F_INT32, MIG_F_NUMERIC, MIG_V_WIDER, NULL},
	{MIG_F_INT64, MIG_F_NUMERIC, MIG_V_WIDER, NULL},
	{MIG_F_INT16, MIG_F_FLOAT32, MIG_V_WIDER, NULL},
	{MIG_F_INT16, MIG_F_FLOAT64, MIG_V_WIDER, NULL},
	{MIG_F_INT32, MIG_F_FLOAT64, MIG_V_WIDER, NULL},
	{MIG_F_INT64, MIG_F_FLOAT64, MIG_V_LOSSY,
     "Integers beyond 53 bits are rounded."},
	{MIG_F_FLOAT32, MIG_F_FLOAT64, MIG_V_WIDER, NULL},
	{MIG_F_FLOAT64, MIG_F_FLOAT32, MIG_V_LOSSY,
     "Six digits of a number stay."},
	{MIG_F_VARCHAR, MIG_F_TEXT, MIG_V_WIDER, NULL},
	{MIG_F_CHAR, MIG_F_TEXT, MIG_V_LOSSY, "Blanks at the end are dropped."},
	{MIG_F_CHAR, MIG_F_VARCHAR, MIG_V_LOSSY, "Blanks at the end are dropped."},
	{MIG_F_TEXT, MIG_F_VARCHAR, MIG_V_NARROWER, "Longer values are refused."},
	{MIG_F_DATE, MIG_F_TIMESTAMP, MIG_V_WIDER, NULL},
	{MIG_F_TIMESTAMP, MIG_F_DATE, MIG_V_LOSSY, "The time of day is dropped."},
	{MIG_F_TIMESTAMPTZ, MIG_F_DATE, MIG_V_LOSSY,
     "The time of day is dropped."},
	{MIG_F_TIMESTAMPTZ, MIG_F_TIMESTAMP, MIG_V_LOSSY,
     "The zone is dropped: values are those of the session's zone."},
	{MIG_F_TIMESTAMP, MIG_F_TIMESTAMPTZ, MIG_V_LOSSY,
     "Values are read in the session's zone."},
	{MIG_F_BOOLEAN, MIG_F_INT32, MIG_V_WIDER, NULL},
	{MIG_F_ENUM, MIG_F_TEXT, MIG_V_WIDER, NULL},
	{MIG_F_JSON, MIG_F_TEXT, MIG_V_WIDER, NULL},
	{MIG_F_UUID, MIG_F_TEXT, MIG_V_WIDER, NULL},
	{MIG_F_NETWORK, MIG_F_TEXT, MIG_V_WIDER, NULL},
};

const char *
mig_type_family(MigFamily family)
{
	return families[family].name;
}

const char *
mig_type_verdict(MigVerdict verdict)
{
	static const char *const names[] = {"same", "wider", "narrower", "lossy",
	                                    "none"};

	return names[verdict];
}

/* Whether the declared type has these letters, given in lower case. */
static bool
has_letters(MigStr s, const char *letters)
{
	size_t n = strlen(letters);

	for (size_t i = 0; i + n <= s.len; i++)
		if (mig_str_word((MigStr){s.at + i, n}, letters))
			return true;
	return false;
}

MigAffinity
mig_type_affinity(MigStr declared)
{
	static const struct
	{
		const char *letters;
		MigAffinity affinity;
	} rules[] = {
		{"int", MIG_AFFINITY_INTEGER}, {"char", MIG_AFFINITY_TEXT},
		{"clob", MIG_AFFINITY_TEXT},   {"text", MIG_AFFINITY_TEXT},
		{"blob", MIG_AFFINITY_BLOB},   {"real", MIG_AFFINITY_REAL},
		{"floa", MIG_AFFINITY_REAL},   {"doub", MIG_AFFINITY_REAL},
	};

	if (mig_str_trim(declared).len == 0)
		return MIG_AFFINITY_BLOB;
	for (int i = 0; i < MIG_COUNT(rules); i++)
		if (has_letters(declared, rules[i].letters))
			return rules[i].affinity;
	return MIG_AFFINITY_NUMERIC;
}

/* Room for a name; longer ones are in no table. */
#define NAME_MAX_LEN 64

typedef struct NameReader
{
	char name[NAME_MAX_LEN];
	size_t len;
	bool too_long;
	bool array;
	bool dotted; /* the last token was a point */
} NameReader;

static void
name_add(NameReader *r, MigStr word)
{
	size_t blank = r->len > 0 && !r->dotted ? 1 : 0;

	if (r->dotted)
		r->len = 0;
	r->dotted = false;
	if (word.len + blank > NAME_MAX_LEN - r->len)
	{
		r->too_long = true;
		return;
	}
	if (blank)
		r->name[r->len++] = ' ';
	for (size_t i = 0; i < word.len; i++)
	{
		char c = word.at[i];

		r->name[r->len++] = c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
	}
}

/* Arguments: numbers between parentheses. */
static void
name_arg(MigTypeName *out, const MigToken *t)
{
	int64_t value;

	if (out->nargs < 2 && mig_str_int(t->text, &value))
		out->args[out->nargs++] = value;
}

static MigStr
name_inside(const MigToken *t)
{
	MigStr s = t->text;

	if (t->kind != MIG_T_NAME || t->open || s.len < 2)
		return s;
	return (MigStr){s.at + 1, s.len - 2};
}

static void
name_token(NameReader *r, const MigToken *t, int *depth, MigTypeName *out)
{
	char c = t->text.at[0];

	if (t->kind == MIG_T_CHAR && (c == '(' || c == ')'))
		*depth += c == '(' ? 1 : -1;
	else if (t->kind == MIG_T_CHAR && (c == '[' || c == ']'))
		r->array = true;
	else if (t->kind == MIG_T_CHAR && c == '.')
		r->dotted = true;
	else if (t->kind == MIG_T_WORD && mig_str_word(t->text, "array"))
		r->array = true;
	else if (*depth > 0)
		name_arg(out, t);
	else if (!r->array && (t->kind == MIG_T_WORD || t->kind == MIG_T_NAME))
		name_add(r, name_inside(t));
}

static const TypeRow *
find(MigStr name)
{
	for (int i = 0; i < MIG_COUNT(rows); i++)
		if (mig_str_is(name, rows[i].name))
			return &rows[i];
	return NULL;
}

/* "uuid text" to "uuid": the word that only makes the affinity right. */
static const TypeRow *
find_lengthened(MigStr name)
{
	if (name.len > 5 &&
	    (mig_str_is(mig_str_from(name, name.len - 5), " text") ||
	     mig_str_is(mig_str_from(name, name.len - 5), " blob")))
		return find((MigStr){name.at, name.len - 5});
	return NULL;
}

static void
by_affinity(MigTypeName *out)
{
	static const MigFamily of[] = {MIG_F_INT64, MIG_F_TEXT, MIG_F_BYTES,
	                               MIG_F_FLOAT64, MIG_F_OTHER};
	static const char *const names[] = {"bigint", "text", "bytea",
	                                    "double precision", ""};
	MigAffinity affinity = mig_type_affinity(out->declared);

	out->family = of[affinity];
	out->postgresql = names[affinity];
}

static void
settle(MigTypeName *out, const TypeRow *row)
{
	out->family = row->family;
	out->where = row->where;
	out->serial = row->serial;
	out->sqlite = row->sqlite;
	out->postgresql = row->postgresql;
}

/* In SQLite a width in the name says nothing where the name is its own. */
static void
settle_sqlite(MigTypeName *out)
{
	if (out->postgresql != NULL && strcmp(out->postgresql, "bigint") == 0)
		out->family = MIG_F_INT64;
	if (out->postgresql != NULL &&
	    strcmp(out->postgresql, "double precision") == 0)
		out->family = MIG_F_FLOAT64;
}

bool
mig_type_read(Mig *m, MigFor in, MigStr declared, MigTypeName *out)
{
	NameReader r = {.len = 0};
	const TypeRow *row, *longer;
	MigLexer lexer;
	MigToken t;
	int depth = 0;

	memset(out, 0, sizeof(*out));
	out->declared = mig_str_trim(declared);
	out->in = in;
	out->family = MIG_F_OTHER;
	out->sqlite = out->postgresql = "";
	mig_lex_start(&lexer, &mig_postgresql, out->declared);
	while (mig_lex_next(&lexer, &t))
		if (!mig_lex_blank(&t))
			name_token(&r, &t, &depth, out);
	out->name = mig_copy(m, (MigStr){r.name, r.len});
	if (out->name.at == NULL)
		return false;
	if (out->declared.len == 0)
		out->family = MIG_F_NONE;
	if (r.array)
		out->family = MIG_F_ARRAY;
	if (r.array || r.too_long || out->declared.len == 0)
		return true;
	row = find(out->name);
	longer = row == NULL ? find_lengthened(out->name) : NULL;
	if (row != NULL || longer != NULL)
		settle(out, row != NULL ? row : longer);
	else if (in == LITE)
		by_affinity(out);
	if (longer != NULL && out->postgresql == NULL)
		out->postgresql = longer->name;
	if (in == LITE)
		settle_sqlite(out);
	return true;
}

/* The name in the other database with the arguments behind it. */
static MigStr
with_args(Mig *m, const MigTypeName *t, const char *name)
{
	MigText text = {m, NULL, 0, 0};

	mig_text_add(&text, name);
	if (t->nargs > 0)
		mig_text_fmt(&text, "(%lld", (long long) t->args[0]);
	if (t->nargs > 1)
		mig_text_fmt(&text, ", %lld", (long long) t->args[1]);
	if (t->nargs > 0)
		mig_text_char(&text, ')');
	return mig_text_str(&text);
}

/* Whether PostgreSQL's type of that name takes what stands in parentheses. */
static bool
takes_args(const MigTypeName *t)
{
	switch (t->family)
	{
		case MIG_F_NUMERIC:
		case MIG_F_VARCHAR:
		case MIG_F_CHAR:
		case MIG_F_TIME:
		case MIG_F_TIMESTAMP:
		case MIG_F_TIMESTAMPTZ:
		case MIG_F_INTERVAL:
			return true;
		default:
			return false;
	}
}

bool
mig_type_fate(Mig *m, const MigTypeName *t, MigFor to, MigTypeFate *out)
{
	const FamilyRow *family = &families[t->family];
	const char *name = to == LITE ? t->sqlite : t->postgresql;

	out->becomes.at = NULL;
	out->becomes.len = 0;
	out->verdict = to == LITE ? family->to_sqlite : family->to_postgresql;
	out->why = to == LITE ? family->sqlite_why : family->postgresql_why;
	if (name != NULL && name[0] == '\0')
	{
		out->verdict = MIG_V_NONE;
		return true;
	}
	if (to == PG && t->nargs > 0 && !takes_args(t))
	{
		MigTypeName bare = *t;

		bare.nargs = 0;
		out->becomes = with_args(m, &bare, name != NULL ? name : t->name.at);
	}
	else
		out->becomes = name != NULL ? with_args(m, t, name)
		               : memchr(t->declared.at, '.', t->declared.len) != NULL
		                   ? with_args(m, t, t->name.at)
		                   : t->declared;
	return out->becomes.at != NULL;
}

/* The same family: only lengths can differ. */
static MigVerdict
compare_args(const MigTypeName *a, const MigTypeName *b, const char **why)
{
	int64_t lost = b->nargs > 1 ? b->args[1] : 0;
	int64_t had = a->nargs > 1 ? a->args[1] : 0;

	if (a->nargs == b->nargs && memcmp(a->args, b->args, sizeof(a->args)) == 0)
		return MIG_V_SAME;
	if (b->nargs == 0 && a->family != MIG_F_CHAR)
		return MIG_V_WIDER;
	if (a->family == MIG_F_NUMERIC && (a->nargs == 0 || had > lost))
	{
		*why = "Values are rounded to the scale.";
		return MIG_V_LOSSY;
	}
	if (a->nargs > 0 && a->args[0] - had <= b->args[0] - lost)
		return MIG_V_WIDER;
	*why = "Longer values are refused.";
	return MIG_V_NARROWER;
}

MigVerdict
mig_type_compare(const MigTypeName *a, const MigTypeName *b, const char **why)
{
	*why = NULL;
	if (a->family == MIG_F_OTHER || b->family == MIG_F_OTHER)
		return mig_str_eq(a->name, b->name) ? MIG_V_SAME : MIG_V_NONE;
	if (a->in != b->in)
	{
		const FamilyRow *row = &families[b->family];

		if (a->family == b->family)
		{
			*why = b->in == LITE ? row->sqlite_why : row->postgresql_why;
			return b->in == LITE ? row->to_sqlite : row->to_postgresql;
		}
	}
	if (a->family == b->family)
		return compare_args(a, b, why);
	for (int i = 0; i < MIG_COUNT(moves); i++)
		if (moves[i].from == a->family && moves[i].to == b->family)
		{
			*why = moves[i].why;
			return moves[i].verdict;
		}
	for (int i = 0; i < MIG_COUNT(moves); i++)
		if (moves[i].to == a->family && moves[i].from == b->family)
		{
			*why = "Values that do not fit are refused.";
			return MIG_V_NARROWER;
		}
	*why = "The families have nothing in common.";
	return MIG_V_NONE;
}
