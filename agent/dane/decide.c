/* decide.c - the table; the first row that holds */
#include "agent/dane/decide.h"

#define ANY (-1)

/* USABLE: a record must match, whatever the public PKI says.  BOGUS, SILENT:
 * never the public PKI.  Everything else: the public PKI, unless DANE is
 * needed. */
static const struct row {
	int dns, wire, match, pkix, need, time;
	enum decide_act act;
	enum dane_verdict verdict;
	enum dane_reason reason;
} rows[] = {
	/* DNS alone decides: nothing is connected */
	{ DECIDE_ADDRESS_BOGUS, ANY, ANY, ANY, ANY, ANY,
	  DECIDE_LATER, DANE_UNKNOWN, DANE_BOGUS },
	{ DECIDE_TLSA_BOGUS, ANY, ANY, ANY, ANY, ANY,
	  DECIDE_LATER, DANE_UNKNOWN, DANE_BOGUS },
	{ DECIDE_ADDRESS_SILENT, ANY, ANY, ANY, ANY, ANY,
	  DECIDE_LATER, DANE_UNKNOWN, DANE_DNS_SILENT },
	{ DECIDE_TLSA_SILENT, ANY, ANY, ANY, ANY, ANY,
	  DECIDE_LATER, DANE_UNKNOWN, DANE_DNS_SILENT },
	{ DECIDE_ADDRESS_NONE, ANY, ANY, ANY, ANY, ANY,
	  DECIDE_REFUSE, DANE_REFUSED, DANE_NO_HOST },
	{ DECIDE_LITERAL, ANY, ANY, ANY, DANE_NEEDED, ANY,
	  DECIDE_REFUSE, DANE_REFUSED, DANE_NOT_DANE },
	{ DECIDE_UNSIGNED, ANY, ANY, ANY, DANE_NEEDED, ANY,
	  DECIDE_REFUSE, DANE_REFUSED, DANE_NOT_DANE },
	{ DECIDE_NO_TLSA, ANY, ANY, ANY, DANE_NEEDED, ANY,
	  DECIDE_REFUSE, DANE_REFUSED, DANE_NOT_DANE },
	{ DECIDE_UNUSABLE, ANY, ANY, ANY, DANE_NEEDED, ANY,
	  DECIDE_REFUSE, DANE_REFUSED, DANE_NOT_DANE },

	/* the connection did not come as far as a certificate */
	{ ANY, DECIDE_NOT_TRIED, ANY, ANY, ANY, ANY,
	  DECIDE_CONNECT, DANE_UNKNOWN, DANE_TROUBLE },
	{ ANY, DECIDE_UNREACHABLE, ANY, ANY, ANY, ANY,
	  DECIDE_LATER, DANE_UNKNOWN, DANE_UNREACHABLE },
	{ ANY, DECIDE_CUT, ANY, ANY, ANY, ANY,
	  DECIDE_LATER, DANE_UNKNOWN, DANE_BROKEN },
	{ ANY, DECIDE_NO_STARTTLS, ANY, ANY, ANY, ANY,
	  DECIDE_REFUSE, DANE_REFUSED, DANE_NO_STARTTLS },
	{ ANY, DECIDE_INJECTED, ANY, ANY, ANY, ANY,
	  DECIDE_REFUSE, DANE_REFUSED, DANE_INJECTED },
	{ ANY, DECIDE_OLD_TLS, ANY, ANY, ANY, ANY,
	  DECIDE_REFUSE, DANE_REFUSED, DANE_OLD_TLS },
	{ ANY, DECIDE_TLS_FAILED, ANY, ANY, ANY, ANY,
	  DECIDE_REFUSE, DANE_REFUSED, DANE_TLS_FAILED },

	/* a certificate was seen */
	{ DECIDE_USABLE, DECIDE_SEEN, DECIDE_MATCH, ANY, ANY, ANY,
	  DECIDE_SEND, DANE_VERIFIED, DANE_MATCHED },
	{ DECIDE_USABLE, DECIDE_SEEN, DECIDE_NO_MATCH, ANY, ANY,
	  DECIDE_FIRST_TIME, DECIDE_AGAIN, DANE_UNKNOWN, DANE_MISMATCH },
	{ DECIDE_USABLE, DECIDE_SEEN, DECIDE_NO_MATCH, ANY, ANY, ANY,
	  DECIDE_REFUSE, DANE_REFUSED, DANE_MISMATCH },
	{ ANY, DECIDE_SEEN, ANY, DECIDE_PKIX_FAILS, ANY, ANY,
	  DECIDE_REFUSE, DANE_REFUSED, DANE_BAD_CERTIFICATE },
	{ DECIDE_LITERAL, DECIDE_SEEN, ANY, DECIDE_PKIX_PASSES,
	  DANE_IF_PUBLISHED, ANY, DECIDE_SEND, DANE_PKIX_ONLY, DANE_LITERAL },
	{ DECIDE_UNSIGNED, DECIDE_SEEN, ANY, DECIDE_PKIX_PASSES,
	  DANE_IF_PUBLISHED, ANY, DECIDE_SEND, DANE_PKIX_ONLY,
	  DANE_UNSIGNED },
	{ DECIDE_NO_TLSA, DECIDE_SEEN, ANY, DECIDE_PKIX_PASSES,
	  DANE_IF_PUBLISHED, ANY, DECIDE_SEND, DANE_PKIX_ONLY,
	  DANE_NO_RECORDS },
	{ DECIDE_UNUSABLE, DECIDE_SEEN, ANY, DECIDE_PKIX_PASSES,
	  DANE_IF_PUBLISHED, ANY, DECIDE_SEND, DANE_PKIX_ONLY,
	  DANE_NO_USABLE },
};

static bool fits(int wanted, unsigned found)
{
	return wanted == ANY || (unsigned)wanted == found;
}

struct decision dane_decide(const struct decide_facts *facts)
{
	struct decision decision = { DECIDE_REFUSE, DANE_REFUSED,
				     DANE_TROUBLE };
	const struct row *row;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		row = &rows[i];
		if (!fits(row->dns, facts->dns) ||
		    !fits(row->wire, facts->wire) ||
		    !fits(row->match, facts->match) ||
		    !fits(row->pkix, facts->pkix) ||
		    !fits(row->need, facts->need) ||
		    !fits(row->time, facts->time))
			continue;
		decision.act = row->act;
		decision.verdict = row->verdict;
		decision.reason = row->reason;
		break;
	}
	return decision;	/* without a row: refused */
}
