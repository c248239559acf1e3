/* print.c - a verdict for people
 *
 * What the agent says was made harmless there; what else is printed, and a
 * file's name is a stranger's too, is made so here. */
#include <stdio.h>
#include <time.h>

#include "plugins/cli/cli.h"
#include "plugins/cli/print_text.h"

/* A remembered verdict says of when it is. */
static void print_judged(const struct mailseal_report *report)
{
	time_t when = (time_t)mailseal_report_number(report, "judged", 0);
	struct tm local;
	char text[64];

	if (when > 0 && localtime_r(&when, &local) != NULL &&
	    strftime(text, sizeof(text), "Judged %Y-%m-%d %H:%M, and "
		     "remembered.", &local) > 0)
		put_paragraph(text);
}

void print_verdict(const char *file, const struct mailseal_report *report,
		   enum print_how how)
{
	const char *verdict = mailseal_report_text(report, "verdict");
	const char *text = mailseal_report_text(report, "shown_from");

	if (verdict == NULL)
		verdict = "suspicious";
	(void)fputs(colour_of(verdict), stdout);
	put_text(verdict);
	(void)printf("%s  ", colour_end());
	if (text != NULL && text[0] != 0)
		put_text(text);
	else if (mailseal_report_has(report, "error"))
		put_text("(no mail)");
	else
		put_text("(no sender)");
	(void)printf("  ");
	put_text(file);
	(void)putchar('\n');
	text = mailseal_report_text(report, "reasons.0.text");
	if (text != NULL)
		put_paragraph(text);
	if (how == PRINT_EXPLAINED)
		print_explain(report);
	else
		print_judged(report);
}
