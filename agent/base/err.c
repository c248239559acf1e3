/* err.c - the table of sentences */
#include "agent/base/err.h"

#include <stddef.h>

static const char *const sentences[] = {
	"no error",
	"a limit was passed",
	"this is not a mail message",
	"the text breaks its grammar",
	"the other side hung up",
	"it took too long",
	"the operating system refused",
	"the configuration is wrong",
	"a frame broke the channel's rules",
	"out of memory",
	"refused",
	"not supported here",
	"the key is locked",
};
_Static_assert(sizeof(sentences) / sizeof(sentences[0]) ==
	       1 - ERR_LOCKED, "an error has no sentence");

const char *err_sentence(int err)
{
	if (err > 0 || err < ERR_LOCKED)
		return "an unknown error";
	return sentences[-err];
}
