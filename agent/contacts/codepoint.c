/* codepoint.c - UTF-8 encoding, RFC 3629 section 3 */
#include "agent/contacts/codepoint.h"

#include "agent/base/buf.h"

void codepoint_add(struct buf *to, uint32_t code)
{
	if (code < 0x80) {
		buf_byte(to, (unsigned char)code);
	} else if (code < 0x800) {
		buf_byte(to, (unsigned char)(0xC0 | code >> 6));
		buf_byte(to, (unsigned char)(0x80 | (code & 0x3F)));
	} else if (code < 0x10000) {
		buf_byte(to, (unsigned char)(0xE0 | code >> 12));
		buf_byte(to, (unsigned char)(0x80 | (code >> 6 & 0x3F)));
		buf_byte(to, (unsigned char)(0x80 | (code & 0x3F)));
	} else {
		buf_byte(to, (unsigned char)(0xF0 | code >> 18));
		buf_byte(to, (unsigned char)(0x80 | (code >> 12 & 0x3F)));
		buf_byte(to, (unsigned char)(0x80 | (code >> 6 & 0x3F)));
		buf_byte(to, (unsigned char)(0x80 | (code & 0x3F)));
	}
}
