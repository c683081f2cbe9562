#!/usr/bin/env bats
load support

# width and height of a PNG, from its IHDR
size_of() {
	od -An -tu1 -j16 -N8 "$1" | awk '{ print ($1 * 256 + $2) * 65536 + $3 * 256 + $4, ($5 * 256 + $6) * 65536 + $7 * 256 + $8 }'
}

@test "preview: a recipe is 1600 by 1000 pixels of sRGB, and says so" {
	match_example "$scratch/r.cfg"
	follitone preview "$scratch/r.cfg" -o "$scratch/p.png" >"$scratch/out" 2>"$scratch/err"
	[ "$(cat "$scratch/out")" = "$scratch/p.png" ]
	has 'not for use on people' <"$scratch/err"
	[ "$(size_of "$scratch/p.png")" = "1600 1000" ]
	head -c 64 "$scratch/p.png" | has 'iCCP'
	follitone lab "$scratch/p.png" --region 0,0,8,8 --json 2>/dev/null | jq -e '.readings[0].pcs_lab[0] > 99.9' >/dev/null # by the profile in it, white
}

@test "preview: a kept recipe by name and version, as PNG, PDF and SVG at once" {
	match_example "$scratch/r.cfg"
	follitone save "$scratch/r.cfg" >/dev/null 2>&1
	follitone preview Crown@1 -o "$scratch/p.png" -o "$scratch/p.pdf" -o "$scratch/p.svg" --json 2>/dev/null |
		jq -e '.files | length == 3'
	pdftotext -layout "$scratch/p.pdf" "$scratch/words"
	for words in Crown 'version 1' Fresh '7 days' Healed 'from 30 cm' 'from 1 m' '2 mm' '10 mm' natural treated \
		'D65, main light' 'worst of the other lights' 'dE00' 'not for use on people'; do
		has "$words" <"$scratch/words"
	done
	head -c 5 "$scratch/p.svg" | has '<?xml'
}

@test "preview: the same seed gives the same bytes, another one other dots" {
	match_example "$scratch/r.cfg"
	for name in a b; do
		follitone preview "$scratch/r.cfg" -o "$scratch/$name.png" >/dev/null 2>&1
	done
	follitone preview "$scratch/r.cfg" --seed 1 -o "$scratch/one.png" >/dev/null 2>&1
	follitone preview "$scratch/r.cfg" --seed 2 -o "$scratch/two.png" >/dev/null 2>&1
	cmp "$scratch/a.png" "$scratch/b.png"
	cmp "$scratch/a.png" "$scratch/one.png"
	run cmp -s "$scratch/one.png" "$scratch/two.png"
	[ "$status" = 1 ]
}

@test "preview: a case is a file a zone, named as match names them, a row a session" {
	sed 's/{ name = "crown".*/{ name = "crown"; preset = "diffuse"; skin = "skin.csv"; hair = "hair.txt"; sessions = 4;/' \
		$example/case.cfg >"$scratch/case.cfg"
	cp $example/skin.csv $example/hair.txt "$scratch"
	follitone preview "$scratch/case.cfg" --quick -o "$scratch/p.png" -o "$scratch/p.pdf" >"$scratch/out" 2>/dev/null
	[ "$(wc -l <"$scratch/out")" = 8 ]
	[ "$(size_of "$scratch/p-1-hairline.png")" = "1600 1000" ]
	[ "$(size_of "$scratch/p-2-crown.png")" = "1600 1252" ]
	[ -s "$scratch/p-3-patch-1.png" ]
	[ -s "$scratch/p-4-scar--behind.png" ]
	pdftotext -layout "$scratch/p-2-crown.pdf" - | has 'Session 4'
	pdftotext -layout "$scratch/p-2-crown.pdf" - | has 'hairs/cm²'
	[ ! -e "$scratch/p.png" ]
}

@test "preview: a recipe of one light is also seen under a shop's" {
	follitone match --pigments example --skin $example/skin.csv --hair $example/hair.txt --max-drops 4 \
		--diluent-drops 0:60:20 --lights D50:1 -o "$scratch/r.cfg" >/dev/null 2>&1
	follitone preview "$scratch/r.cfg" -o "$scratch/p.pdf" >/dev/null 2>&1
	pdftotext -layout "$scratch/p.pdf" "$scratch/words"
	has 'Under D50, main light' <"$scratch/words"
	has 'Under LED-B3, light of a shop' <"$scratch/words"
}

@test "preview: a planned session is seen against the hair around, not against its own step" {
	follitone plan $example/case.cfg --quick -o "$scratch/plan.cfg" >/dev/null 2>&1
	follitone preview "$scratch/plan-1-hairline-1.cfg" -o "$scratch/p.pdf" >/dev/null 2>&1
	follitone preview $example/case.cfg --quick -o "$scratch/c.pdf" >/dev/null 2>&1
	for name in p c-1-hairline; do
		pdftotext -layout "$scratch/$name.pdf" - | grep -o 'natural *L\* [0-9.]* *a\* [0-9.]* *b\* [0-9.]*' | head -1 >"$scratch/$name"
	done
	[ -s "$scratch/p" ]
	cmp "$scratch/p" "$scratch/c-1-hairline"
}

@test "preview: refusals are one line and leave no file" {
	match_example "$scratch/r.cfg"
	refused 1 'a preview can be written as .pdf, .png or .svg' follitone preview "$scratch/r.cfg" -o "$scratch/p.gif"
	refused 1 'a preview can be written as' follitone preview "$scratch/r.cfg" -o "$scratch/p.png" -o "$scratch/p.txt"
	[ ! -e "$scratch/p.png" ]
	refused 1 'No such file' follitone preview "$scratch/r.cfg" -o "$scratch/p.png" -o "$scratch/none/p.png"
	[ ! -e "$scratch/p.png" ]
	ln -s /dev/full "$scratch/full.png"
	refused 1 'No space left' follitone preview "$scratch/r.cfg" -o "$scratch/full.png"
	refused 1 'No such file' follitone preview "$scratch/none.cfg" -o "$scratch/p.png"
	refused 2 '-o FILE is needed' follitone preview "$scratch/r.cfg"
	refused 2 'a recipe has its lights' follitone preview "$scratch/r.cfg" --lights D50:1 -o "$scratch/p.png"
	follitone save "$scratch/r.cfg" >/dev/null 2>&1
	refused 1 'Nobody' follitone preview Nobody -o "$scratch/p.png"
	follitone match --pigments example --target 45,5,10 --max-drops 3 -o "$scratch/d.cfg" >/dev/null 2>&1
	refused 1 'a preview needs one for skin' follitone preview "$scratch/d.cfg" -o "$scratch/p.png"
	refused 1 'pigment line' follitone preview "$scratch/r.cfg" --pigments none -o "$scratch/p.png"
	echo 'format = "follitone-case"; version = 1; zones = ();' >"$scratch/bad.cfg"
	refused 1 'bad.cfg:1' follitone preview "$scratch/bad.cfg" -o "$scratch/p.png"
	[ ! -e "$scratch/p.png" ]
}
