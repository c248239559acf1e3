/* received.c - one Received field (RFC 5321 section 4.4) */
#include <arpa/inet.h>
#include <time.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/mail/domain.h"
#include "agent/mail/trace.h"

#define COMMENT_DEPTH_MAX 8

/* A word, or a whole comment with its parentheses; false at the end. */
static bool word_take(struct bytes *rest, struct bytes *word)
{
	size_t at = 0;
	unsigned depth = 0;

	*rest = bytes_trim(*rest);
	if (rest->len == 0)
		return false;
	if (rest->data[0] == '(') {
		for (; at < rest->len; at++) {
			if (rest->data[at] == '\\')
				at++;
			else if (rest->data[at] == '(' &&
				 ++depth > COMMENT_DEPTH_MAX)
				return false;
			else if (rest->data[at] == ')' && --depth == 0)
				break;
		}
		if (at >= rest->len)
			return false;
		at++;
	} else {
		while (at < rest->len && !byte_is_space(rest->data[at]) &&
		       rest->data[at] != '(' && rest->data[at] != ';')
			at++;
		if (at == 0)
			at = 1;		/* ";" */
	}
	*word = bytes_slice(*rest, 0, at);
	*rest = bytes_slice(*rest, at, rest->len);
	return true;
}

/* "[192.0.2.1]", "[IPv6:2001:db8::1]" or without brackets; NULL: none. */
static const char *address_of(struct arena *arena, struct bytes text)
{
	unsigned char room[16];
	char *address;

	text = bytes_trim(text);
	if (text.len > 1 && text.data[0] == '[' &&
	    text.data[text.len - 1] == ']')
		text = bytes_slice(text, 1, text.len - 1);
	if (bytes_starts_nocase(text, "IPv6:"))
		text = bytes_slice(text, 5, text.len);
	if (text.len == 0 || text.len > INET6_ADDRSTRLEN)
		return NULL;
	address = arena_text(arena, text);
	if (address == NULL || (inet_pton(AF_INET, address, room) != 1 &&
				inet_pton(AF_INET6, address, room) != 1))
		return NULL;
	return address;
}

static const char *host_of(struct arena *arena, struct bytes word)
{
	if (word.len > 0 && word.data[word.len - 1] == '.')
		word.len--;
	return domain_normal(arena, word);
}

/* "(host [ip])", "(ip)", "([ip] helo=name)": the first bracketed address is
 * the client's, the word right in front of it the looked up name. */
static void comment_read(struct arena *arena, struct bytes comment,
			 struct received *out)
{
	struct bytes rest = bytes_slice(comment, 1, comment.len - 1), word;
	size_t open = bytes_find(rest, '['), close;

	if (out->client_ip == NULL && open < rest.len) {
		word = bytes_slice(rest, open, rest.len);
		close = bytes_find(word, ']');
		out->client_ip = address_of(arena,
					    bytes_slice(word, 0, close + 1));
	}
	if (out->client_ip == NULL)
		out->client_ip = address_of(arena, rest);
	if (out->from_host == NULL && open > 0) {
		(void)bytes_cut(bytes_trim(bytes_slice(rest, 0, open)), ' ',
				&word, &rest);
		if (!bytes_is_nocase(word, "unknown") &&
		    !bytes_has(word, '='))
			out->from_host = host_of(arena, word);
	}
}

static int64_t date_of(struct arena *arena, struct bytes text)
{
	static const char *const formats[] = {
		"%d %b %Y %H:%M:%S %z", "%d %b %Y %H:%M %z"
	};
	struct tm when;
	size_t comma = bytes_find(text, ','), i;
	const char *copy;
	long offset;

	if (comma < text.len)
		text = bytes_slice(text, comma + 1, text.len);
	text = bytes_trim(bytes_slice(text, 0, bytes_find(text, '(')));
	copy = arena_text(arena, text);
	for (i = 0; copy != NULL && text.len < 64 && i < 2; i++) {
		memset(&when, 0, sizeof(when));
		if (strptime(copy, formats[i], &when) == NULL)
			continue;
		offset = when.tm_gmtoff;
		return (int64_t)timegm(&when) - offset;
	}
	return -1;
}

int received_parse(struct arena *arena, struct bytes value,
		   struct received *out)
{
	struct bytes rest = value, word, in = { NULL, 0 };
	size_t semicolon = 0, at;

	memset(out, 0, sizeof(*out));
	out->date = -1;
	for (at = 0; at < value.len; at++)
		if (value.data[at] == ';')
			semicolon = at;
	if (semicolon > 0) {
		out->date = date_of(arena, bytes_slice(value, semicolon + 1,
						       value.len));
		rest = bytes_slice(value, 0, semicolon);
	}
	while (word_take(&rest, &word)) {
		if (word.data[0] == '(') {
			if (bytes_is_nocase(in, "from"))
				comment_read(arena, word, out);
			continue;
		}
		if (bytes_is_nocase(word, "from") ||
		    bytes_is_nocase(word, "by") ||
		    bytes_is_nocase(word, "with") ||
		    bytes_is_nocase(word, "id") ||
		    bytes_is_nocase(word, "for") ||
		    bytes_is_nocase(word, "via")) {
			if (bytes_is_nocase(word, "by") && out->by != NULL)
				return ERR_SYNTAX;
			in = word;
			continue;
		}
		if (bytes_is_nocase(in, "from") && out->from_helo == NULL) {
			out->client_ip = address_of(arena, word);
			out->from_helo = arena_text(arena, word);
		} else if (bytes_is_nocase(in, "by") && out->by == NULL) {
			out->by = host_of(arena, word);
		}
	}
	return out->by == NULL && out->from_helo == NULL ? ERR_SYNTAX : 0;
}
