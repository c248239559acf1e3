/* plot.h - the same figures as a picture, SVG
 *
 * A row of bars for each table, on one logarithmic scale of microseconds: who
 * is twice as far to the left is not twice as fast, the figures say how much.
 */
#ifndef MAILSEAL_TESTS_PLOT_H
#define MAILSEAL_TESTS_PLOT_H

#include "tests/bench/bench.h"

struct plot;

struct plot *plot_new(const char *title);
void plot_add(struct plot *plot, const char *title,
	      const struct contender *list, size_t count);
/* Writes and frees it. */
void plot_write(struct plot *plot, const char *path);

#endif
