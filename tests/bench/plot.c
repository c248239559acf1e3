/* plot.c - bars, words and a scale in SVG */
#include "tests/bench/plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define BAR_HEIGHT	14
#define LABEL_WIDTH	190
#define BARS_WIDTH	480
#define SIDE		20		/* room at each side */
#define FIGURES_WIDTH	170		/* for what stands behind a bar */
#define HEAD		56
#define TITLE_HEIGHT	22
#define LEAST_US	10.0		/* where the scale begins */
#define MOST_US		1e6

struct plot {
	const char *title;
	char *body;			/* the bars so far */
	size_t len;
	FILE *to;			/* writes into that */
	int height;
};

/* "ours" is one colour, raw is grey, peers are another. */
static const char *colour_of(const char *name)
{
	if (name[0] == 'r')
		return "#8a8a8a";
	return name[0] == 'm' && name[4] == 's' ? "#2a6f97" : "#c9803a";
}

static double scaled(double us)
{
	double at = log10(us / LEAST_US) / log10(MOST_US / LEAST_US);

	return (at < 0 ? 0 : at > 1 ? 1 : at) * BARS_WIDTH;
}

struct plot *plot_new(const char *title)
{
	struct plot *plot = calloc(1, sizeof(*plot));

	bench_must(plot != NULL, "no memory");
	plot->title = title;
	plot->to = open_memstream(&plot->body, &plot->len);
	bench_must(plot->to != NULL, "no memory");
	plot->height = HEAD;
	return plot;
}

void plot_add(struct plot *plot, const char *title,
	      const struct contender *list, size_t count)
{
	size_t i;

	plot->height += TITLE_HEIGHT;
	(void)fprintf(plot->to, "<text x=\"%d\" y=\"%d\" font-weight=\"bold\">"
		      "%s</text>\n", SIDE, plot->height - 4, title);
	for (i = 0; i < count; i++) {
		(void)fprintf(plot->to, "<text x=\"%d\" y=\"%d\">%s</text>"
			"<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" "
			"fill=\"%s\"/>", SIDE, plot->height + BAR_HEIGHT - 3,
			list[i].name, SIDE + LABEL_WIDTH, plot->height + 1,
			scaled(list[i].us), BAR_HEIGHT - 2,
			colour_of(list[i].name));
		(void)fprintf(plot->to, "<text x=\"%.1f\" y=\"%d\">%.*f us, "
			"%.2f times</text>\n", SIDE + LABEL_WIDTH + 5 +
			scaled(list[i].us), plot->height + BAR_HEIGHT - 3,
			list[i].us < 100 ? 1 : 0, list[i].us,
			list[i].us / list[0].us);
		plot->height += BAR_HEIGHT;
	}
}

static void scale_write(FILE *to, int height)
{
	double us;

	for (us = LEAST_US; us <= MOST_US; us *= 10)
		(void)fprintf(to, "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" "
			"y2=\"%d\" stroke=\"#ddd\"/><text x=\"%.1f\" "
			"y=\"%d\" text-anchor=\"middle\" fill=\"#666\">%.0f"
			"</text>\n", SIDE + LABEL_WIDTH + scaled(us),
			SIDE + LABEL_WIDTH + scaled(us), HEAD, height,
			SIDE + LABEL_WIDTH + scaled(us), HEAD - 4, us);
}

void plot_write(struct plot *plot, const char *path)
{
	int width = 2 * SIDE + LABEL_WIDTH + BARS_WIDTH + FIGURES_WIDTH;
	FILE *to = fopen(path, "w");

	bench_must(to != NULL, "the plot cannot be written");
	(void)fclose(plot->to);
	(void)fprintf(to, "<svg xmlns=\"http://www.w3.org/2000/svg\" "
		"width=\"%d\" height=\"%d\" font-family=\"sans-serif\" "
		"font-size=\"11\">\n<rect width=\"%d\" height=\"%d\" "
		"fill=\"white\"/>\n<text x=\"%d\" y=\"22\" font-size=\"14\">"
		"%s</text>\n<text x=\"%d\" y=\"38\" fill=\"#666\">"
		"microseconds of CPU time a message, logarithmic; ratios to "
		"the first of each group</text>\n", width,
		plot->height + SIDE, width, plot->height + SIDE, SIDE,
		plot->title, SIDE);
	scale_write(to, plot->height);
	(void)fwrite(plot->body, 1, plot->len, to);
	(void)fprintf(to, "</svg>\n");
	bench_must(fclose(to) == 0, "the plot cannot be written");
	free(plot->body);
	free(plot);
}
