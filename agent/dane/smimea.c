/* smimea.c - SMIMEA: certificates of a mailbox in DNS */
#include "agent/dane/smimea.h"

#include "agent/base/buf.h"
#include "agent/dane/tlsa.h"

struct bytes smimea_certificate(struct bytes rdata)
{
	struct bytes none = { NULL, 0 };
	struct tlsa record;

	if (tlsa_read(rdata, &record) != TLSA_USABLE ||
	    record.selector != TLSA_CERT || record.matching != TLSA_FULL ||
	    (record.usage != TLSA_DANE_EE && record.usage != TLSA_PKIX_EE))
		return none;
	return record.data;
}

/* Whether a stronger digest beside it takes its place. */
static bool is_passed_over(const struct tlsa *one, const struct bytes *records,
			   size_t count)
{
	struct tlsa other;
	size_t i;

	for (i = 0; i < count; i++)
		if (tlsa_read(records[i], &other) == TLSA_USABLE &&
		    tlsa_yields(one, &other))
			return true;
	return false;
}

enum smimea_says smimea_judge(const struct bytes *records, size_t count,
			      struct bytes certificate, struct bytes key)
{
	enum smimea_says says = SMIMEA_NOTHING;
	struct tlsa record;
	size_t i;

	if (count > TLSA_RECORDS_MAX)
		count = TLSA_RECORDS_MAX;
	for (i = 0; i < count; i++) {
		if (tlsa_read(records[i], &record) != TLSA_USABLE ||
		    is_passed_over(&record, records, count) ||
		    !tlsa_matches(&record, certificate, key))
			continue;
		if (record.usage == TLSA_DANE_EE)
			return SMIMEA_NAMES;
		if (record.usage == TLSA_PKIX_EE)
			says = SMIMEA_NARROWS;
	}
	return says;
}

void smimea_put(struct buf *to, struct bytes certificate)
{
	buf_byte(to, TLSA_DANE_EE);
	buf_byte(to, TLSA_CERT);
	buf_byte(to, TLSA_FULL);
	buf_add(to, certificate);
}

bool smimea_print(struct buf *to, const char *owner,
		  struct bytes certificate)
{
	if (certificate.len > MAILBOX_RECORD_MAX)
		return false;
	buf_print(to, "%s. IN SMIMEA %d %d %d ", owner, TLSA_DANE_EE,
		  TLSA_CERT, TLSA_FULL);
	mailbox_print_hex(to, certificate);
	return !to->full;
}
