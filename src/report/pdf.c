/* What is painted in Lab is a stream of its own before cairo's, whose flipped coordinates stay on at the end of a page: so a frame or a word
 * that cairo draws lies over it.
 *
 * The same profile is named by two intents, that of an archive and that of a screen (ISO 32000-1 §14.11.5): poppler takes the profile of
 * a single one for the display's, and then computes Lab by a table of 8 bits, in blue up to 3 of 255 beside what it, ghostscript and
 * LittleCMS have otherwise. A printer's profile is not put in: a viewer that takes it for the display's would show inks as screen colours,
 * and the one that prints knows its own.
 *
 * mupdf as Debian 12 builds it has no colour management: it takes a square root for sRGB's curve (fitz/colorspace.c, lab_to_rgb), and so
 * shows every Lab of every file about 4 L* too dark. No key of a /Lab space changes that. */
#include "report/pdf.h"

#include "base/version.h"

#include <qpdf/qpdf-c.h>
#include <stdio.h>
#include <string.h>

/* ICC.1 §7.2.16: the PCS's white; Lab of what reflects no more than white stays in this range (ISO 32000-1 §8.6.5.4). */
#define LAB_SPACE "[ /Lab << /WhitePoint [ 0.9642 1 0.8249 ] /Range [ -128 127 -128 127 ] >> ]"
#define CONDITION "sRGB IEC61966-2.1"
#define CREATOR "Follitone " FOLLITONE_VERSION

static qpdf_oh make_stream(qpdf_data pdf, const char *bytes, size_t length)
{
	qpdf_oh stream = qpdf_oh_new_stream(pdf);

	qpdf_oh_replace_stream_data(pdf, stream, (const unsigned char *)bytes, length,
				    qpdf_oh_new_null(pdf), qpdf_oh_new_null(pdf));
	return stream;
}

static qpdf_oh make_profile(qpdf_data pdf, const void *profile, size_t length)
{
	qpdf_oh stream = make_stream(pdf, profile, length);
	qpdf_oh keys = qpdf_oh_get_dict(pdf, stream);

	qpdf_oh_replace_key(pdf, keys, "/N", qpdf_oh_new_integer(pdf, 3));
	qpdf_oh_replace_key(pdf, keys, "/Alternate", qpdf_oh_new_name(pdf, "/DeviceRGB"));
	return stream;
}

static void add_output_intent(qpdf_data pdf, qpdf_oh all, const char *kind, qpdf_oh profile)
{
	qpdf_oh intent = qpdf_oh_new_dictionary(pdf);

	qpdf_oh_replace_key(pdf, intent, "/Type", qpdf_oh_new_name(pdf, "/OutputIntent"));
	qpdf_oh_replace_key(pdf, intent, "/S", qpdf_oh_new_name(pdf, kind));
	qpdf_oh_replace_key(pdf, intent, "/OutputConditionIdentifier",
			    qpdf_oh_new_string(pdf, CONDITION));
	qpdf_oh_replace_key(pdf, intent, "/Info", qpdf_oh_new_string(pdf, CONDITION));
	qpdf_oh_replace_key(pdf, intent, "/DestOutputProfile", profile);
	qpdf_oh_append_item(pdf, all, intent);
}

static void add_output_intents(qpdf_data pdf, qpdf_oh profile)
{
	qpdf_oh all = qpdf_oh_new_array(pdf);

	add_output_intent(pdf, all, "/GTS_PDFA1", profile);
	add_output_intent(pdf, all, "/ISO_PDFE1", profile);
	qpdf_oh_replace_key(pdf, qpdf_get_root(pdf), "/OutputIntents", all);
}

/* --- what the file says of itself -------------------------------------------------------------- */

enum { DATE_DIGITS = 14 };

static void add_escaped(struct text *out, const char *words)
{
	for (; *words; words++)
		if (*words == '&' || *words == '<' || *words == '>')
			text_addf(out, "&#%d;", *words);
		else
			text_add(out, words, 1);
}

/* XMP (ISO 16684-1): the same as in the file's table of contents, where newer programs look. `digits` is 20261126064825. */
static void describe(struct text *out, const char *title, const char *digits)
{
	text_adds(out,
		  "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
		  "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
		  "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
		  "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
		  "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\">\n"
		  "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">");
	add_escaped(out, title);
	text_addf(out,
		  "</rdf:li></rdf:Alt></dc:title>\n"
		  "<xmp:CreatorTool>%s</xmp:CreatorTool>\n"
		  "<xmp:CreateDate>%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ</xmp:CreateDate>\n"
		  "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>",
		  CREATOR, digits, digits + 4, digits + 6, digits + 8, digits + 10, digits + 12);
}

/* The value of a key of the file's own table, in UTF-8; nothing where there is none. qpdf's answer lasts until its next one. */
static void take_about(struct text *out, qpdf_data pdf, const char *key)
{
	qpdf_oh about = qpdf_oh_get_key(pdf, qpdf_get_trailer(pdf), "/Info");

	if (qpdf_oh_is_dictionary(pdf, about) && qpdf_oh_has_key(pdf, about, key))
		text_adds(out, qpdf_oh_get_utf8_value(pdf, qpdf_oh_get_key(pdf, about, key)));
}

static void add_metadata(qpdf_data pdf, const struct text *xmp)
{
	qpdf_oh stream = make_stream(pdf, xmp->data, xmp->length);
	qpdf_oh keys = qpdf_oh_get_dict(pdf, stream);

	qpdf_oh_replace_key(pdf, keys, "/Type", qpdf_oh_new_name(pdf, "/Metadata"));
	qpdf_oh_replace_key(pdf, keys, "/Subtype", qpdf_oh_new_name(pdf, "/XML"));
	qpdf_oh_replace_key(pdf, qpdf_get_root(pdf), "/Metadata", stream);
}

/* Title and date are those that cairo was given; its date lacks the "D:" that a date begins with (ISO 32000-1 §7.9.4). */
static bool add_about(qpdf_data pdf)
{
	struct text title = {0}, made = {0}, xmp = {0}, date = {0};
	bool failed;

	take_about(&title, pdf, "/Title");
	take_about(&made, pdf, "/CreationDate");
	failed = text_failed(&title) || text_failed(&made);
	if (!failed && made.data && strspn(made.data, "0123456789") >= DATE_DIGITS) {
		describe(&xmp, title.data ? title.data : "", made.data);
		text_addf(&date, "D:%.*sZ", DATE_DIGITS, made.data);
		failed = text_failed(&xmp) || text_failed(&date);
		if (!failed) {
			add_metadata(pdf, &xmp);
			qpdf_set_info_key(pdf, "/CreationDate", date.data);
			qpdf_set_info_key(pdf, "/Creator", CREATOR);
		}
	}
	text_clear(&title);
	text_clear(&made);
	text_clear(&xmp);
	text_clear(&date);
	return !failed;
}

/* A viewer's window has the title of the page, and no printer makes it smaller unless it is told to: what is drawn in its true size
 * stays so. */
static void add_preferences(qpdf_data pdf)
{
	qpdf_oh_replace_key(pdf, qpdf_get_root(pdf), "/ViewerPreferences",
			    qpdf_oh_parse(pdf, "<< /DisplayDocTitle true /PrintScaling /None >>"));
}

/* --- pages ------------------------------------------------------------------------------------- */

/* The fills of one page, with the origin at its foot. */
static void paint(struct text *out, const struct pdf_swatch *swatch, int count, int page,
		  double page_height)
{
	text_adds(out, "q /AbsoluteColorimetric ri /Swatch cs\n");
	for (int i = 0; i < count; i++) {
		const struct pdf_swatch *s = &swatch[i];

		if (s->page == page)
			text_addf(out, "%.3f %.3f %.3f sc %.3f %.3f %.3f %.3f re f\n", s->pcs_lab.l,
				  s->pcs_lab.a, s->pcs_lab.b, s->x, page_height - s->y - s->height,
				  s->width, s->height);
	}
	text_adds(out, "Q\n");
}

static void finish_page(qpdf_data pdf, qpdf_oh page, qpdf_oh profile, const struct text *fills)
{
	qpdf_oh resources = qpdf_oh_get_key(pdf, page, "/Resources");
	qpdf_oh spaces = qpdf_oh_new_dictionary(pdf), based = qpdf_oh_new_array(pdf);
	qpdf_oh contents = qpdf_oh_new_array(pdf);

	qpdf_oh_append_item(pdf, based, qpdf_oh_new_name(pdf, "/ICCBased"));
	qpdf_oh_append_item(pdf, based, profile);
	qpdf_oh_replace_key(pdf, spaces, "/Swatch", qpdf_oh_parse(pdf, LAB_SPACE));
	qpdf_oh_replace_key(pdf, spaces, "/DefaultRGB", based);
	qpdf_oh_replace_key(pdf, resources, "/ColorSpace", spaces);
	qpdf_oh_append_item(pdf, contents, make_stream(pdf, fills->data, fills->length));
	qpdf_oh_append_item(pdf, contents, qpdf_oh_get_key(pdf, page, "/Contents"));
	qpdf_oh_replace_key(pdf, page, "/Contents", contents);
}

static bool finish_pages(qpdf_data pdf, const struct pdf_swatch *swatch, int count,
			 double page_height, const void *bytes, size_t length)
{
	const int pages = qpdf_get_num_pages(pdf);
	qpdf_oh profile = make_profile(pdf, bytes, length);
	bool failed = pages < 1 || !add_about(pdf);

	add_output_intents(pdf, profile);
	add_preferences(pdf);
	for (int i = 0; i < pages && !failed; i++) {
		struct text fills = {0};

		paint(&fills, swatch, count, i, page_height);
		failed = text_failed(&fills);
		if (!failed)
			finish_page(pdf, qpdf_get_page_n(pdf, (size_t)i), profile, &fills);
		text_clear(&fills);
	}
	return !failed;
}

static bool write_out(struct text *out, qpdf_data pdf)
{
	if (qpdf_init_write_memory(pdf) & QPDF_ERRORS) /* what follows needs a writer */
		return false;
	qpdf_set_deterministic_ID(pdf, QPDF_TRUE);
	qpdf_set_compress_streams(pdf, QPDF_TRUE);
	if (qpdf_write(pdf) & QPDF_ERRORS)
		return false;
	text_add(out, (const char *)qpdf_get_buffer(pdf), qpdf_get_buffer_length(pdf));
	return !text_failed(out);
}

enum status pdf_finish(struct text *pdf, const struct pdf_swatch *swatch, int count,
		       double page_height, const void *profile, size_t profile_length,
		       struct error *err)
{
	qpdf_data work = qpdf_init();
	struct text out = {0};
	enum status status = STATUS_OK;

	qpdf_silence_errors(work);
	qpdf_set_suppress_warnings(work, QPDF_TRUE);
	if (qpdf_read_memory(work, "drawing", pdf->data, pdf->length, NULL) & QPDF_ERRORS ||
	    !finish_pages(work, swatch, count, page_height, profile, profile_length) ||
	    !write_out(&out, work) || qpdf_has_error(work))
		status = error_set(err, STATUS_ENVIRONMENT, "the PDF could not be finished: %s",
				   qpdf_has_error(work)
					   ? qpdf_get_error_full_text(work, qpdf_get_error(work))
					   : "qpdf");
	qpdf_cleanup(&work);
	if (status) {
		text_clear(&out);
		return status;
	}
	text_clear(pdf);
	*pdf = out;
	return STATUS_OK;
}
