/* script_table.c - filling the table of a script
 *
 * A helper of tests: what a script cannot mean, and no memory, abort. */
#include "tests/lab/script_table.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#define TXT_STRING_MAX	255	/* RFC 1035 section 3.3 */
#define TXT_MAX		16384

void script_fault(const char *what, const char *name)
{
	(void)fprintf(stderr, "script_resolver: %s: %s\n", what, name);
	abort();
}

void *script_memory(size_t size)
{
	void *memory = calloc(1, size);

	if (memory == NULL)
		script_fault("no memory", "calloc");
	return memory;
}

static void name_copy(char to[DNS_NAME_MAX + 1], const char *name)
{
	size_t len = strlen(name);

	if (len > DNS_NAME_MAX)
		script_fault("the name is too long", name);
	memcpy(to, name, len + 1);
}

void script_raw(struct script_resolver *script, const char *name,
		enum dns_type type, struct bytes rdata)
{
	struct row *row = script_memory(sizeof(*row));

	name_copy(row->name, name);
	row->type = type;
	row->rdata = script_memory(rdata.len + 1);
	row->len = rdata.len;
	if (rdata.len > 0)
		memcpy(row->rdata, rdata.data, rdata.len);
	(void)pthread_mutex_lock(&script->lock);
	*script->rows_end = row;
	script->rows_end = &row->next;
	(void)pthread_mutex_unlock(&script->lock);
}

static void script_wire(struct script_resolver *script, const char *name,
			enum dns_type type, const unsigned char *wire,
			size_t len)
{
	struct bytes rdata = { wire, len };

	script_raw(script, name, type, rdata);
}

/* One character-string; returns what is used then. */
static size_t string_put(unsigned char *wire, size_t used, const char *name,
			 struct bytes text)
{
	if (text.len > TXT_STRING_MAX || used + 1 + text.len > TXT_MAX)
		script_fault("a TXT record is too long", name);
	wire[used++] = (unsigned char)text.len;
	if (text.len > 0)
		memcpy(wire + used, text.data, text.len);
	return used + text.len;
}

void script_txt(struct script_resolver *script, const char *name,
		const char *text)
{
	unsigned char wire[TXT_MAX];
	struct bytes rest = bytes_of(text);
	size_t used = 0;

	do {
		used = string_put(wire, used, name,
				  bytes_slice(rest, 0, TXT_STRING_MAX));
		rest = bytes_slice(rest, TXT_STRING_MAX, rest.len);
	} while (rest.len > 0);
	script_wire(script, name, DNS_TXT, wire, used);
}

void script_txt_strings(struct script_resolver *script, const char *name,
			const char *const *strings)
{
	unsigned char wire[TXT_MAX];
	size_t used = 0;

	for (; *strings != NULL; strings++)
		used = string_put(wire, used, name, bytes_of(*strings));
	script_wire(script, name, DNS_TXT, wire, used);
}

void script_a(struct script_resolver *script, const char *name,
	      const char *address)
{
	unsigned char wire[sizeof(struct in6_addr)];

	if (inet_pton(AF_INET, address, wire) == 1)
		script_wire(script, name, DNS_A, wire, 4);
	else if (inet_pton(AF_INET6, address, wire) == 1)
		script_wire(script, name, DNS_AAAA, wire, 16);
	else
		script_fault("no address", address);
}

/* `name` in wire form at the end of `wire`; returns what is used then. */
static size_t name_put(unsigned char *wire, size_t used, const char *name)
{
	struct bytes rest = bytes_of(name), label;

	if (rest.len > DNS_NAME_MAX)
		script_fault("the name is too long", name);
	while (rest.len > 0) {
		(void)bytes_cut(rest, '.', &label, &rest);
		if (label.len == 0 || label.len > SCRIPT_LABEL_MAX)
			script_fault("a label is empty or too long", name);
		wire[used++] = (unsigned char)label.len;
		memcpy(wire + used, label.data, label.len);
		used += label.len;
	}
	wire[used++] = 0;
	return used;
}

void script_mx(struct script_resolver *script, const char *name,
	       unsigned preference, const char *host)
{
	unsigned char wire[DNS_NAME_MAX + 8];

	wire[0] = (unsigned char)(preference >> 8);
	wire[1] = (unsigned char)preference;
	script_wire(script, name, DNS_MX, wire, name_put(wire, 2, host));
}

void script_ptr(struct script_resolver *script, const char *ip,
		const char *host)
{
	unsigned char wire[DNS_NAME_MAX + 8], a[sizeof(struct in6_addr)];
	char name[DNS_NAME_MAX + 1];
	size_t used = 0, i;

	if (inet_pton(AF_INET, ip, a) == 1) {
		(void)snprintf(name, sizeof(name), "%u.%u.%u.%u.in-addr.arpa",
			       a[3], a[2], a[1], a[0]);
	} else if (inet_pton(AF_INET6, ip, a) == 1) {
		for (i = sizeof(a); i-- > 0; used += 4)
			(void)snprintf(name + used, sizeof(name) - used,
				       "%x.%x.", a[i] & 15U, a[i] >> 4U);
		(void)snprintf(name + used, sizeof(name) - used, "ip6.arpa");
	} else {
		script_fault("no address", ip);
	}
	script_wire(script, name, DNS_PTR, wire, name_put(wire, 0, host));
}

void script_cname(struct script_resolver *script, const char *name,
		  const char *to)
{
	unsigned char wire[DNS_NAME_MAX + 8];

	script_wire(script, name, DNS_CNAME, wire, name_put(wire, 0, to));
}

/* Found or made; under the lock. */
static struct manner *manner_of(struct script_resolver *script,
				const char *name)
{
	struct manner *manner = script->manners;

	while (manner != NULL && strcasecmp(manner->name, name) != 0)
		manner = manner->next;
	if (manner != NULL)
		return manner;
	manner = script_memory(sizeof(*manner));
	name_copy(manner->name, name);
	manner->next = script->manners;
	script->manners = manner;
	return manner;
}

void script_state(struct script_resolver *script, const char *name,
		  enum dns_state state)
{
	struct manner *manner;

	(void)pthread_mutex_lock(&script->lock);
	manner = manner_of(script, name);
	manner->has_state = state != DNS_HAVE;	/* HAVE: as the table says */
	manner->state = state;
	(void)pthread_mutex_unlock(&script->lock);
}

void script_security(struct script_resolver *script, const char *name,
		     enum dns_security security)
{
	struct manner *manner;

	(void)pthread_mutex_lock(&script->lock);
	manner = manner_of(script, name);
	manner->has_security = true;
	manner->security = security;
	(void)pthread_mutex_unlock(&script->lock);
}

void script_delay(struct script_resolver *script, const char *name,
		  unsigned ms)
{
	(void)pthread_mutex_lock(&script->lock);
	manner_of(script, name)->delay = ms;
	(void)pthread_mutex_unlock(&script->lock);
}

void script_delay_type(struct script_resolver *script, const char *name,
		       enum dns_type type, unsigned ms)
{
	struct manner *manner;

	(void)pthread_mutex_lock(&script->lock);
	manner = manner_of(script, name);
	manner->delay = ms;
	manner->delayed = type;
	(void)pthread_mutex_unlock(&script->lock);
}

void script_fresh(struct script_resolver *script,
		  const struct script_resolver *fresh)
{
	(void)pthread_mutex_lock(&script->lock);
	script->fresh = fresh;
	(void)pthread_mutex_unlock(&script->lock);
}

void script_signed(struct script_resolver *script, uint32_t from,
		   uint32_t until)
{
	(void)pthread_mutex_lock(&script->lock);
	script->signed_from = from;
	script->signed_until = until;
	(void)pthread_mutex_unlock(&script->lock);
}
