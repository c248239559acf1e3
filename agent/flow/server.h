/* server.h - the journey of a question about a server
 *
 * What CheckServer and `mailseal dane` answer: one host, connected to and
 * verified; the submission servers of a mail domain (SRV), each likewise; or
 * the mail exchangers of a domain, by DNS alone.
 * Does not do: send anything on the links; they are let go. */
#ifndef MAILSEAL_FLOW_SERVER_H
#define MAILSEAL_FLOW_SERVER_H

#include <stdint.h>

#define SERVER_CHECK_MS	20000	/* a question's deadline, of the whole */
#define SERVER_DNS_MS	8000	/* of it, until DNS must have answered */
#define SERVER_HOSTS_MAX 10	/* servers of one domain that are looked at */

struct arena;
struct dane_report;
struct dane_trust;
struct dns_request;
struct value;

/* As they come over the bus; texts, NULL where not given. */
struct server_options {
	const char *host;	/* name or address, as a person writes it */
	uint16_t port;		/* 0: by starttls and what */
	const char *starttls;	/* "none", "smtp", "imap", "pop3"; NULL: by
				 * the port */
	const char *need;	/* "require-if-published", "require" */
	const char *what;	/* "host", "mx", "srv" */
};

struct server_world {
	const struct dane_trust *trust;
	int64_t now;		/* seconds since 1970 */
	int64_t deadline;	/* as clock_now_ms() */
	int cancel_fd;		/* -1: none */
	uint32_t (*random)(void);
};

/* Of the options over the bus; NULL at the end. */
extern const char *const server_option_names[];

/* NULL: they can be used; else a sentence that says what is wrong. */
const char *server_options_problem(const struct server_options *options);

/* The report is a dictionary (mailseal-bus(7)).  0; ERR_MEMORY. */
int server_check(struct arena *arena, const struct server_options *options,
		 const struct server_world *world,
		 struct dns_request *request, struct value **report);

#endif
