/* silence.h - which names let a deadline pass lately
 *
 * Names, not domains: a sub-domain or selector whose servers are dead is
 * easily found in most large domains, and a message that has it asked for
 * must not make the whole domain silent for those that come after. */
#ifndef MAILSEAL_DNS_SILENCE_H
#define MAILSEAL_DNS_SILENCE_H

#include <stdbool.h>
#include <stdint.h>

#define SILENCE_MAX 512		/* names remembered */

struct silence {
	char names[SILENCE_MAX][256];
	int64_t until[SILENCE_MAX];
	unsigned next;
};

void silence_note(struct silence *silence, const char *name, int64_t until);
bool silence_holds(const struct silence *silence, const char *name,
		   int64_t now);

#endif
