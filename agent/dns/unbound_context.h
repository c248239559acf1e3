/* unbound_context.h - inside dns: making one configured libunbound context */
#ifndef MAILSEAL_DNS_UNBOUND_CONTEXT_H
#define MAILSEAL_DNS_UNBOUND_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>

struct ub_ctx;
struct value;

enum unbound_way { UNBOUND_FORWARD, UNBOUND_RECURSE };

/* NULL: `why` has the sentence. */
struct ub_ctx *unbound_context(const struct value *settings,
			       enum unbound_way way, char *why,
			       size_t why_size);

/* Whether there is a forwarder that may be asked. */
bool unbound_can_forward(const struct value *settings, char *why,
			 size_t why_size);

/* The owner name of a trust anchor, the root's if there is one; false: there
 * is no DS and no DNSKEY in the text. */
bool unbound_anchor_owner(const char *anchors, char *owner, size_t size);

#endif
