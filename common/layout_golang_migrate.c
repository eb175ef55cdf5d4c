#include "private.h"

#include "layout_names.h"
#include "layouts.h"

/*
 * golang-migrate: VERSION_NAME.up.sql and .down.sql, in one directory; the
 * number alone says which belong together. Also with a database's name before
 * .up or before .sql, or in a folder that is called like a database.
 */
typedef struct Name
{
	MigStr digits, title;
	MigSectionKind kind;
	MigFor target;
} Name;

/* One database, by its folder or by its name's part. */
static MigFor
narrow(MigFor a, MigFor b)
{
	return a == MIG_FOR_BOTH ? b : a;
}

static bool
name_read(MigStr path, Name *n)
{
	MigStr name = path;

	if (!mig_str_cut(&name, ".sql"))
		return false;
	n->target = mig_path_target(&name);
	if (mig_str_cut(&name, ".up"))
		n->kind = MIG_UP;
	else if (mig_str_cut(&name, ".down"))
		n->kind = MIG_DOWN;
	else
		return false;
	n->target = narrow(n->target, mig_path_target(&name));
	n->title = name;
	return mig_str_version(&n->title, &n->digits) &&
	       memchr(n->title.at, '/', n->title.len) == NULL;
}

static bool
wants(MigStr name)
{
	Name n;

	return name_read(name, &n);
}

static MigClaim
claims(Mig *m, const MigTree *tree)
{
	(void) m;
	for (int i = 0; i < tree->nfiles; i++)
		if (wants(tree->files[i].name))
			return MIG_CLAIM_NAMES;
	return MIG_CLAIM_NO;
}

static bool
read_tree(Mig *m, MigTree *tree)
{
	MigPieces all = {NULL, 0, 0};

	for (int i = 0; i < tree->nfiles; i++)
	{
		const MigFile *f = &tree->files[i];
		MigPiece piece = {.part = {.transactional = true}};
		Name n;

		if (!name_read(f->name, &n))
			continue;
		if (!mig_digits_check(m, n.digits, "18446744073709551615", f->name))
			return false;
		piece.digits = n.digits;
		piece.version = mig_digits_short(n.digits);
		piece.name = n.title;
		piece.part.kind = n.kind;
		piece.part.target = n.target;
		piece.part.source = f->name;
		piece.part.line = 1;
		piece.part.text = f->text;
		if (!mig_piece_put(m, &all, &piece))
			return false;
	}
	return mig_pieces_read(m, tree, "golang-migrate", &all);
}

const MigLayout mig_layout_golang_migrate = {"golang-migrate", wants, claims,
                                             read_tree};
