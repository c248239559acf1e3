/* link_new.h - inside dane: where a link comes from
 *
 * server.c alone includes it, with a session that dane_handshake() judged
 * well.  Whoever else does hands out unverified servers. */
#ifndef MAILSEAL_DANE_LINK_NEW_H
#define MAILSEAL_DANE_LINK_NEW_H

struct dane_link;
struct ssl_st;

/* Takes both over; NULL: no memory, and they are still the caller's. */
struct dane_link *dane_link_new(int fd, struct ssl_st *ssl, int cancel_fd);

#endif
