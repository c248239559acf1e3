/* unbound_context.c - the settings of a context, each for a reason */
#include "agent/dns/unbound_context.h"

#include <stdio.h>
#include <string.h>
#include <unbound.h>

#include "agent/base/bytes.h"
#include "agent/base/value.h"
#include "agent/dns/address.h"

#define ANCHOR_LINE_MAX 4096

static const struct { const char *name, *value; } options[] = {
	{ "outgoing-range:", "900" },	/* the default, 16, lets silent servers
					 * stop everybody else */
	{ "num-queries-per-thread:", "4096" },
	{ "val-sig-skew-min:", "0" },	/* the default takes an hour */
	{ "val-sig-skew-max:", "300" },
	{ "cache-max-negative-ttl:", "60" },
	{ "val-bogus-ttl:", "10" },
	{ "serve-expired:", "no" },	/* nothing lives past its TTL */
	{ "use-syslog:", "no" },
	{ "logfile:", "" },
};

static bool line_is_anchor(struct bytes line)
{
	struct bytes word;

	while (line.len > 0) {
		(void)bytes_cut(line, ' ', &word, &line);
		if (bytes_is_nocase(word, "DS") ||
		    bytes_is_nocase(word, "DNSKEY"))
			return true;
	}
	return false;
}

/* Blanks alike, comments gone; false: no anchor in that line. */
static bool anchor_line(struct bytes raw, char line[ANCHOR_LINE_MAX])
{
	struct bytes text;
	size_t i;

	raw = bytes_trim(bytes_slice(raw, 0, bytes_find(raw, ';')));
	if (raw.len == 0 || raw.len >= ANCHOR_LINE_MAX)
		return false;
	for (i = 0; i < raw.len; i++)
		line[i] = byte_is_space(raw.data[i]) ? ' ' : (char)raw.data[i];
	line[raw.len] = 0;
	text = bytes_of(line);
	return line_is_anchor(text);
}

bool unbound_anchor_owner(const char *anchors, char *owner, size_t size)
{
	struct bytes rest = bytes_of(anchors), raw;
	char line[ANCHOR_LINE_MAX];
	bool found = false;

	while (rest.len > 0) {
		(void)bytes_cut(rest, '\n', &raw, &rest);
		if (!anchor_line(raw, line))
			continue;
		line[strcspn(line, " ")] = 0;
		if (found && strcmp(line, ".") != 0)
			continue;
		(void)snprintf(owner, size, "%s", line);
		found = true;
	}
	return found;
}

static int add_anchors(struct ub_ctx *ub, const char *anchors, char *why,
		       size_t why_size)
{
	struct bytes rest = bytes_of(anchors), raw;
	char line[ANCHOR_LINE_MAX];
	unsigned count = 0;

	while (rest.len > 0) {
		(void)bytes_cut(rest, '\n', &raw, &rest);
		if (!anchor_line(raw, line))
			continue;
		if (ub_ctx_add_ta(ub, line) != 0) {
			(void)snprintf(why, why_size, "a trust anchor cannot "
				       "be read: %.80s", line);
			return -1;
		}
		count++;
	}
	if (count == 0)
		(void)snprintf(why, why_size, "there is no trust anchor; "
			       "without one nothing can be validated");
	return count == 0 ? -1 : 0;
}

static bool may_forward(const struct value *settings, const char *address,
			char *why, size_t why_size)
{
	const struct value *allow = value_find(settings, "allow_loopback",
					       VALUE_TRUTH);

	switch (dns_address_kind(address)) {
	case DNS_ADDRESS_STUB:
		(void)snprintf(why, why_size, "the stub resolver %.100s breaks "
			       "proofs that a name does not exist; use "
			       "127.0.0.54 or its uplinks", address);
		return false;
	case DNS_ADDRESS_PROXY:
	case DNS_ADDRESS_OWN:
		if (allow != NULL && allow->truth)
			return true;
		(void)snprintf(why, why_size, "the forwarder %.100s is on this "
			       "host; set allow-loopback = true in [dns] if "
			       "it is meant", address);
		return false;
	case DNS_ADDRESS_FAR:
		return true;
	case DNS_ADDRESS_NONE:
	default:
		(void)snprintf(why, why_size, "the forwarder %.100s is no "
			       "address; write ADDRESS or ADDRESS@PORT",
			       address);
		return false;
	}
}

bool unbound_can_forward(const struct value *settings, char *why,
			 size_t why_size)
{
	const struct value *list = value_find(settings, "forwarders",
					      VALUE_LIST);
	const struct value *one;

	(void)snprintf(why, why_size, "no forwarder is known");
	for (one = list == NULL ? NULL : list->first; one != NULL;
	     one = one->next)
		if (one->kind == VALUE_TEXT &&
		    may_forward(settings, one->text, why, why_size))
			return true;
	return false;
}

static int add_forwarders(struct ub_ctx *ub, const struct value *settings,
			  char *why, size_t why_size)
{
	const struct value *list = value_find(settings, "forwarders",
					      VALUE_LIST);
	const struct value *one;

	if (!unbound_can_forward(settings, why, why_size))
		return -1;
	for (one = list->first; one != NULL; one = one->next) {
		if (one->kind != VALUE_TEXT ||
		    !may_forward(settings, one->text, why, why_size))
			continue;
		if (ub_ctx_set_fwd(ub, one->text) != 0) {
			(void)snprintf(why, why_size, "the forwarder %.100s is "
				       "no address; write ADDRESS or "
				       "ADDRESS@PORT", one->text);
			return -1;
		}
	}
	return 0;
}

static int add_insecure(struct ub_ctx *ub, const struct value *settings,
			char *why, size_t why_size)
{
	const struct value *list = value_find(settings, "insecure_zones",
					      VALUE_LIST);
	const struct value *one;

	for (one = list == NULL ? NULL : list->first; one != NULL;
	     one = one->next)
		if (one->kind == VALUE_TEXT &&
		    ub_ctx_set_option(ub, "domain-insecure:",
				      one->text) != 0) {
			(void)snprintf(why, why_size, "the insecure-zone "
				       "%.100s is no domain", one->text);
			return -1;
		}
	return 0;
}

struct ub_ctx *unbound_context(const struct value *settings,
			       enum unbound_way way, char *why,
			       size_t why_size)
{
	struct ub_ctx *ub = ub_ctx_create();
	const char *anchors = value_text(settings, "anchors");
	size_t i;
	int r = 0;

	(void)snprintf(why, why_size, "libunbound cannot be started");
	if (ub == NULL)
		return NULL;
	(void)ub_ctx_debugout(ub, NULL);
	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		(void)ub_ctx_set_option(ub, options[i].name, options[i].value);
	r = add_anchors(ub, anchors == NULL ? "" : anchors, why, why_size);
	if (r == 0 && way == UNBOUND_FORWARD)
		r = add_forwarders(ub, settings, why, why_size);
	if (r == 0)
		r = add_insecure(ub, settings, why, why_size);
	if (r == 0 && ub_ctx_async(ub, 1) != 0)
		r = -1;
	if (r == 0)
		return ub;
	ub_ctx_delete(ub);
	return NULL;
}
