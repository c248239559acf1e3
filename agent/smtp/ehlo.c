/* ehlo.c - the keywords of the answer to EHLO */
#include "agent/smtp/ehlo.h"

/* Cuts at blanks. False: nothing is left. */
static bool word_take(struct bytes *rest, struct bytes *word)
{
	*rest = bytes_trim(*rest);
	(void)bytes_cut(*rest, ' ', word, rest);
	return word->len > 0;
}

/* RFC 4422 section 3.1 */
static bool is_mechanism(struct bytes word)
{
	size_t i;

	if (word.len > 20)
		return false;
	for (i = 0; i < word.len; i++)
		if (!byte_is_alpha(word.data[i]) &&
		    !byte_is_digit(word.data[i]) && word.data[i] != '-' &&
		    word.data[i] != '_')
			return false;
	return true;
}

static void mechanisms_add(struct ehlo *out, struct bytes words)
{
	size_t len = strlen(out->mechanisms);
	struct bytes word;

	while (word_take(&words, &word)) {
		if (!is_mechanism(word) ||
		    len + word.len + 2 > sizeof(out->mechanisms))
			continue;
		out->mechanisms[len++] = ' ';
		memcpy(out->mechanisms + len, word.data, word.len);
		len += word.len;
		out->mechanisms[len] = 0;
	}
}

static void limits_take(struct ehlo *out, struct bytes words)
{
	struct bytes word, name, value;
	long long number;

	while (word_take(&words, &word)) {
		(void)bytes_cut(word, '=', &name, &value);
		number = bytes_number(value);
		if (bytes_is_nocase(name, "RCPTMAX") && number > 0 &&
		    number <= UINT32_MAX)
			out->recipients_max = (uint32_t)number;
	}
}

static void line_take(struct ehlo *out, struct bytes line)
{
	static const struct { const char *word; enum ehlo_can can; } plain[] = {
		{ "PIPELINING", EHLO_PIPELINING },
		{ "8BITMIME", EHLO_8BITMIME }, { "SMTPUTF8", EHLO_SMTPUTF8 },
		{ "DSN", EHLO_DSN }, { "CHUNKING", EHLO_CHUNKING },
		{ "REQUIRETLS", EHLO_REQUIRETLS }, { "SIZE", EHLO_SIZE },
		{ "AUTH", EHLO_AUTH },
	};
	struct bytes word;
	long long number;
	size_t i;

	/* Servers before RFC 4954 wrote "AUTH=LOGIN". */
	if (bytes_starts_nocase(line, "AUTH="))
		return;
	if (!word_take(&line, &word))
		return;
	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (bytes_is_nocase(word, plain[i].word))
			out->can |= plain[i].can;
	if (bytes_is_nocase(word, "AUTH"))
		mechanisms_add(out, line);
	if (bytes_is_nocase(word, "LIMITS"))
		limits_take(out, line);
	if (bytes_is_nocase(word, "SIZE")) {
		number = bytes_number(bytes_trim(line));
		if (number > 0)
			out->size_max = (uint64_t)number;
	}
}

void ehlo_parse(struct bytes text, struct ehlo *out)
{
	struct bytes line;

	memset(out, 0, sizeof(*out));
	(void)bytes_cut(text, '\n', &line, &text);	/* the server's name */
	while (text.len > 0) {
		(void)bytes_cut(text, '\n', &line, &text);
		line_take(out, line);
	}
}

bool ehlo_offers(const struct ehlo *ehlo, const char *mechanism)
{
	struct bytes rest = bytes_of(ehlo->mechanisms), word;

	while (word_take(&rest, &word))
		if (bytes_is_nocase(word, mechanism))
			return true;
	return false;
}
