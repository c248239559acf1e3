/* smime.c - mailseal-smime: behind Mutt's own S/MIME menu */
#include <stddef.h>

#include "plugins/mutt/crypto.h"
#include "plugins/mutt/smime.h"

static const char usage[] =
	"Usage: mailseal-smime VERB WORD...\n"
	"What Mutt's S/MIME menu calls, by the lines of mailseal's rc file.\n"
	"  verify f=FILE s=FILE   a signature beside its text\n"
	"  opaque s=FILE          a signature around its text\n"
	"  decrypt f=FILE         its content to standard output\n"
	"  closed                 says why it stays closed\n"
	"  sign f=FILE d=DIGEST   a signature beside it, DER\n"
	"  encrypt f=FILE NAME... to names of the list, DER\n"
	"  index                  writes the list of certificates\n"
	"  rc                     the same, and prints settings for it\n"
	"  getsigner f=FILE c=FILE, certemail f=FILE\n"
	"                         whose the signature on a message is\n"
	"  pk7out, getcert, import f=FILE\n"
	"                         keeps the certificate that came with a "
	"message\n"
	"  --version, --help\n"
	"See mailseal-smime(1) and mailseal-mutt(7).\n";

static const struct crypto_verb verbs[] = {
	{ "verify", smime_verify }, { "opaque", smime_opaque },
	{ "decrypt", smime_decrypt }, { "getsigner", smime_signer },
	{ "certemail", smime_pass }, { "pk7out", smime_keep },
	{ "sign", smime_sign }, { "encrypt", smime_encrypt },
	{ "index", smime_index }, { "rc", smime_rc },
	{ "getcert", smime_pass }, { "import", smime_pass },
	{ "closed", crypto_closed },
	{ NULL, NULL }
};

int main(int argc, char **argv)
{
	return crypto_main(argc, argv, "mailseal-smime", usage, verbs);
}
