#include "private.h"

#include "layout_names.h"
#include "text.h"

bool
mig_str_cut(MigStr *name, const char *end)
{
	size_t n = strlen(end);

	if (name->len < n ||
	    !mig_str_word(mig_str_from(*name, name->len - n), end))
		return false;
	name->len -= n;
	return true;
}

bool
mig_str_version(MigStr *name, MigStr *digits)
{
	*digits = mig_str_digits(name);
	if (digits->len == 0 || name->len == 0 || name->at[0] != '_')
		return false;
	*name = mig_str_from(*name, 1);
	return true;
}

MigStr
mig_digits_short(MigStr digits)
{
	while (digits.len > 1 && digits.at[0] == '0')
		digits = mig_str_from(digits, 1);
	return digits;
}

bool
mig_digits_check(Mig *m, MigStr digits, const char *max, MigStr file)
{
	MigPos start = {file, 0, 1, 1};

	if (mig_digits_cmp(digits, mig_str(max)) <= 0)
		return true;
	mig_fail(m, MIG_SYNTAX, "version \"%.*s\" is out of range", MIG_S(digits));
	mig_detail(m, "The largest is %s.", max);
	return mig_at(m, start);
}

static MigFor
target_of(MigStr word)
{
	static const struct
	{
		const char *word;
		MigFor target;
	} words[] = {
		{"postgres", MIG_FOR_POSTGRESQL}, {"postgresql", MIG_FOR_POSTGRESQL},
		{"pg", MIG_FOR_POSTGRESQL},       {"pgsql", MIG_FOR_POSTGRESQL},
		{"sqlite", MIG_FOR_SQLITE},       {"sqlite3", MIG_FOR_SQLITE},
	};

	for (int i = 0; i < MIG_COUNT(words); i++)
		if (mig_str_word(word, words[i].word))
			return words[i].target;
	return MIG_FOR_BOTH;
}

MigFor
mig_path_target(MigStr *name)
{
	const char *slash = memchr(name->at, '/', name->len);
	MigFor target = MIG_FOR_BOTH;
	size_t dot = name->len;

	if (slash != NULL)
		target = target_of((MigStr){name->at, (size_t) (slash - name->at)});
	if (target != MIG_FOR_BOTH)
	{
		*name = mig_str_from(*name, (size_t) (slash - name->at) + 1);
		return target;
	}
	while (dot > 0 && name->at[dot - 1] != '.' && name->at[dot - 1] != '/')
		dot--;
	if (dot == 0 || name->at[dot - 1] != '.')
		return target;
	target = target_of(mig_str_from(*name, dot));
	if (target != MIG_FOR_BOTH)
		name->len = dot - 1;
	return target;
}

MigStr
mig_layout_sums(Mig *m, MigSumFn sum, MigStr text)
{
	MigStr forms[] = {text, mig_lf_only(m, text), mig_crlf_only(m, text)};
	MigText t = {m, NULL, 0, 0};

	for (int i = 0; i < MIG_COUNT(forms) && mig_ok(m); i++)
	{
		if (i > 0 && (mig_str_eq(forms[i], forms[0]) ||
		              mig_str_eq(forms[i], forms[i - 1])))
			continue;
		if (i > 0)
			mig_text_char(&t, ',');
		mig_text_str_add(&t, sum(m, forms[i]));
	}
	return mig_text_str(&t);
}
