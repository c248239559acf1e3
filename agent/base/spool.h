/* spool.h - bytes that nobody may see before the last check
 *
 * What was decrypted, or whose signature is being checked, is written here
 * while the check runs; a descriptor of it exists only once spool_release()
 * was called, after the last check.  Up to SPOOL_MEMORY bytes lie in a memfd;
 * beyond that in an unlinked file that was handed in (a caged role opens
 * none), each chunk sealed by the caller's cipher, under a key that lives in
 * the role alone.  Append only: no chunk is ever sealed twice.
 * Does not do: know a cipher, check anything, start a thread.
 * One spool belongs to one thread at a time. */
#ifndef MAILSEAL_BASE_SPOOL_H
#define MAILSEAL_BASE_SPOOL_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/base/bytes.h"

struct spool;

#define SPOOL_MEMORY	(16 * 1024 * 1024)	/* bytes kept in a memfd */
#define SPOOL_CHUNK	65536	/* bytes sealed at a time; the last has less */
#define SPOOL_TAG	16	/* bytes that authenticate a chunk */
#define SPOOL_PIECES_MAX 64	/* pieces of one release */

/* Seals one chunk, known by its number, into `to` and `tag`, and opens it
 * again; 0, or an error: ERR_IO for bytes that are not what was sealed. */
struct spool_cipher {
	int (*seal)(void *ctx, uint64_t nth, struct bytes from,
		    unsigned char *to, unsigned char *tag);
	int (*open)(void *ctx, uint64_t nth, struct bytes from,
		    const unsigned char *tag, unsigned char *to);
	void (*free)(void *ctx);	/* wipes the key */
	void *ctx;
};

/* Takes `file` over, open for reading and writing and empty (-1: none, then
 * SPOOL_MEMORY is all there is), and the cipher.  cipher NULL: the bytes are
 * nobody's secret (they are ciphertext, or were clear on the disk before).
 * NULL: no memory; both are let go. */
struct spool *spool_new(int file, const struct spool_cipher *cipher);
void spool_free(struct spool *spool);	/* wipes; NULL is allowed */

/* 0; ERR_LIMIT: over SPOOL_MEMORY and no file; ERR_IO (errno tells: the disk
 * is full).  After an error every call fails with it, spool_release() too. */
int spool_write(struct spool *spool, struct bytes bytes);
uint64_t spool_size(const struct spool *spool);

/* For the role itself, while it checks: up to `size` bytes at `offset` into
 * `room`.  How many; 0 at the end; or an error. */
long spool_read(struct spool *spool, uint64_t offset, unsigned char *room,
		size_t size);

/* A piece of what is handed out: `text` where it has bytes, else the spool's
 * own bytes from `from` up to but without `to`. */
struct spool_piece {
	struct bytes text;
	uint64_t from, to;
};

/* After the last check: *fd is the caller's and reads these pieces one behind
 * the other, `count` 0 the whole.  What lies in memory becomes a sealed memfd;
 * what is in a file a pipe, into which spool_pump() must be called once *fd
 * is on its way (texts must live until then).  0, or an error and no *fd. */
int spool_release(struct spool *spool, const struct spool_piece *pieces,
		  size_t count, int *fd);

/* Whether spool_release() made a pipe that waits to be filled. */
bool spool_has_pipe(const struct spool *spool);

/* Fills the pipe and closes it.  Blocks; needs SIGPIPE ignored.  0;
 * ERR_GONE: the reader went away; ERR_TIMEOUT: it took nothing for
 * `idle_ms`; ERR_IO. A reader knows that it has all by the size alone. */
int spool_pump(struct spool *spool, int idle_ms);

#endif
