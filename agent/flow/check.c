/* check.c - parse, ask everything, await, judge */
#include "agent/flow/check.h"

#include <stdlib.h>

#include "agent/auth/dkim.h"
#include "agent/auth/dmarc.h"
#include "agent/auth/spf.h"
#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/flow/identity.h"
#include "agent/flow/keep.h"
#include "agent/flow/known.h"
#include "agent/flow/memory.h"
#include "agent/flow/recall.h"
#include "agent/flow/report.h"
#include "agent/flow/shown.h"
#include "agent/mail/address.h"
#include "agent/mail/author.h"
#include "agent/mail/domain.h"
#include "agent/mail/message.h"

const char *const check_option_names[] = {
	"client_ip", "helo", "mail_from", NULL
};

/* Everything one check works with; lives in its arena. */
struct check {
	struct arena *arena;
	const struct memfile *file;
	const struct check_options *options;
	const struct world *world;
	struct dns_request *request;
	unsigned char *room;		/* PIECE_ROOM, for large files */
	uint64_t body_start;		/* in the file */
	struct message *message;
	struct author author;
	struct trace trace;
	struct authres_believed believed;
	struct facts facts;
	struct dkim_check *dkim;
	struct spf_check *spf;
	struct dmarc_check *dmarc;
	struct dmarc_check *foreign[FOREIGN_MAX];
	struct dmarc_finding foreign_finding[FOREIGN_MAX];
};

static enum from_fact from_fact_of(enum author_state state)
{
	switch (state) {
	case AUTHOR_ONE:	return FROM_ONE;
	case AUTHOR_MISSING:	return FROM_MISSING;
	case AUTHOR_REPEATED:	return FROM_REPEATED;
	case AUTHOR_SEVERAL:	return FROM_SEVERAL;
	case AUTHOR_GROUP:	return FROM_GROUP;
	case AUTHOR_CONTROL:	return FROM_CONTROL;
	case AUTHOR_AMBIGUOUS:
	default:		return FROM_AMBIGUOUS;
	}
}

static int body_next(void *ctx, uint64_t offset, struct bytes *piece)
{
	struct check *check = ctx;

	return memfile_piece(check->file, check->body_start + offset,
			     check->room, PIECE_ROOM, piece);
}

/* Reply-To outside the author's registrable domain: a remark. */
static bool reply_to_leaves(struct check *check)
{
	const struct field *field = message_find(check->message, "Reply-To", 0);
	struct mailbox_list list;
	const char *address, *domain;
	size_t i;

	if (field == NULL || check->author.domain == NULL ||
	    address_list_parse(check->arena,
			       field_unfold(check->arena, field), &list) < 0)
		return false;
	for (i = 0; i < list.count; i++) {
		address = address_normal(check->arena, &list.mailboxes[i]);
		domain = address == NULL ? NULL : strrchr(address, '@');
		if (domain != NULL &&
		    strcmp(domain_registrable(domain + 1),
			   domain_registrable(check->author.domain)) != 0)
			return true;
	}
	return false;
}

static void facts_of_author(struct check *check)
{
	const struct author *author = &check->author;
	struct facts *facts = &check->facts;

	facts->from = from_fact_of(author->state);
	facts->from_text = author->text;
	facts->address = author->address;
	facts->domain = author->domain;
	facts->name = author->name;
	facts->name_unreadable = author->name_unreadable;
	facts->odd_route = author->odd_route;
	facts->odd_local = author->odd_local;
	facts->reply_to_elsewhere = reply_to_leaves(check);
	facts->subject = shown_field(check->arena, check->message, "Subject");
	facts->date = shown_field(check->arena, check->message, "Date");
	known_find(check->arena, check->world->contacts, facts);
}

/* DMARC of every domain that stands in the name as somebody else's. */
static void ask_foreign(struct check *check)
{
	struct facts *facts = &check->facts;
	size_t i;

	known_foreign(check->arena, check->world->contacts, facts);
	for (i = 0; i < facts->foreign_count; i++)
		check->foreign[i] = dmarc_start(check->arena, check->request,
						facts->foreign[i].domain);
}

static void ask_spf(struct check *check)
{
	const struct check_options *options = check->options;
	struct spf_input input = { NULL, NULL, NULL, NULL, 0 };

	input.now = check->world->now;
	input.client_ip = options->client_ip;
	input.helo = options->helo;
	input.mail_from = options->mail_from;
	if (input.client_ip == NULL && check->trace.has_border) {
		input.client_ip = check->trace.border.client_ip;
		input.receiver = check->trace.border.by;
		if (input.helo == NULL)
			input.helo = check->trace.border.from_helo;
		if (input.mail_from == NULL)
			input.mail_from = check->trace.mail_from;
		/* A broken path is no bounce: HELO must not stand in. */
		if (options->mail_from == NULL &&
		    check->trace.mail_from_broken)
			return;
	}
	if (input.client_ip != NULL &&
	    (input.mail_from != NULL || input.helo != NULL))
		check->spf = spf_start(check->arena, check->request, &input);
}

static void expect_alignment(struct check *check, struct dmarc_check *dmarc)
{
	const char *domains[DKIM_SIGNATURES_MAX];
	const struct authres *field;
	size_t count, i, j;

	if (dmarc == NULL)
		return;
	if (check->spf != NULL && spf_domain(check->spf) != NULL)
		dmarc_expect(dmarc, spf_domain(check->spf));
	count = dkim_domains(check->dkim, domains, DKIM_SIGNATURES_MAX);
	for (i = 0; i < count; i++)
		dmarc_expect(dmarc, domains[i]);
	for (i = 0; i < check->believed.count; i++) {
		field = &check->believed.fields[i];
		for (j = 0; j < field->count; j++)
			if (field->results[j].domain != NULL &&
			    strcmp(field->results[j].result, "pass") == 0)
				dmarc_expect(dmarc, field->results[j].domain);
	}
}

/* Everything is on its way before the first await. */
static int ask_everything(struct check *check)
{
	struct dkim_input dkim = { check->message, { body_next, check }, NULL,
				   check->world->now, check->world->now, NULL };
	size_t i;

	if (check->author.state == AUTHOR_ONE)
		dkim.author_domain = check->author.domain;
	if (check->trace.has_border && check->trace.border.date > 0)
		dkim.arrived = check->trace.border.date;
	check->dkim = dkim_start(check->arena, check->request, &dkim);
	if (check->dkim == NULL)
		return ERR_LIMIT;
	ask_spf(check);
	if (dkim.author_domain != NULL) {
		check->dmarc = dmarc_start(check->arena, check->request,
					   dkim.author_domain);
		if (check->dmarc == NULL)
			return ERR_LIMIT;
	}
	ask_foreign(check);
	expect_alignment(check, check->dmarc);
	for (i = 0; i < check->facts.foreign_count; i++)
		expect_alignment(check, check->foreign[i]);
	dns_send(check->request);
	return 0;
}

static void spf_not_checked(struct check *check)
{
	struct spf_finding *spf = &check->facts.spf;

	spf->result = RESULT_NONE;
	spf->dnssec = DNS_SECURITY_UNKNOWN;
	spf->code = "no-border";
	spf->text = check->trace.no_border;
	if (spf->text == NULL)
		spf->text = "SPF could not be checked here: the sending "
			    "server's address is not known.";
}

/* Design 8: a believed aligned pass stands in where we could not check
 * ourselves: no client address, or a body that the border changed. */
static bool server_stands_in(struct check *check,
			     const struct authres_result *result)
{
	const struct facts *facts = &check->facts;
	enum dmarc_mode mode = DMARC_RELAXED;
	bool could_not = false;
	size_t i;

	if (result->domain == NULL || strcmp(result->result, "pass") != 0)
		return false;
	if (strcmp(result->method, "spf") == 0) {
		could_not = check->spf == NULL;
		if (facts->dmarc.strict_spf)
			mode = DMARC_STRICT;
	} else if (strcmp(result->method, "dkim") == 0) {
		for (i = 0; i < facts->dkim.count; i++)
			could_not = could_not ||
				(facts->dkim.list[i].domain != NULL &&
				 facts->dkim.list[i].result == RESULT_FAIL &&
				 strcmp(facts->dkim.list[i].domain,
					result->domain) == 0);
		if (facts->dmarc.strict_dkim)
			mode = DMARC_STRICT;
	}
	return could_not && dmarc_aligned(check->dmarc, result->domain,
					  mode) == RESULT_PASS;
}

static void believe_server(struct check *check)
{
	struct dmarc_finding *dmarc = &check->facts.dmarc;
	const struct authres *field;
	size_t i, j;

	check->facts.forged_authres = check->believed.forged;
	if (check->dmarc == NULL || dmarc->result != RESULT_FAIL)
		return;
	for (i = 0; i < check->believed.count; i++) {
		field = &check->believed.fields[i];
		for (j = 0; j < field->count; j++)
			if (server_stands_in(check, &field->results[j])) {
				dmarc->result = RESULT_PASS;
				dmarc->proof = PROOF_SERVER;
				return;
			}
	}
}

static void no_dmarc(struct dmarc_finding *dmarc)
{
	dmarc->result = RESULT_NONE;
	dmarc->dnssec = DNS_SECURITY_UNKNOWN;
	dmarc->text = "DMARC needs exactly one author address.";
}

static void await_everything(struct check *check)
{
	struct facts *facts = &check->facts;
	size_t i;

	dkim_finish(check->dkim, &facts->dkim);
	if (check->spf != NULL)
		spf_finish(check->spf, &facts->spf);
	else
		spf_not_checked(check);
	if (check->dmarc != NULL)
		dmarc_finish(check->dmarc, &facts->dkim, &facts->spf,
			     DMARC_SET_ALIGNED, &facts->dmarc);
	else
		no_dmarc(&facts->dmarc);
	for (i = 0; i < facts->foreign_count; i++) {
		if (check->foreign[i] == NULL)
			continue;
		dmarc_finish(check->foreign[i], &facts->dkim, &facts->spf,
			     DMARC_LEAVE_ALIGNED, &check->foreign_finding[i]);
		facts->foreign[i].dmarc = &check->foreign_finding[i];
	}
	believe_server(check);
	for (i = 0; i < facts->dkim.count; i++)
		if (facts->dmarc.result == RESULT_FAIL &&
		    facts->dkim.list[i].aligned &&
		    facts->dkim.list[i].header_only)
			facts->altered_on_the_way = true;
}

static const char *unreadable_text(int error)
{
	if (error == ERR_LIMIT)
		return "The message's header is larger than any real "
		       "message's; it was not read.";
	return "This is not a mail message: no header field stands at its "
	       "beginning.";
}

int check_unreadable(struct arena *arena, const char *why,
		     struct value **report)
{
	struct verdict_policy policy = { true, false, false };
	struct facts *facts = arena_alloc(arena, sizeof(*facts));
	struct judgement *judgement = arena_alloc(arena, sizeof(*judgement));

	*report = NULL;
	if (facts == NULL || judgement == NULL)
		return ERR_LIMIT;
	facts->from = FROM_MISSING;
	facts->could_not_read = why;
	verdict_judge(arena, facts, &policy, judgement);
	*report = report_make(arena, facts, judgement, NULL);
	return *report == NULL ? ERR_LIMIT : 0;
}

/* 1: it was judged before, and that stands; 0; ERR_LIMIT. */
static int recall(struct check *check, const char *id, struct value **report)
{
	const struct memory *memory = check->world->memory;
	struct bytes facts;
	int64_t judged;
	int r;

	if (memory == NULL || memory->recall == NULL ||
	    memory->recall(memory->ctx, check->arena, id, &facts,
			   &judged) <= 0)
		return 0;
	r = recall_report(check->arena, facts, id, judged, check->world,
			  report);
	if (r == ERR_SYNTAX)
		return 0;
	return r < 0 ? r : 1;
}

static int judge(struct check *check, const char *id, struct value **report)
{
	struct judgement *judgement;

	judgement = arena_alloc(check->arena, sizeof(*judgement));
	if (judgement == NULL)
		return ERR_LIMIT;
	verdict_judge(check->arena, &check->facts, &check->world->policy,
		      judgement);
	*report = report_make(check->arena, &check->facts, judgement, id);
	if (*report == NULL)
		return ERR_LIMIT;
	if (check->world->memory != NULL)
		keep_put(check->arena, *report, check->message, &check->facts,
			 judgement, id, check->world->now);
	return 0;
}

static int check_steps(struct check *check, struct value **report)
{
	char id[IDENTITY_TEXT];
	int r;

	r = message_parse(check->arena, check->file->bytes, &check->message);
	if (r < 0)
		return check_unreadable(check->arena, unreadable_text(r),
					report);
	check->body_start = check->file->size;
	if (check->message->body.data != NULL)
		check->body_start = (uint64_t)(check->message->body.data -
					       check->file->bytes.data);
	/* What was judged before asks nothing now. */
	r = identity_of(check->message, check->file, check->room, id);
	if (r == 0)
		r = recall(check, id, report);
	if (r != 0)
		return r < 0 ? r : 0;
	if ((r = author_read(check->arena, check->message,
			     &check->author)) < 0 ||
	    (r = trace_read(check->arena, check->message,
			    &check->world->relays, &check->trace)) < 0 ||
	    (r = authres_believe(check->arena, check->message, &check->trace,
				 &check->world->authservs,
				 &check->believed)) < 0)
		return r;
	facts_of_author(check);
	r = ask_everything(check);
	if (r < 0)
		return r;
	await_everything(check);
	return judge(check, id, report);
}

int check_message(struct arena *arena, const struct memfile *file,
		  const struct check_options *options,
		  const struct world *world, struct dns_request *request,
		  struct value **report)
{
	struct check *check = arena_alloc(arena, sizeof(*check));
	int r = ERR_LIMIT;

	*report = NULL;
	if (check == NULL)
		return r;
	check->arena = arena;
	check->file = file;
	check->options = options;
	check->world = world;
	check->request = request;
	if (file->fd >= 0) {		/* larger than what is in memory */
		check->room = malloc(PIECE_ROOM);
		if (check->room == NULL)
			return ERR_MEMORY;
	}
	r = check_steps(check, report);
	free(check->room);
	return r;
}
