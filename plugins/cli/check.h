/* check.h - what the files of mailseal check share */
#ifndef MAILSEAL_CLI_CHECK_H
#define MAILSEAL_CLI_CHECK_H

#include "plugins/cli/cli.h"

#define CHECK_OPTIONS 7		/* the last one is the end */

struct source;			/* of files */
struct mailseal;

struct check {
	struct mailseal *mailseal;
	struct source *source;
	struct mailseal_option options[CHECK_OPTIONS];
	enum print_how how;
	bool json;
	bool quiet;			/* only what raises an alarm */
};

/* check_run.c: judges all of them; the exit status. */
int check_run(struct check *check);

/* check_source.c.  No files: standard input.  NULL: complained. */
struct source *source_files(char **files, int count);
struct source *source_maildir(const char *folder);
void source_free(struct source *source);
/* How many there are: -1, not known. */
long source_count(const struct source *source);
bool source_is_folder(const struct source *source);
/* The next one's name, to be freed; NULL: that was all. */
char *source_next(struct source *source);

/* check_tally.c: what came out, of all messages. */
struct tally {
	unsigned long verdicts[5];	/* by check_tally.c's order */
	unsigned long not_mail;		/* suspicious, too */
	unsigned long failed;		/* not judged */
	int worst;			/* exit status so far */
};
unsigned long tally_all(const struct tally *tally);
void tally_verdict(struct tally *tally, const struct mailseal_report *report);
void tally_failure(struct tally *tally, int status);
/* A line on standard error; `of`: how many there were, -1 not known. */
void tally_print(const struct tally *tally, long of, bool interrupted);
int tally_status(const struct tally *tally);

#endif
