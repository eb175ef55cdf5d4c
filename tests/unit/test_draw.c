#include <stdio.h>
#include <string.h>

#include "draw_layout.h"
#include "unit.h"

#define NODES 16

/*
 * A graph as text, a line a revision: "id|revises|depends|labels|message",
 * fields to be left out from the right; a "+" in front: applied.
 */
typedef struct Sketch
{
	MigGraph g;
	MigStr messages[NODES];
	MigStr created[NODES];
	MigDrawing d;
} Sketch;

static MigStr
take(MigStr *s, char end)
{
	MigStr part = *s;
	const char *at = s->len == 0 ? NULL : memchr(s->at, end, s->len);

	if (at != NULL)
		part.len = (size_t) (at - s->at);
	*s = mig_str_from(*s, part.len + (at != NULL));
	return part.len == 0 ? (MigStr){NULL, 0} : part;
}

static bool
sketch(Mig *m, Sketch *s, const char *text, const char *created)
{
	MigStr rest = mig_str(text);
	MigStr messages[NODES];
	bool applied[NODES];
	int32_t n = 0;

	if (!mig_graph_init(m, &s->g, NODES))
		return false;
	for (; rest.len > 0 && n < NODES; n++)
	{
		MigStr line = take(&rest, '\n');
		MigStr field[4];

		applied[n] = line.at[0] == '+';
		line = mig_str_from(line, applied[n]);
		for (int i = 0; i < 4; i++)
			field[i] = take(&line, '|');
		messages[n] = line.len > 0 ? line : (MigStr){NULL, 0};
		if (!mig_graph_add(&s->g, field[0], field[1], field[2], field[3], n))
			return false;
	}
	if (!mig_graph_build(&s->g))
		return false;
	for (int32_t i = 0; i < n; i++)
	{
		MigNode *node = &s->g.nodes[i];

		s->messages[i] = messages[node->tag];
		s->created[i] = mig_str(created);
		if (applied[node->tag])
			node->flags |= MIG_NODE_APPLIED;
	}
	s->d = (MigDrawing){s->messages, s->created, NULL};
	return true;
}

static MigStr
draw(Mig *m, const char *text, const char *format)
{
	MigStr out = {NULL, 0};
	Sketch s;

	if (sketch(m, &s, text, NULL))
		mig_draw(&s.g, &s.d, mig_str(format), &out);
	return out;
}

static bool
holds(MigStr text, const char *part)
{
	size_t n = strlen(part);

	for (size_t i = 0; i + n <= text.len; i++)
		if (memcmp(text.at + i, part, n) == 0)
			return true;
	return false;
}

static const struct
{
	const char *name, *graph, *want;
} texts[] = {
	{"empty", "", ""},
	{"one", "+a", "*  a  (head)"},
	{"linear", "+a1||||begin\n+a2|a1|||go on\na3|a2|||end",
     "o  a3  end  (head, pending)\n"
     "*  a2  go on\n"
     "*  a1  begin"},
	{"branch and merge",
     "+a||||base\n+b|a|||left\n+c|a|||right\n+d|b c|||merge",
     "*    d  merge  (head)\n"
     "|\\\n"
     "| *  c  right\n"
     "* |  b  left\n"
     "|/\n"
     "*    a  base"},
	{"wide fan-out takes two columns", "+a\n+b|a\n+c|a\n+d|a\n+e|a",
     "*    e  (head)\n"
     "| *  d  (head)\n"
     "|/\n"
     "| *  c  (head)\n"
     "|/\n"
     "| *  b  (head)\n"
     "|/\n"
     "*    a"},
	{"two bases, one after the other", "+a\n+b|a\n+c\n+d|c",
     "*  d  (head)\n"
     "*  c\n"
     "\n"
     "*  b  (head)\n"
     "*  a"},
	{"two bases side by side", "+a\n+b\n+c|a\n+d|b\n+e|c",
     "*    e  (head)\n"
     "| *  d  (head)\n"
     "* |  c\n"
     "| *  b\n"
     "*    a"},
	{"a base beside a track that goes on", "+a\n+b\n+c\n+d|a",
     "*    d  (head)\n"
     "| *  c  (head)\n"
     "|\n"
     "| *  b  (head)\n"
     "*    a"},
	{"octopus", "+a\n+b|a\n+c|a\n+d|a\n+e|b c d|||join",
     "*__    e  join  (head)\n"
     "|\\ \\\n"
     "| | *  d\n"
     "| * |  c\n"
     "| |/\n"
     "* |    b\n"
     "|/\n"
     "*      a"},
	{"a join over a track", "+a\n+b\n+c|b\n+d|c\n+e|a\n+f|b a",
     "*      f  (head)\n"
     "|\\\n"
     "| | *  e  (head)\n"
     "| |/\n"
     "| | *  d  (head)\n"
     "| |_*  c\n"
     "|/|\n"
     "* |    b\n"
     "  *    a"},
	{"crossing joins", "+a\n+b\n+c|a\n+d|b\n+e|c d\n+f|d c",
     "*      f  (head)\n"
     "|\\\n"
     "| |_*  e  (head)\n"
     "|/|/\n"
     "* |    d\n"
     "| *    c\n"
     "* |    b\n"
     "  *    a"},
	{"a join to the left with a track pulled over, a join over a gap",
     "+a\n+b|a\n+c\n+d|b c\n+e|b\n+f|a\n+g|d\n+h|f\n+i|h c",
     "*        i  (head)\n"
     "|\\\n"
     "* |      h\n"
     "| | *    g  (head)\n"
     "* | |    f\n"
     "| | | *  e  (head)\n"
     "| | * |  d\n"
     "| |/| |\n"
     "| | |/\n"
     "| * |    c\n"
     "| __*    b\n"
     "|/\n"
     "*        a"},
	{"a join to the right over a track",
     "+a|||x|first\n+b|a|||second\n+c|a||\n+d|b c|||join\n+e|c\ne2|e\n"
     "+f|a||y z|more\n+g|d|f||last",
     "*      g   last  (head, depends on f)\n"
     "| *    f   more  (head, label: y, label: z)\n"
     "| | o  e2  (head, pending)\n"
     "| | *  e\n"
     "*_| |  d   join\n"
     "| |\\|\n"
     "| | *  c\n"
     "| |/\n"
     "* |    b   second\n"
     "|/\n"
     "*      a   first  (label: x)"},
	{"a track pulled over another",
     "+a\n+b|a\n+c|a\n+d|b\n+e|c\n+f|d c\n+g|e b",
     "*        g  (head)\n"
     "|\\\n"
     "| | *    f  (head)\n"
     "| | |\\\n"
     "* | | |  e\n"
     "| |_|/\n"
     "|/| |\n"
     "| | *    d\n"
     "| |/\n"
     "* |      c\n"
     "| *      b\n"
     "|/\n"
     "*        a"},
	{"columns are used again", "+a\n+b|a\n+c|a\n+d|b c\n+e|d\n+f|d\n+g|e f",
     "*    g  (head)\n"
     "|\\\n"
     "| *  f\n"
     "* |  e\n"
     "|/\n"
     "*    d\n"
     "|\\\n"
     "| *  c\n"
     "* |  b\n"
     "|/\n"
     "*    a"},
	{"a track pulled over one other", "+a\n+b\n+c|b\n+d|a\n+e|b\n+f|a\n+g|c",
     "*        g  (head)\n"
     "| *      f  (head)\n"
     "| | *    e  (head)\n"
     "| | |_*  d  (head)\n"
     "| |/|\n"
     "* | |    c\n"
     "| |/\n"
     "|/|\n"
     "* |      b\n"
     "  *      a"},
	{"a merge opens to the right", "+a\n+b|a\n+c|a\n+d|b c\n+dy\n+e|d\n+z|dy",
     "*      z  (head)\n"
     "| *    e  (head)\n"
     "* |    dy\n"
     "  *    d\n"
     "  |\\\n"
     "  | *  c\n"
     "  * |  b\n"
     "  |/\n"
     "  *    a"},
	{"a join over two tracks",
     "+a\n+b\n+c\n+d|a\n+e|b\n+f|c\n+g|e\n+h|f d\n+i|a g h",
     "*__      i  (head)\n"
     "|\\ \\\n"
     "| | *    h\n"
     "| | |\\\n"
     "| * | |  g\n"
     "| | * |  f\n"
     "| * | |  e\n"
     "| |_|_*  d\n"
     "|/| |\n"
     "| | *    c\n"
     "| *      b\n"
     "*        a"},
};

static void
test_text(Unit *u)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
	{
		Mig *m = unit_again(u, &mig_sqlite);

		unit_row(u, "%s", texts[i].name);
		CHECK_STR(u, draw(m, texts[i].graph, "text"), texts[i].want);
	}
}

/* Revisions 0 .. n - 1, all on the first one. */
static bool
fan(Mig *m, MigGraph *g, char (*ids)[8], int32_t n)
{
	if (!mig_graph_init(m, g, (size_t) n))
		return false;
	for (int32_t i = 0; i < n; i++)
	{
		snprintf(ids[i], sizeof(ids[i]), "%05u", (unsigned) i % 100000u);
		if (!mig_graph_add(g, mig_str(ids[i]), mig_str(i ? ids[0] : NULL),
		                   MIG_LIT(""), MIG_LIT(""), i))
			return false;
	}
	return true;
}

static void
test_wide(Unit *u)
{
	Mig *m = unit_mig_blocks(u, &mig_sqlite);
	char ids[81][8], all[81 * 6] = "";
	MigDrawing d = {NULL, NULL, NULL};
	MigGraph g;
	MigStr out;

	/* A merge of 80: 64 columns, the last one for the other 17. */
	CHECK(u, fan(m, &g, ids, 81));
	for (int32_t i = 1; i < 81; i++)
		snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s ", ids[i]);
	CHECK(u, mig_graph_add(&g, MIG_LIT("z"), mig_str(all), MIG_LIT(""),
	                       MIG_LIT(""), 81));
	CHECK(u, mig_graph_build(&g));
	CHECK(u, mig_draw(&g, &d, MIG_LIT("text"), &out));
	CHECK(u, holds(out, "\n| | | o"));
	CHECK(u, holds(out, " | | o +  00063  (pending)\n"));
	CHECK(u, holds(out, " | | o  00064  (pending)\n"));
	CHECK(u, !holds(out, "+  00062"));
	CHECK(u, mig_draw(&g, &d, MIG_LIT("svg"), &out));
	CHECK(u, holds(out, "class=\"line s7 many\""));
}

static void
test_big(Unit *u)
{
	static const char *const formats[] = {"text", "dot", "mermaid", "svg"};
	enum
	{
		COUNT = 20000
	};
	Mig *m = unit_mig_blocks(u, &mig_sqlite);
	char(*ids)[8] = mig_alloc_array(m, COUNT, sizeof(*ids));
	MigDrawing d = {NULL, NULL, NULL};
	MigGraph g;
	MigStr out;

	CHECK(u, ids != NULL && fan(m, &g, ids, COUNT));
	CHECK(u, mig_graph_build(&g));
	for (int i = 0; i < 4; i++)
	{
		size_t before = m->used;

		unit_row(u, "%s", formats[i]);
		CHECK(u, mig_draw(&g, &d, mig_str(formats[i]), &out));
		CHECK(u, m->used - before < (size_t) COUNT * 4000);
	}
}

enum
{
	RANDOM = 60
};

/* A graph with up to three parents each, chosen among the last few. */
static bool
random_graph(Mig *m, MigGraph *g, uint32_t seed)
{
	char(*ids)[8] = mig_alloc_array(m, RANDOM, sizeof(*ids));

	if (ids == NULL || !mig_graph_init(m, g, RANDOM))
		return false;
	for (unsigned i = 0; i < RANDOM; i++)
	{
		MigText parents = {m, NULL, 0, 0};
		unsigned last = RANDOM;

		snprintf(ids[i], sizeof(ids[i]), "%05u", i);
		for (unsigned k = 0; k < 3; k++)
		{
			unsigned parent;

			seed = seed * 1664525u + 1013904223u;
			parent = seed >> 24 & 15;
			if (parent >= i || parent > 11 || (k > 0 && parent >= last))
				break;
			last = parent;
			mig_text_add(&parents, ids[i - 1 - parent]);
			mig_text_char(&parents, ' ');
		}
		if (!mig_graph_add(g, mig_str(ids[i]), mig_text_str(&parents),
		                   MIG_LIT(""), MIG_LIT(""), 0))
			return false;
	}
	return mig_graph_build(g);
}

/*
 * From the oldest row up: to[track] is the node that the track leads to.
 * What leaves a row must lead to its node's parents, all of them and nothing
 * else.
 */
static bool
leads_to_parents(const MigGraph *g, const MigDrawLayout *l)
{
	int32_t to[RANDOM * 4];

	for (int32_t i = RANDOM - 1; i >= 0; i--)
	{
		const MigRow *r = &l->rows[i];
		const MigNode *n = &g->nodes[r->node];
		int32_t reached[8], count = 0;

		if (!r->end)
			reached[count++] = to[r->track];
		for (int32_t k = 0; k < r->nmoves; k++)
		{
			const MigMove *move = &l->moves[r->moves + k];

			if (move->kind == MIG_MOVE_PULL)
				to[move->track] = to[r->track];
			else
				reached[count++] = to[move->track];
		}
		if (count != n->ndown)
			return false;
		for (int32_t k = 0; k < n->ndown; k++)
		{
			bool found = false;

			for (int32_t j = 0; j < count; j++)
				found |= reached[j] == g->edges[n->down + k];
			if (!found)
				return false;
		}
		to[r->track] = r->node;
	}
	return true;
}

/* No two tracks in one place, nor neighbours of one colour at their start. */
static bool
keeps_apart(const MigDrawLayout *l)
{
	for (int32_t i = 0; i < l->ntracks; i++)
		for (int32_t k = 0; k < i; k++)
		{
			const MigTrack *a = &l->tracks[i], *b = &l->tracks[k];
			int32_t far = a->column - b->column;

			if (a->first > b->last || b->first > a->last)
				continue;
			if (far == 0 || (far * far == 1 && a->colour == b->colour &&
			                 a->first > b->first && a->first < b->last))
				return false;
		}
	return true;
}

static void
test_layout(Unit *u)
{
	for (uint32_t seed = 1; seed <= 500; seed++)
	{
		Mig *m = unit_again(u, &mig_sqlite);
		MigDrawing d = {NULL, NULL, NULL};
		MigDrawLayout l;
		MigGraph g;
		MigStr out;

		unit_row(u, "seed %u", (unsigned) seed);
		CHECK(u, random_graph(m, &g, seed));
		CHECK(u, mig_draw_layout(&g, &l));
		CHECK(u, leads_to_parents(&g, &l));
		CHECK(u, keeps_apart(&l));
		CHECK(u, mig_draw(&g, &d, MIG_LIT("text"), &out));
		CHECK(u, mig_draw(&g, &d, MIG_LIT("svg"), &out));
	}
}

static const char dot_head[] =
	"digraph migrate {\n"
	"\trankdir=BT;\n"
	"\tnodesep=0.3;\n"
	"\tranksep=0.3;\n"
	"\tnode [shape=box, style=\"rounded,filled\", margin=\"0.16,0.08\", "
	"fontname=\"Helvetica,Arial,sans-serif\", fontsize=11, "
	"fontcolor=\"#24292f\"];\n"
	"\tedge [color=\"#8b949e\", arrowsize=0.6];\n";

static const char mermaid_head[] =
	"flowchart BT\n"
	"    classDef applied fill:#dbe7f6,stroke:#3a74c0,color:#24292f\n"
	"    classDef pending fill:#ffffff,stroke:#3a74c0,color:#24292f";

static const struct
{
	const char *graph, *dot, *mermaid;
} graphs[] = {
	{"", "}", ""},
	{"+a|||x|first\nb|a|||second\n+c||a",
     "\tn0 [label=\"a\\nfirst\\nlabel: x\", group=t1, color=\"#3a74c0\", "
     "fillcolor=\"#dbe7f6\"];\n"
     "\tn1 [label=\"b\\nsecond\", group=t1, color=\"#3a74c0\", "
     "fillcolor=\"#ffffff\", penwidth=2];\n"
     "\tn2 [label=\"c\", group=t0, color=\"#3a74c0\", "
     "fillcolor=\"#dbe7f6\", penwidth=2];\n"
     "\tn0 -> n1;\n"
     "\tn0 -> n2 [style=dashed, constraint=false];\n"
     "}",
     "\n    n0[\"a<br/>first<br/>label: x\"]:::applied"
     "\n    n1[\"b<br/>second\"]:::pending"
     "\n    n2[\"c\"]:::applied"
     "\n    n0 --> n1"
     "\n    n0 -.-> n2"},
};

static void
test_graph_languages(Unit *u)
{
	for (size_t i = 0; i < sizeof(graphs) / sizeof(graphs[0]); i++)
	{
		char want[2048];

		snprintf(want, sizeof(want), "%s%s", dot_head, graphs[i].dot);
		CHECK_STR(u, draw(unit_again(u, &mig_sqlite), graphs[i].graph, "dot"),
		          want);
		snprintf(want, sizeof(want), "%s%s", mermaid_head, graphs[i].mermaid);
		CHECK_STR(u,
		          draw(unit_again(u, &mig_sqlite), graphs[i].graph, "mermaid"),
		          want);
	}
}

/* What a message becomes in each format. */
static const struct
{
	const char *message, *text, *dot, *mermaid, *svg;
} escapes[] = {
	{"say \"hi\"", "  say \"hi\"  (", "\\nsay \\\"hi\\\"\"",
     ">say #34;hi#34;\"]", ">say \"hi\"</text>"},
	{"a\\nb\\", "  a\\nb\\  (", "\\na\\\\nb\\\\\"", ">a#92;nb#92;\"]",
     ">a\\nb\\</text>"},
	{"<b>&amp;", "  <b>&amp;  (", "\\n<b>&amp;amp;\"", ">#60;b#62;#38;amp;\"]",
     ">&lt;b&gt;&amp;amp;</text>"},
	{"#1: 5%% $x$ `c`", "  #1: 5%% $x$ `c`  (", "\\n#1: 5%% $x$ `c`\"",
     ">#35;1#58; 5#37;#37; $#8203;x$#8203; #96;c#96;\"]",
     ">#1: 5%% $x$ `c`</text>"},
	/* Controls, line ends, a byte that is no UTF-8, a surrogate, a mark that
       turns the writing round. */
	{"a\tb\rc\x01"
     "d\x7f"
     "e",
     "  a b c d e  (", "\\na b c d e\"", ">a b c d e\"]", ">a b c d e</text>"},
	{"a\xff"
     "b\xc3 \xed\xa0\x80"
     "c",
     "  a?b? ???c  (", "\\na?b? ???c\"", ">a?b? ???c\"]",
     ">a&#xFFFD;b&#xFFFD; &#xFFFD;&#xFFFD;&#xFFFD;c</text>"},
	{"a\xe2\x80\xae"
     "b\xef\xbf\xbe"
     "c\xc0\xaf \xe0\x80\x80",
     "  a b?c?? ???  (", "\\na b?c?? ???\"", ">a b?c?? ???\"]",
     ">a b&#xFFFD;c&#xFFFD;&#xFFFD; "
     "&#xFFFD;&#xFFFD;&#xFFFD;</text>"},
	{"gr\xc3\xbc\xc3\x9f \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x9a\x80",
     "  gr\xc3\xbc\xc3\x9f \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x9a\x80  (",
     "\\ngr\xc3\xbc\xc3\x9f \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x9a\x80\"",
     ">gr\xc3\xbc\xc3\x9f \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x9a\x80\"]",
     ">gr\xc3\xbc\xc3\x9f \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x9a\x80</text>"},
	/* Long ones are cut, in text not; dot breaks them into lines. */
	{"one two three four five six seven eight nine ten eleven twelve "
     "thirteen fourteen fifteen sixteen seventeen",
     " fifteen sixteen seventeen  (",
     "\\none two three four five six\\nseven eight nine ten eleven\\n"
     "twelve thirteen fourteen\\nfifteen s...\"",
     ">one two three four five six seven eight nine ten eleven twelve "
     "thirte...\"]",
     ">one two three four five six seven eight nine ten eleven twelve "
     "thirte...</text>"},
	/* Characters of two columns. */
	{"\xe4\xb8\x80\xe4\xb8\x80\xe4\xb8\x80\xe4\xb8\x80\xe4\xb8\x80\xe4\xb8\x80"
     "\xe4\xb8\x80\xe4\xb8\x80\xe4\xb8\x80\xe4\xb8\x80\xe4\xb8\x80\xe4\xb8\x80"
     "\xe4\xb8\x80\xe4\xb8\x80\xe4\xb8\x80\xe4\xb8\x80\xe4\xb8\x80\xe4\xb8\x80",
     "\xe4\xb8\x80  (", "\xe4\xb8\x80\\n\xe4\xb8\x80", "\xe4\xb8\x80\"]",
     "textLength=\"244\">\xe4\xb8\x80"},
};

static void
test_escapes(Unit *u)
{
	for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++)
	{
		char graph[512];

		snprintf(graph, sizeof(graph), "+a||||%s", escapes[i].message);
		unit_row(u, "%s", escapes[i].message);
		CHECK(u, holds(draw(unit_again(u, &mig_sqlite), graph, "text"),
		               escapes[i].text));
		CHECK(u, holds(draw(unit_again(u, &mig_sqlite), graph, "dot"),
		               escapes[i].dot));
		CHECK(u, holds(draw(unit_again(u, &mig_sqlite), graph, "mermaid"),
		               escapes[i].mermaid));
		CHECK(u, holds(draw(unit_again(u, &mig_sqlite), graph, "svg"),
		               escapes[i].svg));
	}
}

/* Every tag closed by its own, in order; text and attributes without "<". */
static bool
well_formed(MigStr s)
{
	MigStr open[16];
	int depth = 0;

	while (s.len > 0)
	{
		MigStr tag, name;

		take(&s, '<');
		if (s.len == 0)
			break;
		tag = take(&s, '>');
		if (tag.len == 0 || (tag.at[0] != '/' && depth == 16))
			return false;
		name = tag;
		name = take(&name, ' ');
		if (tag.at[0] == '/')
		{
			if (depth == 0 || !mig_str_eq(open[--depth], mig_str_from(tag, 1)))
				return false;
		}
		else if (tag.at[tag.len - 1] != '/')
			open[depth++] = name;
	}
	return depth == 0;
}

static const char svg_graph[] =
	"+a|||x|first\n+b|a|||second\n+c|a||\n+d|b c|||join\n+e|c\ne2|e\n"
	"+f|a||y z|more\n+g|d|f||last";

/* Pieces of that picture. */
static const char *const svg_parts[] = {
	"<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" ",
	"<desc>8 revisions, 7 applied, 3 heads, newest first</desc>",
	"@media (prefers-color-scheme:dark){",
	/* The first track, all the way down; a curve into the third. */
	"<path class=\"line s0\" d=\"M41 37V219\"/>",
	"d=\"M41 141C41 157 73 151 73 167\"/>",
	/* The arc from "g" to "f". */
	"<path class=\"arc\" d=\"M36 37C17 37 17 63 52 63\"/>",
	"<g><title>e2 pending\nrevises e\ncreated 2026-01-29</title>",
	"<g><title>f applied\nmore\nrevises a\nlabels y z\ncreated 2026-01-29<",
	"<circle class=\"dot s2 todo s2\"",
	"<circle class=\"dot s0 f0\" cx=\"41\" cy=\"37\" r=\"4.5\"/>",
	">head</text>",
	">y</text>",
	">z</text>",
	">2026-01-29</text>",
	">depends on</text>",
};

static void
test_svg(Unit *u)
{
	Mig *m = unit_mig(u, &mig_sqlite);
	MigStr out = {NULL, 0};
	Sketch s;

	CHECK(u, sketch(m, &s, svg_graph, "2026-01-29"));
	CHECK(u, mig_draw(&s.g, &s.d, MIG_LIT("svg"), &out));
	for (size_t i = 0; i < sizeof(svg_parts) / sizeof(svg_parts[0]); i++)
	{
		unit_row(u, "%s", svg_parts[i]);
		CHECK(u, holds(out, svg_parts[i]));
	}
	CHECK(u, well_formed(out));

	/* Nothing to draw is a picture as well, without arcs. */
	out = draw(m, "", "svg");
	CHECK(u, well_formed(out));
	CHECK(u, holds(out, "<desc>0 revisions, 0 applied, 0 heads,"));
	CHECK(u, !holds(out, "depends on"));
}

static void
test_format(Unit *u)
{
	Mig *m = unit_mig(u, &mig_sqlite);
	MigDrawing d = {NULL, NULL, NULL};
	MigStr out = {NULL, 0};
	MigGraph g;

	CHECK(u, mig_graph_init(m, &g, 0) && mig_graph_build(&g));
	CHECK(u, !mig_draw(&g, &d, MIG_LIT("png"), &out));
	CHECK(u, m->status.code == MIG_ARGUMENT);
	CHECK_STR(u, mig_str(m->status.message),
	          "graph format \"png\" does not exist");
	CHECK_STR(u, mig_str(m->status.hint),
	          "The formats are text, dot, mermaid and svg.");
}

const UnitTest unit_draw[] = {
	{"text", test_text, 0},
	{"wide", test_wide, UNIT_ONCE},
	{"big", test_big, UNIT_ONCE},
	{"layout", test_layout, UNIT_ONCE},
	{"dot, mermaid", test_graph_languages, 0},
	{"escapes", test_escapes, 0},
	{"svg", test_svg, 0},
	{"format", test_format, 0},
	{NULL, NULL, 0},
};
