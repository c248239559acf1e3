/* bench.c - rounds in turns, medians, bars */
#include "tests/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BAR	40	/* columns of the longest bar */

void bench_must(int fine, const char *what)
{
	if (fine)
		return;
	(void)fprintf(stderr, "bench: %s\n", what);
	exit(EXIT_FAILURE);
}

double bench_cpu_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Milliseconds of CPU time. */
static double run(const struct contender *one, size_t count)
{
	double start = bench_cpu_ms();
	size_t i;

	if (one->many != NULL)
		return one->many(one->ctx, count);
	for (i = 0; i < count; i++)
		one->run(one->ctx, i);
	return bench_cpu_ms() - start;
}

/* How many messages fill a round. */
static size_t calibrate(const struct bench_rules *rules,
			const struct contender *one)
{
	size_t count = 1;
	double took;

	for (;;) {
		took = run(one, count);
		if (took * 2 >= rules->round_ms || count > 10000000)
			break;
		count *= 2;
	}
	if (took > 0)
		count = (size_t)((double)count * rules->round_ms / took);
	return count == 0 ? 1 : count;
}

static int by_value(const void *a, const void *b)
{
	double one = *(const double *)a, other = *(const double *)b;

	return (one > other) - (one < other);
}

void bench_run(const struct bench_rules *rules, struct contender *list,
	       size_t count)
{
	double times[BENCH_ROWS_MAX][BENCH_ROUNDS_MAX];
	size_t counts[BENCH_ROWS_MAX], i;
	unsigned round;

	bench_must(count <= BENCH_ROWS_MAX &&
		   rules->rounds <= BENCH_ROUNDS_MAX, "too much to measure");
	for (i = 0; i < count; i++)
		counts[i] = calibrate(rules, &list[i]);
	for (round = 0; round < rules->rounds; round++)
		for (i = 0; i < count; i++)
			times[i][round] = run(&list[i], counts[i]) * 1e3 /
					  (double)counts[i];
	for (i = 0; i < count; i++) {
		qsort(times[i], rules->rounds, sizeof(times[i][0]), by_value);
		list[i].least = times[i][0];
		list[i].us = times[i][rules->rounds / 2];
		list[i].most = times[i][rules->rounds - 1];
	}
}

void bench_print(const char *title, const struct contender *list, size_t count)
{
	double longest = 0;
	size_t i;
	int bar;

	printf("\n%s\n%-22s %12s %26s %12s %8s\n", title, "", "us", "least to "
	       "most", "a second", "ratio");
	for (i = 0; i < count; i++)
		longest = list[i].us > longest ? list[i].us : longest;
	for (i = 0; i < count; i++)
		printf("%-22s %12.2f %12.2f to %10.2f %12.0f %8.2f\n",
		       list[i].name, list[i].us, list[i].least, list[i].most,
		       1e6 / list[i].us, list[i].us / list[0].us);
	for (i = 0; i < count; i++) {
		printf("%-22s ", list[i].name);
		for (bar = (int)(list[i].us * BAR / longest + 0.5); bar > 0;
		     bar--)
			(void)putchar('#');
		(void)putchar('\n');
	}
	(void)fflush(stdout);
}
