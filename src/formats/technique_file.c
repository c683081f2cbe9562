#include "formats/technique_file.h"

#include "formats/profile.h"

enum status technique_take(struct technique *technique, const struct config_input *in,
			   const config_setting_t *group, struct error *err)
{
	if (config_text(technique->name, sizeof technique->name, in, group, "name", err))
		return err->status;
	for (int key = 0; key < TECHNIQUE_KEYS; key++) {
		const struct technique_parameter *parameter = &technique_parameters[key];
		config_setting_t *entry;

		if (config_group(&entry, in, group, parameter->name, err) ||
		    config_known(in, entry, "value source", err) ||
		    config_number(&technique->value[key], parameter->least, parameter->most, in,
				  entry, "value", err) ||
		    config_text(technique->source[key], sizeof technique->source[key], in, entry,
				"source", err))
			return err->status;
	}
	return STATUS_OK;
}

void technique_put(struct config_output *out, const struct technique *technique)
{
	config_put_text(out, "name", technique->name);
	for (int key = 0; key < TECHNIQUE_KEYS; key++) {
		config_put_comment(out, technique_parameters[key].words);
		config_put_group(out, technique_parameters[key].name);
		config_put_number(out, "value", technique->value[key]);
		config_put_text(out, "source", technique->source[key]);
		config_end_group(out);
	}
}

static enum status read_known(const struct config_input *in, struct error *err)
{
	struct text known = {0};
	enum status status;

	text_adds(&known, "format version name");
	for (int key = 0; key < TECHNIQUE_KEYS; key++)
		text_addf(&known, " %s", technique_parameters[key].name);
	status = text_failed(&known) ? error_memory(err)
				     : config_known(in, config_root(in), known.data, err);
	text_clear(&known);
	return status;
}

enum status technique_read(struct technique *technique, const char *name, struct error *err)
{
	struct config_input in;
	struct text text = {0};
	char path[4096];
	enum status status = profile_read(&text, path, "techniques", name, ".cfg", err);

	if (!status)
		status = config_open(&in, &text, path, err);
	if (!status) {
		status = config_format(&in, "follitone-technique", 1, err);
		if (!status)
			status = read_known(&in, err);
		if (!status)
			status = technique_take(technique, &in, config_root(&in), err);
		config_close(&in);
	}
	text_clear(&text);
	return status;
}
