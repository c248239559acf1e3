/* reply.c - reading a server's answer strictly */
#include "agent/smtp/reply.h"

#include <string.h>

#include "agent/base/err.h"

void reply_reader_init(struct reply_reader *reader)
{
	reader->len = 0;
	reader->code = 0;
	reader->lines = 0;
	buf_init(&reader->text, REPLY_TEXT_MAX);
}

void reply_reader_free(struct reply_reader *reader)
{
	explicit_bzero(reader->line, sizeof(reader->line));
	if (reader->text.data != NULL)
		explicit_bzero(reader->text.data, reader->text.room);
	buf_free(&reader->text);
}

/* One to three digits in front of *text; false: none, or more. */
static bool number_skip(struct bytes *text)
{
	size_t len = 0;

	while (len < text->len && byte_is_digit(text->data[len]))
		len++;
	if (len == 0 || len > 3)
		return false;
	*text = bytes_slice(*text, len, text->len);
	return true;
}

static bool dot_skip(struct bytes *text)
{
	if (text->len == 0 || text->data[0] != '.')
		return false;
	*text = bytes_slice(*text, 1, text->len);
	return true;
}

/* How long the status code in front of `text` is; 0: there is none that fits
 * the reply's class (RFC 2034 section 4). */
static size_t status_length(struct bytes text, int code)
{
	struct bytes rest = text;
	size_t len;

	if (text.len < 5 || text.data[0] != (unsigned char)('0' + code / 100))
		return 0;
	rest = bytes_slice(rest, 1, rest.len);
	if (!dot_skip(&rest) || !number_skip(&rest) || !dot_skip(&rest) ||
	    !number_skip(&rest))
		return 0;
	if (rest.len > 0 && rest.data[0] != ' ' && rest.data[0] != '\n')
		return 0;
	len = text.len - rest.len;
	return len < REPLY_STATUS_MAX ? len : 0;
}

static void reply_finish(struct reply_reader *reader, struct reply *out)
{
	size_t len;

	memset(out, 0, sizeof(*out));
	out->code = reader->code;
	out->text = buf_bytes(&reader->text);
	len = status_length(out->text, out->code);
	if (len > 0)
		memcpy(out->status, out->text.data, len);
	reader->code = 0;
	reader->lines = 0;
}

/* One line, without CRLF, stands in reader->line. */
static int line_take(struct reply_reader *reader, struct reply *out)
{
	struct bytes line = { reader->line, reader->len };
	unsigned char mark = ' ';
	int code;

	if (line.len < 3 || line.data[0] < '2' || line.data[0] > '5' ||
	    line.data[1] < '0' || line.data[1] > '5' ||
	    !byte_is_digit(line.data[2]))
		return ERR_SYNTAX;
	code = (line.data[0] - '0') * 100 + (line.data[1] - '0') * 10 +
	       line.data[2] - '0';
	if (line.len > 3)
		mark = line.data[3];
	if ((mark != ' ' && mark != '-') ||
	    (reader->code != 0 && code != reader->code))
		return ERR_SYNTAX;
	if (++reader->lines > REPLY_LINES_MAX)
		return ERR_LIMIT;
	if (reader->code == 0)
		buf_clear(&reader->text);
	else
		buf_byte(&reader->text, '\n');
	buf_add(&reader->text, bytes_slice(line, 4, line.len));
	if (reader->text.full)
		return ERR_LIMIT;
	reader->code = code;
	if (mark == '-')
		return REPLY_MORE;
	reply_finish(reader, out);
	return REPLY_DONE;
}

int reply_push(struct reply_reader *reader, struct bytes *from,
	       struct reply *out)
{
	unsigned char c;
	int r = REPLY_MORE;

	while (r == REPLY_MORE && from->len > 0) {
		c = from->data[0];
		*from = bytes_slice(*from, 1, from->len);
		if (reader->len >= REPLY_LINE_MAX)
			return ERR_LIMIT;
		if (c == 0)
			return ERR_SYNTAX;
		/* A CR is followed by LF, an LF follows CR, always. */
		if ((reader->len > 0 &&
		     reader->line[reader->len - 1] == '\r') != (c == '\n'))
			return ERR_SYNTAX;
		reader->line[reader->len++] = c;
		if (c != '\n')
			continue;
		reader->len -= 2;
		r = line_take(reader, out);
		reader->len = 0;
	}
	return r;
}

void reply_print(const struct reply *reply, char *to, size_t size)
{
	struct bytes text = reply->text;
	size_t skip = strlen(reply->status), at = 0, i;
	unsigned char c;

	if (size == 0)
		return;
	for (i = skip; i < text.len && at + 1 < size; i++) {
		c = text.data[i];
		/* The status code stands again on every line. */
		if (c == '\n' && skip > 0 && text.len - i > skip &&
		    memcmp(text.data + i + 1, reply->status, skip) == 0)
			i += skip;
		if (c == '\n' || c == '\t')
			c = ' ';
		if (c == ' ' && (at == 0 || to[at - 1] == ' '))
			continue;
		to[at++] = (char)(c < ' ' || c > '~' ? '?' : c);
	}
	while (at > 0 && to[at - 1] == ' ')
		at--;
	to[at] = 0;
}
