/* disk.h - what may wait for the disk, away from the front's loop
 *
 * The thread that polls never waits (design 1): renames, syncs and reads of
 * the queue happen in a few threads, and their end is heard in the loop. */
#ifndef MAILSEAL_ROLES_FRONT_DISK_H
#define MAILSEAL_ROLES_FRONT_DISK_H

struct disk;
struct front;

/* NULL: no memory, no descriptor. */
struct disk *disk_new(struct front *front);

/* Runs what was begun to its end and calls every done().  NULL is allowed. */
void disk_free(struct disk *disk);

/* work() runs in one of the threads, done() then in the loop; both get `ctx`.
 * Without memory both run here and now. */
void disk_do(struct disk *disk, void (*work)(void *ctx),
	     void (*done)(struct front *front, void *ctx), void *ctx);

#endif
