/* mailseal.h - libmailseal: asking the agent, for every client
 *
 * Talks to org.mailseal.Agent1 on the session bus (proto/
 * org.mailseal.Agent1.xml).  Every call has a time-out of its own.  One
 * connection belongs to one thread.
 * Does not do: read mail, decide anything. */
#ifndef MAILSEAL_PROTO_MAILSEAL_H
#define MAILSEAL_PROTO_MAILSEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define MAILSEAL_CHECK_MS	15000	/* over the agent's own deadline */
#define MAILSEAL_MANY_MS	45000	/* the same for up to MAILSEAL_MANY */
#define MAILSEAL_MANY		16	/* messages of one call */
#define MAILSEAL_PERSON_MS	2400000	/* six questions of pinentry */
#define MAILSEAL_STDIN_MAX	(256 * 1024 * 1024)	/* bytes of a pipe */

struct mailseal;		/* a connection */
struct mailseal_report;		/* an answer: a dictionary */
struct mailseal_pending;	/* a question under way */

/* What a caller does differently. */
enum mailseal_status {
	MAILSEAL_OK = 0,
	MAILSEAL_NO_BUS = -1,		/* there is no session bus */
	MAILSEAL_NO_AGENT = -2,		/* the agent is not there */
	MAILSEAL_TIMED_OUT = -3,
	MAILSEAL_REFUSED = -4,		/* the agent answered with an error */
	MAILSEAL_NO_MEMORY = -5
};

/* One option of a call; a list ends with key NULL. */
enum mailseal_option_kind {
	MAILSEAL_TEXT,		/* text NULL: left out */
	MAILSEAL_TRUTH,		/* number 0: left out */
	MAILSEAL_NUMBER		/* number negative: left out */
};
struct mailseal_option {
	const char *key;
	const char *text;
	enum mailseal_option_kind kind;
	int64_t number;
};

/* Connects; tries $XDG_RUNTIME_DIR/bus when no address is set.  On failure
 * NULL, and mailseal_open_why() has the sentence. */
struct mailseal *mailseal_open(enum mailseal_status *status, char *why,
			       size_t why_size);
void mailseal_close(struct mailseal *mailseal);	/* NULL is allowed */
/* Somebody waits: all calls from now on together may take that long, however
 * many they are. */
void mailseal_hurry(struct mailseal *mailseal, int ms);
/* Whether the agent answers within that time at all; it is started if need
 * be.  For before a call that may take long. */
enum mailseal_status mailseal_alive(struct mailseal *mailseal, int ms,
				    char *why, size_t why_size);

/* Sends a message to be judged; `message` stays the caller's.  NULL: no
 * memory, or the bus is gone. */
struct mailseal_pending *mailseal_check_start(struct mailseal *mailseal,
				int message,
				const struct mailseal_option *options);
/* Waits and lets the question go. On MAILSEAL_OK *report is the caller's;
 * else `why` has the agent's sentence. */
enum mailseal_status mailseal_check_end(struct mailseal *mailseal,
				struct mailseal_pending *pending,
				struct mailseal_report **report, char *why,
				size_t why_size);

/* The same for `count` messages at once, at most MAILSEAL_MANY; the answers
 * are in their order.  A message that could not be judged has "failure" (the
 * name of an error) and "error" in its report. */
struct mailseal_pending *mailseal_check_many_start(struct mailseal *mailseal,
				const int *messages, size_t count,
				const struct mailseal_option *options);
/* For every call that answers a list.  On MAILSEAL_OK the first *count of
 * `reports` are the caller's; what is over `room` is left out. */
enum mailseal_status mailseal_list_end(struct mailseal *mailseal,
				struct mailseal_pending *pending,
				struct mailseal_report **reports, size_t room,
				size_t *count, char *why, size_t why_size);

/* Waits at most that long (and not longer than the call may take); whether
 * the answer is there, so that the end does not wait. */
bool mailseal_wait(struct mailseal *mailseal,
		   struct mailseal_pending *pending, int ms);
/* The answer is of no use any more.  NULL is allowed. */
void mailseal_drop(struct mailseal_pending *pending);

/* Every judgement of that Message-ID that is remembered, the worst first;
 * ends with mailseal_list_end(). */
struct mailseal_pending *mailseal_find_start(struct mailseal *mailseal,
					     const char *message_id);

/* Proposals from the headers of a folder's messages: `headers`, which stays
 * the caller's, has them one behind the other, each with its length in front
 * (32 bits, big-endian).  Ends with mailseal_check_end(). */
struct mailseal_pending *mailseal_suggest_start(struct mailseal *mailseal,
						int headers);

/* What was seen last, the newest first, each Message-ID once with the worst
 * of its judgements (message_id, id, verdict, display); ends with
 * mailseal_list_end(). */
struct mailseal_pending *mailseal_newest_start(struct mailseal *mailseal,
					       unsigned count);

/* Forgets what is remembered of an address, of a message by its id, or
 * (`what` "") what is older than so many seconds.  *count: how much. */
enum mailseal_status mailseal_forget(struct mailseal *mailseal,
				     const char *what, int64_t older,
				     unsigned *count, char *why,
				     size_t why_size);

/* Outgoing1.CheckServer: waits for the answer.  On MAILSEAL_OK *report is the
 * caller's; else `why` has the sentence. */
#define MAILSEAL_SERVER_MS 30000	/* over the agent's own deadline */
enum mailseal_status mailseal_server(struct mailseal *mailseal,
				     const char *host, uint16_t port,
				     const struct mailseal_option *options,
				     struct mailseal_report **report,
				     char *why, size_t why_size);

/* Outgoing1.Submit: `message` (a descriptor that the agent takes) to these
 * recipients, NULL at the end; sender "" as the message says, "<>" none.
 * Waits for the first result.  On MAILSEAL_OK *receipt is the caller's. */
#define MAILSEAL_SUBMIT_MS 480000	/* a person may unlock a key */
#define MAILSEAL_CANCEL_MS 70000
enum mailseal_status mailseal_submit(struct mailseal *mailseal, int message,
				     const char *sender,
				     const char *const *recipients,
				     const struct mailseal_option *options,
				     struct mailseal_report **receipt,
				     char *why, size_t why_size);
/* Every mail that was not sent yet, however many they are; `take` does not
 * keep it. */
typedef void mailseal_queued(void *ctx, const struct mailseal_report *mail);
enum mailseal_status mailseal_queue_each(struct mailseal *mailseal,
					 mailseal_queued *take, void *ctx,
					 char *why, size_t why_size);
enum mailseal_status mailseal_queue_flush(struct mailseal *mailseal, char *why,
					  size_t why_size);
enum mailseal_status mailseal_queue_cancel(struct mailseal *mailseal,
					   const char *id, char *why,
					   size_t why_size);

/* After MAILSEAL_REFUSED: the error's name behind "org.mailseal.Error.". */
const char *mailseal_error(const struct mailseal *mailseal);

/* One property of the agent that is a dictionary. */
enum mailseal_status mailseal_property(struct mailseal *mailseal,
				       const char *name,
				       struct mailseal_report **report,
				       char *why, size_t why_size);

/* Whom the user knows: a list of dictionaries (address, name, source); ends
 * with mailseal_list_end(). */
struct mailseal_pending *mailseal_contacts_start(struct mailseal *mailseal);
enum mailseal_status mailseal_contact_add(struct mailseal *mailseal,
					  const char *address,
					  const char *name, char *why,
					  size_t why_size);
enum mailseal_status mailseal_contact_remove(struct mailseal *mailseal,
					     const char *address, char *why,
					     size_t why_size);
/* Adds everyone in an address book (a descriptor that the agent takes);
 * `format`: "" or the one it must have.  *count: how many. */
enum mailseal_status mailseal_contacts_import(struct mailseal *mailseal,
					      int book, const char *format,
					      unsigned *count, char *why,
					      size_t why_size);

/* The keys and certificates of a correspondent (option: no_dns), and the DNS
 * records by which others find the keys of the user's own address (options:
 * scheme, tty, display): lists of dictionaries, see mailseal-bus(7); they end
 * with mailseal_list_end(). */
struct mailseal_pending *mailseal_correspondent_start(
				struct mailseal *mailseal, const char *address,
				const struct mailseal_option *options);
struct mailseal_pending *mailseal_publish_start(
				struct mailseal *mailseal, const char *address,
				const struct mailseal_option *options);

/* Whose certificates are kept (address, scheme); ends with
 * mailseal_list_end(). */
struct mailseal_pending *
mailseal_known_keys_start(struct mailseal *mailseal);

/* All properties of the agent as one dictionary. */
enum mailseal_status mailseal_properties(struct mailseal *mailseal,
					 struct mailseal_report **report,
					 char *why, size_t why_size);

/* --- The user's own keys, org.mailseal.Keys1.  `key`: the first digits of its
 * fingerprint (8 at least), its address, or "" for the only one.  Options as
 * the interface definition has them; tty, term and display of the caller let
 * pinentry ask where the person is. */

/* Each key a report, by mailseal_list_end(). */
struct mailseal_pending *mailseal_keys_start(struct mailseal *mailseal);

/* Each ends with mailseal_check_end(): the report tells of the key. */
struct mailseal_pending *
mailseal_key_generate_start(struct mailseal *mailseal,
			    const struct mailseal_option *options);
struct mailseal_pending *
mailseal_key_import_start(struct mailseal *mailseal, int file,
			  const struct mailseal_option *options);

/* On MAILSEAL_OK *request holds PEM and is the caller's to close. */
enum mailseal_status mailseal_key_request(struct mailseal *mailseal,
					  const char *key,
					  const struct mailseal_option *options,
					  int *request, char *why,
					  size_t why_size);

enum mailseal_status mailseal_key_unlock(struct mailseal *mailseal,
					 const char *key,
					 const struct mailseal_option *options,
					 char *why, size_t why_size);
enum mailseal_status mailseal_keys_lock(struct mailseal *mailseal, char *why,
					size_t why_size);
enum mailseal_status mailseal_key_remove(struct mailseal *mailseal,
					 const char *key, char *why,
					 size_t why_size);

/* --- Opening.  Each call that gives content ends with
 * mailseal_content_end(); a person may have to unlock a key meanwhile. */
#define MAILSEAL_SEAL_MS 3600000	/* of any size */

/* Incoming1.Open. */
struct mailseal_pending *
mailseal_unseal_start(struct mailseal *mailseal, int message,
		      const struct mailseal_option *options);

/* Entity1.Decrypt, where the option message_id says of which message: an
 * answer to it does not leave in the clear then; Entity1.Opened, which says so
 * later; and Entity1.Verify, which gives no content and ends with
 * mailseal_check_end(). */
struct mailseal_pending *
mailseal_entity_decrypt_start(struct mailseal *mailseal, int entity,
			      const struct mailseal_option *options);
enum mailseal_status mailseal_entity_opened(struct mailseal *mailseal,
					    const char *message_id,
					    char *why, size_t why_size);
struct mailseal_pending *
mailseal_entity_verify_start(struct mailseal *mailseal, int entity,
			     int signature,
			     const struct mailseal_option *options);

/* --- Sealing: Outgoing1.Protect, Entity1.Sign and Entity1.Encrypt.
 * `recipients`: NULL at the end; none: those of the message's header.  The
 * content's size is the report's number "size". */
struct mailseal_pending *
mailseal_protect_start(struct mailseal *mailseal, int message,
		       const char *const *recipients,
		       const struct mailseal_option *options);
struct mailseal_pending *
mailseal_entity_sign_start(struct mailseal *mailseal, int entity,
			   const struct mailseal_option *options);
struct mailseal_pending *
mailseal_entity_encrypt_start(struct mailseal *mailseal, int entity,
			      const char *const *recipients,
			      const struct mailseal_option *options);

/* On MAILSEAL_OK *content (a file or a pipe, to be read to its end) and
 * *report are the caller's.  A pipe that ends before the report's number
 * "content_size" (of what was sealed: "size") was cut off. */
enum mailseal_status mailseal_content_end(struct mailseal *mailseal,
				struct mailseal_pending *pending,
				int *content,
				struct mailseal_report **report,
				char *why, size_t why_size);

void mailseal_report_free(struct mailseal_report *report);

/* A text of the dictionary; "from.address" goes one level down, "dkim.0.domain"
 * into the first member of a list.  NULL: there is none.  Good as long as the
 * report. */
const char *mailseal_report_text(const struct mailseal_report *report,
				 const char *key);
bool mailseal_report_truth(const struct mailseal_report *report,
			   const char *key);
int64_t mailseal_report_number(const struct mailseal_report *report,
			       const char *key, int64_t otherwise);
/* Whether there is anything at that path. */
bool mailseal_report_has(const struct mailseal_report *report,
			 const char *key);
/* The text `key` of the `nth` member of the list `list`. */
const char *mailseal_report_member(const struct mailseal_report *report,
				   const char *list, unsigned nth,
				   const char *key);
/* The `nth` key of a dictionary ("" the report itself); NULL at the end. */
const char *mailseal_report_key(const struct mailseal_report *report,
				const char *dict, unsigned nth);

/* The whole as one JSON object (RFC 8259), without a line end.  `file` is put
 * in front as "file"; NULL: not. */
void mailseal_report_json(const struct mailseal_report *report,
			  const char *file, FILE *to);
void mailseal_json_text(const char *text, FILE *to);

/* On one line, "?" in place of what moves a terminal or turns the writing. */
void mailseal_text_put(const char *text, FILE *to);

/* $XDG_RUNTIME_DIR/NAME, made if need be.  False: there is none, or somebody
 * else could write there. */
bool mailseal_runtime_folder(const char *name, char *out, size_t size);

/* A descriptor the agent takes: `fd` itself when it is a regular file, else a
 * sealed copy (pipes, terminals), up to MAILSEAL_STDIN_MAX.  Negative: `why`
 * has the sentence.  The caller closes what differs from `fd`. */
int mailseal_descriptor(int fd, char *why, size_t why_size);

/* The same of a file by its name, "-" for standard input; the caller closes
 * what is not standard input.  A pipe that nobody writes into is an error; a
 * folder's files are read with MAILSEAL_FILE_REGULAR, as whoever puts a pipe
 * there may never write. */
enum mailseal_file { MAILSEAL_FILE_ANY, MAILSEAL_FILE_REGULAR };
int mailseal_file_open(const char *path, enum mailseal_file what, char *why,
		       size_t why_size);

/* All `len` octets, whatever interrupts.  0; -1 and errno. */
int mailseal_write(int fd, const void *data, size_t len);

#endif
