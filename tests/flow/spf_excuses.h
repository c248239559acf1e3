/* spf_excuses.h - why a peer's SPF may say something else than ours */
#ifndef MAILSEAL_TESTS_SPF_EXCUSES_H
#define MAILSEAL_TESTS_SPF_EXCUSES_H

#include <stdbool.h>

#include "tests/flow/spf_mill.h"

enum spf_peer { PYSPF = 1, MAILAUTH = 2 };

struct spf_case {
	struct spf_world world;
	char ours[16];			/* our result */
	char text[256];			/* and our sentence */
};

bool spf_is_excused(const struct spf_case *one, enum spf_peer peer,
		    const char *theirs);
void spf_excuses_print(void);

#endif
