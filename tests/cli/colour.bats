#!/usr/bin/env bats
load support

@test "lab: JSON has the contract's members, in the input's order" {
	follitone lab $example/hair.txt $example/skin.csv --json >"$scratch/json"
	jq -e '.program == "follitone" and (.version | type) == "string" and .warnings == [] and
		.illuminant == "D65" and .observer == "10" and [.readings[].name] == ["hair", "skin"] and
		([.readings[] | .xyz, .lab, .lch, .pcs_lab | length] | all(. == 3)) and
		.readings[1].file == "recipes/example/skin.csv"' "$scratch/json"
}

@test "lab: ColorChecker XYZ agree with ArgyllCMS under A C D50 D65, both observers" {
	need_data
	reference=$FOLLITONE_DATA/reference_values/argyll_spec2cie_colorchecker24.csv
	for light in A C D50 D65; do
		for observer in 2 10; do
			follitone lab "$FOLLITONE_DATA/instruments/babelcolor_cc_avg30_cgats.txt" \
				--illuminant $light --observer $observer --json |
				jq -r '.readings[] | [.name, .xyz[]] | @csv' | tr -d '"' >"$scratch/ours"
			grep ",$light,19[0-9]*_$observer," "$reference" >"$scratch/theirs"
			[ "$(wc -l <"$scratch/theirs")" = 24 ]
			awk -F, -v within=$([ $light = C ] && echo 0.06 || echo 0.02) '
				function off(a, b) { return a - b > within || b - a > within }
				NR == FNR { x[tolower($1)] = $2; y[tolower($1)] = $3; z[tolower($1)] = $4; next }
				!(tolower($1) in x) || off(x[tolower($1)], $4) || off(y[tolower($1)], $5) ||
					off(z[tolower($1)], $6) { print; bad = 1 }
				END { exit bad }' "$scratch/ours" "$scratch/theirs"
		done
	done
}

@test "lab: standard input, one named reading, a light of one's own" {
	follitone lab - <$example/skin.csv --json | jq -c '.readings[0].xyz' >"$scratch/piped"
	follitone lab $example/skin.csv --json | jq -c '.readings[0].xyz' | cmp - "$scratch/piped"
	printf 'nm,power\n' >"$scratch/equal.csv"
	for nm in $(seq 360 10 830); do echo "$nm,1"; done >>"$scratch/equal.csv"
	follitone lab "$example/skin.csv#skin" --illuminant "$scratch/equal.csv" --json |
		jq -e '.illuminant == "equal.csv" and (.readings | length) == 1'
	follitone lab $example/skin.csv --illuminant 5300K --json | jq -e '.illuminant == "5300K"'
}

@test "lab: several lights, a table for each; the first is the contract's" {
	follitone lab $example/skin.csv --illuminant D65,A,5300K --json >"$scratch/json"
	jq -e '.illuminant == "D65" and [.lights[].illuminant] == ["D65", "A", "5300K"] and
		.lights[0].readings == .readings and .lights[1].readings != .readings' "$scratch/json"
	[ "$(follitone lab $example/skin.csv --illuminant D65,A | grep -c '^CIELAB under')" = 2 ]
	refused 1 'no illuminant “B9”' follitone lab $example/skin.csv --illuminant D65,B9
}

@test "lab: an ArgyllCMS .sp file is a light" {
	# equal energy as .sp: the same light as the CSV of ones
	{
		printf 'SPECT\nSPECTRAL_NORM "30.0"\nNUMBER_OF_FIELDS 48\nBEGIN_DATA_FORMAT\n'
		for nm in $(seq 360 10 830); do printf 'SPEC_%d ' "$nm"; done
		printf '\nEND_DATA_FORMAT\nNUMBER_OF_SETS 1\nBEGIN_DATA\n'
		for nm in $(seq 360 10 830); do printf '30.0 '; done
		printf '\nEND_DATA\n'
	} >"$scratch/equal.sp"
	{ echo nm,p; for nm in $(seq 360 10 830); do echo "$nm,1"; done; } >"$scratch/equal.csv"
	for kind in sp csv; do
		follitone lab $example/skin.csv --illuminant "$scratch/equal.$kind" --json | jq -c '.readings[0].xyz | map(. * 1e9 | round)' >"$scratch/$kind"
	done
	cmp "$scratch/sp" "$scratch/csv"
}

@test "lab: F8 from an instrument's .sp file agrees with ArgyllCMS" {
	need_data
	grep ',F8,1931_2,' "$FOLLITONE_DATA/reference_values/argyll_spec2cie_colorchecker24.csv" >"$scratch/theirs"
	follitone lab "$FOLLITONE_DATA/instruments/babelcolor_cc_avg30_cgats.txt" --illuminant "$FOLLITONE_DATA/instruments/argyll_F8.sp" \
		--observer 2 --json | jq -r '.readings[] | [.name, .xyz[]] | @csv' | tr -d '"' >"$scratch/ours"
	# 5 nm lines: ArgyllCMS interpolates them linearly, ASTM E2022 by third-order polynomials
	awk -F, 'function off(a, b) { return a - b > 0.1 || b - a > 0.1 }
		NR == FNR { x[tolower($1)] = $2; y[tolower($1)] = $3; z[tolower($1)] = $4; next }
		off(x[tolower($1)], $4) || off(y[tolower($1)], $5) || off(z[tolower($1)], $6) { print; bad = 1 }
		END { exit bad || FNR != 24 }' "$scratch/ours" "$scratch/theirs"
}

@test "lab: a user's own illuminant goes before the built-in one" {
	mkdir -p "$scratch/config/follitone/profiles/illuminants"
	{ echo nm,D65; for nm in $(seq 360 10 830); do echo "$nm,1"; done; } \
		>"$scratch/config/follitone/profiles/illuminants/mine.csv"
	follitone lab $example/skin.csv --json | jq -c '.readings[0].xyz' >"$scratch/usual"
	XDG_CONFIG_HOME=$scratch/config follitone lab $example/skin.csv --json | jq -c '.readings[0].xyz' >"$scratch/own"
	[ "$(cat "$scratch/usual")" != "$(cat "$scratch/own")" ]
}

@test "lab: runs without its tree" {
	cp $example/skin.csv "$scratch"
	cp "$FOLLITONE" "$scratch/program"
	(cd "$scratch" && ./program lab skin.csv --illuminant F11 --observer 2 && ./program match --pigments example \
		--target 40,5,10 --max-drops 2 --top 1)
}

@test "de: all 34 Sharma pairs to four decimals" {
	need_data
	tail -n +2 "$FOLLITONE_DATA/colordiff/ciede2000_sharma_34.csv" | tr -d '\r' >"$scratch/pairs"
	[ "$(wc -l <"$scratch/pairs")" = 34 ]
	while IFS=, read -r pair l1 a1 b1 l2 a2 b2 wanted; do
		got=$(follitone de "$l1,$a1,$b1" "$l2,$a2,$b2" --json | jq .de00)
		awk -v a="$got" -v b="$wanted" 'BEGIN { exit !(a - b < 5.1e-5 && b - a < 5.1e-5) }' || {
			echo "pair $pair: $got, the table has $wanted"
			return 1
		}
	done <"$scratch/pairs"
}

@test "de: two readings have a metamerism index, two Lab values none" {
	follitone de $example/skin.csv $example/hair.txt --json | jq -e '(.metamerism | keys) == ["A", "LED-B3"] and .dl < -30'
	follitone de 50,0,0 51,0,0 --json | jq -e '.metamerism == {} and .dl == 1 and .de76 == 1'
	follitone de $example/skin.csv 62.86,7.9,19.6 --json | jq -e '.de00 < 0.05'
}

@test "bad readings: one line, exit 1, nothing printed" {
	need='a number with a decimal point is needed'
	refused 1 'No such file' follitone lab "$scratch/none.csv"
	refused 1 'this is a folder' follitone lab "$scratch"
	: >"$scratch/empty"
	refused 1 'the file is empty' follitone lab "$scratch/empty"
	head -c 4096 "$FOLLITONE" >"$scratch/binary"
	refused 1 'binary' follitone lab "$scratch/binary"
	sed '30s/$/,0.5/' $example/skin.csv >"$scratch/bad"
	refused 1 'bad:30: 3 cells, the first row has 2' follitone lab "$scratch/bad"
	sed '30s/,.*/,"0,5"/' $example/skin.csv >"$scratch/bad"
	refused 1 'bad:30: “0,5” where' follitone lab "$scratch/bad"
	sed '30s/,.*/,nan/' $example/skin.csv >"$scratch/bad"
	refused 1 "$need" follitone lab "$scratch/bad"
	sed '30s/,.*/,41.5/' $example/skin.csv >"$scratch/bad"
	refused 1 'bad:30: reflectance 41.5 is outside 0..1.5 (percent?)' follitone lab "$scratch/bad"
	sed '30{h;d};31G' $example/skin.csv >"$scratch/bad"
	refused 1 'bad:30: wavelength “415” after 409 nm, an even step of 3 nm is needed' follitone lab "$scratch/bad"
	sed '30p' $example/skin.csv >"$scratch/bad"
	refused 1 'is repeated' follitone lab "$scratch/bad"
	sed 's/NUMBER_OF_SETS 1/NUMBER_OF_SETS 2/' $example/hair.txt >"$scratch/bad"
	refused 1 '1 sets, NUMBER_OF_SETS says 2' follitone lab "$scratch/bad"
	sed 's/NUMBER_OF_FIELDS 38/NUMBER_OF_FIELDS 39/' $example/hair.txt >"$scratch/bad"
	refused 1 '38 fields are named, NUMBER_OF_FIELDS says 39' follitone lab "$scratch/bad"
	mkfifo "$scratch/fifo"
	refused 1 'not a regular file' timeout 5 "$FOLLITONE" lab "$scratch/fifo"
}

@test "bad readings among good ones: nothing is printed" {
	refused 1 'No such file' follitone lab $example/skin.csv "$scratch/none.csv" --json
}

@test "odd readings: said or refused" {
	printf 'END_DATA\nBEGIN_DATA\n' >"$scratch/bad"
	refused 1 'END_DATA in the wrong place' follitone lab "$scratch/bad"
	sed 's/^# unit: .*/# unit: percent/' $example/skin.csv >"$scratch/bad"
	refused 1 'unit “percent”, reflectance 0..1 or' follitone lab "$scratch/bad"
	cat $example/hair.txt $example/hair.txt >"$scratch/two"
	follitone lab "$scratch/two" --json | jq -e '.readings | length == 2'
	cp $example/skin.csv "$scratch/$(printf 'bad\377.csv')"
	follitone lab "$scratch"/bad*.csv --json | jq -e '.readings | length == 1'
	printf 'nm,a\n380,1\n' | sed 1d >"$scratch/light.csv"
	for nm in $(seq 385 5 780); do echo "$nm,1"; done >>"$scratch/light.csv"
	refused 1 'a row of names is needed' follitone lab $example/skin.csv --illuminant "$scratch/light.csv"
	refused 1 'No such file' follitone lab $example/skin.csv --illuminant "$scratch/none.csv"
	{ echo nm,p; for nm in $(seq 300 830); do echo "$nm,1"; done; } >"$scratch/wide.csv"
	follitone lab $example/skin.csv --illuminant "$scratch/wide.csv" >/dev/null
	follitone lab $example/skin.csv --illuminant 5300 --json | jq -e '.illuminant == "5300K"'
	refused 1 'No such file' follitone de 1e200,0,0 50,0,0
}

@test "a full standard output is an error" {
	for words in help "help match" "match --help" --version; do
		status=0
		follitone $words >/dev/full 2>"$scratch/err" || status=$?
		[ $status = 1 ] || { echo "$words: $status"; return 1; }
	done
	status=0
	follitone lab $example/skin.csv >/dev/full 2>"$scratch/err" || status=$?
	[ $status = 1 ]
	grep -q 'standard output: No space left' "$scratch/err"
}

@test "a comma-decimal locale changes nothing" {
	localedef -i de_DE -f UTF-8 "$scratch/de_DE.UTF-8"
	export LOCPATH=$scratch
	LC_ALL=de_DE.UTF-8 locale decimal_point | has ','
	LC_ALL=de_DE.UTF-8 follitone lab $example/skin.csv $example/hair.txt --json >"$scratch/german"
	LC_ALL=C follitone lab $example/skin.csv $example/hair.txt --json >"$scratch/plain"
	cmp "$scratch/german" "$scratch/plain"
	export SOURCE_DATE_EPOCH=1700000000
	LC_ALL=de_DE.UTF-8 match_example "$scratch/german.cfg"
	LC_ALL=C match_example "$scratch/plain.cfg"
	sed '/  id = "/d' "$scratch/german.cfg" >"$scratch/german.txt"
	sed '/  id = "/d' "$scratch/plain.cfg" >"$scratch/plain.txt"
	cmp "$scratch/german.txt" "$scratch/plain.txt"
	grep -q 'depth_mm' "$scratch/german.txt"
	LC_ALL=de_DE.UTF-8 follitone save "$scratch/german.cfg"
	LC_ALL=de_DE.UTF-8 follitone card Crown -o "$scratch/german.svg" -o "$scratch/german.pdf" 2>/dev/null
	pdftotext "$scratch/german.pdf" - | has '0,05 ml\|0,10 ml\|0,15 ml\|0,20 ml' # a page is for people
}
