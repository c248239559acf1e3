/* received.c - one Received field (RFC 5321 section 4.4), as servers write it
 *
 * The word behind "from" is the sender's own (HELO), what the server saw
 * stands in the comment behind it; a few servers do it the other way round
 * and put HELO into the comment.  Where two comments disagree, nobody is
 * believed. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/mail/cfws.h"
#include "agent/mail/date.h"
#include "agent/mail/domain.h"
#include "agent/mail/trace.h"

#define HELO_MAX	512	/* octets of a HELO name that is kept */
#define COMMENT_WORDS	4	/* words of a comment that are looked at */

enum kind { KIND_END, KIND_WORD, KIND_COMMENT, KIND_SEMICOLON, KIND_BAD };

struct clause {
	struct arena *arena;
	struct bytes word;		/* behind "from" */
	struct bytes helo;		/* in a comment */
	const char *host, *ip;		/* in a comment */
	bool commented;
	bool conflict;			/* two comments, two stories */
	bool exim;			/* puts the name it looked up first */
	bool lmtp;
};

static enum kind take(struct bytes *rest, struct bytes *text)
{
	struct bytes inside, after;
	size_t at = 0;

	*rest = bytes_trim(*rest);
	if (rest->len == 0)
		return KIND_END;
	if (rest->data[0] == '(')
		return cfws_comment(rest, text) ? KIND_COMMENT : KIND_BAD;
	if (rest->data[0] == ';') {
		*rest = bytes_slice(*rest, 1, rest->len);
		return KIND_SEMICOLON;
	}
	while (at < rest->len && !byte_is_space(rest->data[at]) &&
	       rest->data[at] != '(' && rest->data[at] != ';') {
		if (rest->data[at] < 32 || rest->data[at] == ')')
			return KIND_BAD;
		after = bytes_slice(*rest, at, rest->len);
		if (rest->data[at] == '"') {
			if (!cfws_quoted(&after, &inside))
				return KIND_BAD;
			at = rest->len - after.len;
		} else if (rest->data[at] == '<' && bytes_has(after, '>')) {
			at += bytes_find(after, '>') + 1;
		} else {
			at++;
		}
	}
	*text = bytes_slice(*rest, 0, at);
	*rest = bytes_slice(*rest, at, rest->len);
	return KIND_WORD;
}

/* An address in its usual form, IPv4 out of its IPv6 wrapping; NULL: none. */
static const char *ip_of(struct arena *arena, struct bytes text)
{
	unsigned char room[sizeof(struct in6_addr)];
	char printed[INET6_ADDRSTRLEN], copy[INET6_ADDRSTRLEN];
	const char *out = NULL;

	if (bytes_starts_nocase(text, "IPv6:"))
		text = bytes_slice(text, 5, text.len);
	if (text.len == 0 || text.len >= sizeof(copy) || bytes_has(text, 0))
		return NULL;
	memcpy(copy, text.data, text.len);
	copy[text.len] = 0;
	if (inet_pton(AF_INET, copy, room) == 1) {
		out = inet_ntop(AF_INET, room, printed, sizeof(printed));
	} else if (inet_pton(AF_INET6, copy, room) == 1) {
		static const unsigned char mapped[12] = {
			0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff
		};

		if (memcmp(room, mapped, sizeof(mapped)) == 0)
			out = inet_ntop(AF_INET, room + sizeof(mapped),
					printed, sizeof(printed));
		else
			out = inet_ntop(AF_INET6, room, printed,
					sizeof(printed));
	}
	return out == NULL ? NULL : arena_text(arena, bytes_of(out));
}

/* "[192.0.2.1]", perhaps with ":port" behind it. */
static const char *bracketed(struct arena *arena, struct bytes word)
{
	size_t close = bytes_find(word, ']');
	struct bytes port = bytes_slice(word, close + 1, word.len);

	if (word.len == 0 || word.data[0] != '[' || close == word.len ||
	    (port.len > 0 && (port.data[0] != ':' ||
			      bytes_number(bytes_slice(port, 1,
						       port.len)) < 0)))
		return NULL;
	return ip_of(arena, bytes_slice(word, 1, close));
}

static const char *lowered(struct arena *arena, struct bytes text)
{
	char *out = arena_text(arena, text);
	size_t i;

	for (i = 0; out != NULL && i < text.len; i++)
		out[i] = (char)byte_lower((unsigned char)out[i]);
	return out;
}

/* A host's name in lower case without the dot at its end; NULL: no name, or
 * a word that says that there is none. */
static const char *host_of(struct arena *arena, struct bytes word)
{
	size_t i;

	for (i = word.len; i > 0; i--)	/* user@host, IDENT:user@host */
		if (word.data[i - 1] == '@')
			break;
	word = bytes_slice(word, i, word.len);
	if (word.len > 0 && word.data[word.len - 1] == '.')
		word.len--;
	if (!domain_is_valid(word, DOMAIN_LDH_OR_UNDERSCORE) ||
	    bytes_is_nocase(word, "unknown") ||
	    ip_of(arena, word) != NULL)
		return NULL;
	return lowered(arena, word);
}

static void ip_seen(struct clause *from, const char *ip, const char *host)
{
	if (from->ip != NULL && strcmp(from->ip, ip) != 0)
		from->conflict = true;
	if (from->host != NULL && host != NULL &&
	    strcmp(from->host, host) != 0)
		from->conflict = true;
	from->ip = ip;
	if (host != NULL)
		from->host = host;
}

/* HELO in a comment: "(HELO name)", "(helo=name)", "([ip] helo=name)",
 * "(account x HELO name)".  Not "(helo=name [ip])": a name that was looked up
 * is the sender's choice too, and could be called so. */
static void helo_read(struct clause *from, const struct bytes *words,
		      size_t count)
{
	size_t i;

	if (count > 1 && words[1].data[0] == '[')
		return;
	for (i = 0; i < count; i++)
		if (bytes_starts_nocase(words[i], "helo="))
			from->helo = bytes_slice(words[i], 5, words[i].len);
	for (i = 0; i + 2 <= count; i += 2)
		if (i + 2 == count && (bytes_is_nocase(words[i], "HELO") ||
				       bytes_is_nocase(words[i], "EHLO")))
			from->helo = words[i + 1];
}

/* "(host [ip])", "([ip])", "(ip)", "(user@ip)"; what is behind the first
 * words is not the server's to say. */
static void ip_read(struct clause *from, const struct bytes *words,
		    size_t count, bool forged)
{
	const char *ip = NULL, *host = NULL;
	size_t at;

	if (words[0].data[0] == '[') {
		ip = bracketed(from->arena, words[0]);
	} else if (count > 1 && words[1].data[0] == '[') {
		ip = bracketed(from->arena, words[1]);
		if (!forged && !bytes_has(words[0], '='))
			host = host_of(from->arena, words[0]);
		/* "(EHLO [10.0.0.1])": HELO, or a host of that name? */
		if (bytes_is_nocase(words[0], "HELO") ||
		    bytes_is_nocase(words[0], "EHLO"))
			from->conflict = true;
	} else if (count == 1 && !bytes_has(words[0], '=')) {
		at = bytes_find(words[0], '@');
		at = at < words[0].len ? at + 1 : 0;
		ip = ip_of(from->arena,
			   bytes_slice(words[0], at, words[0].len));
	}
	if (ip != NULL)
		ip_seen(from, ip, host);
}

static void comment_read(struct clause *from, struct bytes comment)
{
	struct bytes words[COMMENT_WORDS + 1], rest = comment;
	bool forged = false;
	size_t count = 0;
	enum kind kind;

	memset(words, 0, sizeof(words));
	while (count < COMMENT_WORDS &&
	       (kind = take(&rest, &words[count])) != KIND_END &&
	       kind != KIND_BAD) {
		if (kind == KIND_WORD)
			count++;
		else if (kind == KIND_COMMENT &&
			 bytes_is_nocase(words[count], "may be forged"))
			forged = true;
	}
	if (count == 0)
		return;
	helo_read(from, words, count);
	ip_read(from, words, count, forged);
}

/* "from" and what belongs to it, up to "by". */
static int from_read(struct clause *from, struct bytes *rest,
		     enum kind *kind, struct bytes *text)
{
	const char *ip;

	if (take(rest, &from->word) != KIND_WORD)
		return ERR_SYNTAX;
	while ((*kind = take(rest, text)) == KIND_COMMENT ||
	       *kind == KIND_WORD) {
		if (*kind == KIND_COMMENT) {
			from->commented = true;
			comment_read(from, *text);
			continue;
		}
		if (bytes_is_nocase(*text, "by"))
			return 0;
		ip = bracketed(from->arena, *text);	/* fetchmail */
		if (ip == NULL)
			return ERR_SYNTAX;
		ip_seen(from, ip, NULL);
	}
	return *kind == KIND_BAD ? ERR_SYNTAX : 0;
}

/* A host or an address; something else is no name to be trusted. */
static const char *by_of(struct arena *arena, struct bytes word)
{
	const char *ip = word.len > 0 && word.data[0] == '[' ?
			 bracketed(arena, word) : ip_of(arena, word);

	return ip != NULL ? ip : host_of(arena, word);
}

/* "by" and the rest, up to the last semicolon. */
static int by_read(struct clause *from, struct bytes *rest,
		   struct received *out)
{
	struct bytes text = { NULL, 0 }, before = { NULL, 0 };
	enum kind kind = take(rest, &text);

	if (kind != KIND_WORD)
		return ERR_SYNTAX;
	out->by = by_of(from->arena, text);
	while ((kind = take(rest, &text)) == KIND_WORD ||
	       kind == KIND_COMMENT) {
		if (kind == KIND_COMMENT) {
			from->exim = from->exim ||
				     bytes_starts(text, "Exim ");
			continue;
		}
		if (bytes_is_nocase(text, "by") ||
		    bytes_is_nocase(text, "from"))
			return ERR_SYNTAX;
		if (bytes_is_nocase(before, "with") &&
		    bytes_starts_nocase(text, "LMTP"))
			from->lmtp = true;
		before = text;
	}
	return kind == KIND_BAD ? ERR_SYNTAX : 0;
}

/* Who is who: see the head of this file. */
static int from_settle(struct clause *from, struct received *out)
{
	const char *ip = from->word.data[0] == '[' ?
			 bracketed(from->arena, from->word) :
			 ip_of(from->arena, from->word);
	struct bytes helo = from->word;

	if (from->helo.data != NULL) {
		helo = from->helo;
		if (ip != NULL)
			ip_seen(from, ip, NULL);
		else
			from->host = host_of(from->arena, from->word);
	} else if (from->exim && ip != NULL && from->ip == NULL) {
		from->ip = ip;
	} else if (from->exim && ip == NULL && from->host == NULL) {
		from->host = host_of(from->arena, from->word);
	}
	out->from_helo = arena_text(from->arena,
				    bytes_slice(helo, 0, HELO_MAX));
	out->by_lmtp = from->lmtp;
	if (!from->conflict) {
		out->from_host = from->host;
		out->client_ip = from->ip;
	}
	out->unclear = from->commented && out->client_ip == NULL;
	return out->from_helo == NULL ? ERR_SYNTAX : 0;
}

int received_parse(struct arena *arena, struct bytes value,
		   struct received *out)
{
	struct bytes rest = value, text = { NULL, 0 };
	struct clause from;
	enum kind kind;

	memset(out, 0, sizeof(*out));
	memset(&from, 0, sizeof(from));
	from.arena = arena;
	out->date = -1;
	while ((kind = take(&rest, &text)) == KIND_COMMENT)
		;
	if (kind == KIND_WORD && bytes_is_nocase(text, "from") &&
	    from_read(&from, &rest, &kind, &text) < 0)
		return ERR_SYNTAX;
	if (kind == KIND_WORD &&
	    (!bytes_is_nocase(text, "by") || by_read(&from, &rest, out) < 0))
		return ERR_SYNTAX;
	if (kind == KIND_BAD || kind == KIND_END)
		if (out->by == NULL && from.word.data == NULL)
			return ERR_SYNTAX;
	while (bytes_has(rest, ';') && date_parse(rest) < 0)
		(void)bytes_cut(rest, ';', &text, &rest);
	out->date = date_parse(rest);
	return from.word.data == NULL ? 0 : from_settle(&from, out);
}
