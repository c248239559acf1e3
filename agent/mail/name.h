/* name.h - display names: comparing, looking into them, showing
 *
 * For comparison: NFKC, case folded, default-ignorable code points removed
 * (NFKC_Casefold), UTS 39 skeleton, runs of white space one blank
 * (name_fold.h). */
#ifndef MAILSEAL_MAIL_NAME_H
#define MAILSEAL_MAIL_NAME_H

#include <stdbool.h>

#include "agent/base/bytes.h"

struct arena;

#define NAME_MAX_BYTES 4096	/* longer display names are unreadable */

/* Loads ICU's data; once, before a cage. */
void name_prepare(void);

/* The form names are compared in; "" for a name of nothing visible; NULL:
 * not UTF-8, too long, or no memory.  Beyond the standards, for what does not
 * make it another name to people: accents and other marks on letters and all
 * signs but letters and digits are left out ("alice.harper", "Harper, Alice"
 * and "\u00ABAlice Harper\u00BB" are one name), and a capital I inside a word
 * of small letters is the l that it looks like. */
const char *name_normal(struct arena *arena, const char *name);

/* The same for an address or domain, for "differs only by confusable
 * characters": A-labels are compared by what they look like (U-labels). */
const char *name_skeleton(struct arena *arena, const char *text);

/* General category Cc, U+061C, U+200E/F, U+202A-E, U+2066-9 (design 7). */
bool name_has_control(struct bytes utf8);

/* An address or a bare domain that stands in the name (design 7: "address in
 * name"), look-alike at signs (U+FF20, U+FE6B) included.  Addresses come out
 * as local@domain, bare domains as the domain, normalised, each once; at most
 * NAME_FOUND_MAX.  A domain of one label makes no address ("Sales@Acme"); a
 * bare domain's last label is in the public suffix list; academic degrees
 * that look like domains ("M.Sc.") are none. */
#define NAME_FOUND_MAX 64
struct name_found {
	const char *text[NAME_FOUND_MAX];
	size_t count;
};
void name_find_addresses(struct arena *arena, const char *name,
			 struct name_found *out);

/* Ready for a terminal and for markup: control, bidi and invisible characters
 * become visible (U+FFFD, or [U+200D] style), invalid UTF-8 becomes U+FFFD,
 * white space one blank, `<` `>` `&` become look-alikes that no markup knows;
 * cut at NAME_SHOWN_MAX columns with an ellipsis.  name NULL: "". NULL: no
 * memory. */
#define NAME_SHOWN_MAX 120
const char *name_shown(struct arena *arena, const char *name);

/* "Alice <alice@example.org>", quoted where RFC 5322 wants it; name NULL:
 * the address alone.  Both neutralised; an address is never cut, its end is
 * what tells. */
const char *name_shown_from(struct arena *arena, const char *name,
			    const char *address);

#endif
