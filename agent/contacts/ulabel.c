/* ulabel.c - Punycode decoding, RFC 3492 section 6.2 */
#include "agent/contacts/ulabel.h"

#include <stdint.h>

#include "agent/base/buf.h"
#include "agent/contacts/codepoint.h"

/* RFC 3492 section 5 */
#define BASE		36
#define T_MIN		1
#define T_MAX		26
#define SKEW		38
#define DAMP		700
#define FIRST_BIAS	72
#define FIRST_CODE	128

#define LABEL_MAX	63	/* RFC 1035 section 2.3.4 */

struct label {
	uint32_t codes[LABEL_MAX];
	uint32_t count;
};

static bool digit_of(unsigned char c, uint32_t *out)
{
	if (byte_is_digit(c))
		*out = c - (uint32_t)'0' + 26;
	else if (byte_is_alpha(c))
		*out = byte_lower(c) - (uint32_t)'a';
	else
		return false;
	return true;
}

/* RFC 3492 section 6.1; `delta` is damped already. */
static uint32_t adapted(uint32_t delta, uint32_t points)
{
	uint32_t k = 0;

	delta += delta / points;
	for (; delta > ((BASE - T_MIN) * T_MAX) / 2; k += BASE)
		delta /= BASE - T_MIN;
	return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

/* One generalised variable-length integer, added to *i. */
static bool take_delta(struct bytes *from, uint32_t bias, uint32_t *i)
{
	uint32_t weight = 1, k, t, digit, part;
	unsigned char c;

	for (k = BASE;; k += BASE) {
		if (!take_byte(from, &c) || !digit_of(c, &digit) ||
		    __builtin_mul_overflow(digit, weight, &part) ||
		    __builtin_add_overflow(*i, part, i))
			return false;
		t = k <= bias ? T_MIN : k - bias;
		if (t > T_MAX)
			t = T_MAX;
		if (digit < t)
			return true;
		if (__builtin_mul_overflow(weight, BASE - t, &weight))
			return false;
	}
}

static bool label_insert(struct label *label, uint32_t at, uint32_t code)
{
	if (label->count >= LABEL_MAX || code > 0x10FFFF ||
	    (code >= 0xD800 && code <= 0xDFFF))
		return false;
	memmove(&label->codes[at + 1], &label->codes[at],
		(label->count - at) * sizeof(label->codes[0]));
	label->codes[at] = code;
	label->count++;
	return true;
}

/* `from`: what stands behind "xn--". */
static bool label_decode(struct bytes from, struct label *label)
{
	uint32_t code = FIRST_CODE, bias = FIRST_BIAS, i = 0, before, step;
	size_t basic = from.len, j;

	label->count = 0;
	while (basic > 0 && from.data[basic - 1] != '-')
		basic--;
	if (basic > LABEL_MAX)
		return false;
	for (j = 0; j + 1 < basic; j++)
		label->codes[label->count++] = from.data[j];
	from = bytes_slice(from, basic, from.len);
	while (from.len > 0) {
		before = i;
		if (!take_delta(&from, bias, &i))
			return false;
		step = (i - before) / (before == 0 ? DAMP : 2);
		bias = adapted(step, label->count + 1);
		step = i / (label->count + 1);
		i %= label->count + 1;
		if (__builtin_add_overflow(code, step, &code) ||
		    !label_insert(label, i, code))
			return false;
		i++;
	}
	return true;
}

void ulabels_add(struct buf *to, const char *domain)
{
	struct bytes rest = bytes_of(domain), one;
	struct label label;
	uint32_t i;
	bool more = true;

	while (more) {
		more = bytes_cut(rest, '.', &one, &rest);
		if (bytes_starts_nocase(one, "xn--") &&
		    label_decode(bytes_slice(one, 4, one.len), &label))
			for (i = 0; i < label.count; i++)
				codepoint_add(to, label.codes[i]);
		else
			buf_add(to, one);
		if (more)
			buf_byte(to, '.');
	}
}
