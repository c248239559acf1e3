/* smime.h - the verbs of mailseal-smime
 *
 * What Mutt makes of each is in mailseal-smime(1).  Each gives an exit
 * status, which Mutt looks at for "verify" alone. */
#ifndef MAILSEAL_MUTT_SMIME_H
#define MAILSEAL_MUTT_SMIME_H

struct crypto_call;

int smime_verify(struct crypto_call *call);
int smime_opaque(struct crypto_call *call);
int smime_decrypt(struct crypto_call *call);
int smime_signer(struct crypto_call *call);
int smime_keep(struct crypto_call *call);
int smime_sign(struct crypto_call *call);
int smime_encrypt(struct crypto_call *call);
int smime_index(struct crypto_call *call);	/* writes Mutt's list */
int smime_rc(struct crypto_call *call);		/* that, and settings */
int smime_pass(struct crypto_call *call);	/* a file, as it is */

#endif
