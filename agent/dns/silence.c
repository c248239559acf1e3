/* silence.c - a ring of domains */
#include "agent/dns/silence.h"

#include <stdio.h>
#include <string.h>

#include "agent/mail/domain.h"

/* Labels such as _domainkey are not part of any public suffix; reverse names
 * have none that is worth remembering. */
static const char *domain_of(const char *name)
{
	const char *underscore = strrchr(name, '_');
	const char *dot = underscore == NULL ? NULL : strchr(underscore, '.');

	if (domain_is_within(name, "arpa"))
		return name;
	if (dot != NULL)
		name = dot + 1;
	return domain_registrable(name);
}

void silence_note(struct silence *silence, const char *name, int64_t until)
{
	const char *domain = domain_of(name);
	unsigned i = silence->next;

	(void)snprintf(silence->domains[i], sizeof(silence->domains[i]), "%s",
		       domain);
	silence->until[i] = until;
	silence->next = (i + 1) % SILENCE_MAX;
}

bool silence_holds(const struct silence *silence, const char *name,
		   int64_t now)
{
	const char *domain = domain_of(name);
	unsigned i;

	for (i = 0; i < SILENCE_MAX; i++)
		if (now < silence->until[i] &&
		    strcmp(silence->domains[i], domain) == 0)
			return true;
	return false;
}
