/* keys_make.c - mailseal keys generate, import, request */
#include "plugins/cli/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "plugins/cli/cli.h"

/* Tells of the key that a call made. */
static int made(struct mailseal *mailseal, struct mailseal_pending *pending,
		const char *done)
{
	struct mailseal_report *key = NULL;
	enum mailseal_status status;
	const char *fingerprint, *folder;
	int64_t left;
	char why[1024];

	status = mailseal_check_end(mailseal, pending, &key, why, sizeof(why));
	if (status != MAILSEAL_OK)
		return keys_failed(mailseal, status, why);
	fingerprint = mailseal_report_text(key, "fingerprint");
	folder = mailseal_report_text(key, "folder");
	(void)printf("%s %s\n", done, fingerprint == NULL ? "?" : fingerprint);
	if (mailseal_report_text(key, "certificate") != NULL)
		(void)printf("Its certificate is %s/%s.crt\n",
			     folder == NULL ? "?" : folder,
			     fingerprint == NULL ? "?" : fingerprint);
	else
		(void)printf("It has no certificate yet: \"mailseal keys "
			     "request\" asks an authority for one, \"mailseal "
			     "keys import\" with --address makes one.\n");
	left = mailseal_report_number(key, "left", 0);
	if (left > 0)
		(void)printf("Not imported: %lld more of the private keys in "
			     "the file. Import each by its number, --key 1 to "
			     "--key %lld.\n", (long long)left,
			     (long long)left + 1);
	mailseal_report_free(key);
	return EX_OK;
}

int keys_generate(struct mailseal *mailseal, const struct keys_words *words)
{
	struct keys_words with = *words;
	struct mailseal_option options[KEYS_OPTIONS];

	if (words->first == NULL && words->address == NULL) {
		complain("say for which address the key is: mailseal keys "
			 "generate ADDRESS");
		return EX_USAGE;
	}
	if (with.address == NULL)
		with.address = words->first;
	keys_options(&with, options);
	return made(mailseal, mailseal_key_generate_start(mailseal, options),
		    "Made the key");
}

int keys_import(struct mailseal *mailseal, const struct keys_words *words)
{
	struct mailseal_option options[KEYS_OPTIONS];
	int status = EX_NOINPUT, file;
	char why[512];

	if (words->first == NULL) {
		complain("say which file to import; \"-\" is standard input.");
		return EX_USAGE;
	}
	file = mailseal_file_open(words->first, MAILSEAL_FILE_ANY, why,
				  sizeof(why));
	if (file < 0) {
		complain("%s: %s.", words->first, why);
	} else {
		keys_options(words, options);
		status = made(mailseal,
			      mailseal_key_import_start(mailseal, file,
							options),
			      "Imported the key");
	}
	if (file > STDIN_FILENO)
		(void)close(file);
	return status;
}

/* Everything from one descriptor to the other. */
static int copy(int from, int to)
{
	char room[8192];
	ssize_t got, wrote, done;
	off_t at = 0;

	while ((got = pread(from, room, sizeof(room), at)) != 0) {
		if (got < 0)
			return -1;
		for (done = 0; done < got; done += wrote) {
			wrote = write(to, room + done, (size_t)(got - done));
			if (wrote < 0)
				return -1;
		}
		at += got;
	}
	return 0;
}

int keys_request(struct mailseal *mailseal, const struct keys_words *words)
{
	struct mailseal_option options[KEYS_OPTIONS];
	enum mailseal_status status;
	int request, to = STDOUT_FILENO, r;
	char why[1024];

	keys_options(words, options);
	status = mailseal_key_request(mailseal, words->first == NULL ? "" :
				      words->first, options, &request, why,
				      sizeof(why));
	if (status != MAILSEAL_OK)
		return keys_failed(mailseal, status, why);
	if (words->output != NULL)
		to = open(words->output, O_WRONLY | O_CREAT | O_TRUNC |
			  O_CLOEXEC, 0644);
	r = to < 0 ? -1 : copy(request, to);
	if (to >= 0 && to != STDOUT_FILENO && close(to) < 0)
		r = -1;
	if (r < 0)
		complain("%s: %s.", words->output == NULL ? "standard output" :
			 words->output, strerror(errno));
	(void)close(request);
	return r < 0 ? EX_CANTCREAT : EX_OK;
}
