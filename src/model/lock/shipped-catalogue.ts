// The catalogue this version of Keelson ships with, as locks are made from it.

import { CATALOGUE_DATE, CHARTS, IMAGES } from "../../catalog/index.ts";
import type { VersionCatalogue } from "./lock.ts";

export const SHIPPED_CATALOGUE: VersionCatalogue = {
  date: CATALOGUE_DATE,
  charts: CHARTS,
  images: IMAGES,
};
