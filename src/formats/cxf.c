/* Specifications stand behind the objects that refer to them, so objects are collected first and
 * become readings when the document is complete. Element names count without their prefix. */
#include "formats/cxf.h"

#include "base/file.h"
#include "base/number.h"
#include "formats/decode.h"
#include "formats/table.h"

#include <expat.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ID_SIZE = 64, OBJECTS_MAX = 1000000, SPECIFICATIONS_MAX = 1000, DEPTH_MAX = 64 };

struct specification {
	char id[ID_SIZE];
	struct conditions conditions;
	double start_nm, step_nm; /* 0 where not stated */
};

struct object {
	char name[READING_NAME_SIZE];
	char spectrum_of[ID_SIZE], colour_of[ID_SIZE]; /* specifications */
	double start_nm, step_nm;                      /* of the spectrum itself; 0: not stated */
	struct stated_colour stated;
	size_t sample; /* of cxf.samples */
	int count;
	int line;
};

struct cxf {
	XML_Parser parser;
	const char *path;
	struct error *err;
	enum status status;
	struct text content; /* of the element that is open */
	struct object *object;
	struct specification *specification;
	double *samples;
	size_t objects, object_room, specifications, sample_count, sample_room;
	bool in_object;
	bool in_stated; /* inside ColorCIELab or ColorCIEXYZ: ColorSRGB has a B too */
	char angle_in[16];
	int depth;
};

static void stop(struct cxf *cxf, enum status status)
{
	cxf->status = status;
	XML_StopParser(cxf->parser, XML_FALSE);
}

static int line_of(const struct cxf *cxf)
{
	return (int)XML_GetCurrentLineNumber(cxf->parser);
}

/* The part behind the namespace, which expat puts before a '|'. */
static const char *local_name(const char *name)
{
	const char *bar = strrchr(name, '|');

	return bar ? bar + 1 : name;
}

static const char *attribute(const char **attributes, const char *name)
{
	for (; *attributes; attributes += 2)
		if (strcmp(local_name(attributes[0]), name) == 0)
			return attributes[1];
	return "";
}

static void take_number(double *value, const char *words)
{
	double number;

	if (number_read(&number, words) && number > 0.0 && number < 5000.0)
		*value = number;
}

/* --- elements ------------------------------------------------------------------------------- */

static void begin_object(struct cxf *cxf, const char **attributes)
{
	struct object *object;

	if (cxf->objects == cxf->object_room) {
		size_t room = cxf->object_room ? 2 * cxf->object_room : 64;
		struct object *grown = realloc(cxf->object, room * sizeof *grown);

		if (!grown || cxf->objects >= OBJECTS_MAX) {
			stop(cxf, error_memory(cxf->err));
			return;
		}
		cxf->object = grown;
		cxf->object_room = room;
	}
	object = &cxf->object[cxf->objects++];
	*object = (struct object){.line = line_of(cxf)};
	text_copy(object->name, sizeof object->name, attribute(attributes, "Name"));
	text_make_printable(object->name);
	cxf->in_object = true;
}

static void begin_specification(struct cxf *cxf, const char **attributes)
{
	struct specification *grown;

	if (cxf->specifications == SPECIFICATIONS_MAX) {
		stop(cxf, error_set(cxf->err, STATUS_REFUSED, "%s:%d: more than %d specifications",
				    cxf->path, line_of(cxf), SPECIFICATIONS_MAX));
		return;
	}
	grown = realloc(cxf->specification, (cxf->specifications + 1) * sizeof *grown);
	if (!grown) {
		stop(cxf, error_memory(cxf->err));
		return;
	}
	cxf->specification = grown;
	grown[cxf->specifications] = (struct specification){0};
	text_copy(grown[cxf->specifications].id, ID_SIZE, attribute(attributes, "Id"));
	cxf->specifications++;
}

static bool is_stated(const char *name)
{
	return strcmp(name, "ColorCIELab") == 0 || strcmp(name, "ColorCIEXYZ") == 0;
}

static void begin_element(void *data, const char *element, const char **attributes)
{
	struct cxf *cxf = data;
	const char *name = local_name(element);
	struct object *object = cxf->in_object ? &cxf->object[cxf->objects - 1] : NULL;

	if (++cxf->depth > DEPTH_MAX) {
		stop(cxf, error_set(cxf->err, STATUS_REFUSED, "%s:%d: elements nested over %d deep",
				    cxf->path, line_of(cxf), DEPTH_MAX));
		return;
	}
	text_clear(&cxf->content);
	if (strcmp(name, "Object") == 0)
		begin_object(cxf, attributes);
	else if (strcmp(name, "ColorSpecification") == 0 && !object)
		begin_specification(cxf, attributes);
	else if (object && strcmp(name, "ReflectanceSpectrum") == 0) {
		text_copy(object->spectrum_of, ID_SIZE,
			  attribute(attributes, "ColorSpecification"));
		take_number(&object->start_nm, attribute(attributes, "StartWL"));
		take_number(&object->step_nm, attribute(attributes, "Increment"));
	} else if (object && is_stated(name)) {
		cxf->in_stated = true;
		text_copy(object->colour_of, ID_SIZE, attribute(attributes, "ColorSpecification"));
	} else if (object && strcmp(name, "CustomSpectrum") == 0)
		stop(cxf,
		     error_set(
			     cxf->err, STATUS_REFUSED,
			     "%s:%d: “%s” is a CustomSpectrum of uneven wavelengths, an even step "
			     "is needed",
			     cxf->path, line_of(cxf), object->name));
	else if (cxf->specifications && strcmp(name, "WavelengthRange") == 0) {
		struct specification *specification = &cxf->specification[cxf->specifications - 1];

		take_number(&specification->start_nm, attribute(attributes, "StartWL"));
		take_number(&specification->step_nm, attribute(attributes, "Increment"));
	}
}

static void take_spectrum(struct cxf *cxf, struct object *object)
{
	char *rest = NULL;

	object->sample = cxf->sample_count;
	object->count = 0;
	for (char *word = strtok_r(cxf->content.data, " \t\r\n", &rest); word;
	     word = strtok_r(NULL, " \t\r\n", &rest)) {
		double value;

		if (!number_read(&value, word)) {
			stop(cxf,
			     error_set(
				     cxf->err, STATUS_REFUSED,
				     "%s:%d: “%s” where a reflectance is expected, a number with a "
				     "decimal point is needed",
				     cxf->path, line_of(cxf), word));
			return;
		}
		if (cxf->sample_count == cxf->sample_room) {
			size_t room = cxf->sample_room ? 2 * cxf->sample_room : 1024;
			double *grown = realloc(cxf->samples, room * sizeof *grown);

			if (!grown) {
				stop(cxf, error_memory(cxf->err));
				return;
			}
			cxf->samples = grown;
			cxf->sample_room = room;
		}
		cxf->samples[cxf->sample_count++] = value;
		object->count++;
	}
}

/* Parts of a stated colour: X, Y, Z or L, A, B, each an element. */
static void take_colour_part(struct object *object, const char *name, const char *words)
{
	struct stated_colour *stated = &object->stated;
	double value;

	if (strlen(name) != 1 || !number_read(&value, words) || fabs(value) > STATED_MOST)
		return;
	switch (*name) {
	case 'X':
		stated->xyz.x = value / 100.0;
		break;
	case 'Y':
		stated->xyz.y = value / 100.0;
		break;
	case 'Z':
		stated->xyz.z = value / 100.0;
		stated->has_xyz = true;
		break;
	case 'L':
		stated->lab.l = value;
		break;
	case 'A':
		stated->lab.a = value;
		break;
	case 'B':
		stated->lab.b = value;
		stated->has_lab = true;
		break;
	}
}

/* "0.0" and "45" as an angle of a geometry: without needless decimals. */
static void put_angle(char slot[16], const char *words)
{
	size_t length = strlen(words);

	if (length > 2 && strcmp(words + length - 2, ".0") == 0)
		length -= 2;
	text_copy_bytes(slot, 16, words, length);
}

static void take_condition(struct cxf *cxf, const char *name, const char *words)
{
	struct conditions *conditions = &cxf->specification[cxf->specifications - 1].conditions;
	char out[16];

	if (strcmp(name, "Illuminant") == 0)
		text_copy(conditions->illuminant, sizeof conditions->illuminant, words);
	else if (strcmp(name, "Observer") == 0)
		text_copy(conditions->observer, sizeof conditions->observer,
			  strncmp(words, "10", 2) == 0 ? "10" : "2");
	else if (strcmp(name, "IlluminationAngle") == 0)
		put_angle(cxf->angle_in, words);
	else if (strcmp(name, "MeasurementAngle") == 0) {
		put_angle(out, words);
		text_copy(conditions->geometry, sizeof conditions->geometry, cxf->angle_in);
		text_copy(conditions->geometry + strlen(conditions->geometry),
			  sizeof conditions->geometry - strlen(conditions->geometry), ":");
		text_copy(conditions->geometry + strlen(conditions->geometry),
			  sizeof conditions->geometry - strlen(conditions->geometry), out);
	} else if (strcmp(name, "Model") == 0)
		text_copy(conditions->instrument, sizeof conditions->instrument, words);
	else if (strcmp(name, "DeviceIllumination") == 0) /* "M1_Daylight", "M2_Incandescent" */
		text_copy_bytes(conditions->mode, sizeof conditions->mode, words,
				strcspn(words, "_ "));
	else if (strcmp(name, "SphereGeometry") == 0) { /* "Specular_Excluded" */
		conditions->specular = specular_read(words);
		text_copy(conditions->geometry, sizeof conditions->geometry, "d:8");
	}
	text_make_printable(conditions->illuminant);
	text_make_printable(conditions->instrument);
	text_make_printable(conditions->mode);
	text_make_printable(conditions->geometry);
}

static void end_element(void *data, const char *element)
{
	struct cxf *cxf = data;
	const char *name = local_name(element);
	struct object *object = cxf->in_object ? &cxf->object[cxf->objects - 1] : NULL;

	cxf->depth--;
	if (text_failed(&cxf->content)) {
		stop(cxf, error_memory(cxf->err));
		return;
	}
	if (object && strcmp(name, "ReflectanceSpectrum") == 0 && cxf->content.data)
		take_spectrum(cxf, object);
	else if (object && cxf->in_stated && cxf->content.data)
		take_colour_part(object, name, text_trim(cxf->content.data));
	else if (!object && cxf->specifications && cxf->content.data)
		take_condition(cxf, name, text_trim(cxf->content.data));
	if (strcmp(name, "Object") == 0)
		cxf->in_object = false;
	if (is_stated(name))
		cxf->in_stated = false;
	text_clear(&cxf->content);
}

static void add_content(void *data, const char *bytes, int length)
{
	struct cxf *cxf = data;

	text_add(&cxf->content, bytes, (size_t)length);
}

static void refuse_doctype(void *data, const char *name, const char *system, const char *public,
			   int internal)
{
	struct cxf *cxf = data;

	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	stop(cxf, error_set(cxf->err, STATUS_REFUSED, "%s:%d: a DOCTYPE is not allowed", cxf->path,
			    line_of(cxf)));
}

/* --- readings ------------------------------------------------------------------------------- */

static const struct specification *find_specification(const struct cxf *cxf, const char *id)
{
	for (size_t i = 0; i < cxf->specifications; i++)
		if (strcmp(cxf->specification[i].id, id) == 0)
			return &cxf->specification[i];
	return NULL;
}

static bool is_percent(const struct cxf *cxf, struct notes *notes)
{
	size_t above = 0;

	for (size_t i = 0; i < cxf->sample_count; i++)
		above += cxf->samples[i] > REFLECTANCE_MAX;
	if (cxf->sample_count == 0 || 2 * above < cxf->sample_count)
		return false;
	notes_addf(notes, "%s: reflectance taken as percent (most values exceed %g)",
		   file_name(cxf->path), REFLECTANCE_MAX);
	return true;
}

static enum status take_samples(struct reading *reading, const struct cxf *cxf,
				const struct object *object, bool percent, struct error *err)
{
	for (int b = 0; b < object->count; b++) {
		double value = cxf->samples[object->sample + (size_t)b];
		double most = percent ? 100.0 * REFLECTANCE_MAX : REFLECTANCE_MAX;

		if (value < 0.0 || value > most)
			return error_set(err, STATUS_REFUSED,
					 "%s:%d: “%s”: reflectance %g is outside 0..%g", cxf->path,
					 object->line, object->name, value, most);
		reading->reflectance.value[b] = percent ? value / 100.0 : value;
	}
	return STATUS_OK;
}

static enum status take_object(struct reading *reading, const struct cxf *cxf,
			       const struct object *object, bool percent, struct error *err)
{
	const struct specification *measured = find_specification(
		cxf, *object->spectrum_of ? object->spectrum_of : object->colour_of);
	const struct specification *stated = find_specification(cxf, object->colour_of);
	struct grid *grid = &reading->reflectance.grid;

	*reading = (struct reading){.stated = object->stated};
	text_copy(reading->file, sizeof reading->file, cxf->path);
	text_make_printable(reading->file);
	text_copy(reading->name, sizeof reading->name, object->name);
	if (measured)
		reading->conditions = measured->conditions;
	if (stated) {
		text_copy(reading->conditions.illuminant, LIGHT_NAME_SIZE,
			  stated->conditions.illuminant);
		text_copy(reading->conditions.observer, sizeof reading->conditions.observer,
			  stated->conditions.observer);
	}
	if (object->count == 0)
		return STATUS_OK;
	if (object->count > SPECTRUM_SAMPLES_MAX)
		return error_set(err, STATUS_REFUSED, "%s:%d: “%s” has more than %d reflectances",
				 cxf->path, object->line, object->name, SPECTRUM_SAMPLES_MAX);
	grid->start_nm = object->start_nm > 0.0 ? object->start_nm
			 : measured             ? measured->start_nm
						: 0.0;
	grid->step_nm = object->step_nm > 0.0 ? object->step_nm
			: measured            ? measured->step_nm
					      : 0.0;
	grid->count = object->count;
	if (grid->start_nm <= 0.0 || grid->step_nm <= 0.0)
		return error_set(err, STATUS_REFUSED,
				 "%s:%d: “%s”: neither it nor its specification states StartWL and "
				 "Increment",
				 cxf->path, object->line, object->name);
	if (reading_grid_check(grid, cxf->path, object->line, err))
		return err->status;
	return take_samples(reading, cxf, object, percent, err);
}

static enum status add_readings(struct reading_list *list, const struct cxf *cxf,
				struct notes *notes, struct error *err)
{
	bool percent = is_percent(cxf, notes);
	struct reading reading;
	size_t left_out = 0;

	for (size_t i = 0; i < cxf->objects; i++) {
		const struct object *object = &cxf->object[i];

		if (object->count == 0 && !object->stated.has_lab && !object->stated.has_xyz) {
			left_out++;
			continue;
		}
		if (take_object(&reading, cxf, object, percent, err) ||
		    reading_list_add(list, &reading, err))
			return err->status;
		reflectance_note_excess(&reading, notes);
	}
	if (left_out == cxf->objects)
		return error_set(err, STATUS_REFUSED,
				 "%s: none of its %zu objects has a spectrum or a colour",
				 cxf->path, cxf->objects);
	if (left_out)
		notes_addf(notes, "%s: %zu objects without spectrum or colour are left out",
			   file_name(cxf->path), left_out);
	return STATUS_OK;
}

bool cxf_recognise(const char *text)
{
	const char *element;

	text += strspn(text, " \t\r\n");
	if (*text != '<')
		return false;
	element = strstr(text, "CxF");
	return element && element - text < 4096;
}

enum status cxf_readings_read(struct reading_list *list, struct text *text, const char *path,
			      struct notes *notes, struct error *err)
{
	struct cxf cxf = {.path = path, .err = err};
	enum status status;

	/* the text was brought to UTF-8, whatever the XML declaration still says */
	cxf.parser = XML_ParserCreateNS("UTF-8", '|');
	if (!cxf.parser)
		return error_memory(err);
	XML_SetUserData(cxf.parser, &cxf);
	XML_SetElementHandler(cxf.parser, begin_element, end_element);
	XML_SetCharacterDataHandler(cxf.parser, add_content);
	XML_SetStartDoctypeDeclHandler(cxf.parser, refuse_doctype);
	if (XML_Parse(cxf.parser, text->data, (int)text->length, XML_TRUE) == XML_STATUS_ERROR &&
	    !cxf.status)
		cxf.status = error_set(err, STATUS_REFUSED, "%s:%d: %s", path, line_of(&cxf),
				       XML_ErrorString(XML_GetErrorCode(cxf.parser)));
	status = cxf.status ? cxf.status : add_readings(list, &cxf, notes, err);
	XML_ParserFree(cxf.parser);
	text_clear(&cxf.content);
	free(cxf.object);
	free(cxf.specification);
	free(cxf.samples);
	return status;
}
