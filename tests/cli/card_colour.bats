#!/usr/bin/env bats
# Colours of what is drawn, judged by others: LittleCMS's transicc, ArgyllCMS's xicclu, poppler and ghostscript. The printer is the one of
# which ghostscript has a profile (CMYK, tables).
load support

printer=/usr/share/color/icc/ghostscript/default_cmyk.icc
A5="419.53 595.28"

# L a b lines to the sRGB that LittleCMS has for them, 0 to 255
srgb_of() {
	transicc '-i*Lab4' '-o*sRGB' -t1 -n 2>/dev/null
}

# C M Y K lines (shares) to what they look like as measured, and Lab lines to the inks for that
looks_of() {
	xicclu -ff -ia -pl "$printer" | sed 's/.*-> \([^[]*\) \[Lab.*/\1/'
}
inks_of() {
	xicclu -fb -ia -pl "$printer" | sed 's/.*-> \([^[]*\) \[CMYK.*/\1/'
}

# fills FILE.pdf: "L a b x y width height" of each, y from the foot
fills() {
	qpdf --qdf --object-streams=disable "$1" - | LC_ALL=C grep -a ' sc ' | LC_ALL=C awk '{ print $1, $2, $3, $5, $6, $7, $8 }'
}

# pixel FILE.ppm X Y: its red, green and blue
pixel() {
	local size width height
	size=$(stat -c %s "$1")
	read -r width height <<<"$(head -c 100 "$1" | grep -a -v '#' | tr '\n' ' ' | awk '{ print $2, $3 }')"
	od -An -tu1 -j $((size - 3 * width * height + 3 * ($3 * width + $2))) -N 3 "$1"
}

# middles FILE.pdf: column and row of the middle of each fill, at 72 dpi
middles() {
	local height
	height=$(pdfinfo "$1" | LC_ALL=C awk '/Page size/ { print $5 }')
	fills "$1" | LC_ALL=C awk -v h="$height" '{ printf "%d %d\n", $4 + $6 / 2, h - $5 - $7 / 2 }'
}

# near LIMIT A B: files of as many lines of numbers, none of them more than LIMIT apart
near() {
	[ -s "$2" ] || return 1
	[ "$(wc -l <"$2")" = "$(wc -l <"$3")" ] || return 1
	paste "$2" "$3" | LC_ALL=C awk -v limit="$1" '{ for (i = 1; i <= NF / 2; i++) { d = $i - $(i + NF / 2)
		if (d > limit || d < -limit) { print "line " NR ": " $0; bad = 1 } } } END { exit bad }'
}

# prints FILE.pdf: what ghostscript prints at the middle of each fill, as shares of ink; a page of 72 dpi
prints() {
	local width
	gs -q -dSAFER -dBATCH -dNOPAUSE -dLastPage=1 -sDEVICE=bitcmyk -dGrayValues=256 -r72 -sOutputICCProfile=default_cmyk.icc \
		-sOutputFile="$scratch/inks" "$1"
	width=$(pdfinfo "$1" | LC_ALL=C awk '/Page size/ { printf "%d", $3 + 0.5 }')
	middles "$1" | while read -r x y; do
		od -An -tu1 -j $((4 * (y * width + x))) -N 4 "$scratch/inks"
	done | LC_ALL=C awk '{ print $1 / 255, $2 / 255, $3 / 255, $4 / 255 }'
}

# The example with its last look changed to a colour that no such printer has.
vivid() {
	match_example "$scratch/r.cfg"
	last=$(grep -n 'pcs_lab = \[' "$scratch/r.cfg" | tail -1 | cut -d: -f1)
	sed "$((last + 1))s/.*\]/ 30.0, 70.0, -60.0]/" "$scratch/r.cfg" >"$scratch/vivid.cfg"
}

@test "card: poppler and ghostscript show its swatches as LittleCMS has them" {
	match_example "$scratch/r.cfg"
	follitone card "$scratch/r.cfg" -o "$scratch/c.pdf" >/dev/null 2>&1
	fills "$scratch/c.pdf" | awk '{ print $1, $2, $3 }' | srgb_of >"$scratch/wanted"
	pdftoppm -r 72 "$scratch/c.pdf" "$scratch/poppler"
	gs -q -dSAFER -dBATCH -dNOPAUSE -sDEVICE=ppmraw -r72 -sOutputFile="$scratch/ghostscript.ppm" "$scratch/c.pdf"
	for picture in "$scratch/poppler-1.ppm" "$scratch/ghostscript.ppm"; do
		middles "$scratch/c.pdf" | while read -r x y; do pixel "$picture" "$x" "$y"; done >"$scratch/seen"
		[ "$(wc -l <"$scratch/seen")" = 5 ]
		near 1 "$scratch/seen" "$scratch/wanted"
	done
}

@test "card: through a printer's profile its swatches are printed as they are said, whatever the paper's white" {
	match_example "$scratch/r.cfg"
	follitone card "$scratch/r.cfg" -o "$scratch/c.pdf" >/dev/null 2>&1
	fills "$scratch/c.pdf" | awk '{ print $1, $2, $3 }' >"$scratch/wanted"
	prints "$scratch/c.pdf" | looks_of >"$scratch/measured"
	near 1 "$scratch/measured" "$scratch/wanted" # 8 bits of ink; relative to the paper it is 7 off
}

@test "card: a proof marks what the printer cannot print, says by how much, and shows what it prints instead" {
	vivid
	echo 30 70 -60 | inks_of | looks_of >"$scratch/nearest"
	follitone card "$scratch/vivid.cfg" --printer-profile "$printer" -o "$scratch/c.pdf" -o "$scratch/c.svg" --json \
		2>/dev/null >"$scratch/answer"
	jq -e '[.warnings[] | select(test("cannot be printed"))] | length == 1' "$scratch/answer"
	jq -r '.warnings[] | select(test("cannot be printed"))' "$scratch/answer" >"$scratch/note"
	grep -q '^default_cmyk.icc: “dot, healed” cannot be printed' "$scratch/note"
	sed 's/.*L\* \([-0-9.]*\) a\* \([-0-9.]*\) b\* \([-0-9.]*\), is.*/\1 \2 \3/' "$scratch/note" >"$scratch/said"
	near 0.3 "$scratch/said" "$scratch/nearest"
	de00=$(follitone de 30,70,-60 "$(tr ' ' , <"$scratch/nearest")" --json | jq .de00)
	LC_ALL=C awk -v d="$de00" '{ sub(/.*dE00 /, ""); exit !(($1 - d) ^ 2 < 0.04) }' "$scratch/note"
	pdftotext "$scratch/c.pdf" - | tr '\n' ' ' | has "not printable: dE00 $(sed 's/.*dE00 \([0-9.]*\) off/\1/' "$scratch/note") off"
	pdftotext "$scratch/c.pdf" - | has 'Proof for Artifex CMYK SWOP Profile: what it cannot print is marked'
	fills "$scratch/c.pdf" | tail -1 | has '^30.000 70.000 -60.000 ' # in the PDF the colour itself
	# in the SVG, as in the PNG, what the printer makes of it
	srgb_of <"$scratch/nearest" >"$scratch/wanted"
	grep -o 'rgb([^)]*)' "$scratch/c.svg" | tr -d 'a-z:()%' | tr , ' ' | LC_ALL=C awk '{ print 2.55 * $1, 2.55 * $2, 2.55 * $3 }' |
		while read -r rgb; do
			echo "$rgb" >"$scratch/seen"
			near 2 "$scratch/seen" "$scratch/wanted" >/dev/null && echo here || true
		done | has here
}

@test "card: what a printer can print is neither marked nor noted" {
	match_example "$scratch/r.cfg"
	follitone card "$scratch/r.cfg" --printer-profile "$printer" -o "$scratch/c.pdf" 2>"$scratch/err" >/dev/null
	[ "$(grep -c 'cannot be printed' "$scratch/err")" = 0 ]
	pdftotext "$scratch/c.pdf" - | tr '\n' ' ' >"$scratch/words"
	has 'Proof for Artifex CMYK SWOP Profile' <"$scratch/words"
	[ "$(grep -c 'not printable' "$scratch/words")" = 0 ]
}

@test "card: an RGB printer's profile is as good, other profiles are refused in one line" {
	match_example "$scratch/r.cfg"
	for class in prtr mntr scnr; do # bytes 12 to 15 of the header
		{ head -c 12 /usr/share/color/argyll/ref/ClayRGB1998.icm; printf %s $class; tail -c +17 /usr/share/color/argyll/ref/ClayRGB1998.icm; } >"$scratch/$class.icc"
	done
	card() { follitone card "$scratch/r.cfg" -o "$scratch/c.png" --printer-profile "$@"; }
	card "$scratch/prtr.icc" >/dev/null 2>&1
	[ -s "$scratch/c.png" ]
	rm "$scratch/c.png"
	refused 1 'the profile of a display; that of a printer with its paper is needed' card "$scratch/mntr.icc"
	refused 1 'the profile of a camera or scanner; that of a printer' card "$scratch/scnr.icc"
	refused 1 'the profile of a display' card sRGB
	refused 1 'No such file' card "$scratch/none.icc"
	refused 1 'this is no ICC profile' card "$scratch/r.cfg"
	head -c 5000 "$printer" >"$scratch/cut.icc"
	refused 1 'an ICC profile that is cut short' card "$scratch/cut.icc"
	{ head -c 2000 "$printer"; head -c "$(($(stat -Lc %s "$printer") - 2000))" /dev/zero; } >"$scratch/zeros.icc"
	refused 1 'a damaged ICC profile' card "$scratch/zeros.icc"
	[ ! -e "$scratch/c.png" ]
}

@test "card: a PDF says what it is, when and by what it was made, and prints in true size" {
	match_example "$scratch/r.cfg"
	sed 's/"Crown"/"Größe <1> \& 頭"/' "$scratch/r.cfg" >"$scratch/named.cfg"
	sed -n 's/^ *made = "\(.*\)";/\1/p' "$scratch/r.cfg" >"$scratch/made"
	follitone card "$scratch/named.cfg" -o "$scratch/c.pdf" >/dev/null 2>&1
	pdfinfo -isodates "$scratch/c.pdf" >"$scratch/info"
	grep -q '^Title: *Größe <1> & 頭$' "$scratch/info"
	grep -q '^Creator: *Follitone ' "$scratch/info"
	grep -q "^CreationDate: *$(cat "$scratch/made")$" "$scratch/info"
	pdfinfo -meta "$scratch/c.pdf" >"$scratch/xmp"
	grep -q 'Größe &#60;1&#62; &#38; 頭</rdf:li>' "$scratch/xmp"
	grep -q "<xmp:CreateDate>$(cat "$scratch/made")</xmp:CreateDate>" "$scratch/xmp"
	qpdf --qdf --object-streams=disable "$scratch/c.pdf" - | LC_ALL=C grep -a -A4 '/ViewerPreferences' | has '/PrintScaling /None'
	qpdf --check "$scratch/c.pdf" >/dev/null
}

@test "patches: a page of eight with their Lab on every paper, each wide enough for an aperture of 8 mm" {
	for paper in a4 a5 a6 letter label; do
		SOURCE_DATE_EPOCH=1700000000 follitone patches --paper $paper -o "$scratch/$paper.pdf"
		qpdf --check "$scratch/$paper.pdf" >/dev/null
		[ "$(fills "$scratch/$paper.pdf" | wc -l)" = 8 ]
		width=$(pdfinfo "$scratch/$paper.pdf" | LC_ALL=C awk '/Page size/ { print $3 }')
		fills "$scratch/$paper.pdf" | LC_ALL=C awk -v w="$width" '$6 < 8 / 25.4 * 72 || $7 < 8 / 25.4 * 72 || $4 < 0 || $4 + $6 > w { exit 1 }'
		pdftotext -layout "$scratch/$paper.pdf" "$scratch/words"
		fills "$scratch/$paper.pdf" | while read -r l a b _; do
			grep -q "L\* ${l%.*}\b" "$scratch/words"
			grep -q "a\* ${a%.*}\b" "$scratch/words"
			grep -q "b\* ${b%.*}\b" "$scratch/words"
		done
		grep -q 'follitone patches FILE' "$scratch/words"
	done
	SOURCE_DATE_EPOCH=1700000000 follitone patches -o "$scratch/again.pdf"
	cmp "$scratch/a5.pdf" "$scratch/again.pdf"
	match_example "$scratch/r.cfg"
	follitone card "$scratch/r.cfg" --patches -o "$scratch/card.pdf" >/dev/null 2>&1
	pdfinfo "$scratch/card.pdf" | has 'Pages: *2$'
	pdftotext -f 2 "$scratch/card.pdf" - | has 'Measure this printer'
	refused 1 'which only a .pdf has' follitone card "$scratch/r.cfg" --patches -o "$scratch/c.png"
}

# readings FILE: a file of Lab values as instruments write it, of lines "L a b"
readings() {
	printf 'CGATS.17\nNUMBER_OF_FIELDS 4\nBEGIN_DATA_FORMAT\nSAMPLE_ID LAB_L LAB_A LAB_B\nEND_DATA_FORMAT\nNUMBER_OF_SETS %d\nBEGIN_DATA\n' \
		"$(wc -l <"$1")"
	awk '{ print NR, $0 }' "$1"
	echo END_DATA
}

@test "patches: printed through a profile and measured, they are as stated" {
	follitone patches -o "$scratch/p.pdf" >/dev/null
	prints "$scratch/p.pdf" | looks_of >"$scratch/measured"
	readings "$scratch/measured" >"$scratch/m.txt"
	follitone patches "$scratch/m.txt" --json 2>/dev/null | jq -e '(.patches | length == 8) and .worst_de00 < 1'
}

@test "patches: how far off each is, by hand" {
	follitone patches -o "$scratch/p.pdf" >/dev/null
	# light grey L* 75 one too dark: dE00 = 1 / SL, SL = 1 + 0.015 * 24.5^2 / sqrt(20 + 24.5^2) = 1.3615 (ISO/CIE 11664-6)
	fills "$scratch/p.pdf" | awk '{ print $1 - (NR == 7), $2, $3 }' >"$scratch/lab"
	readings "$scratch/lab" >"$scratch/m.txt"
	follitone patches "$scratch/m.txt" --json 2>/dev/null | jq -e '(.worst_de00 - 0.7345 | fabs < 0.0005) and
		(.mean_de00 - 0.7345 / 8 | fabs < 0.0001) and (.shift[0] + 0.125 | fabs < 0.0001) and .patches[6].name == "light grey"'
	follitone patches "$scratch/m.txt" 2>/dev/null | has '0\.1 on average and 0\.7 at most (patch 7, light grey)'
	# spectra: a flat one of 18.4187 % is L* 50 under any light
	{ printf 'name'; printf ',%d' {400..700..10}; for i in 1 2 3 4 5 6 7 8; do printf '\np%d' $i; printf ',0.184187%.0s' {1..31}; done; echo; } >"$scratch/flat.csv"
	follitone patches "$scratch/flat.csv" --json 2>/dev/null | jq -e '[.patches[].measured | (.[0] - 50 | fabs < 0.01) and (.[1] | fabs < 0.02) and (.[2] | fabs < 0.02)] | all'
	head -5 "$scratch/lab" >"$scratch/five"
	readings "$scratch/five" >"$scratch/five.txt"
	few() { follitone patches "$scratch/five.txt" 2> >(grep -v '^note' >&2); }
	refused 1 '5 readings; one of each of the 8 patches is needed' few
	refused 2 'one of the two is needed' follitone patches
	refused 2 'one of the two is needed' follitone patches "$scratch/m.txt" -o "$scratch/x.pdf"
	refused 1 'can be written as .pdf, .png or .svg' follitone patches -o "$scratch/x.txt"
}
