#include "match/dossier.h"

const struct recipe *dossier_worst(const struct dossier_zone *zone)
{
	const struct recipe *worst = &zone->recipe[0];

	for (int i = 1; i < zone->recipes; i++)
		if (zone->recipe[i].predicted.de00 > worst->predicted.de00)
			worst = &zone->recipe[i];
	return worst;
}
