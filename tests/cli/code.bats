#!/usr/bin/env bats
# The code on a card, from one machine to another: drawn by the program, seen through poppler, ImageMagick and zbarimg.
load support

# Readings as a hand-held instrument exports them: 31 bands, four decimals, in $scratch/skin.csv and hair.csv. The skin is the
# example's where it has those wavelengths within 1 nm.
make_readings() {
	LC_ALL=C awk -F, '/^[0-9]/ { r[$1] = $2 } END {
		head = "name"; row = "skin"
		for (nm = 400; nm <= 700; nm += 10)
			for (d = -1; d <= 1; d++)
				if (nm + d in r) { head = head "," nm; row = row "," r[nm + d] }
		print head; print row }' $example/skin.csv >"$scratch/skin.csv"
	LC_ALL=C awk 'BEGIN { head = "name"; row = "hair"
		for (nm = 400; nm <= 700; nm += 10) { head = head "," nm; row = row sprintf(",%.4f", 0.06 + 0.0001 * (nm - 400)) }
		print head; print row }' >"$scratch/hair.csv"
}

# A recipe in skin that fits into a code whole.
match_whole() {
	make_readings
	follitone match --pigments example --skin "$scratch/skin.csv" --hair "$scratch/hair.csv" --specular excluded --max-drops 4 \
		--diluent-drops 0:60:20 --name Crown -o "$1" >/dev/null 2>&1
}

# see CARD.pdf PICTURE: a print at 300 dpi, scanned.
see() {
	pdftoppm -r 300 -png -singlefile "$1" "${2%.png}"
}

# see_poorly CARD.pdf PICTURE.jpg: held askew, out of focus and compressed.
see_poorly() {
	pdftoppm -r 200 -png -singlefile "$1" "$scratch/sharp"
	convert "$scratch/sharp.png" -background '#b8b0a8' -rotate 7 -blur 0x1 -quality 30 "$2"
}

words_of() {
	zbarimg -q --raw "$1" 2>/dev/null
}

@test "code: a recipe in skin is held whole, and another machine writes the same file, bit for bit" {
	match_whole "$scratch/r.cfg"
	at one save "$scratch/r.cfg" >/dev/null 2>&1
	at one show Crown -o "$scratch/kept.cfg" >/dev/null 2>&1
	at one card Crown -o "$scratch/card.pdf" >/dev/null 2>&1
	see "$scratch/card.pdf" "$scratch/card.png"
	words_of "$scratch/card.png" | has '^FOLLITONE:2:'
	[ "$(words_of "$scratch/card.png" | wc -c)" -le 367 ] # ISO/IEC 18004: 366 letters, version 11, level M
	at two import --qr "$scratch/card.png" -o "$scratch/back.cfg"
	cmp "$scratch/kept.cfg" "$scratch/back.cfg"
	see_poorly "$scratch/card.pdf" "$scratch/poor.jpg"
	at two import --qr "$scratch/poor.jpg" -o "$scratch/poor.cfg"
	cmp "$scratch/kept.cfg" "$scratch/poor.cfg"
	[ ! -e "$scratch/two" ] # nothing is kept
}

@test "code: the second version of a recipe, on a label and A6" {
	match_whole "$scratch/r.cfg"
	at one save "$scratch/r.cfg" >/dev/null 2>&1
	at one show Crown -o "$scratch/edit.cfg" >/dev/null 2>&1
	sed -i '0,/drops = [0-9]*;/s//drops = 33;/' "$scratch/edit.cfg"
	at one save "$scratch/edit.cfg" --name Crown >/dev/null 2>&1
	at one show Crown@2 -o "$scratch/kept.cfg" >/dev/null 2>&1
	for paper in label a6; do
		at one card Crown@2 --paper $paper -o "$scratch/card.pdf" >/dev/null 2>&1
		see "$scratch/card.pdf" "$scratch/card.png"
		words_of "$scratch/card.png" | has '^FOLLITONE:2:'
		at two import --qr "$scratch/card.png" -o "$scratch/back.cfg"
		cmp "$scratch/kept.cfg" "$scratch/back.cfg"
	done
}

@test "code: taken over, it is a version of one's own that names its source, and nobody vouches for it" {
	match_whole "$scratch/r.cfg"
	at one save "$scratch/r.cfg" >/dev/null 2>&1
	at one card Crown -o "$scratch/card.pdf" >/dev/null 2>&1
	see "$scratch/card.pdf" "$scratch/card.png"
	at two import --qr "$scratch/card.png" --json >"$scratch/said" 2>/dev/null
	hash=$(at one show Crown --json 2>/dev/null | jq -r '.recipes[0].hash')
	jq -e --arg hash "$hash" '.saved and .recipes[0].version == 1 and .recipes[0].source.hash == $hash and
		.recipes[0].source.version == 1 and ([.warnings[] | select(test("not signed"))] | length == 1)' "$scratch/said"
	for machine in one two; do # the same mix, colours and readings
		at $machine show Crown -o "$scratch/$machine.cfg" >/dev/null 2>&1
		sed -n '/^mix = {/,$p' "$scratch/$machine.cfg" >"$scratch/$machine.mix"
		has 'drops = ' <"$scratch/$machine.mix"
	done
	cmp "$scratch/one.mix" "$scratch/two.mix"
	grep -q "hash = \"$hash\"" "$scratch/two.cfg"
	at two import --qr "$scratch/card.png" 2>/dev/null | has 'unchanged'
	refused 1 "this clinic's own" at one import --qr "$scratch/card.png"
}

@test "code: a recipe that was never kept has one where all of it fits" {
	follitone match --pigments example --target 45,5,10 --max-drops 3 --name D -o "$scratch/d.cfg" >/dev/null 2>&1
	at one card "$scratch/d.cfg" -o "$scratch/card.pdf" >/dev/null 2>&1
	see_poorly "$scratch/card.pdf" "$scratch/-x.jpg"
	(cd "$scratch" && at two import --qr -x.jpg -o back.cfg)
	cmp "$scratch/d.cfg" "$scratch/back.cfg"
	at two import --qr "$scratch/-x.jpg" 2>/dev/null | has '^took over “D” of a scanned code, as [0-9a-f]* version 1'
	at two list 2>/dev/null | has 'D'
}

@test "code: too large, it names its version, which is found among what was shared" {
	match_example "$scratch/r.cfg"
	for machine in one two; do
		at $machine store init --json >"$scratch/$machine.json"
		jq -r .public_key "$scratch/$machine.json" >"$scratch/$machine.pub"
	done
	at two clinic trust "$scratch/one.pub" --name Aurora
	at one save "$scratch/r.cfg" >/dev/null 2>&1
	hash=$(at one show Crown --json 2>/dev/null | jq -r '.recipes[0].hash')
	at one show Crown -o "$scratch/kept.cfg" >/dev/null 2>&1
	at one card Crown -o "$scratch/card.pdf" >/dev/null 2>&1
	see "$scratch/card.pdf" "$scratch/card.png"
	words_of "$scratch/card.png" | has "^FOLLITONE:1:[0-9A-F]*:1:${hash^^}$"
	refused 1 "version 1 (hash ${hash:0:12}), is not here" at two import --qr "$scratch/card.png"
	at one share add Crown --with zone,notes,names,sessions --yes >/dev/null 2>&1
	at one share out -o "$scratch/all.bundle" >/dev/null 2>&1
	at two share in "$scratch/all.bundle" >/dev/null 2>&1
	see_poorly "$scratch/card.pdf" "$scratch/poor.jpg"
	for picture in card.png poor.jpg; do
		at two import --qr "$scratch/$picture" -o "$scratch/back.cfg"
		cmp "$scratch/kept.cfg" "$scratch/back.cfg"
	done
	at two import --qr "$scratch/card.png" 2>/dev/null | has 'took over “Crown” of Aurora, its version 1'
	at one import --qr "$scratch/card.png" -o "$scratch/own.cfg" # the clinic's own card, from its own store
	cmp "$scratch/kept.cfg" "$scratch/own.cfg"
}

@test "code: shared without all that is in it, it is said to be another" {
	match_example "$scratch/r.cfg"
	for machine in one two; do
		at $machine store init --json | jq -r .public_key >"$scratch/$machine.pub"
	done
	at two clinic trust "$scratch/one.pub" --name Aurora
	at one save "$scratch/r.cfg" >/dev/null 2>&1
	at one card Crown -o "$scratch/card.png" >/dev/null 2>&1
	at one share add Crown --yes >/dev/null 2>&1
	at one share out -o "$scratch/all.bundle" >/dev/null 2>&1
	at two share in "$scratch/all.bundle" >/dev/null 2>&1
	refused 1 'it was shared without all that is in it' at two import --qr "$scratch/card.png" -o "$scratch/x.cfg"
	[ ! -e "$scratch/x.cfg" ]
}

@test "code: what is no code of ours, or not one, is refused in a line" {
	convert -size 300x300 xc:white "$scratch/white.png"
	refused 1 'no QR code is to be seen' follitone import --qr "$scratch/white.png" -o "$scratch/x.cfg"
	refused 1 'No such file' follitone import --qr "$scratch/none.png" -o "$scratch/x.cfg"
	refused 1 'a picture is needed: PNG, JPEG or TIFF' follitone import --qr $example/skin.csv -o "$scratch/x.cfg"
	for name in D E; do
		follitone match --pigments example --target 45,5,10 --max-drops 3 --name $name -o "$scratch/$name.cfg" >/dev/null 2>&1
		follitone card "$scratch/$name.cfg" -o "$scratch/$name.pdf" >/dev/null 2>&1
		see "$scratch/$name.pdf" "$scratch/$name.png"
	done
	convert "$scratch/D.png" "$scratch/E.png" +append "$scratch/both.png"
	refused 1 'several codes are in it' follitone import --qr "$scratch/both.png" -o "$scratch/x.cfg"
	convert "$scratch/D.png" "$scratch/D.png" +append "$scratch/twice.png"
	follitone import --qr "$scratch/twice.png" -o "$scratch/back.cfg"
	cmp "$scratch/D.cfg" "$scratch/back.cfg"
	refused 2 'one of them' follitone import --qr "$scratch/D.png" Crown
	refused 2 'one of them' follitone import
	refused 2 'is for --qr' follitone import Crown@Aurora -o "$scratch/x.cfg"
	refused 1 'none/x.cfg' follitone import --qr "$scratch/D.png" -o "$scratch/none/x.cfg"
	[ ! -e "$scratch/x.cfg" ]
}

@test "code: without zbarimg it is said which package has it" {
	follitone match --pigments example --target 45,5,10 --max-drops 3 --name D -o "$scratch/d.cfg" >/dev/null 2>&1
	follitone card "$scratch/d.cfg" -o "$scratch/card.png" >/dev/null 2>&1
	mkdir "$scratch/empty"
	program=$(realpath "$FOLLITONE")
	without() { PATH=$scratch/empty "$program" "$@"; }
	refused 3 'package zbar-tools' without import --qr "$scratch/card.png" -o "$scratch/x.cfg"
	[ ! -e "$scratch/x.cfg" ]
}

@test "code: it needs the line that it was made with, under whatever name" {
	mkdir -p "$scratch/config/follitone/profiles/pigments"
	sed 's/drops_per_ml = 18/drops_per_ml = 19/' profiles/pigments/example.cfg >"$scratch/mine.cfg"
	follitone match --pigments "$scratch/mine.cfg" --target 45,5,10 --max-drops 3 --name D -o "$scratch/d.cfg" >/dev/null 2>&1
	print=$(sha256sum "$scratch/mine.cfg" | cut -c 1-8)
	cp "$scratch/mine.cfg" "$scratch/config/follitone/profiles/pigments/example.cfg"
	XDG_CONFIG_HOME=$scratch/config follitone card "$scratch/d.cfg" -o "$scratch/card.png" >/dev/null 2>&1
	refused 1 "(fingerprint $print" follitone import --qr "$scratch/card.png" -o "$scratch/x.cfg"
	refused 1 'is not the one that its recipe was made with' follitone import --qr "$scratch/card.png" --pigments example -o "$scratch/x.cfg"
	[ ! -e "$scratch/x.cfg" ]
	follitone import --qr "$scratch/card.png" --pigments "$scratch/mine.cfg" -o "$scratch/back.cfg"
	cmp "$scratch/d.cfg" "$scratch/back.cfg"
	mv "$scratch/config/follitone/profiles/pigments/example.cfg" "$scratch/config/follitone/profiles/pigments/my-own.cfg"
	XDG_CONFIG_HOME=$scratch/config follitone import --qr "$scratch/card.png" -o "$scratch/again.cfg"
	cmp "$scratch/d.cfg" "$scratch/again.cfg"
}
