/* keys_print.c - a key for people */
#include "plugins/cli/keys.h"
#include "plugins/cli/print_text.h"

#include <time.h>

static void print_day(const char *words, int64_t at)
{
	time_t when = (time_t)at;
	struct tm day;
	char text[32];

	if (at > 0 && gmtime_r(&when, &day) != NULL &&
	    strftime(text, sizeof(text), "%Y-%m-%d", &day) > 0)
		(void)printf("%s%s", words, text);
}

/* Names are what whoever made the certificate wrote. */
static void print_after(const char *words, const char *text)
{
	(void)fputs(words, stdout);
	put_text(text);
}

static void print_line(const char *words, const char *text)
{
	print_after(words, text);
	(void)putchar('\n');
}

static void print_use(const struct mailseal_report *key)
{
	const char *word;
	unsigned i;

	(void)printf("  for        ");
	for (i = 0; (word = mailseal_report_member(key, "usage", i, NULL)) !=
	     NULL; i++)
		(void)printf("%s%s", i > 0 ? ", " : "", word);
	if (i == 0)
		(void)printf("(it has no certificate)");
	(void)putchar('\n');
}

static void print_certificate(const struct mailseal_report *key)
{
	const char *certificate = mailseal_report_text(key, "certificate");
	const char *issuer = mailseal_report_text(key, "issuer");

	if (certificate == NULL)
		return;
	(void)printf("  by         ");
	if (mailseal_report_truth(key, "self_signed"))
		issuer = "itself";
	put_text(issuer == NULL ? "?" : issuer);
	(void)putchar('\n');
	(void)printf("  valid     ");
	print_day(" ", mailseal_report_number(key, "from", 0));
	print_day(" to ", mailseal_report_number(key, "until", 0));
	if (mailseal_report_number(key, "until", 0) < (int64_t)time(NULL))
		(void)printf(", over");
	(void)printf("\n  certificate %s\n", certificate);
}

static void print_uses(const struct mailseal_report *key)
{
	long long signatures = mailseal_report_number(key, "signatures", 0);
	long long openings = mailseal_report_number(key, "openings", 0);

	if (signatures + openings == 0)
		return;
	(void)printf("  used       signed %lld, opened %lld", signatures,
		     openings);
	print_day(", last ", mailseal_report_number(key, "last_use", 0));
	(void)putchar('\n');
}

void keys_print(const struct mailseal_report *key)
{
	const char *fingerprint = mailseal_report_text(key, "fingerprint");
	const char *algorithm = mailseal_report_text(key, "algorithm");
	const char *problem = mailseal_report_text(key, "problem_text");
	const char *name = mailseal_report_text(key, "name"), *address;
	unsigned i;

	(void)printf("%.*s  %s", KEYS_DIGITS,
		     fingerprint == NULL ? "?" : fingerprint,
		     problem != NULL ? "cannot be used" :
		     mailseal_report_truth(key, "unlocked") ? "unlocked" :
							      "locked");
	for (i = 0; (address = mailseal_report_member(key, "addresses", i,
						      NULL)) != NULL; i++)
		print_after(i == 0 ? "  " : ", ", address);
	(void)putchar('\n');
	if (problem != NULL)
		print_line("  problem    ", problem);
	if (name != NULL)
		print_line("  name       ", name);
	if (algorithm != NULL)
		(void)printf("  kind       %s, %lld bits\n", algorithm,
			     (long long)mailseal_report_number(key, "bits",
							       0));
	print_use(key);
	print_certificate(key);
	print_uses(key);
}
