#include "private.h"

#include "script.h"

#define ID_MAX 128

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_reserved(MigStr id)
{
	static const char *const words[] = {"base", "current", "head", "heads"};

	for (int i = 0; i < MIG_COUNT(words); i++)
		if (mig_str_is(id, words[i]))
			return true;
	return false;
}

/* The first byte that no identifier has; id.len if there is none. */
static size_t
odd_byte(MigStr id)
{
	size_t i = 0;

	while (i < id.len &&
	       (is_digit(id.at[i]) || is_letter(id.at[i]) || id.at[i] == '_' ||
	        id.at[i] == '.' || id.at[i] == '-'))
		i++;
	return i;
}

static bool
id_wrong(Mig *m, const char *what, MigStr id)
{
	if (id.len == 0)
		mig_fail(m, MIG_SYNTAX, "identifier of a %s is empty", what);
	else if (id.len > ID_MAX)
		mig_fail(m, MIG_SYNTAX, "%s \"%.*s...\" is longer than %d bytes", what,
		         ID_MAX / 2, id.at, ID_MAX);
	else if (is_reserved(id))
	{
		mig_fail(m, MIG_SYNTAX, "%s \"%.*s\" has a reserved name", what,
		         MIG_S(id));
		return mig_hint(m, "The words head, heads, base and current stand for "
		                   "places in the graph.");
	}
	else
		mig_fail(m, MIG_SYNTAX, "%s \"%.*s\" is not an identifier", what,
		         MIG_S(id));
	return mig_hint(m,
	                "Use letters, digits, underscores, periods and hyphens, "
	                "at most %d of them.",
	                ID_MAX);
}

bool
mig_script_id(Mig *m, const char *what, MigStr id, MigPos pos)
{
	if (id.len > 0 && id.len <= ID_MAX && odd_byte(id) == id.len &&
	    !is_reserved(id))
		return true;
	id_wrong(m, what, id);
	return pos.line > 0 && mig_at(m, pos);
}

/* The file's name without folders and .sql. */
static MigStr
stem_of(MigStr file)
{
	MigStr stem = file;

	for (size_t i = file.len; i > 0; i--)
		if (file.at[i - 1] == '/' || file.at[i - 1] == '\\')
		{
			stem = mig_str_from(file, i);
			break;
		}
	if (stem.len > 4 && mig_str_word(mig_str_from(stem, stem.len - 4), ".sql"))
		stem.len -= 4;
	return stem;
}

/* How much of the stem is the revision: groups of digits between underscores.
   A last group that runs into letters belongs to the rest, unless it is the
   first. */
static size_t
revision_len(MigStr stem)
{
	size_t n = 0;
	size_t group = 0;

	if (stem.len == 0 || !is_digit(stem.at[0]))
		return 0;
	for (; n < stem.len && (is_digit(stem.at[n]) || stem.at[n] == '_'); n++)
		if (stem.at[n] == '_')
			group = n;
	if (n < stem.len && group > 0 && is_digit(stem.at[n - 1]) &&
	    (is_letter(stem.at[n]) || (unsigned char) stem.at[n] > 127))
		n = group;
	while (stem.at[n - 1] == '_')
		n--;
	return n;
}

/* A slug as a message: underscores to blanks. */
static MigStr
message_of(Mig *m, MigStr slug)
{
	MigStr message = {NULL, 0};
	char *at;

	while (slug.len > 0 && strchr("_-. ", slug.at[0]) != NULL)
		slug = mig_str_from(slug, 1);
	at = mig_alloc(m, slug.len + 1);
	if (at == NULL)
		return message;
	for (size_t i = 0; i < slug.len; i++)
		at[i] = slug.at[i] == '_' ? ' ' : slug.at[i];
	message.at = at;
	message.len = slug.len;
	return mig_str_trim(message);
}

void
mig_script_name(Mig *m, MigStr file, MigStr *revision, MigStr *message)
{
	MigStr stem = stem_of(file);
	size_t n = revision_len(stem);

	*revision = stem;
	if (n > 0)
		revision->len = n;
	*message = message_of(m, n > 0 ? mig_str_from(stem, n) : stem);
}
