/* pinentry_inside.h - what the two files of the dialogue share */
#ifndef MAILSEAL_KEYS_PINENTRY_INSIDE_H
#define MAILSEAL_KEYS_PINENTRY_INSIDE_H

#include "agent/keys/pinentry.h"

#define LINE_MAX_LEN	1000	/* of the Assuan protocol, without its LF */
#define TEXT_MAX	256
#define DESCRIPTION_MAX	900

/* What is said, one line each, an answer awaited after each. */
enum step { STEP_GREETING, STEP_GRAB, STEP_TTY, STEP_TERM, STEP_DISPLAY,
	    STEP_CHARSET, STEP_TITLE, STEP_DESCRIPTION, STEP_PROMPT,
	    STEP_TIMEOUT, STEP_REPEAT, STEP_ERROR, STEP_ASK };

struct pinentry {
	int fd;
	enum pinentry_kind kind;
	enum pinentry_outcome outcome;
	enum step step;
	int64_t deadline;
	char title[TEXT_MAX], description[DESCRIPTION_MAX], prompt[TEXT_MAX];
	char tty[TEXT_MAX], term[TEXT_MAX], display[TEXT_MAX];
	char error[TEXT_MAX];		/* shown with the next question */
	char complaint[TEXT_MAX];
	char out[LINE_MAX_LEN + 2];
	size_t out_len, out_sent;
	unsigned tries;
	/* The second of two questions, of a pinentry that does not ask twice
	 * by itself. */
	bool asking_again;
	bool repeated;			/* it asked twice by itself */
	/* In locked memory: */
	unsigned char *line;		/* LINE_MAX_LEN + 2 */
	size_t line_len;
	unsigned char *secret, *first;	/* PINENTRY_SECRET_MAX each */
	size_t secret_len, first_len;
};

/* --- pinentry_steps.c */

/* Control characters have no place in a line, nor a stranger's '%'. */
void pinentry_text(char *to, size_t room, const char *from);

/* Makes a line the next to be sent. */
void pinentry_say(struct pinentry *pinentry, const char *command,
		  const char *text);

/* From `step` on, to the next one that has something to say. */
void pinentry_step(struct pinentry *pinentry, enum step step);

#endif
