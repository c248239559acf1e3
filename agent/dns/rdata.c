/* rdata.c - reading the wire form of single records (RFC 1035 section 3) */
#include <pthread.h>
#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/dns/dns.h"
#include "agent/dns/rdata.h"

#define LABEL_OCTETS 63

/* dns.h promises memory that lives as long as the request. */
struct bytes dns_txt(struct dns_request *request, struct bytes rdata)
{
	struct bytes none = { NULL, 0 }, string, out;
	unsigned char len;
	struct buf joined;

	if (rdata.len == 0)
		return none;	/* one string at least: section 3.3.14 */
	buf_init(&joined, DNS_ANSWER_MAX);
	while (rdata.len > 0) {
		if (!take_byte(&rdata, &len) ||
		    !take_bytes(&rdata, len, &string)) {
			buf_free(&joined);
			return none;
		}
		buf_add(&joined, string);
	}
	out = joined.full ? none : dns_request_bytes(request,
						     buf_bytes(&joined));
	buf_free(&joined);
	return out;
}

const char *dns_rdata_name(struct dns_request *request, struct bytes rdata,
			   size_t offset)
{
	char name[DNS_NAME_MAX + 2];
	struct bytes label, out;
	size_t used = 0, i;
	unsigned char len;

	rdata = bytes_slice(rdata, offset, rdata.len);
	for (;;) {
		if (!take_byte(&rdata, &len))
			return NULL;
		if (len == 0)
			break;
		if (len > LABEL_OCTETS || !take_bytes(&rdata, len, &label) ||
		    used + len + 1 > DNS_NAME_MAX + 1)
			return NULL;
		for (i = 0; i < label.len; i++) {
			/* A dot or NUL inside a label is no name of ours. */
			if (label.data[i] == '.' || label.data[i] <= ' ' ||
			    label.data[i] >= 127)
				return NULL;
			name[used++] = (char)byte_lower(label.data[i]);
		}
		name[used++] = '.';
	}
	if (used > 0)
		used--;			/* the dot at the end */
	name[used] = 0;
	out.data = (const unsigned char *)name;
	out.len = used + 1;
	out = dns_request_bytes(request, out);
	return (const char *)out.data;
}
