/* Reading a script never crashes; what was read, read again from a copy,
   gives the same checksum; its parts are the text; its work can be made. */
#include "fuzz.h"
#include "script.h"

static void
again(Mig *m, const MigScript *s)
{
	MigStr copy = mig_copy(m, s->text);
	MigScript *t = mig_script_parse(m, s->source, copy, copy);

	MUST(t != NULL && t->nsections == s->nsections);
	MUST(memcmp(t->checksum, s->checksum, MIG_DIGEST_SIZE) == 0);
}

static void
sections(const MigScript *s)
{
	const char *at = s->text.at;

	for (int i = 0; i < s->nsections; i++)
	{
		const MigSection *section = &s->sections[i];

		MUST(section->body.at > at && section->pos.column == 1);
		at = section->body.at + section->body.len;
		MUST(at <= s->text.at + s->text.len);
	}
	MUST(at == s->text.at + s->text.len);
}

static void
work(const Mig *m, const MigScript *s)
{
	static const MigSectionKind kinds[] = {MIG_UP, MIG_DOWN};

	for (int i = 0; i < 4; i++)
	{
		const MigDialect *d = i % 2 ? &mig_postgresql : &mig_sqlite;
		MigWork out;
		Mig own;

		mig_init(&own, &m->memory, d);
		if (mig_script_work(&own, s, d, kinds[i / 2], &out))
		{
			MUST(out.nverify <= out.count);
			MUST(out.count == 0 || mig_script_has(s, d, kinds[i / 2]) ||
			     out.nverify == out.count);
			MUST(out.alone == NULL || !out.transactional);
		}
		else
			MUST(own.status.code == MIG_SYNTAX && own.status.pos.line > 0);
		mig_done(&own);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	MigStr none = {"", 0};
	MigStr *parts;
	MigStr text;
	MigPos at;
	int count;
	Mig m;

	if (!fuzz_begin(&m, data, size, &text))
		return 0;
	at = mig_lex_pos(none, text, 0);
	if (mig_script_cut(&m, none, text, &parts, &count))
	{
		const char *end = text.at;

		for (int i = 0; i < count; i++)
		{
			MigScript *s;

			MUST(parts[i].at == end);
			end += parts[i].len;
			s = mig_script_parse_from(&m, &at, text, parts[i]);
			if (s == NULL)
				break;
			again(&m, s);
			sections(s);
			work(&m, s);
		}
		MUST(!mig_ok(&m) || end == text.at + text.len);
	}
	MUST(mig_ok(&m) || (m.status.code == MIG_SYNTAX && m.status.pos.line > 0 &&
	                    m.status.hint[0] != '\0'));
	mig_done(&m);
	return 0;
}
