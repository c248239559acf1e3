/* open_inside.h - what the files of the opening share */
#ifndef MAILSEAL_FLOW_OPEN_INSIDE_H
#define MAILSEAL_FLOW_OPEN_INSIDE_H

#include "agent/base/range.h"
#include "agent/flow/open.h"
#include "agent/mail/author.h"
#include "agent/mail/mime.h"
#include "agent/mail/protected_headers.h"

/* One layer of the envelope, the outermost first. */
struct open_layer {
	const struct scheme *scheme;
	enum seal_kind kind;
	struct seal_facts facts;
};

struct opening {
	struct seal_job *job;
	struct open_order *order;
	const struct memfile *message;
	struct open_layer layers[OPEN_LAYERS_MAX];
	size_t layer_count;
	struct mime_part *outside;	/* the message as it came */
	struct mime_part *root;		/* of the innermost layer so far */
	struct range range;		/* where its octets are */
	struct spool *spool;		/* what was taken out; NULL: the
					 * message itself */
	bool stopped;			/* a layer could not be taken off */
	bool of_part;			/* a part was asked for */
	bool no_such_part;
	bool too_deep;			/* over OPEN_LAYERS_MAX */
	const char *unsealed;		/* what was found where a layer should
					 * be; NULL: nothing of the kind */
	struct hp_read headers;
	struct author author;		/* as the message came */
	struct author inner_author;	/* as protected fields have it */
};

/* What the layers say together. */
enum open_match {
	OPEN_MATCH_NO, OPEN_MATCH_YES, OPEN_MATCH_AMBIGUOUS,
	OPEN_MATCH_UNKNOWN	/* the signer is not known: nothing is said */
};
enum open_security {
	OPEN_UNPROTECTED,
	OPEN_VERIFIED,		/* signed by the author, whole */
	OPEN_CONFIDENTIAL,	/* that, and encrypted */
	OPEN_ENCRYPTED		/* encrypted alone: who wrote it is open */
};
extern const char *const open_match_name[];
extern const char *const open_security_name[];

struct open_summary {
	/* The innermost: it is over the payload itself, and over nothing but
	 * that.  Who signs around another's signature has proved no more than
	 * that it was at hand (RFC 9787 section 4.2: one envelope); taken away
	 * or put there, it changes nothing of what the inner one proves.  A
	 * wrong one anywhere in the envelope is believed by nobody.  NULL:
	 * none. */
	const struct open_layer *signature;
	bool signed_around;	/* and there are such others */
	const struct open_layer *encryption;	/* the innermost: anybody can
						 * put one around it; NULL */
	bool signed_inside;	/* the signature is not around encryption */
	bool inner_from_holds;	/* From inside is the signer's own; else the
				 * one that came with the message is shown
				 * (RFC 9788 section 4.4) */
	enum open_match match;
	const char *match_text;	/* why not; a sentence */
	enum open_security security;
	const char *integrity;	/* "aead", "mdc", "signature", "none" */
	const char *covers;	/* "whole", "part", "none" */
};

/* open_scan.c: the parts of a range.  `until`: a deadline that may be moved
 * while it runs (seal_job); NULL: none.  0; ERR_*. */
int open_scan(struct arena *arena, const struct range *range,
	      const int64_t *until, struct mime_part **root);

/* open_layer.c: takes one layer off opening->root.  1: done; 0: there is none;
 * ERR_*.  opening->stopped: it could not be taken off. */
int open_layer_take(struct opening *opening);
/* Which scheme seals this part, and how. */
const struct scheme *open_scheme_of(struct opening *opening,
				    const struct mime_part *part,
				    enum seal_kind *kind);

/* open_content.c: what leaves. 0; ERR_*. */
int open_content(struct opening *opening, const struct open_summary *summary,
		 struct open_result *out);

/* open_display.c: the part with the display for older readers, and *end of it.
 * Its Content-Type is changed to say that it has none.  NULL: there is none,
 * *end stays. */
const struct mime_part *open_display_take(struct opening *opening,
					  uint64_t *end);

/* open_summary.c */
void open_summarize(struct opening *opening, struct open_summary *out);
bool open_is_right(const struct seal_facts *facts);	/* the cryptography */

/* open_report.c; NULL: the arena is full. */
struct value *open_report(struct opening *opening,
			  const struct open_summary *summary);

/* open_inline.c: whether a text among these parts has lines of OpenPGP's. */
bool open_has_inline(struct opening *opening, const struct mime_part *root);

/* open_reason.c; without a text there is no reason. */
void open_reason(struct arena *arena, struct value *list, const char *code,
		 const char *text);

/* open_line.c: the sentence that a client shows. */
const char *open_line(struct opening *opening,
		      const struct open_summary *summary);

#endif
