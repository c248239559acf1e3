/* forget.c - mailseal forget: what is remembered of an address or a message,
 * or what is old */
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "plugins/cli/cli.h"

#define NUMBER_DIGITS_MAX 9

/* "90", "90s", "30m", "12h", "7d", "4w", "2y", as in mailseal-config(5); -1:
 * it is none. */
static int64_t seconds_of(const char *text)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = {
		{ 0, 1 }, { 's', 1 }, { 'm', 60 }, { 'h', 3600 },
		{ 'd', 86400 }, { 'w', 7 * 86400 }, { 'y', 365 * 86400 },
	};
	size_t digits = strspn(text, "0123456789"), i;
	int64_t number;

	if (digits == 0 || digits > NUMBER_DIGITS_MAX ||
	    (text[digits] != 0 && text[digits + 1] != 0))
		return -1;
	number = strtoll(text, NULL, 10);
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (units[i].unit == text[digits])
			return number * units[i].seconds;
	return -1;
}

int forget_command(int argc, char **argv)
{
	bool older = argc == 2 && strcmp(argv[0], "--older") == 0;
	int64_t seconds = older ? seconds_of(argv[1]) : -1;
	enum mailseal_status result;
	struct mailseal *mailseal;
	unsigned count;
	char why[512];
	int status;

	if (older ? seconds < 0 : argc != 1 || argv[0][0] == '-') {
		complain("forget takes an address, the id of a message, or "
			 "--older and a time such as 30d or 1y.");
		return EX_USAGE;
	}
	mailseal = connect_or_complain(&status);
	if (mailseal == NULL)
		return status;
	result = mailseal_forget(mailseal, older ? "" : argv[0], seconds,
				 &count, why, sizeof(why));
	if (result != MAILSEAL_OK) {
		complain("%s%s", why, result == MAILSEAL_REFUSED ? "" : ".");
		status = refusal_status(mailseal, result);
	} else {
		(void)printf("forgotten: %u\n", count);
	}
	mailseal_close(mailseal);
	return status;
}
