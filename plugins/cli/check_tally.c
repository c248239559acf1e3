/* check_tally.c - counting verdicts, and the exit status of all */
#include <string.h>
#include <sysexits.h>

#include "plugins/cli/check.h"

static const char *const words[] = {
	"genuine", "authenticated", "unverified", "suspicious", "spoofed"
};
#define WORDS (sizeof(words) / sizeof(words[0]))
_Static_assert(WORDS == sizeof(((struct tally *)0)->verdicts) /
	       sizeof(((struct tally *)0)->verdicts[0]),
	       "a verdict has no counter");

int worse_status(int a, int b)
{
	static const int rank[] = { 0, 2, 1 };	/* of 0, 1, 2 */

	if (a >= EX__BASE || b >= EX__BASE)
		return a > b ? a : b;
	return rank[b] > rank[a] ? b : a;
}

int verdict_status(const char *verdict)
{
	if (verdict == NULL)
		return CHECK_ALARM;
	if (strcmp(verdict, "genuine") == 0 ||
	    strcmp(verdict, "authenticated") == 0)
		return CHECK_FINE;
	if (strcmp(verdict, "unverified") == 0)
		return CHECK_UNVERIFIED;
	return CHECK_ALARM;
}

unsigned long tally_all(const struct tally *tally)
{
	unsigned long all = tally->failed;
	size_t i;

	for (i = 0; i < WORDS; i++)
		all += tally->verdicts[i];
	return all;
}

void tally_verdict(struct tally *tally, const struct mailseal_report *report)
{
	const char *verdict = mailseal_report_text(report, "verdict");
	size_t i;

	for (i = 0; i < WORDS; i++)
		if (verdict != NULL && strcmp(verdict, words[i]) == 0)
			tally->verdicts[i]++;
	if (mailseal_report_text(report, "error") != NULL)
		tally->not_mail++;
	tally->worst = worse_status(tally->worst, verdict_status(verdict));
}

void tally_failure(struct tally *tally, int status)
{
	tally->failed++;
	tally->worst = worse_status(tally->worst, status);
}

void tally_print(const struct tally *tally, long of, bool interrupted)
{
	const char *between = ": ";
	size_t i;

	(void)fprintf(stderr, "mailseal: %s%lu",
		      interrupted ? "interrupted; judged " : "judged ",
		      tally_all(tally) - tally->failed);
	if (interrupted && of >= 0)
		(void)fprintf(stderr, " of %ld", of);
	(void)fputs(" messages", stderr);
	for (i = 0; i < WORDS; i++) {
		if (tally->verdicts[i] == 0)
			continue;
		(void)fprintf(stderr, "%s%lu %s", between, tally->verdicts[i],
			      words[i]);
		between = ", ";
	}
	if (tally->not_mail > 0)
		(void)fprintf(stderr, "; %lu of them are no mail",
			      tally->not_mail);
	if (tally->failed > 0)
		(void)fprintf(stderr, "; %lu could not be judged",
			      tally->failed);
	(void)fputc('\n', stderr);
}

/* Design 7: 65 only if none was a message. */
int tally_status(const struct tally *tally)
{
	if (tally->not_mail > 0 && tally->not_mail == tally_all(tally))
		return EX_DATAERR;
	return tally->worst;
}
