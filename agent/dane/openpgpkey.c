/* openpgpkey.c - OPENPGPKEY: the OpenPGP key of a mailbox in DNS */
#include "agent/dane/openpgpkey.h"

#include "agent/base/buf.h"

#define PUBLIC_KEY 6		/* the packet's tag, RFC 4880 section 4.3 */

bool openpgpkey_fits(struct bytes rdata)
{
	unsigned char first;

	if (rdata.len < 2)
		return false;
	first = rdata.data[0];
	if ((first & 0xc0) == 0xc0)
		return (first & 0x3f) == PUBLIC_KEY;
	return (first & 0x80) != 0 && (first >> 2 & 0x0f) == PUBLIC_KEY;
}

bool openpgpkey_print(struct buf *to, const char *owner, struct bytes key)
{
	if (key.len > MAILBOX_RECORD_MAX)
		return false;
	buf_print(to, "%s. IN OPENPGPKEY ", owner);
	mailbox_print_base64(to, key);
	return !to->full;
}
