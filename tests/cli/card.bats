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
