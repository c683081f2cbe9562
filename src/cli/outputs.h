/* The files that a verb writes: every one of them or none.
 *
 *	struct outputs outputs = {0};
 *	struct text *bytes = outputs_add(&outputs, path, &err);   (NULL: no memory)
 *	… text_adds(bytes, …) …
 *	outputs_write(&outputs, &err);
 *	outputs_say(answer, &outputs, call->json, &err);
 *	outputs_clear(&outputs);
 */
#ifndef CLI_OUTPUTS_H
#define CLI_OUTPUTS_H

#include "cli/verb.h"

struct output;
struct outputs {
	struct output **item;
	const char **path; /* of each */
	int count;
};

/* Adds a file of that name, and returns its bytes, which are to be filled in; they stay where they are. */
struct text *outputs_add(struct outputs *outputs, const char *path, struct error *err);

/* The same, but called by a zone of the output's name and, where that is not 0, a session (zone_path()). */
struct text *outputs_add_zone(struct outputs *outputs, const char *output, int zone,
			      const char *name, int session, struct error *err);

enum status outputs_write(const struct outputs *outputs, struct error *err);

/* A line for each file, or the document {"files": […]}. */
enum status outputs_say(struct answer *answer, const struct outputs *outputs, bool json,
			struct error *err);

void outputs_clear(struct outputs *outputs);

/* The file of a zone (from 1), and of a session of it where that is not 0: "crown.cfg", zone 2 "Left temple", session 3:
 * "crown-2-left-temple-3.cfg"; the numbers keep them apart whatever the zones are called. `ending` is that of `output`, or the one to
 * be given where it has none. */
enum status zone_path(char path[ZONE_PATH_SIZE], const char *output, const char *ending, int zone,
		      const char *name, int session, struct error *err);

#endif
