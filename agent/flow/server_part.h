/* server_part.h - inside flow: the journeys of a question about a server */
#ifndef MAILSEAL_FLOW_SERVER_PART_H
#define MAILSEAL_FLOW_SERVER_PART_H

#include "agent/dane/server.h"
#include "agent/flow/server.h"

/* A-labels, or an address without brackets; NULL: neither. */
const char *server_host_normal(struct arena *arena, const char *text);

/* Everything but the host. */
void server_question(struct dane_question *question,
		     const struct server_options *options,
		     const struct server_world *world);

const char *server_start_word(enum dane_start start);	/* "smtp" */

/* The submission servers of a mail domain, each verified.  Into a dictionary;
 * 0; ERR_MEMORY. */
int server_check_srv(struct arena *arena, const struct server_options *options,
		     const struct server_world *world,
		     struct dns_request *request, struct value *into);

/* The mail exchangers of a domain, by DNS alone; likewise. */
int server_check_mx(struct arena *arena, const struct server_options *options,
		    struct dns_request *request, struct value *into);

#endif
