#include "private.h"

#include "sqitch_plan.h"
#include "hash.h"
#include "lines.h"
#include "text.h"

/* The plan while its lines are read. */
typedef struct Reader
{
	Mig *m;
	MigSqitchPlan *plan;
	MigLines lines;
	size_t room, tags_room;
} Reader;

/* The place of a byte of the line that is being read. */
static MigPos
pos_of(const Reader *r, MigStr at)
{
	MigStr text = r->plan->file->text;
	MigPos pos = {r->plan->file->name, r->lines.at, r->lines.number, 1};

	mig_lex_pos_move(&pos, text, (size_t) (at.at - text.at));
	return pos;
}

static bool
fail_line(Reader *r, const char *what, const char *hint)
{
	mig_fail(r->m, MIG_SYNTAX, "%s", what);
	mig_hint(r->m, "%s", hint);
	return mig_at(r->m, mig_layout_pos(r->plan->file, r->lines.at));
}

static bool
pragma_read(Reader *r, MigStr line)
{
	MigStr value = line;
	MigStr name = mig_str_trim(mig_str_before(&value, '='));

	value = mig_str_trim(value);
	if (mig_str_is(name, "project"))
		r->plan->project = value;
	else if (mig_str_is(name, "uri"))
		r->plan->uri = value;
	return true;
}

/* A note's \n, \r and \\ as what they stand for. */
static MigStr
unescape(Mig *m, MigStr note)
{
	MigText t = {m, NULL, 0, 0};

	for (size_t i = 0; i < note.len; i++)
	{
		char c = note.at[i];
		char next = i + 1 < note.len ? note.at[i + 1] : '\0';

		if (c == '\\' && (next == 'n' || next == 'r' || next == '\\'))
		{
			c = next == 'n' ? '\n' : next == 'r' ? '\r' : '\\';
			i++;
		}
		mig_text_char(&t, c);
	}
	return mig_text_str(&t);
}

/* "2026-01-29T04:56:46Z Anna <a@example.org> # note" */
static bool
tail_read(Reader *r, MigStr line, MigSqitchChange *c)
{
	MigStr rest, who;
	int64_t time;

	c->date = mig_str_field(&line);
	rest = line;
	who = mig_str_before(&rest, '>');
	if (!mig_time_parse(c->date, &time) || who.len == line.len ||
	    memchr(who.at, '<', who.len) == NULL)
		return fail_line(r, "line of the plan does not read",
		                 "It ends with a time like 2026-01-29T04:56:46Z, a"
		                 " name, an address in angle brackets and perhaps a"
		                 " note behind \"#\".");
	who.len++;
	c->planner = mig_str_trim(who);
	rest = mig_str_trim(rest);
	c->note = MIG_LIT("");
	if (rest.len == 0)
		return true;
	if (!mig_str_take(&rest, "#"))
		return fail_line(r, "text behind the address",
		                 "A note begins with \"#\".");
	c->note = unescape(r->m, mig_str_trim(rest));
	return mig_ok(r->m);
}

/* "[!][project:]change[@tag]" */
static void
dep_read(Reader *r, MigStr word, MigSqitchDep *dep)
{
	size_t colon;

	dep->pos = pos_of(r, word);
	dep->conflict = mig_str_take(&word, "!");
	colon = mig_str_find(word, MIG_LIT(":"));
	if (colon < word.len)
	{
		MigStr project = {word.at, colon};

		if (mig_str_eq(project, r->plan->project))
			word = mig_str_from(word, colon + 1);
		else
			dep->project = project;
	}
	dep->text = word;
	if (dep->project.at != NULL)
		word = mig_str_from(word, colon + 1);
	dep->change = mig_str_before(&word, '@');
	if (dep->change.len < dep->text.len && word.len > 0)
		dep->tag = word;
	if (dep->change.len == 0)
		dep->change = (MigStr){NULL, 0};
}

/* "[a b !c]" off the front of a line, if it is there. */
static bool
deps_read(Reader *r, MigStr *line, MigSqitchChange *c)
{
	MigStr list, rest, word;
	MigSqitchDep *deps;

	mig_str_skip(line);
	if (!mig_str_take(line, "["))
		return true;
	list = mig_str_before(line, ']');
	deps = mig_alloc_array(r->m, list.len / 2 + 1, sizeof(*deps));
	if (deps == NULL)
		return false;
	for (rest = list; (word = mig_str_field(&rest)).len > 0;)
		dep_read(r, word, &deps[c->ndeps++]);
	c->deps = deps;
	return true;
}

static void
deps_add(MigText *t, const MigSqitchChange *c, bool conflict)
{
	bool first = true;

	for (int i = 0; i < c->ndeps; i++)
	{
		if (c->deps[i].conflict != conflict)
			continue;
		if (first)
			mig_text_add(t, conflict ? "\nconflicts" : "\nrequires");
		first = false;
		mig_text_fmt(t, "\n  %c %.*s", conflict ? '-' : '+',
		             MIG_S(c->deps[i].text));
	}
}

/* The id: SHA-1 of "change", the length of what follows, NUL, and that. */
static bool
id_make(Reader *r, MigSqitchChange *c)
{
	const MigSqitchPlan *plan = r->plan;
	MigText t = {r->m, NULL, 0, 0};
	char head[40];
	MigStr info;
	MigHash h;

	mig_text_fmt(&t, "project %.*s", MIG_S(plan->project));
	if (plan->uri.len > 0)
		mig_text_fmt(&t, "\nuri %.*s", MIG_S(plan->uri));
	mig_text_fmt(&t, "\nchange %.*s", MIG_S(c->name));
	if (plan->nchanges > 0)
		mig_text_fmt(&t, "\nparent %.*s",
		             MIG_S(plan->changes[plan->nchanges - 1].id));
	mig_text_fmt(&t, "\nplanner %.*s\ndate %.*s", MIG_S(c->planner),
	             MIG_S(c->date));
	deps_add(&t, c, false);
	deps_add(&t, c, true);
	if (c->note.len > 0)
		mig_text_fmt(&t, "\n\n%.*s", MIG_S(c->note));
	info = mig_text_str(&t);
	snprintf(head, sizeof(head), "change %zu", info.len);
	mig_hash_start(&h, &mig_sha1);
	mig_hash_add(&h, (MigStr){head, strlen(head) + 1});
	mig_hash_add(&h, info);
	c->id = mig_hash_hex(r->m, &h);
	return mig_ok(r->m);
}

/* A name that was there before is a rework, which takes a tag between. */
static bool
name_enter(Reader *r, MigSqitchChange *c)
{
	MigSqitchPlan *plan = r->plan;
	int32_t before = mig_map_get(&plan->by_name, c->name);
	MigText t = {r->m, NULL, 0, 0};

	c->instance = 1;
	c->next = -1;
	c->revision = c->name;
	if (before < 0)
		return mig_map_put(r->m, &plan->by_name, c->name, plan->nchanges) >= 0;
	while (plan->changes[before].next >= 0)
		before = plan->changes[before].next;
	if (plan->ntags == 0 || plan->tags[plan->ntags - 1].change < before)
	{
		mig_fail(r->m, MIG_SYNTAX, "change \"%.*s\" stands twice in the plan",
		         MIG_S(c->name));
		mig_hint(r->m, "A change can come back only behind a tag.");
		return mig_at(r->m, c->pos);
	}
	plan->changes[before].next = plan->nchanges;
	c->instance = plan->changes[before].instance + 1;
	mig_text_fmt(&t, "%.*s.%d", MIG_S(c->name), c->instance);
	c->revision = mig_text_str(&t);
	return mig_ok(r->m);
}

static bool
change_read(Reader *r, MigStr line)
{
	MigSqitchPlan *plan = r->plan;
	MigSqitchChange c = {.pos = {.line = 0}};
	MigSqitchChange *items;

	c.pos = pos_of(r, line);
	if (mig_str_take(&line, "-"))
		return fail_line(r, "change that is to be reverted",
		                 "A plan with such a line cannot be kept.");
	mig_str_take(&line, "+");
	c.name = mig_str_field(&line);
	if (!deps_read(r, &line, &c) || !tail_read(r, line, &c) ||
	    !id_make(r, &c) || !name_enter(r, &c))
		return false;
	items = mig_grow(r->m, plan->changes, (size_t) plan->nchanges, &r->room,
	                 (size_t) plan->nchanges + 1, sizeof(*items));
	if (items == NULL)
		return false;
	plan->changes = items;
	items[plan->nchanges] = c;
	return mig_map_put(r->m, &plan->by_id, c.id, plan->nchanges++) >= 0;
}

static bool
tag_read(Reader *r, MigStr line)
{
	MigSqitchPlan *plan = r->plan;
	MigSqitchChange tail = {.ndeps = 0};
	MigSqitchTag tag = {.change = plan->nchanges - 1};
	MigSqitchTag *items;

	tag.pos = pos_of(r, line);
	mig_str_take(&line, "@");
	tag.name = mig_str_field(&line);
	if (plan->nchanges == 0)
		return fail_line(r, "tag before the first change",
		                 "A tag stands behind a change.");
	if (!tail_read(r, line, &tail))
		return false;
	items = mig_grow(r->m, plan->tags, (size_t) plan->ntags, &r->tags_room,
	                 (size_t) plan->ntags + 1, sizeof(*items));
	if (items == NULL)
		return false;
	plan->tags = items;
	items[plan->ntags] = tag;
	if (mig_map_put(r->m, &plan->by_tag, tag.name, plan->ntags) != plan->ntags)
		return mig_ok(r->m) && fail_line(r, "tag stands twice in the plan",
		                                 "Give one of the two another name.");
	plan->ntags++;
	return true;
}

bool
mig_sqitch_plan(Mig *m, const MigFile *file, MigSqitchPlan *plan)
{
	Reader r = {.m = m, .plan = plan};
	MigStr line;

	memset(plan, 0, sizeof(*plan));
	plan->file = file;
	if (!mig_map_init(m, &plan->by_name, 64) ||
	    !mig_map_init(m, &plan->by_id, 64) ||
	    !mig_map_init(m, &plan->by_tag, 16))
		return false;
	mig_lines_start(&r.lines, file->text);
	while (mig_lines_next(&r.lines, &line))
	{
		bool ok = true;

		line = mig_str_trim(line);
		if (line.len == 0 || line.at[0] == '#')
			continue;
		if (mig_str_take(&line, "%"))
			ok = pragma_read(&r, line);
		else if (line.at[0] == '@')
			ok = tag_read(&r, line);
		else
			ok = change_read(&r, line);
		if (!ok)
			return false;
	}
	if (plan->project.len > 0)
		return true;
	r.lines.at = 0;
	return fail_line(&r, "plan has no project",
	                 "Its first lines say \"%project=NAME\".");
}

int
mig_sqitch_find(const MigSqitchPlan *plan, const MigSqitchDep *dep, int i)
{
	int last = i - 1;
	int at;

	if (dep->tag.at != NULL)
	{
		int tag = mig_map_get(&plan->by_tag, dep->tag);

		last = tag < 0 ? -1 : plan->tags[tag].change;
		if (dep->change.at == NULL || last < 0)
			return last;
	}
	at = mig_map_get(&plan->by_name, dep->change);
	if (at < 0)
		at = mig_map_get(&plan->by_id, dep->change);
	else
		while (plan->changes[at].next >= 0 && plan->changes[at].next <= last)
			at = plan->changes[at].next;
	return at <= last ? at : -1;
}
