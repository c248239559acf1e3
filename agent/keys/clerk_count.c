/* clerk_count.c - how many private keys a PKCS #12 has
 *
 * OpenSSL hands over the first one alone, and says nothing of others. */
#include <openssl/err.h>
#include <openssl/pkcs12.h>

#include "agent/keys/clerk_inside.h"

static unsigned keys_in(const STACK_OF(PKCS12_SAFEBAG) *bags)
{
	unsigned count = 0;
	int i, nid;

	for (i = 0; i < sk_PKCS12_SAFEBAG_num(bags); i++) {
		nid = PKCS12_SAFEBAG_get_nid(sk_PKCS12_SAFEBAG_value(bags, i));
		if (nid == NID_keyBag || nid == NID_pkcs8ShroudedKeyBag)
			count++;
	}
	return count;
}

unsigned clerk_count(const PKCS12 *p12, const char *word)
{
	STACK_OF(PKCS7) *safes = PKCS12_unpack_authsafes(p12);
	STACK_OF(PKCS12_SAFEBAG) *bags;
	unsigned count = 0;
	PKCS7 *safe;
	int i;

	for (i = 0; i < sk_PKCS7_num(safes); i++) {
		safe = sk_PKCS7_value(safes, i);
		bags = NULL;
		if (PKCS7_type_is_data(safe))
			bags = PKCS12_unpack_p7data(safe);
		else if (PKCS7_type_is_encrypted(safe))
			bags = PKCS12_unpack_p7encdata(safe, word,
				word == NULL ? 0 : (int)strlen(word));
		count += keys_in(bags);
		sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	}
	sk_PKCS7_pop_free(safes, PKCS7_free);
	ERR_clear_error();
	return count;
}
