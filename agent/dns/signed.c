/* signed.c - walking a packet from signature to signature */
#include "agent/dns/signed.h"

#include "agent/base/buf.h"

#define TYPE_RRSIG	46
#define LABEL_OCTETS	63
#define POINTER		0xC0	/* RFC 1035 section 4.1.4 */
#define RECORDS_MAX	1024	/* of one packet that are looked at */

/* Names are not expanded, so that no pointer is ever followed. */
static bool skip_name(struct bytes *from)
{
	unsigned char len, low;
	struct bytes label;

	for (;;) {
		if (!take_byte(from, &len))
			return false;
		if (len == 0)
			return true;
		if ((len & POINTER) == POINTER)
			return take_byte(from, &low);
		if (len > LABEL_OCTETS || !take_bytes(from, len, &label))
			return false;
	}
}

/* Type covered, algorithm, labels and TTL stand before the dates. */
static void signature_read(struct bytes rdata, struct dns_answer *answer)
{
	uint32_t until, from;
	struct bytes before;

	if (!take_bytes(&rdata, 8, &before) || !take_u32(&rdata, &until) ||
	    !take_u32(&rdata, &from))
		return;
	if (answer->signed_until != 0 && until >= answer->signed_until)
		return;
	answer->signed_until = until;
	answer->signed_from = from;
}

static bool record_read(struct bytes *from, struct dns_answer *answer)
{
	uint16_t type, class, len;
	struct bytes rdata;
	uint32_t ttl;

	if (!skip_name(from) || !take_u16(from, &type) ||
	    !take_u16(from, &class) || !take_u32(from, &ttl) ||
	    !take_u16(from, &len) || !take_bytes(from, len, &rdata))
		return false;
	if (type == TYPE_RRSIG)
		signature_read(rdata, answer);
	return true;
}

void signed_read(const void *packet, size_t len, struct dns_answer *answer)
{
	struct bytes from = { packet, len }, head;
	uint16_t questions, answers, authorities, type, class;
	unsigned records;

	if (packet == NULL || !take_bytes(&from, 4, &head) ||
	    !take_u16(&from, &questions) || !take_u16(&from, &answers) ||
	    !take_u16(&from, &authorities) || !take_bytes(&from, 2, &head))
		return;
	for (; questions > 0; questions--)
		if (!skip_name(&from) || !take_u16(&from, &type) ||
		    !take_u16(&from, &class))
			return;
	records = (unsigned)answers + authorities;
	if (records > RECORDS_MAX)
		records = RECORDS_MAX;
	for (; records > 0; records--)
		if (!record_read(&from, answer))
			return;
}
