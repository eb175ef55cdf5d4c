#include "private.h"

#include "ddl.h"
#include "enum_labels.h"
#include "text.h"

static MigStr
spliced(Mig *m, MigStr labels, size_t from, size_t to, const char *before,
        MigStr text, const char *behind)
{
	MigText t = {m, NULL, 0, 0};

	mig_text_str_add(&t, (MigStr){labels.at, from});
	mig_text_fmt(&t, "%s%.*s%s", before, MIG_S(text), behind);
	mig_text_str_add(&t, mig_str_from(labels, to));
	return mig_text_str(&t);
}

/* The token that is a label, or -1; it may be absent. */
static int
find(const MigTokens *k, MigStr label)
{
	for (int i = 0; label.at != NULL && i < k->count; i++)
		if (mig_str_eq(k->at[i].text, label))
			return i;
	return -1;
}

bool
mig_enum_has(Mig *m, MigStr labels, MigStr label)
{
	MigTokens k;

	return mig_tokens_of(m, &mig_sqlite, labels, &k) && find(&k, label) >= 0;
}

MigStr
mig_enum_with(Mig *m, MigStr labels, MigStr label, MigStr beside, bool before)
{
	const MigToken *token;
	MigTokens k;
	size_t at;
	int i;

	if (!mig_tokens_of(m, &mig_sqlite, labels, &k))
		return (MigStr){NULL, 0};
	if (find(&k, label) >= 0)
		return labels;
	i = find(&k, beside);
	before = before && i >= 0;
	if (k.count == 0)
		return spliced(m, labels, 0, 0, "", label, "");
	token = &k.at[i >= 0 ? i : k.count - 1];
	at = token->offset + (before ? 0 : token->text.len);
	return spliced(m, labels, at, at, before ? "" : ", ", label,
	               before ? ", " : "");
}

MigStr
mig_enum_renamed(Mig *m, MigStr labels, MigStr from, MigStr to)
{
	MigTokens k;
	int i;

	if (!mig_tokens_of(m, &mig_sqlite, labels, &k))
		return (MigStr){NULL, 0};
	i = find(&k, from);
	if (i < 0)
		return labels;
	return spliced(m, labels, k.at[i].offset,
	               k.at[i].offset + k.at[i].text.len, "", to, "");
}

MigStr
mig_enum_union(Mig *m, MigStr labels, MigStr more)
{
	MigStr none = {NULL, 0};
	MigTokens k;

	if (!mig_tokens_of(m, &mig_sqlite, more, &k))
		return none;
	for (int i = 0; i < k.count && labels.at != NULL; i++)
		if (k.at[i].kind == MIG_T_STRING)
			labels = mig_enum_with(m, labels, k.at[i].text, none, false);
	return labels;
}
