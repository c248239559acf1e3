/* spf_record.h - the terms of one record, read strictly (RFC 7208 4.6, 12) */
#ifndef MAILSEAL_AUTH_SPF_RECORD_H
#define MAILSEAL_AUTH_SPF_RECORD_H

#include "agent/auth/spf_ip.h"
#include "agent/verdict/finding.h"

struct arena;

#define SPF_TERMS_MAX	200

enum spf_mechanism { SPF_ALL, SPF_INCLUDE, SPF_A, SPF_MX, SPF_PTR, SPF_IP4,
		     SPF_IP6, SPF_EXISTS };

struct spf_term {
	enum spf_mechanism mechanism;
	enum result result;		/* of its qualifier */
	struct bytes domain;		/* a domain-spec; empty: the domain */
	struct spf_ip ip;
	unsigned bits4, bits6;
};

struct spf_record {
	struct spf_term terms[SPF_TERMS_MAX];
	size_t count;
	struct bytes redirect, explanation;	/* empty: none */
};

/* Whether a TXT record is an SPF record at all (section 4.5). */
bool spf_record_is_one(struct bytes text);

/* 0; ERR_SYNTAX (permerror); slices point into `text`. */
int spf_record_parse(struct bytes text, struct spf_record *out);

#endif
