/* mime_base64.c - a table, and no branch while lines are regular */
#include "agent/mail/mime_base64.h"

#include "agent/mail/lanes.h"

#define LINE_OCTETS	(BASE64_LINE / 4 * 3)
#define NO	0x80		/* not of the alphabet */
#define PAD	0xC0

static const unsigned char values[256] = {
	NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
	NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
	NO, NO, NO, NO, NO, NO, NO, 62, NO, NO, NO, 63, 52, 53, 54, 55, 56, 57,
	58, 59, 60, 61, NO, NO, NO, PAD, NO, NO, NO, 0, 1, 2, 3, 4, 5, 6, 7, 8,
	9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, NO,
	NO, NO, NO, NO, NO, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38,
	39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, NO, NO, NO, NO, NO,
	NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
	NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
	NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
	NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
	NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
	NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
	NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
	NO, NO,
};

static const char digits[65] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t base64_decode_groups(struct bytes *from, unsigned char *to,
			    size_t room)
{
	const unsigned char *in = from->data, *end;
	unsigned char *out = to, *out_end = to + room / 3 * 3;
	uint32_t a, b, c, d, bits;

	if (from->len < 4)		/* which may be nowhere */
		return 0;
	end = in + from->len / 4 * 4;
	while (in < end && out < out_end) {
		a = values[in[0]];
		b = values[in[1]];
		c = values[in[2]];
		d = values[in[3]];
		if (((a | b | c | d) & NO) != 0)
			break;
		bits = a << 18 | b << 12 | c << 6 | d;
		out[0] = (unsigned char)(bits >> 16);
		out[1] = (unsigned char)(bits >> 8 & 0xFF);
		out[2] = (unsigned char)(bits & 0xFF);
		in += 4;
		out += 3;
	}
	*from = bytes_slice(*from, (size_t)(in - from->data), from->len);
	return (size_t)(out - to);
}

/* The padding says how many octets the last group has. */
static size_t decode_end(struct base64_state *state, unsigned char *to)
{
	size_t out = 0;

	if (state->count >= 2)
		to[out++] = (unsigned char)(state->bits >>
					    (6 * state->count - 8) & 0xFF);
	if (state->count == 3)
		to[out++] = (unsigned char)(state->bits >> 2 & 0xFF);
	state->count = 0;
	state->ended = true;
	return out;
}

size_t base64_decode(struct base64_state *state, struct bytes *from,
		     unsigned char *to, size_t room)
{
	unsigned char value;
	size_t out = 0;

	while (from->len > 0 && room - out >= 3 && !state->ended) {
		if (state->count == 0) {
			out += base64_decode_groups(from, to + out,
						    room - out);
			if (from->len == 0 || room - out < 3)
				break;
		}
		value = values[from->data[0]];
		*from = bytes_slice(*from, 1, from->len);
		if (value == PAD) {
			out += decode_end(state, to + out);
		} else if (value < NO) {
			state->bits = (state->bits << 6 | value) & 0xFFFFFF;
			if (++state->count == 4) {
				to[out++] = (unsigned char)
					(state->bits >> 16 & 0xFF);
				to[out++] = (unsigned char)
					(state->bits >> 8 & 0xFF);
				to[out++] = (unsigned char)
					(state->bits & 0xFF);
				state->count = 0;
			}
		}
	}
	if (state->ended)
		from->len = 0;
	return out;
}

static void put_group(unsigned char *to, uint32_t bits)
{
	to[0] = (unsigned char)digits[bits >> 18 & 63];
	to[1] = (unsigned char)digits[bits >> 12 & 63];
	to[2] = (unsigned char)digits[bits >> 6 & 63];
	to[3] = (unsigned char)digits[bits & 63];
}

typedef uint32_t quads __attribute__((vector_size(16)));

static inline uint32_t octets_at(const unsigned char *in)
{
	uint32_t out;

	memcpy(&out, in, sizeof(out));
	return be32toh(out) >> 8;
}

/* Four groups in one step; an octet behind them is read, too. */
static inline void put_groups(unsigned char *to, const unsigned char *in)
{
	const quads bits = { octets_at(in), octets_at(in + 3),
			     octets_at(in + 6), octets_at(in + 9) };
	quads split = bits >> 18 | (bits >> 4 & 0x3F00) |
		      (bits << 10 & 0x3F0000) | (bits << 24 & 0x3F000000);
	lanes six, out;
	unsigned i;

	for (i = 0; i < 4; i++)
		split[i] = htole32(split[i]);
	memcpy(&six, &split, sizeof(six));
	/* The alphabet, by the gaps between its runs. */
	out = six + 'A';
	out += (lanes)(six > 25) & ('a' - 'Z' - 1);
	out -= (lanes)(six > 51) & ('z' - '0' + 1);
	out -= (lanes)(six > 61) & ('9' + 1 - '+');
	out += (lanes)(six > 62) & ('/' - '+' - 1);
	memcpy(to, &out, sizeof(out));
}

static size_t put_end(enum base64_ends ends, unsigned char *to)
{
	size_t len = 0;

	if (ends == BASE64_CRLF)
		to[len++] = '\r';
	to[len++] = '\n';
	return len;
}

/* Whole lines. */
static size_t encode_lines(enum base64_ends ends, struct bytes *from,
			   unsigned char *to, size_t room)
{
	const unsigned char *in = from->data;
	unsigned char *const last = to + room;
	size_t left = from->len;
	unsigned char *put = to;

	while (left > LINE_OCTETS && last - put >= BASE64_LINE + 2) {
		put_groups(put, in);
		put_groups(put + 16, in + 12);
		put_groups(put + 32, in + 24);
		put_groups(put + 48, in + 36);
		put_groups(put + 60, in + 45);	/* the 16th twice */
		put += BASE64_LINE;
		put += put_end(ends, put);
		in += LINE_OCTETS;
		left -= LINE_OCTETS;
	}
	*from = bytes_slice(*from, from->len - left, from->len);
	return (size_t)(put - to);
}

static size_t line_end(struct base64_state *state, unsigned char *to)
{
	state->column = 0;
	return put_end(state->ends, to);
}

/* Groups up to the end of the line. */
static size_t encode_groups(struct base64_state *state, struct bytes *from,
			    unsigned char *to, size_t room)
{
	size_t groups = (BASE64_LINE - state->column) / 4, i;
	const unsigned char *in = from->data;

	if (groups > from->len / 3)
		groups = from->len / 3;
	if (groups > room / 4)
		groups = room / 4;
	for (i = 0; i < groups; i++, in += 3)
		put_group(to + 4 * i, (uint32_t)in[0] << 16 |
			  (uint32_t)in[1] << 8 | in[2]);
	*from = bytes_slice(*from, groups * 3, from->len);
	state->column += (unsigned)groups * 4;
	return groups * 4;
}

size_t base64_encode(struct base64_state *state, struct bytes *from,
		     unsigned char *to, size_t room)
{
	size_t out = 0;

	while (from->len > 0 && room - out >= 8) {
		if (state->count == 0 && state->column == 0)
			out += encode_lines(state->ends, from, to + out,
					    room - out);
		if (from->len == 0 || room - out < 8)
			break;
		if (state->count == 0 && from->len >= 3) {
			out += encode_groups(state, from, to + out,
					     room - out - 2);
		} else {
			state->bits = state->bits << 8 | from->data[0];
			*from = bytes_slice(*from, 1, from->len);
			if (++state->count == 3) {
				put_group(to + out, state->bits);
				out += 4;
				state->column += 4;
				state->count = 0;
				state->bits = 0;
			}
		}
		if (state->column == BASE64_LINE)
			out += line_end(state, to + out);
	}
	return out;
}

size_t base64_encode_end(struct base64_state *state, unsigned char *to)
{
	size_t out = 0;

	if (state->count > 0) {
		put_group(to, state->bits << (state->count == 1 ? 16 : 8));
		to[3] = '=';
		if (state->count == 1)
			to[2] = '=';
		out = 4;
	}
	if (out > 0 || state->column > 0)
		out += line_end(state, to + out);
	state->count = 0;
	return out;
}
