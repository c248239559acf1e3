/* wire.h - questions and answers as frames (docs/channel.md)
 *
 * ASK: for each question u32 id, u16 type, u32 milliseconds left, fresh, u16
 * length and name.  FORGET: u32 ids.  ANSWER: u32 id, state, security, u32
 * TTL, u32 signed from, u32 signed until, u16 length and canonical name, u16
 * length and why, u16 count, then u16 length and rdata of each record. */
#ifndef MAILSEAL_DNS_WIRE_H
#define MAILSEAL_DNS_WIRE_H

#include "agent/dns/dns.h"

struct buf;

struct wire_question {
	uint32_t id;
	enum dns_type type;
	uint32_t ms;			/* left until the deadline */
	bool fresh;			/* past the caches */
	char name[DNS_NAME_MAX + 1];
};

/* The answer's slices point into the payload; texts are copied. */
struct wire_answer {
	uint32_t id;
	struct dns_answer answer;
	char canonical[DNS_NAME_MAX + 1];
	char why[512];
	struct bytes records[DNS_RECORDS_MAX];
};

void wire_put_question(struct buf *to, const struct wire_question *question);
/* Takes one question off the front. 1; 0 at the end; ERR_PROTOCOL. */
int wire_take_question(struct bytes *from, struct wire_question *out);

void wire_put_answer(struct buf *to, uint32_t id,
		     const struct dns_answer *answer);
int wire_take_answer(struct bytes from, struct wire_answer *out);

#endif
