/* smime_recipient.h - which of the user's certificates it is encrypted to
 *
 * RFC 5652 section 6.2: by issuer and serial number, or by key identifier, of
 * those that carry the content key by RSA or by agreement.
 * Does not do: look for the private key, unwrap (smime_decrypt.c). */
#ifndef MAILSEAL_CRYPTO_SMIME_RECIPIENT_H
#define MAILSEAL_CRYPTO_SMIME_RECIPIENT_H

#include <stdbool.h>
#include <stddef.h>

struct CMS_ContentInfo_st;
struct CMS_RecipientInfo_st;
struct smime_world;
struct x509_st;

/* In the order of the user's certificates: the first that has a place in
 * `cms`, which keeps it; *own is that certificate.  NULL: none has.  *count:
 * how many recipients there are. */
struct CMS_RecipientInfo_st *smime_recipient(const struct smime_world *world,
					     struct CMS_ContentInfo_st *cms,
					     struct x509_st **own,
					     size_t *count);

/* Whether the content key came in a way that can be followed here. */
bool smime_recipient_is_known(struct CMS_RecipientInfo_st *info);

#endif
