/* Plain text is read as libconfig reads it, or left to libconfig. */
#include "support.h"

#include "base/file.h"
#include "formats/config.h"
#include "formats/config_quick.h"

#include <ftw.h>
#include <string.h>

static struct error err;
static int plain_files, other_files;

static void assert_same(const config_setting_t *a, const config_setting_t *b)
{
	const int length = config_setting_length(b);

	assert_int_equal(config_setting_type(a), config_setting_type(b));
	assert_int_equal(config_setting_length(a), length);
	assert_true(!config_setting_name(a) == !config_setting_name(b));
	if (config_setting_name(b))
		assert_string_equal(config_setting_name(a), config_setting_name(b));
	if (!config_setting_is_root(b))
		assert_int_equal(config_setting_source_line(a), config_setting_source_line(b));
	switch (config_setting_type(b)) {
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_BOOL:
		assert_int_equal(a->value.ival, b->value.ival);
		break;
	case CONFIG_TYPE_FLOAT:
		assert_memory_equal(&a->value.fval, &b->value.fval, sizeof a->value.fval);
		break;
	case CONFIG_TYPE_STRING:
		assert_string_equal(a->value.sval, b->value.sval);
		break;
	default:
		for (int i = 0; i < length; i++) {
			assert_ptr_equal(config_setting_get_elem(a, (unsigned)i)->parent, a);
			assert_same(config_setting_get_elem(a, (unsigned)i),
				    config_setting_get_elem(b, (unsigned)i));
		}
	}
}

/* True where it was taken for plain; then libconfig makes the same of it. */
static bool is_plain(const char *text)
{
	struct config_input quick = {.quick = NULL};
	config_t slow;
	bool plain;

	config_init(&quick.config);
	plain = config_quick_read(&quick, text);
	if (plain) {
		config_init(&slow);
		if (!config_read_string(&slow, text))
			print_message("%d: %s\n", config_error_line(&slow),
				      config_error_text(&slow));
		assert_non_null(config_root_setting(&slow)->value.list);
		assert_same(quick.root, config_root_setting(&slow));
		config_destroy(&slow);
	}
	config_quick_free(&quick);
	config_destroy(&quick.config);
	return plain;
}

static int take_file(const char *path, const struct stat *facts, int kind, struct FTW *place)
{
	struct text text;

	(void)facts;
	(void)place;
	if (kind != FTW_F || file_read(&text, path, FILE_READ_MOST, &err))
		return 0;
	if (!memchr(text.data, 0, text.length) && !strstr(text.data, "@include") &&
	    is_plain(text.data))
		plain_files++;
	else
		other_files++;
	text_clear(&text);
	return 0;
}

static void config__agrees_with_libconfig_on_every_file_there_is(void **state)
{
	static const char *const folder[] = {"profiles", "recipes", "tests/fuzz/corpus"};

	(void)state;
	for (size_t i = 0; i < sizeof folder / sizeof *folder; i++)
		nftw(folder[i], take_file, 16, FTW_PHYS);
	print_message("%d files were plain, %d were left to libconfig\n", plain_files, other_files);
	assert_true(plain_files > 5);
}

static void config__agrees_with_libconfig_on_what_is_plain(void **state)
{
	static const char *const text[] = {
		"a = 1;",
		"a = -1; b = 0; c = 123456789;",
		"a = 1.5; b = -0.25; c = 1e-05; d = 2.5e+10; e = 10.0E0;",
		"a = true; b = false;",
		"a = \"x\"; // one\nb = \"\"; # two\nc = \"\\\"\\\\\";",
		"a = \"\xc3\xa4\";\r\nb = 2;",
		"a = { b = { c = 1; };\n d = 2; };\ne = 3;",
		"a = (); b = []; c = {};",
		"a = (1, 2.5, \"x\", (3), [4, 5], { f = 6; });",
		"a = [1, 2,\n 3]; b = [1.5, 2.5]; c = [\"x\", \"y\"]; d = [true, false];",
		"a-b_c = 1; A1 = 2;",
		"\n\n  a =\n 1\n ;\n b = (\n 1,\n { c = 2; }\n );",
		"truest = 1;",
		"a=1;b=2;c={d=3;};",
	};
	int left = 0;

	(void)state;
	for (size_t i = 0; i < sizeof text / sizeof *text; i++)
		left += !is_plain(text[i]);
	assert_int_equal(left, 1); /* E */
}

/* Whether it takes them or not is its own affair. */
static void config__leaves_to_libconfig_what_is_not(void **state)
{
	static const char *const text[] = {
		"a = 1; a = 2;",
		"a = [1, 2.5];",
		"a = [1, ];",
		"a = (1, );",
		"a = 010;",
		"a = 0x10;",
		"a = 10L;",
		"a = 1234567890;",
		"a : 1;",
		"a = 1",
		"a = \"x\" \"y\";",
		"a = \"x\ty\";",
		"a = \"\\n\";",
		"/* c */ a = 1;",
		"a = TRUE;",
		"a = [[1]];",
		"@include \"x\"",
		"a = 1.;",
		"a = .5;",
		"a = +1;",
		"a = nan;",
		"a = 1e999;",
		"a = \"x",
		"a = { b = 1;",
		"a",
		"a = ",
		"a = 1; }",
		"1 = 1;",
		"*a = 1;",
		"a = 1e;",
		"a = 1 / 2;",
		"a = truer;",
		"a = --1;",
		"a = \"x\x7f\";",
		"a = 1.2.3;",
	};

	(void)state;
	for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
		if (is_plain(text[i]))
			print_message("%s\n", text[i]);
		assert_false(is_plain(text[i]));
	}
}

/* What is cut off or has a byte changed is taken as libconfig takes it, or not at all. */
static void config__agrees_with_libconfig_on_damaged_files(void **state)
{
	unsigned long long seed = 5;
	struct text text;
	int plain = 0;

	(void)state;
	assert_ok(file_read(&text, "profiles/techniques/standard.cfg", FILE_READ_MOST, &err), &err);
	for (int i = 0; i < 4000; i++) {
		size_t place = (size_t)(random_share(&seed) * (double)text.length);
		char kept = text.data[place];

		text.data[place] =
			"0123456789abcE.,;={}()[]\"\\ \n-+#/"[(int)(random_share(&seed) * 32)];
		if (!strstr(text.data, "@include"))
			plain += is_plain(text.data);
		text.data[place] = kept;
	}
	print_message("%d of 4000 were plain\n", plain);
	assert_true(plain > 100);
	text_clear(&text);
}

/* The rest is the same, lines and all; what is not plain is read whole, or refused, as ever. */
static void config__skimmed_is_all_but_the_group_that_is_not_wanted(void **state)
{
	static const char before[] = "a = 1;\nb = ", after[] = ";\nc = (1, { e = { d = 2; }; });\n";
	static const struct {
		const char *group;
		bool whole; /* it is read */
	} tried[] = {
		{"{}", false},
		{"{ x = 1; }", false},
		{"{\n x = { y = (1, { z = 2; }); };\n\n}", false},
		{"{ x = \"}\"; y = \"//{\"; } // }\n", false},
		{"{ // }}\n # }\n x = [1.5,\n 2.5]; }", false},
		{"{ x = \"a\\\"}\"; }", false},
		{"{ x = \"a\\n}\"; }", false},
		{"{ x = 1; /* } */ }", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof tried / sizeof *tried; i++) {
		struct config_input skimmed, whole;
		struct text one = {0}, two = {0};
		config_setting_t *group;

		text_addf(&one, "%s%s%s", before, tried[i].group, after);
		text_addf(&two, "%s", one.data);
		assert_ok(config_open_skimming(&skimmed, &one, "x", "z b", &err), &err);
		assert_ok(config_open(&whole, &two, "x", &err), &err);
		group = config_setting_get_member(config_root(&skimmed), "b");
		assert_true(config_setting_is_group(group));
		if (!tried[i].whole)
			assert_int_equal(config_setting_length(group), 0);
		for (unsigned member = 0; member < 3; member += 2)
			assert_same(config_setting_get_elem(config_root(&skimmed), member),
				    config_setting_get_elem(config_root(&whole), member));
		assert_int_equal(config_setting_source_line(group),
				 config_setting_source_line(
					 config_setting_get_member(config_root(&whole), "b")));
		config_close(&skimmed);
		config_close(&whole);
		text_clear(&one);
		text_clear(&two);
	}
}

static void config__skimmed_refuses_a_group_without_end(void **state)
{
	static const char *const text[] = {"b = { x = 1;", "b = { x = \"", "b = { { }",
					   "b = { } }"};

	(void)state;
	for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
		struct config_input in;
		struct text copy = {0};

		text_adds(&copy, text[i]);
		assert_int_equal(config_open_skimming(&in, &copy, "x", "b", &err), STATUS_REFUSED);
		text_clear(&copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(config__agrees_with_libconfig_on_every_file_there_is),
		cmocka_unit_test(config__agrees_with_libconfig_on_what_is_plain),
		cmocka_unit_test(config__leaves_to_libconfig_what_is_not),
		cmocka_unit_test(config__agrees_with_libconfig_on_damaged_files),
		cmocka_unit_test(config__skimmed_is_all_but_the_group_that_is_not_wanted),
		cmocka_unit_test(config__skimmed_refuses_a_group_without_end),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
