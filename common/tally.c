#include "private.h"

#include "tally.h"

void
mig_tally_section(MigTally *t, const Mig *m, const MigSection *s)
{
	bool here = s->target == MIG_FOR_BOTH || s->target == m->dialect->id;

	t->dialect = here && s->kind != MIG_DOWN ? m->dialect : NULL;
	t->up = s->kind == MIG_UP;
	t->transactional = s->transactional;
	t->text = (MigStr){NULL, 0};
	t->says = false;
}

static void
statement_end(MigTally *t)
{
	if (t->says)
	{
		if (t->up && t->statements < INT_MAX)
			t->statements++;
		t->special |=
			!t->transactional ||
			mig_statement_kind(t->dialect, t->text) != MIG_STMT_PLAIN;
	}
	t->text = (MigStr){NULL, 0};
	t->says = false;
}

void
mig_tally_step(MigTally *t, MigWalkStep step, const MigToken *token)
{
	if (t->dialect == NULL)
		return;
	switch (step)
	{
		case MIG_WALK_TOKEN:
			if (t->text.at == NULL)
				t->text.at = token->text.at;
			t->text.len =
				(size_t) (token->text.at + token->text.len - t->text.at);
			t->says |= token->kind != MIG_T_HINT;
			break;
		case MIG_WALK_STOP:
			statement_end(t);
			break;
		case MIG_WALK_DATA:
			t->special = true;
			break;
		case MIG_WALK_END:
		case MIG_WALK_BLANK:
			break;
	}
}

void
mig_tally_end(MigTally *t)
{
	if (t->dialect != NULL)
		statement_end(t);
	t->dialect = NULL;
}
