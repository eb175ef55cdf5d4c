#include "private.h"

#include "author.h"
#include "script.h"
#include "target.h"
#include "template.h"
#include "text.h"

/* The whole of one request. */
typedef struct Request
{
	MigStr message, directory, revises, labels, depends, revision;
} Request;

static void
settings_read(MigCall *c, MigTemplateSettings *s)
{
	s->file_template = mig_setting(c->m, c->host, "file_template");
	s->slug_length = mig_setting(c->m, c->host, "slug_length");
	s->timezone = mig_setting(c->m, c->host, "timezone");
	s->script_template = mig_setting(c->m, c->host, "script_template");
}

/* Ids by blanks. */
static MigStr
ids_of(MigGraph *g, const int32_t *nodes, int count)
{
	MigText t = {g->m, NULL, 0, 0};

	for (int i = 0; i < count; i++)
	{
		if (i > 0)
			mig_text_char(&t, ' ');
		mig_text_str_add(&t, g->nodes[nodes[i]].id);
	}
	return mig_text_str(&t);
}

/* Dependencies as full ids; a label stays as it was written. */
static MigStr
depends_of(MigGraph *g, MigStr list)
{
	MigText t = {g->m, NULL, 0, 0};
	MigStr none = {NULL, 0};
	MigStr word;

	while (mig_str_next(&list, &word))
	{
		int32_t node;

		if (!mig_target_one(g, word, &node))
			return none;
		if (node < 0)
		{
			mig_fail(g->m, MIG_TARGET,
			         "\"%.*s\" names no revision to depend"
			         " on",
			         MIG_S(word));
			return none;
		}
		if (t.len > 0)
			mig_text_char(&t, ' ');
		mig_text_str_add(
			&t, mig_graph_lookup(g, word) >= 0 ? word : g->nodes[node].id);
	}
	return t.len > 0 ? mig_text_str(&t) : none;
}

/* An id or a label that is taken already. */
static bool
refuse_taken(MigGraph *g, const char *what, MigStr list)
{
	MigStr word;

	while (mig_str_next(&list, &word))
	{
		int32_t node = mig_graph_lookup(g, word);

		if (node < 0)
			continue;
		mig_fail(g->m, MIG_GRAPH, "%s \"%.*s\" exists already", what,
		         MIG_S(word));
		return mig_detail(g->m, "It names revision \"%.*s\".",
		                  MIG_S(g->nodes[node].id));
	}
	return true;
}

static bool
make(MigCall *c, MigLook *look, const Request *q, MigNewRevision *new)
{
	MigGraph *g = &look->s.graph;
	MigTemplateSettings settings;
	MigPos nowhere = {{NULL, 0}, 0, 0, 0};
	MigStr list = q->labels;
	MigStr word;
	int32_t *nodes;
	int count;

	if (!mig_target_parents(g, q->revises, &nodes, &count))
		return false;
	while (mig_str_next(&list, &word))
		if (!mig_script_id(c->m, "label", word, nowhere))
			return false;
	memset(new, 0, sizeof(*new));
	new->message = q->message.at ? q->message : mig_str("");
	new->revision = q->revision;
	new->revises = ids_of(g, nodes, count);
	new->labels = q->labels.len > 0 ? q->labels : (MigStr){NULL, 0};
	new->depends = depends_of(g, q->depends);
	new->now = c->host->ops->now(c->host, &new->local_offset);
	settings_read(c, &settings);
	return mig_ok(c->m) && refuse_taken(g, "label", q->labels) &&
	       mig_template_make(c->m, &settings, new) &&
	       refuse_taken(g, "revision", new->revision);
}

/* Into the directory, or into the result with its name on top. */
static bool
hand_over(MigCall *c, const Request *q, const MigNewRevision *new)
{
	MigText t = {c->m, NULL, 0, 0};
	MigStr path;

	if (q->directory.at == NULL)
	{
		mig_text_fmt(&t, "-- %.*s\n", MIG_S(new->file));
		mig_text_str_add(&t, new->text);
		c->result = mig_value_text(mig_text_str(&t));
		return mig_ok(c->m);
	}
	mig_text_str_add(&t, q->directory);
	if (q->directory.len > 0 && q->directory.at[q->directory.len - 1] != '/')
		mig_text_char(&t, '/');
	mig_text_str_add(&t, new->file);
	path = mig_text_str(&t);
	if (path.at == NULL ||
	    !c->host->files->write(c->host, c->m, path, new->text))
		return false;
	c->result = mig_value_text(path);
	return true;
}

static bool
author(MigCall *c, const Request *q)
{
	MigStr none = {NULL, 0};
	MigNewRevision new;
	MigLook *look;

	if (q->directory.at != NULL &&
	    !c->host->files->allowed(c->host, c->m, true))
		return false;
	look = mig_look_begin(c, none, MIG_LOAD_GRAPH);
	if (look == NULL || !mig_look_end(c, make(c, look, q, &new)))
		return false;
	return hand_over(c, q, &new);
}

bool
mig_call_revision(MigCall *c)
{
	Request q;

	q.message = c->args[0].text;
	q.directory = c->args[1].text;
	q.revises = c->args[2].text;
	q.labels = c->args[3].text;
	q.depends = c->args[4].text;
	q.revision = c->args[5].text;
	return author(c, &q);
}

bool
mig_call_merge(MigCall *c)
{
	Request q = {0};

	q.revises = c->args[0].text;
	q.message = c->args[1].text.at ? c->args[1].text : mig_str("merge");
	q.directory = c->args[2].text;
	return author(c, &q);
}
