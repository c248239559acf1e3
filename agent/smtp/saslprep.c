/* saslprep.c - preparing user names and passwords */
#include "agent/smtp/saslprep.h"

#include <pthread.h>
#include <stdlib.h>
#include <unicode/usprep.h>
#include <unicode/ustring.h>

#include "agent/base/err.h"

#define UNITS_MAX 4096		/* UTF-16 units of what comes out */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static UStringPrepProfile *profile;	/* never closed */

static void profile_open(void)
{
	UErrorCode error = U_ZERO_ERROR;

	profile = usprep_openByType(USPREP_RFC4013_SASLPREP, &error);
	if (U_FAILURE(error))
		profile = NULL;
}

void saslprep_prepare(void)
{
	(void)pthread_once(&once, profile_open);
}

/* Printable ASCII is its own prepared form. */
static bool is_plain(struct bytes text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (text.data[i] < ' ' || text.data[i] > '~')
			return false;
	return true;
}

/* `units` has room for twice UNITS_MAX: in and out. */
static int prepare(struct bytes from, UChar *units, struct buf *to)
{
	UErrorCode error = U_ZERO_ERROR;
	char text[UNITS_MAX];
	struct bytes bytes = { (unsigned char *)text, 0 };
	int32_t len = 0;

	u_strFromUTF8(units, UNITS_MAX, &len, (const char *)from.data,
		      (int32_t)from.len, &error);
	if (U_SUCCESS(error))
		len = usprep_prepare(profile, units, len, units + UNITS_MAX,
				     UNITS_MAX, USPREP_DEFAULT, NULL, &error);
	if (U_SUCCESS(error))
		u_strToUTF8(text, sizeof(text), &len, units + UNITS_MAX, len,
			    &error);
	if (U_SUCCESS(error)) {
		bytes.len = (size_t)len;
		buf_add(to, bytes);
	}
	explicit_bzero(text, sizeof(text));
	if (error == U_BUFFER_OVERFLOW_ERROR || to->full)
		return ERR_LIMIT;
	return U_SUCCESS(error) ? 0 : ERR_SYNTAX;
}

int saslprep(struct bytes from, struct buf *to)
{
	size_t size = UNITS_MAX * 2 * sizeof(UChar);
	UChar *units;
	int r;

	if (is_plain(from)) {
		buf_add(to, from);
		return to->full ? ERR_LIMIT : 0;
	}
	(void)pthread_once(&once, profile_open);
	if (profile == NULL)
		return ERR_UNSUPPORTED;
	if (from.len > UNITS_MAX)
		return ERR_LIMIT;
	units = malloc(size);
	if (units == NULL)
		return ERR_MEMORY;
	r = prepare(from, units, to);
	explicit_bzero(units, size);
	free(units);
	return r;
}
