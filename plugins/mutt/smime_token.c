/* smime_token.c - from an address to a short name, and back by the list */
#include "plugins/mutt/smime_token.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "plugins/mutt/crypto.h"

#define PATH_LEN	512
#define BODY		(SMIME_TOKEN - 2)	/* then two letters of check */
#define LIST_LINE	1024

/* FNV-1a; names need not be secret, and two addresses of one name are told
 * apart by the list, which has neither then. */
static uint64_t hash(const char *text, size_t len, uint64_t seed)
{
	uint64_t value = 14695981039346656037U ^ seed;
	size_t i;

	for (i = 0; i < len; i++)
		value = (value ^ (unsigned char)text[i]) * 1099511628211U;
	return value ^ value >> 29;
}

static void letters(uint64_t value, size_t count, char *out)
{
	static const char set[] = "abcdefghijklmnopqrstuvwxyz234567";

	for (; count > 0; count--, value >>= 5)
		*out++ = set[value & 31];
}

void smime_token(const char *address, char out[SMIME_TOKEN + 1])
{
	letters(hash(address, strlen(address), 0), BODY, out);
	letters(hash(out, BODY, 1), SMIME_TOKEN - BODY, out + BODY);
	out[SMIME_TOKEN] = 0;
}

bool smime_token_holds(const char *token)
{
	char check[SMIME_TOKEN - BODY];

	if (strlen(token) != SMIME_TOKEN)
		return false;
	letters(hash(token, BODY, 1), sizeof(check), check);
	return memcmp(token + BODY, check, sizeof(check)) == 0;
}

bool smime_token_find(const char *token, char *address, size_t size)
{
	char path[PATH_LEN], line[LIST_LINE], *end;
	bool found = false;
	size_t len;
	FILE *list;

	if (!smime_token_holds(token) ||
	    !mailseal_runtime_folder(CRYPTO_FOLDER, path, sizeof(path)))
		return false;
	len = strlen(path);
	(void)snprintf(path + len, sizeof(path) - len, "/.index");
	list = fopen(path, "re");
	if (list == NULL)
		return false;
	while (fgets(line, sizeof(line), list) != NULL) {
		end = strchr(line, ' ');
		if (end == NULL ||
		    strncmp(end + 1, token, SMIME_TOKEN) != 0 ||
		    end[1 + SMIME_TOKEN] != ' ')
			continue;
		/* Two of one name: neither. */
		if (found || (size_t)(end - line) >= size) {
			found = false;
			break;
		}
		memcpy(address, line, (size_t)(end - line));
		address[end - line] = 0;
		found = true;
	}
	(void)fclose(list);
	return found;
}
