/* server_report.h - inside flow: what was found about servers, as values */
#ifndef MAILSEAL_FLOW_SERVER_REPORT_H
#define MAILSEAL_FLOW_SERVER_REPORT_H

#include "agent/dane/report.h"

struct arena;
struct value;

/* Everything of one report, into a dictionary. */
void server_report_full(struct arena *arena, struct value *into,
			const struct dane_report *report, int64_t now);

/* One of several servers: without the steps, which go into one list. */
void server_report_brief(struct arena *arena, struct value *into,
			 const struct dane_report *report);

/* Each step as a dictionary, at the end of the list. */
void server_report_steps(struct arena *arena, struct value *list,
			 const struct dane_step *steps);

#endif
