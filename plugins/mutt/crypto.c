/* crypto.c - words in, the agent asked, a whole answer out */
#include "plugins/mutt/crypto.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#define PIECE		65536
#define ALIVE_MS	5000	/* Mutt stands still meanwhile */
#define REASONS_MAX	16	/* sentences that are told */

void crypto_say(const char *format, ...)
{
	va_list arguments;
	char *text = NULL;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	(void)fputs("mailseal: ", stderr);
	mailseal_text_put(text == NULL ? "out of memory." : text, stderr);
	(void)fputc('\n', stderr);
	free(text);
}

const char *crypto_value(const struct crypto_call *call, char letter)
{
	const char *value = call->values[letter - 'a'];

	return value != NULL && value[0] != 0 ? value : NULL;
}

struct mailseal *crypto_bus(struct crypto_call *call)
{
	enum mailseal_status status;
	char why[512];

	if (call->mailseal == NULL) {
		call->mailseal = mailseal_open(&status, why, sizeof(why));
		if (call->mailseal == NULL)
			crypto_say("%s", why);
	}
	return call->mailseal;
}

struct mailseal *crypto_agent(struct crypto_call *call)
{
	char why[512];

	if (crypto_bus(call) == NULL ||
	    mailseal_alive(call->mailseal, ALIVE_MS, why, sizeof(why)) !=
	    MAILSEAL_TIMED_OUT)
		return call->mailseal;
	crypto_say("%s", why);
	return NULL;
}

int crypto_file(const struct crypto_call *call, char letter)
{
	const char *path = crypto_value(call, letter);
	int fd;

	if (path == NULL) {
		crypto_say("the word %c=FILE is missing; source mailseal's rc "
			   "file instead of writing the command by hand.",
			   letter);
		return -1;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		crypto_say("%s: %s.", path, strerror(errno));
	return fd;
}

/* How many octets; -1 and errno. */
static ssize_t copy_all(int from, int to)
{
	char *piece = malloc(PIECE);
	ssize_t got = -1, total = 0;

	if (piece == NULL)
		return -1;
	while ((got = read(from, piece, PIECE)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 || mailseal_write(to, piece, (size_t)got) < 0) {
			total = -1;
			break;
		}
		total += got;
	}
	explicit_bzero(piece, PIECE);
	free(piece);
	return total;
}

int crypto_wrap(const char *before, int fd, const char *behind)
{
	int to = memfd_create("entity", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (to >= 0 && mailseal_write(to, before, strlen(before)) == 0 &&
	    (fd < 0 || copy_all(fd, to) >= 0) &&
	    mailseal_write(to, behind, strlen(behind)) == 0 &&
	    fcntl(to, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK |
		  F_SEAL_GROW | F_SEAL_SEAL) == 0)
		return to;
	crypto_say("what Mutt handed over cannot be read: %s.",
		   strerror(errno));
	if (to >= 0)
		(void)close(to);
	return -1;
}

/* Standard input is the terminal, or has the passphrase that Mutt asked for;
 * its name is enough for pinentry. */
void crypto_places(struct mailseal_option options[CRYPTO_PLACES])
{
	const char *tty = getenv("GPG_TTY");
	int fd;

	for (fd = 0; fd <= 2 && (tty == NULL || tty[0] == 0); fd++)
		tty = ttyname(fd);
	options[0] = (struct mailseal_option){ "tty", tty, MAILSEAL_TEXT, 0 };
	options[1] = (struct mailseal_option){ "term", getenv("TERM"),
					       MAILSEAL_TEXT, 0 };
	options[2] = (struct mailseal_option){ "display", getenv("DISPLAY"),
					       MAILSEAL_TEXT, 0 };
}

bool crypto_is(const struct mailseal_report *report, const char *key,
	       const char *word)
{
	const char *text = mailseal_report_text(report, key);

	return text != NULL && strcmp(text, word) == 0;
}

void crypto_tell(const struct mailseal_report *report)
{
	const char *line = mailseal_report_text(report, "line"), *text;
	unsigned nth;

	if (line != NULL)
		crypto_say("%s", line);
	for (nth = 0; nth < REASONS_MAX; nth++) {
		text = mailseal_report_member(report, "seal_reasons", nth,
					      "text");
		if (text == NULL)
			break;
		crypto_say("%s", text);
	}
}

bool crypto_content(struct crypto_call *call, struct mailseal_pending *pending,
		    int *content, size_t *size,
		    struct mailseal_report **report)
{
	char why[CRYPTO_WHY_MAX];
	int64_t wanted;
	ssize_t got = -1;
	int from;

	*content = -1;
	if (mailseal_content_end(call->mailseal, pending, &from, report, why,
				 sizeof(why)) != MAILSEAL_OK) {
		crypto_say("%s", why);
		return false;
	}
	wanted = mailseal_report_number(*report, "content_size",
			mailseal_report_number(*report, "size", -1));
	*content = memfd_create("content", MFD_CLOEXEC);
	if (*content >= 0)
		got = copy_all(from, *content);
	(void)close(from);
	/* No size is told where nothing may leave. */
	if (got >= 0 && got == (wanted < 0 ? 0 : wanted) &&
	    lseek(*content, 0, SEEK_SET) == 0) {
		*size = (size_t)got;
		return true;
	}
	if (got < 0)
		crypto_say("the content cannot be kept: %s.", strerror(errno));
	else
		crypto_say("the content was cut off after %zd of %lld bytes; "
			   "try again.", got, (long long)wanted);
	if (*content >= 0)
		(void)close(*content);
	mailseal_report_free(*report);
	return false;
}

bool crypto_decrypt(struct crypto_call *call, int entity, int *content,
		    size_t *size, struct mailseal_report **report)
{
	struct mailseal_option options[CRYPTO_PLACES + 1];
	struct mailseal_pending *pending;

	crypto_places(options);
	options[CRYPTO_PLACES] = (struct mailseal_option){
		NULL, NULL, MAILSEAL_TEXT, 0 };
	if (entity < 0)
		return false;
	if (crypto_agent(call) == NULL) {
		(void)close(entity);
		return false;
	}
	pending = mailseal_entity_decrypt_start(call->mailseal, entity,
						options);
	(void)close(entity);
	if (!crypto_content(call, pending, content, size, report))
		return false;
	if (!crypto_is(*report, "encryption.status", "opened"))
		return true;
	call->opened = opened_put(getenv("MAILSEAL_MUTT"));
	if (call->opened != OPENED_FAILED)
		return true;
	crypto_say("It was encrypted, and that cannot be noted, so that an "
		   "answer could leave in the clear: there is no room in the "
		   "runtime folder. It stays closed.");
	(void)close(*content);
	mailseal_report_free(*report);
	return false;
}

void crypto_opened(const struct crypto_call *call)
{
	opened_line_put(getenv("MAILSEAL_MUTT"), call->opened, stderr);
}

struct mailseal_report *crypto_verify(struct crypto_call *call,
				      const char *scheme)
{
	const struct mailseal_option options[] = {
		{ "scheme", scheme, MAILSEAL_TEXT, 0 },
		{ NULL, NULL, MAILSEAL_TEXT, 0 }
	};
	int entity = crypto_file(call, 'f'), signature = -1;
	struct mailseal_report *report = NULL;
	struct mailseal *mailseal = NULL;
	char why[CRYPTO_WHY_MAX];

	if (entity >= 0)
		signature = crypto_file(call, 's');
	if (signature >= 0)
		mailseal = crypto_agent(call);
	if (mailseal != NULL &&
	    mailseal_check_end(mailseal,
			       mailseal_entity_verify_start(mailseal, entity,
							    signature,
							    options),
			       &report, why, sizeof(why)) != MAILSEAL_OK) {
		crypto_say("%s", why);
		report = NULL;
	}
	if (entity >= 0)
		(void)close(entity);
	if (signature >= 0)
		(void)close(signature);
	return report;
}

int crypto_give(int content)
{
	ssize_t put = copy_all(content, STDOUT_FILENO);

	(void)close(content);
	if (put >= 0)
		return EX_OK;
	crypto_say("standard output: %s.", strerror(errno));
	return EX_IOERR;
}

/* --- the command line */

/* "x=VALUE", else one of the rest. */
static void words_read(struct crypto_call *call, int argc, char **argv)
{
	int at;

	for (at = 0; at < argc; at++)
		if (argv[at][0] >= 'a' && argv[at][0] <= 'z' &&
		    argv[at][1] == '=')
			call->values[argv[at][0] - 'a'] = argv[at] + 2;
		else
			call->rest[call->rest_count++] = argv[at];
}

int crypto_main(int argc, char **argv, const char *program,
		const char *usage, const struct crypto_verb *verbs)
{
	struct crypto_call call;
	int status;

	if (argc > 1 && strcmp(argv[1], "--help") == 0)
		return fputs(usage, stdout) < 0 ? EX_IOERR : EX_OK;
	if (argc > 1 && strcmp(argv[1], "--version") == 0)
		return printf("%s " MAILSEAL_VERSION "\n", program) < 0 ?
		       EX_IOERR : EX_OK;
	for (; argc > 1 && verbs->name != NULL; verbs++)
		if (strcmp(verbs->name, argv[1]) == 0)
			break;
	if (argc < 2 || verbs->name == NULL) {
		crypto_say("%s does not know \"%s\"; --help lists what it "
			   "does.", program, argc < 2 ? "" : argv[1]);
		return EX_USAGE;
	}
	(void)signal(SIGPIPE, SIG_IGN);
	(void)umask(077);
	memset(&call, 0, sizeof(call));
	call.program = program;
	call.rest = calloc((size_t)argc, sizeof(*call.rest));
	if (call.rest == NULL)
		return EX_OSERR;
	words_read(&call, argc - 2, argv + 2);
	status = verbs->serve(&call);
	mailseal_close(call.mailseal);
	free(call.rest);
	return status;
}

int crypto_closed(struct crypto_call *call)
{
	(void)call;
	(void)fputs("[GNUPG:] DECRYPTION_FAILED\n", stderr);
	crypto_say("A part of this message is encrypted by itself, and stays "
		   "closed: what is beside it may come from anybody. To open "
		   "it alone, pipe the message to mailseal open --part.");
	return EX_UNAVAILABLE;
}
