/* libconfig is asked for structure only; what it lets pass (numbers that wrap, hexadecimal, infinity, @include) is refused before or after
 * it. Plain text does not go through it at all (config_quick.h). */
#include "formats/config.h"

#include "base/number.h"
#include "formats/config_quick.h"
#include "formats/decode.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- in --------------------------------------------------------------------------------------- */

static enum status refuse_includes(const char *text, const char *path, struct error *err)
{
	int line = 1;

	while (*text) {
		text += strspn(text, " \t");
		if (strncmp(text, "@include", 8) == 0)
			return error_set(err, STATUS_REFUSED,
					 "%s:%d: @include is not allowed, a file must be whole",
					 path, line);
		text += strcspn(text, "\n");
		line += *text == '\n';
		text += *text == '\n';
	}
	return STATUS_OK;
}

static int line_at(const char *start, const char *place)
{
	int line = 1;

	for (; start < place; start++)
		line += *start == '\n';
	return line;
}

static const char *skip_string(const char *text)
{
	for (text++; *text && *text != '"'; text++)
		text += *text == '\\' && text[1];
	return text + (*text == '"');
}

static const char *skip_comment(const char *text)
{
	if (text[0] == '/' && text[1] == '*') {
		const char *end = strstr(text + 2, "*/");

		return end ? end + 2 : text + strlen(text);
	}
	return text + strcspn(text, "\n");
}

/* libconfig 1.5 lets a whole number beyond 32 bits wrap and takes hexadecimal; neither may stand for a
 * dose. */
static enum status refuse_odd_integers(const char *text, const char *path, struct error *err)
{
	const char *start = text;

	while (*text) {
		size_t digits = strspn(text, "0123456789"), word;

		if (*text == '"')
			text = skip_string(text);
		else if (*text == '#' || (*text == '/' && (text[1] == '/' || text[1] == '*')))
			text = skip_comment(text);
		else if (digits == 0 && !isalpha((unsigned char)*text) && *text != '.' &&
			 *text != '_')
			text++;
		else {
			word = strcspn(text, " \t\r\n,;=:(){}[]\"");
			if ((digits == word && digits > 9) ||
			    (digits == 1 && *text == '0' && (text[1] | 0x20) == 'x') ||
			    (digits > 0 && word > digits && (text[digits] | 0x20) == 'l'))
				return error_set(
					err, STATUS_REFUSED,
					"%s:%d: “%.*s”, a whole number of at most nine digits is "
					"allowed",
					path, line_at(start, text), (int)word, text);
			text += word > 0 ? word : 1;
		}
	}
	return STATUS_OK;
}

static enum status open_text(struct config_input *in, struct text *text, const char *path,
			     const char *skip, struct error *err)
{
	in->path = path;
	in->skip = skip;
	if (text_decode(text, path, err))
		return err->status;
	config_init(&in->config);
	if (config_quick_read(in, text->data))
		return STATUS_OK;
	if (refuse_includes(text->data, path, err) || refuse_odd_integers(text->data, path, err)) {
		config_destroy(&in->config);
		return err->status;
	}
	if (!config_read_string(&in->config, text->data)) {
		error_set(err, STATUS_REFUSED, "%s:%d: %s", path, config_error_line(&in->config),
			  config_error_text(&in->config));
		config_destroy(&in->config);
		return err->status;
	}
	in->root = config_root_setting(&in->config);
	return STATUS_OK;
}

enum status config_open(struct config_input *in, struct text *text, const char *path,
			struct error *err)
{
	return open_text(in, text, path, NULL, err);
}

enum status config_open_skimming(struct config_input *in, struct text *text, const char *path,
				 const char *skip, struct error *err)
{
	return open_text(in, text, path, skip, err);
}

bool config_left_out(const struct config_input *in, const config_setting_t *group, const char *key)
{
	const config_setting_t *array = in->skip ? config_setting_get_member(group, key) : NULL;

	return array && config_setting_is_array(array) && config_setting_length(array) == 0;
}

void config_close(struct config_input *in)
{
	config_quick_free(in);
	config_destroy(&in->config);
}

config_setting_t *config_root(const struct config_input *in)
{
	return in->root;
}

enum status config_refuse(const struct config_input *in, const config_setting_t *setting,
			  struct error *err, const char *format, ...)
{
	char line[sizeof err->message];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	return error_set(err, STATUS_REFUSED, "%s:%d: %s", in->path,
			 (int)config_setting_source_line(setting), line);
}

enum status config_known(const struct config_input *in, const config_setting_t *group,
			 const char *known, struct error *err)
{
	for (int i = 0; i < config_setting_length(group); i++) {
		const config_setting_t *member = config_setting_get_elem(group, (unsigned)i);

		if (!text_is_word_of(config_setting_name(member), known))
			return config_refuse(in, member, err, "unknown key “%s”, allowed here: %s",
					     config_setting_name(member), known);
	}
	return STATUS_OK;
}

/* libconfig's own takes the key for a path, and most of the time of a look-up to find that it is none. */
static config_setting_t *find_member(const config_setting_t *group, const char *key)
{
	for (int i = 0; i < config_setting_length(group); i++) {
		config_setting_t *member = group->value.list->elements[i];

		if (member->name && strcmp(member->name, key) == 0)
			return member;
	}
	return NULL;
}

bool config_has(const config_setting_t *group, const char *key)
{
	return find_member(group, key) != NULL;
}

static enum status find(config_setting_t **out, const struct config_input *in,
			const config_setting_t *group, const char *key, struct error *err)
{
	*out = find_member(group, key);
	if (*out)
		return STATUS_OK;
	if (config_setting_is_root(group))
		return error_set(err, STATUS_REFUSED, "%s: “%s” is missing", in->path, key);
	return config_refuse(in, group, err, "“%s” is missing", key);
}

enum status config_format(const struct config_input *in, const char *format, int newest,
			  struct error *err)
{
	const config_setting_t *root = config_root(in);
	config_setting_t *version;
	char name[64];
	int number;

	if (config_text(name, sizeof name, in, root, "format", err) ||
	    config_integer(&number, 1, 1 << 30, in, root, "version", err))
		return err->status;
	version = config_setting_get_member(root, "version");
	if (strcmp(name, format))
		return config_refuse(in, config_setting_get_member(root, "format"), err,
				     "format “%s”, “%s” is needed", name, format);
	if (number > newest)
		return config_refuse(
			in, version, err,
			"format version %d is newer than this program reads (%d): a newer "
			"follitone is needed",
			number, newest);
	return STATUS_OK;
}

enum status config_text(char *slot, size_t size, const struct config_input *in,
			const config_setting_t *group, const char *key, struct error *err)
{
	config_setting_t *setting;
	const char *value;

	if (find(&setting, in, group, key, err))
		return err->status;
	value = config_setting_get_string(setting);
	if (!value)
		return config_refuse(in, setting, err, "%s: text in quotation marks is needed",
				     key);
	if (strlen(value) >= size)
		return config_refuse(in, setting, err, "%s: %zu bytes, at most %zu are allowed",
				     key, strlen(value), size - 1);
	if (!text_printable(value))
		return config_refuse(in, setting, err, "%s: control characters are not allowed",
				     key);
	text_copy(slot, size, value);
	return STATUS_OK;
}

static bool is_number(const config_setting_t *setting, double *value)
{
	switch (config_setting_type(setting)) {
	case CONFIG_TYPE_INT:
		*value = config_setting_get_int(setting);
		return true;
	case CONFIG_TYPE_INT64:
		*value = (double)config_setting_get_int64(setting);
		return true;
	case CONFIG_TYPE_FLOAT:
		*value = config_setting_get_float(setting);
		return true;
	default:
		return false;
	}
}

static enum status check_number(double *value, double least, double most,
				const struct config_input *in, const config_setting_t *setting,
				const char *key, struct error *err)
{
	if (!is_number(setting, value))
		return config_refuse(in, setting, err, "%s: a number is needed", key);
	if (!isfinite(*value) || *value < least || *value > most)
		return config_refuse(in, setting, err, "%s: %g is outside %g..%g", key, *value,
				     least, most);
	return STATUS_OK;
}

enum status config_number(double *value, double least, double most, const struct config_input *in,
			  const config_setting_t *group, const char *key, struct error *err)
{
	config_setting_t *setting;

	if (find(&setting, in, group, key, err))
		return err->status;
	return check_number(value, least, most, in, setting, key, err);
}

enum status config_integer(int *value, int least, int most, const struct config_input *in,
			   const config_setting_t *group, const char *key, struct error *err)
{
	config_setting_t *setting;
	double number;

	if (find(&setting, in, group, key, err) ||
	    check_number(&number, least, most, in, setting, key, err))
		return err->status;
	if (number != floor(number))
		return config_refuse(in, setting, err, "%s: %g, a whole number is needed", key,
				     number);
	*value = (int)number;
	return STATUS_OK;
}

enum status config_boolean(bool *value, const struct config_input *in,
			   const config_setting_t *group, const char *key, struct error *err)
{
	config_setting_t *setting;

	if (find(&setting, in, group, key, err))
		return err->status;
	if (config_setting_type(setting) != CONFIG_TYPE_BOOL)
		return config_refuse(in, setting, err, "%s: true or false is needed", key);
	*value = config_setting_get_bool(setting);
	return STATUS_OK;
}

enum status config_list(config_setting_t **out, int *count, int most, const struct config_input *in,
			const config_setting_t *parent, const char *key, struct error *err)
{
	if (find(out, in, parent, key, err))
		return err->status;
	if (!config_setting_is_list(*out) && !config_setting_is_array(*out))
		return config_refuse(in, *out, err, "%s: a list is needed", key);
	*count = config_setting_length(*out);
	if (*count > most)
		return config_refuse(in, *out, err, "%s: %d entries, at most %d are allowed", key,
				     *count, most);
	return STATUS_OK;
}

enum status config_numbers(double *value, int count, double least, double most,
			   const struct config_input *in, const config_setting_t *group,
			   const char *key, struct error *err)
{
	config_setting_t *list;
	int found;

	if (config_list(&list, &found, 1 << 20, in, group, key, err))
		return err->status;
	if (found != count)
		return config_refuse(in, list, err, "%s: %d numbers, %d are needed", key, found,
				     count);
	for (int i = 0; i < count; i++)
		if (check_number(&value[i], least, most, in,
				 config_setting_get_elem(list, (unsigned)i), key, err))
			return err->status;
	return STATUS_OK;
}

enum status config_group(config_setting_t **out, const struct config_input *in,
			 const config_setting_t *parent, const char *key, struct error *err)
{
	if (find(out, in, parent, key, err))
		return err->status;
	if (!config_setting_is_group(*out))
		return config_refuse(in, *out, err, "%s: a group { … } is needed", key);
	return STATUS_OK;
}

/* A name beside the file or below it, never outside: no way up, no root, no link. */
static bool stays_inside(const char *name)
{
	if (*name == '/' || strcmp(name, "..") == 0 || strncmp(name, "../", 3) == 0)
		return false;
	return !strstr(name, "/../") &&
	       !(strlen(name) > 3 && strcmp(name + strlen(name) - 3, "/..") == 0);
}

static bool resolves_inside(const char *folder, const char *path)
{
	char *real_folder = realpath(*folder ? folder : ".", NULL), *real = realpath(path, NULL);
	bool inside = !real; /* what is not there is the reader's to say */

	if (real && real_folder) {
		size_t length = strlen(real_folder);

		inside = strncmp(real, real_folder, length) == 0 &&
			 (real[length] == '/' || strcmp(real_folder, "/") == 0);
	}
	free(real_folder);
	free(real);
	return inside;
}

enum status config_inside(char path[4096], const struct config_input *in,
			  const config_setting_t *setting, struct error *err)
{
	const char *name = config_setting_get_string(setting), *slash = strrchr(in->path, '/');
	const char *key = config_setting_name(setting) /* of an entry that of its list */
				  ? config_setting_name(setting)
				  : config_setting_name(config_setting_parent(setting));
	char folder[4096] = "", file[4096], *mark;

	if (slash)
		text_copy_bytes(folder, sizeof folder, in->path, (size_t)(slash + 1 - in->path));
	if (!name || !*name || !text_printable(name) || !stays_inside(name) ||
	    snprintf(path, 4096, "%s%s", folder, name) >= 4096)
		return config_refuse(in, setting, err,
				     "%s: the name of a file in this file's own folder is needed",
				     key);
	text_copy(file, sizeof file, path);
	mark = strchr(file + strlen(folder), '#');
	if (mark && access(file, F_OK)) /* FILE#NAME, where no file is called so itself */
		*mark = 0;
	if (!resolves_inside(folder, file))
		return config_refuse(in, setting, err, "“%s” leads out of this file's own folder",
				     name);
	return STATUS_OK;
}

/* --- out -------------------------------------------------------------------------------------- */

static void put_indent(struct config_output *out)
{
	for (int i = 0; i < out->depth; i++)
		text_adds(&out->text, "  ");
}

static void put_key(struct config_output *out, const char *key)
{
	put_indent(out);
	if (key) {
		text_adds(&out->text, key);
		text_adds(&out->text, " = ");
	}
}

static void put_quoted(struct config_output *out, const char *value)
{
	text_adds(&out->text, "\"");
	while (*value) {
		size_t plain = strcspn(value, "\"\\");

		text_add(&out->text, value, plain);
		value += plain;
		if (*value) {
			text_add(&out->text, "\\", 1);
			text_add(&out->text, value++, 1);
		}
	}
	text_adds(&out->text, "\"");
}

void config_put_comment(struct config_output *out, const char *line)
{
	put_indent(out);
	text_addf(&out->text, "// %s\n", line);
}

void config_put_text(struct config_output *out, const char *key, const char *value)
{
	put_key(out, key);
	put_quoted(out, value);
	text_adds(&out->text, ";\n");
}

void config_put_number(struct config_output *out, const char *key, double value)
{
	char number[NUMBER_TEXT_SIZE];

	put_key(out, key);
	text_adds(&out->text, number_print(number, value));
	text_adds(&out->text, ";\n");
}

void config_put_integer(struct config_output *out, const char *key, int value)
{
	put_key(out, key);
	text_addf(&out->text, "%d;\n", value);
}

void config_put_boolean(struct config_output *out, const char *key, bool value)
{
	put_key(out, key);
	text_addf(&out->text, "%s;\n", value ? "true" : "false");
}

void config_put_numbers(struct config_output *out, const char *key, const double *value, int count)
{
	char number[NUMBER_TEXT_SIZE];

	put_key(out, key);
	text_adds(&out->text, "[");
	for (int i = 0; i < count; i++) {
		if (i % 6 == 0) {
			text_adds(&out->text, "\n  ");
			put_indent(out);
		}
		text_adds(&out->text, number_print(number, value[i]));
		if (i + 1 < count)
			text_adds(&out->text, ", ");
	}
	text_adds(&out->text, "];\n");
}

void config_put_group(struct config_output *out, const char *key)
{
	put_key(out, key);
	text_adds(&out->text, "{\n");
	out->depth++;
}

void config_end_group(struct config_output *out)
{
	out->depth--;
	put_indent(out);
	text_adds(&out->text, "};\n");
}

void config_put_list(struct config_output *out, const char *key)
{
	put_key(out, key);
	text_adds(&out->text, "(\n");
	out->depth++;
}

void config_end_list(struct config_output *out)
{
	out->depth--;
	put_indent(out);
	text_adds(&out->text, ");\n");
}

void config_put_entry(struct config_output *out, const char *value, bool last)
{
	put_indent(out);
	put_quoted(out, value);
	text_adds(&out->text, last ? "\n" : ",\n");
}

void config_end_entry(struct config_output *out, bool last)
{
	out->depth--;
	put_indent(out);
	text_adds(&out->text, last ? "}\n" : "},\n");
}
