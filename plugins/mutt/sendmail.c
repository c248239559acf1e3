/* sendmail.c - mailseal-sendmail: a drop-in for sendmail(8)
 *
 * Reads a message, hands it to the agent, says what became of it.  Nobody's
 * signal mask, umask or descriptors are inherited.  An agent that dies with
 * the call in hand is asked again with the same id, which sends nothing
 * twice. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "plugins/mutt/opened.h"
#include "plugins/mutt/sendmail_answer.h"
#include "plugins/mutt/sendmail_options.h"
#include "proto/mailseal.h"

#define REQUIRE_ROOM	256
#define ID_BYTES	16
#define TRIES		4
#define AGAIN_MS	500	/* until an agent that died is asked again */
#define ALIVE_MS	10000	/* until a slow agent is one that hangs */
#define RECIPIENTS_MAX	256	/* of one call; more are in the header */

static const char usage[] =
	"Usage: mailseal-sendmail [OPTION...] [--] [RECIPIENT...] <MESSAGE\n"
	"Hands a message to mailseal's agent, which signs or encrypts it by "
	"the policy of\nits account, queues it, and sends it over a connection "
	"that DANE verified.\nTakes the options of sendmail(8); those that "
	"mean something:\n\n"
	"  -t             recipients also from To, Cc and Bcc\n"
	"  -f, -r ADDR    the envelope sender (\"<>\" for none)\n"
	"  -F NAME        the full name, where the message has no From\n"
	"  -N NOTIFY      delivery status: never, or success,failure,delay\n"
	"  -R full|hdrs   what comes back with it, -V ID its envelope id\n"
	"  -odb, -odq     answers as soon as the mail is queued\n"
	"  -v             tells by which server it was sent\n"
	"  -q             tries the whole queue now\n"
	"  -bp            lists the queue, as mailq does\n"
	"  --account=NAME sends by that account\n"
	"  --require=encrypt,sign\n"
	"                 refuses a message that is not encrypted, not signed"
	"\n\n"
	"Exit status (sysexits): 0 when it was sent or queued; anything else: "
	"nobody\nhas it, and the first line on standard error says why.\n"
	"See mailseal-sendmail(1).\n";

/* What a mail client may have left behind. */
static void inheritance_drop(void)
{
	sigset_t none;
	int fd;

	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)signal(SIGCHLD, SIG_DFL);
	(void)signal(SIGPIPE, SIG_IGN);	/* an error where it happens */
	(void)umask(077);
	/* Descriptors 0 to 2 are there, or are /dev/null. */
	for (fd = open("/dev/null", O_RDWR); fd >= 0 && fd <= 2;)
		fd = open("/dev/null", O_RDWR);
	if (fd > 2)
		(void)close(fd);
	(void)close_range(3, ~0U, 0);
}

static struct mailseal *connect_to_agent(int *status)
{
	enum mailseal_status why_not;
	struct mailseal *mailseal;
	char why[512];

	mailseal = mailseal_open(&why_not, why, sizeof(why));
	if (mailseal == NULL)
		sendmail_say("not sent: %s", why);
	*status = EX_TEMPFAIL;
	return mailseal;
}

static bool id_make(char *id)
{
	unsigned char random[ID_BYTES];
	size_t i;

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return false;
	for (i = 0; i < sizeof(random); i++)
		(void)snprintf(id + 2 * i, 3, "%02x", random[i]);
	return true;
}

/* Whether the same question may be put again: the agent, or the call, was
 * lost on the way. */
static bool may_ask_again(enum mailseal_status result,
			  const struct mailseal *mailseal)
{
	return result == MAILSEAL_TIMED_OUT || result == MAILSEAL_NO_AGENT ||
	       (result == MAILSEAL_REFUSED &&
		(strcmp(mailseal_error(mailseal), "Stopping") == 0 ||
		 strcmp(mailseal_error(mailseal), "RoleDied") == 0 ||
		 strcmp(mailseal_error(mailseal), "Busy") == 0));
}

/* As Submit wants it: -f "" is nobody, no -f is as the message says. */
static const char *sender_of(const struct sendmail_options *options)
{
	if (options->sender == NULL)
		return "";
	return options->sender[0] == 0 ? "<>" : options->sender;
}

/* Whether Mutt is sending an answer, and opened something for it (opened.h). */
static bool quotes_sealed(void)
{
	const char *answers = getenv("MAILSEAL_ANSWERS");

	return answers != NULL && strcmp(answers, "1") == 0 &&
	       opened_is_noted(getenv("MAILSEAL_MUTT"));
}

/* What the command line, the environment and Mutt's note want, together. */
static const char *require_of(const struct sendmail_options *options,
			      char *room, size_t size)
{
	const char *const wants[] = { quotes_sealed() ? "answer" : NULL,
				      options->require,
				      getenv("MAILSEAL_REQUIRE") };
	size_t used = 0, i;

	room[0] = 0;
	for (i = 0; i < sizeof(wants) / sizeof(wants[0]) && used < size; i++)
		if (wants[i] != NULL && wants[i][0] != 0)
			used += (size_t)snprintf(room + used, size - used,
						 "%s%s", used > 0 ? "," : "",
						 wants[i]);
	/* No word of it is forgotten: the agent refuses this one. */
	if (used >= size)
		return "(too long)";
	return used > 0 ? room : options->require;
}

static int submit(struct mailseal *mailseal, int message,
		  const struct sendmail_options *options)
{
	char id[2 * ID_BYTES + 1], why[1024], require[REQUIRE_ROOM];
	const struct mailseal_option list[] = {
		{ "id", id, MAILSEAL_TEXT, 0 },
		{ "read_recipients", NULL, MAILSEAL_TRUTH,
		  options->read_recipients },
		{ "full_name", options->full_name, MAILSEAL_TEXT, 0 },
		{ "notify", options->notify, MAILSEAL_TEXT, 0 },
		{ "ret", options->ret, MAILSEAL_TEXT, 0 },
		{ "envelope_id", options->envelope_id, MAILSEAL_TEXT, 0 },
		{ "account", options->account, MAILSEAL_TEXT, 0 },
		{ "require", require_of(options, require, sizeof(require)),
		  MAILSEAL_TEXT, 0 },
		{ "tty", getenv("GPG_TTY"), MAILSEAL_TEXT, 0 },
		{ "display", getenv("DISPLAY"), MAILSEAL_TEXT, 0 },
		{ "wait", NULL, MAILSEAL_NUMBER,
		  options->in_background ? 0 : -1 },
		{ NULL, NULL, MAILSEAL_TEXT, 0 }
	};
	enum mailseal_status result = MAILSEAL_NO_MEMORY;
	struct mailseal_report *receipt = NULL;
	int tries, status;

	if (!id_make(id)) {
		sendmail_say("not sent: there is no randomness");
		return EX_OSERR;
	}
	/* Mutt shows nothing and cannot be interrupted meanwhile. */
	if (mailseal_alive(mailseal, ALIVE_MS, why, sizeof(why)) ==
	    MAILSEAL_TIMED_OUT) {
		sendmail_say("not sent: %s", why);
		return EX_TEMPFAIL;
	}
	for (tries = 0; tries < TRIES; tries++) {
		result = mailseal_submit(mailseal, message,
					 sender_of(options),
					 (const char *const *)
					 options->recipients, list, &receipt,
					 why, sizeof(why));
		if (!may_ask_again(result, mailseal))
			break;
		(void)poll(NULL, 0, AGAIN_MS);
	}
	if (result == MAILSEAL_OK) {
		status = sendmail_receipt(receipt, options->verbose ?
					  SENDMAIL_TALKS : SENDMAIL_QUIET);
		mailseal_report_free(receipt);
		if (status == EX_OK)
			opened_forget(getenv("MAILSEAL_MUTT"));
		return status;
	}
	sendmail_say("not sent: %s", why);
	return result == MAILSEAL_REFUSED ?
	       sendmail_error(mailseal_error(mailseal)) : EX_TEMPFAIL;
}

static int send_message(struct mailseal *mailseal,
			const struct sendmail_options *options)
{
	char why[512];
	int message, status;

	if (options->recipients[0] == NULL && !options->read_recipients) {
		sendmail_say("not sent: name a recipient, or read them from "
			     "the message with -t");
		return EX_USAGE;
	}
	message = mailseal_descriptor(STDIN_FILENO, why, sizeof(why));
	if (message < 0) {
		sendmail_say("not sent: the message cannot be read: %s", why);
		return EX_IOERR;
	}
	status = submit(mailseal, message, options);
	if (message != STDIN_FILENO)
		(void)close(message);
	return status;
}

static void list_one(void *ctx, const struct mailseal_report *mail)
{
	++*(unsigned long *)ctx;
	sendmail_list_one(mail);
}

static int list_queue(struct mailseal *mailseal)
{
	unsigned long count = 0;
	char why[512] = "";

	if (mailseal_queue_each(mailseal, list_one, &count, why,
				sizeof(why)) != MAILSEAL_OK) {
		sendmail_say("%s", why);
		return EX_TEMPFAIL;
	}
	if (count == 0)
		(void)puts("Mail queue is empty");
	return EX_OK;
}

static int flush_queue(struct mailseal *mailseal)
{
	char why[512];

	if (mailseal_queue_flush(mailseal, why, sizeof(why)) == MAILSEAL_OK)
		return EX_OK;
	sendmail_say("%s", why);
	return EX_TEMPFAIL;
}

int main(int argc, char **argv)
{
	struct sendmail_options options;
	const char *why = "", *word = "";
	struct mailseal *mailseal;
	int status;

	inheritance_drop();
	if (!sendmail_options_read(argc, argv, &options, &why, &word)) {
		sendmail_say("\"%s\" cannot be taken: %s; --help lists the "
			     "options", word, why);
		return EX_USAGE;
	}
	if (options.mode == SENDMAIL_HELP || options.mode == SENDMAIL_VERSION)
		return fputs(options.mode == SENDMAIL_HELP ? usage :
			     "mailseal-sendmail " MAILSEAL_VERSION "\n",
			     stdout) < 0 ? EX_IOERR : EX_OK;
	if (options.mode == SENDMAIL_NOTHING)
		return EX_OK;
	mailseal = connect_to_agent(&status);
	if (mailseal == NULL)
		return status;
	if (options.mode == SENDMAIL_LIST)
		status = list_queue(mailseal);
	else if (options.mode == SENDMAIL_FLUSH)
		status = flush_queue(mailseal);
	else
		status = send_message(mailseal, &options);
	mailseal_close(mailseal);
	return status;
}
