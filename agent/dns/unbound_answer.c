/* unbound_answer.c - five states out of the flags of libunbound */
#include "agent/dns/unbound_answer.h"

#include <unbound.h>

#include "agent/dns/signed.h"

#define RCODE_NONE	0	/* RFC 1035 section 4.1.1 */
#define RCODE_NXDOMAIN	3

static enum dns_state state_of(int error, const struct ub_result *result)
{
	if (error != 0 || result == NULL)
		return DNS_SILENT;
	if (result->bogus)
		return DNS_BOGUS;
	if (result->rcode != RCODE_NONE && result->rcode != RCODE_NXDOMAIN)
		return DNS_SILENT;	/* a failure says nothing of the name */
	if (result->havedata)
		return DNS_HAVE;
	return result->nxdomain ? DNS_NXDOMAIN : DNS_NOTHING;
}

static enum dns_security security_of(enum dns_state state,
				     const struct ub_result *result)
{
	if (state == DNS_SILENT)
		return DNS_SECURITY_UNKNOWN;
	if (state == DNS_BOGUS)
		return DNS_SECURITY_BOGUS;
	return result->secure ? DNS_SECURE : DNS_INSECURE;
}

static void answer_silent(struct dns_answer *answer, const char *why)
{
	memset(answer, 0, sizeof(*answer));
	answer->state = DNS_SILENT;
	answer->security = DNS_SECURITY_UNKNOWN;
	answer->canonical = "";
	answer->why = why;
}

/* False: more than any real answer has. */
static bool records_read(const struct ub_result *result,
			 struct unbound_answer *out)
{
	size_t i, total = 0;

	for (i = 0; result->data[i] != NULL; i++) {
		if (i == DNS_RECORDS_MAX || result->len[i] < 0)
			return false;
		out->records[i].data = (const unsigned char *)result->data[i];
		out->records[i].len = (size_t)result->len[i];
		total += out->records[i].len;
	}
	out->answer.records = out->records;
	out->answer.record_count = i;
	return i > 0 && total <= DNS_ANSWER_MAX;
}

/* Lower case, without the dot at the end. */
static void canonical_read(const char *name, char to[DNS_NAME_MAX + 1])
{
	struct bytes text = bytes_of(name);
	size_t i;

	if (text.len > 0 && text.data[text.len - 1] == '.')
		text.len--;
	if (text.len > DNS_NAME_MAX)
		text.len = 0;
	for (i = 0; i < text.len; i++)
		to[i] = (char)byte_lower(text.data[i]);
	to[text.len] = 0;
}

void unbound_answer_read(int error, const struct ub_result *result,
			 struct unbound_answer *out)
{
	struct dns_answer *answer = &out->answer;

	memset(answer, 0, sizeof(*answer));
	out->canonical[0] = 0;
	answer->state = state_of(error, result);
	answer->security = security_of(answer->state, result);
	if (answer->state == DNS_SILENT) {
		answer_silent(answer, "the DNS servers failed (SERVFAIL)");
		return;
	}
	canonical_read(result->canonname, out->canonical);
	answer->canonical = out->canonical;
	answer->ttl = result->ttl > 0 ? (uint32_t)result->ttl : 0;
	answer->why = "";
	if (answer->security == DNS_SECURE && result->answer_len > 0)
		signed_read(result->answer_packet,
			    (size_t)result->answer_len, answer);
	if (answer->state == DNS_BOGUS)
		answer->why = result->why_bogus == NULL ? "DNSSEC validation "
			      "failed" : result->why_bogus;
	if (answer->state == DNS_HAVE && !records_read(result, out))
		answer_silent(answer,
			      "the DNS answer is larger than any real one");
}

bool unbound_name(const char *name, char *to, size_t size)
{
	size_t used = 0;

	for (; *name != 0; name++) {
		if (used + 3 > size)
			return false;
		if (*name == '\\')
			to[used++] = '\\';
		to[used++] = *name;
	}
	to[used] = 0;
	return true;
}
