/* Errors that are returned, not printed.
 *
 * A function that can fail returns an `enum status` and takes a `struct error *` last. The
 * struct lives on the caller's stack, is untouched on success and holds one complete line on
 * failure. It is set once, where the fault is found; a caller may only prefix what it alone knows.
 * Only the doors (cli/, web/) print it and turn it into an exit or HTTP code.
 *
 *	struct error err;
 *	if (readings_read(&list, path, &notes, &err))
 *		return err.status;
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

enum status {
	STATUS_OK = 0,
	STATUS_REFUSED,     /* input that is not allowed, or that cannot be read or written */
	STATUS_NO_ANSWER,   /* the question is well put and has no answer */
	STATUS_USAGE,       /* the command line itself is wrong */
	STATUS_ENVIRONMENT, /* memory, a library or a lock failed us */
};

struct error {
	enum status status;
	char message[512];
};

/* Writes the line and returns `status`, so that `return error_set(…)` reads as one step. */
enum status error_set(struct error *err, enum status status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts `prefix` before the message that is there and returns its status. */
enum status error_prefix(struct error *err, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The one line for memory that ran out. */
enum status error_memory(struct error *err);

#endif
