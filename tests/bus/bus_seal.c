/* bus_seal.c - Entity1, as a client with a menu of its own
 *
 *	bus_seal sign FILE OPTION=VALUE...
 *	bus_seal encrypt FILE RECIPIENT... OPTION=VALUE...
 *	bus_seal decrypt FILE OPTION=VALUE...
 *	bus_seal opened MESSAGE-ID
 *	bus_seal verify FILE SIGNATURE OPTION=VALUE...
 *
 * What comes out goes to standard output, of verify the report; an error goes
 * to standard error as NAME: SENTENCE. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proto/mailseal.h"

#define WORDS_MAX	32

struct words {
	const char *recipients[WORDS_MAX + 1];
	struct mailseal_option options[WORDS_MAX + 1];
};

static bool words_read(struct words *words, int argc, char **argv)
{
	size_t recipients = 0, options = 0;
	struct mailseal_option *option;
	char *equals;
	int i;

	memset(words, 0, sizeof(*words));
	if (argc > WORDS_MAX)
		return false;
	for (i = 0; i < argc; i++) {
		equals = strchr(argv[i], '=');
		if (equals == NULL) {
			words->recipients[recipients++] = argv[i];
			continue;
		}
		*equals = 0;
		option = &words->options[options++];
		option->key = argv[i];
		option->text = equals + 1;
		option->kind = MAILSEAL_TEXT;
		if (strcmp(option->text, "true") == 0) {
			option->kind = MAILSEAL_TRUTH;
			option->number = 1;
		}
	}
	return true;
}

static int copy_out(int from)
{
	char bytes[65536];
	ssize_t got;

	while ((got = read(from, bytes, sizeof(bytes))) > 0)
		if (fwrite(bytes, 1, (size_t)got, stdout) != (size_t)got)
			return EXIT_FAILURE;
	return got == 0 && fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int told(struct mailseal *mailseal, enum mailseal_status status,
		const char *why)
{
	(void)fprintf(stderr, "%s: %s\n", status == MAILSEAL_REFUSED ?
		      mailseal_error(mailseal) : "", why);
	return EXIT_FAILURE;
}

static int verify(struct mailseal *mailseal, int fd,
		  const struct words *words)
{
	int signature = open(words->recipients[0], O_RDONLY | O_CLOEXEC);
	struct mailseal_report *report = NULL;
	enum mailseal_status status;
	char why[4096] = "";

	status = mailseal_check_end(mailseal,
		mailseal_entity_verify_start(mailseal, fd, signature,
					     words->options),
		&report, why, sizeof(why));
	(void)close(signature);
	if (status != MAILSEAL_OK)
		return told(mailseal, status, why);
	mailseal_report_json(report, NULL, stdout);
	(void)putchar('\n');
	mailseal_report_free(report);
	return EXIT_SUCCESS;
}

static int run(struct mailseal *mailseal, const char *verb, int fd,
	       const struct words *words)
{
	struct mailseal_report *report = NULL;
	struct mailseal_pending *pending;
	enum mailseal_status status;
	char why[4096] = "";
	int content, r;

	if (strcmp(verb, "verify") == 0 && words->recipients[0] != NULL)
		return verify(mailseal, fd, words);
	if (strcmp(verb, "sign") == 0)
		pending = mailseal_entity_sign_start(mailseal, fd,
						     words->options);
	else if (strcmp(verb, "decrypt") == 0)
		pending = mailseal_entity_decrypt_start(mailseal, fd,
							words->options);
	else
		pending = mailseal_entity_encrypt_start(mailseal, fd,
							words->recipients,
							words->options);
	status = mailseal_content_end(mailseal, pending, &content, &report,
				      why, sizeof(why));
	if (status != MAILSEAL_OK)
		return told(mailseal, status, why);
	r = copy_out(content);
	(void)close(content);
	mailseal_report_free(report);
	return r;
}

static int opened(struct mailseal *mailseal, const char *id)
{
	char why[4096] = "";
	enum mailseal_status status = mailseal_entity_opened(mailseal, id, why,
							     sizeof(why));

	return status == MAILSEAL_OK ? EXIT_SUCCESS :
	       told(mailseal, status, why);
}

int main(int argc, char **argv)
{
	struct mailseal *mailseal;
	enum mailseal_status status;
	struct words words;
	char why[512] = "usage";
	int fd, r = EXIT_FAILURE;

	if (argc < 3 || !words_read(&words, argc - 3, argv + 3))
		return EXIT_FAILURE;
	mailseal = mailseal_open(&status, why, sizeof(why));
	if (mailseal != NULL && strcmp(argv[1], "opened") == 0) {
		r = opened(mailseal, argv[2]);
		mailseal_close(mailseal);
		return r;
	}
	fd = open(argv[2], O_RDONLY | O_CLOEXEC);
	if (mailseal != NULL && fd >= 0)
		r = run(mailseal, argv[1], fd, &words);
	else
		(void)fprintf(stderr, ": %s\n", why);
	mailseal_close(mailseal);
	if (fd >= 0)
		(void)close(fd);
	return r;
}
