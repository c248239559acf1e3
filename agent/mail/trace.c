/* trace.c - the border, and the path that it was told
 *
 * Fields are written on top of each other: the newest is the first, and what
 * a server wrote is true of the connection it had.  From the top, every
 * Received field that speaks of a connection within the user's own servers
 * is passed; the first that does not is the border, or there is none. */
#include "agent/mail/trace.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/mail/domain.h"
#include "agent/mail/message.h"

#define PATH_MAX_OCTETS	512	/* of a Return-Path */

enum side { SIDE_INSIDE, SIDE_OUTSIDE, SIDE_UNTOLD };

static bool matches(const struct patterns *patterns, const char *name)
{
	size_t i;

	for (i = 0; name != NULL && i < patterns->count; i++)
		if (domain_matches(name, patterns->names[i]))
			return true;
	return false;
}

/* --- Return-Path */

static bool is_atext(unsigned char c)
{
	return c > 32 && c != 127 && strchr("()<>[]:;@\\,.\"", c) == NULL;
}

static bool quoted_is_valid(struct bytes local)
{
	size_t i, last = local.len - 1;

	for (i = 1; i < last; i++) {
		if (local.data[i] == '\\')
			i++;
		else if (local.data[i] == '"')
			return false;
		if (local.data[i] < 32 || local.data[i] == 127)
			return false;
	}
	return i == last;		/* the last quote is not escaped */
}

/* Dot-string or Quoted-string of RFC 5321 section 4.1.2, and UTF-8. */
static bool local_is_valid(struct bytes local)
{
	bool atom = false;
	size_t i;

	if (local.len >= 2 && local.data[0] == '"' &&
	    local.data[local.len - 1] == '"')
		return quoted_is_valid(local);
	for (i = 0; i < local.len; i++) {
		if (local.data[i] == '.' ? !atom : !is_atext(local.data[i]))
			return false;
		atom = local.data[i] != '.';
	}
	return atom;
}

/* "<alice@example.org>" or "<>"; a source route is not taken off silently,
 * it breaks the path.  NULL: broken. */
static const char *path_read(struct arena *arena, struct bytes path)
{
	const char *domain;
	size_t at;

	if (path.len < 2 || path.len > PATH_MAX_OCTETS ||
	    path.data[0] != '<' || path.data[path.len - 1] != '>')
		return NULL;
	path = bytes_slice(path, 1, path.len - 1);
	if (path.len == 0)
		return "";
	for (at = path.len; at > 0 && path.data[at - 1] != '@'; at--)
		;
	if (at == 0 || !local_is_valid(bytes_slice(path, 0, at - 1)))
		return NULL;
	domain = domain_normal(arena, bytes_slice(path, at, path.len));
	if (domain == NULL)
		return NULL;
	return arena_print(arena, "%.*s@%s", (int)(at - 1),
			   (const char *)path.data, domain);
}

static bool is_named(const struct field *field, const char *name)
{
	return !field->odd_name && bytes_is_nocase(field->name, name);
}

/* Above the border; without one, above all that servers wrote. */
static int return_path(struct arena *arena, const struct message *message,
		       struct trace *out)
{
	const struct field *field;
	const char *path;
	struct bytes value;
	size_t i;

	for (i = 0; i < message->field_count; i++) {
		field = &message->fields[i];
		if (out->has_border ? i >= out->border_index :
				      is_named(field, "Received"))
			break;
		if (!is_named(field, "Return-Path"))
			continue;
		value = field_unfold(arena, field);
		if (value.data == NULL)
			return ERR_LIMIT;
		path = path_read(arena, value);
		if (path == NULL || (out->mail_from != NULL &&
				     strcmp(path, out->mail_from) != 0))
			out->mail_from_broken = true;
		out->mail_from = path;
	}
	if (out->mail_from_broken)
		out->mail_from = NULL;
	return 0;
}

/* --- the border */

static bool is_loopback(const char *ip)
{
	return strncmp(ip, "127.", 4) == 0 || strcmp(ip, "::1") == 0;
}

/* Addresses that nobody outside can connect from (RFC 1918, 4193, 4291). */
static bool is_private(const char *ip)
{
	unsigned char at[16];

	if (inet_pton(AF_INET, ip, at) == 1)
		return at[0] == 10 || (at[0] == 172 && (at[1] & 0xf0) == 16) ||
		       (at[0] == 192 && at[1] == 168);
	return inet_pton(AF_INET6, ip, at) == 1 &&
	       ((at[0] & 0xfe) == 0xfc ||
		(at[0] == 0xfe && (at[1] & 0xc0) == 0x80));
}

bool trace_ip_is_inside(const char *ip)
{
	return is_loopback(ip) || is_private(ip);
}

/* Where the connection of a Received field came from.  HELO is the sender's
 * word: it counts only where no stranger can have said it. */
static enum side side_of(const struct received *received,
			 const struct patterns *relays)
{
	if (received->from_helo == NULL ||
	    matches(relays, received->from_host) ||
	    (received->client_ip != NULL && is_loopback(received->client_ip)))
		return SIDE_INSIDE;
	if (received->from_host != NULL ||
	    !matches(relays, received->from_helo))
		return SIDE_OUTSIDE;
	if (received->unclear)
		return SIDE_UNTOLD;
	if (received->client_ip == NULL || received->by_lmtp ||
	    is_private(received->client_ip))
		return SIDE_INSIDE;
	return SIDE_UNTOLD;
}

static const char no_relay[] =
	"SPF could not be checked here: no trusted-relay is configured, so "
	"the sending server is not known.";
static const char none_found[] =
	"No Received field of a trusted-relay was found, so the sending "
	"server is not known.";
static const char unreadable[] =
	"A Received field above the border cannot be read, so the sending "
	"server is not known.";
static const char outside[] =
	"A Received field above those of a trusted-relay was written by "
	"another server, so the sending server is not known.";
static const char untold[] =
	"A server called itself a trusted-relay, and nothing shows that it is "
	"one, so the sending server is not known.";
static const char no_address[] =
	"The Received field of the trusted-relay does not tell one address, "
	"so the sending server is not known.";

/* NULL, or why there is none. */
static const char *border_is(struct trace *out, const struct received *here,
			     size_t index, const struct patterns *relays)
{
	if (!matches(relays, here->by))
		return outside;
	out->has_border = true;
	out->border_index = index;
	out->border = *here;
	return here->client_ip == NULL ? no_address : NULL;
}

static int border_find(struct arena *arena, const struct message *message,
		       const struct patterns *relays, struct trace *out)
{
	struct received here;
	struct bytes value;
	size_t i, seen = 0;

	out->no_border = none_found;
	for (i = 0; i < message->field_count; i++) {
		if (!is_named(&message->fields[i], "Received"))
			continue;
		if (++seen > TRACE_RECEIVED_MAX)
			return 0;
		value = field_unfold(arena, &message->fields[i]);
		if (value.data == NULL)
			return ERR_LIMIT;
		if (received_parse(arena, value, &here) < 0) {
			out->no_border = unreadable;
			return 0;
		}
		switch (side_of(&here, relays)) {
		case SIDE_INSIDE:
			break;
		case SIDE_OUTSIDE:
			out->no_border = border_is(out, &here, i, relays);
			return 0;
		case SIDE_UNTOLD:
			out->no_border = untold;
			return 0;
		}
	}
	return 0;
}

int trace_read(struct arena *arena, const struct message *message,
	       const struct patterns *relays, struct trace *out)
{
	int r = 0;

	memset(out, 0, sizeof(*out));
	if (relays->count == 0)
		out->no_border = no_relay;
	else
		r = border_find(arena, message, relays, out);
	return r < 0 ? r : return_path(arena, message, out);
}
