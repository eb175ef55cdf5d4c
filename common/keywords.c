#include "private.h"

#include "keywords.h"

#define PG MIG_FOR_POSTGRESQL
#define LITE MIG_FOR_SQLITE

const MigKeyword mig_keywords[] = {
	{"add", LITE, MIG_K_NAME},
	{"alter", LITE, MIG_K_NAME},
	{"analyse", PG, MIG_K_NAME},
	{"analyze", PG, MIG_K_ROLE},
	{"any", PG, MIG_K_NAME},
	{"array", PG, MIG_K_NAME},
	{"asc", PG, MIG_K_ROLE},
	{"asymmetric", PG, MIG_K_NAME},
	{"authorization", PG, MIG_K_NAME},
	{"autoincrement", LITE, MIG_K_NAME},
	{"between", LITE, MIG_K_ROLE},
	{"binary", PG, MIG_K_NAME},
	{"both", PG, MIG_K_NAME},
	{"cast", PG, MIG_K_ROLE},
	{"collation", PG, MIG_K_NAME},
	{"column", PG, MIG_K_ROLE},
	{"commit", LITE, MIG_K_NAME},
	{"concurrently", PG, MIG_K_NAME},
	{"cross", PG, MIG_K_ROLE},
	{"current_catalog", PG, MIG_K_VALUE},
	{"current_date", PG, MIG_K_VAGUE},
	{"current_role", PG, MIG_K_VALUE},
	{"current_schema", PG, MIG_K_VALUE},
	{"current_time", PG, MIG_K_VAGUE},
	{"current_timestamp", PG, MIG_K_VAGUE},
	{"current_user", PG, MIG_K_VALUE},
	{"delete", LITE, MIG_K_ROLE},
	{"desc", PG, MIG_K_ROLE},
	{"do", PG, MIG_K_ROLE},
	{"drop", LITE, MIG_K_NAME},
	{"end", PG, MIG_K_ROLE},
	{"escape", LITE, MIG_K_ROLE},
	{"exists", LITE, MIG_K_ROLE},
	{"false", PG, MIG_K_VAGUE},
	{"fetch", PG, MIG_K_NAME},
	{"for", PG, MIG_K_ROLE},
	{"freeze", PG, MIG_K_NAME},
	{"full", PG, MIG_K_ROLE},
	{"grant", PG, MIG_K_NAME},
	{"ilike", PG, MIG_K_NAME},
	{"index", LITE, MIG_K_NAME},
	{"initially", PG, MIG_K_ROLE},
	{"inner", PG, MIG_K_ROLE},
	{"insert", LITE, MIG_K_ROLE},
	{"lateral", PG, MIG_K_NAME},
	{"leading", PG, MIG_K_NAME},
	{"left", PG, MIG_K_ROLE},
	{"like", PG, MIG_K_ROLE},
	{"localtime", PG, MIG_K_VALUE},
	{"localtimestamp", PG, MIG_K_VALUE},
	{"natural", PG, MIG_K_ROLE},
	{"nothing", LITE, MIG_K_ROLE},
	{"offset", PG, MIG_K_ROLE},
	{"only", PG, MIG_K_NAME},
	{"outer", PG, MIG_K_ROLE},
	{"overlaps", PG, MIG_K_NAME},
	{"placing", PG, MIG_K_NAME},
	{"right", PG, MIG_K_ROLE},
	{"session_user", PG, MIG_K_VALUE},
	{"set", LITE, MIG_K_ROLE},
	{"similar", PG, MIG_K_NAME},
	{"some", PG, MIG_K_NAME},
	{"symmetric", PG, MIG_K_NAME},
	{"system_user", PG, MIG_K_VALUE},
	{"tablesample", PG, MIG_K_NAME},
	{"trailing", PG, MIG_K_NAME},
	{"transaction", LITE, MIG_K_NAME},
	{"true", PG, MIG_K_VAGUE},
	{"update", LITE, MIG_K_ROLE},
	{"user", PG, MIG_K_VALUE},
	{"values", LITE, MIG_K_ROLE},
	{"variadic", PG, MIG_K_NAME},
	{"verbose", PG, MIG_K_NAME},
	{"window", PG, MIG_K_ROLE},
	{"with", PG, MIG_K_VAGUE},
};

const int mig_keyword_count = MIG_COUNT(mig_keywords);

static int
word_cmp(MigStr s, const char *word)
{
	for (size_t i = 0; i < s.len; i++)
	{
		char c =
			s.at[i] >= 'A' && s.at[i] <= 'Z' ? (char) (s.at[i] + 32) : s.at[i];

		if (c != word[i])
			return (unsigned char) c < (unsigned char) word[i] ? -1 : 1;
	}
	return word[s.len] == '\0' ? 0 : -1;
}

const MigKeyword *
mig_keyword(MigStr word)
{
	int low = 0, high = mig_keyword_count;

	while (low < high)
	{
		int middle = low + (high - low) / 2;
		int cmp = word_cmp(word, mig_keywords[middle].word);

		if (cmp == 0)
			return &mig_keywords[middle];
		if (cmp < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}
