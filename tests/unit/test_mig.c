#include <string.h>

#include "text.h"
#include "map.h"
#include "state.h"
#include "unit.h"

static void
test_status(Unit *u)
{
	Mig *m = unit_mig(u, &mig_sqlite);
	char many[700];

	CHECK(u, mig_ok(m));
	CHECK(u, !mig_fail(m, MIG_GRAPH, "revision \"%s\" is %d", "a", 1));
	mig_fail(m, MIG_SYNTAX, "later");
	CHECK(u, m->status.code == MIG_GRAPH);
	CHECK_STR(u, mig_str(m->status.message), "revision \"a\" is 1");

	/* A text that is too long is cut between characters. */
	memset(many, 'x', sizeof(many));
	memcpy(many + 510, "\xc3\xa9", 2);
	many[699] = '\0';
	mig_detail(m, "%s", many);
	CHECK(u, strlen(m->status.detail) == 510);
}

/* Whole pages inside of a block; memory that is only counted, not touched. */
static void
test_pages(Unit *u)
{
	char *page = (char *) (uintptr_t) (4096 * 1000);
	const size_t large = 2 << 20;
	size_t length = 1;

	CHECK(u, mig_memory_pages(NULL, large, &length) == NULL && length == 0);
	mig_memory_pages(page, large - 1, &length);
	CHECK(u, length == 0);
	CHECK(u, mig_memory_pages(page, large, &length) == page);
	CHECK(u, length == large);
	CHECK(u, mig_memory_pages(page + 16, large, &length) == page + 4096);
	CHECK(u, length == large - 4096);
}

static void
test_words(Unit *u)
{
	MigStr list = mig_str(" a, b\tc\r\n");
	MigStr word;

	CHECK(u, mig_str_next(&list, &word) && mig_str_is(word, "a"));
	CHECK(u, mig_str_next(&list, &word) && mig_str_is(word, "b"));
	CHECK(u, mig_str_next(&list, &word) && mig_str_is(word, "c"));
	CHECK(u, !mig_str_next(&list, &word));
	CHECK(u, mig_str_word(mig_str("BeGin"), "begin"));
	CHECK(u, !mig_str_word(mig_str("begins"), "begin"));
	CHECK(u, !mig_str_word(mig_str("beg"), "begin"));
}

static void
test_numbers(Unit *u)
{
	static const struct
	{
		const char *text;
		bool ok;
		int64_t value;
	} rows[] = {
		{"0", true, 0},
		{"-12", true, -12},
		{"+7", true, 7},
		{"9223372036854775807", true, INT64_MAX},
		{"-9223372036854775808", true, INT64_MIN},
		{"9223372036854775808", false, 0},
		{"", false, 0},
		{"-", false, 0},
		{"1x", false, 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		int64_t value = 0;

		unit_row(u, "%s", rows[i].text);
		CHECK(u, mig_str_int(mig_str(rows[i].text), &value) == rows[i].ok);
		CHECK(u, value == rows[i].value);
	}
}

static void
test_nearest(Unit *u)
{
	MigStr best = {NULL, 0};
	int distance = 0;
	MigStr word = mig_str("revison");

	mig_nearest(word, mig_str("labels"), &best, &distance);
	CHECK(u, best.at == NULL);
	mig_nearest(word, mig_str("revises"), &best, &distance);
	mig_nearest(word, mig_str("revision"), &best, &distance);
	CHECK_STR(u, best, "revision");
}

static void
test_text(Unit *u)
{
	Mig *m = unit_mig(u, &mig_sqlite);
	MigText t = {m, NULL, 0, 0};

	mig_text_ident(&t, mig_str("a\"b"));
	mig_text_char(&t, ' ');
	mig_text_literal(&t, mig_str("it's"));
	mig_text_fmt(&t, " %d", 42);
	CHECK_STR(u, mig_text_str(&t), "\"a\"\"b\" 'it''s' 42");
}

static void
test_times(Unit *u)
{
	static const struct
	{
		const char *text;
		const char *iso;
	} rows[] = {
		{"2026-01-29T04:56:46Z", "2026-01-29T04:56:46Z"},
		{"2026-01-29 04:56:46.25+02:00", "2026-01-29T02:56:46.250000Z"},
		{"2024-02-29", "2024-02-29T00:00:00Z"},
		{"1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500000Z"},
		{"0001-01-01", "0001-01-01T00:00:00Z"},
		{"2023-02-29", NULL},
		{"2023-13-01", NULL},
		{"yesterday", NULL},
		{"2023-01-01T25:00", NULL},
		{"2023-01-01T10:00+99", NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		char iso[40];
		int64_t time;
		bool ok = mig_time_parse(mig_str(rows[i].text), &time);

		unit_row(u, "%s", rows[i].text);
		CHECK(u, ok == (rows[i].iso != NULL));
		if (ok)
			CHECK_STR(u, mig_time_iso(time, iso), rows[i].iso);
	}
}

static void
test_texts(Unit *u)
{
	static const struct
	{
		int64_t value;
		const char *text;
	} rows[] = {
		{0, "0"},
		{-1, "-1"},
		{1024, "1024"},
		{INT64_MAX, "9223372036854775807"},
		{INT64_MIN, "-9223372036854775808"},
	};
	Mig *m = unit_mig(u, &mig_sqlite);
	char iso[40];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		MigStr text = mig_int_text(m, rows[i].value);

		unit_row(u, "%s", rows[i].text);
		if (mig_ok(m))
			CHECK_STR(u, text, rows[i].text);
	}
	CHECK_STR(u, mig_time_iso(253402300800000001, iso),
	          "10000-01-01T00:00:00.000001Z");
}

static int
by_value(const void *context, int32_t a, int32_t b)
{
	(void) context;
	return a / 10 - b / 10;
}

static void
test_map(Unit *u)
{
	Mig *m = unit_mig(u, &mig_sqlite);
	MigMap map = {NULL, 0, 0};
	int32_t items[] = {31, 12, 30, 5, 11};

	for (int i = 0; i < 100; i++)
	{
		MigText t = {m, NULL, 0, 0};

		mig_text_int(&t, i);
		CHECK(u, mig_map_put(m, &map, mig_text_str(&t), i) == i);
	}
	CHECK(u, mig_map_get(&map, mig_str("77")) == 77);
	CHECK(u, mig_map_get(&map, mig_str("100")) == -1);
	CHECK(u, mig_map_put(m, &map, mig_str("5"), 9) == 5);
	CHECK(u, mig_sort(m, items, 5, by_value, NULL));
	CHECK(u, items[0] == 5 && items[1] == 12 && items[2] == 11 &&
	             items[3] == 31 && items[4] == 30);
}

const UnitTest unit_mig_h[] = {
	{"status", test_status, 0},   {"pages", test_pages, 0},
	{"words", test_words, 0},     {"numbers", test_numbers, 0},
	{"nearest", test_nearest, 0}, {"text", test_text, 0},
	{"times", test_times, 0},     {"map", test_map, 0},
	{"texts", test_texts, 0},     {NULL, NULL, 0},
};
