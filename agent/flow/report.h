/* report.h - facts and judgement as the dictionary of design 5
 *
 * mailseal-bus(7) names the keys.  A sender decides how long most texts are:
 * each is cut at REPORT_TEXT_MAX, so that a report always fits into a frame;
 * details that would not are left out. */
#ifndef MAILSEAL_FLOW_REPORT_H
#define MAILSEAL_FLOW_REPORT_H

#include <stdbool.h>

struct arena;
struct dkim_finding;
struct dmarc_finding;
struct facts;
struct judgement;
struct spf_finding;
struct value;

#define REPORT_TEXT_MAX	1000	/* bytes of a text that is a stranger's */
#define REPORT_MAX	62000	/* of a whole report on the wire; a frame has
				 * 65536 */

/* DETAIL: all that was seen, step by step (option "explain"). */
enum report_detail { REPORT_BRIEF, REPORT_DETAIL };

/* NULL: the arena is full.  `id` NULL: it could not be told. */
struct value *report_make(struct arena *arena, const struct facts *facts,
			  const struct judgement *judgement, const char *id);
struct value *report_make_as(struct arena *arena, const struct facts *facts,
			     const struct judgement *judgement,
			     const char *id, enum report_detail detail);

/* A stranger's text; NULL adds nothing. */
void report_text(struct arena *arena, struct value *dict, const char *key,
		 const char *text);

/* Whether it fits into a frame, with room for what comes to it. */
bool report_fits(const struct value *report);

/* Takes the key away that was put last; its memory stays the arena's. */
void report_drop_last(struct value *report);

/* report_detail.c: what DETAIL adds to each. */
void report_detail_dkim(struct arena *arena, struct value *entry,
			const struct dkim_finding *finding);
void report_detail_spf(struct arena *arena, struct value *entry,
		       const struct spf_finding *finding);
void report_detail_dmarc(struct arena *arena, struct value *entry,
			 const struct dmarc_finding *finding);
void report_detail_rest(struct arena *arena, struct value *report,
			const struct facts *facts);

#endif
