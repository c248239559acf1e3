/* spf_excuses.c - each row names the standard, or the peer's own way */
#include "tests/flow/spf_excuses.h"

#include <stdio.h>
#include <string.h>

#define ANY	""		/* of whatever result */

static struct excuse {
	int peers;
	const char *ours;
	const char *theirs;		/* how their line begins */
	const char *words;		/* and what else stands in it */
	const char *record;		/* what stands in some record */
	const char *why;
	unsigned count;
} excuses[] = {
	{ PYSPF, "permerror", ANY, "", "%{d0}",
	  "no label of none can be taken: a digit is not zero (RFC 7208 "
	  "section 7.3); pyspf takes all labels", 0 },
	{ PYSPF, ANY, "permerror", "include has trivial recursion", "include:",
	  "a record that includes itself is an error when that include is "
	  "reached (RFC 7208 section 4.6); pyspf finds it before", 0 },
	{ PYSPF, ANY, "permerror", "Void lookup limit", "",
	  "terms whose queries are void are counted (RFC 7208 section "
	  "4.6.4); pyspf counts each host of an MX and the PTR of %{p}", 0 },
	{ PYSPF, ANY, "permerror", "empty domain:", "%{h}",
	  "a name that is empty once HELO stands in it matches nothing "
	  "(RFC 7208 section 4.8); pyspf takes it for bad grammar", 0 },
	{ PYSPF, ANY, "permerror", "v= MUST appear", " v=spf1",
	  "v= behind the version is a modifier of no known name, and ignored "
	  "(RFC 7208 section 6); pyspf takes it for bad grammar", 0 },
	{ MAILAUTH, ANY, "permerror", "Too many void", "%{p}",
	  "terms whose queries are void are counted; mailauth counts the PTR "
	  "of %{p}, too", 0 },
	{ MAILAUTH, "permerror", ANY, "", "%{h}",
	  "a HELO of one label is asked for, and void, where %{h} stands "
	  "alone; mailauth does not ask", 0 },
};

static bool some_record_has(const struct spf_world *world, const char *text)
{
	unsigned i;

	for (i = 0; i < world->count; i++)
		if (strstr(world->list[i].text, text) != NULL)
			return true;
	return false;
}

static bool excuses_it(const struct excuse *excuse,
		       const struct spf_case *one, enum spf_peer peer,
		       const char *theirs)
{
	return (excuse->peers & (int)peer) != 0 &&
	       (excuse->ours[0] == 0 ||
		strcmp(excuse->ours, one->ours) == 0) &&
	       strncmp(theirs, excuse->theirs, strlen(excuse->theirs)) == 0 &&
	       strstr(theirs, excuse->words) != NULL &&
	       some_record_has(&one->world, excuse->record);
}

bool spf_is_excused(const struct spf_case *one, enum spf_peer peer,
		    const char *theirs)
{
	size_t i;

	for (i = 0; i < sizeof(excuses) / sizeof(excuses[0]); i++)
		if (excuses_it(&excuses[i], one, peer, theirs)) {
			excuses[i].count++;
			return true;
		}
	return false;
}

void spf_excuses_print(void)
{
	size_t i;

	for (i = 0; i < sizeof(excuses) / sizeof(excuses[0]); i++)
		printf("%u times: %s\n", excuses[i].count, excuses[i].why);
}
