/* serve.h - the role that drives gpg: requests of the front and of askers
 *
 * One thread that polls and never waits; a request is a process (request.h).
 * An asker that goes away, or closes the pipe for its answer, ends what runs
 * for it.
 * Does not do: look into what is signed, encrypted or opened. */
#ifndef MAILSEAL_PGP_SERVE_H
#define MAILSEAL_PGP_SERVE_H

struct pgp_engine;

#define PGP_RUNNING_MAX	8	/* requests at once */
#define PGP_SECRET_MAX	6	/* of them those that a person may hold up */
#define PGP_WAITING_MAX	200
#define PGP_ASKERS_MAX	8

/* Serves the front on `front` until it hangs up: ERR_GONE; else another
 * error.  `agent_socket`: gpg-agent's; before a request that needs it and
 * when nobody listens there, the front is asked to start it.  NULL: not
 * asked.  `engine` NULL: there is no gpg, which every request is told. */
int pgp_serve(int front, const struct pgp_engine *engine,
	      const char *agent_socket);

#endif
