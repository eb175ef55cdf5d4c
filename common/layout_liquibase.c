/*
 * Liquibase, of which the changelogs in formatted SQL: a changeset is a
 * revision. Files come in the byte order of their names, changesets in the
 * order in which they stand.
 *
 * A revision is called after its file and id, since an id need not be the only
 * one of its name: "users_1" for anna:1 in users.sql, "users_1_bob" when bob:1
 * follows it there.
 */
#include "private.h"

#include "delimiter.h"
#include "hash.h"
#include "layouts.h"
#include "liquibase.h"
#include "liquibase_filter.h"
#include "text.h"

typedef struct Reader
{
	Mig *m;
	MigTree *tree;
	MigLiquibase all;
	MigMap revisions;
	MigMap sets; /* "path::id::author" to index */
	MigStr contexts, labels;
} Reader;

static bool
wants(MigStr name)
{
	return mig_str_ends(name, ".sql") && mig_path_base(name).at[0] != '.';
}

static MigClaim
claims(Mig *m, const MigTree *tree)
{
	(void) m;
	for (int i = 0; i < tree->nfiles; i++)
		if (wants(tree->files[i].name) &&
		    mig_liquibase_is(tree->files[i].text))
			return MIG_CLAIM_SURE;
	return MIG_CLAIM_NO;
}

static MigStr
attribute(const MigLiquibaseSet *set, const char *name)
{
	return mig_liquibase_attribute(set->attributes, name);
}

static bool
is_true(const MigLiquibaseSet *set, const char *name)
{
	return mig_str_word(attribute(set, name), "true");
}

static bool
is_false(const MigLiquibaseSet *set, const char *name)
{
	return mig_str_word(attribute(set, name), "false");
}

/* As its state table would name it. */
static MigStr
identity(Mig *m, const MigLiquibaseSet *set)
{
	MigText t = {m, NULL, 0, 0};

	mig_text_fmt(&t, "%.*s::%.*s::%.*s", MIG_S(set->path), MIG_S(set->id),
	             MIG_S(set->author));
	return mig_text_str(&t);
}

static bool
note(Reader *r, const MigLiquibaseSet *set, const char *why)
{
	MigText t = {r->m, NULL, 0, 0};
	MigStr text;

	mig_text_fmt(&t, "changeset %.*s:%.*s: %s", MIG_S(set->author),
	             MIG_S(set->id), why);
	text = mig_text_str(&t);
	return mig_ok(r->m) &&
	       mig_layout_ignore(r->m, r->tree, set->file->name, text.at);
}

static MigStr
revision_of(Reader *r, const MigLiquibaseSet *set, int i)
{
	MigText t = {r->m, NULL, 0, 0};
	MigStr stem = {set->file->name.at, set->file->name.len - 4};
	MigStr id;

	mig_text_fmt(&t, "%.*s_%.*s", MIG_S(stem), MIG_S(set->id));
	id = mig_layout_id(r->m, mig_text_str(&t));
	if (id.at != NULL && mig_map_get(&r->revisions, id) >= 0)
	{
		mig_text_fmt(&t, "_%.*s", MIG_S(set->author));
		id = mig_layout_id(r->m, mig_text_str(&t));
	}
	if (id.at != NULL)
		mig_map_put(r->m, &r->revisions, id, i);
	return id;
}

/* Line end signs and blanks do not count, not even in strings. */
static MigStr
checksum(Mig *m, MigStr text)
{
	MigText t = {m, NULL, 0, 0};
	char *at = mig_alloc(m, text.len + 1);
	size_t n = 0;
	MigHash h;

	if (at == NULL)
		return (MigStr){NULL, 0};
	for (size_t i = 0; i < text.len; i++)
		if (strchr(" \t\r\n", text.at[i]) == NULL || text.at[i] == '\0')
			at[n++] = text.at[i];
	mig_hash_start(&h, &mig_md5);
	mig_hash_add(&h, (MigStr){at, n});
	mig_text_fmt(&t, "9:%.*s:", MIG_S(mig_hash_hex(m, &h)));
	mig_hash_start(&h, &mig_md5);
	mig_hash_add(&h, mig_text_str(&t));
	t.len = 2;
	mig_text_str_add(&t, mig_hash_hex(m, &h));
	return mig_text_str(&t);
}

/* Where properties differ between the databases, so does the checksum. */
static MigStr
checksums(Reader *r, const MigLiquibaseSet *set, MigStr text, MigFor target)
{
	MigText t = {r->m, NULL, 0, 0};
	MigStr pg =
		checksum(r->m, mig_liquibase_expand(r->m, r->tree, &r->all, set, text,
	                                        MIG_FOR_POSTGRESQL));
	MigStr sqlite =
		checksum(r->m, mig_liquibase_expand(r->m, r->tree, &r->all, set, text,
	                                        MIG_FOR_SQLITE));

	if (target != MIG_FOR_BOTH || mig_str_eq(pg, sqlite))
		return target == MIG_FOR_SQLITE ? sqlite : pg;
	mig_text_fmt(&t, "%.*s %.*s", MIG_S(pg), MIG_S(sqlite));
	return mig_text_str(&t);
}

/* Delimiters are regular expressions there; what has none of their signs is
   taken as it stands. */
static bool
delimiter_of(Reader *r, const MigLiquibaseSet *set, const char *name,
             MigStr *delimiter)
{
	MigStr written = attribute(set, name);
	MigPos pos = {set->file->name, 0, set->line, 1};

	*delimiter = MIG_LIT(";");
	if (written.len == 0)
		return true;
	for (size_t i = 0; i < written.len; i++)
		if (strchr("[(*+?{", written.at[i]) != NULL)
		{
			mig_fail(r->m, MIG_SYNTAX, "end delimiter \"%.*s\" cannot be kept",
			         MIG_S(written));
			mig_hint(r->m, "A delimiter that is a pattern is none here:"
			               " write one that stands for itself.");
			return mig_at(r->m, pos);
		}
	*delimiter = mig_delimiter_read(r->m, written);
	return mig_ok(r->m);
}

/* One text as one part, or as one for each database where its properties
   differ between the two. */
static bool
parts_add(Reader *r, const MigLiquibaseSet *set, MigPart part,
          MigStr delimiter, MigPart *parts, int *n)
{
	static const MigFor targets[] = {MIG_FOR_POSTGRESQL, MIG_FOR_SQLITE};
	MigStr text[2];
	bool same;

	for (int i = 0; i < 2; i++)
		text[i] =
			mig_delimiter(r->m,
		                  mig_liquibase_expand(r->m, r->tree, &r->all, set,
		                                       part.text, targets[i]),
		                  delimiter);
	if (!mig_ok(r->m))
		return false;
	same = part.target == MIG_FOR_BOTH && mig_str_eq(text[0], text[1]);
	part.source = set->file->name;
	part.transactional = !is_false(set, "runintransaction");
	for (int i = 0; i < (same ? 1 : 2); i++)
	{
		if (!same && part.target != MIG_FOR_BOTH && part.target != targets[i])
			continue;
		parts[*n] = part;
		parts[*n].text = text[i];
		if (!same)
			parts[*n].target = targets[i];
		(*n)++;
	}
	return true;
}

static bool
fail_rollback_of(Reader *r, const MigLiquibaseSet *set, MigStr id)
{
	MigPos pos = {set->file->name, 0, set->line, 1};

	mig_fail(r->m, MIG_GRAPH,
	         "changeset \"%.*s\" that is to roll back does"
	         " not exist",
	         MIG_S(id));
	return mig_at(r->m, pos);
}

/* The changeset whose up text goes down: named by id, author and path. */
static const MigLiquibaseSet *
rollback_of(Reader *r, const MigLiquibaseSet *set)
{
	MigLiquibaseSet named = *set;
	MigStr path = mig_liquibase_attribute(set->rollback_of, "changesetpath");
	MigStr author =
		mig_liquibase_attribute(set->rollback_of, "changesetauthor");
	int32_t at;

	named.id = mig_liquibase_attribute(set->rollback_of, "changesetid");
	if (author.at != NULL)
		named.author = author;
	if (path.at != NULL)
		named.path = path;
	at = mig_map_get(&r->sets, identity(r->m, &named));
	if (at >= 0)
		return &r->all.sets[at];
	if (mig_ok(r->m))
		fail_rollback_of(r, set, named.id);
	return NULL;
}

static bool
down_add(Reader *r, const MigLiquibaseSet *set, MigPart part, MigPart *parts,
         int *n)
{
	const MigLiquibaseSet *from = set;
	MigStr delimiter;

	if (!set->rollback)
		return true;
	part.kind = MIG_DOWN;
	part.text = set->down;
	part.line = set->down_line;
	if (set->rollback_of.at != NULL)
	{
		from = rollback_of(r, set);
		if (from == NULL)
			return false;
		part.text = from->up;
		part.line = from->up_line;
	}
	return delimiter_of(r, set, "rollbackenddelimiter", &delimiter) &&
	       parts_add(r, from, part, delimiter, parts, n);
}

/* What the attributes mean and a script cannot say. */
static bool
notes(Reader *r, const MigLiquibaseSet *set)
{
	if (is_true(set, "runalways") &&
	    !note(r, set, "it runs when it changes, not always"))
		return false;
	if (is_false(set, "failonerror") &&
	    !note(r, set, "an error in it ends the run"))
		return false;
	return set->warn.at == NULL ||
	       note(r, set, "its preconditions are not checked");
}

static bool
put(Reader *r, const MigLiquibaseSet *set, int i, MigFor target)
{
	MigPart parts[4];
	MigPart part = {.kind = MIG_UP,
	                .target = target,
	                .line = set->up_line,
	                .text = set->up};
	MigForeign f = {.layout = "liquibase",
	                .version = identity(r->m, set),
	                .revision = revision_of(r, set, i),
	                .message = set->message,
	                .created = MIG_NO_TIME,
	                .repeatable = is_true(set, "runonchange") ||
	                              is_true(set, "runalways"),
	                .source = set->file->name,
	                .parts = parts};
	MigStr delimiter;

	if (f.message.at == NULL)
		f.message = mig_slug_message(r->m, set->id);
	f.checksum = checksums(r, set, part.text, target);
	return delimiter_of(r, set, "enddelimiter", &delimiter) &&
	       parts_add(r, set, part, delimiter, parts, &f.nparts) &&
	       down_add(r, set, part, parts, &f.nparts) && notes(r, set) &&
	       mig_layout_put(r->m, r->tree, &f);
}

/* Contexts and labels are asked for only when settings name some. */
static bool
is_chosen(Reader *r, const MigLiquibaseSet *set, bool *chosen)
{
	MigStr context = attribute(set, "context");
	MigStr filter = attribute(set, "contextfilter");
	MigStr labels = attribute(set, "labels");
	MigPos pos = {set->file->name, 0, set->line, 1};
	bool by_label = true;

	if (filter.at != NULL)
		context = filter;
	if (!mig_liquibase_holds(r->m, context, r->contexts, chosen))
		return mig_at(r->m, pos);
	if (r->labels.at != NULL && labels.len > 0 &&
	    !mig_liquibase_holds(r->m, r->labels, labels, &by_label))
		return false;
	*chosen &= by_label;
	return true;
}

static bool
set_read(Reader *r, int i)
{
	const MigLiquibaseSet *set = &r->all.sets[i];
	MigFor target;
	bool chosen;

	if (!mig_liquibase_dbms(attribute(set, "dbms"), &target))
		return note(r, set, "it is for other databases");
	if (is_true(set, "ignore"))
		return note(r, set, "it says ignore:true");
	if (!is_chosen(r, set, &chosen))
		return false;
	if (!chosen)
		return note(r, set, "its context or labels are not chosen");
	return put(r, set, i, target);
}

static MigStr
setting(Reader *r, const char *name)
{
	if (r->tree->setting == NULL)
		return (MigStr){NULL, 0};
	return r->tree->setting(r->tree->setting_arg, r->m, mig_str(name));
}

static bool
files_read(Reader *r)
{
	MigTree *tree = r->tree;

	for (int i = 0; i < tree->nfiles; i++)
	{
		const MigFile *file = &tree->files[i];

		if (!(mig_liquibase_is(file->text)
		          ? mig_liquibase_read(r->m, file, &r->all)
		          : mig_layout_ignore(r->m, tree, file->name,
		                              "it does not begin with \"--liquibase"
		                              " formatted sql\"")))
			return false;
	}
	return true;
}

/* Changelogs of other kinds may hold changesets, and say the order. */
static bool
report_others(Reader *r)
{
	static const char *const ends[] = {".xml", ".yaml", ".yml", ".json"};
	MigTree *tree = r->tree;

	for (int i = 0; i < tree->nnames; i++)
		for (int k = 0; k < MIG_COUNT(ends); k++)
			if (mig_str_ends(tree->names[i], ends[k]) &&
			    !mig_layout_ignore(r->m, tree, tree->names[i],
			                       "only changelogs in SQL are read, in the"
			                       " order of their names"))
				return false;
	return true;
}

static bool
read_tree(Mig *m, MigTree *tree)
{
	Reader r = {.m = m, .tree = tree};
	MigStr preconditions = setting(&r, "liquibase.preconditions");

	r.contexts = setting(&r, "liquibase.contexts");
	r.labels = setting(&r, "liquibase.labels");
	r.all.no_preconditions = mig_str_is(preconditions, "ignore");
	if (!mig_map_init(m, &r.revisions, 64) || !mig_map_init(m, &r.sets, 64) ||
	    !files_read(&r) || !report_others(&r))
		return false;
	for (int i = 0; i < r.all.nsets; i++)
	{
		MigStr name = identity(m, &r.all.sets[i]);

		if (name.at == NULL || mig_map_put(m, &r.sets, name, i) < 0)
			return false;
	}
	for (int i = 0; i < r.all.nsets; i++)
		if (!set_read(&r, i))
			return false;
	return true;
}

const MigLayout mig_layout_liquibase = {"liquibase", wants, claims, read_tree};
