/* bench.h - who is how fast, in one run, in turns
 *
 * The contenders of a row take turns, round by round, so that what else the
 * machine does falls on all of them; each round is of CPU time, and the median
 * of the rounds counts.  Ratios within a row are worth something, absolute
 * numbers are not. */
#ifndef MAILSEAL_TESTS_BENCH_H
#define MAILSEAL_TESTS_BENCH_H

#include <stddef.h>

#define BENCH_ROUNDS_MAX	25
#define BENCH_ROWS_MAX		16

struct bench_rules {
	unsigned rounds;
	double round_ms;		/* of one contender in one round */
};

struct contender {
	const char *name;
	/* One message, the nth; must abort when it is not verified. */
	void (*run)(void *ctx, size_t nth);
	/* Or `count` of them, in a process of its own: the milliseconds of CPU
	 * time that it took. */
	double (*many)(void *ctx, size_t count);
	void *ctx;
	double us;			/* filled in: the median */
	double least, most;		/* of the rounds */
};

/* Runs all of `list`, and fills in its times. */
void bench_run(const struct bench_rules *rules, struct contender *list,
	       size_t count);

/* Milliseconds of this thread's CPU time. */
double bench_cpu_ms(void);

/* A table: a line for each contender, with its ratio to the first one; and
 * bars, as text. */
void bench_print(const char *title, const struct contender *list,
		 size_t count);

/* Says what and ends the program: a bench of what fails is none. */
void bench_must(int fine, const char *what);

#endif
