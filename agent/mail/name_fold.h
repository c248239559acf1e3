/* name_fold.h - the shape that two texts share when eyes confuse them
 *
 * NFKC, case folding and default-ignorable code points (NFKC_Casefold,
 * Unicode 3.13), skeletons (UTS 39 section 4), by ICU.  Beyond the standards:
 * a capital letter of another script that looks like a Latin one is that one,
 * though its small letter does not look so ("\u041D" and H).
 * Does not do: white space, punctuation. */
#ifndef MAILSEAL_MAIL_NAME_FOLD_H
#define MAILSEAL_MAIL_NAME_FOLD_H

#include <stdbool.h>

struct buf;

#define NAME_FOLD_MAX	4096	/* bytes of a text that is folded */
#define NAME_FOLDED_MAX	(3 * 4 * NAME_FOLD_MAX)	/* bytes it may become */

/* DROP: letters lose the marks of Unicode's combining blocks (accents,
 * strokes through them, circles around them), as names are compared. */
enum name_marks { NAME_MARKS_KEEP, NAME_MARKS_DROP };

/* False: not UTF-8, too long, no memory, or ICU has no data. */
bool name_fold(struct buf *to, const char *text, enum name_marks marks);

#endif
