/* check_explain.c - the report, with every step where the caller asks for it
 */
#include <string.h>

#include "agent/auth/dmarc_consent.h"
#include "agent/base/value.h"
#include "agent/flow/check_inside.h"
#include "agent/flow/report.h"

#define BELIEVED_MAX 20		/* results told */

static void put_border(struct check *check, struct value *report)
{
	const struct trace *trace = &check->trace;
	const struct received *border = &trace->border;
	struct value *entry = value_put_dict(check->arena, report, "border");

	value_put_truth(check->arena, entry, "found", trace->has_border);
	if (trace->has_border) {
		report_text(check->arena, entry, "by", border->by);
		report_text(check->arena, entry, "helo", border->from_helo);
		report_text(check->arena, entry, "host", border->from_host);
		value_put_text(check->arena, entry, "client_ip",
			       border->client_ip);
		if (border->date > 0)
			value_put_number(check->arena, entry, "date",
					 border->date);
		report_text(check->arena, entry, "mail_from",
			    trace->mail_from);
	}
	report_text(check->arena, entry, "reason", trace->no_border);
}

static void put_believed(struct check *check, struct value *report)
{
	const struct authres_result *result;
	const struct authres *field;
	struct value *list, *one;
	size_t i, j, count = 0;

	if (check->believed.count == 0)
		return;
	list = value_put_list(check->arena, report, "server_results");
	for (i = 0; i < check->believed.count; i++) {
		field = &check->believed.fields[i];
		for (j = 0; j < field->count && count < BELIEVED_MAX; j++) {
			result = &field->results[j];
			one = value_put_dict(check->arena, list, NULL);
			report_text(check->arena, one, "server",
				    field->authserv_id);
			report_text(check->arena, one, "method",
				    result->method);
			report_text(check->arena, one, "result",
				    result->result);
			report_text(check->arena, one, "domain",
				    result->domain);
			count++;
		}
	}
}

static struct value *explained(struct check *check,
			       const struct judgement *judgement)
{
	struct value *report;

	if (check->options->destinations != NULL)
		dmarc_consent_find(check->arena, check->request,
				   &check->facts.dmarc);
	report = report_make_as(check->arena, &check->facts, judgement,
				check->id, REPORT_DETAIL);
	if (report == NULL)
		return NULL;
	value_put_number(check->arena, report, "arrived", check->arrived);
	put_border(check, report);
	put_believed(check, report);
	return report;
}

struct value *check_report(struct check *check,
			   const struct judgement *judgement)
{
	struct value *report = NULL;

	if (check->options->explain != NULL ||
	    check->options->destinations != NULL)
		report = explained(check, judgement);
	if (report == NULL || !report_fits(report))
		report = report_make(check->arena, &check->facts, judgement,
				     check->id);
	return report;
}
