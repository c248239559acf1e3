/* print.c - a verdict for people; what is printed was neutralised by the
 * agent, and is neutralised again where it comes from elsewhere */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "plugins/cli/cli.h"
#include "proto/mailseal.h"

#define REASONS_SHOWN 24

/* Colour only repeats the word beside it. */
static const struct {
	const char *verdict, *colour;
} colours[] = {
	{ "genuine", "\033[32m" }, { "authenticated", "\033[36m" },
	{ "unverified", "\033[33m" }, { "suspicious", "\033[1;33m" },
	{ "spoofed", "\033[1;31m" },
};

static const char *colour_of(const char *verdict)
{
	size_t i;

	if (!isatty(STDOUT_FILENO))
		return "";
	for (i = 0; i < sizeof(colours) / sizeof(colours[0]); i++)
		if (strcmp(colours[i].verdict, verdict) == 0)
			return colours[i].colour;
	return "";
}

/* Control bytes of any text become '?': a file's name is a stranger's too. */
static void put_text(const char *text)
{
	const unsigned char *at;

	for (at = (const unsigned char *)text; *at != 0; at++) {
		if (*at == 0xC2 && at[1] >= 0x80 && at[1] < 0xA0)
			at++, (void)putchar(63);
		else
			(void)putchar(*at < 32 || *at == 127 ? '?' : *at);
	}
}

static void put_line(const char *label, const char *text)
{
	if (text == NULL)
		return;
	(void)printf("  %-9s ", label);
	put_text(text);
	(void)putchar('\n');
}

static void print_evidence(const struct mailseal_report *report)
{
	const char *result, *domain;
	unsigned i;

	for (i = 0; (result = mailseal_report_member(report, "dkim", i,
						     "result")) != NULL; i++) {
		domain = mailseal_report_member(report, "dkim", i, "domain");
		(void)printf("  dkim      %s of ", result);
		put_text(domain == NULL ? "an unreadable domain" : domain);
		domain = mailseal_report_member(report, "dkim", i, "dnssec");
		(void)printf(", key %s", domain == NULL ? "not seen" : domain);
		domain = mailseal_report_member(report, "dkim", i, "reason");
		if (domain != NULL) {
			(void)printf(": ");
			put_text(domain);
		}
		(void)putchar('\n');
	}
	put_line("spf", mailseal_report_text(report, "spf.result"));
	put_line("dmarc", mailseal_report_text(report, "dmarc.result"));
	put_line("policy", mailseal_report_text(report, "dmarc.policy"));
	put_line("proof", mailseal_report_text(report, "proof"));
	put_line("integrity", mailseal_report_text(report, "integrity"));
}

void print_verdict(const char *file, const struct mailseal_report *report,
		   enum print_how how)
{
	const char *verdict = mailseal_report_text(report, "verdict");
	const char *colour, *text;
	unsigned i, most = how == PRINT_REASONS ? REASONS_SHOWN : 1;

	if (verdict == NULL)
		verdict = "suspicious";
	colour = colour_of(verdict);
	(void)printf("%s%s%s  ", colour, verdict,
		     colour[0] == 0 ? "" : "\033[0m");
	text = mailseal_report_text(report, "shown_from");
	put_text(text == NULL || text[0] == 0 ? "(no sender)" : text);
	(void)printf("  ");
	put_text(file);
	(void)putchar('\n');
	if (how == PRINT_REASONS)
		print_evidence(report);
	for (i = 0; i < most && (text = mailseal_report_member(report,
			"reasons", i, "text")) != NULL; i++) {
		(void)printf("  ");
		put_text(text);
		(void)putchar('\n');
	}
}
