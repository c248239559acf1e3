/* smime_recipient.c - recipients of an envelope against own certificates */
#include "agent/crypto/smime_recipient.h"

#include <openssl/cms.h>

#include "agent/crypto/smime.h"

static bool is_for_agreement(CMS_RecipientInfo *info, X509 *own)
{
	STACK_OF(CMS_RecipientEncryptedKey) *keys =
		CMS_RecipientInfo_kari_get0_reks(info);
	int i;

	for (i = 0; i < sk_CMS_RecipientEncryptedKey_num(keys); i++)
		if (CMS_RecipientEncryptedKey_cert_cmp(
			    sk_CMS_RecipientEncryptedKey_value(keys, i),
			    own) == 0)
			return true;
	return false;
}

static bool is_for(CMS_RecipientInfo *info, X509 *own)
{
	switch (CMS_RecipientInfo_type(info)) {
	case CMS_RECIPINFO_TRANS:
		return CMS_RecipientInfo_ktri_cert_cmp(info, own) == 0;
	case CMS_RECIPINFO_AGREE:
		return is_for_agreement(info, own);
	default:
		return false;
	}
}

bool smime_recipient_is_known(CMS_RecipientInfo *info)
{
	static const int known[] = {
		NID_rsaEncryption, NID_rsaesOaep,
		NID_dhSinglePass_stdDH_sha1kdf_scheme,
		NID_dhSinglePass_stdDH_sha256kdf_scheme,
		NID_dhSinglePass_stdDH_sha384kdf_scheme,
		NID_dhSinglePass_stdDH_sha512kdf_scheme,
	};
	X509_ALGOR *algorithm = NULL;
	const ASN1_OBJECT *name = NULL;
	size_t i;

	if (CMS_RecipientInfo_type(info) == CMS_RECIPINFO_TRANS)
		(void)CMS_RecipientInfo_ktri_get0_algs(info, NULL, NULL,
						       &algorithm);
	else
		(void)CMS_RecipientInfo_kari_get0_alg(info, &algorithm, NULL);
	if (algorithm == NULL)
		return false;
	X509_ALGOR_get0(&name, NULL, NULL, algorithm);
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i] == OBJ_obj2nid(name))
			return true;
	return false;
}

CMS_RecipientInfo *smime_recipient(const struct smime_world *world,
				   CMS_ContentInfo *cms, X509 **own,
				   size_t *count)
{
	STACK_OF(CMS_RecipientInfo) *infos = CMS_get0_RecipientInfos(cms);
	int i, all = sk_CMS_RecipientInfo_num(infos);
	CMS_RecipientInfo *info;
	size_t of;

	*count = all > 0 ? (size_t)all : 0;
	for (of = 0; of < world->own_count; of++)
		for (i = 0; i < all; i++) {
			info = sk_CMS_RecipientInfo_value(infos, i);
			if (!is_for(info, world->own[of]))
				continue;
			*own = world->own[of];
			return info;
		}
	return NULL;
}
