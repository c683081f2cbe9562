#include "formats/case_file.h"

#include "base/file.h"
#include "formats/config.h"
#include "formats/profile.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { CASE_BYTES_MOST = 1 << 20 };

/* Where none is named. */
#define PRESET_USUAL "male-pattern"

#define CASE_FORMAT "follitone-case"

static const enum reading_role zone_roles[] = {ROLE_SKIN, ROLE_HAIR, ROLE_FIELD, ROLE_PATCH};
enum { ZONE_ROLES = sizeof zone_roles / sizeof *zone_roles };

static enum status check_keys(const struct config_input *in, const config_setting_t *entry,
			      struct error *err)
{
	struct text known = {0};
	enum status status;

	text_adds(&known, "name preset sessions area_cm2");
	for (int i = 0; i < ZONE_ROLES; i++)
		text_addf(&known, " %s", reading_role_names[zone_roles[i]]);
	for (int key = 0; key < TECHNIQUE_KEYS; key++)
		text_addf(&known, " %s", technique_parameters[key].name);
	status = text_failed(&known) ? error_memory(err) : config_known(in, entry, known.data, err);
	text_clear(&known);
	return status;
}

static enum status take_readings(struct case_zone *zone, const struct config_input *in,
				 const config_setting_t *entry, struct error *err)
{
	for (int i = 0; i < ZONE_ROLES; i++) {
		const char *key = reading_role_names[zone_roles[i]];

		if (config_has(entry, key) &&
		    config_inside(zone->reading[zone_roles[i]], in,
				  config_setting_get_member(entry, key), err))
			return err->status;
	}
	if (!*zone->reading[ROLE_SKIN])
		return config_refuse(in, entry, err, "zone “%s”: skin, a reading, is needed",
				     zone->name);
	if (!*zone->reading[ROLE_HAIR] && !*zone->reading[ROLE_FIELD])
		return config_refuse(in, entry, err,
				     "zone “%s”: hair or field, a reading, is needed", zone->name);
	return STATUS_OK;
}

static enum status take_parameters(struct case_zone *zone, const struct config_input *in,
				   const config_setting_t *entry, struct error *err)
{
	for (int key = 0; key < TECHNIQUE_KEYS; key++) {
		const struct technique_parameter *parameter = &technique_parameters[key];

		zone->stated[key] = config_has(entry, parameter->name);
		if (zone->stated[key] &&
		    config_number(&zone->value[key], parameter->least, parameter->most, in, entry,
				  parameter->name, err))
			return err->status;
	}
	return STATUS_OK;
}

static enum status take_preset(struct case_zone *zone, const struct config_input *in,
			       const config_setting_t *entry, struct error *err)
{
	text_copy(zone->preset, sizeof zone->preset, PRESET_USUAL);
	if (!config_has(entry, "preset"))
		return STATUS_OK;
	if (config_text(zone->preset, sizeof zone->preset, in, entry, "preset", err))
		return err->status;
	if (!profile_is_name(zone->preset))
		return config_refuse(in, config_setting_get_member(entry, "preset"), err,
				     "preset “%s”: the name of a technique is needed",
				     zone->preset);
	return STATUS_OK;
}

static enum status take_zone(struct case_zone *zone, const struct config_input *in,
			     const config_setting_t *entry, struct error *err)
{
	if (!config_setting_is_group(entry))
		return config_refuse(in, entry, err, "a zone is a group { … }");
	zone->sessions = CASE_SESSIONS_USUAL;
	if (check_keys(in, entry, err) ||
	    config_text(zone->name, sizeof zone->name, in, entry, "name", err) ||
	    take_preset(zone, in, entry, err) || take_readings(zone, in, entry, err) ||
	    take_parameters(zone, in, entry, err))
		return err->status;
	if (!*zone->name || strpbrk(zone->name, "/@") || *zone->name == '-')
		return config_refuse(
			in, config_setting_get_member(entry, "name"), err,
			"name “%s”: a zone needs one, without '/' and '@', that does not "
			"begin with '-'",
			zone->name);
	if (config_has(entry, "area_cm2") &&
	    config_number(&zone->area_cm2, 0.01, 2000.0, in, entry, "area_cm2", err))
		return err->status;
	return config_has(entry, "sessions") ? config_integer(&zone->sessions, 1, CASE_SESSIONS_MAX,
							      in, entry, "sessions", err)
					     : STATUS_OK;
}

static enum status take_zones(struct case_file *out, const struct config_input *in,
			      struct error *err)
{
	config_setting_t *list;
	int count;

	if (config_list(&list, &count, CASE_ZONES_MAX, in, config_root(in), "zones", err))
		return err->status;
	if (count == 0)
		return config_refuse(in, list, err, "zones: at least one is needed");
	out->zone = calloc((size_t)count, sizeof *out->zone);
	if (!out->zone)
		return error_memory(err);
	for (out->zones = 0; out->zones < count; out->zones++) {
		const config_setting_t *entry = config_setting_get_elem(list, (unsigned)out->zones);
		struct case_zone *zone = &out->zone[out->zones];

		if (take_zone(zone, in, entry, err))
			return err->status;
		for (int i = 0; i < out->zones; i++)
			if (strcmp(out->zone[i].name, zone->name) == 0)
				return config_refuse(in, entry, err, "zone “%s” stands there twice",
						     zone->name);
	}
	return STATUS_OK;
}

static enum status take_pigments(struct case_file *out, const struct config_input *in,
				 struct error *err)
{
	config_setting_t *root = config_root(in);

	if (!config_has(root, "pigments"))
		return STATUS_OK;
	if (config_text(out->pigments, sizeof out->pigments, in, root, "pigments", err))
		return err->status;
	return profile_is_name(out->pigments)
		       ? STATUS_OK
		       : config_inside(out->pigments, in,
				       config_setting_get_member(root, "pigments"), err);
}

static enum status take_case(struct case_file *out, const struct config_input *in,
			     struct error *err)
{
	config_setting_t *root = config_root(in);

	if (config_format(in, CASE_FORMAT, 1, err) ||
	    config_known(in, root, "format version code pigments zones", err) ||
	    take_pigments(out, in, err))
		return err->status;
	if (config_has(root, "code") &&
	    config_text(out->code, sizeof out->code, in, root, "code", err))
		return err->status;
	return take_zones(out, in, err);
}

enum status case_parse(struct case_file *out, struct text *text, const char *path,
		       struct error *err)
{
	struct config_input in;
	enum status status;

	*out = (struct case_file){0};
	if (config_open(&in, text, path, err))
		return err->status;
	status = take_case(out, &in, err);
	config_close(&in);
	if (status)
		case_clear(out);
	return status;
}

enum status case_read(struct case_file *out, const char *path, struct error *err)
{
	struct text text;
	enum status status = file_read(&text, path, CASE_BYTES_MOST, err);

	*out = (struct case_file){0};
	if (status)
		return status;
	status = case_parse(out, &text, path, err);
	text_clear(&text);
	return status;
}

bool case_is(const char *path)
{
	struct error ignored;
	struct config_input in;
	struct text text;
	bool is = false;

	if (file_read(&text, path, CASE_BYTES_MOST, &ignored))
		return false;
	if (!config_open(&in, &text, path, &ignored)) {
		is = !config_format(&in, CASE_FORMAT, INT_MAX, &ignored);
		config_close(&in);
	}
	text_clear(&text);
	return is;
}

void case_clear(struct case_file *out)
{
	free(out->zone);
	*out = (struct case_file){0};
}
