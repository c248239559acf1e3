/* check_await.c - the answers come in: every witness says what it found */
#include <string.h>

#include "agent/flow/check_inside.h"

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

/* Design 7, "altered on the way": the author domain sent these fields. */
static void find_altered(struct check *check)
{
	struct facts *facts = &check->facts;
	size_t i;

	if (facts->dmarc.result != RESULT_FAIL)
		return;
	for (i = 0; i < facts->dkim.count; i++)
		if (facts->dkim.list[i].aligned &&
		    facts->dkim.list[i].header_only)
			facts->altered_on_the_way = true;
	if (facts->altered_on_the_way)
		check_replayed(check);
}

static void no_dmarc(struct dmarc_finding *dmarc)
{
	dmarc->result = RESULT_NONE;
	dmarc->dnssec = DNS_SECURITY_UNKNOWN;
	dmarc->text = "DMARC needs exactly one author address.";
}

void check_await(struct check *check)
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
	if (check->arc != NULL)
		arc_finish(check->arc, &facts->arc);
	check_believe_server(check);
	check_believe_sealer(check);
	find_altered(check);
	check_signed_before(check);
}
