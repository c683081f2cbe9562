/* libconfig text in and out, strictly.
 *
 * In: the only door to libconfig. @include is refused (it would read any file), numbers must be
 * finite and within stated limits, every key must be known, and each error names file and line.
 * Out: libconfig 1.5 writes 15 digits and forgets comments, so text is written here, with numbers
 * that read back to the same bits.
 *
 *	struct config_input in;
 *	if (config_open(&in, &text, path, &err)) return err.status;
 *	root = config_root(&in);
 *	if (config_text(slot, sizeof slot, &in, root, "name", &err) || …) …
 *	config_close(&in);
 */
#ifndef FORMATS_CONFIG_H
#define FORMATS_CONFIG_H

#include "base/error.h"
#include "base/text.h"

#include <libconfig.h>
#include <stdbool.h>

struct config_input {
	config_t config; /* libconfig's, of what is not plain */
	config_setting_t *root;
	void *quick;      /* memory of what is (config_quick.h); NULL: libconfig read it */
	const char *skip; /* words: groups that may be left out; NULL: none */
	const char *path;
};

enum status config_open(struct config_input *in, struct text *text, const char *path,
			struct error *err);

/* The same for who does not need the groups, wherever they are, whose names are among the words of `skip`, separated by blanks: they may
 * come empty, unread. */
enum status config_open_skimming(struct config_input *in, struct text *text, const char *path,
				 const char *skip, struct error *err);
void config_close(struct config_input *in);

/* True where an array of that name came empty, as it may where it was skimmed. */
bool config_left_out(const struct config_input *in, const config_setting_t *group, const char *key);

config_setting_t *config_root(const struct config_input *in);

/* Refuses any key of `group` that is not among the words of `known`, separated by blanks. */
enum status config_known(const struct config_input *in, const config_setting_t *group,
			 const char *known, struct error *err);

/* Checks `format = "…"` and `version`, a whole number from 1 to `newest`. */
enum status config_format(const struct config_input *in, const char *format, int newest,
			  struct error *err);

/* One line about `setting`: "file:line: …" and then the format. */
enum status config_refuse(const struct config_input *in, const config_setting_t *setting,
			  struct error *err, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* All of these refuse a key that is missing or of another type. Text must be printable and fit its
 * slot. */
enum status config_text(char *slot, size_t size, const struct config_input *in,
			const config_setting_t *group, const char *key, struct error *err);
enum status config_number(double *value, double least, double most, const struct config_input *in,
			  const config_setting_t *group, const char *key, struct error *err);
enum status config_integer(int *value, int least, int most, const struct config_input *in,
			   const config_setting_t *group, const char *key, struct error *err);
enum status config_boolean(bool *value, const struct config_input *in,
			   const config_setting_t *group, const char *key, struct error *err);
enum status config_numbers(double *value, int count, double least, double most,
			   const struct config_input *in, const config_setting_t *group,
			   const char *key, struct error *err);
enum status config_group(config_setting_t **out, const struct config_input *in,
			 const config_setting_t *parent, const char *key, struct error *err);

/* A list ( … ) of at most `most` entries, or an array [ … ]; *count is how many it has. */
enum status config_list(config_setting_t **out, int *count, int most, const struct config_input *in,
			const config_setting_t *parent, const char *key, struct error *err);

/* A text that names a file beside this one or below it (FILE or FILE#NAME): the path of it, as this one
 * is reached. Refuses one that leads out of its folder, by its name or by a link. */
enum status config_inside(char path[4096], const struct config_input *in,
			  const config_setting_t *setting, struct error *err);

/* True where the group has that key. */
bool config_has(const config_setting_t *group, const char *key);

/* --- out -------------------------------------------------------------------------------------- */

struct config_output {
	struct text text;
	int depth;
};

void config_put_comment(struct config_output *out, const char *line);
void config_put_text(struct config_output *out, const char *key, const char *value);
void config_put_number(struct config_output *out, const char *key, double value);
void config_put_integer(struct config_output *out, const char *key, int value);
void config_put_boolean(struct config_output *out, const char *key, bool value);
void config_put_numbers(struct config_output *out, const char *key, const double *value, int count);

/* `key` NULL inside a list. */
void config_put_group(struct config_output *out, const char *key);
void config_end_group(struct config_output *out);
void config_put_list(struct config_output *out, const char *key);
void config_end_list(struct config_output *out);
/* A text entry of a list; `last` leaves out the comma, which libconfig 1.5 refuses there. */
void config_put_entry(struct config_output *out, const char *value, bool last);
/* Ends a group that is an entry of a list. */
void config_end_entry(struct config_output *out, bool last);

#endif
