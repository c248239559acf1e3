/* dmarc_record.h - one DMARC record (RFC 9989 section 4.7) */
#ifndef MAILSEAL_AUTH_DMARC_RECORD_H
#define MAILSEAL_AUTH_DMARC_RECORD_H

#include "agent/verdict/finding.h"

struct arena;

enum dmarc_psd { DMARC_PSD_UNKNOWN, DMARC_PSD_YES, DMARC_PSD_NO };

struct dmarc_record {
	enum policy p, sp, np;		/* UNSET: absent */
	bool bad_policy;		/* p, sp or np is there and is none */
	bool strict_dkim, strict_spf;
	bool testing;			/* t=y */
	enum dmarc_psd psd;
	const char *rua[DMARC_URIS_MAX], *ruf[DMARC_URIS_MAX];
	size_t rua_count, ruf_count;
	const char *text;
};

/* False: the text is no DMARC record (RFC 9989: v=DMARC1 first). */
bool dmarc_record_parse(struct arena *arena, struct bytes text,
			struct dmarc_record *out);

#endif
