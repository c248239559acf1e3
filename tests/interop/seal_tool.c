/* seal_tool.c - protect and open with keys from files, for tests with peers
 *
 * seal_tool protect [sign] [encrypt] [gcm] [oaep] [pss] [plain]
 *	ca=FILE as=CERT key=KEY [to=CERT]... IN OUT
 * seal_tool open [force] ca=FILE as=CERT key=KEY [part=N] IN OUT
 *
 * "open" prints the report, a line "path value" for each leaf. */
#include <fcntl.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/crypto/smime.h"
#include "agent/flow/open.h"
#include "agent/flow/protect.h"
#include "agent/mail/author.h"
#include "agent/mail/charset.h"
#include "agent/mail/domain.h"
#include "agent/mail/name.h"

#define TO_MAX		8
#define IN_MEMORY	(4 * 1024 * 1024)	/* of the message */
#define WAIT_MS		600000

struct tool {
	X509 *own[1];
	EVP_PKEY *key;
	X509 *to[TO_MAX];
	size_t to_count;
	unsigned reads;
	bool sign, encrypt, plain;
	const char *part;
	enum open_force force;
	const char *in, *out;
	struct smime_world smime;
	struct seal_world world;
	struct seal_job job;
};

static void die(const char *what)
{
	(void)fprintf(stderr, "seal_tool: %s\n", what);
	exit(EXIT_FAILURE);
}

static X509 *certificate_of(const char *path)
{
	FILE *file = fopen(path, "rb");
	X509 *out = file == NULL ? NULL : PEM_read_X509(file, NULL, NULL,
							NULL);

	if (out == NULL)
		die(path);
	(void)fclose(file);
	return out;
}

static EVP_PKEY *key_of(const char *path)
{
	FILE *file = fopen(path, "rb");
	EVP_PKEY *out = file == NULL ? NULL : PEM_read_PrivateKey(file, NULL,
								  NULL, NULL);

	if (out == NULL)
		die(path);
	(void)fclose(file);
	return out;
}

static EVP_PKEY *own_key(void *ctx, X509 *certificate)
{
	struct tool *tool = ctx;

	(void)certificate;
	(void)EVP_PKEY_up_ref(tool->key);
	return tool->key;
}

static unsigned reads(void *ctx, const char *fingerprint)
{
	const struct tool *tool = ctx;

	(void)fingerprint;
	return tool->reads;
}

static void authority_add(struct tool *tool, const char *path)
{
	X509 *x509 = certificate_of(path);

	(void)X509_STORE_add_cert(tool->smime.authorities, x509);
	X509_free(x509);
}

static void tool_free(struct tool *tool)
{
	size_t i;

	for (i = 0; i < tool->to_count; i++)
		X509_free(tool->to[i]);
	X509_free(tool->own[0]);
	EVP_PKEY_free(tool->key);
	X509_STORE_free(tool->smime.authorities);
	arena_free(tool->job.arena);
	buf_free(tool->job.why);
}

static bool option(struct tool *tool, const char *word)
{
	const char *value = strchr(word, '=');
	size_t len = value == NULL ? 0 : (size_t)(value - word);

	if (value == NULL) {
		tool->sign = tool->sign || strcmp(word, "sign") == 0;
		tool->encrypt = tool->encrypt || strcmp(word, "encrypt") == 0;
		tool->plain = tool->plain || strcmp(word, "plain") == 0;
		if (strcmp(word, "gcm") == 0)
			tool->reads |= SMIME_READS_GCM;
		if (strcmp(word, "oaep") == 0)
			tool->reads |= SMIME_READS_OAEP;
		if (strcmp(word, "pss") == 0)
			tool->smime.padding = SMIME_PADDING_PSS;
		if (strcmp(word, "force") == 0)
			tool->force = OPEN_FORCED;
		return true;
	}
	value++;
	if (strncmp(word, "ca", len) == 0)
		authority_add(tool, value);
	else if (strncmp(word, "as", len) == 0)
		tool->own[0] = certificate_of(value);
	else if (strncmp(word, "key", len) == 0)
		tool->key = key_of(value);
	else if (strncmp(word, "to", len) == 0 && tool->to_count < TO_MAX)
		tool->to[tool->to_count++] = certificate_of(value);
	else if (strncmp(word, "part", len) == 0)
		tool->part = value;
	else
		return false;
	return true;
}

static struct seal_key seal_key_of(struct tool *tool, X509 *x509)
{
	struct seal_key key = { NULL, NULL, { NULL, 0 }, 0 };
	unsigned char *der = NULL;
	int len = i2d_X509(x509, &der);

	if (len <= 0)
		die("certificate");
	key.blob.data = der;
	key.blob.len = (size_t)len;
	key.blob = arena_bytes(tool->job.arena, key.blob);
	OPENSSL_free(der);
	return key;
}

static int file_unlinked(void)
{
	char path[] = "/tmp/seal_tool.XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0 || unlink(path) < 0)
		die("no file");
	return fd;
}

/* Out of the descriptor into the file; a pipe is filled by a child. */
static void deliver(struct tool *tool, struct spool *spool, int fd)
{
	int out = open(tool->out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	static char room[65536];
	ssize_t got;

	if (out < 0)
		die(tool->out);
	if (spool_has_pipe(spool) && fork() == 0) {
		(void)close(fd);
		_exit(spool_pump(spool, WAIT_MS) < 0);
	}
	spool_free(spool);		/* closes our end of the pipe */
	while ((got = read(fd, room, sizeof(room))) > 0)
		if (write(out, room, (size_t)got) != got)
			die("write");
	if (close(out) < 0)
		die("close");
}

static void show(const struct value *value, const char *path)
{
	const struct value *member;
	char name[512];
	size_t nth = 0;

	switch (value->kind) {
	case VALUE_TEXT:
		(void)printf("%s %s\n", path, value->text);
		return;
	case VALUE_NUMBER:
		(void)printf("%s %lld\n", path, (long long)value->number);
		return;
	case VALUE_TRUTH:
		(void)printf("%s %s\n", path, value->truth ? "true" :
							      "false");
		return;
	case VALUE_LIST:
	case VALUE_DICT:
	default:
		break;
	}
	for (member = value->first; member != NULL; member = member->next) {
		if (member->key != NULL)
			(void)snprintf(name, sizeof(name), "%s%s%s", path,
				       path[0] == 0 ? "" : ".", member->key);
		else
			(void)snprintf(name, sizeof(name), "%s.%zu", path,
				       nth++);
		show(member, name);
	}
}

static void message_open(const char *path, struct memfile *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || memfile_open(fd, IN_MEMORY, out) < 0)
		die(path);
}

static int protect(struct tool *tool)
{
	struct seal_key keys[TO_MAX + 1], signer;
	struct protect_order order = { &scheme_smime, NULL, keys, 0,
				       PROTECT_HEADERS, PROTECT_PART,
				       NULL };
	struct spool *out = spool_new(file_unlinked(), NULL);
	struct memfile message;
	struct value *report;
	size_t i;
	int fd, r;

	if (out == NULL)
		die("no spool");
	message_open(tool->in, &message);
	signer = seal_key_of(tool, tool->own[0]);
	for (i = 0; i < tool->to_count; i++)
		keys[i] = seal_key_of(tool, tool->to[i]);
	if (tool->sign)
		order.signer = &signer;
	if (tool->encrypt)
		order.recipient_count = tool->to_count;
	if (tool->plain)
		order.headers = PROTECT_NO_HEADERS;
	r = protect_message(&tool->job, &message, &order, out, &report);
	if (r < 0 || spool_release(out, NULL, 0, &fd) < 0)
		die(buf_string(tool->job.why));
	show(report, "");
	deliver(tool, out, fd);
	memfile_close(&message);
	return EXIT_SUCCESS;
}

static int open_it(struct tool *tool)
{
	static const struct scheme *const schemes[] = { &scheme_smime, NULL };
	struct open_order order;
	struct open_result result;
	struct memfile message;
	size_t i;
	int fd, r;

	message_open(tool->in, &message);
	open_order_start(&order);
	order.schemes = schemes;
	order.part = tool->part;
	order.force = tool->force;
	for (i = 0; i < OPEN_FILES_MAX; i++)
		order.files[i] = file_unlinked();
	r = open_message(&tool->job, &message, &order, &result);
	open_order_close(&order);
	if (r < 0)
		die(buf_string(tool->job.why));
	show(result.report, "");
	if (result.content != NULL) {
		if (spool_release(result.content, result.pieces,
				  result.piece_count, &fd) < 0)
			die("release");
		deliver(tool, result.content, fd);
	}
	memfile_close(&message);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	struct tool tool;
	struct rusage used;
	struct buf why;
	int i, status;

	memset(&tool, 0, sizeof(tool));
	if (argc < 4)
		die("see the source");
	(void)signal(SIGPIPE, SIG_IGN);
	domain_prepare();
	charset_prepare();
	name_prepare();
	author_prepare();
	smime_prepare();
	buf_init(&why, 1024);
	tool.smime.authorities = X509_STORE_new();
	tool.in = argv[argc - 2];
	tool.out = argv[argc - 1];
	for (i = 2; i < argc - 2; i++)
		if (!option(&tool, argv[i]))
			die(argv[i]);
	tool.smime.own = tool.own;
	tool.smime.own_count = tool.own[0] != NULL && tool.key != NULL;
	tool.smime.key = own_key;
	tool.smime.reads = reads;
	tool.smime.ctx = &tool;
	tool.world.smime = &tool.smime;
	tool.world.now = clock_wall;
	tool.job.world = &tool.world;
	tool.job.arena = arena_new(16 * 1024 * 1024);
	tool.job.why = &why;
	tool.job.deadline = clock_now_ms() + WAIT_MS;
	status = strcmp(argv[1], "open") == 0 ? open_it(&tool) :
						protect(&tool);
	if (getrusage(RUSAGE_SELF, &used) == 0)
		(void)printf("rss_kb %ld\n", used.ru_maxrss);
	tool_free(&tool);
	return status;
}
