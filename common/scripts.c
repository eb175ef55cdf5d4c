#include "private.h"

#include "directory.h"
#include "function.h"
#include "pack.h"
#include "plan.h"
#include "store.h"
#include "target.h"
#include "text.h"

static bool
refuse_nameless(Mig *m, const MigScript *s)
{
	MigPos start = mig_lex_pos(s->source, s->text, 0);

	mig_fail(m, MIG_SYNTAX, "script does not say which revision it is");
	mig_hint(m, "Begin it with a line \"-- migrate:revision ID\", or load it"
	            " as a file with migrate_load().");
	return mig_at(m, start);
}

/* The scripts of one text; each says which revision it is. */
static bool
parse_text(Mig *m, MigStr source, MigStr text, MigMerge *merge)
{
	MigPos at = mig_lex_pos(source, text, 0);
	MigStr *parts;

	if (!mig_script_cut(m, source, text, &parts, &merge->nscripts))
		return false;
	merge->scripts =
		mig_alloc_array(m, (size_t) merge->nscripts, sizeof(MigScript *));
	if (merge->scripts == NULL)
		return false;
	for (int i = 0; i < merge->nscripts; i++)
	{
		MigScript *s = mig_script_skim_from(m, &at, text, parts[i]);

		if (s == NULL)
			return false;
		if (s->revision.at == NULL)
			return refuse_nameless(m, s);
		if (i > 0 && s->revises.at == NULL)
			s->revises = merge->scripts[i - 1]->revision;
		if (s->message.at == NULL)
			s->message = mig_str("");
		merge->scripts[i] = s;
	}
	return true;
}

/* Merge within a call: begin, write, end. */
static bool
merge_call(MigCall *c, const MigMerge *merge)
{
	const MigHostOps *ops = c->host->ops;
	MigStr none = {NULL, 0};
	bool ok;

	if (!ops->begin(c->host, c->m, MIG_WRITE, none))
		return false;
	ok = mig_store_merge(c->m, c->host, merge, &c->result.number);
	return ops->end(c->host, c->m, ok) && ok;
}

bool
mig_call_replace(MigCall *c)
{
	MigMerge merge = {0};

	merge.replace = true;
	return parse_text(c->m, mig_str(""), c->args[0].text, &merge) &&
	       merge_call(c, &merge);
}

static MigStr
without_slash(MigStr path)
{
	while (path.len > 1 && path.at[path.len - 1] == '/')
		path.len--;
	return path;
}

/* The rows of migrate_setting, for layouts that ask for them. */
typedef struct Settings
{
	MigHost *h;
	MigMap names; /* name to index in values */
	MigStr *values;
	int count;
	size_t room;
	bool read;
	bool wanted; /* somebody has asked */
} Settings;

static bool
setting_row(void *arg, Mig *m, const MigStr *cells)
{
	Settings *s = arg;
	MigStr *grown = mig_grow(m, s->values, (size_t) s->count, &s->room,
	                         (size_t) s->count + 1, sizeof(*grown));

	if (grown == NULL)
		return false;
	s->values = grown;
	grown[s->count] = mig_copy(m, cells[1]);
	return mig_map_put(m, &s->names, mig_copy(m, cells[0]), s->count++) >= 0;
}

static MigStr
setting_get(void *arg, Mig *m, MigStr name)
{
	Settings *s = arg;
	MigStr none = {NULL, 0};
	int32_t i;

	s->wanted = true;
	if (!s->read && !s->h->empty &&
	    !s->h->ops->query(s->h, m, MIG_Q_SETTINGS, NULL, setting_row, s))
		return none;
	s->read = true;
	i = mig_map_get(&s->names, name);
	return i < 0 ? none : s->values[i];
}

/* Files that gave no revision, a few by name. */
static MigStr
ignored_text(Mig *m, const MigTree *tree)
{
	MigText t = {m, NULL, 0, 0};
	int shown = tree->nignored < 8 ? tree->nignored : 8;

	mig_text_fmt(&t,
	             "ignored %d file%s of directory \"%.*s\": ", tree->nignored,
	             tree->nignored == 1 ? "" : "s", MIG_S(tree->path));
	for (int i = 0; i < shown; i++)
		mig_text_fmt(&t, "%s\"%.*s\" (%.*s)", i > 0 ? ", " : "",
		             MIG_S(tree->ignored[i].name),
		             MIG_S(tree->ignored[i].why));
	if (shown < tree->nignored)
		mig_text_fmt(&t, " and %d more", tree->nignored - shown);
	return mig_text_str(&t);
}

/* Say which layout it was, unless it is ours, and what was not read. */
static bool
load_note(MigCall *c, const MigLayout *layout, const MigTree *tree)
{
	MigHost *h = c->host;
	MigText t = {c->m, NULL, 0, 0};
	MigStr text;

	if (layout != &mig_layout_native)
	{
		mig_text_fmt(&t, "directory \"%.*s\" has the layout %s",
		             MIG_S(tree->path), layout->name);
		text = mig_text_str(&t);
		if (text.at == NULL)
			return false;
		h->ops->note(h, c->m, text.at);
	}
	if (tree->nignored == 0)
		return true;
	text = ignored_text(c->m, tree);
	if (text.at != NULL)
		h->ops->note(h, c->m, text.at);
	return text.at != NULL;
}

/* Compares a directory with what came from it before. */
typedef struct Compare
{
	const MigTree *tree;
	MigMap names;
	int same;
	bool other; /* something stored is not there, or not so */
} Compare;

static bool
compare_row(void *arg, Mig *m, const MigStr *cells)
{
	Compare *k = arg;
	MigStr source = cells[MIG_SS_SOURCE];
	MigStr path = k->tree->path;
	int32_t i;

	(void) m;
	if (source.len <= path.len || !mig_str_starts(source, path) ||
	    source.at[path.len] != '/')
		return true;
	i = mig_map_get(&k->names, mig_str_from(source, path.len + 1));
	if (i >= 0 && mig_cell_bool(cells[MIG_SS_TRUSTED]) &&
	    mig_str_eq(k->tree->files[i].text, cells[MIG_SS_SCRIPT]))
		k->same++;
	else
		k->other = true;
	return true;
}

/* Whether every file is stored as it is, and nothing else is from here: the
   usual case, known without parsing anything. */
static bool
is_unchanged(MigCall *c, const MigTree *tree, bool *yes)
{
	Compare k = {tree, {NULL, 0, 0}, 0, false};

	*yes = false;
	if (c->host->empty)
		return true;
	if (!mig_map_init(c->m, &k.names, (size_t) tree->nfiles))
		return false;
	for (int i = 0; i < tree->nfiles; i++)
		if (mig_map_put(c->m, &k.names, tree->files[i].name, i) < 0)
			return false;
	if (!c->host->ops->query(c->host, c->m, MIG_Q_SCRIPTS, NULL, compare_row,
	                         &k))
		return false;
	*yes = !k.other && k.same == tree->nfiles && tree->nfiles > 0;
	return true;
}

/* path names one file. */
static bool
read_one(MigCall *c, MigTree *tree)
{
	MigStr path = tree->path;
	size_t cut = path.len;
	MigFile *f = mig_alloc(c->m, sizeof(*f));

	if (f == NULL)
		return false;
	while (cut > 0 && path.at[cut - 1] != '/')
		cut--;
	f->name = mig_str_from(path, cut);
	tree->files = f;
	tree->nfiles = 1;
	return c->host->files->read(c->host, c->m, path, &f->text);
}

/* A file by itself does not know what came before it; one that holds several
   scripts is read as migrate_add() reads them. */
static bool
parse_one(MigCall *c, MigTree *tree)
{
	const MigFile *f = &tree->files[0];
	MigMerge merge = {0};
	MigStr revises;
	MigStr *parts;
	MigScript *s;

	if (!mig_script_cut(c->m, f->name, f->text, &parts, &tree->nscripts))
		return false;
	if (tree->nscripts > 1)
	{
		if (!parse_text(c->m, f->name, f->text, &merge))
			return false;
		tree->scripts = merge.scripts;
		return true;
	}
	s = mig_script_parse(c->m, f->name, f->text, f->text);
	tree->scripts = mig_alloc(c->m, sizeof(MigScript *));
	if (s == NULL || tree->scripts == NULL)
		return false;
	revises = s->revises;
	if (!mig_layout_complete(c->m, s, NULL))
		return false;
	s->revises = revises;
	tree->scripts[0] = s;
	return true;
}

/* The files of a directory by its layout. *done: nothing has changed. */
static bool
read_layout(MigCall *c, MigStr name, MigTree *tree, bool *done)
{
	const MigLayout *layout = mig_layout_find(c->m, name, tree);

	if (layout == NULL || !mig_layout_filter(c->m, layout, tree))
		return false;
	if (layout == &mig_layout_native && !is_unchanged(c, tree, done))
		return false;
	return *done ||
	       (mig_layout_read(c->m, layout, tree) && load_note(c, layout, tree));
}

/* Everything before the first write. *done: nothing has changed. */
static bool
load_read(MigCall *c, MigTree *tree, Settings *settings, bool *directory,
          bool *done)
{
	const MigFileOps *files = c->host->files;

	*done = false;
	if (!files->allowed(c->host, c->m, false) ||
	    !files->is_directory(c->host, c->m, tree->path, directory))
		return false;
	if (!*directory)
		return read_one(c, tree) && parse_one(c, tree);
	tree->setting = setting_get;
	tree->setting_arg = settings;
	if (!mig_directory_read(c->m, c->host, c->args[1].text, tree))
		return false;
	return read_layout(c, c->args[1].text, tree, done);
}

/*
 * SQLite: a layout lacks a setting, and there is no table yet to put it in.
 * Make it, though the call fails: what the hint says has to work.
 */
static void
make_tables(MigCall *c)
{
	const MigHostOps *ops = c->host->ops;
	MigStatus failed = c->m->status;
	MigStr none = {NULL, 0};

	memset(&c->m->status, 0, sizeof(c->m->status));
	if (ops->begin(c->host, c->m, MIG_WRITE, none))
		ops->end(c->host, c->m, true);
	c->m->status = failed;
}

bool
mig_call_load(MigCall *c)
{
	const MigHostOps *ops = c->host->ops;
	MigTree tree = {0};
	Settings settings = {.h = c->host};
	MigMerge merge = {0};
	MigStr none = {NULL, 0};
	bool directory;
	bool done;
	bool ok;

	tree.path = without_slash(c->args[0].text);
	if (!ops->begin(c->host, c->m, MIG_READ, none))
		return false;
	ok = load_read(c, &tree, &settings, &directory, &done);
	if (!ops->end(c->host, c->m, true) || !ok)
	{
		if (settings.wanted && c->host->empty)
			make_tables(c);
		return false;
	}
	if (done)
		return true;
	merge.scripts = tree.scripts;
	merge.nscripts = tree.nscripts;
	if (directory)
	{
		merge.directory = tree.path;
		merge.ids = &tree.revisions;
	}
	return merge_call(c, &merge);
}

/* A packed directory is loaded as if it had been found here. */
static bool
add_pack(MigCall *c)
{
	const MigHostOps *ops = c->host->ops;
	MigTree tree = {0};
	Settings settings = {.h = c->host};
	MigMerge merge = {0};
	MigStr none = {NULL, 0};
	MigStr layout;
	bool done = false;
	bool ok;

	if (!mig_pack_read(c->m, c->args[0].text, &layout, &tree) ||
	    !ops->begin(c->host, c->m, MIG_READ, none))
		return false;
	tree.setting = setting_get;
	tree.setting_arg = &settings;
	ok = read_layout(c, layout, &tree, &done);
	if (!ops->end(c->host, c->m, true) || !ok)
		return false;
	merge.scripts = tree.scripts;
	merge.nscripts = tree.nscripts;
	merge.ids = &tree.revisions;
	merge.directory = tree.path;
	return done || merge_call(c, &merge);
}

bool
mig_call_add(MigCall *c)
{
	MigMerge merge = {0};

	if (mig_pack_is(c->args[0].text))
		return add_pack(c);
	return parse_text(c->m, mig_str(""), c->args[0].text, &merge) &&
	       merge_call(c, &merge);
}

static bool
any_row(void *arg, Mig *m, const MigStr *cells)
{
	MigStr *wanted = arg;

	(void) m;
	if (mig_str_eq(*wanted, cells[0]))
		wanted->len = 0;
	return true;
}

/* Who stands in the way of removing a node. */
static bool
refuse_used(MigState *s, int32_t node)
{
	const MigNode *n = &s->graph.nodes[node];
	MigStr id = n->id;
	int32_t other;

	if (n->nup == 0 && n->nusers == 0)
		return true;
	other = s->graph.edges[n->nup > 0 ? n->up : n->users];
	return mig_fail(s->m, MIG_STATE,
	                "revision \"%.*s\" cannot be removed:"
	                " revision \"%.*s\" %s it",
	                MIG_S(id), MIG_S(s->graph.nodes[other].id),
	                n->nup > 0 ? "revises" : "depends on");
}

static bool
refuse_applied(MigState *s, MigStr id)
{
	MigStr wanted = id;

	if (!s->h->ops->query(s->h, s->m, MIG_Q_APPLIED_ANY, NULL, any_row,
	                      &wanted))
		return false;
	if (wanted.len > 0)
		return true;
	mig_fail(s->m, MIG_STATE,
	         "revision \"%.*s\" cannot be removed: it is"
	         " applied",
	         MIG_S(id));
	return mig_hint(s->m, "Revert it first with migrate_revert().");
}

static bool
remove_locked(MigCall *c)
{
	MigHost *h = c->host;
	MigStr args[2] = {mig_str("position"), mig_str("0")};
	MigState s;
	int32_t node;
	MigStr id;

	if (!h->ops->query(h, c->m, MIG_Q_STATE_LOCK, args, NULL, NULL) ||
	    !mig_state_init(&s, c->m, h) || !mig_state_load(&s, MIG_LOAD_GRAPH) ||
	    !mig_target_one(&s.graph, c->args[0].text, &node))
		return false;
	if (node < 0)
		return mig_fail(c->m, MIG_TARGET, "\"%.*s\" names no revision",
		                MIG_S(c->args[0].text));
	id = s.graph.nodes[node].id;
	/* Nobody reverts a repeatable script: what it made stays. */
	if (s.graph.nodes[node].flags & MIG_NODE_REPEATABLE
	        ? !h->ops->query(h, c->m, MIG_Q_APPLIED_FORGET, &id, NULL, NULL)
	        : !refuse_applied(&s, id))
		return false;
	if (!refuse_used(&s, node))
		return false;
	args[0] = mig_str("heads");
	args[1] = mig_state_heads(&s.graph, node);
	c->result.number = 1;
	return args[1].at != NULL &&
	       h->ops->query(h, c->m, MIG_Q_REVISION_DROP, &id, NULL, NULL) &&
	       h->ops->query(h, c->m, MIG_Q_STATE_SET, args, NULL, NULL);
}

bool
mig_call_remove(MigCall *c)
{
	const MigHostOps *ops = c->host->ops;
	MigStr none = {NULL, 0};
	bool ok;

	if (!ops->begin(c->host, c->m, MIG_WRITE, none))
		return false;
	ok = remove_locked(c);
	return ops->end(c->host, c->m, ok) && ok;
}
