/* report.c - the words that scripts compare */
#include "agent/dane/report.h"

static const char *const verdicts[] = {
	"dane", "pkix", "refused", "unknown"
};
_Static_assert(sizeof(verdicts) / sizeof(verdicts[0]) == DANE_UNKNOWN + 1,
	       "a verdict has no word");

static const char *const reasons[] = {
	"matched", "published", "no-records", "no-usable-records", "unsigned",
	"address-literal", "mismatch", "not-dane", "bad-certificate",
	"no-starttls", "injected", "old-tls", "tls-failed", "no-host",
	"not-offered", "bogus", "dns-silent", "unreachable", "broken",
	"cancelled", "trouble"
};
_Static_assert(sizeof(reasons) / sizeof(reasons[0]) == DANE_REASONS,
	       "a reason has no word");

const char *dane_verdict_word(enum dane_verdict verdict)
{
	return (unsigned)verdict > DANE_UNKNOWN ? "unknown" :
						  verdicts[verdict];
}

const char *dane_reason_word(enum dane_reason reason)
{
	return (unsigned)reason >= DANE_REASONS ? "trouble" : reasons[reason];
}
