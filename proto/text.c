/* text.c - what others wrote, harmless on a terminal and in a line */
#include "proto/report.h"

#include "proto/mailseal.h"

unsigned text_turning(const unsigned char *at)
{
	unsigned rune;

	if (at[0] == 0xD8 && at[1] == 0x9C)
		return 0x061C;
	if (at[0] != 0xE2 || (at[1] != 0x80 && at[1] != 0x81) || at[2] < 0x80)
		return 0;
	rune = 0x2000 | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3Fu);
	return rune == 0x200E || rune == 0x200F ||
	       (rune >= 0x2028 && rune <= 0x202E) ||
	       (rune >= 0x2066 && rune <= 0x2069) ? rune : 0;
}

/* Bytes of the character at `at` if it does something; 0: it is shown. */
static size_t acting(const unsigned char *at)
{
	if (*at < 32 || *at == 127)
		return 1;
	if (at[0] == 0xC2 && at[1] >= 0x80 && at[1] < 0xA0)
		return 2;	/* C1 */
	if (text_turning(at) == 0)
		return 0;
	return *at == 0xD8 ? 2 : 3;
}

void mailseal_text_put(const char *text, FILE *to)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t len;

	while (*at != 0) {
		len = acting(at);
		(void)fputc(len > 0 ? '?' : *at, to);
		at += len > 0 ? len : 1;
	}
}
