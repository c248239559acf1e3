/* dane.h - what the files of mailseal dane share */
#ifndef MAILSEAL_CLI_DANE_H
#define MAILSEAL_CLI_DANE_H

#include <stdbool.h>
#include <stdint.h>

struct mailseal_report;

/* Exit statuses (design 5); a script may count on them. */
enum { DANE_EXIT_VERIFIED = 0, DANE_EXIT_PKIX = 1, DANE_EXIT_REFUSED = 2,
       DANE_EXIT_UNKNOWN = 75 };

#define DANE_HOST_MAX	1100	/* bytes of a name on the command line */
#define DANE_EVERY	3600	/* seconds between two looks of --watch */

/* What was asked on the command line. */
struct dane_request {
	char host[DANE_HOST_MAX];
	uint16_t port;			/* 0: the usual one */
	const char *starttls, *need, *what;	/* NULL: as the agent likes */
	const char *certificate;	/* --tlsa */
	bool json, watch;
	long every;
};

/* "HOST", "HOST:PORT", "ADDRESS", "[ADDRESS]:PORT".  False: none of these. */
bool dane_host_read(const char *text, struct dane_request *into);

/* Asks the agent.  NULL: it complained, *status is the exit status. */
struct mailseal_report *dane_ask(const struct dane_request *request,
				 int *status);
/* The exit status of a report. */
int dane_status(const struct mailseal_report *report);

/* For people: what was found, step by step. */
void dane_print(const struct mailseal_report *report);

/* Looks again and again; a line whenever something changes or is about to
 * break.  Ends when it cannot go on. */
int dane_watch(const struct dane_request *request);

/* The TLSA records to publish for a certificate file. */
int dane_tlsa(const struct dane_request *request);

#endif
