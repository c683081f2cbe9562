#!/usr/bin/env bats
load support

@test "card: every dose stands in the PDF, all fonts embedded, one A5 page" {
	match_example "$scratch/r.cfg"
	follitone save "$scratch/r.cfg"
	follitone card Crown -o "$scratch/card.pdf" -o "$scratch/card.png" -o "$scratch/card.svg" -o "$scratch/card.txt" \
		--json | jq -e '.files | length == 4'
	pdftotext -layout "$scratch/card.pdf" "$scratch/words"
	follitone show Crown --json | jq -r '.recipes[0] | .diluent_drops, .doses[].drops' | while read -r drops; do
		[ "$drops" = 0 ] || grep -qw "$drops" "$scratch/words"
	done
	grep -q 'not for use on people' "$scratch/words"
	grep -q 'not for use on people' "$scratch/card.txt"
	pdfinfo "$scratch/card.pdf" | has 'Pages: *1$'
	pdfinfo "$scratch/card.pdf" | has 'Page size: *419.53 x 595.28 pts'
	pdffonts "$scratch/card.pdf" | tail -n +3 >"$scratch/fonts" # … emb sub uni object
	[ -s "$scratch/fonts" ]
	[ "$(awk '$(NF - 4) != "yes"' "$scratch/fonts")" = "" ]
	head -c 4 "$scratch/card.png" | tail -c 3 | grep -q PNG
}

@test "card: the same recipe gives the same bytes" {
	match_example "$scratch/r.cfg"
	for i in 1 2; do
		follitone card "$scratch/r.cfg" -o "$scratch/$i.pdf" -o "$scratch/$i.png" -o "$scratch/$i.svg" 2>/dev/null
	done
	cmp "$scratch/1.pdf" "$scratch/2.pdf"
	cmp "$scratch/1.png" "$scratch/2.png"
	cmp "$scratch/1.svg" "$scratch/2.svg"
}

@test "card: big doses are shrunk, never cut" {
	match_example "$scratch/r.cfg"
	sed '0,/drops = [0-9]*;/s//drops = 1888;/' "$scratch/r.cfg" >"$scratch/big.cfg"
	follitone card "$scratch/big.cfg" -o "$scratch/big.svg" -o "$scratch/big.pdf" 2>/dev/null
	pdftotext -layout "$scratch/big.pdf" "$scratch/words"
	grep -q '1888' "$scratch/words" && grep -q '94\.40 ml' "$scratch/words"
	[ "$(grep -c … "$scratch/words")" = 0 ]
}

@test "card: a bare Lab that is matched stands on it whole" {
	follitone match --pigments example --target 45,5,10 --max-drops 3 --name D -o "$scratch/d.cfg" >/dev/null 2>&1
	follitone card "$scratch/d.cfg" -o "$scratch/d.pdf" 2>/dev/null
	pdftotext -layout "$scratch/d.pdf" - | has 'Target L\* 45\.0  *a\* 5\.0  *b\* 10\.0'
}

@test "card: a link stays a link" {
	match_example "$scratch/r.cfg"
	: >"$scratch/real.txt"
	ln -s real.txt "$scratch/link.txt"
	follitone card "$scratch/r.cfg" -o "$scratch/link.txt" 2>/dev/null
	[ -L "$scratch/link.txt" ] && grep -q 'MIXING CARD' "$scratch/real.txt"
}

@test "card: as text it begins with the diluent and ends with the recipe" {
	match_example "$scratch/r.cfg"
	follitone card "$scratch/r.cfg" >"$scratch/text" 2>/dev/null
	grep -q '^  1\.  Distilled water' "$scratch/text" || follitone show "$scratch/r.cfg" --json | jq -e '.recipes[0].diluent_drops == 0'
	tail -n 1 "$scratch/text" | has '^Recipe [0-9a-f]\{16\}'
}

@test "card: each paper has its size, every dose and the code of its version" {
	match_example "$scratch/r.cfg"
	follitone save "$scratch/r.cfg" >/dev/null 2>&1
	hash=$(follitone show Crown --json 2>/dev/null | jq -r '.recipes[0].hash')
	while read -r paper size; do
		follitone card Crown --paper "$paper" -o "$scratch/$paper.pdf" >/dev/null 2>&1
		qpdf --check "$scratch/$paper.pdf" >/dev/null
		pdfinfo "$scratch/$paper.pdf" | has "Page size: *$size pts"
		pdftotext -layout "$scratch/$paper.pdf" "$scratch/words"
		follitone show Crown --json 2>/dev/null | jq -r '.recipes[0] | .diluent_drops, .doses[].drops' | while read -r drops; do
			[ "$drops" = 0 ] || grep -qw "$drops" "$scratch/words"
		done
		pdftoppm -r 300 -png "$scratch/$paper.pdf" "$scratch/$paper"
		# what is painted in Lab lies where the drawing has its frames: as the page is scaled, which is 419.53 points wide,
		# on A6 352; five swatches and four gaps of 6 lie between margins of 24
		if [ "$paper" != label ]; then
			qpdf --qdf --object-streams=disable "$scratch/$paper.pdf" - | LC_ALL=C grep -a ' sc ' |
				LC_ALL=C awk '{ print $5, $7, $8 }' >"$scratch/fills"
			width=$(pdfinfo "$scratch/$paper.pdf" | LC_ALL=C awk '/Page size/ { print $3 }')
			[ "$(wc -l <"$scratch/fills")" = 5 ]
			LC_ALL=C awk -v w="$width" -v paper="$paper" 'BEGIN { own = paper == "a6" ? 352 : 419.53; tall = paper == "a6" ? 22 : 36 }
				{ s = w / own; if (NR == 1 && ($1 / s - 24) ^ 2 > 0.01) exit 1
				if (($2 / s - (own - 72) / 5) ^ 2 > 0.01 || ($3 / s - tall) ^ 2 > 0.01) exit 1 }' "$scratch/fills"
		fi
		zbarimg -q --raw "$scratch/$paper"-1.png 2>/dev/null | has "^FOLLITONE:1:[0-9A-F]*:1:${hash^^}$"
	done <<-END
		a4 595.2[0-9]* x 841.8[0-9]*
		a5 419.5[0-9]* x 595.2[0-9]*
		a6 297.6[0-9]* x 419.5[0-9]*
		letter 612 x 792
		label 175.7[0-9]* x 283.4[0-9]*
	END
	# as a camera sees it: a poor JPEG
	pdftoppm -r 150 -jpeg -jpegopt quality=25 "$scratch/a5.pdf" "$scratch/poor"
	zbarimg -q --raw "$scratch/poor-1.jpg" 2>/dev/null | has "${hash^^}$"
	run follitone card Crown --paper b5 -o "$scratch/x.pdf"
	[ "$status" = 2 ] && [ ! -e "$scratch/x.pdf" ]
	has 'a4, a5, a6, letter or label is needed' <<<"$output"
}

@test "card: a PDF's swatches are the recipe's own Lab, and a viewer shows them so" {
	match_example "$scratch/r.cfg"
	follitone card "$scratch/r.cfg" -o "$scratch/c.pdf" >/dev/null 2>&1
	qpdf --qdf --object-streams=disable "$scratch/c.pdf" "$scratch/c.qdf"
	grep -aq '/GTS_PDFA1' "$scratch/c.qdf" && grep -aq '/DefaultRGB' "$scratch/c.qdf"
	# L a b of each fill: all looks in their order, but for the field as it will be, which is not on the card
	awk '/label = /{ shown = !/field, / } shown && next_one { sub(/].*/, ""); print } { next_one = /pcs_lab = \[/ }' "$scratch/r.cfg" |
		tr -d , | LC_ALL=C awk '{ printf "%.3f %.3f %.3f\n", $1, $2, $3 }' >"$scratch/wanted"
	LC_ALL=C grep -a ' sc ' "$scratch/c.qdf" | LC_ALL=C awk '{ print $1, $2, $3 }' >"$scratch/there"
	[ "$(wc -l <"$scratch/wanted")" = 5 ]
	cmp "$scratch/wanted" "$scratch/there"
	# poppler's rendering of the last swatch, read back as sRGB; without colour management its blue is some 2 of 255 high
	pdftoppm -r 100 -png "$scratch/c.pdf" "$scratch/c"
	read -r x y w h <<<"$(LC_ALL=C grep -a ' sc ' "$scratch/c.qdf" | tail -1 | LC_ALL=C awk '{ printf "%d %d %d %d", ($5 + 5) * 100 / 72, (595.28 - $6 - $8 + 5) * 100 / 72, ($7 - 10) * 100 / 72, ($8 - 10) * 100 / 72 }')"
	follitone lab "$scratch/c-1.png" --icc sRGB --region "$x,$y,$w,$h" --json 2>/dev/null | jq -r '.readings[0].pcs_lab | map(tostring) | join(",")' >"$scratch/seen"
	follitone de "$(cat "$scratch/seen")" "$(tail -1 "$scratch/wanted" | tr ' ' ,)" --json | jq -e '.de00 < 1.5'
}

@test "card: a colour's verdict has its measure beside it" {
	match_example "$scratch/r.cfg"
	follitone card "$scratch/r.cfg" -o "$scratch/c.pdf" >/dev/null 2>&1
	pdftotext "$scratch/c.pdf" - | tr '\n' ' ' >"$scratch/words"
	de00=$(sed -n 's/^ *de00 = \(.*\);/\1/p' "$scratch/r.cfg" | head -1)
	word=$(LC_ALL=C awk -v d="$de00" 'BEGIN { print d <= 1 ? "PASS" : d <= 2 ? "CAUTION" : "FAIL" }')
	grep -q "$word" "$scratch/words"
	grep -q 'studies with silicone skin, fair' "$scratch/words"
}

@test "card: refusals leave no file" {
	match_example "$scratch/r.cfg"
	refused 1 'can be written as .pdf, .png, .svg or .txt' follitone card "$scratch/r.cfg" -o "$scratch/card.gif"
	refused 1 'can be written as' follitone card "$scratch/r.cfg" -o "$scratch/card.pdf" -o "$scratch/card"
	[ ! -e "$scratch/card.pdf" ]
	refused 1 'No such file' follitone card "$scratch/r.cfg" -o "$scratch/card.pdf" -o "$scratch/none/card.pdf"
	[ ! -e "$scratch/card.pdf" ]
	refused 1 'a card can be written as' follitone card "$scratch/r.cfg" -o -
	refused 1 'the name of a file is needed' follitone show "$scratch/r.cfg" -o -
	ln -s /dev/full "$scratch/full.pdf"
	refused 1 'No space left' follitone card "$scratch/r.cfg" -o "$scratch/full.pdf"
}
