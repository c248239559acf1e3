/* lab_pki.h - certificates of every kind, made while the test runs */
#ifndef MAILSEAL_LAB_PKI_H
#define MAILSEAL_LAB_PKI_H

#include <openssl/types.h>
#include <stdbool.h>
#include <stdint.h>

struct lab_identity {
	X509 *certificate;
	EVP_PKEY *key;
};

enum lab_key {
	LAB_RSA_2048, LAB_RSA_1024, LAB_RSA_512, LAB_RSA_3072, LAB_RSA_PSS,
	LAB_P256, LAB_P384, LAB_P521, LAB_ED25519, LAB_X25519
};

/* What is 0 or NULL is as most certificates for mail have it. */
struct lab_wish {
	enum lab_key kind;
	const char *name;		/* common name */
	const char *address;		/* rfc822Name; several by "," */
	const char *utf8_address;	/* SmtpUTF8Mailbox */
	const char *subject_address;	/* emailAddress in the subject */
	const char *usage;		/* keyUsage; "" : no such extension */
	const char *extended;		/* extendedKeyUsage; "" likewise */
	int64_t from, until;		/* seconds from now; 0, 0: a year */
	const struct lab_identity *issuer;	/* NULL: itself */
	bool authority;
	const EVP_MD *digest;		/* that the issuer signs; SHA-256 */
	const EVP_PKEY *same_key;	/* of another one */
};

/* Ends the program when it cannot be made: a test without its keys is none. */
struct lab_identity lab_identity_make(const struct lab_wish *wish);
void lab_identity_free(struct lab_identity *identity);

/* A list that revokes `revoked`, signed by `issuer`. */
X509_CRL *lab_crl_make(const struct lab_identity *issuer,
		       const X509 *revoked);

/* Into files, PEM, as peers want them. */
void lab_identity_write(const struct lab_identity *identity,
			const char *folder, const char *name);

#endif
