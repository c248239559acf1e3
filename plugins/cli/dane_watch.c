/* dane_watch.c - mailseal dane --watch: silence is good news */
#include "plugins/cli/dane.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "plugins/cli/cli.h"
#include "plugins/cli/print_text.h"
#include "proto/mailseal.h"

#define STATE_MAX	1024
#define WARNINGS_MAX	32

/* What a change is measured by: the result, its reason and the warnings. */
static void state_read(const struct mailseal_report *report,
		       char state[STATE_MAX])
{
	const char *result = mailseal_report_text(report, "result");
	const char *reason = mailseal_report_text(report, "reason");
	const char *code;
	size_t used;
	unsigned i;

	used = (size_t)snprintf(state, STATE_MAX, "%.64s %.64s",
				result == NULL ? "?" : result,
				reason == NULL ? "" : reason);
	for (i = 0; i < WARNINGS_MAX && used < STATE_MAX - 80; i++) {
		code = mailseal_report_member(report, "warnings", i, "code");
		if (code == NULL)
			return;
		used += (size_t)snprintf(state + used, STATE_MAX - used,
					 " %.64s", code);
	}
}

static void line_start(void)
{
	time_t now = time(NULL);
	struct tm tm;
	char text[64];

	if (gmtime_r(&now, &tm) != NULL &&
	    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm) > 0)
		(void)printf("%s ", text);
}

static void print_change(const struct mailseal_report *report)
{
	const char *text;
	unsigned i;

	line_start();
	text = mailseal_report_text(report, "result");
	(void)printf("%s: ", text == NULL ? "?" : text);
	text = mailseal_report_text(report, "text");
	put_text(text == NULL ? "?" : text);
	(void)putchar('\n');
	for (i = 0; i < WARNINGS_MAX; i++) {
		text = mailseal_report_member(report, "warnings", i, "text");
		if (text == NULL)
			break;
		line_start();
		(void)printf("soon: ");
		put_text(text);
		(void)putchar('\n');
	}
}

int dane_watch(const struct dane_request *request)
{
	char before[STATE_MAX] = "", state[STATE_MAX];
	struct mailseal_report *report;
	int status;

	for (;;) {
		report = dane_ask(request, &status);
		if (report == NULL && before[0] == 0)
			return status;	/* it never worked */
		if (report != NULL) {
			state_read(report, state);
			if (strcmp(state, before) != 0 && request->json) {
				mailseal_report_json(report, NULL, stdout);
				(void)putchar('\n');
			} else if (strcmp(state, before) != 0) {
				print_change(report);
			}
			memcpy(before, state, sizeof(before));
		}
		mailseal_report_free(report);
		if (fflush(stdout) != 0)
			return EX_IOERR;
		(void)sleep((unsigned)request->every);
	}
}
