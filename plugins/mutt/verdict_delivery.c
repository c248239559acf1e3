/* verdict_delivery.c - what the delivery filter wrote, as Mutt passes it on */
#include "plugins/mutt/verdict_delivery.h"

#include <stdio.h>
#include <string.h>

static const struct told {
	const char *verdict, *display, *sentence;
} table[] = {
	{ "genuine", "name", "You know the sender, and it was proved at "
	  "delivery who sent this message." },
	{ "genuine", "address", "You know the sender, and it was proved at "
	  "delivery who sent this message." },
	{ "authenticated", "address", "It was proved at delivery that the "
	  "address's domain sent this message." },
	{ "unverified", "address", "Nothing proved at delivery who sent this "
	  "message." },
	{ "suspicious", "address", "Judged at delivery; Esc v tells why." },
	{ "suspicious", "warning", "Judged at delivery; Esc v tells why. Do "
	  "not trust the sender." },
	{ "spoofed", "warning", "Judged at delivery; Esc v tells why. Do not "
	  "trust the sender." },
};

bool verdict_delivery_is(const char *told, const char *verdict,
			 const char *display)
{
	size_t len;

	if (told == NULL || verdict == NULL || display == NULL)
		return false;
	len = strlen(verdict);
	return strncmp(told, verdict, len) == 0 && told[len] == '/' &&
	       strcmp(told + len + 1, display) == 0;
}

bool verdict_delivery(const char *told, const char *from,
		      struct verdict_shown *out)
{
	char address[HEAD_VALUE_MAX];
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (verdict_delivery_is(told, table[i].verdict,
					table[i].display))
			break;
	if (i == sizeof(table) / sizeof(table[0]))
		return false;
	(void)snprintf(out->line, sizeof(out->line), "%s. %s",
		       table[i].verdict, table[i].sentence);
	head_address(from, address);
	(void)snprintf(out->from, sizeof(out->from), "%.*s", VERDICT_MAX - 1,
		       strcmp(table[i].display, "name") == 0 &&
		       address[0] != 0 ? from : address);
	return true;
}
