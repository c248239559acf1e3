/* decide.h - the decision, as one table
 *
 * RFC 7671 section 4, 7672 section 2.1 and 2.2, 7673 section 4.1, 8314
 * section 5.2.  What DNS said, what became of the connection, whether a TLSA
 * record matched, whether the public PKI passes, what is needed: out comes
 * what to do.  Pure; decide.c can be read as the table. */
#ifndef MAILSEAL_DANE_DECIDE_H
#define MAILSEAL_DANE_DECIDE_H

#include "agent/dane/report.h"
#include "agent/dane/server.h"

/* What DNS said, before anything is connected. */
enum decide_dns {
	DECIDE_ADDRESS_BOGUS, DECIDE_ADDRESS_SILENT, DECIDE_ADDRESS_NONE,
	DECIDE_TLSA_BOGUS, DECIDE_TLSA_SILENT,
	DECIDE_LITERAL,		/* the host is an address */
	DECIDE_UNSIGNED,	/* addresses or TLSA answer are insecure */
	DECIDE_NO_TLSA,		/* securely not there */
	DECIDE_UNUSABLE,	/* secure records, none of them usable */
	DECIDE_USABLE		/* at least one secure usable record */
};
#define DECIDE_DNS_COUNT (DECIDE_USABLE + 1)

/* How far the connection came. */
enum decide_wire {
	DECIDE_NOT_TRIED, DECIDE_UNREACHABLE, DECIDE_CUT, DECIDE_NO_STARTTLS,
	DECIDE_INJECTED, DECIDE_OLD_TLS, DECIDE_TLS_FAILED,
	DECIDE_SEEN		/* the server's certificate was judged */
};
#define DECIDE_WIRE_COUNT (DECIDE_SEEN + 1)

enum decide_match { DECIDE_NO_MATCH, DECIDE_MATCH };
enum decide_pkix { DECIDE_PKIX_FAILS, DECIDE_PKIX_PASSES };
enum decide_time { DECIDE_FIRST_TIME, DECIDE_SECOND_TIME };

struct decide_facts {
	enum decide_dns dns;
	enum decide_wire wire;
	enum decide_match match;	/* means something with USABLE, SEEN */
	enum decide_pkix pkix;		/* means something with SEEN */
	enum dane_need need;
	enum decide_time time;		/* second: asked and connected anew */
};

enum decide_act {
	DECIDE_CONNECT,		/* go on; only with NOT_TRIED */
	DECIDE_SEND,		/* verified: the link may be used */
	DECIDE_AGAIN,		/* ask afresh and connect once more */
	DECIDE_REFUSE,
	DECIDE_LATER
};

struct decision {
	enum decide_act act;
	enum dane_verdict verdict;	/* for CONNECT and AGAIN: UNKNOWN */
	enum dane_reason reason;
};

struct decision dane_decide(const struct decide_facts *facts);

#endif
