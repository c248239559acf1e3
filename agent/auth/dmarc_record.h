/* dmarc_record.h - one DMARC record (RFC 9989 section 4.7) */
#ifndef MAILSEAL_AUTH_DMARC_RECORD_H
#define MAILSEAL_AUTH_DMARC_RECORD_H

#include "agent/verdict/finding.h"

struct arena;

#define DMARC_RECORD_MAX	8192	/* bytes; a longer text is none */
#define DMARC_TAGS_MAX		64	/* tags looked at */

enum dmarc_psd { DMARC_PSD_UNKNOWN, DMARC_PSD_YES, DMARC_PSD_NO };

struct dmarc_record {
	enum policy p, sp, np;		/* UNSET: absent */
	bool bad_policy;		/* p or sp is there and is none */
	bool bad_np;			/* np, which RFC 7489 did not know */
	bool p_is_second;		/* as RFC 7489 wanted it */
	bool strict_dkim, strict_spf;
	bool testing;			/* t=y */
	enum dmarc_psd psd;
	struct dmarc_report_uri rua[DMARC_URIS_MAX], ruf[DMARC_URIS_MAX];
	size_t rua_count, ruf_count;	/* `external` is not told yet */
	const char *text;		/* NULL: it holds a NUL */
};

/* False: the text is no DMARC record (v=DMARC1 stands first). */
bool dmarc_record_parse(struct arena *arena, struct bytes text,
			struct dmarc_record *out);

/* Neither a usable policy nor anybody to tell: the record ends DMARC here,
 * and no other one takes its place (section 4.10.1). */
bool dmarc_record_is_unusable(const struct dmarc_record *record);

#endif
