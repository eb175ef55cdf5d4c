#include "private.h"

#include "liquibase.h"
#include "liquibase_filter.h"
#include "text.h"

/* A file while its lines are read. */
typedef struct Reader
{
	Mig *m;
	MigLiquibase *all;
	const MigFile *file;
	MigStr path;
	char *up;   /* the file's text without what is not for up, */
	char *down; /* and without what is not for down */
	MigLines lines;
	MigLiquibaseSet *set; /* that the lines belong to, or NULL */
	bool inside;          /* of a comment that is a rollback */
	int ignore;           /* lines that do not count; -1: up to a mark */
	MigStr on_fail;       /* of the preconditions line */
} Reader;

static bool
fail_line(Reader *r, const char *what, const char *hint)
{
	mig_fail(r->m, MIG_SYNTAX, "%s", what);
	mig_hint(r->m, "%s", hint);
	return mig_at(r->m, mig_layout_pos(r->file, r->lines.at));
}

/* Take "--" with blanks around it off. */
static bool
take_hyphens(MigStr *line)
{
	mig_str_skip(line);
	if (!mig_str_take(line, "--"))
		return false;
	mig_str_skip(line);
	return true;
}

bool
mig_liquibase_is(MigStr text)
{
	MigLines lines;
	MigStr line;

	mig_lines_start(&lines, text);
	while (mig_lines_next(&lines, &line))
	{
		if (mig_str_trim(line).len == 0)
			continue;
		if (!take_hyphens(&line) || !mig_str_take_word(&line, "liquibase"))
			return false;
		mig_str_skip(&line);
		if (!mig_str_take_word(&line, "formatted"))
			return false;
		mig_str_skip(&line);
		return mig_str_take_word(&line, "sql");
	}
	return false;
}

/* A word, or what stands in double quotes, up to one of the ends. */
static MigStr
take_value(MigStr *s, const char *ends)
{
	MigStr value = {s->at, 0};

	if (mig_str_take(s, "\""))
		return mig_str_before(s, '"');
	while (value.len < s->len && strchr(ends, s->at[value.len]) == NULL)
		value.len++;
	*s = mig_str_from(*s, value.len);
	return value;
}

MigStr
mig_liquibase_attribute(MigStr line, const char *name)
{
	while (line.len > 0)
	{
		MigStr key, value;

		mig_str_skip(&line);
		key = take_value(&line, " \t:");
		if (!mig_str_take(&line, ":"))
		{
			/* A zero byte ends a word as well. */
			if (key.len == 0 && line.len > 0)
				line = mig_str_from(line, 1);
			continue;
		}
		value = take_value(&line, " \t");
		if (mig_str_word(key, name))
			return value;
	}
	return (MigStr){NULL, 0};
}

/* logicalFilePath as the state table has it: slashes, no "classpath:". */
static MigStr
plain_path(Mig *m, MigStr path)
{
	char *at;

	mig_str_take(&path, "classpath:");
	at = mig_alloc(m, path.len + 1);
	if (at == NULL)
		return (MigStr){NULL, 0};
	for (size_t i = 0; i < path.len; i++)
		at[i] = path.at[i] == '\\' ? '/' : path.at[i];
	return (MigStr){at, path.len};
}

/* "author:id attributes" */
static bool
changeset_read(Reader *r, MigStr line)
{
	MigLiquibase *all = r->all;
	MigLiquibaseSet *items, *set;
	MigStr path;

	if (all->nsets == INT_MAX)
		return mig_fail(r->m, MIG_NOMEM, "out of memory");
	items = mig_grow(r->m, all->sets, (size_t) all->nsets, &all->room,
	                 (size_t) all->nsets + 1, sizeof(*items));
	if (items == NULL)
		return false;
	all->sets = items;
	set = r->set = &items[all->nsets++];
	memset(set, 0, sizeof(*set));
	mig_str_skip(&line);
	set->file = r->file;
	set->author = take_value(&line, ":");
	if (!mig_str_take(&line, ":") || set->author.len == 0)
		return fail_line(r, "changeset without author and id",
		                 "Write --changeset AUTHOR:ID.");
	set->id = take_value(&line, " \t");
	set->attributes = line;
	path = mig_liquibase_attribute(line, "logicalfilepath");
	set->path = path.at != NULL ? plain_path(r->m, path) : r->path;
	set->line = r->lines.number;
	set->at = r->lines.next;
	return true;
}

/* The changeset that is being read ends before an offset. */
static void
set_end(Reader *r, size_t end)
{
	MigLiquibaseSet *set = r->set;

	if (set == NULL)
		return;
	set->up_line = set->down_line = set->line + 1;
	set->up = mig_canvas_text(r->up + set->at, end - set->at, &set->up_line);
	set->down =
		mig_canvas_text(r->down + set->at, end - set->at, &set->down_line);
	r->set = NULL;
}

/* Take a line out of the up text and a part of it into the down text. */
static void
move_down(Reader *r, MigStr line, MigStr keep)
{
	const char *start = r->file->text.at;

	mig_blank(r->up + (line.at - start), line.len);
	if (keep.len > 0)
		memcpy(r->down + (keep.at - start), keep.at, keep.len);
}

static bool
rollback_read(Reader *r, MigStr line, MigStr rest)
{
	MigStr text = mig_str_trim(rest);

	r->set->rollback = true;
	if (mig_liquibase_attribute(text, "changesetid").at != NULL)
		r->set->rollback_of = text;
	else if (!mig_str_word(text, "empty") &&
	         !mig_str_word(text, "not required"))
	{
		move_down(r, line, rest);
		return true;
	}
	move_down(r, line, (MigStr){line.at, 0});
	return true;
}

/* Checks that would stop or skip a changeset. Nothing here does; one that only
   warns may go. */
static bool
precondition_read(Reader *r, MigStr line)
{
	MigStr name = line;

	if (mig_str_take_word(&name, "preconditions"))
	{
		r->on_fail = mig_liquibase_attribute(name, "onfail");
		return true;
	}
	if (r->all->no_preconditions || mig_str_word(r->on_fail, "warn"))
	{
		r->set->warn = mig_str_trim(line);
		return true;
	}
	return fail_line(r, "precondition of a changeset cannot be kept",
	                 "Take it out, or set \"liquibase.preconditions\" to"
	                 " \"ignore\" to do without all of them.");
}

/* The same as an attribute, but that quotes have no meaning. */
static MigStr
property_attribute(MigStr line, const char *name)
{
	MigStr word;

	while (mig_str_next(&line, &word))
	{
		MigStr key = mig_str_before(&word, ':');

		if (mig_str_word(key, name))
			return word;
	}
	return (MigStr){NULL, 0};
}

static bool
property_read(Reader *r, MigStr line)
{
	MigLiquibase *all = r->all;
	MigLiquibaseProperty *items = mig_grow(
		r->m, all->properties, (size_t) all->nproperties,
		&all->properties_room, (size_t) all->nproperties + 1, sizeof(*items));
	MigLiquibaseProperty *p;

	if (items == NULL)
		return false;
	all->properties = items;
	p = &items[all->nproperties++];
	p->file = r->file;
	p->name = property_attribute(line, "name");
	p->value = property_attribute(line, "value");
	p->dbms = mig_liquibase_attribute(line, "dbms");
	p->context = mig_liquibase_attribute(line, "context");
	if (p->context.at == NULL)
		p->context = mig_liquibase_attribute(line, "contextfilter");
	p->local = mig_str_word(mig_liquibase_attribute(line, "global"), "false");
	if (p->name.at != NULL && p->value.at != NULL)
		return true;
	return fail_line(r, "property without name or value",
	                 "Write --property name:NAME value:VALUE.");
}

/* --ignoreLines:2, or :start and :end. */
static bool
ignore_read(Reader *r, MigStr rest)
{
	int64_t count;

	rest = mig_str_trim(rest);
	if (mig_str_word(rest, "start"))
		r->ignore = -1;
	else if (mig_str_int(rest, &count) && count >= 0 && count < INT_MAX)
		r->ignore = (int) count;
	else if (!mig_str_word(rest, "end"))
		return fail_line(r, "number of lines to ignore does not read",
		                 "Write --ignoreLines:2, or :start and :end.");
	return true;
}

/* Directives that belong to no changeset. *known is false for others. */
static bool
outer_read(Reader *r, MigStr line, bool *known)
{
	static const char *const others[] = {"include ", "includeall ",
	                                     "tagdatabase", "rollbacksqlfile"};
	MigStr rest = line;

	*known = true;
	if (mig_str_take_word(&rest, "changeset") && rest.len > 0 &&
	    (rest.at[0] == ' ' || rest.at[0] == '\t'))
	{
		set_end(r, r->lines.at);
		return changeset_read(r, rest);
	}
	rest = line;
	if (mig_str_take_word(&rest, "property "))
		return property_read(r, rest);
	if (mig_str_take_word(&rest, "ignorelines:"))
		return ignore_read(r, rest);
	for (int i = 0; i < MIG_COUNT(others); i++)
		if (mig_str_take_word(&rest, others[i]))
			return fail_line(r, "directive of the changelog cannot be kept",
			                 "Files come in the order of their names.");
	*known = false;
	return true;
}

/* Directives of a changeset; line is the whole one, rest what it says. */
static bool
inner_read(Reader *r, MigStr line, MigStr rest, bool *known)
{
	MigStr word = rest;

	*known = true;
	if (mig_str_take_word(&word, "rollback") &&
	    (word.len == 0 || word.at[0] == ' ' || word.at[0] == '\t'))
		return rollback_read(r, line, word);
	word = rest;
	if (mig_str_take_word(&word, "precondition"))
		return precondition_read(r, rest);
	if (mig_str_take_word(&word, "comment") && word.len > 0 &&
	    strchr(" \t:", word.at[0]) != NULL)
	{
		r->set->message = mig_str_trim(mig_str_from(word, 1));
		return true;
	}
	word = rest;
	*known = mig_str_take_word(&word, "validchecksum");
	return true;
}

/* "/" "* liquibase rollback" begins a comment that is one. */
static bool
begins_rollback(MigStr line)
{
	mig_str_skip(&line);
	if (!mig_str_take(&line, "/*"))
		return false;
	mig_str_skip(&line);
	if (!mig_str_take_word(&line, "liquibase"))
		return false;
	mig_str_skip(&line);
	return mig_str_take_word(&line, "rollback");
}

/* A line of such a comment; its end may stand behind text. */
static bool
block_read(Reader *r, MigStr line)
{
	size_t end = mig_str_find(line, MIG_LIT("*/"));

	move_down(r, line, (MigStr){line.at, end});
	r->inside = end == line.len;
	return true;
}

/* "-changeset": one hyphen, which Liquibase refuses as well. */
static bool
is_slip(MigStr line)
{
	mig_str_skip(&line);
	if (!mig_str_take(&line, "-") || mig_str_take(&line, "-"))
		return false;
	mig_str_skip(&line);
	return mig_str_take_word(&line, "changeset ") ||
	       mig_str_take_word(&line, "rollback ") ||
	       mig_str_take_word(&line, "property ") ||
	       mig_str_take_word(&line, "precondition");
}

/* Lines that are to be ignored; true when this one is. */
static bool
is_ignored(Reader *r, MigStr line)
{
	if (r->ignore == 0)
		return false;
	if (r->ignore > 0)
		r->ignore--;
	else if (take_hyphens(&line) && mig_str_take_word(&line, "ignorelines:") &&
	         mig_str_word(mig_str_trim(line), "end"))
		r->ignore = 0;
	return true;
}

static bool
line_read(Reader *r, MigStr line)
{
	MigStr rest = line;
	bool known = false;

	if (is_ignored(r, line))
		known = true;
	else if (r->inside)
		return block_read(r, line);
	else if (is_slip(line))
		return fail_line(r, "directive with one hyphen",
		                 "A directive begins with two.");
	else if (take_hyphens(&rest))
	{
		if (!outer_read(r, rest, &known))
			return false;
		if (known && r->set != NULL && r->set->at > r->lines.at)
			return true; /* it begins with the next line */
		if (!known && r->set != NULL && !inner_read(r, line, rest, &known))
			return false;
	}
	else if (r->set != NULL && begins_rollback(line))
	{
		r->set->rollback = true;
		move_down(r, line, (MigStr){line.at, 0});
		r->inside = mig_str_find(line, MIG_LIT("*/")) == line.len;
	}
	else if (r->set == NULL && mig_str_trim(line).len > 0)
		return fail_line(r, "text before the first changeset",
		                 "Write --changeset AUTHOR:ID before it.");
	if (known && r->set != NULL)
		mig_blank(r->up + r->lines.at, line.len);
	return true;
}

bool
mig_liquibase_read(Mig *m, const MigFile *file, MigLiquibase *all)
{
	Reader r = {.m = m, .all = all, .file = file, .path = file->name};
	MigStr line, path;
	bool first = true;

	r.up = mig_canvas(m, file->text);
	r.down = mig_canvas(m, file->text);
	if (r.up == NULL || r.down == NULL)
		return false;
	mig_blank(r.down, file->text.len);
	mig_lines_start(&r.lines, file->text);
	while (mig_lines_next(&r.lines, &line))
	{
		if (!first || mig_str_trim(line).len == 0)
		{
			if (!line_read(&r, line))
				return false;
			continue;
		}
		first = false;
		path = mig_liquibase_attribute(line, "logicalfilepath");
		if (path.at != NULL)
			r.path = plain_path(m, path);
	}
	set_end(&r, file->text.len);
	return true;
}

/* What a text is expanded with. */
typedef struct Values
{
	Mig *m;
	const MigTree *tree;
	const MigLiquibase *all;
	const MigFile *file;
	MigFor target;
	bool nested; /* some value has a name in it */
} Values;

static MigStr
setting(const Values *v, MigStr name)
{
	if (v->tree->setting == NULL || !mig_ok(v->m))
		return (MigStr){NULL, 0};
	return v->tree->setting(v->tree->setting_arg, v->m, name);
}

static char
lower(char c)
{
	return (char) (c >= 'A' && c <= 'Z' ? c | 32 : c);
}

static bool
same_name(MigStr a, MigStr b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.at[i]) != lower(b.at[i]))
			return false;
	return true;
}

/* Whether a property is to be seen from the file. */
static bool
counts(const Values *v, const MigLiquibaseProperty *p)
{
	MigFor where;
	bool chosen = true;

	if ((p->local ? p->file != v->file : p->file > v->file) ||
	    p->value.len == 0 || !mig_liquibase_dbms(p->dbms, &where) ||
	    (where != MIG_FOR_BOTH && where != v->target))
		return false;
	return p->context.len == 0 ||
	       (mig_liquibase_holds(v->m, p->context,
	                            setting(v, MIG_LIT("liquibase.contexts")),
	                            &chosen) &&
	        chosen);
}

/* The value of a property, absent if there is none. */
static MigStr
value_of(const Values *v, MigStr name)
{
	MigText t = {v->m, NULL, 0, 0};
	MigStr value;

	mig_text_fmt(&t, "placeholder.%.*s", MIG_S(name));
	value = setting(v, mig_text_str(&t));
	for (int i = 0; i < v->all->nproperties && value.at == NULL; i++)
	{
		const MigLiquibaseProperty *p = &v->all->properties[i];

		if (same_name(p->name, name) && counts(v, p))
			value = p->value;
	}
	return value;
}

static MigStr
expand(Values *v, MigStr text)
{
	MigText t = {v->m, NULL, 0, 0};
	size_t at;

	v->nested = false;
	while (mig_ok(v->m) && (at = mig_str_find(text, MIG_LIT("${"))) < text.len)
	{
		MigStr rest = mig_str_from(text, at + 2);
		MigStr name = mig_str_trim(mig_str_before(&rest, '}'));
		MigStr value = value_of(v, name);

		mig_text_str_add(&t, (MigStr){text.at, at});
		mig_text_str_add(&t, value.at != NULL ? value : MIG_LIT("${"));
		text = value.at != NULL ? rest : mig_str_from(text, at + 2);
		if (value.at != NULL)
			v->nested |= mig_str_find(value, MIG_LIT("${")) < value.len;
	}
	mig_text_str_add(&t, text);
	return mig_text_str(&t);
}

/* Values that name each other in a circle end after some rounds. */
#define ROUNDS 8

MigStr
mig_liquibase_expand(Mig *m, const MigTree *tree, const MigLiquibase *all,
                     const MigLiquibaseSet *set, MigStr text, MigFor target)
{
	Values v = {m, tree, all, set->file, target, false};

	text = expand(&v, text);
	for (int i = 1; i < ROUNDS && v.nested; i++)
		text = expand(&v, text);
	return text;
}
