/* run.h - another program's output, within limits
 *
 * Does not do: talk with it, look at what it says. */
#ifndef MAILSEAL_CLI_RUN_H
#define MAILSEAL_CLI_RUN_H

#include <stdbool.h>
#include <stddef.h>

struct run_output {
	char *out, *err;	/* texts, NULL never after run_program() */
	int status;		/* as waitpid() gives it */
};

enum run_result {
	RUN_DONE,
	RUN_MISSING = -1,	/* there is no such program */
	RUN_LATE = -2,		/* ended by force, it took too long */
	RUN_FAILED = -3		/* no memory, no process, too much output */
};

#define RUN_ARGUMENTS_MAX 30

/* argv[0] is looked for in $PATH.  It gets no input and no terminal.  Always
 * run_output_free() afterwards. */
enum run_result run_program(const char *const *argv, int ms,
			    struct run_output *output);
void run_output_free(struct run_output *output);

/* Whether a program of that name, or at that path, can be started. */
bool run_is_there(const char *name, size_t len);
/* The same where `folders` are, as $PATH has them; NULL: none. */
bool run_is_in(const char *folders, const char *name, size_t len);

#endif
