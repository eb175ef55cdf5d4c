#include "private.h"

#include "draw_svg.h"

static const char style[] =
	".migrate{font:13px system-ui,-apple-system,'Segoe UI',Roboto,"
	"Helvetica,Arial,sans-serif}\n"
	".migrate .bg{fill:#fdfdfc}\n"
	".migrate text{fill:#24292f}\n"
	".migrate .id{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"
	"'Liberation Mono',monospace}\n"
	".migrate .id,.migrate .date,.migrate .key{fill:#6b7280}\n"
	".migrate .date{font-size:12px;text-anchor:end}\n"
	".migrate .key,.migrate .pill{font-size:11px}\n"
	".migrate .pill{text-anchor:middle}\n"
	".migrate .on{fill:#fff}\n"
	".migrate .line{fill:none;stroke-width:2.5;stroke-linecap:round}\n"
	".migrate .many{stroke-dasharray:2 3;stroke-linecap:butt}\n"
	".migrate .arc{fill:none;stroke:#6b7280;stroke-width:1;"
	"stroke-opacity:.6;stroke-dasharray:3 3}\n"
	".migrate .faint{stroke-opacity:.3}\n"
	".migrate .dot{stroke-width:2.5}\n"
	".migrate .todo{fill:#fdfdfc}\n"
	".migrate .tint{fill-opacity:.18}\n"
	".migrate .row{fill:#6b7280;fill-opacity:0}\n"
	".migrate g:hover>.row{fill-opacity:.09}\n"
	".migrate g:hover>.arc{stroke-opacity:1;stroke-width:2}\n";

static const char dark_style[] =
	"@media (prefers-color-scheme:dark){\n"
	".migrate .bg,.migrate .todo{fill:#15181d}\n"
	".migrate text{fill:#dfe3e8}\n"
	".migrate .id,.migrate .date,.migrate .key{fill:#929ba8}\n"
	".migrate .on{fill:#15181d}\n"
	".migrate .arc{stroke:#929ba8}\n"
	".migrate .tint{fill-opacity:.28}\n";

static const struct
{
	const char *light, *dark;
} colours[MIG_COLOURS] = {
	{"#3a74c0", "#6aa5ee"}, {"#3c9868", "#62c293"}, {"#c68629", "#dfae5c"},
	{"#8661c5", "#b093e8"}, {"#c4566f", "#e8899f"}, {"#2a93a4", "#58c0d0"},
	{"#7c8938", "#acba62"}, {"#a0694d", "#cd977a"},
};

static void
put_style(MigText *t)
{
	mig_text_add(t, "<style>\n");
	mig_text_add(t, style);
	for (int i = 0; i < MIG_COLOURS; i++)
		mig_text_fmt(t, ".migrate .s%d{stroke:%s}.migrate .f%d{fill:%s}\n", i,
		             colours[i].light, i, colours[i].light);
	mig_text_add(t, dark_style);
	for (int i = 0; i < MIG_COLOURS; i++)
		mig_text_fmt(t, ".migrate .s%d{stroke:%s}.migrate .f%d{fill:%s}\n", i,
		             colours[i].dark, i, colours[i].dark);
	mig_text_add(t, "}\n</style>\n");
}

static void
put_count(MigText *t, int64_t count, const char *what)
{
	mig_text_int(t, count);
	mig_text_add(t, what);
	if (count != 1)
		mig_text_char(t, 's');
}

void
mig_svg_opening(const MigSvg *s)
{
	int64_t heads = 0, applied = 0;

	for (int32_t i = 0; i < s->g->count; i++)
	{
		heads += mig_node_is_head(&s->g->nodes[i]);
		applied += (s->g->nodes[i].flags & MIG_NODE_APPLIED) != 0;
	}
	mig_text_fmt(s->t,
	             "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" "
	             "class=\"migrate\" width=\"%d\" height=\"%d\" "
	             "viewBox=\"0 0 %d %d\">\n<title>Migration graph</title>\n"
	             "<desc>",
	             s->width, s->height, s->width, s->height);
	put_count(s->t, s->g->count, " revision");
	mig_text_fmt(s->t, ", %lld applied, ", (long long) applied);
	put_count(s->t, heads, " head");
	mig_text_add(s->t, ", newest first</desc>\n");
	put_style(s->t);
	mig_text_fmt(s->t,
	             "<rect class=\"bg\" width=\"%d\" height=\"%d\" rx=\"8\"/>\n",
	             s->width, s->height);
}

void
mig_svg_legend(const MigSvg *s)
{
	int32_t y = s->height - SVG_MARGIN;
	int32_t x = SVG_MARGIN;

	mig_text_fmt(s->t,
	             "<circle class=\"dot s0 f0\" cx=\"%d\" cy=\"%d\" r=\"4\"/>\n"
	             "<text class=\"key\" x=\"%d\" y=\"%d\">applied</text>\n"
	             "<circle class=\"dot s0 todo\" cx=\"%d\" cy=\"%d\" "
	             "r=\"4\"/>\n"
	             "<text class=\"key\" x=\"%d\" y=\"%d\">pending</text>\n",
	             x + 5, y - 4, x + 15, y, x + 75, y - 4, x + 85, y);
	if (s->depends > 0)
		mig_text_fmt(s->t,
		             "<path class=\"arc\" d=\"M%d %dh22\"/>\n<text "
		             "class=\"key\" x=\"%d\" y=\"%d\">depends on</text>\n",
		             x + 142, y - 4, x + 170, y);
}
