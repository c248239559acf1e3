/* clerk_bags.c - the private keys of a PKCS #12, by their number
 *
 * OpenSSL hands over the first one alone, and says nothing of others. */
#include <openssl/err.h>
#include <openssl/pkcs12.h>

#include "agent/keys/clerk_inside.h"

struct search {
	const char *word;		/* the passphrase; NULL: none */
	unsigned nth, count;
	EVP_PKEY *key;
};

static int word_len(const char *word)
{
	return word == NULL ? 0 : (int)strlen(word);
}

/* NULL: it is damaged, or of a kind that is not known here. */
static EVP_PKEY *bag_key(const PKCS12_SAFEBAG *bag, const char *word)
{
	PKCS8_PRIV_KEY_INFO *info;
	EVP_PKEY *key = NULL;

	if (PKCS12_SAFEBAG_get_nid(bag) == NID_keyBag)
		return EVP_PKCS82PKEY(PKCS12_SAFEBAG_get0_p8inf(bag));
	info = PKCS12_decrypt_skey(bag, word, word_len(word));
	if (info != NULL)
		key = EVP_PKCS82PKEY(info);
	PKCS8_PRIV_KEY_INFO_free(info);
	return key;
}

static void bags_search(struct search *search,
			const STACK_OF(PKCS12_SAFEBAG) *bags)
{
	const PKCS12_SAFEBAG *bag;
	int i, nid;

	for (i = 0; i < sk_PKCS12_SAFEBAG_num(bags); i++) {
		bag = sk_PKCS12_SAFEBAG_value(bags, i);
		nid = PKCS12_SAFEBAG_get_nid(bag);
		if (nid != NID_keyBag && nid != NID_pkcs8ShroudedKeyBag)
			continue;
		if (++search->count == search->nth)
			search->key = bag_key(bag, search->word);
	}
}

unsigned clerk_bags(const PKCS12 *p12, const char *word, unsigned nth,
		    EVP_PKEY **key)
{
	STACK_OF(PKCS7) *safes = PKCS12_unpack_authsafes(p12);
	struct search search = { word, nth, 0, NULL };
	STACK_OF(PKCS12_SAFEBAG) *bags;
	PKCS7 *safe;
	int i;

	for (i = 0; i < sk_PKCS7_num(safes); i++) {
		safe = sk_PKCS7_value(safes, i);
		bags = NULL;
		if (PKCS7_type_is_data(safe))
			bags = PKCS12_unpack_p7data(safe);
		else if (PKCS7_type_is_encrypted(safe))
			bags = PKCS12_unpack_p7encdata(safe, word,
						       word_len(word));
		bags_search(&search, bags);
		sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	}
	sk_PKCS7_pop_free(safes, PKCS7_free);
	ERR_clear_error();
	*key = search.key;
	return search.count;
}
