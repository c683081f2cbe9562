#!/usr/bin/env bats
load support

# Locales, which a bare machine does not have.
make_locales() {
	mkdir -p "$scratch/locales"
	for locale in "$@"; do
		localedef -i "$locale" -f UTF-8 "$scratch/locales/$locale.UTF-8"
	done
	export LOCPATH=$scratch/locales
}

# Where the program and its catalogues were built.
built() {
	dirname "$FOLLITONE"
}

# A copy of the program whose only language, xx, has ¤ for every word of English that the source marks; places of printf stay.
make_pseudo() {
	mkdir -p "$scratch/program/locale/xx/LC_MESSAGES"
	cp "$FOLLITONE" "$(built)/drawing.so" "$scratch/program"
	env -u MAKEFLAGS make -s BUILD="$scratch/words" "$scratch/words/follitone.pot"
	sed 's/^"Plural-Forms: .*/"Plural-Forms: nplurals=2; plural=(n != 1);\\n"/; s/^"Language: .*/"Language: xx\\n"/' \
		"$scratch/words/follitone.pot" | msgen - | msgattrib --clear-fuzzy - |
		LC_ALL=C.UTF-8 msgfilter --keep-header sed -E 's/(%[-+0-9.]*(ll|z)?[a-z%])|[[:alpha:]’'"'"']+/\1¤/g' >"$scratch/xx.po" 2>/dev/null
	msgfmt -o "$scratch/program/locale/xx/LC_MESSAGES/follitone.mo" "$scratch/xx.po"
}

pseudo() {
	LC_ALL=C.UTF-8 LANGUAGE=xx "$scratch/program/follitone" "$@"
}

# Words of three letters or more on standard input that are no names, units or codes.
english() {
	grep -oE '[[:alpha:]]{3,}' | awk -v names="^($1)$" '$0 !~ names' | sort -u
}

@test "language: every catalogue has every marked word, none of them doubtful, with the places of printf" {
	env -u MAKEFLAGS make -s BUILD="$scratch" "$scratch/follitone.pot"
	for language in de es fr it pt; do
		file=src/report/languages/$language.po
		msgfmt --check -o "$scratch/$language.mo" "$file"
		msgcmp "$file" "$scratch/follitone.pot" # missing, empty and fuzzy entries are errors
		[ "$(msgattrib --only-fuzzy "$file")" = "" ]
		[ "$(msgattrib --untranslated "$file")" = "" ]
		grep -q 'unreviewed: made by the developers, not by a practitioner' "$file"
	done
}

@test "language: the card as text is in the user's, with the user's comma; recipe, JSON and terminal figures keep the point" {
	make_locales de_DE
	match_example "$scratch/r.cfg"
	LC_ALL=de_DE.UTF-8 follitone card "$scratch/r.cfg" >"$scratch/german" 2>"$scratch/err"
	LC_ALL=C follitone card "$scratch/r.cfg" >"$scratch/plain" 2>/dev/null
	has '^MISCHKARTE   Crown$' <"$scratch/german"
	has '^Nicht gespeichert$' <"$scratch/german"
	has '^  Umrühren\. [0-9]*,[0-9][0-9] ml insgesamt\.$' <"$scratch/german"
	steps=$(grep -c '^  [1-9]\.  .* drops\? ' "$scratch/plain")
	[ "$(grep -c '^  [1-9]\.  .* Tropfen  *[0-9]*,[0-9][0-9] ml ' "$scratch/german")" = "$steps" ]
	# the same figures, one with a comma for the other's point
	grep -oE '[0-9]+[.,][0-9]{2,}' "$scratch/german" | tr , . >"$scratch/one"
	grep -oE '[0-9]+[.,][0-9]{2,}' "$scratch/plain" >"$scratch/two"
	[ -s "$scratch/one" ]
	cmp "$scratch/one" "$scratch/two"
	LC_ALL=de_DE.UTF-8 follitone show "$scratch/r.cfg" >"$scratch/shown"
	has '^Messungen$' <"$scratch/shown"
	has '^  Umrühren\. [0-9]*\.[0-9][0-9] ml insgesamt\.$' <"$scratch/shown"
	export SOURCE_DATE_EPOCH=1764000000 # CxF has its date
	for locale in C de_DE.UTF-8; do
		LC_ALL=$locale follitone show "$scratch/r.cfg" --json >"$scratch/$locale.json"
		LC_ALL=$locale follitone show "$scratch/r.cfg" -o "$scratch/$locale.cfg" >/dev/null
		LC_ALL=$locale follitone convert "$scratch/r.cfg" -o "$scratch/$locale.csv" -o "$scratch/$locale.cxf" >/dev/null 2>&1
	done
	for form in json cfg csv cxf; do
		[ -s "$scratch/C.$form" ]
		cmp "$scratch/C.$form" "$scratch/de_DE.UTF-8.$form"
	done
	for locale in C de_DE.UTF-8; do # errors stay English
		LC_ALL=$locale refused 1 'no recipe' follitone show none
	done
}

@test "language: a page with commas is a sound PDF and SVG, with the same colours and the same code" {
	make_locales de_DE
	match_example "$scratch/r.cfg"
	follitone save "$scratch/r.cfg" >/dev/null 2>&1
	for locale in C de_DE.UTF-8; do
		LC_ALL=$locale follitone card Crown --paper a5 -o "$scratch/$locale.pdf" -o "$scratch/$locale.svg" >/dev/null 2>&1
		qpdf --check "$scratch/$locale.pdf" >/dev/null
		qpdf --qdf --object-streams=disable "$scratch/$locale.pdf" - | LC_ALL=C grep -a ' sc ' >"$scratch/$locale.fills"
		pdftoppm -r 200 -png "$scratch/$locale.pdf" "$scratch/$locale"
		zbarimg -q --raw "$scratch/$locale-1.png" 2>/dev/null >"$scratch/$locale.code"
		pdftotext -layout "$scratch/$locale.pdf" "$scratch/$locale.words"
		# every number that is drawn with has a point
		LC_ALL=C sed -n 's/.* \(x\|y\|d\|width\|height\|stroke-width\)="\([^"]*\)".*/\2/p' "$scratch/$locale.svg" >"$scratch/numbers"
		[ "$(grep -c . "$scratch/numbers")" -gt 100 ]
		run grep -E '[0-9],[0-9]' "$scratch/numbers"
		[ "$status" = 1 ]
	done
	[ -s "$scratch/C.fills" ]
	cmp "$scratch/C.fills" "$scratch/de_DE.UTF-8.fills"
	[ -s "$scratch/C.code" ]
	cmp "$scratch/C.code" "$scratch/de_DE.UTF-8.code"
	has '[0-9]\.[0-9][0-9] ml' <"$scratch/C.words"
	has '[0-9],[0-9][0-9] ml' <"$scratch/de_DE.UTF-8.words"
	run grep -E '[0-9]\.[0-9]+ ml' "$scratch/de_DE.UTF-8.words"
	[ "$status" = 1 ]
}

@test "language: the preview speaks each" {
	make_locales de_DE es_ES fr_FR it_IT pt_PT
	match_example "$scratch/r.cfg"
	while read -r locale words; do
		LC_ALL=$locale.UTF-8 follitone preview "$scratch/r.cfg" -o "$scratch/$locale.pdf" >/dev/null 2>&1
		pdftotext -layout "$scratch/$locale.pdf" - | has "$words"
		pdftotext -layout "$scratch/$locale.pdf" - | has 'dE00 [0-9],[0-9]'
	done <<-END
		de_DE Abgeheilt
		es_ES Cicatrizado
		fr_FR Cicatrisé
		it_IT Guarito
		pt_PT Cicatrizado
	END
}

@test "language: every word on card, preview and plot is marked for translation" {
	make_pseudo
	match_example "$scratch/r.cfg"
	export FOLLITONE_STORE=$scratch/store
	pseudo preview "$scratch/r.cfg" -o "$scratch/p.pdf" 2>/dev/null
	pseudo read $example/skin.csv $example/hair.txt --plot "$scratch/s.pdf" >/dev/null 2>&1
	for paper in a5 a6 label; do
		pseudo card "$scratch/r.cfg" --paper $paper -o "$scratch/$paper.pdf" >/dev/null 2>&1
	done
	for page in p s a5 a6 label; do
		pdftotext -layout "$scratch/$page.pdf" "$scratch/$page.words"
		has '¤' <"$scratch/$page.words"
	done
	english 'Crown|Barten|CIELAB|sRGB|LED|standard' <"$scratch/p.words" >"$scratch/left"
	english 'Crown|CIELAB|skin|hair|csv|txt' <"$scratch/s.words" >>"$scratch/left"
	# but names of bottles, and the needle, which is as the technique has it
	cat "$scratch/a5.words" "$scratch/a6.words" "$scratch/label.words" | sed 's/[0-9a-f]\{12,\}//g; s/SYNTHETIC//g' |
		english 'Crown|LED|example|follitone|SYNTHETIC|Carbon|black|White|Red|oxide|points' >>"$scratch/left"
	pseudo card "$scratch/r.cfg" 2>/dev/null >"$scratch/card"
	has '¤' <"$scratch/card"
	# names on bottles, and of the program and its example line
	sed '/^  [1-9]\./s/¤.*//; s/^\(  [1-9]\. \).*/\1/; s/[0-9a-f]\{12,\}//g' "$scratch/card" |
		english 'Crown|LED|example|follitone|points' >>"$scratch/left"
	cat "$scratch/left"
	[ ! -s "$scratch/left" ]
}

@test "language: card, chart, case report and patches have nothing cut, and the user's comma, with the same colours and ids" {
	make_locales de_DE es_ES fr_FR it_IT pt_PT
	match_example "$scratch/r.cfg"
	export SOURCE_DATE_EPOCH=1764000000
	for locale in C de_DE.UTF-8 fr_FR.UTF-8 es_ES.UTF-8 it_IT.UTF-8 pt_PT.UTF-8; do
		subject=$scratch/r.cfg
		[[ "$locale" != [Cdf]* ]] || subject=$example/case.cfg # those with the longest words
		LC_ALL=$locale follitone report "$subject" -o "$scratch/report-$locale.pdf" >/dev/null 2>&1
		LC_ALL=$locale follitone chart example --skin $example/skin.csv --pigment white -o "$scratch/chart-$locale.pdf" >/dev/null 2>&1
		LC_ALL=$locale follitone patches -o "$scratch/patches-$locale.pdf" >/dev/null
		for paper in a5 a6; do
			LC_ALL=$locale follitone card "$scratch/r.cfg" --paper $paper -o "$scratch/card.pdf" >/dev/null 2>&1
			whole "$scratch/card.pdf"
		done
		for page in report chart patches; do
			qpdf --check "$scratch/$page-$locale.pdf" >/dev/null
			whole "$scratch/$page-$locale.pdf"
			pdftotext -layout "$scratch/$page-$locale.pdf" "$scratch/$page-$locale.words"
		done
		[ "$locale" != C ] || continue
		for page in report chart; do
			has '[0-9],[0-9][0-9] ml' <"$scratch/$page-$locale.words"
			sed '/assumed to be/d' "$scratch/$page-$locale.words" >"$scratch/words" # notes are English
			run grep -E '[0-9]\.[0-9]+ ml|(dE00|[Lab]\*) -?[0-9]+\.' "$scratch/words"
			[ "$status" = 1 ]
		done
	done
	for page in report chart patches; do
		for locale in C de_DE.UTF-8; do
			qpdf --qdf --object-streams=disable "$scratch/$page-$locale.pdf" - | # words of other lengths move swatches
				LC_ALL=C sed -n 's/ sc .*//p' >"$scratch/$locale.fills"
		done
		[ -s "$scratch/C.fills" ]
		cmp "$scratch/C.fills" "$scratch/de_DE.UTF-8.fills"
	done
	for locale in C de_DE.UTF-8; do
		grep -oE '\b[0-9a-f]{16}\b' "$scratch/report-$locale.words" | sort -u >"$scratch/$locale.ids"
	done
	[ "$(wc -l <"$scratch/C.ids")" = 12 ] # a recipe for each session
	cmp "$scratch/C.ids" "$scratch/de_DE.UTF-8.ids"
}

@test "language: every word on chart, patches and case report is marked for translation" {
	make_pseudo
	pseudo patches -o "$scratch/patches.pdf" >/dev/null
	pseudo chart example --skin $example/skin.csv --pigment white -o "$scratch/chart.pdf" >/dev/null 2>&1
	pseudo report $example/case.cfg -o "$scratch/report.pdf" >/dev/null 2>"$scratch/notes"
	[ "$(pdfinfo "$scratch/report.pdf" | awk '/^Pages/ { print $2 }')" -ge 19 ]
	for page in patches chart report; do
		pdftotext -layout "$scratch/$page.pdf" "$scratch/$page.words"
		has '¤' <"$scratch/$page.words"
	done
	bottles='Distilled|water|Raw|Burnt|umber|White|white|Carbon|carbon|black|Ready|ready|brown|Ochre|ochre|mixed|SYNTHETIC|example|follitone'
	english 'follitone|patches|FILE' <"$scratch/patches.words" >"$scratch/left"
	english "$bottles|skin|csv|standard" <"$scratch/chart.words" >>"$scratch/left"
	# summary, plan, cards and previews: zones and presets have the names of the case, points are those of the technique's needle
	{
		pdftotext -l 1 "$scratch/report.pdf" -
		pdftotext -f 3 -l 18 "$scratch/report.pdf" -
	} | sed 's/[0-9a-f]\{12,\}//g; s/SYNTHETIC//g' |
		english "$bottles|raw|burnt|case|hairline|crown|patch|scar|behind|male|pattern|diffuse|areata|LED|points" >>"$scratch/left"
	# readings, sources and assumptions cite what files say, and the notes
	cat "$scratch/notes" $example/* profiles/*/*.c* src/match/*.c | grep -oE '[[:alpha:]]{3,}' | sort -u >"$scratch/cited"
	{
		pdftotext -f 2 -l 2 "$scratch/report.pdf" -
		pdftotext -f 19 "$scratch/report.pdf" -
	} | sed 's/[0-9a-f]\{12,\}//g' | english "$bottles|SHA" | comm -23 - "$scratch/cited" >>"$scratch/left"
	cat "$scratch/left"
	[ ! -s "$scratch/left" ]
}

@test "language: paper follows the locale, and what is said goes before it" {
	make_locales en_US de_DE fr_CA
	match_example "$scratch/r.cfg"
	while read -r locale size; do
		LC_ALL=$locale follitone card "$scratch/r.cfg" -o "$scratch/c.pdf" >/dev/null 2>&1
		pdfinfo "$scratch/c.pdf" | has "Page size: *$size"
	done <<-END
		C 419.53 x 595.28
		de_DE.UTF-8 419.53 x 595.28
		en_US.UTF-8 612 x 792
		fr_CA.UTF-8 612 x 792
	END
	LC_ALL=de_DE.UTF-8 LC_PAPER=en_US.UTF-8 follitone card "$scratch/r.cfg" -o "$scratch/c.pdf" >/dev/null 2>&1 # LC_ALL wins
	pdfinfo "$scratch/c.pdf" | has 'Page size: *419.53'
	LC_ALL=en_US.UTF-8 follitone card "$scratch/r.cfg" --paper a6 -o "$scratch/c.pdf" >/dev/null 2>&1
	pdfinfo "$scratch/c.pdf" | has 'Page size: *297.6'
}

@test "language: one that is not there is English, unless LANGUAGE has another" {
	match_example "$scratch/r.cfg"
	LC_ALL=C.UTF-8 LANGUAGE=xx follitone card "$scratch/r.cfg" 2>/dev/null >"$scratch/unknown"
	LC_ALL=C follitone card "$scratch/r.cfg" 2>/dev/null >"$scratch/plain"
	cmp "$scratch/unknown" "$scratch/plain"
	LC_ALL=C.UTF-8 LANGUAGE=xx:pt follitone card "$scratch/r.cfg" 2>/dev/null | has 'FICHA DE MISTURA'
}
