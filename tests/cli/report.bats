#!/usr/bin/env bats
load support

# What every report is: a sound PDF with all its fonts in it, and each page with its number.
sound() {
	qpdf --check "$1" >/dev/null
	pdffonts "$1" | tail -n +3 >"$scratch/fonts" # … emb sub uni object
	[ -s "$scratch/fonts" ]
	[ "$(awk '$(NF - 4) != "yes"' "$scratch/fonts")" = "" ]
	pages=$(pdfinfo "$1" | awk '/^Pages:/ { print $2 }')
	for page in $(seq "$pages"); do
		pdftotext -layout -f "$page" -l "$page" "$1" - >"$scratch/page"
		has "Page $page of $pages" <"$scratch/page"
		has "$2" <"$scratch/page"
	done
}

# Twelve zones with five readings of skin each, 1 to 3 sessions, names long and of other scripts.
make_case() {
	cp $example/hair.txt "$scratch"
	{
		echo 'format = "follitone-case"; version = 1; code = "K-0099"; pigments = "example"; zones = ('
		for i in $(seq 12); do
			case $i in
			3) name='左侧发际线' ;;
			4) name='Temple at the right, with a name that is longer than anybody would ever give a zone of a scalp' ;;
			*) name="Zone number $i" ;;
			esac
			echo "{ name = \"$name\"; preset = \"male-pattern\"; skin = \"skin-$i.csv\"; hair = \"hair.txt\";"
			echo "  sessions = $((1 + i % 3)); dots_per_cm2 = $((150 + 15 * i)); area_cm2 = $i; }"
			[ "$i" = 12 ] || echo ','
			LC_ALL=C awk -F, -v zone="$i" '
				/^# title/ { next }
				/^#/ { print; next }
				/^nm/ { print "nm,a,b,c,d,e"; next }
				{ printf "%s", $1; for (k = -2; k <= 2; k++) printf ",%.5f", $2 * (0.9 + 0.008 * zone) * (1 + 0.02 * k); print "" }
			' $example/skin.csv >"$scratch/skin-$i.csv"
		done
		echo ');'
	} >"$scratch/twelve.cfg"
}

@test "report: the example case: every zone, dose and note, card and preview" {
	follitone plan $example/case.cfg --json >"$scratch/plan.json" 2>/dev/null
	follitone report $example/case.cfg -o "$scratch/r.pdf" >"$scratch/out" 2>"$scratch/err"
	[ "$(cat "$scratch/out")" = "$scratch/r.pdf" ]
	sound "$scratch/r.pdf" 'client K-0417'
	# summary, readings, two of the plan, a card for each of twelve sessions, two previews a page, sources, two of assumptions
	[ "$pages" = 21 ]
	pdfinfo "$scratch/r.pdf" | has 'Page size: *595.28 x 841.89'
	pdftotext -layout "$scratch/r.pdf" "$scratch/words"
	for words in hairline crown 'patch 1' 'scar, behind' 'ITA 33' 'melanin' 'One reading' 'Plan by session' 'Fingerprint' \
		'for demonstration, not for use on people' 'Session 3 of 3' 'What it will look like' 'ISO/CIE 11664' 'CIE 15:2018' \
		'Bottles and lots' SYNTHETIC 'assumed' 'follitone [0-9]' 'no pigment was measured'; do
		has "$words" <"$scratch/words"
	done
	# each dose of the plan stands on a page of the plan, as drops and ml
	jq -r '.zones[].sessions[] | .diluent_drops, .doses[].drops' "$scratch/plan.json" | sort -u | while read -r drops; do
		[ "$drops" = 0 ] || has "\b$drops drops\? ([0-9]*\.[0-9][0-9] ml)" <"$scratch/words"
	done
	# each note stands there whole, wherever its lines are broken
	tr -s ' \n\f' ' ' <"$scratch/words" >"$scratch/flat"
	has '^note: ' <"$scratch/err"
	sed 's/^note: //' "$scratch/err" | while read -r note; do
		grep -qF -- "$note" "$scratch/flat"
	done
	for file in case.cfg skin.csv hair.txt; do
		has "$file *$(sha256sum $example/$file | cut -c1-64)" <"$scratch/words"
	done
	[ "$(grep -c "$PWD" "$scratch/words")" = 0 ]
}

@test "report: its pages are in the outline of the PDF, by section and zone" {
	follitone report $example/case.cfg --quick -o "$scratch/r.pdf" >/dev/null 2>&1
	qpdf --json "$scratch/r.pdf" | jq -r '.outlines[] | .title, (.kids[] | .title)' >"$scratch/titles"
	for title in Summary Readings 'Plan by session' Cards 'hairline, session 1' 'What it will look like' 'patch 1' \
		'Where it is from' 'What was assumed'; do
		grep -qx "$title" "$scratch/titles"
	done
	# an entry leads to the page that it names
	page=$(qpdf --json "$scratch/r.pdf" | jq '.outlines[] | select(.title == "Readings") | .destpageposfrom1')
	pdftotext -f "$page" -l "$page" "$scratch/r.pdf" - | has 'Bare skin: all zones'
}

@test "report: the same case gives the same bytes, and the day is that of SOURCE_DATE_EPOCH" {
	for name in a b; do
		SOURCE_DATE_EPOCH=1790000000 follitone report $example/case.cfg --quick -o "$scratch/$name.pdf" >/dev/null 2>&1
	done
	cmp "$scratch/a.pdf" "$scratch/b.pdf"
	pdftotext -layout -l 1 "$scratch/a.pdf" - | has "$(date -u -d @1790000000 +%F)"
}

@test "report: twelve zones, long and Chinese names, nothing cut, on US letter" {
	make_case
	follitone report "$scratch/twelve.cfg" --quick --paper letter -o "$scratch/r.pdf" >/dev/null 2>&1
	sound "$scratch/r.pdf" 'client K-0099'
	pdfinfo "$scratch/r.pdf" | has 'Page size: *612 x 792'
	pdftotext "$scratch/r.pdf" "$scratch/raw" # in the order of reading
	tr -s ' \n\f' ' ' <"$scratch/raw" >"$scratch/flat"
	for i in 1 2 5 6 7 8 9 10 11 12; do
		grep -qF "Bare skin: Zone number $i" "$scratch/flat"
	done
	grep -qF 'longer than anybody would ever give a zone of a scalp' "$scratch/flat"
	grep -qF '左侧发际线' "$scratch/flat"
	pdffonts "$scratch/r.pdf" | has CJK
	# five readings from -4 % to 4 %: their spread is theirs, not assumed
	[ "$(grep -o '5 readings, spread dE00 0\.[1-9]' "$scratch/flat" | wc -l)" = 12 ]
	whole "$scratch/r.pdf"
}

@test "report: the spread that stands there is the one that read says" {
	make_case
	follitone report "$scratch/twelve.cfg" --quick -o "$scratch/r.pdf" >/dev/null 2>&1
	spread=$(follitone read "$scratch/skin-1.csv" --json 2>/dev/null | jq -r '.files[0].spread_de00')
	LC_ALL=C printf 'spread dE00 %.2f' "$spread" >"$scratch/wanted"
	pdftotext "$scratch/r.pdf" - | tr -s ' \n' ' ' | grep -qF "$(cat "$scratch/wanted")"
}

@test "report: a kept recipe and a recipe file, with what was done and read of them" {
	match_example "$scratch/r.cfg"
	follitone save "$scratch/r.cfg" >/dev/null 2>&1
	follitone treat Crown --session 1 --operator OP-3 --day 2026-11-20 --mixed water=7 --lot water=L-77 >/dev/null 2>&1
	follitone treat Crown --after $example/patch.csv >/dev/null 2>&1
	sed '0,/^  name = .*/s//  name = "Other";/' "$scratch/r.cfg" >"$scratch/other.cfg"
	follitone report Crown "$scratch/other.cfg" --client K-7 -o "$scratch/r.pdf" --json >"$scratch/out" 2>/dev/null
	jq -e --arg path "$scratch/r.pdf" '.files == [$path]' "$scratch/out"
	sound "$scratch/r.pdf" 'client K-7'
	pdftotext -layout "$scratch/r.pdf" "$scratch/words"
	for words in 'Crown, Other' 'version 3' 'session 1 of 2026-11-20 by OP-3' L-77 'Patch, healed: Crown' 'other\.cfg' 'Bare skin: all recipes' \
		"$(follitone show Crown --json 2>/dev/null | jq -r '.recipes[0].hash')"; do
		has "$words" <"$scratch/words"
	done
	follitone show Crown --json 2>/dev/null | jq -r '.recipes[0].doses[] | "\(.drops)"' | while read -r drops; do
		grep -qw "$drops" "$scratch/words"
	done
	pdftotext "$scratch/r.pdf" - | tr -s ' \n' ' ' >"$scratch/flat"
	has 'from 30 cm' <"$scratch/flat"
}

@test "report: no client stands there whom nobody named" {
	match_example "$scratch/r.cfg"
	follitone save "$scratch/r.cfg" --client K-55 >/dev/null 2>&1
	follitone report Crown -o "$scratch/r.pdf" >/dev/null 2>&1
	pdftotext "$scratch/r.pdf" - >"$scratch/words"
	[ "$(grep -ci 'client\|K-55' "$scratch/words")" = "$(grep -ci 'stated for this client' "$scratch/words")" ]
}

@test "report: a drawdown's recipe has one too, without a preview; a line that is gone is noted" {
	follitone match --pigments example --target 45,5,10 --max-drops 3 --name D -o "$scratch/d.cfg" >/dev/null 2>&1
	follitone report "$scratch/d.cfg" -o "$scratch/d.pdf" >/dev/null 2>&1
	sound "$scratch/d.pdf" 'Case report: D'
	pdftotext "$scratch/d.pdf" - | has 'Target L\* 45\.0'
	[ "$(pdftotext "$scratch/d.pdf" - | grep -c 'What it will look like')" = 0 ]
	match_example "$scratch/r.cfg"
	mkdir -p "$scratch/config/follitone/profiles/pigments"
	sed 's/^\/\/ source:.*/&, changed/' profiles/pigments/example.cfg >"$scratch/config/follitone/profiles/pigments/example.cfg"
	XDG_CONFIG_HOME=$scratch/config follitone report "$scratch/r.cfg" -o "$scratch/r.pdf" 2>"$scratch/err" >/dev/null
	has 'Crown: no preview: ' <"$scratch/err"
	pdftotext "$scratch/r.pdf" - | tr -s ' \n' ' ' | has 'Crown: no preview: '
}

@test "report: refusals are one line and leave no file" {
	match_example "$scratch/r.cfg"
	refused 1 'a report can be written as .pdf' follitone report "$scratch/r.cfg" -o "$scratch/r.gif"
	refused 1 'a report can be written as .pdf' follitone report "$scratch/r.cfg" -o "$scratch/r.png"
	refused 2 'one -o FILE is needed' follitone report "$scratch/r.cfg"
	refused 2 '--paper a6: a4 or letter' follitone report "$scratch/r.cfg" --paper a6 -o "$scratch/r.pdf"
	refused 2 'recipes have their lights' follitone report "$scratch/r.cfg" --illuminant D50 -o "$scratch/r.pdf"
	refused 1 'No such file' follitone report "$scratch/none.cfg" -o "$scratch/r.pdf"
	follitone save "$scratch/r.cfg" >/dev/null 2>&1
	refused 1 'Nobody' follitone report Nobody -o "$scratch/r.pdf"
	refused 1 'name it alone' follitone report "$scratch/r.cfg" $example/case.cfg -o "$scratch/r.pdf"
	refused 1 'Anna Smith' follitone report "$scratch/r.cfg" --client 'Anna Smith' -o "$scratch/r.pdf"
	printf 'format = "follitone-case";\nversion = 1; zones = ();' >"$scratch/bad.cfg"
	refused 1 'bad.cfg:2' follitone report "$scratch/bad.cfg" -o "$scratch/r.pdf"
	run follitone report "$scratch/r.cfg" --paper a3 -o "$scratch/r.pdf"
	[ "$status" = 2 ]
	has 'a4' <<<"$output"
	[ ! -e "$scratch/r.pdf" ]
}

# failed WORDS COMMAND...: notes, then one line with WORDS.
failed() {
	local words=$1 status=0
	shift
	"$@" >"$scratch/out" 2>"$scratch/err" || status=$?
	[ "$status" = 1 ]
	[ ! -s "$scratch/out" ]
	[ "$(grep -c '^follitone: ' "$scratch/err")" = 1 ]
	grep -qF -- "$words" "$scratch/err"
}

@test "report: what cannot be written is one line, and what was there stays" {
	match_example "$scratch/r.cfg"
	failed 'No such file' follitone report "$scratch/r.cfg" -o "$scratch/none/r.pdf"
	ln -s /dev/full "$scratch/full.pdf"
	failed 'No space left' follitone report "$scratch/r.cfg" -o "$scratch/full.pdf"
	echo before >"$scratch/r.pdf"
	failed 'Not a directory' follitone report "$scratch/r.cfg" -o "$scratch/r.pdf/x.pdf"
	[ "$(cat "$scratch/r.pdf")" = before ]
	mkdir -p "$scratch/d.pdf"
	failed 'this is a folder' follitone report "$scratch/r.cfg" -o "$scratch/d.pdf"
	need_mounts
	failed 'Read-only' unshare --mount bash -c 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" &&
		"$FOLLITONE" report "$2" -o "$1/r.pdf"' bash "$scratch/d.pdf" "$scratch/r.cfg"
	[ "$(ls "$scratch/d.pdf")" = "" ]
}
