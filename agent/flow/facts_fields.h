/* facts_fields.h - the fields of every finding, as tables */
#ifndef MAILSEAL_FLOW_FACTS_FIELDS_H
#define MAILSEAL_FLOW_FACTS_FIELDS_H

#include <stddef.h>

enum fact_kind { FACT_TEXT, FACT_TRUTH, FACT_UNSIGNED, FACT_U64, FACT_I64,
		 FACT_WORD };

/* A detail is for people alone: no verdict depends on it. */
enum fact_need { FACT_NEEDED, FACT_DETAIL };

struct fact_field {
	const char *name;
	enum fact_kind kind;
	enum fact_need need;
	size_t offset;			/* in the finding */
	const char *const *words;	/* of FACT_WORD, NULL at the end */
};

/* One kind of finding.  A list has a limit and a count in its owner. */
struct fact_section {
	const char *name;
	const struct fact_field *fields;	/* name NULL at the end */
};

extern const struct fact_section fact_top, fact_dkim, fact_spf, fact_dmarc,
	fact_question, fact_step, fact_uri;

#endif
