/* keys.c - mailseal keys: the user's own keys */
#include "plugins/cli/keys.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "plugins/cli/cli.h"
#include "plugins/cli/keys_find.h"

#define KEYS_MAX 64

static const char usage[] =
	"Usage: mailseal keys COMMAND ...\n\n"
	"  list [--json]\n"
	"  generate ADDRESS [--name NAME] [--days N] [--algorithm KIND]\n"
	"      a new key with a certificate by itself; KIND is rsa3072 (if "
	"not said),\n"
	"      rsa4096, rsa2048, p256 or p384\n"
	"  import FILE [--key N] [--address ADDRESS] [--name NAME]\n"
	"      a key from PKCS #12 or PEM, or the certificate of a key that is "
	"here;\n"
	"      a key without one gets one for ADDRESS; N: which of several "
	"keys\n"
	"  request [KEY] [--address ADDRESS] [--name NAME] [-o FILE]\n"
	"      a request for a certificate, to send to an authority\n"
	"  remove KEY [--yes]\n"
	"  unlock [KEY]\n"
	"  lock\n"
	"  find ADDRESS         what is known to encrypt to ADDRESS with\n"
	"  publish ADDRESS      the DNS records of your keys for ADDRESS\n\n"
	"KEY is the first digits of a fingerprint (8 at least) or an address; "
	"without\none the only key is meant. Passphrases are asked by your "
	"pinentry.\nSee mailseal-keys(1).\n";

/* --- the command line */

/* Where the value of an option goes; NULL: it has none, or is not known. */
static const char **value_of(struct keys_words *words, const char *option)
{
	if (strcmp(option, "--address") == 0)
		return &words->address;
	if (strcmp(option, "--name") == 0)
		return &words->name;
	if (strcmp(option, "--algorithm") == 0)
		return &words->algorithm;
	return strcmp(option, "-o") == 0 || strcmp(option, "--output") == 0 ?
	       &words->output : NULL;
}

/* `options`: names, each between blanks. */
static bool is_among(const char *options, const char *name)
{
	char word[32];
	int len = snprintf(word, sizeof(word), " %s ", name);

	return len < (int)sizeof(word) && strstr(options, word) != NULL;
}

static bool number_read(const char *option, const char *text, long long most,
			long long *out)
{
	char *end = NULL;

	*out = strtoll(text, &end, 10);
	if (end != text && *end == '\0' && *out > 0 && *out <= most)
		return true;
	complain("%s takes a number from 1 to %lld, not \"%s\".", option,
		 most, text);
	return false;
}

/* One option, and how many words it took; 0: said what is wrong. */
static int option_read(int left, char **argv, struct keys_words *words)
{
	const char **value = value_of(words, argv[0]);

	if (strcmp(argv[0], "--json") == 0) {
		words->json = true;
		return 1;
	}
	if (strcmp(argv[0], "--yes") == 0 || strcmp(argv[0], "-y") == 0) {
		words->yes = true;
		return 1;
	}
	if (left > 1 && strcmp(argv[0], "--days") == 0)
		return number_read(argv[0], argv[1], 36500, &words->days) ? 2 :
			0;
	if (left > 1 && strcmp(argv[0], "--key") == 0)
		return number_read(argv[0], argv[1], 64, &words->key) ? 2 : 0;
	if (left > 1 && value != NULL) {
		*value = argv[1];
		return 2;
	}
	complain("the option \"%s\" is incomplete or unknown; mailseal keys "
		 "--help lists them.", argv[0]);
	return 0;
}

/* Whether there is a word beside the options: which key, file, address. */
enum keys_takes { KEYS_NO_WORD, KEYS_WORD };

static bool words_read(int argc, char **argv, const char *options,
		       enum keys_takes takes, struct keys_words *words)
{
	int at = 0, took;

	memset(words, 0, sizeof(*words));
	words->days = words->key = -1;
	while (at < argc) {
		if (argv[at][0] != '-' || argv[at][1] == '\0') {
			if (words->first != NULL || takes == KEYS_NO_WORD) {
				complain("\"%s\" is one word too many; "
					 "mailseal keys --help tells more.",
					 argv[at]);
				return false;
			}
			words->first = argv[at++];
			continue;
		}
		if (!is_among(options, argv[at])) {
			complain("there is no option \"%s\" here; mailseal "
				 "keys --help lists them.", argv[at]);
			return false;
		}
		took = option_read(argc - at, argv + at, words);
		if (took == 0)
			return false;
		at += took;
	}
	return true;
}

void keys_options(const struct keys_words *words,
		  struct mailseal_option options[KEYS_OPTIONS])
{
	const char *tty = getenv("GPG_TTY");
	const struct mailseal_option all[KEYS_OPTIONS] = {
		{ "tty", tty != NULL && tty[0] != '\0' ? tty :
			 ttyname(STDIN_FILENO), MAILSEAL_TEXT, 0 },
		{ "term", getenv("TERM"), MAILSEAL_TEXT, 0 },
		{ "display", getenv("DISPLAY"), MAILSEAL_TEXT, 0 },
		{ "address", words->address, MAILSEAL_TEXT, 0 },
		{ "name", words->name, MAILSEAL_TEXT, 0 },
		{ "algorithm", words->algorithm, MAILSEAL_TEXT, 0 },
		{ "days", NULL, MAILSEAL_NUMBER, words->days },
		{ "key", NULL, MAILSEAL_NUMBER, words->key },
		{ NULL, NULL, MAILSEAL_TEXT, 0 }
	};

	memcpy(options, all, sizeof(all));
}

/* --- what went wrong */

int keys_failed(const struct mailseal *mailseal, enum mailseal_status status,
		const char *why)
{
	size_t len = strlen(why);

	complain("%s%s", why, len > 0 && why[len - 1] == '.' ? "" : ".");
	/* Of a file to import, which has none. */
	if (status == MAILSEAL_REFUSED &&
	    strcmp(mailseal_error(mailseal), "NoKey") == 0)
		return EX_DATAERR;
	return refusal_status(mailseal, status);
}

/* --- the commands */

static int keys_list(struct mailseal *mailseal, const struct keys_words *words)
{
	struct mailseal_report *keys[KEYS_MAX];
	enum mailseal_status status;
	size_t count = 0, i;
	char why[1024];

	status = mailseal_list_end(mailseal, mailseal_keys_start(mailseal),
				   keys, KEYS_MAX, &count, why, sizeof(why));
	if (status != MAILSEAL_OK)
		return keys_failed(mailseal, status, why);
	for (i = 0; i < count; i++) {
		if (words->json) {
			mailseal_report_json(keys[i], NULL, stdout);
			(void)putchar('\n');
		} else {
			if (i > 0)
				(void)putchar('\n');
			keys_print(keys[i]);
		}
		mailseal_report_free(keys[i]);
	}
	if (count == 0 && !words->json)
		(void)puts("There are no keys; \"mailseal keys generate "
			   "ADDRESS\" makes one, \"mailseal keys import FILE\" "
			   "takes one.");
	return EX_OK;
}

static int keys_unlock(struct mailseal *mailseal,
		       const struct keys_words *words)
{
	struct mailseal_option options[KEYS_OPTIONS];
	enum mailseal_status status;
	char why[1024];

	keys_options(words, options);
	status = mailseal_key_unlock(mailseal, words->first == NULL ? "" :
				     words->first, options, why, sizeof(why));
	return status == MAILSEAL_OK ? EX_OK :
	       keys_failed(mailseal, status, why);
}

static int keys_lock(struct mailseal *mailseal, const struct keys_words *words)
{
	enum mailseal_status status;
	char why[1024];

	(void)words;
	status = mailseal_keys_lock(mailseal, why, sizeof(why));
	return status == MAILSEAL_OK ? EX_OK :
	       keys_failed(mailseal, status, why);
}

/* There is no way back, and mail that was encrypted to the key stays shut. */
static bool is_meant(const char *key)
{
	char answer[16];

	if (!isatty(STDIN_FILENO)) {
		complain("remove deletes the key for ever; say --yes to do so "
			 "without a terminal.");
		return false;
	}
	(void)printf("Delete the key %s for ever? Mail that was encrypted to "
		     "it stays closed. [yes/no] ", key);
	(void)fflush(stdout);
	return fgets(answer, sizeof(answer), stdin) != NULL &&
	       strcmp(answer, "yes\n") == 0;
}

static int keys_remove(struct mailseal *mailseal,
		       const struct keys_words *words)
{
	enum mailseal_status status;
	char why[1024];

	if (words->first == NULL) {
		complain("say which key to remove; mailseal keys list names "
			 "them.");
		return EX_USAGE;
	}
	if (!words->yes && !is_meant(words->first))
		return EX_NOPERM;
	status = mailseal_key_remove(mailseal, words->first, why, sizeof(why));
	return status == MAILSEAL_OK ? EX_OK :
	       keys_failed(mailseal, status, why);
}

static const struct {
	const char *name;
	const char *options;
	enum keys_takes takes;
	int (*run)(struct mailseal *mailseal, const struct keys_words *words);
} commands[] = {
	{ "list", " --json ", KEYS_NO_WORD, keys_list },
	{ "generate", " --address --name --algorithm --days ", KEYS_WORD,
	  keys_generate },
	{ "import", " --address --name --key ", KEYS_WORD, keys_import },
	{ "request", " --address --name --output -o ", KEYS_WORD,
	  keys_request },
	{ "remove", " --yes -y ", KEYS_WORD, keys_remove },
	{ "unlock", " ", KEYS_WORD, keys_unlock },
	{ "lock", " ", KEYS_NO_WORD, keys_lock },
};

/* Commands that are about more than the user's S/MIME keys. */
static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} others[] = {
	{ "find", keys_find_command },
	{ "publish", keys_publish_command },
};

int keys_command(int argc, char **argv)
{
	struct keys_words words;
	struct mailseal *mailseal;
	int status = EX_USAGE;
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]) && argc > 0; i++)
		if (strcmp(others[i].name, argv[0]) == 0)
			return others[i].run(argc - 1, argv + 1);
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]) && argc > 0; i++)
		if (strcmp(commands[i].name, argv[0]) == 0)
			break;
	if (argc > 0 && strcmp(argv[argc > 1], "--help") == 0) {
		(void)fputs(usage, stdout);
		return EX_OK;
	}
	if (argc < 1 || i == sizeof(commands) / sizeof(commands[0])) {
		complain("keys has no such command; mailseal keys --help lists "
			 "them.");
		return EX_USAGE;
	}
	if (!words_read(argc - 1, argv + 1, commands[i].options,
			commands[i].takes, &words))
		return EX_USAGE;
	mailseal = connect_or_complain(&status);
	if (mailseal == NULL)
		return status;
	status = commands[i].run(mailseal, &words);
	mailseal_close(mailseal);
	return status;
}
