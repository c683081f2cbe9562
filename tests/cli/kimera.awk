# Rows of NAME<tab>NM=R<tab>NM=R…, at whatever wavelengths, to CSV rows at 400, 410 … 720 nm.
{
	printf "%s", $1
	i = 3
	for (nm = 400; nm <= 720; nm += 10) {
		for (split($i, right, "="); right[1] < nm && i < NF; split($i, right, "="))
			i++
		split($(i - 1), left, "=")
		printf ",%.6f", left[2] + (right[2] - left[2]) * (nm - left[1]) / (right[1] - left[1])
	}
	print ""
}
