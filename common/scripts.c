#include "private.h"

#include "function.h"
#include "layout.h"
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
		MigScript *s = mig_script_parse_from(m, &at, text, parts[i]);

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
mig_call_add(MigCall *c)
{
	MigMerge merge = {0};

	return parse_text(c->m, mig_str(""), c->args[0].text, &merge) &&
	       merge_call(c, &merge);
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

static MigStr
join(Mig *m, MigStr directory, MigStr name)
{
	MigText t = {m, NULL, 0, 0};

	mig_text_str_add(&t, directory);
	mig_text_char(&t, '/');
	mig_text_str_add(&t, name);
	return mig_text_str(&t);
}

static int
by_name(const void *context, int32_t a, int32_t b)
{
	const MigStr *names = context;

	return mig_str_cmp(names[a], names[b]);
}

/* Read the files that the layout wants, in the byte order of their names. */
static bool
read_files(MigCall *c, MigStr layout_name, MigTree *tree,
           const MigLayout **layout)
{
	MigHost *h = c->host;
	Mig *m = c->m;
	MigStr *names;
	int32_t *order;
	int count;

	if (!h->files->list(h, m, tree->path, &names, &count))
		return false;
	*layout = mig_layout_find(m, layout_name, names, count);
	order = mig_alloc_array(m, (size_t) count, sizeof(*order));
	tree->files = mig_alloc_array(m, (size_t) count, sizeof(*tree->files));
	if (*layout == NULL || order == NULL || tree->files == NULL)
		return false;
	for (int i = 0; i < count; i++)
		order[i] = i;
	if (!mig_sort(m, order, (size_t) count, by_name, names))
		return false;
	for (int i = 0; i < count; i++)
	{
		MigFile *f = &tree->files[tree->nfiles];

		if (!(*layout)->wants(names[order[i]]))
			continue;
		f->name = names[order[i]];
		if (!h->files->read(h, m, join(m, tree->path, f->name), &f->text))
			return false;
		tree->nfiles++;
	}
	return true;
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

/* Everything before the first write. *done: nothing has changed. */
static bool
load_read(MigCall *c, MigTree *tree, bool *directory, bool *done)
{
	const MigLayout *layout = NULL;
	const MigFileOps *files = c->host->files;

	*done = false;
	if (!files->allowed(c->host, c->m, false) ||
	    !files->is_directory(c->host, c->m, tree->path, directory))
		return false;
	if (!*directory)
		return read_one(c, tree) && parse_one(c, tree);
	if (!read_files(c, c->args[1].text, tree, &layout) ||
	    !is_unchanged(c, tree, done))
		return false;
	return *done || layout->read(c->m, tree);
}

bool
mig_call_load(MigCall *c)
{
	const MigHostOps *ops = c->host->ops;
	MigTree tree = {0};
	MigMerge merge = {0};
	MigStr none = {NULL, 0};
	bool directory;
	bool done;
	bool ok;

	tree.path = without_slash(c->args[0].text);
	if (!ops->begin(c->host, c->m, MIG_READ, none))
		return false;
	ok = load_read(c, &tree, &directory, &done);
	if (!ops->end(c->host, c->m, true) || !ok)
		return false;
	if (done)
		return true;
	merge.scripts = tree.scripts;
	merge.nscripts = tree.nscripts;
	if (directory)
		merge.directory = tree.path;
	return merge_call(c, &merge);
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
	if (!refuse_applied(&s, id) || !refuse_used(&s, node))
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
