/* server_send.h - inside dns: the frames that the server sends */
#ifndef MAILSEAL_DNS_SERVER_SEND_H
#define MAILSEAL_DNS_SERVER_SEND_H

#include "agent/dns/dns.h"

/* ANSWER. 0, or an error of channel_send(). */
int server_answer_send(int client, uint32_t id,
		       const struct dns_answer *answer);

/* STATE, to the front: how DNS is. */
void server_state_send(int front, const char *mode, bool works,
		       const char *sentence);

#endif
