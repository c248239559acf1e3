/* provider_padding.c - which padding of RSA a parameter names
 *
 * By number or by word: OpenSSL's callers use both. */
#include <string.h>

#include <openssl/params.h>

#include "agent/keys/provider.h"

#define WORD_MAX 16

bool provider_padding(const OSSL_PARAM *param,
		      const struct provider_padding *known, uint8_t *scheme)
{
	char word[WORD_MAX] = "";
	char *to = word;
	int number = 0;

	if (param->data_type == OSSL_PARAM_INTEGER) {
		if (OSSL_PARAM_get_int(param, &number) != 1)
			return false;
	} else if (OSSL_PARAM_get_utf8_string(param, &to, sizeof(word)) != 1) {
		return false;
	}
	for (; known->word != NULL; known++) {
		if (number != known->number && strcmp(word, known->word) != 0)
			continue;
		*scheme = known->scheme;
		return true;
	}
	return false;
}
