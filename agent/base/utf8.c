/* utf8.c - is this UTF-8? (RFC 3629 section 4) */
#include "agent/base/value.h"

/* The length of the sequence that begins here; 0: none does. */
static size_t sequence_len(struct bytes text)
{
	const unsigned char *s = text.data;
	size_t need, i;
	unsigned char low = 0x80, high = 0xBF;

	if (s[0] > 0 && s[0] < 0x80)
		return 1;
	if (s[0] >= 0xC2 && s[0] <= 0xDF)
		need = 2;
	else if (s[0] >= 0xE0 && s[0] <= 0xEF)
		need = 3;
	else if (s[0] >= 0xF0 && s[0] <= 0xF4)
		need = 4;
	else
		return 0;
	if (text.len < need)
		return 0;
	if (s[0] == 0xE0)
		low = 0xA0;
	else if (s[0] == 0xED)
		high = 0x9F;
	else if (s[0] == 0xF0)
		low = 0x90;
	else if (s[0] == 0xF4)
		high = 0x8F;
	if (s[1] < low || s[1] > high)
		return 0;
	for (i = 2; i < need; i++)
		if (s[i] < 0x80 || s[i] > 0xBF)
			return 0;
	return need;
}

size_t utf8_step(struct bytes text)
{
	return text.len == 0 ? 0 : sequence_len(text);
}

/* How many bytes in front are ASCII without NUL: eight at a time. */
static size_t ascii_run(struct bytes text)
{
	const uint64_t high = 0x8080808080808080, low = 0x0101010101010101;
	size_t at = 0;
	uint64_t word;

	while (text.len - at >= sizeof(word)) {
		memcpy(&word, text.data + at, sizeof(word));
		if ((word & high) != 0 || ((word - low) & ~word & high) != 0)
			break;
		at += sizeof(word);
	}
	while (at < text.len && text.data[at] > 0 && text.data[at] < 0x80)
		at++;
	return at;
}

bool utf8_is_valid(struct bytes text)
{
	size_t step;

	while (text.len > 0) {
		step = ascii_run(text);
		if (step == 0)
			step = sequence_len(text);
		if (step == 0)
			return false;
		text = bytes_slice(text, step, text.len);
	}
	return true;
}
