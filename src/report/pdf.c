/* cairo leaves its own, flipped, coordinates on at the end of a page: its stream is put between q and Q, and what is painted comes
 * after it in a stream of its own. */
#include "report/pdf.h"

#include <qpdf/qpdf-c.h>
#include <stdio.h>

/* ICC.1 §7.2.16: the PCS's white; Lab of what reflects no more than white stays in this range (ISO 32000-1 §8.6.5.4). */
#define LAB_SPACE "[ /Lab << /WhitePoint [ 0.9642 1 0.8249 ] /Range [ -128 127 -128 127 ] >> ]"
#define CONDITION "sRGB IEC61966-2.1"

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

static void add_output_intent(qpdf_data pdf, qpdf_oh profile)
{
	qpdf_oh intent = qpdf_oh_new_dictionary(pdf), all = qpdf_oh_new_array(pdf);

	qpdf_oh_replace_key(pdf, intent, "/Type", qpdf_oh_new_name(pdf, "/OutputIntent"));
	qpdf_oh_replace_key(pdf, intent, "/S", qpdf_oh_new_name(pdf, "/GTS_PDFA1"));
	qpdf_oh_replace_key(pdf, intent, "/OutputConditionIdentifier",
			    qpdf_oh_new_string(pdf, CONDITION));
	qpdf_oh_replace_key(pdf, intent, "/Info", qpdf_oh_new_string(pdf, CONDITION));
	qpdf_oh_replace_key(pdf, intent, "/DestOutputProfile", profile);
	qpdf_oh_append_item(pdf, all, intent);
	qpdf_oh_replace_key(pdf, qpdf_get_root(pdf), "/OutputIntents", all);
}

/* The fills of one page, with the origin at its foot. */
static void paint(struct text *out, const struct pdf_swatch *swatch, int count, int page,
		  double page_height)
{
	text_adds(out, "\nQ\nq /Swatch cs\n");
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
	qpdf_oh_append_item(pdf, contents, make_stream(pdf, "q\n", 2));
	qpdf_oh_append_item(pdf, contents, qpdf_oh_get_key(pdf, page, "/Contents"));
	qpdf_oh_append_item(pdf, contents, make_stream(pdf, fills->data, fills->length));
	qpdf_oh_replace_key(pdf, page, "/Contents", contents);
}

static bool finish_pages(qpdf_data pdf, const struct pdf_swatch *swatch, int count,
			 double page_height, const void *bytes, size_t length)
{
	const int pages = qpdf_get_num_pages(pdf);
	qpdf_oh profile = make_profile(pdf, bytes, length);
	bool failed = pages < 1;

	add_output_intent(pdf, profile);
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
