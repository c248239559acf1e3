/* encoded_word.c - words, runs of them, and two codes */
#include "agent/mail/encoded_word.h"

#include "agent/base/buf.h"
#include "agent/mail/charset.h"

struct word {
	struct bytes charset;	/* without a language */
	unsigned char code;	/* 'b' or 'q' */
	struct bytes text;
};

/* Neighbours of one charset and code, decoded to octets, not converted. */
struct run {
	struct bytes charset;
	unsigned char code;
	struct buf octets;
	bool open;
};

/* charset and text: printable ASCII without blanks and '?'. */
static bool is_token(struct bytes text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (text.data[i] <= 32 || text.data[i] >= 127 ||
		    text.data[i] == '?')
			return false;
	return true;
}

/* "=?charset?code?text?=", all of `token`. */
static bool word_parse(struct bytes token, struct word *out)
{
	struct bytes code, tail;

	if (token.len < 7 || token.len > ENCODED_WORD_MAX ||
	    !bytes_starts(token, "=?") ||
	    token.data[token.len - 2] != '?' ||
	    token.data[token.len - 1] != '=')
		return false;
	token = bytes_slice(token, 2, token.len - 2);
	if (!bytes_cut(token, '?', &out->charset, &tail) ||
	    !bytes_cut(tail, '?', &code, &out->text) || code.len != 1)
		return false;
	out->code = byte_lower(code.data[0]);
	(void)bytes_cut(out->charset, '*', &out->charset, &tail);
	return (out->code == 'b' || out->code == 'q') &&
	       out->charset.len > 0 && is_token(out->charset) &&
	       is_token(out->text);
}

static int hex_digit(unsigned char c)
{
	if (byte_is_digit(c))
		return c - '0';
	c = byte_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool q_decode(struct buf *to, struct bytes text)
{
	int high, low;
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (text.data[i] == '_') {
			buf_byte(to, ' ');
		} else if (text.data[i] != '=') {
			buf_byte(to, text.data[i]);
		} else {
			if (text.len - i < 3)
				return false;
			high = hex_digit(text.data[i + 1]);
			low = hex_digit(text.data[i + 2]);
			if (high < 0 || low < 0)
				return false;
			buf_byte(to, (unsigned char)(high * 16 + low));
			i += 2;
		}
	}
	return true;
}

static int b_digit(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (byte_is_digit(c))
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Padding may be missing; what is there must be whole octets. */
static bool b_decode(struct buf *to, struct bytes text)
{
	unsigned bits = 0, count = 0;
	size_t i;
	int digit;

	while (text.len > 0 && text.data[text.len - 1] == '=' && count < 2) {
		text.len--;
		count++;
	}
	if (text.len % 4 == 1)
		return false;
	for (i = count = 0; i < text.len; i++) {
		digit = b_digit(text.data[i]);
		if (digit < 0)
			return false;
		bits = (bits << 6 | (unsigned)digit) & 0xFFFFFF;
		count += 6;
		if (count >= 8) {
			count -= 8;
			buf_byte(to, (unsigned char)(bits >> count & 0xFF));
		}
	}
	return true;
}

static bool run_close(struct run *run, struct buf *to)
{
	bool fine = true;

	if (run->open)
		fine = !run->octets.full &&
		       charset_convert(to, run->charset,
				       buf_bytes(&run->octets));
	run->open = false;
	buf_clear(&run->octets);
	return fine;
}

static bool run_add(struct run *run, struct buf *to, const struct word *word)
{
	if (run->open && (run->code != word->code ||
			  !bytes_equal_nocase(run->charset, word->charset)) &&
	    !run_close(run, to))
		return false;
	run->open = true;
	run->code = word->code;
	run->charset = word->charset;
	return word->code == 'q' ? q_decode(&run->octets, word->text) :
				   b_decode(&run->octets, word->text);
}

static bool decode_all(struct buf *to, struct run *run, struct bytes rest)
{
	bool after_word = false;
	struct bytes blanks, token;
	struct word word;
	size_t len;

	while (rest.len > 0) {
		for (len = 0; len < rest.len && byte_is_space(rest.data[len]);)
			len++;
		blanks = bytes_slice(rest, 0, len);
		rest = bytes_slice(rest, len, rest.len);
		for (len = 0; len < rest.len && !byte_is_space(rest.data[len]);)
			len++;
		token = bytes_slice(rest, 0, len);
		rest = bytes_slice(rest, len, rest.len);
		if (word_parse(token, &word)) {
			if (!after_word)
				buf_add(to, blanks);
			after_word = true;
			if (!run_add(run, to, &word))
				return false;
			continue;
		}
		after_word = false;
		if (!run_close(run, to))
			return false;
		buf_add(to, blanks);
		buf_add(to, token);
	}
	return run_close(run, to) && !to->full;
}

bool encoded_words_decode(struct buf *to, struct bytes phrase)
{
	struct run run;
	bool fine;

	memset(&run, 0, sizeof(run));
	buf_init(&run.octets, ENCODED_WORD_MAX);
	fine = decode_all(to, &run, phrase);
	buf_free(&run.octets);
	return fine;
}
