#include "formats/technique_file.h"

#include "formats/profile.h"

#include <string.h>

/* A preset that is based on one that is based on one … ends somewhere, or is refused. */
enum { BASES_MOST = 4 };

static enum status take_key(struct technique *technique, enum technique_key key,
			    const struct config_input *in, const config_setting_t *group,
			    struct error *err)
{
	const struct technique_parameter *parameter = &technique_parameters[key];
	double *value = &technique->value[key], range[2];
	config_setting_t *entry;

	if (config_group(&entry, in, group, parameter->name, err) ||
	    config_known(in, entry, "value range source", err) ||
	    config_number(value, parameter->least, parameter->most, in, entry, "value", err) ||
	    config_text(technique->source[key], sizeof technique->source[key], in, entry, "source",
			err))
		return err->status;
	if (!*technique->source[key])
		return config_refuse(in, entry, err, "%s: a source, or the word assumed, is needed",
				     parameter->name);
	range[0] = range[1] = *value;
	if (config_has(entry, "range") &&
	    config_numbers(range, 2, parameter->least, parameter->most, in, entry, "range", err))
		return err->status;
	if (range[0] > *value || range[1] < *value)
		return config_refuse(in, entry, err,
				     "%s: range %g to %g does not hold the value %g",
				     parameter->name, range[0], range[1], *value);
	technique->least[key] = range[0];
	technique->most[key] = range[1];
	return STATUS_OK;
}

/* What it is done with: words only. */
static enum status take_needle(struct technique *technique, const struct config_input *in,
			       const config_setting_t *group, struct error *err)
{
	config_setting_t *entry;

	if (!config_has(group, "needle"))
		return STATUS_OK;
	if (config_group(&entry, in, group, "needle", err) ||
	    config_known(in, entry, "words source", err) ||
	    config_text(technique->needle, sizeof technique->needle, in, entry, "words", err) ||
	    config_text(technique->needle_source, sizeof technique->needle_source, in, entry,
			"source", err))
		return err->status;
	if (!*technique->needle || !*technique->needle_source)
		return config_refuse(in, entry, err,
				     "needle: words and a source, or the word assumed, are needed");
	return STATUS_OK;
}

/* Keys that the group holds; `whole`: those that must be there, must be there. */
static enum status take_keys(struct technique *technique, bool whole, const struct config_input *in,
			     const config_setting_t *group, struct error *err)
{
	if (config_text(technique->name, sizeof technique->name, in, group, "name", err))
		return err->status;
	if (!*technique->name)
		return config_refuse(in, group, err, "name: a technique needs one");
	for (int key = 0; key < TECHNIQUE_KEYS; key++) {
		bool needed = whole && !technique_parameters[key].optional;

		if ((needed || config_has(group, technique_parameters[key].name)) &&
		    take_key(technique, key, in, group, err))
			return err->status;
	}
	return take_needle(technique, in, group, err);
}

enum status technique_take(struct technique *technique, const struct config_input *in,
			   const config_setting_t *group, struct error *err)
{
	*technique = (struct technique){0};
	return take_keys(technique, true, in, group, err);
}

void technique_put(struct config_output *out, const struct technique *technique)
{
	config_put_text(out, "name", technique->name);
	for (int key = 0; key < TECHNIQUE_KEYS; key++) {
		double range[2] = {technique->least[key], technique->most[key]};

		if (!*technique->source[key])
			continue;
		config_put_comment(out, technique_parameters[key].words);
		config_put_group(out, technique_parameters[key].name);
		config_put_number(out, "value", technique->value[key]);
		if (range[0] < range[1])
			config_put_numbers(out, "range", range, 2);
		config_put_text(out, "source", technique->source[key]);
		config_end_group(out);
	}
	if (!*technique->needle)
		return;
	config_put_group(out, "needle");
	config_put_text(out, "words", technique->needle);
	config_put_text(out, "source", technique->needle_source);
	config_end_group(out);
}

enum status technique_print(struct text *out, const struct technique *technique, struct error *err)
{
	struct config_output to = {0};

	config_put_text(&to, "format", "follitone-technique");
	config_put_integer(&to, "version", 1);
	technique_put(&to, technique);
	*out = to.text;
	if (!text_failed(out))
		return STATUS_OK;
	text_clear(out);
	return error_memory(err);
}

static enum status read_known(const struct config_input *in, struct error *err)
{
	struct text known = {0};
	enum status status;

	text_adds(&known, "format version name based_on needle");
	for (int key = 0; key < TECHNIQUE_KEYS; key++)
		text_addf(&known, " %s", technique_parameters[key].name);
	status = text_failed(&known) ? error_memory(err)
				     : config_known(in, config_root(in), known.data, err);
	text_clear(&known);
	return status;
}

static enum status read_based(struct technique *technique, const char *name, int bases,
			      struct error *err);

static enum status take_file(struct technique *technique, const struct config_input *in, int bases,
			     struct error *err)
{
	const config_setting_t *root = config_root(in);
	bool based = config_has(root, "based_on");
	char base[TECHNIQUE_NAME_SIZE];

	if (config_format(in, "follitone-technique", 1, err) || read_known(in, err))
		return err->status;
	if (based && config_text(base, sizeof base, in, root, "based_on", err))
		return err->status;
	if (based && (!profile_is_name(base) || bases == 0))
		return config_refuse(in, config_setting_get_member(root, "based_on"), err,
				     "based_on “%s”, the name of a preset is allowed%s", base,
				     bases == 0 ? ", and no longer a chain of them" : "");
	if (based && read_based(technique, base, bases - 1, err))
		return err->status;
	return take_keys(technique, !based, in, root, err);
}

static enum status read_based(struct technique *technique, const char *name, int bases,
			      struct error *err)
{
	struct config_input in;
	struct text text = {0};
	char path[4096];
	enum status status = profile_read(&text, path, "techniques", name, ".cfg", err);

	if (!status)
		status = config_open(&in, &text, path, err);
	if (!status) {
		status = take_file(technique, &in, bases, err);
		config_close(&in);
	}
	text_clear(&text);
	return status;
}

enum status technique_read(struct technique *technique, const char *name, struct error *err)
{
	*technique = (struct technique){0};
	return read_based(technique, name, BASES_MOST, err);
}
