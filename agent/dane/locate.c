/* locate.c - addresses, then TLSA */
#include "agent/dane/locate.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"

#define LOCATE_TURN_MS	20	/* between a look at one family and the other */
#define LOCATE_OTHER_MS	1000	/* for the other family, once one has some */

struct locating {
	struct arena *arena;
	struct dns_request *request;
	enum locate_fresh fresh;
	uint16_t port;
	struct dane_place *place;
};

static const struct dns_answer answer_late = {
	DNS_SILENT, DNS_SECURITY_UNKNOWN, 0, "", NULL, 0,
	"no answer came soon after that for the other family", 0, 0
};

static const struct dns_answer *step_add(struct arena *arena,
					 struct dane_step ***end,
					 const char *name, enum dns_type type,
					 enum locate_fresh fresh,
					 const struct dns_answer *answer)
{
	struct dane_step *step = arena_alloc(arena, sizeof(*step));
	char *kept = arena_text(arena, bytes_of(name));

	if (step == NULL || kept == NULL)
		return dns_await(NULL);
	step->name = kept;
	step->type = type;
	step->answer = answer;
	step->fresh = fresh == LOCATE_FRESH;
	**end = step;
	*end = &step->next;
	return answer;
}

const struct dns_answer *dane_step_await(struct arena *arena,
					 struct dane_step ***end,
					 const char *name, enum dns_type type,
					 enum locate_fresh fresh,
					 struct dns_question *question)
{
	return step_add(arena, end, name, type, fresh, dns_await(question));
}

static struct dns_question *ask(const struct locating *locating,
				const char *name, enum dns_type type)
{
	return locating->fresh == LOCATE_FRESH ?
	       dns_ask_fresh(locating->request, name, type) :
	       dns_ask(locating->request, name, type);
}

/* Notes the answer as a step, and when its signatures end. */
static const struct dns_answer *note(struct locating *locating,
				     const char *name, enum dns_type type,
				     const struct dns_answer *answer)
{
	struct dane_place *place = locating->place;

	answer = step_add(locating->arena, &place->steps_end, name, type,
			  locating->fresh, answer);
	if (answer->security == DNS_SECURE && answer->signed_until != 0 &&
	    (place->signed_until == 0 ||
	     answer->signed_until < place->signed_until)) {
		place->signed_until = answer->signed_until;
		place->signed_from = answer->signed_from;
	}
	return answer;
}

static const struct dns_answer *await(struct locating *locating,
				      const char *name, enum dns_type type,
				      struct dns_question *question)
{
	return note(locating, name, type, dns_await(question));
}

/* Both families; once one has addresses, the other is waited for a little
 * only (RFC 8305 section 3): many servers never answer AAAA. */
static void addresses_await(struct dns_question *ask_six,
			    struct dns_question *ask_four,
			    const struct dns_answer **six,
			    const struct dns_answer **four)
{
	int64_t until = INT64_MAX;

	*six = *four = NULL;
	while (*six == NULL || *four == NULL) {
		if (*six == NULL)
			*six = dns_await_until(ask_six, clock_now_ms() +
					       LOCATE_TURN_MS);
		if (*four == NULL)
			*four = dns_await_until(ask_four, clock_now_ms() +
						LOCATE_TURN_MS);
		if (until == INT64_MAX &&
		    ((*six != NULL && (*six)->state == DNS_HAVE) ||
		     (*four != NULL && (*four)->state == DNS_HAVE)))
			until = clock_now_ms() + LOCATE_OTHER_MS;
		if (clock_now_ms() < until)
			continue;
		if (*six == NULL)
			*six = &answer_late;
		if (*four == NULL)
			*four = &answer_late;
	}
}

/* What stops everything: the state, where and why. */
static void stop(struct dane_place *place, enum decide_dns dns,
		 const char *name, const struct dns_answer *answer)
{
	place->dns = dns;
	place->failed = name;
	place->why = answer->why;
}

static void address_put(struct dane_place *place, int family,
			struct bytes raw)
{
	struct dane_address *address;

	if (place->address_count == LOCATE_ADDRESSES_MAX)
		return;
	address = &place->addresses[place->address_count];
	address->family = family;
	memcpy(address->raw, raw.data, raw.len);
	if (inet_ntop(family, address->raw, address->text,
		      sizeof(address->text)) != NULL)
		place->address_count++;
}

static size_t address_length(int family)
{
	return family == AF_INET6 ? 16 : 4;
}

static void addresses_put(struct dane_place *place,
			  const struct dns_answer *six,
			  const struct dns_answer *four)
{
	const struct dns_answer *const answers[2] = { six, four };
	static const int families[2] = { AF_INET6, AF_INET };
	size_t i, nth;

	for (nth = 0; nth < DNS_RECORDS_MAX; nth++)
		for (i = 0; i < 2; i++)
			if (nth < answers[i]->record_count &&
			    answers[i]->records[nth].len ==
			    address_length(families[i]))
				address_put(place, families[i],
					    answers[i]->records[nth]);
}

static bool is_secure(const struct dns_answer *answer)
{
	return answer->state == DNS_HAVE && answer->security == DNS_SECURE;
}

static enum tlsa_use record_read(struct bytes rdata,
				 struct dane_record *record)
{
	record->depth = -1;
	record->use = tlsa_read(rdata, &record->tlsa);
	return record->use;
}

static int records_read(struct locating *locating,
			const struct dns_answer *answer)
{
	struct dane_place *place = locating->place;
	size_t count = answer->record_count, usable = 0, i, j;

	if (count > TLSA_RECORDS_MAX)
		count = TLSA_RECORDS_MAX;
	place->records = arena_array(locating->arena, count,
				     sizeof(*place->records));
	if (place->records == NULL)
		return ERR_MEMORY;
	place->record_count = count;
	place->ttl = answer->ttl;
	for (i = 0; i < count; i++)
		if (record_read(answer->records[i],
				&place->records[i]) == TLSA_USABLE)
			usable++;
	for (i = 0; i < count; i++)
		for (j = 0; j < count; j++)
			if (place->records[i].use == TLSA_USABLE &&
			    place->records[j].use == TLSA_USABLE &&
			    tlsa_yields(&place->records[i].tlsa,
					&place->records[j].tlsa))
				place->records[i].agile_out = true;
	place->dns = usable > 0 ? DECIDE_USABLE : DECIDE_UNUSABLE;
	return 0;
}

/* True: that base ends the search, for good or bad. */
static bool base_asked(struct locating *locating, const char *base, int *error)
{
	struct dane_place *place = locating->place;
	const struct dns_answer *answer;
	char owner[DNS_NAME_MAX + 1];

	if (!tlsa_owner(locating->port, base, owner, sizeof(owner)))
		return false;		/* DNS cannot hold such a name */
	answer = await(locating, owner, DNS_TLSA,
		       ask(locating, owner, DNS_TLSA));
	if (answer->state == DNS_BOGUS || answer->state == DNS_SILENT) {
		stop(place, answer->state == DNS_BOGUS ? DECIDE_TLSA_BOGUS :
		     DECIDE_TLSA_SILENT,
		     arena_text(locating->arena, bytes_of(owner)), answer);
		return true;
	}
	if (answer->security != DNS_SECURE) {
		place->dns = DECIDE_UNSIGNED;
		return false;
	}
	if (answer->state != DNS_HAVE)
		return false;
	place->base = base;
	*error = records_read(locating, answer);
	return true;
}

/* The address chain leads through an unsigned zone, but the alias itself may
 * be signed (RFC 7671 section 7): then the user's own name is a base. */
static bool alias_is_secure(struct locating *locating, const char *host)
{
	const struct dns_answer *answer;

	answer = await(locating, host, DNS_CNAME,
		       ask(locating, host, DNS_CNAME));
	if (answer->state == DNS_BOGUS || answer->state == DNS_SILENT)
		stop(locating->place, answer->state == DNS_BOGUS ?
		     DECIDE_ADDRESS_BOGUS : DECIDE_ADDRESS_SILENT, host,
		     answer);
	return is_secure(answer);
}

static int tlsa_locate(struct locating *locating, const char *host,
		       const struct dns_answer *address)
{
	bool alias = strcasecmp(address->canonical, host) != 0;
	struct dane_place *place = locating->place;
	int error = 0;

	place->dns = DECIDE_NO_TLSA;
	if (!is_secure(address)) {
		place->dns = DECIDE_UNSIGNED;
		if (!alias || !alias_is_secure(locating, host))
			return 0;
		place->dns = DECIDE_NO_TLSA;
	} else if (alias &&
		   base_asked(locating, address->canonical, &error)) {
		return error;
	}
	(void)base_asked(locating, host, &error);
	return error;
}

static bool literal_locate(struct dane_place *place, const char *host)
{
	struct bytes raw;
	unsigned char room[16];
	int family = strchr(host, ':') == NULL ? AF_INET : AF_INET6;

	if (inet_pton(family, host, room) != 1)
		return false;
	raw.data = room;
	raw.len = address_length(family);
	address_put(place, family, raw);
	place->dns = DECIDE_LITERAL;
	return true;
}

int dane_locate(struct arena *arena, struct dns_request *request,
		const char *host, uint16_t port, enum locate_fresh fresh,
		struct dane_place *out)
{
	struct locating locating = { arena, request, fresh, port, out };
	struct dns_question *ask_six, *ask_four;
	const struct dns_answer *six, *four, *failed;

	memset(out, 0, sizeof(*out));
	out->steps_end = &out->steps;
	out->why = "";
	if (literal_locate(out, host))
		return 0;
	ask_six = ask(&locating, host, DNS_AAAA);
	ask_four = ask(&locating, host, DNS_A);
	addresses_await(ask_six, ask_four, &six, &four);
	six = note(&locating, host, DNS_AAAA, six);
	four = note(&locating, host, DNS_A, four);
	addresses_put(out, six, four);
	if (out->address_count > 0)
		return tlsa_locate(&locating, host,
				   is_secure(six) ||
				   four->state != DNS_HAVE ? six : four);
	failed = six->state == DNS_BOGUS || (six->state == DNS_SILENT &&
					     four->state != DNS_BOGUS) ?
		 six : four;
	stop(out, DECIDE_ADDRESS_NONE, host, failed);
	if (failed->state == DNS_BOGUS)
		out->dns = DECIDE_ADDRESS_BOGUS;
	else if (failed->state == DNS_SILENT)
		out->dns = DECIDE_ADDRESS_SILENT;
	return 0;
}

bool dane_place_same(const struct dane_place *one,
		     const struct dane_place *other)
{
	const struct tlsa *a, *b;
	size_t i, j;

	if (one->dns != other->dns || one->record_count != other->record_count)
		return false;
	for (i = 0; i < one->record_count; i++) {
		a = &one->records[i].tlsa;
		for (j = 0; j < other->record_count; j++) {
			b = &other->records[j].tlsa;
			if (a->usage == b->usage &&
			    a->selector == b->selector &&
			    a->matching == b->matching &&
			    bytes_equal(a->data, b->data))
				break;
		}
		if (j == other->record_count)
			return false;
	}
	return true;
}
