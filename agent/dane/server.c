/* server.c - one straight line: locate, dial, STARTTLS, TLS, decide */
#include "agent/dane/server.h"

#include <string.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/dane/chain.h"
#include "agent/dane/dial.h"
#include "agent/dane/handshake.h"
#include "agent/dane/link.h"
#include "agent/dane/link_new.h"
#include "agent/dane/locate.h"
#include "agent/dane/sentence.h"
#include "agent/dane/starttls.h"

/* One question under way. */
struct opening {
	struct arena *arena;
	struct dns_request *request;
	const struct dane_trust *trust;
	const struct dane_question *question;
	struct dane_report *report;
	struct dial_patience patience;
	struct dane_place *place;
	struct decide_facts facts;
	struct dane_cause cause;
	struct dane_step **steps_end;	/* of the report */
	bool cancelled;
	struct dane_link *link;
};

static struct dane_report *opening_start(struct opening *opening,
					 struct arena *arena,
					 struct dns_request *request,
					 const struct dane_question *question)
{
	memset(opening, 0, sizeof(*opening));
	opening->arena = arena;
	opening->request = request;
	opening->question = question;
	opening->patience.deadline = question->deadline;
	opening->patience.cancel_fd = question->cancel_fd;
	opening->facts.need = question->need;
	opening->report = arena_alloc(arena, sizeof(*opening->report));
	if (opening->report == NULL)
		return NULL;
	opening->report->verdict = DANE_UNKNOWN;
	opening->report->reason = DANE_TROUBLE;
	opening->report->host = arena_text(arena, bytes_of(question->host));
	opening->report->port = question->port;
	if (opening->report->host == NULL)
		return NULL;
	opening->report->sentence = "The server could not be checked.";
	return opening->report;
}

static int locate(struct opening *opening, enum locate_fresh fresh)
{
	struct dane_report *report = opening->report;
	struct dane_place *place = arena_alloc(opening->arena,
					       sizeof(*place));
	struct dane_step **end;
	int r = place == NULL ? ERR_MEMORY :
		dane_locate(opening->arena, opening->request, report->host,
			    report->port, fresh, place);

	if (r < 0)
		return r;
	opening->place = place;
	opening->facts.dns = place->dns;
	opening->facts.wire = DECIDE_NOT_TRIED;
	opening->cause.name = place->failed;
	opening->cause.why = place->why;
	if (opening->steps_end == NULL)
		report->steps = place->steps;
	else
		*opening->steps_end = place->steps;
	for (end = &place->steps; *end != NULL;)
		end = &(*end)->next;
	if (place->steps != NULL)
		opening->steps_end = end;
	report->base = place->base;
	report->records = place->records;
	report->record_count = place->record_count;
	report->ttl = place->ttl;
	report->signed_from = place->signed_from;
	report->signed_until = place->signed_until;
	return 0;
}

/* RFC 7671 section 7 and 7673 section 4.1: who the server may say it is. */
static void names_choose(const struct opening *opening,
			 struct handshake_wish *wish)
{
	const struct dane_question *question = opening->question;
	const struct dane_place *place = opening->place;
	const char *host = opening->report->host;
	bool by_srv = question->domain != NULL;
	bool secure = question->domain_security == DNS_SECURE;

	if (place->dns == DECIDE_LITERAL) {
		wish->literal = host;
		return;
	}
	if (place->dns == DECIDE_USABLE) {
		wish->names[wish->name_count++] = place->base;
		if (strcmp(place->base, host) != 0)
			wish->names[wish->name_count++] = host;
		if (by_srv && secure)
			wish->names[wish->name_count++] = question->domain;
		return;
	}
	if (!by_srv || secure)
		wish->names[wish->name_count++] = host;
	if (by_srv)
		wish->names[wish->name_count++] = question->domain;
}

static const char *error_why(int error)
{
	switch (error) {
	case ERR_TIMEOUT:
		return "it took too long";
	case ERR_PROTOCOL:
		return "it answers nonsense";
	case ERR_GONE:
		return "the connection was cut";
	default:
		return NULL;
	}
}

/* What stopped a connection. */
static void stopped(struct opening *opening, enum decide_wire wire, int error,
		    const char *why)
{
	opening->facts.wire = wire;
	opening->cancelled = error == ERR_REFUSED && wire != DECIDE_INJECTED;
	opening->cause.name = NULL;
	opening->cause.why = why == NULL ? NULL :
			     arena_text(opening->arena, bytes_of(why));
}

static int connect_to(struct opening *opening, size_t *which)
{
	const struct dane_place *place = opening->place;
	int error = 0, fd;

	fd = dial(place->addresses, place->address_count,
		  opening->report->port, &opening->patience, which, &error);
	if (fd < 0)
		stopped(opening, DECIDE_UNREACHABLE, fd,
			fd == ERR_GONE ? strerror(error) : error_why(fd));
	else
		opening->report->address =
			arena_text(opening->arena,
				   bytes_of(place->addresses[*which].text));
	return fd;
}

static bool plain_talk(struct opening *opening, int fd)
{
	const struct dane_question *question = opening->question;
	struct starttls talk;

	if (question->start == DANE_TLS)
		return true;
	starttls(fd, question->start, question->ehlo, &opening->patience,
		 &talk);
	if (talk.wire == DECIDE_SEEN)
		return true;
	if (talk.wire == DECIDE_CUT && talk.error != ERR_UNSUPPORTED)
		stopped(opening, talk.wire, talk.error, error_why(talk.error));
	else
		stopped(opening, talk.wire, talk.error, talk.said);
	return false;
}

/* The link takes the descriptor and the session over; 0 or ERR_MEMORY. */
static int link_make(struct opening *opening, int fd, struct handshake *tls)
{
	opening->link = dane_link_new(fd, tls->ssl,
				      opening->question->cancel_fd);
	if (opening->link == NULL)
		return ERR_MEMORY;
	tls->ssl = NULL;
	return 0;
}

/* Takes the descriptor over. */
static int secure(struct opening *opening, int fd)
{
	const struct dane_place *place = opening->place;
	struct dane_report *report = opening->report;
	struct handshake_wish wish;
	struct handshake tls;
	int r;

	memset(&wish, 0, sizeof(wish));
	names_choose(opening, &wish);
	if (place->dns == DECIDE_USABLE) {
		wish.records = place->records;
		wish.record_count = place->record_count;
	}
	wish.identity = opening->question->identity;
	wish.detail = opening->question->detail;
	dane_handshake(fd, opening->trust, &wish, &opening->patience, &tls);
	stopped(opening, tls.wire, tls.error, tls.wire == DECIDE_CUT ?
		error_why(tls.error) : tls.trouble);
	if (tls.wire == DECIDE_SEEN) {
		opening->facts.match = tls.match;
		opening->facts.pkix = tls.pkix;
		opening->cause.why = wish.record_count > 0 ? tls.match_why :
							     tls.pkix_why;
	}
	report->pkix_passes = tls.pkix == DECIDE_PKIX_PASSES;
	report->pkix_why = tls.pkix_why;
	r = dane_chain_report(opening->arena, tls.chain, report);
	if (r == 0 && tls.ssl != NULL) {
		report->protocol = dane_handshake_protocol(&tls);
		report->cipher = dane_handshake_cipher(&tls);
		report->peer_name = dane_handshake_name(opening->arena, &tls);
		r = link_make(opening, fd, &tls);
	}
	dane_handshake_end(&tls);
	if (opening->link == NULL)
		(void)close(fd);
	return r;
}

/* Takes the descriptor over. */
static int speak(struct opening *opening, int fd)
{
	if (plain_talk(opening, fd))
		return secure(opening, fd);
	(void)close(fd);
	return 0;
}

/* A server has several machines behind its name, and one of them may be
 * amiss.  False: this one serves, or it was the last. */
static bool next_address(struct opening *opening, size_t which)
{
	struct dane_place *place = opening->place;

	if (opening->cancelled || place->address_count < 2 ||
	    dane_decide(&opening->facts).act == DECIDE_SEND)
		return false;
	dane_link_free(opening->link);
	opening->link = NULL;
	place->address_count--;
	memmove(&place->addresses[which], &place->addresses[which + 1],
		(place->address_count - which) * sizeof(*place->addresses));
	return true;
}

/* One address after the other until one serves. */
static int reach(struct opening *opening)
{
	struct decide_facts facts = opening->facts;
	struct dane_cause cause = opening->cause;
	bool spoken = false;
	size_t which = 0;
	int fd, r;

	do {
		fd = connect_to(opening, &which);
		if (fd < 0) {
			/* What the one that was there said tells more. */
			if (spoken && !opening->cancelled) {
				opening->facts = facts;
				opening->cause = cause;
			}
			return 0;
		}
		r = speak(opening, fd);
		facts = opening->facts;
		cause = opening->cause;
		spoken = true;
	} while (r == 0 && next_address(opening, which));
	return r;
}

/* The certificate may just have been rolled over: the records once more, past
 * the caches.  What says the same as before needs no second connection. */
static int again(struct opening *opening)
{
	const struct dane_place *before = opening->place;
	const struct decide_facts facts = opening->facts;
	const struct dane_cause cause = opening->cause;
	int r = locate(opening, LOCATE_FRESH);

	opening->report->again = true;
	opening->facts.time = DECIDE_SECOND_TIME;
	if (r < 0 || !dane_place_same(before, opening->place))
		return r;
	opening->facts = facts;
	opening->facts.time = DECIDE_SECOND_TIME;
	opening->cause = cause;
	opening->report->records = before->records;
	return 0;
}

static const char *why_no_dane(enum decide_dns dns)
{
	switch (dns) {
	case DECIDE_LITERAL:
		return "an address has no TLSA record";
	case DECIDE_UNSIGNED:
		return "its domain is not signed with DNSSEC";
	case DECIDE_UNUSABLE:
		return "none of its TLSA records can be used";
	default:
		return "its domain publishes no TLSA record for this port";
	}
}

/* A usable record that describes no certificate of the chain. */
static bool waits_for_key(const struct dane_report *report)
{
	const struct dane_record *record;
	size_t i;

	for (i = 0; i < report->record_count; i++) {
		record = &report->records[i];
		if (record->use == TLSA_USABLE && !record->agile_out &&
		    !record->matches && !record->verified)
			return true;
	}
	return false;
}

static void conclude(struct opening *opening, const struct decision *decision)
{
	struct dane_report *report = opening->report;

	report->verdict = decision->verdict;
	report->reason = decision->reason;
	if (opening->cancelled && decision->verdict == DANE_UNKNOWN)
		report->reason = DANE_CANCELLED;
	if (report->reason == DANE_NOT_DANE)
		opening->cause.why = why_no_dane(opening->facts.dns);
	report->next_key = report->chain_count > 0 && waits_for_key(report);
	report->sentence = dane_sentence(opening->arena, report,
					 &opening->cause);
}

/* Until the table says neither CONNECT nor AGAIN; at most twice round. */
static int opening_run(struct opening *opening, struct decision *decision)
{
	int r = locate(opening, LOCATE_CACHED);

	while (r == 0) {
		*decision = dane_decide(&opening->facts);
		if (decision->act == DECIDE_CONNECT)
			r = reach(opening);
		else if (decision->act == DECIDE_AGAIN)
			r = again(opening);
		else
			break;
	}
	return r;
}

struct dane_report *dane_server_open(struct arena *arena,
				     struct dns_request *request,
				     const struct dane_trust *trust,
				     const struct dane_question *question,
				     struct dane_link **link)
{
	struct decision decision = { DECIDE_LATER, DANE_UNKNOWN,
				     DANE_TROUBLE };
	struct opening opening;

	*link = NULL;
	if (opening_start(&opening, arena, request, question) == NULL)
		return NULL;
	opening.trust = trust;
	if (opening_run(&opening, &decision) < 0 ||
	    (decision.act == DECIDE_SEND && opening.link == NULL)) {
		decision.act = DECIDE_LATER;
		decision.verdict = DANE_UNKNOWN;
		decision.reason = DANE_TROUBLE;
	}
	conclude(&opening, &decision);
	if (opening.report->verdict == DANE_VERIFIED ||
	    opening.report->verdict == DANE_PKIX_ONLY)
		*link = opening.link;
	else
		dane_link_free(opening.link);
	return opening.report;
}
