/* keys.h - what the files of mailseal keys share */
#ifndef MAILSEAL_CLI_KEYS_H
#define MAILSEAL_CLI_KEYS_H

#include "proto/mailseal.h"

#define KEYS_DIGITS 16	/* of a fingerprint: enough for people */

/* Words of a command line: what stands for itself, and options. */
struct keys_words {
	const char *first;		/* NULL: not there */
	const char *address, *name, *algorithm, *output;
	long long days, key;		/* -1: not said */
	bool json, yes;
};

#define KEYS_OPTIONS 9
/* Options of a call: the caller's terminal and display, and what was said. */
void keys_options(const struct keys_words *words,
		  struct mailseal_option options[KEYS_OPTIONS]);

/* Complains of a call that failed; the exit status. */
int keys_failed(const struct mailseal *mailseal, enum mailseal_status status,
		const char *why);

/* keys_make.c: each takes an open connection. */
int keys_generate(struct mailseal *mailseal, const struct keys_words *words);
int keys_import(struct mailseal *mailseal, const struct keys_words *words);
int keys_request(struct mailseal *mailseal, const struct keys_words *words);

/* keys_print.c: a key for people. */
void keys_print(const struct mailseal_report *key);

#endif
