#!/usr/bin/env bats
load support

chart() {
	follitone chart example --skin $example/skin.csv "$@" 2>"$scratch/notes"
}

# The drops of these steps of the JSON stand in the words, each as often as there are steps with them.
holds_drops() {
	jq -r ".pigments[0] | ($1)[] | \"\(.drops):\(.diluent_drops)\"" "$scratch/json" | sort | uniq -c >"$scratch/drops"
	[ -s "$scratch/drops" ]
	sed 's/ *: */:/g' "$scratch/words" | tr -s ' ' '\n' >"$scratch/figures"
	while read -r count drops; do
		[ "$(grep -cx "$drops" "$scratch/figures")" -ge "$count" ]
	done <"$scratch/drops"
}

@test "chart: every drop figure stands in the PDF, all fonts embedded, qpdf finds no fault" {
	chart --pigment raw-umber -o "$scratch/c.pdf" --json >"$scratch/json"
	[ "$(jq -r '.files | join(" ")' "$scratch/json")" = "$scratch/c.pdf" ]
	qpdf --check "$scratch/c.pdf" >/dev/null
	pdftotext -layout "$scratch/c.pdf" "$scratch/words"
	[ "$(jq '.pigments[0] | (.water + .equal) | length' "$scratch/json")" = 41 ]
	holds_drops '.water + .equal'
	for n in 1 12 30; do
		has "^ *1:$n\( \|$\)" <"$scratch/words"
	done
	for words in 'Raw umber' 'Dilution chart' 'not for use on people' 'skin.csv' 'healed' 'D65' 'standard' '10 of its values are' 'bare skin' \
		'Distilled water first'; do
		has "$words" <"$scratch/words"
	done
	has "$(jq -r '.pigments[0].step_de00 * 10 | round / 10' "$scratch/json") each" <"$scratch/words"
	whole "$scratch/c.pdf"
	pdffonts "$scratch/c.pdf" | tail -n +3 >"$scratch/fonts"
	[ -s "$scratch/fonts" ]
	[ "$(awk '$(NF - 4) != "yes"' "$scratch/fonts")" = "" ]
}

@test "chart: its colours are those that predict has of the same drops" {
	chart --pigment white --state fresh --illuminant A --observer 2 --technique standard --set depth_mm=0.3 --json >"$scratch/json"
	[ "$(jq -r '.pigments[0].equal[4] | "\(.drops) \(.diluent_drops)"' "$scratch/json")" != "null null" ]
	for step in water[7] equal[4] equal[8]; do
		read -r drops water <<<"$(jq -r ".pigments[0].$step | \"\(.drops) \(.diluent_drops)\"" "$scratch/json")"
		follitone predict --pigments example --dose white="$drops" --dose water="$water" --skin $example/skin.csv \
			--illuminant A --observer 2 --set depth_mm=0.3 --json 2>/dev/null >"$scratch/predicted"
		jq -e --slurpfile predicted "$scratch/predicted" ".pigments[0].$step.lab as \$lab |
			[range(3) | (\$lab[.] - \$predicted[0].states.fresh.lab[.]) | fabs] | max < 1e-9" "$scratch/json"
	done
}

@test "chart: of a line a PDF has a page a pigment, a picture each has a file of its own" {
	chart -o "$scratch/c.pdf" -o "$scratch/c.svg" >"$scratch/out"
	[ "$(wc -l <"$scratch/out")" = 9 ]
	pdfinfo "$scratch/c.pdf" | has 'Pages: *8$'
	for page in 1 8; do
		pdftotext -f $page -l $page "$scratch/c.pdf" "$scratch/page$page"
	done
	has 'Carbon black' <"$scratch/page1"
	has 'Ready brown' <"$scratch/page8"
	head -c 5 "$scratch/c-2-raw-umber.svg" | has '<?xml'
	[ ! -e "$scratch/c.svg" ]
	chart --pigment ochre -o "$scratch/one.png" >/dev/null
	head -c 4 "$scratch/one.png" | has PNG
}

@test "chart: papers have their sizes, A4 where none is said" {
	while read -r paper size; do
		chart --pigment ochre ${paper/none/} -o "$scratch/c.pdf" >/dev/null
		pdfinfo "$scratch/c.pdf" | has "Page size: *$size pts"
		pdftotext -layout "$scratch/c.pdf" - | has '4 *: *0\( \|$\)'
	done <<-END
		none 595.2[0-9]* x 841.8[0-9]*
		--paper=a5 419.5[0-9]* x 595.2[0-9]*
		--paper=letter 612 x 792
	END
}

@test "chart: a PDF's swatches are CIE Lab, one for each step and skin" {
	chart --pigment ochre -o "$scratch/c.pdf" >/dev/null
	qpdf --qdf --object-streams=disable "$scratch/c.pdf" - | LC_ALL=C grep -ac ' sc ' >"$scratch/count"
	[ "$(cat "$scratch/count")" = $((31 + 1 + 2 * 10 + 1)) ]
}

@test "chart: the same input gives the same bytes" {
	export SOURCE_DATE_EPOCH=1700000000
	for i in 1 2; do
		chart --pigment red -o "$scratch/$i.pdf" -o "$scratch/$i.png" -o "$scratch/$i.svg" >/dev/null
	done
	for form in pdf png svg; do
		cmp "$scratch/1.$form" "$scratch/2.$form"
	done
	pdftotext "$scratch/1.pdf" - | has '2023-11-14'
}

@test "chart: a big figure and a small cup stay on the page" {
	sed 's/Carbon black/Extraordinarily deep carbon black for the very darkest hair, second edition/; s/CI 77266/a shade of a rather long name, CI 77266/
		s/maker = "example"/maker = "Manufacturers of Rather Long Names and Sons, Limited"/' profiles/pigments/example.cfg >"$scratch/long.cfg"
	for paper in a4 letter; do
		follitone chart "$scratch/long.cfg" --skin $example/skin.csv --pigment carbon-black --cup-ml 1000 --set dose_share=1 \
			--set kept_share=1 --paper $paper -o "$scratch/c.pdf" --json 2>/dev/null >"$scratch/json"
		pdftotext -layout "$scratch/c.pdf" "$scratch/words"
		[ "$(jq '[.pigments[0].equal[].diluent_drops] | max > 10000' "$scratch/json")" = true ]
		holds_drops .equal
		whole "$scratch/c.pdf"
	done
	chart --pigment carbon-black --cup-ml 1 -o "$scratch/c.pdf" >/dev/null
	pdftotext -layout "$scratch/c.pdf" - | has 'A cup of 1 ml holds no weaker mix'
	whole "$scratch/c.pdf"
}

@test "chart: as text every step has a line, and bare skin one" {
	chart --pigment ochre >"$scratch/text"
	[ "$(grep -c '^ *[0-9]* : [0-9]* ' "$scratch/text")" = 41 ]
	has '^  bare skin' <"$scratch/text"
	has 'not for use on people' <"$scratch/notes"
}

@test "chart: refusals are one line and leave no file" {
	local skin=$example/skin.csv out=$scratch/c.pdf
	refused 1 'holds no pigment “none”, it holds carbon-black' follitone chart example --pigment none --skin $skin -o "$out"
	refused 2 '--skin FILE is needed' follitone chart example -o "$out"
	refused 2 'LINE is needed' follitone chart --skin $skin -o "$out"
	refused 2 'named twice' follitone chart example --pigments example --skin $skin -o "$out"
	refused 2 'a4, a5 or letter' follitone chart example --skin $skin --paper label -o "$out"
	refused 1 'a chart can be written as .pdf, .png or .svg' follitone chart example --skin $skin -o "$out" -o "$scratch/c.txt"
	refused 1 'none.csv' follitone chart example --skin "$scratch/none.csv" -o "$out"
	refused 1 'no such file' follitone chart none --skin $skin -o "$out"
	refused 1 'No such file' follitone chart example --skin $skin -o "$out" -o "$scratch/none/c.pdf"
	refused 1 'a cup of 0.05 ml' follitone chart example --skin $skin --cup-ml 0.05 -o "$out"
	refused 1 'none' follitone chart example --skin $skin --technique none -o "$out"
	ln -s /dev/full "$scratch/full.pdf"
	refused 1 'No space left' follitone chart example --skin $skin -o "$scratch/full.pdf"
	refused 1 '/proc/c.pdf' follitone chart example --skin $skin -o "$out" -o /proc/c.pdf
	run follitone chart example --skin $skin --paper b5 -o "$out"
	[ "$status" = 2 ]
	has 'is needed' <<<"$output"
	[ ! -e "$out" ]
}
