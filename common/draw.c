#include "private.h"

#include "draw_layout.h"

static const struct
{
	const char *name;
	void (*draw)(MigText *t, const MigGraph *g, const MigDrawing *d,
	             const MigDrawLayout *l);
} formats[] = {
	{"text", mig_draw_as_text},
	{"dot", mig_draw_as_dot},
	{"mermaid", mig_draw_as_mermaid},
	{"svg", mig_draw_as_svg},
};

static MigStr
entry(const MigStr *array, int32_t node)
{
	return array == NULL ? (MigStr){NULL, 0} : array[node];
}

MigStr
mig_draw_message(const MigDrawing *d, int32_t node)
{
	return entry(d->messages, node);
}

MigStr
mig_draw_created(const MigDrawing *d, int32_t node)
{
	return entry(d->created, node);
}

MigStr
mig_draw_labels(const MigGraph *g, const MigDrawing *d, int32_t node)
{
	return d->labels == NULL ? g->nodes[node].labels : d->labels[node];
}

static bool
no_format(Mig *m, MigStr format)
{
	mig_fail(m, MIG_ARGUMENT, "graph format \"%.*s\" does not exist",
	         (int) (format.len < 64 ? format.len : 64),
	         format.at == NULL ? "" : format.at);
	return mig_hint(m, "The formats are text, dot, mermaid and svg.");
}

bool
mig_draw(MigGraph *g, const MigDrawing *d, MigStr format, MigStr *out)
{
	MigDrawLayout layout;
	MigText t = {g->m, NULL, 0, 0};

	for (int i = 0; i < MIG_COUNT(formats); i++)
	{
		if (!mig_str_is(format, formats[i].name))
			continue;
		if (!mig_draw_layout(g, &layout))
			return false;
		formats[i].draw(&t, g, d, &layout);
		*out = mig_text_str(&t);
		return out->at != NULL;
	}
	return no_format(g->m, format);
}
