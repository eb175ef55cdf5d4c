#include "private.h"

#include "layout_names.h"
#include "layouts.h"

/*
 * Hasura: VERSION_NAME/up.sql and down.sql, perhaps below a folder for each
 * database that it speaks to. Files .up.yaml of its first version hold calls
 * of its own interface, which are no SQL.
 */
typedef struct Name
{
	MigStr database; /* empty: no such folder */
	MigStr digits, title;
	MigSectionKind kind;
	bool yaml;
} Name;

static bool
name_read(MigStr path, Name *n)
{
	MigStr file = mig_path_base(path);
	MigStr folder = mig_path_folder(path);

	n->yaml = mig_str_cut(&file, ".yaml");
	if (!n->yaml && !mig_str_cut(&file, ".sql"))
		return false;
	if (folder.len == 0)
		return false;
	n->kind = mig_str_is(file, "down") ? MIG_DOWN : MIG_UP;
	if (n->kind == MIG_UP && !mig_str_is(file, "up"))
		return false;
	n->database = mig_path_folder(folder);
	n->title = mig_path_base(folder);
	return mig_str_version(&n->title, &n->digits);
}

static bool
wants(MigStr name)
{
	Name n;

	return name_read(name, &n);
}

/* Diesel's folders are called alike; its first one is not Hasura's. */
static MigClaim
claims(Mig *m, const MigTree *tree)
{
	MigClaim claim = MIG_CLAIM_NO;
	Name n;

	(void) m;
	for (int i = 0; i < tree->nfiles; i++)
	{
		if (!name_read(tree->files[i].name, &n))
			continue;
		if (mig_str_is(n.title, "diesel_initial_setup"))
			return MIG_CLAIM_NO;
		claim = MIG_CLAIM_NAMES;
	}
	return claim;
}

static bool
refuse_yaml(Mig *m, const MigFile *f)
{
	mig_fail(m, MIG_SYNTAX, "migration \"%.*s\" is not SQL", MIG_S(f->name));
	mig_hint(m, "It calls Hasura's own interface; write its SQL in up.sql.");
	return mig_at(m, mig_layout_pos(f, 0));
}

static bool
refuse_databases(Mig *m, const MigTree *tree, MigStr a, MigStr b)
{
	mig_fail(m, MIG_ARGUMENT,
	         "directory \"%.*s\" holds migrations of several databases",
	         MIG_S(tree->path));
	mig_detail(m, "The first are \"%.*s\" and \"%.*s\".", MIG_S(a), MIG_S(b));
	return mig_hint(m,
	                "Load the folder of this one: migrate_load('%.*s/%.*s')"
	                ".",
	                MIG_S(tree->path), MIG_S(a));
}

static bool
read_file(Mig *m, MigPieces *all, const MigFile *f, const Name *n)
{
	MigPiece piece = {.digits = n->digits, .name = n->title};

	if (n->yaml)
		return refuse_yaml(m, f);
	if (!mig_digits_check(m, n->digits, "9223372036854775807", f->name))
		return false;
	piece.version = mig_digits_short(n->digits);
	piece.part = (MigPart){n->kind, MIG_FOR_BOTH, true, f->name, 1, f->text};
	return mig_piece_put(m, all, &piece);
}

static bool
read_tree(Mig *m, MigTree *tree)
{
	MigPieces all = {NULL, 0, 0};
	MigStr database = {NULL, 0};
	bool any = false;

	for (int i = 0; i < tree->nfiles; i++)
	{
		Name n;

		if (!name_read(tree->files[i].name, &n))
			continue;
		if (any && !mig_str_eq(database, n.database))
			return refuse_databases(m, tree, database, n.database);
		any = true;
		database = n.database;
		if (!read_file(m, &all, &tree->files[i], &n))
			return false;
	}
	return mig_pieces_read(m, tree, "hasura", &all);
}

const MigLayout mig_layout_hasura = {"hasura", wants, claims, read_tree};
