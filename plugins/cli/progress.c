/* progress.c - how far it is, how fast, how long still */
#include "plugins/cli/progress.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define LEAST		32	/* messages that are worth a bar */
#define EVERY_MS	100
#define FIRST_MS	300	/* what is done by then needs none */
#define BAR_MAX		40	/* columns */
#define TEXT_COLUMNS	48	/* beside the bar */

struct progress {
	long of;
	int64_t began, drawn;		/* as now_ms() */
	bool shown;
};

static int64_t now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct progress *progress_new(long of)
{
	struct progress *progress;

	if (!isatty(STDERR_FILENO) || (of >= 0 && of < LEAST))
		return NULL;
	progress = calloc(1, sizeof(*progress));
	if (progress == NULL)
		return NULL;
	progress->of = of;
	progress->began = now_ms();
	return progress;
}

void progress_hide(struct progress *progress)
{
	if (progress == NULL || !progress->shown)
		return;
	(void)fputs("\r\033[K", stderr);
	(void)fflush(stderr);
	progress->shown = false;
	progress->drawn = 0;
}

void progress_free(struct progress *progress)
{
	progress_hide(progress);
	free(progress);
}

static int columns(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return 80;
}

static void draw(const struct progress *progress, unsigned long done,
		 int64_t taken)
{
	int width = columns() - TEXT_COLUMNS, full, i;
	double rate = (double)done * 1000 / (double)taken;
	unsigned long of = (unsigned long)progress->of, left;

	if (progress->of < 0) {
		(void)fprintf(stderr, "\r%lu messages, %.0f/s\033[K", done,
			      rate);
		return;
	}
	if (of < done)
		of = done;		/* more came meanwhile */
	if (width > BAR_MAX)
		width = BAR_MAX;
	(void)fputc('\r', stderr);
	if (width > 4) {
		full = (int)((unsigned long)width * done / of);
		(void)fputc('[', stderr);
		for (i = 0; i < width; i++)
			(void)fputc(i < full ? '#' : '.', stderr);
		(void)fputs("] ", stderr);
	}
	(void)fprintf(stderr, "%lu of %lu, %.0f/s", done, of, rate);
	left = rate > 0 ? (unsigned long)((double)(of - done) / rate) : 0;
	if (taken > 1000 && left > 0)
		(void)fprintf(stderr, ", %lu:%02lu left", left / 60,
			      left % 60);
	(void)fputs("\033[K", stderr);
}

void progress_show(struct progress *progress, unsigned long done)
{
	int64_t now;

	if (progress == NULL)
		return;
	now = now_ms();
	if (now - progress->drawn < EVERY_MS ||
	    now - progress->began < FIRST_MS)
		return;
	draw(progress, done, now - progress->began);
	(void)fflush(stderr);
	progress->drawn = now;
	progress->shown = true;
}
