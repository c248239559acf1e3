/* silence.h - which domains let a deadline pass lately */
#ifndef MAILSEAL_DNS_SILENCE_H
#define MAILSEAL_DNS_SILENCE_H

#include <stdbool.h>
#include <stdint.h>

#define SILENCE_MAX 256		/* domains remembered */

struct silence {
	char domains[SILENCE_MAX][256];
	int64_t until[SILENCE_MAX];
	unsigned next;
};

/* `name`: a question's; its registrable domain is what is remembered. */
void silence_note(struct silence *silence, const char *name, int64_t until);
bool silence_holds(const struct silence *silence, const char *name,
		   int64_t now);

#endif
