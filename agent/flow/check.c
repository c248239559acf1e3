/* check.c - parse, ask everything, await, judge */
#include "agent/flow/check.h"

#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/flow/addressee.h"
#include "agent/flow/check_inside.h"
#include "agent/flow/keep.h"
#include "agent/flow/known.h"
#include "agent/flow/memory.h"
#include "agent/flow/recall.h"
#include "agent/flow/report.h"
#include "agent/flow/shown.h"
#include "agent/mail/address.h"
#include "agent/mail/domain.h"
#include "agent/mail/message.h"

const char *const check_option_names[] = {
	"client_ip", "helo", "mail_from", "explain", "destinations", "again",
	"arrival", NULL
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
	facts->not_addressed = addressee_is_other(check->arena,
						  check->message,
						  &check->world->own);
	facts->reply_to_elsewhere = reply_to_leaves(check);
	facts->subject = shown_field(check->arena, check->message, "Subject");
	facts->date = shown_field(check->arena, check->message, "Date");
	known_find(check->arena, check->world->contacts, facts);
}

/* DMARC of every domain that stands in the name as somebody else's; those of
 * contacts first, as questions are limited. */
static void ask_foreign(struct check *check)
{
	struct facts *facts = &check->facts;
	size_t i, round;

	known_foreign(check->arena, check->world->contacts, facts);
	for (round = 0; round < 2; round++)
		for (i = 0; i < facts->foreign_count; i++)
			if (facts->foreign[i].is_contact == (round == 0))
				check->foreign[i] = dmarc_start(check->arena,
					check->request,
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
	size_t count, i;

	if (dmarc == NULL)
		return;
	if (check->spf != NULL && spf_domain(check->spf) != NULL)
		dmarc_expect(dmarc, spf_domain(check->spf));
	count = dkim_domains(check->dkim, domains, DKIM_SIGNATURES_MAX);
	for (i = 0; i < count; i++)
		dmarc_expect(dmarc, domains[i]);
}

/* Everything is on its way before the first await. */
static int ask_everything(struct check *check)
{
	struct dkim_input dkim = { check->message, { body_next, check, 0 },
				   NULL, check->arrived, check->world->now,
				   NULL };
	size_t i;

	dkim.body.size = check->file->size - check->body_start;
	if (check->author.state == AUTHOR_ONE)
		dkim.author_domain = check->author.domain;
	if (check->world->memory != NULL)
		dkim.archive = &check->world->memory->archive;
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
	if (check->world->sealers.count > 0) {
		check->arc = arc_start(check->arena, check->request, &dkim,
				       &check->world->sealers);
		if (check->arc == NULL)
			return ERR_LIMIT;
	}
	expect_alignment(check, check->dmarc);
	check_believe_expect(check, check->dmarc);
	for (i = 0; i < check->facts.foreign_count; i++)
		expect_alignment(check, check->foreign[i]);
	dns_send(check->request);
	return 0;
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
static int recall(struct check *check, struct value **report)
{
	const struct memory *memory = check->world->memory;
	enum report_detail detail = REPORT_BRIEF;
	struct bytes facts;
	int64_t judged;
	int r;

	if (memory == NULL || memory->recall == NULL ||
	    memory->recall(memory->ctx, check->arena, check->id, &facts,
			   &judged) <= 0)
		return 0;
	if (check->options->explain != NULL)
		detail = REPORT_DETAIL;
	r = recall_report(check->arena, facts, check->id, judged,
			  check->world, detail, report);
	if (r == ERR_SYNTAX)
		return 0;
	return r < 0 ? r : 1;
}

static int judge(struct check *check, struct value **report)
{
	struct judgement *judgement;

	judgement = arena_alloc(check->arena, sizeof(*judgement));
	if (judgement == NULL)
		return ERR_LIMIT;
	verdict_judge(check->arena, &check->facts, &check->world->policy,
		      judgement);
	*report = check_report(check, judgement);
	if (*report == NULL)
		return ERR_LIMIT;
	if (check->world->memory != NULL && !check->memory_silent)
		keep_put(check->arena, *report, check->message, &check->facts,
			 judgement, check->id, check->arrived);
	return 0;
}

static int check_steps(struct check *check, struct value **report)
{
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
	r = identity_of(check->message, check->file, check->room, check->id);
	if (r == 0)
		r = recall(check, report);
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
	check_arrived(check);
	r = ask_everything(check);
	if (r < 0)
		return r;
	check_await(check);
	return judge(check, report);
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
