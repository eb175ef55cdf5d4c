#include "private.h"

#include "directive.h"

static const char *const names[MIG_D_COUNT] = {
	[MIG_D_REVISION] = "revision",
	[MIG_D_REVISES] = "revises",
	[MIG_D_DEPENDS] = "depends",
	[MIG_D_LABELS] = "labels",
	[MIG_D_MESSAGE] = "message",
	[MIG_D_CREATED] = "created",
	[MIG_D_ORIGIN] = "origin",
	[MIG_D_REPEATABLE] = "repeatable",
	[MIG_D_UP] = "up",
	[MIG_D_DOWN] = "down",
	[MIG_D_VERIFY] = "verify",
};

enum
{
	DIALECT,
	TRANSACTION,
	FILE_NAME,
	LINE,
	OPTION_COUNT
};

static const struct
{
	const char *name;
	const char *values[2];
} options_known[OPTION_COUNT] = {
	[DIALECT] = {"dialect", {"postgresql", "sqlite"}},
	[TRANSACTION] = {"transaction", {"false", "true"}},
	[FILE_NAME] = {"file", {NULL, NULL}},
	[LINE] = {"line", {NULL, NULL}},
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static MigStr
blanks_off(MigStr s)
{
	while (s.len > 0 && is_blank(s.at[0]))
		s = mig_str_from(s, 1);
	return s;
}

/* The directive of that name, whatever its case. */
static MigDirectiveKind
kind_of(MigStr word, bool *exact)
{
	int i = 0;

	while (i < MIG_D_COUNT && !mig_str_word(word, names[i]))
		i++;
	*exact = i == MIG_D_COUNT || mig_str_is(word, names[i]);
	return (MigDirectiveKind) i;
}

bool
mig_directive_read(MigStr comment, MigDirective *d)
{
	static const char prefix[] = "migrate";
	MigStr s = blanks_off(mig_str_from(comment, 2));
	MigStr start = s;
	bool exact_word;

	d->comment = comment;
	if (s.len < sizeof(prefix) ||
	    !mig_str_word((MigStr){s.at, sizeof(prefix) - 1}, prefix))
		return false;
	s = blanks_off(mig_str_from(s, sizeof(prefix) - 1));
	if (s.len == 0 || s.at[0] != ':')
		return false;
	d->exact = mig_str_starts(start, MIG_LIT("migrate:")) && s.len > 1 &&
	           !is_blank(s.at[1]);
	s = blanks_off(mig_str_from(s, 1));
	/* Nothing behind the colon: meant, as nobody ends a sentence so. */
	if (s.len == 0)
		d->exact = mig_str_starts(start, MIG_LIT("migrate:"));
	d->word = s;
	while (s.len > 0 && !is_blank(s.at[0]))
		s = mig_str_from(s, 1);
	d->word.len -= s.len;
	d->args = mig_str_trim(s);
	d->kind = kind_of(d->word, &exact_word);
	if (d->kind == MIG_D_COUNT)
		return d->exact;
	d->exact &= exact_word;
	return true;
}

const char *
mig_directive_name(MigDirectiveKind kind)
{
	return names[kind];
}

bool
mig_directive_section(const MigDirective *d)
{
	return d->kind == MIG_D_UP || d->kind == MIG_D_DOWN ||
	       d->kind == MIG_D_VERIFY;
}

bool
mig_directive_meant(const MigDirective *d)
{
	MigStr args = d->args;
	MigStr word;

	if (mig_directive_section(d))
		return args.len == 0 || mig_str_starts(args, MIG_LIT("dialect:")) ||
		       mig_str_starts(args, MIG_LIT("transaction:"));
	return d->kind == MIG_D_REVISION && mig_str_next(&args, &word) &&
	       !mig_str_next(&args, &word);
}

/* The option that a word key:value gives, OPTION_COUNT if none; value is what
   stands behind the colon, absent without one. */
static int
option_of(MigStr word, MigStr *key, MigStr *value)
{
	const char *colon = memchr(word.at, ':', word.len);
	int i = 0;

	*key = word;
	*value = (MigStr){NULL, 0};
	if (colon != NULL)
	{
		key->len = (size_t) (colon - word.at);
		*value = mig_str_from(word, key->len + 1);
	}
	while (i < OPTION_COUNT && !mig_str_is(*key, options_known[i].name))
		i++;
	return i;
}

static bool
option_unknown(Mig *m, MigStr key)
{
	MigStr best = {NULL, 0};
	int distance = 0;

	mig_fail(m, MIG_SYNTAX, "option \"%.*s\" does not exist", MIG_S(key));
	for (int i = 0; i < OPTION_COUNT; i++)
		mig_nearest(key, mig_str(options_known[i].name), &best, &distance);
	if (best.at != NULL)
		return mig_hint(m, "The closest option is \"%.*s\".", MIG_S(best));
	return mig_hint(m, "A section takes the options dialect:postgresql, "
	                   "dialect:sqlite and transaction:false.");
}

/* Which of an option's two values it is; -1: neither. */
static int
value_of(int option, MigStr value)
{
	for (int i = 0; i < 2; i++)
		if (mig_str_is(value, options_known[option].values[i]))
			return i;
	return -1;
}

static bool
value_wrong(Mig *m, int option, MigStr value)
{
	const char *const *values = options_known[option].values;

	if (value.len == 0)
		mig_fail(m, MIG_SYNTAX, "option \"%s\" has no value",
		         options_known[option].name);
	else
		mig_fail(m, MIG_SYNTAX,
		         "value \"%.*s\" of option \"%s\" does not exist",
		         MIG_S(value), options_known[option].name);
	return mig_hint(m, "Write %s:%s or %s:%s.", options_known[option].name,
	                values[0], options_known[option].name, values[1]);
}

/* Where the text of a section came from. */
static bool
place_set(Mig *m, int option, MigStr value, MigOptions *options)
{
	int64_t line;

	if (option == FILE_NAME && value.len > 0)
	{
		options->file = value;
		return true;
	}
	if (option == LINE && mig_str_int(value, &line) && line > 0 &&
	    line <= INT_MAX / 2)
	{
		options->line = (int) line;
		return true;
	}
	if (option == FILE_NAME || value.len == 0)
		mig_fail(m, MIG_SYNTAX, "option \"%s\" has no value",
		         options_known[option].name);
	else
		mig_fail(m, MIG_SYNTAX,
		         "value \"%.*s\" of option \"line\" is not a"
		         " line number",
		         MIG_S(value));
	return mig_hint(m, "Write file:NAME and line:N, the place in the original"
	                   " file of the section's first line.");
}

static bool
option_set(Mig *m, const MigDirective *d, int option, int value,
           MigOptions *options)
{
	switch (option)
	{
		case DIALECT:
			options->target = value == 0 ? MIG_FOR_POSTGRESQL : MIG_FOR_SQLITE;
			return true;
		case TRANSACTION:
			options->transactional = value == 1;
			break;
	}
	if (d->kind != MIG_D_VERIFY)
		return true;
	mig_fail(m, MIG_SYNTAX,
	         "option \"transaction\" does not apply to a verify section");
	return mig_hint(m, "A verify section runs in the transaction of its up "
	                   "sections.");
}

bool
mig_directive_options(Mig *m, const MigDirective *d, MigOptions *options,
                      MigStr *bad)
{
	bool seen[OPTION_COUNT] = {false};
	MigStr args = d->args;
	MigStr key, value;

	memset(options, 0, sizeof(*options));
	options->target = MIG_FOR_BOTH;
	options->transactional = true;
	while (mig_str_next(&args, bad))
	{
		int option = option_of(*bad, &key, &value);
		int choice;

		if (option == OPTION_COUNT)
			return option_unknown(m, key);
		if (seen[option])
		{
			mig_fail(m, MIG_SYNTAX, "option \"%.*s\" is given twice",
			         MIG_S(key));
			return mig_hint(m, "Leave one of them out.");
		}
		seen[option] = true;
		if (option == FILE_NAME || option == LINE)
		{
			if (!place_set(m, option, value, options))
				return false;
			continue;
		}
		choice = value_of(option, value);
		if (choice < 0)
			return value_wrong(m, option, value);
		if (!option_set(m, d, option, choice, options))
			return false;
	}
	return true;
}

MigFor
mig_directive_for(const MigDirective *d)
{
	MigStr args = d->args;
	MigStr word, key, value;

	while (mig_str_next(&args, &word))
		if (option_of(word, &key, &value) == DIALECT)
			switch (value_of(DIALECT, value))
			{
				case 0:
					return MIG_FOR_POSTGRESQL;
				case 1:
					return MIG_FOR_SQLITE;
			}
	return MIG_FOR_BOTH;
}

bool
mig_directive_unknown(Mig *m, const MigDirective *d)
{
	MigStr best = {NULL, 0};
	int distance = 0;

	if (d->word.len == 0)
		mig_fail(m, MIG_SYNTAX, "directive \"migrate:\" has no word");
	else
		mig_fail(m, MIG_SYNTAX, "directive \"migrate:%.*s\" does not exist",
		         MIG_S(d->word));
	for (int i = 0; i < MIG_D_COUNT; i++)
		mig_nearest(d->word, mig_str(names[i]), &best, &distance);
	if (best.at != NULL)
		return mig_hint(m, "The closest directive is \"migrate:%.*s\".",
		                MIG_S(best));
	return mig_hint(m, "The directives are revision, revises, depends, labels,"
	                   " message, created, origin, repeatable, up, down and"
	                   " verify.");
}
