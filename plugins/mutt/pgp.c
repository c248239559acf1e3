/* pgp.c - mailseal-pgp: behind Mutt's own PGP menu */
#include <stddef.h>

#include "plugins/mutt/crypto.h"
#include "plugins/mutt/pgp.h"

static const char usage[] =
	"Usage: mailseal-pgp VERB WORD...\n"
	"What Mutt's PGP menu calls, by the lines of mailseal's rc file.\n"
	"  verify f=FILE s=FILE   a signature beside its text\n"
	"  decrypt f=FILE         its content to standard output\n"
	"  decode, import, closed say what to do instead\n"
	"  sign f=FILE a=KEY      a signature beside it\n"
	"  encrypt, encsign f=FILE a=KEY FINGERPRINT...\n"
	"  pubring ADDRESS...     the keys to encrypt to\n"
	"  secring                the user's own key for the From address\n"
	"  getkeys ADDRESS        whom the next message is from\n"
	"  --version, --help\n"
	"See mailseal-pgp(1) and mailseal-mutt(7).\n";

static const struct crypto_verb verbs[] = {
	{ "verify", pgp_verify }, { "decrypt", pgp_decrypt },
	{ "decode", pgp_decode }, { "getkeys", pgp_getkeys },
	{ "import", pgp_import }, { "sign", pgp_sign },
	{ "encrypt", pgp_encrypt }, { "encsign", pgp_encrypt_sign },
	{ "pubring", pgp_public }, { "secring", pgp_secret },
	{ "closed", crypto_closed },
	{ NULL, NULL }
};

int main(int argc, char **argv)
{
	return crypto_main(argc, argv, "mailseal-pgp", usage, verbs);
}
