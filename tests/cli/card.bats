#!/usr/bin/env bats
load support

# The day of the golden recipes.
today=1795651200 # 2026-11-26

# A recipe of the golden cards under another name and zone: neither is of what its prediction rests on.
called() { # recipe, name, zone
	sed -e "s/^  name = \".*\";/  name = \"$2\";/" -e "s/^  zone = \".*\";/  zone = \"$3\";/" "tests/golden/$1.cfg"
}

# lp, as it is called: its arguments a line each, and what it was given.
stand_in_lp() {
	mkdir -p "$scratch/bin"
	cat >"$scratch/bin/lp" <<-END
		#!/bin/sh
		printf '%s\\n' "\$@" >"$scratch/lp.arguments"
		for last; do :; done
		cat "\$last" >"$scratch/lp.pdf"
		echo "request id is Treatment-7 (1 file(s))"
	END
	chmod +x "$scratch/bin/lp"
}

# Pixels of which a picture differs from another by more than 15 % of white once both are blurred.
differing() {
	convert "$1" -blur 0x1.2 "$scratch/one.png"
	convert "$2" -blur 0x1.2 "$scratch/other.png"
	compare -metric AE -fuzz 15% "$scratch/one.png" "$scratch/other.png" null: 2>&1 || true
}

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
	grep -q '1888' "$scratch/words"
	grep -q '94\.40 ml' "$scratch/words"
	whole "$scratch/big.pdf"
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
	[ -L "$scratch/link.txt" ]
	grep -q 'MIXING CARD' "$scratch/real.txt"
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
	[ "$status" = 2 ]
	[ ! -e "$scratch/x.pdf" ]
	has 'a4, a5, a6, letter or label is needed' <<<"$output"
}

@test "card: a PDF's swatches are the recipe's own Lab, and a viewer shows them so" {
	match_example "$scratch/r.cfg"
	follitone card "$scratch/r.cfg" -o "$scratch/c.pdf" >/dev/null 2>&1
	qpdf --qdf --object-streams=disable "$scratch/c.pdf" "$scratch/c.qdf"
	grep -aq '/GTS_PDFA1' "$scratch/c.qdf"
	grep -aq '/DefaultRGB' "$scratch/c.qdf"
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

@test "card: a session of a plan says which, its needle, dots, density and depth, its lights in words" {
	follitone card tests/golden/session.cfg -o "$scratch/c.pdf" -o "$scratch/c.txt" 2>/dev/null
	pdftotext "$scratch/c.pdf" - | tr '\n' ' ' >"$scratch/words"
	for said in 'Session 2 of 3' '0.18 to 0.30 mm, 1 or 3 points' '0.20 mm fresh, 0.15 mm healed' '91 dots per cm²' \
		'0.20 mm of skin above the pigment' 'under warm lamp (A): 0.7' 'under shop LED (LED-B3): 0.4' 'Zone hairline' \
		'Sterile diluent' 'studies with silicone skin, fair' 'Initials' 'Really mixed'; do
		grep -qF "$said" "$scratch/words"
		grep -qF "$said" "$scratch/c.txt"
	done
	# fresh and healed beside the target, as the recipe has them, in both
	for look in 'dot, fresh' 'dot, healed' 'target dot' 'bare skin' 'patch so far'; do
		grep -qF "$look" "$scratch/words"
		grep -qF "  $look " "$scratch/c.txt"
	done
	# what they are from the target: 51.41 0.07 7.69 against 50.87 -0.09 7.18, by another's CIEDE2000
	read -r l a b <<<"$(awk '/target dot/ { print $4, $6, $8 }' "$scratch/c.txt")"
	read -r l2 a2 b2 de <<<"$(awk '/dot, fresh/ { print $4, $6, $8, $10 }' "$scratch/c.txt")"
	follitone de "$l,$a,$b" "$l2,$a2,$b2" --json | jq -e --argjson de "$de" '.de00 - $de | fabs <= 0.06'
	# older recipes have no fresh look and no needle: the rest is there
	follitone card tests/fuzz/corpus/recipe/planned.cfg -o "$scratch/old.pdf" 2>/dev/null
	pdftotext "$scratch/old.pdf" - | tr '\n' ' ' >"$scratch/words"
	has 'dot, healed' <"$scratch/words"
	[ "$(grep -c 'dot, fresh\|Needle' "$scratch/words")" = 0 ]
}

@test "card: a bare Lab says nothing of other lights" {
	follitone match --pigments example --target 45,5,10 --max-drops 3 --name D -o "$scratch/d.cfg" >/dev/null 2>&1
	follitone card "$scratch/d.cfg" >"$scratch/words" 2>/dev/null
	[ "$(grep -c 'Change of the match' "$scratch/words")" = 0 ]
}

@test "card: a bottle that has expired is warned of, and why one was used all the same" {
	export SOURCE_DATE_EPOCH=$today
	for paper in a5 a6 label; do
		follitone card tests/golden/four.cfg --paper $paper -o "$scratch/$paper.pdf" 2>/dev/null
		pdftotext "$scratch/$paper.pdf" - | tr '\n' ' ' >"$scratch/words"
		grep -qF 'Carbon black, lot L-2024-0017: expired on 2026-03-31. Do not use it.' "$scratch/words"
		grep -qF 'On 2026-11-20 a bottle was used that had expired: no other bottle was at hand' "$scratch/words"
		grep -qF 'not for use on people' "$scratch/words"
	done
	follitone card tests/golden/four.cfg 2>/dev/null | has '^!! Carbon black, lot L-2024-0017: expired'
	# on its last day it is good, and a bottle of which nothing is taken is nobody's worry
	SOURCE_DATE_EPOCH=1774915200 follitone card tests/golden/four.cfg >"$scratch/words" 2>/dev/null # 2026-03-31
	[ "$(grep -c 'Do not use it' "$scratch/words")" = 0 ]
}

@test "card: a client's code where it is asked for, and never a name" {
	follitone card tests/golden/one.cfg --client K-17 -o "$scratch/c.pdf" -o "$scratch/c.txt" 2>/dev/null
	pdftotext "$scratch/c.pdf" - | has 'Client K-17'
	has 'Client K-17' <"$scratch/c.txt"
	follitone card tests/golden/one.cfg >"$scratch/words" 2>/dev/null
	[ "$(grep -c Client "$scratch/words")" = 0 ]
	refused 1 'Jane Doe' follitone card tests/golden/one.cfg --client 'Jane Doe' -o "$scratch/x.pdf"
	[ ! -e "$scratch/x.pdf" ]
}

@test "card: twelve zones are twelve pages of one PDF, copies more, and pictures a file each" {
	follitone plan $example/case.cfg -o "$scratch/p.cfg" --name K-0417 >/dev/null 2>&1
	follitone save "$scratch/p-1-hairline-1.cfg" >/dev/null 2>&1
	follitone card "K-0417, hairline, session 1@1" "$scratch"/p-*-[23].cfg "$scratch"/p-[234]-*-1.cfg -o "$scratch/c.pdf" \
		-o "$scratch/c.txt" 2>/dev/null
	pdfinfo "$scratch/c.pdf" | has 'Pages: *12$'
	qpdf --check "$scratch/c.pdf" >/dev/null
	[ "$(grep -c '^MIXING CARD' "$scratch/c.txt")" = 12 ]
	page=1
	for zone in hairline hairline hairline crown crown 'patch 1' 'patch 1' 'scar, behind' 'scar, behind' crown 'patch 1' 'scar, behind'; do
		pdftotext -f $page -l $page "$scratch/c.pdf" - | has "Zone $zone "
		page=$((page + 1))
	done
	# each page has its own swatches
	qpdf --qdf --object-streams=disable "$scratch/c.pdf" - | LC_ALL=C grep -ac ' sc ' >"$scratch/count"
	[ "$(cat "$scratch/count")" = $((4 * 5 + 8 * 6)) ] # the first session of a zone has no patch so far
	follitone card "$scratch/p-1-hairline-1.cfg" "$scratch/p-2-crown-2.cfg" --copies 3 -o "$scratch/n.pdf" 2>/dev/null
	pdfinfo "$scratch/n.pdf" | has 'Pages: *6$'
	pdftotext -f 3 -l 3 "$scratch/n.pdf" - | has 'Zone hairline'
	pdftotext -f 4 -l 4 "$scratch/n.pdf" - | has 'Zone crown'
	follitone card "$scratch/p-1-hairline-1.cfg" "$scratch/p-4-scar--behind-2.cfg" -o "$scratch/n.png" --json 2>/dev/null |
		jq -e --arg a "$scratch/n-1-hairline-1.png" --arg b "$scratch/n-2-scar--behind-2.png" '.files == [$a, $b]'
	[ -s "$scratch/n-1-hairline-1.png" ]
	[ -s "$scratch/n-2-scar--behind-2.png" ]
	[ ! -e "$scratch/n.png" ]
	# one that cannot be read, and there is nothing
	refused 1 'no recipe of that id or name' follitone card "$scratch/p-2-crown-1.cfg" Nobody -o "$scratch/x.pdf"
	[ ! -e "$scratch/x.pdf" ]
	refused 2 '--copies is for --print' follitone card tests/golden/one.cfg --copies 2 -o "$scratch/x.png"
}

@test "card: --print gives the PDF to lp, with its paper, copies and printer" {
	stand_in_lp
	PATH="$scratch/bin:$PATH" follitone card tests/golden/one.cfg tests/golden/session.cfg --print=Treatment --copies 3 \
		--paper a6 >"$scratch/out" 2>"$scratch/err"
	[ ! -s "$scratch/out" ]
	has 'printed: request id is Treatment-7' <"$scratch/err"
	printf '%s\n' -d Treatment -n 3 -t One -o media=A6 -o print-scaling=none -- >"$scratch/wanted"
	head -n -1 "$scratch/lp.arguments" | cmp - "$scratch/wanted"
	pdfinfo "$scratch/lp.pdf" | has 'Pages: *2$' # the copies are lp's
	PATH="$scratch/bin:$PATH" follitone card tests/golden/one.cfg --print -o "$scratch/c.pdf" 2>/dev/null
	cmp "$scratch/c.pdf" "$scratch/lp.pdf"
	head -2 "$scratch/lp.arguments" | tr '\n' ' ' | has '^-n 1 $'
}

@test "card: no lp, no printer, a printer that says no: one line" {
	refused 3 'Debian package cups-client' env PATH=/nowhere "$FOLLITONE" card tests/golden/one.cfg --print
	stand_in_lp
	printf '#!/bin/sh\necho "lp: Error - The printer or class does not exist." >&2\nexit 1\n' >"$scratch/bin/lp"
	refused 3 'not printed: The printer or class does not exist.' env PATH="$scratch/bin:$PATH" "$FOLLITONE" card \
		tests/golden/one.cfg --print=Nowhere
	printf '#!/bin/sh\nexit 1\n' >"$scratch/bin/lp"
	refused 3 'does not say why' env PATH="$scratch/bin:$PATH" "$FOLLITONE" card tests/golden/one.cfg --print
	run follitone card tests/golden/one.cfg --print=-x
	[ "$status" = 2 ]
	has 'the name of a printer is needed' <<<"$output"
}

@test "card: names in any writing are drawn with letters of their own, and a note says where there are none" {
	local i=0
	for name in 'الرأس الأيسر' 'קודקוד שמאל' '左侧颞部配方' '左側頭部の色素'; do
		called session "$name" "$name" >"$scratch/$((++i)).cfg"
	done
	follitone card "$scratch"/[1-4].cfg -o "$scratch/c.pdf" 2>"$scratch/err"
	[ "$(grep -c 'no font' "$scratch/err")" = 0 ]
	pdffonts "$scratch/c.pdf" | tail -n +3 >"$scratch/fonts"
	[ "$(awk '$(NF - 4) != "yes"' "$scratch/fonts")" = "" ]
	grep -q 'NotoSansCJK.*Bold' "$scratch/fonts"
	pdftotext -f 3 -l 3 "$scratch/c.pdf" - | has '左侧颞部配方'
	pdftotext -f 4 -l 4 "$scratch/c.pdf" - | has '左側頭部の色素'
	# from right to left: the whole name stands there, the first line of its page
	pdftotext -f 1 -l 1 "$scratch/c.pdf" - | head -1 | has 'الرأس'
	pdftotext -f 2 -l 2 "$scratch/c.pdf" - | head -1 | has 'קודקוד'
	cat >"$scratch/fonts.conf" <<-END
		<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
		<fontconfig><dir>/usr/share/fonts/truetype/dejavu</dir><cachedir>$scratch/cache</cachedir></fontconfig>
	END
	FONTCONFIG_FILE="$scratch/fonts.conf" follitone card "$scratch"/[1-4].cfg -o "$scratch/c.pdf" -o "$scratch/c.png" 2>"$scratch/err"
	[ "$(grep -c 'letters that no font on this machine has' "$scratch/err")" = 1 ]
	FONTCONFIG_FILE="$scratch/fonts.conf" follitone card "$scratch"/[12].cfg -o "$scratch/c.pdf" 2>"$scratch/err"
	[ "$(grep -c 'no font' "$scratch/err")" = 0 ]
}

@test "card: the longest names are wrapped, on every paper, and every word of them is there" {
	local name='Frontotemporal recession of the left side, second attempt after the summer holidays, softer one'
	local zone='left behind the ear beside the scar of the operation, from there up to the crown and over to it'
	called four "$name" "$zone" >"$scratch/long.cfg"
	for paper in a4 a5 a6 letter label; do
		follitone card "$scratch/long.cfg" --paper $paper -o "$scratch/c.pdf" 2>/dev/null
		pdftotext "$scratch/c.pdf" - | tr '\n' ' ' | tr -s ' ' >"$scratch/words"
		grep -qF "$name" "$scratch/words"
		grep -qF "$zone" "$scratch/words"
		whole "$scratch/c.pdf"
		for drops in 5 88 2; do grep -qw $drops "$scratch/words"; done
	done
}

@test "card: six pigments have their doses on every paper; a top-up is searched for of four" {
	for paper in a4 a5 a6 letter label; do
		follitone card tests/golden/six.cfg --paper $paper -o "$scratch/c.pdf" 2>/dev/null
		pdftotext -layout "$scratch/c.pdf" "$scratch/words"
		for dose in '88.*' '5' '4' '3' '2'; do grep -qwE "$dose" "$scratch/words"; done
		for name in 'Raw umber' 'Ochre' 'Burnt umber' 'Carbon black' 'White' 'Yellow oxide'; do grep -qF "$name" "$scratch/words"; done
		whole "$scratch/c.pdf"
	done
	run follitone correct tests/golden/six.cfg --trial recipes/example/patch.csv
	[ "$status" = 1 ]
	[ "$output" = 'follitone: tests/golden/six.cfg: 6 pigments; a top-up is searched for of at most 4' ]
}

@test "card: golden pictures, which a dose that moved fails and another way to draw letters does not" {
	mkdir "$scratch/now"
	sh tests/golden/draw "$scratch/now"
	for golden in tests/golden/*.png; do
		[ "$(differing "$golden" "$scratch/now/$(basename "$golden")")" -le 40 ]
	done
	# letters fitted to the pixels, as some machines do it: another picture, but not to the eye
	cp "$scratch/now/one.png" "$scratch/usual.png"
	cat >"$scratch/fonts.conf" <<-END
		<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
		<fontconfig><include>/etc/fonts/fonts.conf</include><match target="font">
		<edit name="hinting" mode="assign"><bool>true</bool></edit>
		<edit name="hintstyle" mode="assign"><const>hintfull</const></edit></match></fontconfig>
	END
	FONTCONFIG_FILE="$scratch/fonts.conf" sh tests/golden/draw "$scratch/now"
	run cmp -s "$scratch/now/one.png" "$scratch/usual.png"
	[ "$status" = 1 ]
	for golden in tests/golden/*.png; do
		[ "$(differing "$golden" "$scratch/now/$(basename "$golden")")" -le 40 ]
	done
	# a dose of each has another figure
	cp tests/golden/*.cfg tests/golden/draw "$scratch"
	sed -i 's/^\( *\)drops = 7;/\1drops = 8;/' "$scratch/one.cfg"
	sed -i 's/^\( *\)drops = 88;/\1drops = 86;/' "$scratch/four.cfg"
	sed -i "s/^\( *\)drops = 88;/\1drops = 26;/" "$scratch/six.cfg"
	sed -i 's/^\( *\)drops = 11;/\1drops = 12;/' "$scratch/session.cfg"
	sh "$scratch/draw" "$scratch/now"
	for golden in tests/golden/*.png; do
		[ "$(differing "$golden" "$scratch/now/$(basename "$golden")")" -ge 150 ]
	done
}

@test "card: nothing is said by colour alone" {
	# grey, its swatches keep their frames, names and figures; and all that is not a swatch is grey already
	follitone card tests/golden/session.cfg -o "$scratch/c.png" 2>/dev/null
	convert "$scratch/c.png" -colorspace HSL -channel G -separate -threshold 4% "$scratch/coloured.png"
	# rows of the picture that hold any colour: one band, the swatches, a fifteenth of the page
	convert "$scratch/coloured.png" -scale 1x! -threshold 0 txt: | awk -F'[,:]' '/white|#FFFFFF|gray\(255\)/ { n++; if (n == 1) first = $2; last = $2 }
		END { exit !(n > 80 && n < 130 && last - first + 1 == n) }'
}
