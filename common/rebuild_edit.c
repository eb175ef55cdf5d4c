#include "private.h"

#include "rebuild_work.h"

bool
mig_r_read_table(MigEditor *e)
{
	bool is;

	if (!mig_tokens_of(e->m, &mig_sqlite, e->text, &e->k) ||
	    !mig_table_read(e->m, &e->k, &e->t, &is))
		return false;
	if (is && e->t.open >= 0 && e->t.ncolumns > 0)
		return true;
	return mig_fail(e->m, MIG_SYNTAX,
	                "stored text of table \"%.*s\" cannot be edited",
	                MIG_S(e->item->table));
}

bool
mig_r_splice(MigEditor *e, size_t from, size_t to, MigStr text)
{
	MigText t = {e->m, NULL, 0, 0};

	mig_text_str_add(&t, (MigStr){e->text.at, from});
	mig_text_str_add(&t, text);
	mig_text_str_add(&t, mig_str_from(e->text, to));
	e->text = mig_text_str(&t);
	e->changed = true;
	return e->text.at != NULL && mig_r_read_table(e);
}

size_t
mig_r_start_of(const MigEditor *e, int i)
{
	return e->k.at[i].offset;
}

size_t
mig_r_end_of(const MigEditor *e, int i)
{
	return e->k.at[i].offset + e->k.at[i].text.len;
}

bool
mig_r_insert(MigEditor *e, int i, const char *before, MigStr text)
{
	MigText t = {e->m, NULL, 0, 0};
	size_t at = mig_r_end_of(e, i);

	mig_text_add(&t, before);
	mig_text_str_add(&t, text);
	return mig_r_splice(e, at, at, mig_text_str(&t));
}

/* What stands between token i and the next one. */
static MigStr
behind(const MigEditor *e, int i)
{
	return (MigStr){e->text.at + mig_r_end_of(e, i),
	                mig_r_start_of(e, i + 1) - mig_r_end_of(e, i)};
}

/* Whether that is only space: a comment stays. */
static bool
is_near(const MigEditor *e, int i)
{
	return mig_str_trim(behind(e, i)).len == 0;
}

bool
mig_r_append(MigEditor *e, int i, MigStr text)
{
	MigText t = {e->m, NULL, 0, 0};
	size_t at = is_near(e, i) ? mig_r_end_of(e, i) : mig_r_start_of(e, i + 1);

	mig_text_add(&t, ", ");
	mig_text_str_add(&t, text);
	return mig_r_splice(e, at, at, mig_text_str(&t));
}

static size_t
left_of(const MigEditor *e, int i)
{
	return is_near(e, i - 1) ? mig_r_end_of(e, i - 1) : mig_r_start_of(e, i);
}

static size_t
right_of(const MigEditor *e, int i)
{
	return is_near(e, i) ? mig_r_start_of(e, i + 1) : mig_r_end_of(e, i);
}

bool
mig_r_take_out(MigEditor *e, MigSpan s)
{
	return mig_r_splice(e, left_of(e, s.from), mig_r_end_of(e, s.to - 1),
	                    MIG_LIT(""));
}

bool
mig_r_take_item(MigEditor *e, MigSpan s)
{
	bool first = !mig_token_char(&e->k, s.from - 1, ',');
	bool last = !mig_token_char(&e->k, s.to, ',');

	if (last && !mig_token_char(&e->k, s.to, ')'))
		return mig_r_splice(e, mig_r_start_of(e, s.from),
		                    right_of(e, s.to - 1), MIG_LIT(""));
	if (!first && is_near(e, s.from - 1))
		return mig_r_splice(e, mig_r_start_of(e, s.from - 1),
		                    mig_r_end_of(e, s.to - 1), MIG_LIT(""));
	if (!last)
		return mig_r_splice(e, mig_r_start_of(e, s.from), right_of(e, s.to),
		                    is_near(e, s.to - 1) ? MIG_LIT("")
		                                         : behind(e, s.to - 1));
	if (first)
		return mig_r_take_out(e, s);
	return mig_r_splice(e, mig_r_start_of(e, s.from - 1),
	                    mig_r_end_of(e, s.to - 1), behind(e, s.from - 1));
}

bool
mig_r_missing(MigEditor *e, const char *what, MigStr name, const char *how)
{
	mig_fail(e->m, MIG_SYNTAX, "%s \"%.*s\" of table \"%.*s\" %s", what,
	         MIG_S(name), MIG_S(e->item->table), how);
	return mig_at(e->m, e->action->pos);
}

int
mig_r_column_of(MigEditor *e)
{
	int c = mig_table_column(e->m, &e->k, &e->t, e->action->column);

	if (c < 0 && mig_ok(e->m))
		mig_r_missing(e, "column", e->action->column, "does not exist");
	return c;
}

MigStr
mig_r_bare(MigEditor *e, int i)
{
	return mig_token_bare(e->m, &e->k, i);
}

bool
mig_r_names(MigEditor *e, MigSpan s, MigStr name)
{
	for (int i = s.from; i < s.to; i++)
		if (mig_token_name(&e->k, i) && mig_name_same(mig_r_bare(e, i), name))
			return true;
	return false;
}

int
mig_r_type_of(const MigColumnDef *c)
{
	return c->type.to > c->type.from ? c->type.to - 1 : c->name;
}

bool
mig_r_name_add(MigEditor *e, MigStr **list, size_t *count, size_t *room,
               MigStr name)
{
	MigStr *grown =
		mig_grow(e->m, *list, *count, room, *count + 1, sizeof(**list));

	if (grown == NULL)
		return false;
	*list = grown;
	grown[(*count)++] = name;
	return true;
}

bool
mig_r_proof_add(MigEditor *e, bool check, MigStr name, MigStr refuted)
{
	MigProof *grown = mig_grow(e->m, e->proofs, e->nproofs, &e->proof_room,
	                           e->nproofs + 1, sizeof(*grown));

	if (grown == NULL || refuted.at == NULL)
		return false;
	e->proofs = grown;
	grown[e->nproofs++] = (MigProof){e->action->pos, refuted, name, check};
	return true;
}

bool
mig_r_is_itself(MigEditor *e, MigStr text, MigStr name)
{
	MigTokens k;

	return text.at == NULL ||
	       (mig_tokens_of(e->m, &mig_sqlite, text, &k) && k.count == 1 &&
	        mig_token_name(&k, 0) &&
	        mig_name_same(mig_token_bare(e->m, &k, 0), name));
}
