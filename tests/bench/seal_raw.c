/* seal_raw.c - the pipelines that sealing cannot do without, by OpenSSL alone
 *
 *   bench_seal_raw sign|seal|open FILE
 *
 * One thread, pieces of 64 kB: what the same bytes cost that nobody checks.
 *
 *	sign	read, SHA-256, write
 *	seal	read, SHA-256, AES-256-CBC, base64, write
 *	open	read, base64, AES-256-CBC, SHA-256, into an unlinked file under
 *		AES-256-GCM, and out of it again (nothing may leave before the
 *		last check), write
 *
 * sign and seal write into an unlinked file and out of it again, too: their
 * reader sees nothing before the signature is made.  What comes out goes to
 * standard output.  "open" takes what "seal" wrote. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

#define PIECE	(48 * 1024)		/* whole lines of base64 */
#define ROOM	(2 * PIECE)

static unsigned char key[32] = "a key that protects nothing here";
static unsigned char iv[16];

struct pipeline {
	int in, file;			/* file: the spool, unlinked */
	EVP_MD_CTX *digest;
	EVP_CIPHER_CTX *cipher, *spool;
	EVP_ENCODE_CTX *code;
	off_t spooled;
};

static void die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

static void write_all(int fd, const unsigned char *from, size_t len)
{
	ssize_t put;

	while (len > 0) {
		put = write(fd, from, len);
		if (put < 0)
			die("write");
		from += put;
		len -= (size_t)put;
	}
}

static size_t read_all(int fd, unsigned char *to, size_t size)
{
	size_t len = 0;
	ssize_t got = 1;

	while (len < size && got > 0) {
		got = read(fd, to + len, size - len);
		if (got < 0)
			die("read");
		len += (size_t)got;
	}
	return len;
}

/* --- the three ways in */

static void spool_clear(struct pipeline *line, const unsigned char *from,
			size_t len)
{
	write_all(line->file, from, len);
}

static void spool_sealed(struct pipeline *line, const unsigned char *from,
			 size_t len)
{
	static unsigned char to[ROOM];
	int made;

	EVP_EncryptInit_ex(line->spool, NULL, NULL, NULL, iv);
	EVP_EncryptUpdate(line->spool, to, &made, from, (int)len);
	write_all(line->file, to, (size_t)made);
}

static void sign_piece(struct pipeline *line, const unsigned char *from,
		       size_t len)
{
	EVP_DigestUpdate(line->digest, from, len);
	spool_clear(line, from, len);
}

static void seal_piece(struct pipeline *line, const unsigned char *from,
		       size_t len)
{
	static unsigned char hidden[ROOM], text[2 * ROOM];
	int made, coded;

	EVP_DigestUpdate(line->digest, from, len);
	EVP_EncryptUpdate(line->cipher, hidden, &made, from, (int)len);
	EVP_EncodeUpdate(line->code, text, &coded, hidden, made);
	spool_clear(line, text, (size_t)coded);
}

static void open_piece(struct pipeline *line, const unsigned char *from,
		       size_t len)
{
	static unsigned char hidden[ROOM], text[ROOM];
	int made, coded;

	if (EVP_DecodeUpdate(line->code, hidden, &coded, from, (int)len) < 0)
		die("base64");
	EVP_DecryptUpdate(line->cipher, text, &made, hidden, coded);
	EVP_DigestUpdate(line->digest, text, (size_t)made);
	spool_sealed(line, text, (size_t)made);
}

/* --- and out again */

static void deliver(struct pipeline *line, int sealed)
{
	static unsigned char from[PIECE], to[ROOM];
	size_t len;
	int made;

	if (lseek(line->file, 0, SEEK_SET) < 0)
		die("lseek");
	while ((len = read_all(line->file, from, sizeof(from))) > 0) {
		if (!sealed) {
			write_all(STDOUT_FILENO, from, len);
			continue;
		}
		EVP_DecryptInit_ex(line->spool, NULL, NULL, NULL, iv);
		EVP_DecryptUpdate(line->spool, to, &made, from, (int)len);
		write_all(STDOUT_FILENO, to, (size_t)made);
	}
}

static const struct {
	const char *word;
	void (*piece)(struct pipeline *line, const unsigned char *from,
		      size_t len);
	int sealed;
} ways[] = {
	{ "sign", sign_piece, 0 },
	{ "seal", seal_piece, 0 },
	{ "open", open_piece, 1 },
};

int main(int argc, char **argv)
{
	static unsigned char room[PIECE];
	char name[] = "./seal_raw.XXXXXX";
	struct pipeline line;
	size_t len, way = 0;

	memset(&line, 0, sizeof(line));
	while (argc == 3 && way < 3 && strcmp(ways[way].word, argv[1]) != 0)
		way++;
	if (argc != 3 || way == 3)
		return EXIT_FAILURE;
	line.in = open(argv[2], O_RDONLY | O_CLOEXEC);
	line.file = mkstemp(name);
	if (line.in < 0 || line.file < 0)
		die(argv[2]);
	(void)unlink(name);
	line.digest = EVP_MD_CTX_new();
	line.cipher = EVP_CIPHER_CTX_new();
	line.spool = EVP_CIPHER_CTX_new();
	line.code = EVP_ENCODE_CTX_new();
	EVP_DigestInit_ex(line.digest, EVP_sha256(), NULL);
	EVP_CipherInit_ex(line.cipher, EVP_aes_256_cbc(), NULL, key, iv,
			  !ways[way].sealed);
	EVP_CipherInit_ex(line.spool, EVP_aes_256_gcm(), NULL, key, iv, 1);
	if (ways[way].sealed)
		EVP_DecodeInit(line.code);
	else
		EVP_EncodeInit(line.code);
	while ((len = read_all(line.in, room, sizeof(room))) > 0)
		ways[way].piece(&line, room, len);
	deliver(&line, ways[way].sealed);
	EVP_MD_CTX_free(line.digest);
	EVP_CIPHER_CTX_free(line.cipher);
	EVP_CIPHER_CTX_free(line.spool);
	EVP_ENCODE_CTX_free(line.code);
	(void)close(line.in);
	(void)close(line.file);
	return EXIT_SUCCESS;
}
