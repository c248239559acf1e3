/* config_identity.c - addresses and fingerprints in the configuration */
#include "agent/base/config_identity.h"

#include <ctype.h>
#include <string.h>

#define PRINT_MIN	8
#define PRINT_MAX	64		/* of a SHA-256 */

bool config_address_fits(struct bytes text)
{
	struct bytes local, domain;

	return bytes_cut(text, '@', &local, &domain) && local.len > 0 &&
	       domain.len > 0 && memchr(text.data, '<', text.len) == NULL;
}

bool config_print_fits(struct bytes text)
{
	size_t digits = 0, i;

	if (bytes_starts(text, "0x") || bytes_starts(text, "0X"))
		text = bytes_slice(text, 2, text.len);
	for (i = 0; i < text.len; i++) {
		if (text.data[i] == ' ' || text.data[i] == ':')
			continue;
		if (text.data[i] > 127 || !isxdigit(text.data[i]))
			return false;
		digits++;
	}
	return digits >= PRINT_MIN && digits <= PRINT_MAX;
}
